//! Bytes → physical lines of text, one at a time.

use std::io::{self, BufRead, BufReader, Read};

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::encoding::TextEncoding;
use super::source::ByteSource;

/// No physical line is kept beyond this many bytes; what follows up to its end is let go and the line rejected.
pub const MAX_LINE: usize = 4 << 20;

/// A decoded physical line, without its line end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// From 1.
    pub no: u64,
    pub text: String,
    /// Some bytes are not valid in the encoding; they were replaced.
    pub bad: bool,
    pub too_long: bool,
    /// NULs were taken out.
    pub had_nul: bool,
}

/// Undecoded physical lines.
pub(crate) struct ByteLines {
    reader: BufReader<Box<dyn Read + Send>>,
    end: u8,
}

impl ByteLines {
    /// Lines end at `end` (`\n`, in old Macintosh files `\r`).
    pub fn new(reader: Box<dyn Read + Send>, end: u8) -> Self {
        Self {
            reader: BufReader::with_capacity(64 << 10, reader),
            end,
        }
    }

    /// Puts the next line without its end into `line`: `None` at the end, else whether it was cut.
    pub fn next_into(&mut self, line: &mut Vec<u8>) -> io::Result<Option<bool>> {
        line.clear();
        let read = (&mut self.reader)
            .take(MAX_LINE as u64)
            .read_until(self.end, line)?;
        if read == 0 {
            return Ok(None);
        }
        if line.last() == Some(&self.end) {
            line.pop();
            return Ok(Some(false));
        }
        if read < MAX_LINE {
            return Ok(Some(false));
        }
        let rest = self.reader.skip_until(self.end)?;
        Ok(Some(rest > 1))
    }
}

/// Decoded physical lines of a text.
pub(crate) struct TextLines {
    lines: ByteLines,
    encoding: &'static Encoding,
    /// UTF-16 arrives here as UTF-8 in which bad units are replacement characters.
    transcoded: bool,
    no: u64,
    buffer: Vec<u8>,
}

impl TextLines {
    /// Starts at the first line behind the byte order mark.
    pub fn open(source: &dyn ByteSource, text: &TextEncoding) -> io::Result<Self> {
        let mut reader = source.open()?;
        io::copy(&mut (&mut reader).take(text.mark as u64), &mut io::sink())?;
        let transcoded = text.encoding == UTF_16LE || text.encoding == UTF_16BE;
        let (reader, encoding): (Box<dyn Read + Send>, _) = if transcoded {
            (Box::new(Transcoder::new(reader, text.encoding)), UTF_8)
        } else {
            (reader, text.encoding)
        };
        Ok(Self {
            lines: ByteLines::new(reader, text.line_end),
            encoding,
            transcoded,
            no: 0,
            buffer: Vec::new(),
        })
    }

    /// The next line, `None` at the end.
    pub fn next_line(&mut self) -> io::Result<Option<Line>> {
        let Some(too_long) = self.lines.next_into(&mut self.buffer)? else {
            return Ok(None);
        };
        self.no += 1;
        if self.buffer.last() == Some(&b'\r') {
            self.buffer.pop();
        }
        let (mut text, mut bad) = decode(self.encoding, &self.buffer);
        bad |= self.transcoded && text.contains('\u{FFFD}');
        let had_nul = text.contains('\0');
        if had_nul {
            text.retain(|c| c != '\0');
        }
        // A cut may fall inside a character.
        Ok(Some(Line {
            no: self.no,
            text,
            bad: bad && !too_long,
            too_long,
            had_nul,
        }))
    }
}

/// Text of some bytes, and whether any of them is invalid.
pub(crate) fn decode(encoding: &'static Encoding, bytes: &[u8]) -> (String, bool) {
    if encoding == UTF_8 {
        return match std::str::from_utf8(bytes) {
            Ok(text) => (text.to_owned(), false),
            Err(_) => (String::from_utf8_lossy(bytes).into_owned(), true),
        };
    }
    let (text, bad) = encoding.decode_without_bom_handling(bytes);
    (text.into_owned(), bad)
}

/// UTF-16 in, UTF-8 out.
struct Transcoder {
    reader: Box<dyn Read + Send>,
    decoder: Decoder,
    input: Vec<u8>,
    unread: std::ops::Range<usize>,
    ended: bool,
    finished: bool,
}

impl Transcoder {
    fn new(reader: Box<dyn Read + Send>, encoding: &'static Encoding) -> Self {
        let decoder = encoding.new_decoder_without_bom_handling();
        Self {
            reader,
            decoder,
            input: vec![0; 16 << 10],
            unread: 0..0,
            ended: false,
            finished: false,
        }
    }
}

impl Read for Transcoder {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while !self.finished {
            if self.unread.is_empty() && !self.ended {
                let read = self.reader.read(&mut self.input)?;
                self.ended = read == 0;
                self.unread = 0..read;
            }
            let (result, read, written, _) =
                self.decoder
                    .decode_to_utf8(&self.input[self.unread.clone()], out, self.ended);
            self.unread.start += read;
            self.finished = self.ended && result == CoderResult::InputEmpty;
            if written > 0 || (result == CoderResult::OutputFull && read == 0) {
                return Ok(written);
            }
        }
        Ok(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8], text: TextEncoding) -> Vec<Line> {
        let mut lines = TextLines::open(&bytes, &text).unwrap();
        std::iter::from_fn(|| lines.next_line().unwrap()).collect()
    }

    #[test]
    fn utf16_lines_are_decoded_across_buffers() {
        let text = "公司,电话\r\n𬭚德,0512\n".repeat(3000);
        let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let lines = all(
            &bytes,
            TextEncoding {
                encoding: UTF_16LE,
                mark: 0,
                line_end: b'\n',
            },
        );
        assert_eq!(lines.len(), 6000);
        assert!(lines.iter().all(|line| !line.bad));
        assert_eq!(lines[5999].text, "𬭚德,0512");
        assert_eq!(lines[0].text, "公司,电话");
    }

    #[test]
    fn a_bad_line_is_marked_and_the_next_one_is_not() {
        let lines = all(
            b"a,\xFF\xFE\nb,\0c",
            TextEncoding {
                encoding: UTF_8,
                mark: 0,
                line_end: b'\n',
            },
        );
        assert!(lines[0].bad && !lines[1].bad);
        assert_eq!(lines[1].text, "b,c");
        assert!(lines[1].had_nul && !lines[0].had_nul);
    }

    #[test]
    fn an_endless_line_is_cut() {
        let mut bytes = vec![b'x'; MAX_LINE + 10];
        bytes.extend_from_slice(b"\nnext");
        let lines = all(
            &bytes,
            TextEncoding {
                encoding: UTF_8,
                mark: 0,
                line_end: b'\n',
            },
        );
        assert!(lines[0].too_long);
        assert_eq!(
            (lines[0].text.len(), lines[1].text.as_str()),
            (MAX_LINE, "next")
        );
    }
}
