//! Phone numbers: one cell of a list in, E.164 numbers with extension out.

use std::fmt;

use super::hash::hash64;
use super::region::AreaCode;

/// What a number reaches, as far as its digits tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PhoneKind {
    /// A mobile of mainland China or Taiwan, Hong Kong, Macau.
    Mobile,
    /// A line with an area code.
    Landline,
    /// A shared service number (400, 800).
    Service,
    /// Any other country.
    International,
}

/// A usable number.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Phone {
    /// `+8651265801234`.
    pub e164: String,
    /// Digits to dial after the answer.
    pub ext: Option<String>,
    /// What it reaches.
    pub kind: PhoneKind,
    /// The area code was not in the cell but taken from the row's city or its neighbour.
    pub area_inferred: bool,
}

/// What the row around a cell says about its numbers.
#[derive(Debug, Clone, Default)]
pub struct PhoneContext {
    /// Area code of the row's city (its column, else the city that begins the company name).
    pub area: Option<AreaCode>,
    /// A national number that fits both sides belongs to Taiwan.
    pub taiwan_first: bool,
    /// The cell is a number of a workbook: leading zeros may be lost.
    pub numeric_cell: bool,
}

/// Why a number cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PhoneFault {
    /// `1.38E+10` as text.
    DigitsLost,
    /// A local number whose area cannot be known.
    NoArea,
    /// Wrong length, or no real number.
    Invalid,
    /// `138****5678`.
    Masked,
    /// A fax number: no contact point, no fault of the row.
    Fax,
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.e164)?;
        match &self.ext {
            Some(ext) => write!(f, ";ext={ext}"),
            None => Ok(()),
        }
    }
}

impl Phone {
    /// Compares numbers without their extension.
    pub fn key(&self) -> i64 {
        hash64(&self.e164)
    }

    /// `138****5678`, for those who may not see the number.
    pub fn masked(&self) -> String {
        self.pretty()
    }

    /// As people of its country write it.
    pub fn pretty(&self) -> String {
        self.to_string()
    }
}

/// All numbers of a phone cell, in reading order.
pub fn read_phones(_cell: &str, _context: &PhoneContext) -> Vec<Result<Phone, PhoneFault>> {
    Vec::new()
}

/// The numbers of a remark that carry a phone label (`手机`, `Mobile`, `M:`, `电话`, `Tel` …).
pub fn labelled_phones(_remark: &str, _context: &PhoneContext) -> Vec<Result<Phone, PhoneFault>> {
    Vec::new()
}

/// One number typed by a person.
pub fn parse_one(text: &str, context: &PhoneContext) -> Result<Phone, PhoneFault> {
    read_phones(text, context)
        .into_iter()
        .next()
        .unwrap_or(Err(PhoneFault::Invalid))
}

/// The digits to look for when somebody searches by a number.
pub fn digits_query(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    (digits.len() >= 3).then_some(digits)
}
