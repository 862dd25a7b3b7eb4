//! One import of one file, and how it is read.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::intake::decode::unreadable::told;
use crate::intake::{HeaderRow, Kind, Mapping, Options, Plan, SheetChoice};
use crate::platform::i18n::Lang;
use crate::platform::problem::Told;
use crate::registry::rules::phone::Home;
use crate::schema::batch;

/// An import as stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Identifiable)]
#[diesel(table_name = batch)]
pub struct Batch {
    /// Id.
    pub id: i64,
    /// The list or event.
    pub source_id: i64,
    /// [`BatchKind`].
    pub kind: String,
    /// As it was sent.
    pub file_name: String,
    /// SHA-256 of the file.
    pub file_hash: Vec<u8>,
    /// [`BatchState`].
    pub state: String,
    /// [`StoredPlan`].
    pub mapping: Option<String>,
    /// [`super::Figures`].
    pub figures: Option<String>,
    /// When the list was made.
    pub collected_on: Option<NaiveDate>,
    /// The batch whose rows it corrects.
    pub correction_of: Option<i64>,
    /// The job that runs, or ran last.
    pub job_id: Option<i64>,
    /// Who imported it.
    pub actor_id: Option<i64>,
    /// When it was sent.
    pub started_at: NaiveDateTime,
    /// When it was done.
    pub finished_at: Option<NaiveDateTime>,
    /// When it was taken back.
    pub undone_at: Option<NaiveDateTime>,
}

impl Batch {
    /// What its rows are.
    pub fn kind(&self) -> BatchKind {
        BatchKind::parse(&self.kind).unwrap_or(BatchKind::Leads)
    }
    /// How far it is.
    pub fn state(&self) -> BatchState {
        BatchState::parse(&self.state)
    }
    /// How it is read.
    pub fn plan(&self) -> StoredPlan {
        self.mapping
            .as_deref()
            .and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or_default()
    }
    /// What came of it.
    pub fn figures(&self) -> super::Figures {
        self.figures
            .as_deref()
            .and_then(|text| serde_json::from_str(text).ok())
            .unwrap_or_default()
    }
}

/// What the rows of a list are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BatchKind {
    /// Somebody to be won.
    Leads,
    /// Own customers.
    Customers,
    /// Not to be called or mailed.
    Suppressions,
}

impl BatchKind {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 3] = [Self::Leads, Self::Customers, Self::Suppressions];

    /// Stable code, as stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Leads => "leads",
            Self::Customers => "customers",
            Self::Suppressions => "suppressions",
        }
    }
    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
    /// As rows are judged; on a mailing list a postal address is enough.
    pub fn rows(self, channel: &str) -> Kind {
        match self {
            Self::Leads => Kind::Leads {
                postal_address_is_enough: channel == "DM",
            },
            Self::Customers => Kind::Customers,
            Self::Suppressions => Kind::Suppressions,
        }
    }
}

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BatchState {
    /// Sent, not yet confirmed.
    Draft,
    /// Waits for its turn.
    Queued,
    /// Rows are being taken.
    Running,
    /// All rows are taken.
    Done,
    /// Stopped by a fault, or unreadable.
    Failed,
    /// Stopped by somebody; what had been taken stays until it is taken back.
    Cancelled,
    /// Is being taken back.
    Undoing,
    /// Taken back; its raw rows are kept.
    Undone,
}

impl BatchState {
    /// All.
    pub const ALL: [Self; 8] = [
        Self::Draft,
        Self::Queued,
        Self::Running,
        Self::Done,
        Self::Failed,
        Self::Cancelled,
        Self::Undoing,
        Self::Undone,
    ];

    /// Stable code, as stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Undoing => "undoing",
            Self::Undone => "undone",
        }
    }
    /// Reads a code.
    pub fn parse(code: &str) -> Self {
        Self::ALL
            .into_iter()
            .find(|state| state.code() == code)
            .unwrap_or(Self::Draft)
    }
    /// Nothing moves any more.
    pub fn is_settled(self) -> bool {
        matches!(
            self,
            Self::Done | Self::Failed | Self::Cancelled | Self::Undone
        )
    }
    /// Its rows count.
    pub fn is_live(self) -> bool {
        matches!(
            self,
            Self::Running | Self::Done | Self::Failed | Self::Cancelled
        )
    }
    /// May be taken back.
    pub fn may_be_undone(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }
}

/// What a person wants of the reading, as stored.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ReadOptions {
    /// Name of the encoding; none = found out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// What stands between cells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<char>,
    /// Which sheets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<SheetChoice>,
    /// Where the header stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header_row: Option<HeaderRow>,
    /// Corrections of columns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mapping: Option<Mapping>,
    /// Rows that are known are read anew by this mapping.
    pub remap: bool,
    /// Whose numbers stand without a country code: the office's country when the list came.
    pub home: Home,
}

impl ReadOptions {
    /// For [`crate::intake::inspect`].
    pub fn to_options(&self, kind: Kind) -> Options {
        Options {
            kind,
            encoding: self.encoding.clone(),
            delimiter: self.delimiter,
            sheet: self.sheet.clone(),
            header_row: self.header_row,
            mapping: self.mapping.clone(),
            home: self.home,
        }
    }
}

/// How an import is read: what was asked, and once it was looked at, everything that was found out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct StoredPlan {
    /// What was asked.
    pub options: ReadOptions,
    /// What was found out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<Plan>,
    /// Why the file is refused as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unreadable: Option<String>,
    /// About so many rows.
    pub rows: u64,
}

impl StoredPlan {
    /// What is wrong with a file that is refused as a whole, and what to do about it.
    pub fn refusal(&self, lang: Lang) -> Option<Told> {
        self.unreadable.as_deref().map(|code| told(code, lang))
    }
}

/// An import to open.
#[derive(Debug, Clone)]
pub struct NewBatch {
    /// The list or event.
    pub source: super::NewSource,
    /// What its rows are.
    pub kind: BatchKind,
    /// As it was sent.
    pub file_name: String,
    /// How it is read.
    pub options: ReadOptions,
    /// When the list was made; today where nobody said.
    pub collected_on: Option<NaiveDate>,
    /// The batch whose rows it corrects.
    pub correction_of: Option<i64>,
}
