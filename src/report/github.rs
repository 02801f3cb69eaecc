//! Results for GitHub: workflow commands, which become annotations at the files of histories.
//!
//! A violation, an error and an unknown verdict are `::error`; an unknown one that passes is a `::warning`. Text goes through
//! GitHub's escapes (`%`, line ends; `:` and `,` in properties), so nothing that a history holds can begin a command.

use super::case::{Case, Status};
use std::fmt::Write as _;
use std::path::Path;

/// The command of a case, with its line end; nothing if it passed.
pub(super) fn annotation(case: &Case) -> String {
    let command = match case.status {
        Status::Passed => return String::new(),
        Status::Failed | Status::Errored => "error",
        Status::Skipped => "warning",
    };
    let mut text = format!("::{command} ");
    if let Some(file) = file(&case.history) {
        let _ = write!(text, "file={},", property(file));
        for (name, number) in [("line", case.line), ("col", case.column)] {
            if let Some(number) = number {
                let _ = write!(text, "{name}={number},");
            }
        }
    }
    let title = match case.model.as_str() {
        "" => format!("{}: {}", case.history, case.verdict),
        model => format!("{}: {model}: {}", case.history, case.verdict),
    };
    let mut body = case.message.clone();
    if !case.details.is_empty() {
        body = case.details.trim_matches('\n').to_owned();
    }
    let _ = writeln!(text, "title={}::{}", property(&title), data(&body));
    text
}

/// The last line: how many histories, and what is to be said of them.
pub(super) fn closing(cases: usize, passed: usize) -> String {
    format!("tribunal: {passed} of {cases} verdicts are good\n")
}

/// The file of `PATH` or `PATH#NAME`; none for standard input.
fn file(history: &str) -> Option<&str> {
    let ends = history.match_indices('#').map(|(at, _)| at);
    let found = std::iter::once(history.len())
        .chain(ends.rev())
        .map(|end| &history[..end])
        .find(|path| Path::new(path).is_file());
    let path = found.unwrap_or_else(|| history.split('#').next().unwrap_or(history));
    let path = path.strip_prefix("./").unwrap_or(path);
    (path != "-" && !path.is_empty()).then_some(path)
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_leave_its_command() {
        assert_eq!(data("100%\r\n::error::x"), "100%25%0D%0A::error::x");
        assert_eq!(property("a:b,c%"), "a%3Ab%2Cc%25");
    }

    #[test]
    fn files_are_told_from_histories() {
        assert_eq!(file("missing/a.jsonl#one"), Some("missing/a.jsonl"));
        assert_eq!(file("./Cargo.toml#x#y"), Some("Cargo.toml"));
        assert_eq!(file("-"), None);
        assert_eq!(file("-#one"), None);
    }
}
