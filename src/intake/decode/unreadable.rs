//! A file that is refused as a whole, and why.

use std::fmt;
use std::io;

use serde::{Deserialize, Serialize};

use super::format::NoList;
use crate::platform::i18n::Lang;
use crate::platform::problem::Told;

/// Why nothing of a file is imported. Every one of them is the reason `unreadable_file` of row 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnreadableCode {
    /// No byte, or nothing but white space.
    EmptyFile,
    /// A picture, whatever its name says.
    Picture,
    /// A document (PDF, RTF).
    Document,
    /// An archive that must be unpacked first.
    Archive,
    /// Bytes that are neither text nor a known format.
    Binary,
    /// A package or container without a workbook inside, such as a text document.
    NotAWorkbook,
    /// A workbook that was cut off or damaged.
    TruncatedWorkbook,
    /// A workbook that opens with a password only.
    ProtectedWorkbook,
    /// More than can be read at once; a CSV of the same has no limit.
    WorkbookTooLarge,
    /// A web page without a table.
    HtmlWithoutTable,
    /// No sheet holds a list.
    NoList,
    /// The sheet that was asked for does not exist.
    NoSuchSheet,
    /// The header row that was asked for does not exist.
    NoSuchHeaderRow,
    /// The bytes could not be fetched.
    ReadError,
}

impl UnreadableCode {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::EmptyFile => "empty_file",
            Self::Picture => "picture",
            Self::Document => "document",
            Self::Archive => "archive",
            Self::Binary => "binary",
            Self::NotAWorkbook => "not_a_workbook",
            Self::TruncatedWorkbook => "truncated_workbook",
            Self::ProtectedWorkbook => "protected_workbook",
            Self::WorkbookTooLarge => "workbook_too_large",
            Self::HtmlWithoutTable => "html_without_table",
            Self::NoList => "no_list",
            Self::NoSuchSheet => "no_such_sheet",
            Self::NoSuchHeaderRow => "no_such_header_row",
            Self::ReadError => "read_error",
        }
    }

    pub(crate) fn because(self, detail: impl fmt::Display) -> Unreadable {
        Unreadable {
            code: self,
            detail: detail.to_string(),
        }
    }
}

/// The sentence of a code, and what to do about it.
pub fn told(code: &str, lang: Lang) -> Told {
    let key = format!("unreadable-{}", code.replace('_', "-"));
    Told {
        text: lang.text(&key),
        remedy: lang.text(&format!("{key}-remedy")),
    }
}

/// The refusal of a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("{}: {detail}", code.code())]
pub struct Unreadable {
    /// What the person is told about.
    pub code: UnreadableCode,
    /// For the log: what exactly was found.
    pub detail: String,
}

impl Unreadable {
    /// The sentence, and what to do.
    pub fn told(&self, lang: Lang) -> Told {
        told(self.code.code(), lang)
    }
}

impl From<io::Error> for Unreadable {
    fn from(error: io::Error) -> Self {
        UnreadableCode::ReadError.because(error)
    }
}

impl From<NoList> for Unreadable {
    fn from(found: NoList) -> Self {
        let code = match found {
            NoList::Picture => UnreadableCode::Picture,
            NoList::Document => UnreadableCode::Document,
            NoList::Archive => UnreadableCode::Archive,
            NoList::Binary => UnreadableCode::Binary,
        };
        code.because("by its first bytes")
    }
}
