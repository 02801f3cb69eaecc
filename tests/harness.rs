//! The library as a test harness uses it: messages, replay, reports, vacuous histories, killed processes, allocations.

#[path = "harness/killed.rs"]
mod killed;
#[path = "harness/messages.rs"]
mod messages;
#[path = "harness/recording.rs"]
mod recording;
#[path = "harness/replay.rs"]
mod replay;
#[path = "harness/vacuous.rs"]
mod vacuous;

use std::path::PathBuf;

/// Runs one of the ignored tests of this file, or all, in a process of its own.
fn child(test: &str) -> std::process::Command {
    let mut command = std::process::Command::new(std::env::current_exe().expect("this program"));
    command.args(["--ignored", "--exact", "--nocapture", test]);
    command.env_remove("TRIBUNAL_REPLAY").env_remove("TRIBUNAL_REPORT_DIR").env("RUST_BACKTRACE", "0");
    command
}

fn directory(name: &str) -> PathBuf {
    let directory = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("harness-{name}"));
    _ = std::fs::remove_dir_all(&directory);
    std::fs::create_dir_all(&directory).expect("a directory");
    directory
}

/// Compares a text with the one in `tests/snapshots/harness`; `UPDATE_SNAPSHOTS=1` writes it.
fn snapshot(name: &str, text: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots/harness").join(name);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::create_dir_all(path.parent().expect("a directory")).expect("a directory");
        std::fs::write(&path, text).expect("a file");
    }
    assert_eq!(text, std::fs::read_to_string(&path).unwrap_or_default(), "{}", path.display());
}
