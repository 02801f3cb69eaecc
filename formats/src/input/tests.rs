//! Lines, positions, limits and compression.

use super::*;
use std::io::Write;

/// Hands out its bytes one by one: every boundary is a chunk's.
struct Drip<'a>(&'a [u8]);

impl Read for Drip<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        self.0.read(&mut out[..1])
    }
}

fn lines(reader: impl Read) -> Vec<(u64, u64, Vec<u8>, LineEnd)> {
    let mut input = Input::new(reader, "t").unwrap();
    let mut lines = Vec::new();
    while let Some(line) = input.next_line().unwrap() {
        lines.push((line.number, line.offset, line.bytes.to_vec(), line.end));
    }
    lines
}

#[test]
fn lines_have_numbers_and_offsets() {
    let text = b"\xef\xbb\xbfone\r\n\ntwo";
    let expected = vec![
        (1, 3, b"one".to_vec(), LineEnd::Newline),
        (2, 8, b"".to_vec(), LineEnd::Newline),
        (3, 9, b"two".to_vec(), LineEnd::Input),
    ];
    assert_eq!(lines(&text[..]), expected);
    assert_eq!(lines(Drip(text)), expected);
    assert_eq!(lines(&b""[..]), []);
}

fn read_to_end(reader: impl Read) -> Result<(), FormatError> {
    let mut input = Input::new(reader, "t")?;
    while input.next_line()?.is_some() {}
    Ok(())
}

#[test]
fn compression_is_undone() {
    let text = "line\n".repeat(100_000);
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(text.as_bytes()).unwrap();
    let gz = gz.finish().unwrap();
    let level = ruzstd::encoding::CompressionLevel::Fastest;
    let zstd = ruzstd::encoding::compress_to_vec(text.as_bytes(), level);
    for packed in [&gz, &zstd] {
        assert_eq!(lines(&packed[..]).len(), 100_000);
        assert_eq!(lines(&[&packed[..], &packed[..]].concat()[..]).len(), 200_000, "members are joined");
        let error = read_to_end(&packed[..packed.len() / 2]).expect_err("half a file is no file");
        assert!(matches!(error.kind, ErrorKind::Io(_)), "{error}");
    }
}

#[test]
fn forms_are_located() {
    let mut input = Input::new(Drip(b"ab\ncd\nef"), "t").unwrap();
    assert_eq!(input.peek(4).unwrap(), b"ab\nc");
    assert_eq!(input.locate(1), (1, 2));
    assert_eq!(input.locate(4), (2, 2));
    input.consume(4);
    assert_eq!((input.offset(), input.locate(0)), (4, (2, 2)));
    assert_eq!(input.next_line().unwrap().unwrap().bytes, b"d");
    assert_eq!(input.locate(0), (3, 1));
}

#[test]
fn a_line_that_is_too_long_is_passed_over() {
    let long = std::io::repeat(b'x').take(LIMIT as u64 + 5 * CHUNK as u64);
    let text = b"a\n".chain(long).chain(&b"\nz\n"[..]);
    let mut input = Input::new(text, "t").unwrap();
    assert_eq!(input.next_line().unwrap().unwrap().bytes, b"a");
    let line = input.next_line().unwrap().unwrap();
    assert_eq!((line.number, line.end, line.bytes[0]), (2, LineEnd::TooLong, b'x'));
    assert_eq!(line.text("t").unwrap_err().kind, ErrorKind::Limit);
    let line = input.next_line().unwrap().unwrap();
    assert_eq!((line.number, line.bytes), (3, &b"z"[..]));
    assert!(input.next_line().unwrap().is_none());
}
