//! How text for people may look: colours, characters, width.

use anstyle::{AnsiColor, Style};
use std::env;
use unicode_width::UnicodeWidthStr;

/// Widths of the output where nothing tells one, and the widest that is made use of.
const DEFAULT_WIDTH: usize = 100;
const WIDEST: usize = 160;
const NARROWEST: usize = 30;

/// How text for people may look.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Look {
    pub(crate) color: bool,
    /// Box-drawing characters may be used.
    pub(crate) unicode: bool,
    /// Columns.
    pub(crate) width: usize,
}

/// What a piece of text is, for its colour.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Role {
    Plain,
    Good,
    Bad,
    Doubt,
    /// The operation that the verdict is about.
    Guilty,
    /// A name: a file, a process.
    Name,
    /// Of less interest.
    Faint,
}

impl Look {
    /// Finds out: colours on a terminal only and never with `NO_COLOR`, box-drawing where the locale is UTF-8, width
    /// from `COLUMNS` or the terminal.
    pub(crate) fn detect(terminal: bool) -> Self {
        Self { color: terminal && colors_wanted(), unicode: utf8_locale(), width: width(terminal) }
    }

    /// `text` in the colour of its role.
    pub(crate) fn paint(&self, role: Role, text: &str) -> String {
        let style = self.style(role);
        format!("{style}{text}{style:#}")
    }

    fn style(&self, role: Role) -> Style {
        if !self.color {
            return Style::new();
        }
        match role {
            Role::Plain => Style::new(),
            Role::Good => AnsiColor::Green.on_default(),
            Role::Bad => AnsiColor::Red.on_default().bold(),
            Role::Doubt => AnsiColor::Yellow.on_default(),
            Role::Guilty => AnsiColor::BrightRed.on_default().bold(),
            Role::Name => Style::new().bold(),
            Role::Faint => Style::new().dimmed(),
        }
    }

    /// One of two texts: the first where box-drawing characters may be used.
    pub(crate) fn pick<T>(&self, unicode: T, ascii: T) -> T {
        if self.unicode { unicode } else { ascii }
    }
}

/// Whether the environment allows colours on a terminal.
pub(crate) fn colors_wanted() -> bool {
    let forbidden = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    !forbidden && env::var_os("TERM").is_none_or(|term| term != "dumb")
}

fn utf8_locale() -> bool {
    if !cfg!(unix) {
        return true;
    }
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .find_map(|name| env::var(name).ok().filter(|value| !value.is_empty()))
        .unwrap_or_default()
        .to_ascii_lowercase();
    locale.contains("utf-8") || locale.contains("utf8")
}

fn width(terminal: bool) -> usize {
    let columns = env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let of_terminal = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    columns
        .or_else(|| if terminal { of_terminal() } else { None })
        .unwrap_or(DEFAULT_WIDTH)
        .clamp(NARROWEST, WIDEST)
}

/// The columns that a text takes.
pub(crate) fn plain_width(text: &str) -> usize {
    text.width()
}

/// Breaks a text into lines of at most `width` columns, at spaces.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("never empty");
        if !line.is_empty() && plain_width(line) + 1 + plain_width(word) > width {
            lines.push(word.to_owned());
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_has_no_colour_codes() {
        let look = Look { color: false, unicode: true, width: 80 };
        assert_eq!(look.paint(Role::Bad, "no"), "no");
        let look = Look { color: true, ..look };
        assert!(look.paint(Role::Bad, "no").starts_with("\u{1b}["));
    }

    #[test]
    fn lines_break_at_spaces() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("incomprehensible", 8), ["incomprehensible"]);
    }
}
