//! Threads, memory, signals.

use crate::support::{folder, run_in, timeless};

#[test]
fn the_same_bytes_at_any_number_of_threads() {
    let folder = folder(&[]);
    for (i, spec) in ["register", "queue", "stack", "set", "counter", "mutex"].iter().enumerate() {
        for violation in ["thin-air", "stale-read", "duplicate-removal", "double-hold", ""] {
            let name = format!("{spec}-{violation}.jsonl");
            let seed = i.to_string();
            let mut args = vec!["generate", "--spec", spec, "-n", "40", "--seed", &seed, "-o", &name];
            if !violation.is_empty() {
                args.extend(["--violation", violation]);
            }
            if run_in(folder.path(), &args).code != 0 {
                // That violation is none of the type.
                let _ = std::fs::remove_file(folder.path().join(&name));
            }
        }
    }
    let report = |format: &str, threads: &str| {
        let models = "strict,linearizable,sequential";
        let ran =
            run_in(folder.path(), &["check", "-m", models, "--format", format, "--threads", threads, "."]);
        (ran.code, timeless(&ran.out))
    };
    for format in ["jsonl", "human"] {
        let one = report(format, "1");
        assert!(one.1.lines().count() > 30, "{}", one.1);
        for threads in ["2", "8"] {
            assert_eq!(report(format, threads), one, "{threads} threads");
        }
    }
}

#[test]
#[cfg(target_os = "linux")]
fn too_little_memory_is_unknown() {
    let folder = folder(&[]);
    run_in(folder.path(), &["generate", "-n", "2000", "-o", "a.jsonl"]);
    let ran = run_in(folder.path(), &["check", "--memory", "1MiB", "--format", "jsonl", "a.jsonl"]);
    assert_eq!(ran.code, 3, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("\"reason\":\"memory\""), "{}", ran.out);
}

/// A reader that waits for more is left behind.
#[test]
#[cfg(unix)]
fn a_signal_ends_in_unknown() {
    for signal in ["INT", "TERM"] {
        let script = format!(
            "mkfifo fifo; sleep 20 > fifo 2> /dev/null & writer=$!; \"$0\" check --format jsonl fifo & \
             main=$!; sleep 1; kill -{signal} $main; wait $main; code=$?; kill $writer; exit $code"
        );
        let folder = folder(&[]);
        let output = std::process::Command::new("bash")
            .current_dir(folder.path())
            .args(["-c", &script, env!("CARGO_BIN_EXE_tribunal")])
            .output()
            .unwrap();
        let out = String::from_utf8_lossy(&output.stdout);
        assert_eq!(
            output.status.code(),
            Some(3),
            "{signal}: {out}{}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert!(out.contains("\"reason\":\"interrupted\""), "{out}");
    }
}
