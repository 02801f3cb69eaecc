//! What the README shows is what the program prints. `UPDATE_SNAPSHOTS=1 cargo test --test readme` pastes it anew.

#[path = "cli/support.rs"]
#[expect(dead_code, reason = "shared with the tests of the command line")]
mod support;

use std::path::Path;
use support::{run_in, timeless};

const COMMAND: &str = "```console\n$ cargo run --release -- check examples/histories\n";

#[test]
fn the_session_is_a_true_one() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let (before, rest) = readme.split_once(COMMAND).expect("the README has the session");
    let end = rest.find("```").expect("the session ends");
    let ran = run_in(root, &["check", "examples/histories"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        let text = format!("{before}{COMMAND}{}{}", ran.out, &rest[end..]);
        std::fs::write(root.join("README.md"), text).unwrap();
        return;
    }
    assert_eq!(timeless(&rest[..end]), timeless(&ran.out));
}
