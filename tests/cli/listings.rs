//! Help, listings, completions: everything that is offered works.

use crate::support::{folder, run_in};
use std::path::Path;

fn out(args: &[&str]) -> String {
    let ran = run_in(Path::new("."), args);
    assert_eq!(ran.code, 0, "{args:?}: {}", ran.err);
    ran.out
}

/// The first word of each line up to a blank one.
fn names(listing: &str) -> Vec<String> {
    let lines = listing.lines().take_while(|line| !line.is_empty());
    lines.filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

#[test]
fn every_model_and_data_type_that_is_listed_is_explained() {
    for what in ["models", "specs"] {
        let names = names(&out(&[what]));
        assert!(names.len() >= 3, "{names:?}");
        for name in names {
            let text = out(&[what, &name]);
            assert!(text.starts_with(&format!("{name}: ")) && text.lines().count() >= 3, "{text}");
        }
    }
    assert_eq!(run_in(Path::new("."), &["models", "magic"]).code, 2);
    assert!(names(&out(&["formats"])).contains(&"jsonl".to_owned()));
}

/// The examples of `models NAME` are what they are said to be.
#[test]
fn the_examples_of_models_hold() {
    let folder = folder(&[]);
    for name in names(&out(&["models"])) {
        let text = out(&["models", &name]);
        let example = |heading: &str| {
            let lines: Vec<&str> = text
                .lines()
                .skip_while(|line| !line.contains(heading))
                .skip(1)
                .map_while(|line| line.strip_prefix("    "))
                .collect();
            lines.join("\n") + "\n"
        };
        for (heading, code) in [("satisfies it:", 0), ("breaks it:", 1)] {
            std::fs::write(folder.path().join("example.hist"), example(heading)).unwrap();
            let ran = run_in(folder.path(), &["check", "-m", &name, "example.hist"]);
            assert_eq!(ran.code, code, "{name} {heading}\n{}{}", ran.out, ran.err);
        }
    }
}

/// The subcommands, from the help: their lines are indented by two, what wraps by more.
fn commands() -> Vec<String> {
    let help = out(&["--help"]);
    let lines =
        help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let first_lines = lines.filter_map(|line| line.strip_prefix("  ")).filter(|line| !line.starts_with(' '));
    first_lines.filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

#[test]
fn every_subcommand_has_help() {
    let commands = commands();
    for expected in ["check", "certify", "convert", "generate", "models", "specs", "formats", "completions"] {
        assert!(commands.iter().any(|command| command == expected), "{commands:?} lacks {expected}");
    }
    for command in commands {
        assert!(out(&[&command, "--help"]).contains("Usage: tribunal"), "{command}");
    }
}

#[test]
fn completions_know_the_subcommands() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = out(&["completions", shell]);
        for word in ["check", "certify", "--require-ops", "linearizable"] {
            assert!(script.contains(word.trim_start_matches('-')), "{shell} does not know {word}");
        }
    }
    assert_eq!(run_in(Path::new("."), &["completions", "tcsh"]).code, 2);
}

/// Every option of every command has its entry, and the text is what `man` can show.
#[test]
fn manual_pages_tell_of_everything() {
    let folder = folder(&[]);
    let ran = run_in(folder.path(), &["man", "--folder", "man1"]);
    assert_eq!((ran.code, ran.out.as_str()), (0, ""), "{}", ran.err);
    let page = |name: &str| std::fs::read_to_string(folder.path().join("man1").join(name)).unwrap();
    let program = page("tribunal.1");
    assert!(program.contains(".TH TRIBUNAL 1") || program.contains(".TH TRIBUNAL\\-1"), "{program}");
    for command in commands() {
        assert!(program.contains(&format!("tribunal\\-{command}(1)")), "{command}: {program}");
        let text = page(&format!("tribunal-{command}.1"));
        assert_eq!(text, out(&["man", &command]));
        for word in out(&[&command, "--help"]).split_whitespace().filter(|word| word.starts_with("--")) {
            let option = word.trim_end_matches([',', ':', '.', '`', ')']).replace('-', "\\-");
            assert!(text.contains(&option), "the page of {command} lacks {word}");
        }
    }
    assert_eq!(run_in(Path::new("."), &["man", "magic"]).code, 2);
}

fn repository_file(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name))
        .expect("a file of the repository")
}

#[test]
fn the_documents_tell_of_everything_that_is_offered() {
    let interface = repository_file("docs/interface.md");
    for word in out(&["check", "--help"]).split_whitespace().filter(|word| word.starts_with("--")) {
        let option = word.trim_end_matches([',', ':', '.', '`']);
        assert!(
            option == "--help" || interface.contains(option),
            "docs/interface.md lacks {option} of check"
        );
    }
    for command in commands() {
        assert!(interface.contains(&format!("`{command}")), "docs/interface.md lacks {command}");
    }
    let models = repository_file("docs/models.md");
    for model in tribunal::Model::NAMED {
        assert!(models.contains(&format!("**{model}**")), "docs/models.md lacks {model}");
    }
    let changes = repository_file("CHANGELOG.md");
    assert!(changes.contains("## Unreleased"), "changes are written down as they are made");
}
