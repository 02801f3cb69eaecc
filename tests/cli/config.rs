//! `tribunal.toml`.

use crate::support::{CONSISTENT, UNTIMED, VIOLATED, folder, objects, run_in};

const FILES: [(&str, &str); 3] =
    [("good.jsonl", CONSISTENT), ("bad.jsonl", VIOLATED), ("untimed.jsonl", UNTIMED)];

#[test]
fn it_is_found_in_the_working_directory_and_flags_beat_it() {
    let folder = folder(&FILES);
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write(
        "tribunal.toml",
        "# a comment\n[check]\nmodel = [\"sequential\", \"strict\"]\nformat = 'jsonl'\nrequire-ops = 1_0\n\n[generate]\noperations = 7\nuntimed = true\n",
    );
    let models = |args: &[&str]| {
        let ran = run_in(folder.path(), &[&["check"], args].concat());
        let models: Vec<String> =
            objects(&ran.out).iter().map(|result| result["model"].as_str().unwrap().to_owned()).collect();
        (ran.code, models.join(" "))
    };
    assert_eq!(models(&["good.jsonl"]), (4, "sequential strict".into()));
    assert_eq!(models(&["good.jsonl", "--require-ops", "3"]), (0, "sequential strict".into()));
    assert_eq!(models(&["-m", "linearizable", "good.jsonl", "--require-ops=3"]), (0, "linearizable".into()));
    let ran = run_in(folder.path(), &["generate", "--format", "jsonl"]);
    assert_eq!(ran.out.lines().filter(|line| line.contains("\"process\"")).count(), 7);
    assert!(!ran.out.contains("\"start\""), "{}", ran.out);
    write("other.toml", "[check]\nunknown = \"warn\"\nformat = \"jsonl\"\n");
    assert_eq!(models(&["--config", "other.toml", "good.jsonl"]), (0, "linearizable".into()));
    let before = run_in(folder.path(), &["--config=other.toml", "check", "good.jsonl"]);
    assert_eq!(objects(&before.out).len(), 1);
    assert_eq!(run_in(folder.path(), &["check", "--config", "nowhere.toml", "good.jsonl"]).code, 2);
}

#[test]
fn what_it_must_not_say_is_an_error_with_its_place() {
    for (text, says) in [
        ("[check]\n\nmodels = \"strict\"\n", "tribunal.toml:3:1: `models` is no option of check; they are "),
        (
            "[check]\nformat = \"jsonl\"\n[judge]\nx = 1\n",
            "tribunal.toml:3:2: found `judge`, expected a table",
        ),
        ("threads = 3\n", "tribunal.toml:1:1: found `threads`, expected a table for a command"),
        ("[check]\n  timeout = \"soon\"\n", "tribunal.toml:2:3: invalid value 'soon' for '--timeout"),
        ("[check]\nmodel = \"magic\"\n", "tribunal.toml:2:1: invalid value 'magic'"),
        ("[check]\nmodel = [\"strict\", \"magic\"]\n", "tribunal.toml:2:1: invalid value 'magic'"),
        ("[check]\ntimeout = [\"3s\"]\n", "tribunal.toml:2:1: `timeout` takes one value"),
        ("[check]\ntimeout = { s = 3 }\n", "tribunal.toml:2:1: `timeout` takes a text or a number"),
        ("[generate]\nuntimed = 1\n", "tribunal.toml:2:1: `untimed` is true or false"),
        ("[check]\nmodel = \n", "tribunal.toml:2:"),
        ("[check]\nconfig = \"x\"\n", "tribunal.toml:2:1: `config` is no option"),
    ] {
        let folder = folder(&FILES);
        std::fs::write(folder.path().join("tribunal.toml"), text).unwrap();
        let ran = run_in(folder.path(), &["check", "good.jsonl"]);
        assert_eq!(ran.code, 2, "{text}: {}", ran.out);
        assert!(ran.err.starts_with(&format!("error: {says}")), "{text}: {}", ran.err);
        assert_eq!(run_in(folder.path(), &["models"]).code, 0, "what has no options reads no file");
        assert_eq!(run_in(folder.path(), &["check", "--help"]).code, 0);
    }
}
