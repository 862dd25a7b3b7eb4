//! A row as it came, before anybody has judged it.

use serde::{Deserialize, Serialize};

/// What a cell was in its file. Text files know only text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CellKind {
    /// Written text.
    #[default]
    Text,
    /// A number of a workbook: leading zeros may be lost.
    Number,
    /// A date of a workbook, written as `2024-05-20` or `2024-05-20 14:30`.
    Date,
    /// `TRUE` or `FALSE`.
    Truth,
}

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Cell {
    /// The text as read, only without NUL characters.
    pub text: String,
    /// What the file said it is.
    pub kind: CellKind,
}

impl Cell {
    /// A cell of a text file.
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            kind: CellKind::Text,
        }
    }

    /// White space, zero-width characters or nothing at all.
    pub fn is_blank(&self) -> bool {
        self.text
            .chars()
            .all(|c| c.is_whitespace() || is_invisible(c))
    }
}

/// Characters that take no room: left by web pages and word processors.
pub(crate) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{0}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{FEFF}')
}

/// A row as a person reads it: a line of a text file as it stood, the cells of a workbook with a rule between them.
pub fn readable(raw: &str) -> String {
    match serde_json::from_str::<Vec<String>>(raw) {
        Ok(cells) => cells.join(" │ "),
        Err(_) => raw.trim_end().to_owned(),
    }
}

/// What is wrong with a row before its cells are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RawFault {
    /// Its bytes are not valid in the encoding of the file.
    BadEncoding,
    /// A quote opens and never closes; the row is one physical line.
    UnclosedQuote,
    /// One physical line of more than [`super::lines::MAX_LINE`] bytes; the rest of it was let go.
    LineTooLong,
    /// A card without an end.
    CardTruncated,
}

/// One row of a list, verbatim.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RawRow {
    /// Sheet of the workbook, from 1; always 1 in text files.
    pub sheet_no: u32,
    /// Row of the sheet, or physical line on which the record starts, from 1.
    pub row_no: u64,
    /// How many physical lines the record takes (1 in workbooks).
    pub lines: u32,
    /// Its cells, merged ranges already filled.
    pub cells: Vec<Cell>,
    /// The physical lines as they stood (without the last line end and NULs), or the cells of a workbook as a JSON array.
    pub raw: String,
    /// What is wrong with it as a whole.
    pub fault: Option<RawFault>,
    /// NULs were taken out of it.
    pub had_nul: bool,
    /// Cells behind the last column that is read were let go.
    pub is_cut: bool,
}

impl RawRow {
    /// No cell says anything.
    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(Cell::is_blank)
    }

    /// The cells that say something, with their position.
    pub(crate) fn filled(&self) -> impl Iterator<Item = (usize, &Cell)> {
        self.cells
            .iter()
            .enumerate()
            .filter(|(_, cell)| !cell.is_blank())
    }
}
