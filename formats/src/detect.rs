//! Which format an input is in: by its content, and by the name's extension only where the content fits several.

use crate::error::{ErrorKind, FormatError, found};
use crate::format::Format;
use crate::input::Input;
use memchr::memmem;

/// How much of the input is looked at.
const HEAD: usize = 64 << 10;

/// Whether an input that begins with these bytes, and whose name has this extension, is in a format.
type Test = fn(&[u8], &str) -> bool;

/// The first row whose test the head passes decides.
const TABLE: &[(Format, Test)] = &[
    (Format::EtcdLog, is_etcd_log),
    (Format::Kv, is_kv),
    (Format::JepsenEdn, is_edn),
    (Format::JepsenJson, is_jepsen_json),
    (Format::Native, is_native),
    (Format::Notation, is_notation),
];

/// The format of an input; an empty one is in the native format: a history without operations.
///
/// # Errors
/// If the input cannot be read, or no format fits it.
pub(crate) fn detect(input: &mut Input<'_>, name: &str) -> Result<Format, FormatError> {
    let head = skip_blank(input.peek(HEAD)?);
    if head.is_empty() {
        return Ok(Format::Native);
    }
    let extension = extension(name);
    TABLE.iter().find(|(_, fits)| fits(head, extension)).map(|&(format, _)| format).ok_or_else(|| {
        let names: Vec<_> = Format::ALL.iter().map(|format| format.name()).collect();
        FormatError::new(name, 1, 0, &found(head), "a history in a format known here")
            .kind(ErrorKind::UnknownFormat)
            .help(format!("name the format with --input-format: {}", names.join(", ")))
    })
}

/// What is left of the name's last extension but compression's; in lower case it must be to count.
fn extension(name: &str) -> &str {
    let name = name.strip_suffix(".gz").or_else(|| name.strip_suffix(".zst")).unwrap_or(name);
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    file.rsplit_once('.').map_or("", |(_, extension)| extension)
}

fn skip_blank(head: &[u8]) -> &[u8] {
    &head[head.iter().take_while(|byte| byte.is_ascii_whitespace()).count()..]
}

fn first_line(head: &[u8]) -> &[u8] {
    &head[..memchr::memchr(b'\n', head).unwrap_or(head.len())]
}

fn has(head: &[u8], what: &str) -> bool {
    memmem::find(head, what.as_bytes()).is_some()
}

/// `INFO  jepsen.util - 0 :invoke :read nil`
fn is_etcd_log(head: &[u8], _: &str) -> bool {
    has(first_line(head), "jepsen.util - ") || (has(head, "jepsen.util - ") && has(head, ":invoke"))
}

/// `{:process 0, :type :invoke, :f :get, :key "0", :value nil}`: EDN maps of a fixed shape.
fn is_kv(head: &[u8], _: &str) -> bool {
    let line = first_line(head);
    line.starts_with(b"{:")
        && has(line, ":key \"")
        && [":get", ":put", ":append"].iter().any(|f| has(line, f))
}

/// A map, a vector of maps, a comment or a tagged record of EDN.
fn is_edn(head: &[u8], extension: &str) -> bool {
    let open = |head: &[u8]| matches!(head, [b'{', rest @ ..] if skip_blank(rest).starts_with(b":"));
    let inner = match head {
        [b'[' | b'(', rest @ ..] => skip_blank(rest),
        _ => head,
    };
    open(inner)
        || inner.starts_with(b"#jepsen")
        || inner.starts_with(b"#knossos")
        || inner.starts_with(b";")
        || (extension == "edn" && matches!(head, [b'[' | b'(' | b'{' | b'#', ..]))
}

/// An array of JSON objects; or event objects, one a line, that only Jepsen writes.
fn is_jepsen_json(head: &[u8], extension: &str) -> bool {
    if let [b'[', rest @ ..] = head {
        return matches!(skip_blank(rest), [] | [b'{' | b']', ..]);
    }
    let line = first_line(head);
    let event = line.starts_with(b"{") && has(line, "\"type\"") && has(line, "\"f\"");
    event && (has(line, "\"index\"") || has(head, "\"nemesis\"") || extension == "json")
}

/// JSON objects, one a line.
fn is_native(head: &[u8], _: &str) -> bool {
    matches!(head, [b'{', rest @ ..] if matches!(skip_blank(rest), [] | [b'"' | b'}', ..]))
}

/// Lines of `LABEL: …`, or comments.
fn is_notation(head: &[u8], extension: &str) -> bool {
    let Ok(text) = std::str::from_utf8(first_line(head)) else { return false };
    let labelled =
        text.split_once(':').is_some_and(|(label, _)| label.len() < 64 && !label.contains(['"', '{']));
    extension == "hist" || labelled || text.starts_with('#') || text.trim() == "untimed"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detected(text: &str, name: &str) -> Option<Format> {
        detect(&mut Input::new(text.as_bytes(), name).unwrap(), name).ok()
    }

    #[test]
    fn content_decides() {
        for (text, format) in [
            ("", Format::Native),
            (" \n\n", Format::Native),
            ("\n{\"tribunal\":1}\n", Format::Native),
            ("{ \"process\":0,\"f\":\"read\"}", Format::Native),
            ("{\"type\":\"invoke\",\"process\":0,\"f\":\"read\"}", Format::Native),
            ("{\"index\":0,\"type\":\"invoke\",\"process\":0,\"f\":\"read\"}", Format::JepsenJson),
            ("[\n {\"type\":\"invoke\"}]", Format::JepsenJson),
            ("[]", Format::JepsenJson),
            ("[{:type :invoke}]", Format::JepsenEdn),
            ("{:type :invoke, :f :read, :value nil, :process 0}", Format::JepsenEdn),
            ("; two registers\n[{:type :invoke}]", Format::JepsenEdn),
            ("{:process 9, :type :invoke, :f :append, :key \"0\", :value \"x\"}", Format::Kv),
            ("INFO  jepsen.util - 0\t:invoke\t:read\tnil", Format::EtcdLog),
            ("P1: W(x)a", Format::Notation),
            ("# a figure\nP1: W(x)a", Format::Notation),
        ] {
            assert_eq!(detected(text, "-"), Some(format), "{text}");
        }
        assert_eq!(detected("\u{0}\u{1}junk", "a.jsonl"), None);
    }

    #[test]
    fn the_extension_breaks_ties() {
        let event = "{\"type\":\"invoke\",\"process\":0,\"f\":\"read\"}";
        assert_eq!(detected(event, "a.json"), Some(Format::JepsenJson));
        assert_eq!(detected(event, "a.json.gz"), Some(Format::JepsenJson));
        assert_eq!(detected(event, "dir.json/a.jsonl"), Some(Format::Native));
    }
}
