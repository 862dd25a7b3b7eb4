//! What lies on the desk.

use std::collections::HashSet;

use crate::registry::model::{Company, Contact, Person};
use crate::registry::rules::fold::Winners;
use crate::registry::rules::placing::{CompanyKeys, PlacedBy};

/// All bits of `person.refused`.
const EVERY_WAY: i32 = 7;

/// A company on the desk.
pub(crate) struct CompanyDraft {
    pub row: Company,
    pub winners: Winners,
    /// Every id that answers as this root, the root first.
    pub group: Vec<i64>,
    /// What merged members are known by.
    pub aliases: Vec<CompanyKeys>,
    /// Contacts of the group, first heard of first.
    pub contacts: Vec<i64>,
    /// Sources of its live records.
    pub sources: HashSet<i64>,
    pub(super) is_dirty: bool,
    /// More is to be written than plans and standing, which is all that most calls change.
    pub(super) is_rewritten: bool,
    pub(super) is_suppressed: bool,
}

impl CompanyDraft {
    pub(super) fn new(row: Company, is_dirty: bool) -> Self {
        Self {
            winners: Winners::from_json(&row.winners),
            group: vec![row.id],
            aliases: Vec::new(),
            contacts: Vec::new(),
            sources: HashSet::new(),
            is_dirty,
            is_rewritten: is_dirty,
            is_suppressed: false,
            row,
        }
    }

    /// Why these keys mean this company, if they do: its own name and code, or those of what was merged into it.
    pub fn same(&self, keys: &CompanyKeys) -> Option<PlacedBy> {
        let own = keys.same(&CompanyKeys::of_company(&self.row, &self.winners));
        own.into_iter()
            .chain(self.aliases.iter().filter_map(|alias| keys.same(alias)))
            .min()
    }
}

/// A person on the desk.
pub(crate) struct PersonDraft {
    pub row: Person,
    pub winners: Winners,
    pub contacts: Vec<i64>,
    /// Was there before; somebody new is a contact only where the desk says so.
    pub(super) is_known: bool,
    pub(super) is_dirty: bool,
}

impl PersonDraft {
    pub(super) fn new(row: Person, is_known: bool) -> Self {
        Self {
            winners: Winners::from_json(&row.winners),
            contacts: Vec::new(),
            is_known,
            is_dirty: !is_known,
            row,
        }
    }

    /// Refused every way: no list gives a ground again.
    pub(super) fn is_silent(&self) -> bool {
        self.row.refused & EVERY_WAY == EVERY_WAY
    }
}

/// A contact on the desk.
pub(crate) struct ContactDraft {
    pub row: Contact,
    pub winners: Winners,
    /// The root of its company.
    pub root: Option<i64>,
    /// The root of its person.
    pub person: i64,
    pub(super) is_dirty: bool,
}

impl ContactDraft {
    pub(super) fn new(row: Contact, root: Option<i64>, person: i64, is_dirty: bool) -> Self {
        Self {
            winners: Winners::from_json(&row.winners),
            root,
            person,
            is_dirty,
            row,
        }
    }
}

/// A point as the desk needs it.
#[derive(Debug, Clone)]
pub(crate) struct PointDraft {
    pub key: i64,
    pub kind: &'static str,
    pub is_good: bool,
    pub value: String,
}

/// What a source gives to the standing of its companies.
#[derive(Debug, Clone)]
pub(crate) struct SourceDraft {
    pub channel: i32,
    pub ground: Option<String>,
    pub rank: i32,
    pub is_customers: bool,
}
