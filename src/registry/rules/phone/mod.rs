//! Phone numbers: one cell of a list in, E.164 numbers with extension out.
//!
//! Mainland, Taiwan, Hong Kong and Macau are judged strictly (pattern, area code, length). Of other countries only the
//! country code and a possible length are asked: number plans change, and a number that is said to be foreign is
//! better dialled once in vain than lost.

mod cell;
mod country;
mod home;
mod number;
mod remark;
mod scan;
mod show;

use std::fmt;

pub use cell::{as_given, parse_one, read_phones};
pub use country::region_of;
pub use home::Home;
pub use remark::labelled_phones;
pub use show::digits_query;

use super::hash::hash64;
use super::region::AreaCode;

/// What a number reaches, as far as its digits tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PhoneKind {
    /// A mobile of mainland China, Taiwan, Hong Kong or Macau.
    Mobile,
    /// A line of the same countries that stands somewhere.
    Landline,
    /// A shared service number (400, 800): never evidence that two companies are one.
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
    /// The area code was not with the number but taken from the row's city, or from the number before it.
    pub area_inferred: bool,
}

/// What the row around a cell says about its numbers.
#[derive(Debug, Clone, Default)]
pub struct PhoneContext {
    /// Area code of the row's city: of its column, else of the city that begins the company name.
    pub area: Option<AreaCode>,
    /// Whose numbers stand without a country code: the row's place, else the office's country.
    pub home: Home,
    /// The cell is a number of a workbook: leading zeros may be lost.
    pub numeric_cell: bool,
}

impl PhoneContext {
    /// What is known without a row: the country.
    pub fn at(home: Home) -> Self {
        Self {
            home,
            ..Self::default()
        }
    }
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
}

#[cfg(test)]
mod tests;
