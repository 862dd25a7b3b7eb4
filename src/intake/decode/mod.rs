//! Bytes → rows of cells.
//!
//! Decided here: which format, encoding and delimiter a file has, which sheets hold what, where a record begins and
//! ends. Nothing here knows what a cell means.

mod cards;
pub mod delimited;
pub mod delimiter;
pub mod encoding;
pub mod format;
mod html;
pub mod lines;
mod package;
pub mod row;
pub mod source;
pub mod unreadable;
pub mod workbook;
#[cfg(test)]
mod workbook_tests;

use std::io;

use delimited::Records;
use delimiter::DelimiterFound;
use encoding::{EncodingFound, TextEncoding, encoding_called};
use format::Format;
use lines::{Line, TextLines};
use row::RawRow;
use source::ByteSource;
use unreadable::{Unreadable, UnreadableCode};
use workbook::{SheetName, Workbook};

/// How many rows are looked at before a file is read.
pub(crate) const PREFIX_ROWS: usize = 300;

/// What a person decided about the bytes; everything else is found out.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Forced {
    pub encoding: Option<&'static encoding_rs::Encoding>,
    pub delimiter: Option<char>,
}

/// A look at the beginning of a file.
pub(crate) struct Look {
    pub format: Format,
    pub text: Option<EncodingFound>,
    pub delimiter: Option<DelimiterFound>,
    /// Text files are one sheet without a name.
    pub sheets: Vec<SheetLook>,
    /// The first lines as they are read.
    pub preview: Vec<String>,
}

/// The beginning of a sheet.
pub(crate) struct SheetLook {
    pub name: SheetName,
    pub rows: Vec<RawRow>,
    /// All rows of the sheet; in texts the physical lines.
    pub total: u64,
    /// Columns that the format itself names.
    pub headings: Option<Vec<String>>,
}

/// Looks at a file without reading all its rows.
pub(crate) fn look(source: &dyn ByteSource, forced: Forced) -> Result<Look, Unreadable> {
    let head = source::head(source, 4096)?;
    if head
        .iter()
        .all(|byte| byte.is_ascii_whitespace() || *byte == 0)
        || matches!(&head[..], b"\xEF\xBB\xBF" | b"\xFF\xFE" | b"\xFE\xFF")
    {
        return Err(UnreadableCode::EmptyFile.because(format!("{} bytes", source.len())));
    }
    match format::sniff(&head)? {
        Format::Delimited => look_at_text(source, forced),
        format @ (Format::Workbook | Format::OldWorkbook) => look_at_workbook(source, format),
        format @ (Format::Html | Format::Cards) => look_at_page(source, format, forced, &head),
    }
}

/// Web pages and cards are small; they are read whole.
fn look_at_page(
    source: &dyn ByteSource,
    format: Format,
    forced: Forced,
    head: &[u8],
) -> Result<Look, Unreadable> {
    let found = encoding::detect(source, forced.encoding)?;
    // What a page says about itself is wrong often enough: valid UTF-8 beyond ASCII is never anything else.
    let utf8 = found.text.encoding == encoding_rs::UTF_8 && !found.tried.is_empty();
    let declared =
        html::declared_charset(head).filter(|_| format == Format::Html && !utf8 && !found.forced);
    let text = TextEncoding {
        encoding: declared.unwrap_or(found.text.encoding),
        ..found.text
    };
    let mut rows = page_rows(source, format, &text)?;
    if rows.is_empty() {
        return Err(UnreadableCode::HtmlWithoutTable.because("no row in it"));
    }
    let total = rows.len() as u64;
    rows.truncate(PREFIX_ROWS);
    let name = SheetName {
        no: 1,
        name: String::new(),
        hidden: false,
    };
    let preview = rows
        .iter()
        .take(20)
        .map(|row| row.raw.chars().take(300).collect())
        .collect();
    let headings = (format == Format::Cards).then(|| cards::HEADINGS.map(str::to_owned).to_vec());
    let sheets = vec![SheetLook {
        name,
        rows,
        total,
        headings,
    }];
    Ok(Look {
        format,
        text: Some(EncodingFound { text, ..found }),
        delimiter: None,
        sheets,
        preview,
    })
}

fn page_rows(
    source: &dyn ByteSource,
    format: Format,
    text: &TextEncoding,
) -> Result<Vec<RawRow>, Unreadable> {
    if source.len() > workbook::MAX_WORKBOOK {
        return Err(UnreadableCode::WorkbookTooLarge.because(format!("{} bytes", source.len())));
    }
    let bytes = source::head(source, workbook::MAX_WORKBOOK)?;
    let bytes = bytes.get(text.mark..).unwrap_or_default();
    Ok(match format {
        Format::Cards => cards::rows(bytes, text.encoding),
        _ => html::rows(&lines::decode(text.encoding, bytes).0),
    })
}

fn look_at_text(source: &dyn ByteSource, forced: Forced) -> Result<Look, Unreadable> {
    let found = encoding::detect(source, forced.encoding)?;
    let lines = first_lines(TextLines::open(source, &found.text)?)?;
    let delimiter = delimiter::guess(&lines, forced.delimiter);
    let mut records = Records::new(
        TextLines::open(source, &found.text)?,
        delimiter.delimiter,
        delimiter.width,
    );
    let mut rows = Vec::new();
    while rows.len() < PREFIX_ROWS {
        let Some(row) = records.next_record()? else {
            break;
        };
        rows.push(row);
    }
    let name = SheetName {
        no: 1,
        name: String::new(),
        hidden: false,
    };
    let preview = lines
        .iter()
        .take(20)
        .map(|line| line.text.chars().take(300).collect())
        .collect();
    let sheets = vec![SheetLook {
        name,
        rows,
        total: found.lines,
        headings: None,
    }];
    Ok(Look {
        format: Format::Delimited,
        text: Some(found),
        delimiter: Some(delimiter),
        sheets,
        preview,
    })
}

fn first_lines(mut lines: TextLines) -> io::Result<Vec<Line>> {
    let mut first = Vec::new();
    let mut bytes = 0;
    while first.len() < PREFIX_ROWS && bytes < 1 << 20 {
        let Some(line) = lines.next_line()? else {
            break;
        };
        bytes += line.text.len();
        first.push(line);
    }
    Ok(first)
}

fn look_at_workbook(source: &dyn ByteSource, format: Format) -> Result<Look, Unreadable> {
    let mut book = Workbook::open(source)?;
    let mut sheets = Vec::new();
    for name in book.sheets.clone() {
        let mut rows = book.rows(&name, usize::MAX)?;
        let total = rows.len() as u64;
        rows.truncate(PREFIX_ROWS);
        sheets.push(SheetLook {
            name,
            rows,
            total,
            headings: None,
        });
    }
    let preview = sheets.first().map(|sheet| {
        sheet
            .rows
            .iter()
            .take(20)
            .map(|row| row.raw.clone())
            .collect()
    });
    Ok(Look {
        format,
        text: None,
        delimiter: None,
        sheets,
        preview: preview.unwrap_or_default(),
    })
}

/// How the bytes of a file are read, as kept in a plan.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Reading {
    /// Format by the first bytes.
    pub format: Format,
    /// Name of the encoding; empty in workbooks.
    pub encoding: String,
    /// Bytes of the byte order mark.
    pub mark: usize,
    /// Lines end at `\r` only.
    pub carriage_returns: bool,
    /// What stands between cells.
    pub delimiter: char,
    /// Line 1 is `sep=;`.
    pub declared: bool,
    /// Cells of most rows.
    pub width: usize,
    /// Sheets to read, in order.
    pub sheets: Vec<u32>,
}

impl Reading {
    fn text_encoding(&self) -> TextEncoding {
        let encoding = encoding_called(&self.encoding).unwrap_or(encoding_rs::UTF_8);
        TextEncoding {
            encoding,
            mark: self.mark,
            line_end: if self.carriage_returns { b'\r' } else { b'\n' },
        }
    }
}

/// The rows of a list, one after the other. A text is read as a stream; a workbook is complete before its first row.
pub struct RowReader(Rows);

enum Rows {
    Text(Box<Records>),
    Loaded(std::vec::IntoIter<RawRow>),
}

impl RowReader {
    /// Starts at the first row.
    pub fn open(source: &dyn ByteSource, reading: &Reading) -> Result<Self, Unreadable> {
        let rows = match reading.format {
            Format::Delimited => {
                let lines = TextLines::open(source, &reading.text_encoding())?;
                Rows::Text(Box::new(Records::new(
                    lines,
                    reading.delimiter,
                    reading.width,
                )))
            }
            Format::Workbook | Format::OldWorkbook => {
                let mut book = Workbook::open(source)?;
                let mut rows = Vec::new();
                for name in book
                    .sheets
                    .clone()
                    .iter()
                    .filter(|name| reading.sheets.contains(&name.no))
                {
                    rows.append(&mut book.rows(name, usize::MAX)?);
                }
                Rows::Loaded(rows.into_iter())
            }
            Format::Html | Format::Cards => Rows::Loaded(
                page_rows(source, reading.format, &reading.text_encoding())?.into_iter(),
            ),
        };
        Ok(Self(rows))
    }
}

impl Iterator for RowReader {
    type Item = io::Result<RawRow>;

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.0 {
            Rows::Text(records) => records.next_record().transpose(),
            Rows::Loaded(rows) => rows.next().map(Ok),
        }
    }
}
