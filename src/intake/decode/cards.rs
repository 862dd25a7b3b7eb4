//! vCards: one card is one row.

use encoding_rs::{Encoding, UTF_8};

use super::encoding::encoding_called;
use super::lines::decode;
use super::row::{Cell, RawFault, RawRow};

/// The columns that cards are read into.
pub(crate) const HEADINGS: [&str; 10] = [
    "FN", "ORG", "ORG unit", "TITLE", "TEL", "TEL fax", "EMAIL", "ADR", "URL", "NOTE",
];

/// The rows of a file of cards; the row number is the n-th `BEGIN:VCARD`.
pub(crate) fn rows(bytes: &[u8], encoding: &'static Encoding) -> Vec<RawRow> {
    let mut rows: Vec<RawRow> = Vec::new();
    let mut card: Option<Card> = None;
    let mut lines = bytes
        .split(|byte| *byte == b'\n')
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
        .peekable();
    while let Some(line) = lines.next() {
        let mut line = line.to_vec();
        let quoted = is_quoted_printable(&line);
        while let Some(next) = lines.peek() {
            if quoted
                && line.last() == Some(&b'=')
                && !is_mark(next, b"END:VCARD")
                && !is_mark(next, b"BEGIN:VCARD")
            {
                line.pop();
                line.extend_from_slice(next);
            } else if next.starts_with(b" ") || next.starts_with(b"\t") {
                line.extend_from_slice(&next[1..]);
            } else {
                break;
            }
            lines.next();
        }
        if is_mark(&line, b"BEGIN:VCARD") {
            rows.extend(card.take().map(|card| card.row(false)));
            card = Some(Card {
                no: rows.len() as u64 + 1,
                ..Card::default()
            });
        }
        let Some(open) = &mut card else { continue };
        let text = decode(encoding, &line).0;
        open.had_nul |= text.contains('\0');
        open.raw.push(text.replace('\0', ""));
        if is_mark(&line, b"END:VCARD") {
            rows.extend(card.take().map(|card| card.row(true)));
        } else {
            open.property(&line, encoding);
        }
    }
    rows.extend(card.map(|card| card.row(false)));
    rows
}

fn is_mark(line: &[u8], mark: &[u8]) -> bool {
    let line = line
        .strip_prefix(b"\xEF\xBB\xBF")
        .unwrap_or(line)
        .trim_ascii();
    line.eq_ignore_ascii_case(mark)
}

fn is_quoted_printable(line: &[u8]) -> bool {
    let head = line.split(|byte| *byte == b':').next().unwrap_or(line);
    head.to_ascii_uppercase()
        .windows(16)
        .any(|window| window == b"QUOTED-PRINTABLE")
}

#[derive(Default)]
struct Card {
    no: u64,
    raw: Vec<String>,
    structured_name: String,
    cells: [Vec<String>; 10],
    had_nul: bool,
}

impl Card {
    fn property(&mut self, line: &[u8], encoding: &'static Encoding) {
        let Some(colon) = value_start(line) else {
            return;
        };
        let head = String::from_utf8_lossy(&line[..colon]).to_ascii_uppercase();
        let mut parts = head.split(';');
        let name = parts
            .next()
            .unwrap_or("")
            .rsplit('.')
            .next()
            .unwrap_or("")
            .trim()
            .to_owned();
        let parameters: Vec<&str> = parts.collect();
        let charset = parameters
            .iter()
            .find_map(|parameter| parameter.strip_prefix("CHARSET="));
        let encoding = charset
            .and_then(|name| encoding_called(name.trim_matches('"')))
            .unwrap_or(encoding);
        let quoted = parameters
            .iter()
            .any(|parameter| parameter.ends_with("QUOTED-PRINTABLE"));
        let value = if quoted {
            from_quoted_printable(&line[colon + 1..])
        } else {
            line[colon + 1..].to_vec()
        };
        let value = decode(
            if quoted || charset.is_some() {
                encoding
            } else {
                encoding_or_utf8(encoding, &value)
            },
            &value,
        )
        .0;
        self.take(
            &name,
            parameters.iter().any(|parameter| is_fax(parameter)),
            &value,
        );
    }

    fn take(&mut self, name: &str, fax: bool, value: &str) {
        match name {
            "FN" => self.put(0, &unescaped(value)),
            "N" => {
                let parts = components(value);
                let part = |index: usize| parts.get(index).cloned().unwrap_or_default();
                let gap = if value.is_ascii() { " " } else { "" };
                let name = if gap.is_empty() {
                    format!("{}{}", part(0), part(1))
                } else {
                    format!("{} {}", part(1), part(0))
                };
                self.structured_name = name.trim().to_owned();
            }
            "ORG" => {
                let parts = components(value);
                self.put(1, parts.first().map_or("", String::as_str));
                self.put(2, &parts[1.min(parts.len())..].join(" "));
            }
            "TITLE" => self.put(3, &unescaped(value)),
            "TEL" => self.put(
                if fax { 5 } else { 4 },
                unescaped(value).trim_start_matches("tel:"),
            ),
            "EMAIL" => self.put(6, &unescaped(value)),
            "ADR" => self.put(7, &address(&components(value))),
            "URL" => self.put(8, &unescaped(value)),
            "NOTE" => self.put(9, &unescaped(value)),
            _ => {}
        }
    }

    fn put(&mut self, column: usize, value: &str) {
        let value = value.trim();
        if !value.is_empty() {
            self.had_nul |= value.contains('\0');
            self.cells[column].push(value.replace('\0', ""));
        }
    }

    fn row(mut self, ended: bool) -> RawRow {
        if self.cells[0].is_empty() && !self.structured_name.is_empty() {
            self.cells[0].push(std::mem::take(&mut self.structured_name));
        }
        RawRow {
            sheet_no: 1,
            row_no: self.no,
            lines: 1,
            cells: self
                .cells
                .iter()
                .map(|values| Cell::text(values.join("\n")))
                .collect(),
            raw: self.raw.join("\n"),
            fault: (!ended).then_some(RawFault::CardTruncated),
            had_nul: self.had_nul,
            is_cut: false,
        }
    }
}

/// The colon in front of the value; those inside of quoted parameters do not count.
fn value_start(line: &[u8]) -> Option<usize> {
    let mut quoted = false;
    line.iter().position(|byte| {
        quoted ^= *byte == b'"';
        *byte == b':' && !quoted
    })
}

fn encoding_or_utf8(encoding: &'static Encoding, value: &[u8]) -> &'static Encoding {
    if std::str::from_utf8(value).is_ok() {
        UTF_8
    } else {
        encoding
    }
}

fn is_fax(parameter: &str) -> bool {
    parameter
        .trim_start_matches("TYPE=")
        .trim_matches('"')
        .split(',')
        .any(|kind| kind == "FAX")
}

fn from_quoted_printable(value: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(value.len());
    let mut at = 0;
    while at < value.len() {
        let hex = (value[at] == b'=')
            .then(|| value.get(at + 1..at + 3))
            .flatten();
        let byte = hex
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        out.push(byte.unwrap_or(value[at]));
        at += if byte.is_some() { 3 } else { 1 };
    }
    out
}

/// Parts between semicolons that are not escaped.
fn components(value: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut escaped = false;
    for c in value.chars() {
        if c == ';' && !escaped {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(c);
        }
        escaped = c == '\\' && !escaped;
    }
    parts
        .iter()
        .map(|part| unescaped(part).trim().to_owned())
        .collect()
}

fn unescaped(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match (c, c == '\\') {
            (_, true) => match chars.next() {
                Some('n' | 'N') => out.push('\n'),
                Some(other) => out.push(other),
                None => {}
            },
            (c, false) => out.push(c),
        }
    }
    out
}

/// Country, region, town, street in Chinese order; the other way round elsewhere.
fn address(parts: &[String]) -> String {
    let part = |index: usize| parts.get(index).map_or("", String::as_str);
    let chinese = parts.iter().any(|part| !part.is_ascii());
    let order: [usize; 6] = if chinese {
        [6, 4, 3, 2, 1, 0]
    } else {
        [0, 1, 2, 3, 4, 6]
    };
    let parts: Vec<&str> = order
        .into_iter()
        .map(part)
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(if chinese { "" } else { ", " })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn texts(row: &RawRow) -> Vec<&str> {
        row.cells.iter().map(|cell| cell.text.as_str()).collect()
    }

    #[test]
    fn versions_and_encodings_of_cards() {
        let file = "BEGIN:VCARD\r\nVERSION:2.1\r\nFN;CHARSET=GB2312;ENCODING=QUOTED-PRINTABLE:=BC=D6=\r\n=D1=F3\r\n\
            TEL;WORK;FAX:021-58161235\r\nTEL;CELL:13912345678\r\nEND:VCARD\r\n\
            BEGIN:VCARD\r\nVERSION:4.0\r\nN:欧阳;洋美;;;\r\nORG:睿业物流;采购部\r\nitem1.TEL;VALUE=uri;TYPE=\"work,voice\":tel:+86-512\r\n -65801234\r\n\
            NOTE:一\\n二\\, 三\r\nEND:VCARD\r\nBEGIN:VCARD\r\nFN:A\r\nBEGIN:VCARD\r\nFN:B\r\n";
        let rows = rows(file.as_bytes(), UTF_8);
        assert_eq!(
            texts(&rows[0]),
            [
                "贾洋",
                "",
                "",
                "",
                "13912345678",
                "021-58161235",
                "",
                "",
                "",
                ""
            ]
        );
        assert_eq!(
            texts(&rows[1]),
            [
                "欧阳洋美",
                "睿业物流",
                "采购部",
                "",
                "+86-512-65801234",
                "",
                "",
                "",
                "",
                "一\n二, 三"
            ]
        );
        assert_eq!(
            rows[2..]
                .iter()
                .map(|row| (row.row_no, row.fault))
                .collect::<Vec<_>>(),
            [
                (3, Some(RawFault::CardTruncated)),
                (4, Some(RawFault::CardTruncated)),
            ]
        );
    }

    proptest! {
        #[test]
        fn any_cards_are_survived(file in "(BEGIN:VCARD|END:VCARD|\n|;|:|=|=4|N|ORG|TEL|ENCODING=QUOTED-PRINTABLE|\\\\| ){0,60}") {
            let _ = rows(file.as_bytes(), UTF_8);
        }
    }
}
