//! The stable face: what the library exports, what it depends on, and since when it builds.
//!
//! `UPDATE_SNAPSHOTS=1 cargo test --test face` writes the list anew: read the difference, for a harness will.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All that a harness builds with `default-features = false`.
const TREE: &[&str] = &[
    // Ours.
    "tribunal",
    "tribunal-checker",
    // The tables and the threads of a search.
    "allocator-api2",
    "crossbeam-deque",
    "crossbeam-epoch",
    "crossbeam-utils",
    "either",
    "equivalent",
    "foldhash",
    "hashbrown",
    "rayon",
    "rayon-core",
    "rustc-hash",
    // Saved histories.
    "itoa",
    "memchr",
    "serde",
    "serde_core",
    "serde_json",
    "zmij",
    // Derives.
    "proc-macro2",
    "quote",
    "serde_derive",
    "syn",
    "thiserror",
    "thiserror-impl",
    "unicode-ident",
];

#[test]
fn a_harness_builds_little() {
    let out = Command::new(env!("CARGO"))
        .current_dir(root())
        .args(["tree", "--offline", "--locked", "-p", "tribunal", "--no-default-features"])
        .args(["-e", "normal", "--prefix", "none", "--format", "{p}"])
        .output()
        .expect("cargo");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let text = String::from_utf8_lossy(&out.stdout);
    let found: BTreeSet<&str> = text.lines().filter_map(|line| line.split(' ').next()).collect();
    let pinned: BTreeSet<&str> = TREE.iter().copied().collect();
    assert_eq!(found, pinned, "a dependency more is a harness's, too");
}

#[test]
fn the_oldest_compiler_is_named_where_a_harness_looks() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let version = manifest.split("rust-version = \"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let face = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    assert!(face.contains(&format!("Rust {version}")), "src/lib.rs names Rust {version}");
}

/// The sources of what the crate exports for harnesses: the facade, and what it passes on from the checker.
const SOURCES: &[&str] = &[
    "src/lib.rs",
    "src/check.rs",
    "src/harness.rs",
    "src/harness",
    "src/spec.rs",
    "src/spec",
    "checker/src/spec.rs",
    "checker/src/engine/calls.rs",
    "checker/src/limits.rs",
    "checker/src/verdict.rs",
];

#[test]
fn the_public_items_are_these() {
    let mut listing = String::new();
    for source in SOURCES {
        for file in files(&root().join(source)) {
            let text = fs::read_to_string(&file).unwrap();
            let name = file.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
            let items = public(&text);
            if !items.is_empty() {
                _ = writeln!(listing, "# {name}");
                items.iter().for_each(|item| _ = writeln!(listing, "{item}"));
            }
        }
    }
    let path = root().join("tests/snapshots/public-api.txt");
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(&path, &listing).unwrap();
    }
    let known = fs::read_to_string(&path).unwrap_or_default();
    let (before, now): (BTreeSet<_>, BTreeSet<_>) = (known.lines().collect(), listing.lines().collect());
    let gone: Vec<_> = before.difference(&now).collect();
    let new: Vec<_> = now.difference(&before).collect();
    assert!(known == listing, "the public items have changed\ngone: {gone:#?}\nnew: {new:#?}");
}

fn files(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    let mut found: Vec<PathBuf> =
        fs::read_dir(path).unwrap().flat_map(|entry| files(&entry.unwrap().path())).collect();
    found.retain(|file| !file.ends_with("tests.rs"));
    found.sort();
    found
}

/// The public items of a formatted source, a line each: modules, types with their variants and fields, functions,
/// traits with their items, implementations of traits.
fn public(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]").next().unwrap_or(text);
    let mut items: Vec<String> = Vec::new();
    let mut lines = code.lines();
    // Inside a public enum or trait, whose members are public without saying so: the indent of its end.
    let mut open: Option<String> = None;
    while let Some(line) = lines.next() {
        let item = line.trim_start();
        let indent = &line[..line.len() - item.len()];
        if item.starts_with("//") || item.is_empty() {
            continue;
        }
        if open.as_ref().is_some_and(|end| line == end) {
            open = None;
            continue;
        }
        let member = open.as_ref().is_some_and(|end| indent.len() == end.len() + 3);
        let exported = item.starts_with("pub ")
            || item.starts_with("impl")
            || item.starts_with("#[non_exhaustive]")
            || item.starts_with("#[must_use =")
            || item.starts_with("macro_rules!")
            || (indent.is_empty() && item.starts_with("($"))
            || (member && !item.starts_with(['}', '#']));
        if !exported {
            continue;
        }
        let mut whole = item.to_owned();
        while !ends(&whole) {
            let Some(next) = lines.next() else { break };
            whole = format!("{whole} {}", next.trim());
        }
        let body = whole.ends_with('{');
        let shown = whole.trim_end_matches(['{', ',', ';']).trim_end();
        items.push(format!("{indent}{shown}"));
        if body && (item.starts_with("pub enum") || item.starts_with("pub trait")) {
            open = Some(format!("{indent}}}"));
        }
    }
    items
}

/// True if a declaration is complete, or its body begins.
fn ends(item: &str) -> bool {
    let depth = |open: char, close: char| item.matches(open).count() == item.matches(close).count();
    let uses = item.starts_with("pub use");
    item.starts_with('#')
        || item.ends_with(';')
        || (!uses && item.ends_with('{'))
        || (!uses && item.ends_with([',', '}']) && depth('(', ')') && depth('{', '}'))
}

#[test]
fn the_list_sees_what_matters() {
    let text = "/// A.\n#[non_exhaustive]\npub enum A {\n    /// B.\n    B,\n    C {\n        d: u8,\n    },\n}\n\npub(crate) fn hidden() {}\n\nimpl A {\n    pub fn long(\n        self,\n    ) -> u8 {\n        0\n    }\n}\n";
    assert_eq!(
        public(text),
        ["#[non_exhaustive]", "pub enum A", "    B", "    C", "impl A", "    pub fn long( self, ) -> u8"]
    );
}
