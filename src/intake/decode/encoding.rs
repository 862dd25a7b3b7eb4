//! Which encoding a text is in: one for the whole file, however some lines may be broken.

use std::io;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::lines::{ByteLines, decode};
use super::source::{ByteSource, head};

/// Of the lines that are not plain ASCII, this share must be valid UTF-8.
const UTF8_SHARE: f64 = 0.95;
/// How much of the lines that are not plain ASCII the detector looks at.
const SAMPLE: usize = 256 << 10;
/// How many lines of a preview are shown for each encoding.
const PREVIEW_LINES: usize = 5;

/// How to read a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextEncoding {
    /// The encoding.
    pub encoding: &'static Encoding,
    /// Bytes of the byte order mark in front.
    pub mark: usize,
    /// `\n`; `\r` in files that have no `\n`.
    pub line_end: u8,
}

/// The same lines read in one of the encodings in question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncodingTry {
    /// `utf-8`, `gb18030`, `big5`, `windows-1252` …
    pub name: String,
    /// Lines of the sample that are invalid in it.
    pub bad_lines: usize,
    /// The first lines that tell encodings apart.
    pub sample: Vec<String>,
}

/// What was found out about a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncodingFound {
    /// How it is read.
    pub text: TextEncoding,
    /// Somebody said so.
    pub forced: bool,
    /// Physical lines of the file.
    pub lines: u64,
    /// The same lines in this and in other encodings, for the person who decides.
    pub tried: Vec<EncodingTry>,
}

/// The name under which an encoding is kept and shown in a plan.
pub fn encoding_name(encoding: &'static Encoding) -> String {
    encoding.name().to_ascii_lowercase()
}

/// The encoding with this name; `gbk` and `gb2312` are read as GB18030, `ansi` names what the trade calls so.
pub fn encoding_called(name: &str) -> Option<&'static Encoding> {
    let name = name.trim().to_ascii_lowercase();
    let found = match name.as_str() {
        "cp1252" | "latin1" | "latin-1" => WINDOWS_1252,
        "cp936" => GB18030,
        "cp950" => BIG5,
        "utf8" | "utf-8-sig" | "utf-8-bom" => UTF_8,
        other => Encoding::for_label(other.as_bytes())?,
    };
    Some(if found == GBK { GB18030 } else { found })
}

/// Reads the whole text once and decides.
pub(crate) fn detect(
    source: &dyn ByteSource,
    forced: Option<&'static Encoding>,
) -> io::Result<EncodingFound> {
    let head = head(source, 4096)?;
    let marked = mark_of(&head);
    let survey = Survey::take(source)?;
    let by_mark = marked
        .map(|(encoding, _)| encoding)
        .or_else(|| utf16_without_mark(&head));
    let encoding = forced.or(by_mark).unwrap_or_else(|| survey.guess());
    let mark = marked
        .filter(|(of, _)| *of == encoding)
        .map_or(0, |(_, length)| length);
    let line_end = if survey.lines <= 1 && survey.carriage_returns {
        b'\r'
    } else {
        b'\n'
    };
    let wide = encoding == UTF_16LE || encoding == UTF_16BE;
    let tried = if wide {
        Vec::new()
    } else {
        survey.tries(encoding)
    };
    Ok(EncodingFound {
        text: TextEncoding {
            encoding,
            mark,
            line_end,
        },
        forced: forced.is_some(),
        lines: survey.lines,
        tried,
    })
}

fn mark_of(head: &[u8]) -> Option<(&'static Encoding, usize)> {
    Encoding::for_bom(head)
}

/// UTF-16 from a program that writes no mark: every other byte of digits, commas and line ends is zero.
pub(crate) fn utf16_without_mark(head: &[u8]) -> Option<&'static Encoding> {
    let pairs = head.chunks_exact(2);
    let count = pairs.len();
    if count < 8 {
        return None;
    }
    let (mut first, mut second) = (0, 0);
    for pair in pairs {
        first += usize::from(pair[0] == 0);
        second += usize::from(pair[1] == 0);
    }
    match (first * 100 / count, second * 100 / count) {
        (0..=1, 15..) => Some(UTF_16LE),
        (15.., 0..=1) => Some(UTF_16BE),
        _ => None,
    }
}

/// What one reading of the bytes shows.
struct Survey {
    lines: u64,
    carriage_returns: bool,
    foreign: u64,
    broken_utf8: u64,
    /// Lines that are not plain ASCII, up to [`SAMPLE`] bytes of them.
    sample: Vec<Vec<u8>>,
}

impl Survey {
    fn take(source: &dyn ByteSource) -> io::Result<Self> {
        let mut found = Self {
            lines: 0,
            carriage_returns: false,
            foreign: 0,
            broken_utf8: 0,
            sample: Vec::new(),
        };
        let mut lines = ByteLines::new(source.open()?, b'\n');
        let (mut line, mut kept) = (Vec::new(), 0);
        while lines.next_into(&mut line)?.is_some() {
            if found.lines == 0 && line.starts_with(b"\xEF\xBB\xBF") {
                line.drain(..3);
            }
            found.lines += 1;
            found.carriage_returns |=
                found.lines == 1 && line[..line.len().saturating_sub(1)].contains(&b'\r');
            if line.is_ascii() {
                continue;
            }
            found.foreign += 1;
            found.broken_utf8 += u64::from(std::str::from_utf8(&line).is_err());
            if kept < SAMPLE {
                line.truncate(SAMPLE);
                kept += line.len();
                found.sample.push(line.clone());
            }
        }
        Ok(found)
    }

    fn guess(&self) -> &'static Encoding {
        if self.broken_utf8 as f64 <= self.foreign as f64 * (1.0 - UTF8_SHARE) {
            return UTF_8;
        }
        let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
        for line in &self.sample {
            detector.feed(line, false);
            detector.feed(b"\n", false);
        }
        detector.feed(b"", true);
        let guess = detector.guess(None, Utf8Detection::Deny);
        let guess = if guess == GBK { GB18030 } else { guess };
        // One bad byte disqualifies an encoding for the detector; a few broken lines do not change what a file is.
        let trusted = !guess.is_single_byte() && self.bad_lines(guess) * 20 <= self.sample.len();
        if trusted {
            guess
        } else {
            self.chinese().unwrap_or(guess)
        }
    }

    /// The Chinese encoding in which nearly all lines are valid and most characters are common ones.
    fn chinese(&self) -> Option<&'static Encoding> {
        let fitting = [GB18030, BIG5]
            .into_iter()
            .filter(|e| self.bad_lines(e) * 20 <= self.sample.len());
        let shares = fitting
            .map(|e| (self.common_share(e), e))
            .filter(|(share, _)| *share >= 60);
        shares.max_by_key(|(share, _)| *share).map(|(_, e)| e)
    }

    /// Of the two-byte characters, the percentage that stands among the common ones (level 1) or punctuation.
    fn common_share(&self, encoding: &'static Encoding) -> usize {
        let (mut common, mut all) = (0, 0);
        for line in &self.sample {
            let mut bytes = line.iter().copied();
            while let Some(lead) = bytes.next() {
                if lead < 0x80 {
                    continue;
                }
                let trail = bytes.next().unwrap_or(0);
                all += 1;
                common += usize::from(if encoding == BIG5 {
                    matches!(lead, 0xA1..=0xC6)
                } else {
                    matches!(lead, 0xA1..=0xA3 | 0xB0..=0xD7) && trail >= 0xA1
                });
            }
        }
        common * 100 / all.max(1)
    }

    fn bad_lines(&self, encoding: &'static Encoding) -> usize {
        self.sample
            .iter()
            .filter(|line| decode(encoding, line).1)
            .count()
    }

    fn tries(&self, chosen: &'static Encoding) -> Vec<EncodingTry> {
        let mut encodings = vec![chosen];
        encodings.extend(
            [UTF_8, GB18030, BIG5, WINDOWS_1252]
                .into_iter()
                .filter(|other| *other != chosen),
        );
        let one = |encoding: &'static Encoding| EncodingTry {
            name: encoding_name(encoding),
            bad_lines: self.bad_lines(encoding),
            sample: self
                .sample
                .iter()
                .take(PREVIEW_LINES)
                .map(|line| shortened(&decode(encoding, line).0))
                .collect(),
        };
        if self.sample.is_empty() {
            Vec::new()
        } else {
            encodings.into_iter().map(one).collect()
        }
    }
}

fn shortened(line: &str) -> String {
    line.trim_end().chars().take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "公司名称,联系人,电话\n苏州宏远机械有限公司,王小明,0512-65801234\n上海众和光电有限公司,李龑,021-58161234\n";

    fn guessed(bytes: &[u8]) -> String {
        encoding_name(detect(&bytes, None).unwrap().text.encoding)
    }

    #[test]
    fn chinese_texts_are_told_apart() {
        assert_eq!(guessed(LIST.as_bytes()), "utf-8");
        assert_eq!(guessed(&GB18030.encode(LIST).0), "gb18030");
        let traditional = "公司名稱,聯絡人,電話\n長銳醫療器械股份有限公司,錢國,07-231-7602\n永捷家居有限公司,王小明,02-2345-6789\n";
        assert_eq!(guessed(&BIG5.encode(traditional).0), "big5");
        assert_eq!(
            guessed(
                &WINDOWS_1252
                    .encode("Company;City\nHöllwarth Präzision;Köln\nFrançais-Noël;Nîmes\n")
                    .0
            ),
            "windows-1252"
        );
    }

    #[test]
    fn a_few_broken_lines_change_nothing() {
        let mut gb = GB18030.encode(&LIST.repeat(30)).0.into_owned();
        gb.extend_from_slice(b"\xB9\xAB\xCB\xBE\xFF\xFF,x\n");
        assert_eq!(guessed(&gb), "gb18030");
        let mut utf8 = LIST.repeat(30).into_bytes();
        utf8.extend_from_slice(&GB18030.encode("广州宏远机械有限公司,王小明\n").0);
        assert_eq!(guessed(&utf8), "utf-8");
    }

    #[test]
    fn marks_and_old_line_ends_are_seen() {
        let found = detect(&"\u{FEFF}a,b\rc,d\r".as_bytes(), None).unwrap();
        assert_eq!((found.text.mark, found.text.line_end), (3, b'\r'));
        let utf16: Vec<u8> = LIST.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(guessed(&utf16), "utf-16le");
    }
}
