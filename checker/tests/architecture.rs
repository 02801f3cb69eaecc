//! Holds the directions in which the modules of the checker may use each other, by reading their sources.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A part of the checker (path prefixes under `src/`), and the modules at the crate's root that it may name.
///
/// The two judges that keep the engine honest, `naive` and `certificate::verify`, share only meaning with it: what a
/// history is, what a data type does, what a certificate says, what a model is called, what a limit is.
const ALLOWED: &[(&str, &[&str])] = &[
    ("naive", &["history", "spec", "certificate", "model", "limits", "naive"]),
    ("certificate/verify", &["history", "spec", "certificate", "model", "limits", "naive"]),
    ("certificate", &["history", "certificate"]),
    ("history", &["history"]),
    ("spec", &["history", "limits", "sync", "spec"]),
    ("limits", &["limits"]),
    ("verdict", &["certificate", "limits"]),
];

#[test]
fn modules_depend_in_one_direction() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut judged = 0;
    for file in sources(&root) {
        let name = file.strip_prefix(&root).expect("below src").to_string_lossy().replace('\\', "/");
        let Some((part, allowed)) = ALLOWED.iter().find(|(part, _)| is_part(&name, part)) else { continue };
        let text = fs::read_to_string(&file).expect("a source");
        for module in modules_named(&text) {
            let for_tests = module == "testing";
            assert!(
                for_tests || allowed.contains(&module.as_str()),
                "{name}: {part} must not use crate::{module}"
            );
        }
        judged += 1;
    }
    assert!(judged > ALLOWED.len(), "the sources were found");
}

/// `part.rs` or a file below `part/`.
fn is_part(name: &str, part: &str) -> bool {
    name.strip_prefix(part).is_some_and(|rest| rest.starts_with('/') || rest.starts_with('.'))
}

/// Every module at the crate's root that the code names, comments aside.
fn modules_named(text: &str) -> BTreeSet<String> {
    let code: String =
        text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let path = |at: usize| {
        let rest = &code[at + "crate::".len()..];
        assert!(
            !rest.starts_with(['{', '*']),
            "name the modules one by one, so that this test can read them"
        );
        rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>()
    };
    assert!(!code.contains("super::super::super"), "name the module instead, so that this test can read it");
    code.match_indices("crate::")
        .map(|(at, _)| path(at))
        .filter(|name| name.starts_with(char::is_lowercase))
        .collect()
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}
