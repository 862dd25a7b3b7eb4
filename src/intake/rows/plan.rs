//! How a file is going to be read: everything that was found out or decided, so that a run needs no second thought.

use serde::{Deserialize, Serialize};

use crate::intake::columns::{Field, HeaderRow, Mapping, SheetChoice};
use crate::intake::decode::Reading;
use crate::intake::decode::format::Format;
use crate::registry::rules::phone::Home;

/// What the rows of a list are, which decides when one is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Somebody to be won: a name and something to reach them with.
    Leads {
        /// On a mailing list a postal address reaches them too.
        postal_address_is_enough: bool,
    },
    /// Own customers: a company name or a code.
    Customers,
    /// Not to be called or mailed: a number, address, domain, company or person.
    Suppressions,
}

impl Default for Kind {
    fn default() -> Self {
        Self::Leads {
            postal_address_is_enough: false,
        }
    }
}

/// What a person wants of the reading; the default finds everything out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Options {
    /// What the rows are.
    pub kind: Kind,
    /// Name of the encoding.
    pub encoding: Option<String>,
    /// What stands between cells.
    pub delimiter: Option<char>,
    /// Which sheets are read; `None` leaves it to the mapping.
    pub sheet: Option<SheetChoice>,
    /// Where the header stands; `None` leaves it to the mapping.
    pub header_row: Option<HeaderRow>,
    /// Corrections.
    pub mapping: Option<Mapping>,
    /// Whose numbers stand without a country code where a row names no place.
    pub home: Home,
}

/// How one sheet is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetPlan {
    /// From 1.
    pub sheet_no: u32,
    /// Empty in texts.
    pub name: String,
    /// Row of the header.
    pub header_row: Option<u64>,
    /// Rows before this one are titles.
    pub first_row: u64,
    /// One text for each column, empty without header.
    pub headings: Vec<String>,
    /// What each column holds.
    pub columns: Vec<Field>,
}

impl SheetPlan {
    /// What a column holds.
    pub fn field(&self, column: usize) -> Field {
        self.columns.get(column).copied().unwrap_or(Field::Ignore)
    }

    /// Some column holds this.
    pub fn has(&self, field: Field) -> bool {
        self.columns.contains(&field)
    }
}

/// How a file is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// What the rows are.
    pub kind: Kind,
    /// Bytes to cells.
    pub reading: Reading,
    /// The sheets that are read.
    pub sheets: Vec<SheetPlan>,
    /// Whose numbers stand without a country code where a row names no place.
    #[serde(default)]
    pub home: Home,
}

impl Plan {
    /// How this sheet is read, if it is.
    pub fn sheet(&self, sheet_no: u32) -> Option<&SheetPlan> {
        self.sheets.iter().find(|sheet| sheet.sheet_no == sheet_no)
    }

    /// Extra cells mean shifted ones; in a workbook nothing shifts.
    pub(crate) fn can_be_ragged(&self) -> bool {
        self.reading.format == Format::Delimited
    }
}
