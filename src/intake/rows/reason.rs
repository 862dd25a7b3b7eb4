//! What became of a row, with stable codes. Sentences are made from them when somebody reads.

use serde::{Deserialize, Serialize};

use crate::intake::columns::Field;
use crate::registry::rules::phone::PhoneFault;

/// Why a row (or a whole file) is rejected. The first that applies, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReasonCode {
    /// The file is refused as a whole (row 0).
    UnreadableFile,
    /// Bytes that are not valid in the encoding of the file.
    BadEncoding,
    /// A quote that never closes.
    UnclosedQuote,
    /// More cells than the header, and the extra ones say something.
    RaggedRow,
    /// A card without an end.
    CardTruncated,
    /// More than 10,000 characters in a name, phone or mail cell.
    CellTooLong,
    /// The company cell is a formula and there is no person.
    FormulaInName,
    /// Neither company nor person.
    NoName,
    /// Nothing to reach anybody with, and a phone is of the `1.38E+10` kind.
    PhoneDigitsLost,
    /// Nothing to reach anybody with, and a local number lacks an area that can be known.
    PhoneNoArea,
    /// Nothing to reach anybody with, and a phone cell is filled but unusable.
    PhoneInvalid,
    /// Nothing to reach anybody with, no phone, and a mail cell is filled but invalid.
    EmailInvalid,
    /// Nothing to reach anybody with.
    NoContactPoint,
    /// Valid, but the same as an earlier row of the file. Decided where rows meet the registry, never here.
    DuplicateInFile,
    /// Valid, but a register that names somebody by the name alone silences nobody. Decided there, too.
    PersonUnclear,
}

impl ReasonCode {
    /// The stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::UnreadableFile => "unreadable_file",
            Self::BadEncoding => "bad_encoding",
            Self::UnclosedQuote => "unclosed_quote",
            Self::RaggedRow => "ragged_row",
            Self::CardTruncated => "card_truncated",
            Self::CellTooLong => "cell_too_long",
            Self::FormulaInName => "formula_in_name",
            Self::NoName => "no_name",
            Self::PhoneDigitsLost => "phone_digits_lost",
            Self::PhoneNoArea => "phone_no_area",
            Self::PhoneInvalid => "phone_invalid",
            Self::EmailInvalid => "email_invalid",
            Self::NoContactPoint => "no_contact_point",
            Self::DuplicateInFile => "duplicate_in_file",
            Self::PersonUnclear => "person_unclear",
        }
    }
}

/// A reason with what it is about, so that a page can say what to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The code.
    pub code: ReasonCode,
    /// Column of the offending cell, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    /// What that column is read as.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<Field>,
    /// The offending value, shortened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

impl Reason {
    pub(crate) fn of_row(code: ReasonCode) -> Self {
        Self {
            code,
            column: None,
            field: None,
            value: None,
        }
    }

    pub(crate) fn at(code: ReasonCode, column: usize, field: Field, value: &str) -> Self {
        Self {
            code,
            column: Some(column),
            field: Some(field),
            value: Some(shortened(value)),
        }
    }
}

/// At most 60 characters of a value.
pub(crate) fn shortened(value: &str) -> String {
    let mut text: String = value.trim().chars().take(60).collect();
    if text.len() < value.trim().len() {
        text.push('…');
    }
    text
}

/// Why a row is no data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SkipKind {
    /// Above the header.
    Title,
    /// The header.
    Header,
    /// The header again.
    RepeatedHeader,
    /// White space or delimiters only.
    Blank,
    /// 小计, 合计.
    Total,
    /// 注：…, 导出时间….
    Footer,
    /// A sheet that is not read.
    OtherSheet,
}

/// What became of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It is taken.
    Valid,
    /// It is data, but not good enough.
    Rejected,
    /// It is no data.
    Skipped(SkipKind),
}

/// Why one value of a row was left out. The row may still be valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DropCode {
    /// `1.38E+10`.
    PhoneDigitsLost,
    /// A local number without a known area.
    PhoneNoArea,
    /// No real number.
    PhoneInvalid,
    /// `138****5678`.
    PhoneMasked,
    /// No mail address.
    EmailInvalid,
    /// Wrong check character.
    CreditCodeInvalid,
    /// A company name that is a formula.
    FormulaInName,
}

impl DropCode {
    pub(crate) fn of_phone(fault: PhoneFault) -> Option<Self> {
        match fault {
            PhoneFault::DigitsLost => Some(Self::PhoneDigitsLost),
            PhoneFault::NoArea => Some(Self::PhoneNoArea),
            PhoneFault::Invalid => Some(Self::PhoneInvalid),
            PhoneFault::Masked => Some(Self::PhoneMasked),
            PhoneFault::Fax => None,
        }
    }

    /// The reason this becomes when nothing else reaches the row.
    pub(crate) fn as_reason(self) -> ReasonCode {
        match self {
            Self::PhoneDigitsLost => ReasonCode::PhoneDigitsLost,
            Self::PhoneNoArea => ReasonCode::PhoneNoArea,
            Self::PhoneInvalid | Self::PhoneMasked => ReasonCode::PhoneInvalid,
            Self::EmailInvalid => ReasonCode::EmailInvalid,
            Self::FormulaInName => ReasonCode::FormulaInName,
            Self::CreditCodeInvalid => ReasonCode::NoContactPoint,
        }
    }
}

/// A value that was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dropped {
    /// What its column is read as.
    pub field: Field,
    /// The column, from 0.
    pub column: usize,
    /// The value, shortened.
    pub value: String,
    /// Why.
    pub why: DropCode,
}

/// Something worth knowing about how a row was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Note {
    /// Company and booth come from the row above.
    FilledDown,
    /// A cell said 同上.
    Ditto,
    /// An area code was inferred.
    AreaInferred,
    /// The person stood behind the company name.
    PersonInCompanyCell,
    /// A contact point stood in the remark.
    ContactPointInRemark,
    /// NULs were taken out of it.
    NulDropped,
    /// Cells behind the last column that is read were let go.
    CellsCut,
}

impl Note {
    /// The key of the sentence about what was lost; none of how something was read.
    pub fn loss_key(self) -> Option<&'static str> {
        match self {
            Self::NulDropped => Some("imports-nul-dropped"),
            Self::CellsCut => Some("imports-cells-cut"),
            _ => None,
        }
    }
}
