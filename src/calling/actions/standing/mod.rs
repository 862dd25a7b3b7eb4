//! What stands around an entry when it is served: its company, numbers, refusals, dials, and what others have in hand.

mod choice;

use std::collections::{HashMap, HashSet};

use chrono::{NaiveDateTime, TimeDelta};

use super::rulebook::Rulebook;
use super::situation::Dialled;
use crate::calling::model::{Callback, Lease};
use crate::calling::queries::{self, Around, Callee, Head, Held, Number, Whereabouts};
use crate::consent::{Subject, Way, Ways, suppressed_ways};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::registry::rules::hash::hash64;
use crate::registry::rules::phone::Phone;
pub(super) use choice::Stop;

/// All of it, read once.
#[derive(Debug, Clone)]
pub(super) struct Standing {
    pub company: Option<Callee>,
    pub person_root: Option<i64>,
    /// Every id under the root.
    pub group: Vec<i64>,
    pub numbers: Vec<Number>,
    pub reviews: Vec<i64>,
    /// Own keys and dials of each number, in the order of `numbers`.
    dials: HashMap<i64, Vec<NaiveDateTime>>,
    company_dials: Vec<NaiveDateTime>,
    silent: HashSet<Subject>,
    held: HashSet<Held>,
}

impl Standing {
    /// Reads what stands around an entry.
    pub fn look(
        conn: &mut Conn,
        now: NaiveDateTime,
        rules: &Rulebook,
        head: &Head,
        callback: Option<&Callback>,
    ) -> AppResult<Self> {
        let mut standing = Self::of(conn, head.company_id, head.person_id)?;
        standing.read_refusals(conn)?;
        let keys: Vec<i64> = standing.numbers.iter().map(Self::number_key).collect();
        // Of a company's persons only the one counts whose number is chosen, and the locks see to that.
        let persons: Vec<i64> = match standing.company {
            Some(_) => Vec::new(),
            None => standing
                .numbers
                .iter()
                .filter_map(|n| n.person_root)
                .chain(standing.person_root)
                .collect(),
        };
        let (company_since, number_since) = dials_since(now, rules);
        let of = Whereabouts {
            group: &standing.group,
            numbers: &keys,
            persons: &persons,
            company_since,
            number_since,
        };
        for found in queries::around(conn, of)? {
            match found {
                Around::Review(id) => standing.reviews.push(id),
                Around::Held(what) => {
                    standing.held.insert(what);
                }
                // A call that was agreed counts against no limit.
                _ if callback.is_some() => {}
                Around::CompanyDial(at) => standing.company_dials.push(at),
                Around::NumberDial(key, at) => standing.dials.entry(key).or_default().push(at),
            }
        }
        Ok(standing)
    }

    /// Company or person with their numbers, without anything that changes by the minute.
    pub fn of(conn: &mut Conn, company_id: Option<i64>, person_id: Option<i64>) -> AppResult<Self> {
        let mut standing = Self {
            company: None,
            person_root: None,
            group: Vec::new(),
            numbers: Vec::new(),
            reviews: Vec::new(),
            dials: HashMap::new(),
            company_dials: Vec::new(),
            silent: HashSet::new(),
            held: HashSet::new(),
        };
        if let Some(id) = company_id {
            let root = queries::callee(conn, id)?;
            standing.group = queries::group(conn, &root)?;
            standing.numbers = queries::numbers_of_companies(conn, &standing.group)?;
            standing.company = Some(root);
        } else if let Some(id) = person_id {
            let root = queries::person_root(conn, id)?;
            standing.person_root = Some(root);
            standing.numbers = queries::numbers_of_person(conn, root)?;
        }
        Ok(standing)
    }

    /// Who of it asked not to be called.
    pub fn read_refusals(&mut self, conn: &mut Conn) -> AppResult<()> {
        let mut subjects: Vec<Subject> =
            self.group.iter().map(|id| Subject::company(*id)).collect();
        for number in &self.numbers {
            subjects.push(Subject::number(&number.value));
            subjects.extend(number.person_id.map(Subject::person));
            subjects.extend(number.person_root.map(Subject::person));
        }
        subjects.extend(self.person_root.map(Subject::person));
        subjects.sort_unstable();
        subjects.dedup();
        self.silent = suppressed_ways(conn, &subjects)?
            .into_iter()
            .filter(|(_, ways)| ways.has(Way::Call))
            .map(|(subject, _)| subject)
            .collect();
        Ok(())
    }

    /// The dials that count.
    pub fn read_dials(
        &mut self,
        conn: &mut Conn,
        now: NaiveDateTime,
        rules: &Rulebook,
        keys: &[i64],
    ) -> AppResult<()> {
        let (company_since, number_since) = dials_since(now, rules);
        let found = queries::dials(conn, &self.group, company_since, keys, number_since)?;
        for (key, at) in found {
            match key {
                Some(key) => self.dials.entry(key).or_default().push(at),
                None => self.company_dials.push(at),
            }
        }
        Ok(())
    }

    /// Dials of a number with its extension.
    pub fn number_dials(&self, key: i64) -> Vec<NaiveDateTime> {
        self.dials.get(&key).cloned().unwrap_or_default()
    }

    /// Dials of everything under the root.
    pub fn company_dials(&self) -> &[NaiveDateTime] {
        &self.company_dials
    }

    /// The number with its extension, as limits and locks know it.
    pub fn number_key(number: &Number) -> i64 {
        hash64(&number.full())
    }

    /// A person's name, as far as one of their numbers is known.
    pub fn name_of(&self, person_id: Option<i64>) -> Option<String> {
        let id = person_id?;
        self.numbers
            .iter()
            .find(|n| n.person_id == Some(id) || n.person_root == Some(id))
            .and_then(|n| n.person_name.clone())
    }

    /// Whether calls to a number, or to whoever has it, are suppressed.
    pub fn is_silent(&self, number: &Number) -> bool {
        let person = [number.person_id, number.person_root]
            .into_iter()
            .flatten()
            .any(|id| self.silent.contains(&Subject::person(id)));
        let refused = number
            .person_refused
            .is_some_and(|ways| Ways(ways).has(Way::Call));
        person
            || refused
            || number.state == "suppressed"
            || self.silent.contains(&Subject::number(&number.value))
    }

    /// Whether another number may be called some day.
    pub fn has_number_beside(&self, key: i64) -> bool {
        self.numbers
            .iter()
            .any(|n| n.state == "good" && Self::number_key(n) != key && !self.is_silent(n))
    }

    /// The contact whose number was served; none for the switchboard. One who has left since is not among the numbers.
    pub fn contact_of(&self, conn: &mut Conn, lease: &Lease) -> AppResult<Option<i64>> {
        let Some(point) = lease.point_id else {
            return Ok(None);
        };
        match self.numbers.iter().find(|n| n.point_id == point) {
            Some(number) if self.company.is_some() => Ok(number.contact_id),
            _ => Ok(queries::contact_of_point(conn, point, lease.company_id)?),
        }
    }

    /// What is known of a number that was dialled.
    pub fn dialled(&self, phone: &Phone) -> Dialled {
        let plain = Dialled::of(phone);
        let known = self
            .numbers
            .iter()
            .find(|n| n.value == phone.e164 && n.ext == phone.ext)
            .or_else(|| self.numbers.iter().find(|n| n.value == phone.e164));
        match known {
            None => plain,
            Some(n) => Dialled {
                point_id: Some(n.point_id),
                person_id: n.person_root,
                contact_id: n.contact_id,
                ..plain
            },
        }
    }
}

/// From when on dials count: of the company, and of a number.
fn dials_since(now: NaiveDateTime, rules: &Rulebook) -> (NaiveDateTime, NaiveDateTime) {
    let limits = &rules.calling.limits;
    // A day more than the window: its edges are the office's, not UTC's.
    let since = |days: u32| now - TimeDelta::days(i64::from(days) + 1);
    (
        since(limits.company_in_days.days),
        since(limits.number_in_days.days),
    )
}
