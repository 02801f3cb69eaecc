//! Every file of the corpora that other checkers are tested with is read, and into as many operations as it has calls.
//!
//! The files are not part of this repository: `TRIBUNAL_CORPORA` names the folder that holds them.

use std::fs;
use std::path::{Path, PathBuf};
use tribunal_checker::history::{History, Outcome};
use tribunal_formats::{Format, ReadOptions, read_bytes};

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the folder can be read").path();
        if path.is_dir() {
            files(&path, out);
        } else {
            out.push(path);
        }
    }
}

fn read(text: &str, path: &Path) -> (Format, History) {
    let name = path.to_string_lossy();
    let mut recordings = read_bytes(text.as_bytes(), &name, &ReadOptions::new()).expect("a known format");
    assert_eq!(recordings.len(), 1, "{name}");
    let recording = recordings.remove(0);
    (recording.format, recording.history.unwrap_or_else(|error| panic!("{error}")))
}

/// Counts the lines (without comments) that hold one of these.
fn count(text: &str, what: &[&str]) -> usize {
    let code = text
        .lines()
        .map(|line| if line.starts_with(['{', '[', '(']) { line } else { line.split(';').next().unwrap() });
    code.map(|line| what.iter().map(|what| line.matches(what).count()).sum::<usize>()).sum()
}

#[test]
fn every_call_is_an_operation() {
    let Some(folder) = std::env::var_os("TRIBUNAL_CORPORA") else {
        eprintln!("SKIPPED: set TRIBUNAL_CORPORA to the folder of the corpora");
        return;
    };
    let mut paths = Vec::new();
    files(Path::new(&folder), &mut paths);
    paths.sort();
    let mut read_files = 0;
    for path in paths {
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        if !matches!(extension, "edn" | "log" | "txt") {
            continue;
        }
        let text = fs::read_to_string(&path).expect("a text");
        let (format, history) = read(&text, &path);
        let of = |outcome| history.ops().filter(|&op| history.outcome(op) == outcome).count();
        let mismatches = history.ops().filter(|&op| history.answer(op) == Some(false)).count();
        assert_eq!(history.len(), count(&text, &[":invoke"]), "{}", path.display());
        assert_eq!(of(Outcome::Ok) - mismatches, count(&text, &[":ok"]), "{}", path.display());
        assert_eq!(of(Outcome::Fail) + mismatches, count(&text, &[":fail"]), "{}", path.display());
        match extension {
            "log" if text.is_empty() => assert_eq!(format, Format::Native),
            "log" => assert_eq!(format, Format::EtcdLog),
            "txt" => assert_eq!(format, Format::Kv),
            _ => assert_eq!(format, Format::JepsenEdn),
        }
        assert!(history.is_empty() || history.is_timed());
        read_files += 1;
    }
    assert!(read_files > 0, "no history in the folder");
    eprintln!("{read_files} files read");
}
