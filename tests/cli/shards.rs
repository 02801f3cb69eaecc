//! A run in several jobs, and the jobs' results as one.

use crate::support::{CONSISTENT, VIOLATED, folder, objects, run_in, slow, timeless};
use std::path::Path;

/// A file of many histories, and some of one.
fn histories() -> tempfile::TempDir {
    let many: String = (0..20).map(|i| format!("{{\"history\":\"h{i}\"}}\n{CONSISTENT}")).collect();
    folder(&[("a.jsonl", CONSISTENT), ("many.jsonl", &many), ("junk.jsonl", "{]\n"), ("empty.jsonl", "")])
}

fn check(folder: &Path, args: &[&str]) -> (i32, String) {
    let first = ["check", "-m", "linearizable,sequential", "--format", "jsonl"];
    let ran = run_in(folder, &[&first, args].concat());
    (ran.code, ran.out)
}

fn shard(folder: &Path, files: &[&str], part: &str) -> (i32, String) {
    let name = format!("{}.results", part.replace('/', "-of-"));
    let (code, _) = check(folder, &[&["--shard", part, "-o", &name], files].concat());
    (code, name)
}

#[test]
fn shards_together_are_the_whole_run() {
    let folder = histories();
    std::fs::write(folder.path().join("bad.jsonl"), VIOLATED).unwrap();
    for (files, code) in [
        (&["a.jsonl", "many.jsonl", "bad.jsonl", "junk.jsonl", "empty.jsonl"][..], 1),
        (&["many.jsonl", "junk.jsonl", "a.jsonl"], 2),
        (&["many.jsonl", "a.jsonl", "a.jsonl"], 0),
        (&["empty.jsonl"], 4),
    ] {
        let whole = check(folder.path(), files);
        assert_eq!(whole.0, code);
        for count in [1, 3, 7] {
            let parts: Vec<String> =
                (1..=count).map(|i| shard(folder.path(), files, &format!("{i}/{count}")).1).collect();
            let mut args: Vec<&str> = parts.iter().map(String::as_str).collect();
            args.reverse();
            let merged = run_in(folder.path(), &[&["merge", "--format", "jsonl"][..], &args].concat());
            assert_eq!(merged.code, code, "{}", merged.err);
            assert_eq!(timeless(&merged.out), timeless(&whole.1), "{count} shards of {files:?}");
        }
    }
}

#[test]
fn a_shard_without_histories_is_no_failure() {
    let folder = histories();
    let codes: Vec<i32> = (1..=9).map(|i| shard(folder.path(), &["a.jsonl"], &format!("{i}/9")).0).collect();
    assert_eq!(codes, [0; 9]);
    let judged = (1..=9).filter(|i| {
        let text = std::fs::read_to_string(folder.path().join(format!("{i}-of-9.results"))).unwrap();
        objects(&text).len() == 3
    });
    assert_eq!(judged.count(), 1);
    for bad in ["0/3", "4/3", "x", "1/0"] {
        assert_eq!(check(folder.path(), &["--shard", bad, "a.jsonl"]).0, 2, "{bad}");
    }
}

#[test]
fn what_is_missing_or_comes_twice_is_told() {
    let folder = histories();
    let files = ["a.jsonl", "many.jsonl"];
    for i in 1..=3 {
        shard(folder.path(), &files, &format!("{i}/3"));
    }
    let [one, two, three] = ["1-of-3.results", "2-of-3.results", "3-of-3.results"];
    let text = std::fs::read_to_string(folder.path().join(two)).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let write = |name: &str, lines: &[&str]| {
        std::fs::write(folder.path().join(name), lines.join("\n") + "\n").unwrap();
    };
    write("cut", &lines[..lines.len() - 1]);
    write("lost", &[&lines[..2], &lines[3..]].concat());
    shard(folder.path(), &["many.jsonl"], "2/3");
    std::fs::rename(folder.path().join(two), folder.path().join("other-run")).unwrap();
    std::fs::write(folder.path().join(two), &text).unwrap();
    shard(folder.path(), &files, "1/2");
    for (files, says) in [
        (&[one, three][..], "missing: shard 2/3"),
        (&[one, one, two, three], "shard 1/3 is in 1-of-3.results already"),
        (&[one, "cut", three], "was the run cut short?"),
        (&[one, "lost", three], "results, and"),
        (&[one, "other-run", three], "of another run"),
        (&[one, two, three, "1-of-2.results"], "of another partition"),
    ] {
        let ran = run_in(folder.path(), &[&["merge"][..], files].concat());
        assert_eq!(ran.code, 2, "{files:?}: {}{}", ran.out, ran.err);
        assert!(ran.err.contains(says), "{files:?}: {}", ran.err);
        assert!(ran.out.contains("consistent"), "what is there is shown");
    }
    let (_, whole) = check(folder.path(), &files);
    write("whole", &whole.lines().collect::<Vec<_>>());
    let ran = run_in(folder.path(), &["merge", "whole", "whole"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("a.jsonl: linearizable: there is a result twice in whole"), "{}", ran.err);
    for (name, content) in [("no", "{\"x\":1}\n"), ("text", "hello\n"), ("half", &whole[..40])] {
        std::fs::write(folder.path().join(name), content).unwrap();
        let ran = run_in(folder.path(), &["merge", name]);
        assert!(ran.code == 2 && ran.err.contains(name), "{}", ran.err);
    }
    assert_eq!(run_in(folder.path(), &["merge", "nowhere"]).code, 2);
}

#[test]
fn merged_results_have_every_form() {
    let folder = folder(&[("bad.jsonl", VIOLATED), ("good.jsonl", CONSISTENT)]);
    check(folder.path(), &["-o", "bad", "bad.jsonl"]);
    let ran = run_in(folder.path(), &["check", "--format", "json", "-o", "good", "good.jsonl"]);
    assert_eq!(ran.code, 0);
    let merge = |format: &str| {
        let ran = run_in(folder.path(), &["merge", "--format", format, "bad", "good"]);
        assert_eq!(ran.code, 1, "{}", ran.err);
        ran.out
    };
    let bad = std::fs::read_to_string(folder.path().join("bad")).unwrap();
    let summary = objects(&bad)[0]["summary"].as_str().unwrap().to_owned();
    let human = merge("human");
    assert!(
        human.contains("bad.jsonl: linearizable: VIOLATED")
            && human.contains(&format!("\n  {}", &summary[..20]))
    );
    assert!(human.ends_with("2 histories, 3 verdicts: 2 consistent, 1 violated\n"), "{human}");
    assert_eq!(serde_json::from_str::<Vec<serde_json::Value>>(&merge("json")).unwrap().len(), 3);
    assert_eq!(merge("junit").matches("<testcase ").count(), 3);
    assert!(merge("github").starts_with("::error file=bad.jsonl,title=bad.jsonl%3A linearizable"));
}

#[test]
fn the_options_of_the_run_go_with_it() {
    let folder = folder(&[("slow.jsonl", &slow()), ("good.jsonl", CONSISTENT)]);
    let run = |options: &[&str], merge: &[&str]| {
        let args = ["check", "--timeout", "1ms", "--format", "jsonl", "--shard", "1/1", "-o", "results"];
        run_in(folder.path(), &[&args, options].concat());
        run_in(folder.path(), &[&["merge", "results"], merge].concat()).code
    };
    assert_eq!(run(&["slow.jsonl"], &[]), 3);
    assert_eq!(run(&["slow.jsonl", "--unknown", "warn"], &[]), 0);
    assert_eq!(run(&["slow.jsonl", "--unknown", "warn"], &["--unknown", "fail"]), 3);
    assert_eq!(run(&["slow.jsonl"], &["--unknown", "warn"]), 0);
    assert_eq!(run(&["good.jsonl", "--require-ops", "4"], &[]), 4);
    assert_eq!(run(&["good.jsonl"], &["--require-ops", "4"]), 4);
    assert_eq!(run(&["good.jsonl", "--require-ops", "4"], &["--require-ops", "3"]), 0);
}
