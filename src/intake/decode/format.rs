//! What kind of file this is, by its first bytes. The name is never believed.

use serde::{Deserialize, Serialize};

/// How a list is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// CSV, TSV, TXT.
    Delimited,
    /// A packed workbook: xlsx, xlsm, xlsb, ods.
    Workbook,
    /// A workbook of Excel 97–2003.
    OldWorkbook,
    /// A web page with a table, often named `.xls`.
    Html,
    /// vCards.
    Cards,
}

/// What the first bytes are when they are no list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoList {
    Picture,
    Document,
    Archive,
    Binary,
}

const PICTURES: &[&[u8]] = &[
    b"\x89PNG",
    b"\xFF\xD8\xFF",
    b"GIF8",
    b"II*\0",
    b"MM\0*",
    b"\0\0\x01\0",
    b"8BPS",
    b"\0\0\0\x18ftyp",
    b"\0\0\0\x20ftyp",
];
const DOCUMENTS: &[&[u8]] = &[b"%PDF", b"{\\rtf", b"%!PS"];
const ARCHIVES: &[&[u8]] = &[b"Rar!", b"7z\xBC\xAF", b"\x1F\x8B", b"\xFD7zXZ", b"\x7FELF"];

/// The format by the first bytes (4 KB are plenty).
pub(crate) fn sniff(head: &[u8]) -> Result<Format, NoList> {
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return Ok(Format::Workbook);
    }
    if head.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        return Ok(Format::OldWorkbook);
    }
    let begins = |marks: &[&[u8]]| marks.iter().any(|mark| head.starts_with(mark));
    if begins(PICTURES)
        || (head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP"))
        || looks_like_bmp(head)
    {
        return Err(NoList::Picture);
    }
    if begins(DOCUMENTS) {
        return Err(NoList::Document);
    }
    if begins(ARCHIVES) {
        return Err(NoList::Archive);
    }
    sniff_text(head)
}

/// `BM` alone also begins texts; a bitmap has zeros where a text has letters.
fn looks_like_bmp(head: &[u8]) -> bool {
    head.starts_with(b"BM") && head.get(6..10) == Some(&[0, 0, 0, 0])
}

fn sniff_text(head: &[u8]) -> Result<Format, NoList> {
    let utf16 = head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF]);
    let text: String = head
        .iter()
        .filter(|b| **b != 0)
        .map(|b| b.to_ascii_lowercase() as char)
        .collect();
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || "ï»¿ÿþ".contains(c));
    if text.starts_with("begin:vcard") {
        return Ok(Format::Cards);
    }
    let page = [
        "<!doctype html",
        "<html",
        "<table",
        "<head",
        "<meta",
        "<body",
    ]
    .iter()
    .any(|mark| text.starts_with(mark));
    if page || (text.starts_with("<?xml") && text.contains("<html")) {
        return Ok(Format::Html);
    }
    if !utf16 && super::encoding::utf16_without_mark(head).is_none() && is_binary(head) {
        return Err(NoList::Binary);
    }
    Ok(Format::Delimited)
}

/// Texts may hold stray control characters, but not one in ten.
fn is_binary(head: &[u8]) -> bool {
    let control = head
        .iter()
        .filter(|b| matches!(b, 0..=8 | 14..=26 | 28..=31))
        .count();
    control * 10 > head.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_bytes_tell_the_format() {
        assert_eq!(
            sniff(b"\x89PNG\r\n\x1a\n....").unwrap_err(),
            NoList::Picture
        );
        assert_eq!(sniff(b"%PDF-1.7").unwrap_err(), NoList::Document);
        assert_eq!(sniff(b"PK\x03\x04....").unwrap(), Format::Workbook);
        assert_eq!(
            sniff(b"\xEF\xBB\xBF <HTML xmlns=\"\">").unwrap(),
            Format::Html
        );
        assert_eq!(
            sniff(b"\xEF\xBB\xBFBEGIN:VCARD\r\n").unwrap(),
            Format::Cards
        );
        assert_eq!(
            sniff(b"BMW Suzhou,0512-65801234\n").unwrap(),
            Format::Delimited
        );
        assert_eq!(sniff(b"\xFF\xFEa\0,\0b\0").unwrap(), Format::Delimited);
        assert_eq!(
            sniff(&[1, 2, 3, 4, 5, 6, 200, 201]).unwrap_err(),
            NoList::Binary
        );
    }
}
