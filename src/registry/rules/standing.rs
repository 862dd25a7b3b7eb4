//! How a company stands: completeness, what is missing, score, channels, flags.

use chrono::{Months, NaiveDate};

use super::completeness::{Present, completeness};
use super::fold::Winners;
use super::urgency;
use crate::registry::model::{Company, CompanyState, Field, flags};

/// What of a contact matters for the company.
#[derive(Debug, Clone, Default)]
pub struct ContactFacts {
    /// Id; of several without a mark the first is asked.
    pub id: i64,
    /// Marked as the one that is asked first.
    pub is_key: bool,
    /// Role in the decision.
    pub role: Option<String>,
    /// A mobile that is not bad.
    pub has_mobile: bool,
    /// A mail box that is not bad.
    pub has_email: bool,
    /// Any number that is not bad.
    pub has_number: bool,
}

/// What stands around a company.
#[derive(Debug, Clone, Default)]
pub struct CompanyFacts {
    /// Its contacts, first heard of first.
    pub contacts: Vec<ContactFacts>,
    /// It has a number of its own that is not bad.
    pub has_number: bool,
    /// Bits of the channels of its lists.
    pub channels: i32,
    /// A list or consent says why it may be called.
    pub has_ground: bool,
    /// It stands on a list at all.
    pub has_source: bool,
    /// Others were merged into it.
    pub is_merged: bool,
    /// Suppressed as a company.
    pub is_suppressed: bool,
}

impl CompanyFacts {
    /// The contact that is asked first: the marked one, else who decides, else the first with a mobile, else the first.
    pub fn key_contact(&self) -> Option<&ContactFacts> {
        let of = |test: &dyn Fn(&&ContactFacts) -> bool| self.contacts.iter().find(test);
        of(&|c| c.is_key)
            .or_else(|| of(&|c| c.role.as_deref() == Some("decider")))
            .or_else(|| of(&|c| c.has_mobile))
            .or_else(|| self.contacts.first())
    }

    fn has_role(&self, roles: &[&str]) -> bool {
        self.contacts
            .iter()
            .any(|c| c.role.as_deref().is_some_and(|role| roles.contains(&role)))
    }
}

/// Points of the dated urgencies, nearest first.
const URGENCY: [i32; 4] = [50, 40, 25, 10];

/// Points of the urgency today, and the day on which they change by time alone.
fn urgency_points(
    said: Option<&str>,
    sign_by: Option<NaiveDate>,
    today: NaiveDate,
) -> (i32, Option<NaiveDate>) {
    let points_at = |at: Option<usize>| at.and_then(|at| URGENCY.get(at)).copied().unwrap_or(0);
    let Some(sign_by) = sign_by else {
        let at = urgency::CODES.iter().position(|code| Some(*code) == said);
        return (points_at(at), None);
    };
    let bucket = urgency::dated(sign_by, today);
    let points = points_at(bucket);
    let nearer = match bucket {
        Some(at) => at.checked_sub(1).map(|at| urgency::MONTHS[at]),
        None => urgency::MONTHS.last().copied(),
    };
    let changes = nearer.and_then(|months| {
        // Month ends are uneven, so the first day that reaches is looked for near the difference.
        let near = sign_by.checked_sub_months(Months::new(months))?;
        near.iter_days()
            .find(|day| *day > today && sign_by <= urgency::limit(*day, months))
    });
    (points, changes)
}

/// Writes completeness, missing, channels, flags, score and the day of the next rescoring into the row.
pub fn set_standing(row: &mut Company, winners: &Winners, facts: &CompanyFacts, today: NaiveDate) {
    let key = facts.key_contact();
    let present = Present {
        name: !row.name.is_empty(),
        key_mobile: key.is_some_and(|c| c.has_mobile),
        credit_code: row.credit_code.is_some(),
        industry: row.industry.is_some(),
        headcount: row.headcount.is_some() || row.size_class.is_some(),
        key_contact: key.is_some(),
        decider: facts.has_role(&["decider"]) || winners.shows(Field::Decider),
        region: row.region.is_some(),
        switchboard: facts.has_number,
        present_system: row.present_system.is_some(),
        present_system_year: row.present_system_year.is_some(),
        address: row.address.is_some(),
        revenue: row.revenue_minor.is_some(),
        key_email: key.is_some_and(|c| c.has_email),
        it_or_finance_head: facts.has_role(&["it_head", "finance_head"]),
        pc_count: row.pc_count.is_some(),
        source: facts.has_source,
    };
    let complete = completeness(&present);
    row.completeness = i32::try_from(complete.points).unwrap_or(100);
    row.missing = complete.missing;
    row.channels = facts.channels;
    row.flags = flag_bits(row.flags, facts);
    set_score(row, today);
}

/// Writes the score and the day of the next rescoring, by what the row says of itself.
pub fn set_score(row: &mut Company, today: NaiveDate) {
    let (points, changes) = urgency_points(row.urgency.as_deref(), row.sign_by, today);
    let target = if row.flags & flags::IN_TARGET != 0 {
        20
    } else {
        0
    };
    row.score = points + target + row.completeness / 5;
    row.rescore_on = changes;
}

fn flag_bits(before: i32, facts: &CompanyFacts) -> i32 {
    let good = facts.has_number || facts.contacts.iter().any(|c| c.has_number);
    let bit = |yes: bool, flag: i32| if yes { flag } else { 0 };
    (before & flags::KEPT)
        // No target market entered: everybody is inside.
        | flags::IN_TARGET
        | bit(good, flags::GOOD_NUMBER)
        | bit(good && facts.has_ground, flags::GROUND)
        | bit(facts.is_suppressed, flags::SUPPRESSED)
        | bit(facts.is_merged, flags::MERGED)
}

/// The state of a company, the first that holds.
pub fn state_of(
    grade: Option<&str>,
    is_customer: bool,
    is_owned: bool,
    was_released: bool,
) -> CompanyState {
    if grade == Some("E") {
        CompanyState::Excluded
    } else if is_customer {
        CompanyState::Customer
    } else if is_owned {
        CompanyState::Owned
    } else if was_released {
        CompanyState::Pool
    } else {
        CompanyState::New
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn urgency_counts_by_the_day_that_is_left() {
        let points = |sign_by: &str, today: &str| {
            urgency_points(Some("M7_12"), Some(day(sign_by)), day(today))
        };
        assert_eq!(
            points("2026-09-24", "2025-09-24"),
            (10, Some(day("2026-03-24")))
        );
        assert_eq!(
            points("2026-09-24", "2026-03-24"),
            (25, Some(day("2026-06-24")))
        );
        assert_eq!(points("2026-09-24", "2026-09-01"), (50, None));
        assert_eq!(
            points("2027-09-24", "2025-09-24"),
            (0, Some(day("2026-09-24")))
        );
        assert_eq!(
            urgency_points(Some("M3"), None, day("2026-01-01")),
            (40, None)
        );
        assert_eq!(
            urgency_points(Some("UNKNOWN"), None, day("2026-01-01")),
            (0, None)
        );
    }

    #[test]
    fn a_fresh_expo_lead_has_points_and_flags() {
        let mut row = Company::blank(1, day("2026-01-01").and_hms_opt(0, 0, 0).unwrap());
        row.name = "苏州宏远机械有限公司".into();
        let contact = ContactFacts {
            id: 1,
            has_mobile: true,
            has_number: true,
            ..ContactFacts::default()
        };
        let facts = CompanyFacts {
            contacts: vec![contact],
            has_source: true,
            has_ground: true,
            channels: 8,
            ..CompanyFacts::default()
        };
        set_standing(&mut row, &Winners::default(), &facts, day("2026-01-01"));
        assert_eq!(row.completeness, 10 + 10 + 8 + 3);
        assert_eq!(row.score, 20 + 31 / 5);
        assert_eq!(
            row.flags,
            flags::IN_TARGET | flags::GOOD_NUMBER | flags::GROUND
        );
    }

    #[test]
    fn the_first_state_that_holds() {
        assert_eq!(
            state_of(Some("E"), true, true, true),
            CompanyState::Excluded
        );
        assert_eq!(state_of(None, true, true, true), CompanyState::Customer);
        assert_eq!(state_of(Some("A"), false, true, true), CompanyState::Owned);
        assert_eq!(state_of(Some("A"), false, false, true), CompanyState::Pool);
        assert_eq!(state_of(None, false, false, false), CompanyState::New);
    }
}
