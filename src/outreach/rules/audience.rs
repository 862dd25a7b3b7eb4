//! Who gets a letter: one pure function decides about a person and says why, in a dry run, in the run, and when
//! somebody asks about one person.
//!
//! The rules stand in one list. The first that holds is the reason; all that hold can be listed.

mod digest;
mod facts;
mod figures;
mod reason;
mod rivals;

use serde::{Deserialize, Serialize};

pub use digest::AudienceDigest;
pub use facts::{Book, CompanyFacts, Included, Mailbox, PersonFacts};
pub use figures::count;
pub use reason::Reason;
pub use rivals::{Candidate, Holder, holders};

use super::cadence::Greetings;
use super::news_choice::choose;
use crate::consent::rules::Verdict as GroundVerdict;

/// In, or out for a reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Gets a letter.
    In(Included),
    /// Gets none.
    Out(Reason),
}

impl Verdict {
    /// Whether they get a letter.
    pub fn is_in(&self) -> bool {
        matches!(self, Self::In(_))
    }
}

type Rule = fn(&PersonFacts, &Book) -> Option<Reason>;

/// All rules, in the order in which they give the reason: first what somebody is, then what they want, then what is
/// going on, then what we lack.
const RULES: [Rule; 17] = [
    no_company,
    other_grade,
    not_kept,
    no_ground,
    refused,
    complaint,
    quotation,
    same_morning,
    capped,
    news_too_soon,
    no_mailbox,
    held_by_another,
    no_salutation,
    no_field,
    no_item,
    too_late,
    by_hand,
];

/// Decides about one person.
pub fn decide(facts: &PersonFacts, book: &Book) -> Verdict {
    match RULES.iter().find_map(|rule| rule(facts, book)) {
        Some(reason) => Verdict::Out(reason),
        // Whoever passed the rules has all of it.
        None => included(facts, book).map_or(Verdict::Out(Reason::NoAddress), Verdict::In),
    }
}

/// Every reason against a letter, the deciding one first; empty for those who get one.
pub fn reasons(facts: &PersonFacts, book: &Book) -> Vec<Reason> {
    RULES.iter().filter_map(|rule| rule(facts, book)).collect()
}

fn included(facts: &PersonFacts, book: &Book) -> Option<Included> {
    let company = facts.company.as_ref()?;
    Some(Included {
        address: facts.mailbox()?.to_owned(),
        language: facts.letter_language(book.language).code().to_owned(),
        company_id: company.id,
        owner_id: company.owner_id,
        grade: company.grade?,
        ground: facts.ground?,
        used: facts.used(&book.cadence),
    })
}

fn no_company(facts: &PersonFacts, _: &Book) -> Option<Reason> {
    facts.company.is_none().then_some(Reason::NoCompany)
}

/// Somebody to whom the rep writes by hand is told apart from those whom nobody greets.
fn other_grade(facts: &PersonFacts, book: &Book) -> Option<Reason> {
    let Some(grade) = facts.company.as_ref()?.grade else {
        return Some(Reason::Ungraded);
    };
    let cadence = book.cadence.of(grade);
    let other = Some(Reason::OtherGrade { grade });
    if !book.is_greeting() {
        let is_meant = cadence.news_days.is_some() && book.grades.contains(&grade);
        return if is_meant { None } else { other };
    }
    match cadence.greetings {
        Greetings::ByHand => None,
        Greetings::None => other,
        Greetings::Great if !book.is_great => Some(Reason::GreatOnly { grade }),
        _ if !book.grades.contains(&grade) => other,
        Greetings::Great | Greetings::All => None,
    }
}

/// Nobody is wished another country's holiday.
fn not_kept(facts: &PersonFacts, book: &Book) -> Option<Reason> {
    let company = facts.company.as_ref()?;
    (book.is_greeting() && company.is_abroad).then_some(Reason::NotKept)
}

/// A refusal of every way ends the ground; then the refusal is the reason.
fn no_ground(facts: &PersonFacts, book: &Book) -> Option<Reason> {
    if facts.is_refused && facts.ground.is_none() {
        return None;
    }
    match book.grounds.may(facts.ground, book.purpose, false) {
        GroundVerdict::Allowed => None,
        GroundVerdict::NoGround => Some(Reason::NoGround),
        GroundVerdict::AskFirst { ground } => Some(Reason::AskFirst { ground }),
        GroundVerdict::NotCarried { ground } | GroundVerdict::PrivateNumber { ground } => {
            Some(Reason::NotCarried { ground })
        }
    }
}

fn refused(facts: &PersonFacts, _: &Book) -> Option<Reason> {
    if facts.is_refused {
        return Some(Reason::Refused);
    }
    facts.silenced.map(|scope| Reason::Silenced { scope })
}

fn complaint(facts: &PersonFacts, book: &Book) -> Option<Reason> {
    let company = facts.company.as_ref()?;
    (book.mail.complaint_holds && company.has_complaint).then_some(Reason::Complaint)
}

fn quotation(facts: &PersonFacts, book: &Book) -> Option<Reason> {
    let holds = match book.is_greeting() {
        true => book.mail.quotation_holds_greetings,
        false => book.mail.quotation_holds_news,
    };
    let company = facts.company.as_ref()?;
    (holds && company.has_quotation).then_some(Reason::Quotation)
}

/// A birthday and an anniversary on one morning are one letter, as holidays that lie close together are.
fn same_morning(facts: &PersonFacts, _: &Book) -> Option<Reason> {
    let other = facts.same_morning;
    other.map(|occasion| Reason::SameMorning { occasion })
}

fn capped(facts: &PersonFacts, book: &Book) -> Option<Reason> {
    let used = facts.used(&book.cadence);
    let most = used.at_most.filter(|_| used.is_full())?;
    Some(Reason::Capped {
        grade: facts.grade()?,
        touches: used.touches,
        waiting: used.waiting,
        at_most: most,
    })
}

fn news_too_soon(facts: &PersonFacts, book: &Book) -> Option<Reason> {
    if book.is_greeting() {
        return None;
    }
    let every = book.cadence.of(facts.grade()?).news_days?;
    let days = facts.news_days_ago.filter(|days| *days < every)?;
    Some(Reason::NewsTooSoon { days, every })
}

fn no_mailbox(facts: &PersonFacts, _: &Book) -> Option<Reason> {
    if facts.mailbox().is_some() {
        return None;
    }
    let bad = facts.mailboxes.first();
    Some(bad.map_or(Reason::NoAddress, |bad| Reason::BadAddress {
        address: bad.address.clone(),
    }))
}

fn held_by_another(facts: &PersonFacts, _: &Book) -> Option<Reason> {
    facts.holder.map(|holder| match holder {
        Holder::SameMailbox(person_id) => Reason::SameMailbox { person_id },
        Holder::MaybeSame(person_id) => Reason::MaybeSame { person_id },
    })
}

/// A letter without a name in its first line is none: "Dear ," is not sent.
fn no_salutation(facts: &PersonFacts, book: &Book) -> Option<Reason> {
    let asks = |field: &&str| ["salutation", "addressee", "name"].contains(field);
    if !book.needs(facts).iter().any(asks) {
        return None;
    }
    let is_named = |name: &Option<String>| name.as_deref().is_some_and(|n| !n.trim().is_empty());
    let named = is_named(&facts.name) || is_named(&facts.name_en);
    (!named).then_some(Reason::NoSalutation)
}

/// What else the letter names, without saying what to write where it is not known.
fn no_field(facts: &PersonFacts, book: &Book) -> Option<Reason> {
    let company = facts.company.as_ref()?;
    let lacks = |field: &&&str| match **field {
        "title" => !company.has_title,
        "rep_name" | "rep_mail" => company.owner_id.is_none(),
        _ => false,
    };
    let field = book.needs(facts).iter().find(lacks)?;
    Some(Reason::NoField {
        field: (*field).to_owned(),
    })
}

/// Nobody gets an issue in which nothing concerns them.
fn no_item(facts: &PersonFacts, book: &Book) -> Option<Reason> {
    let items = book.items.as_ref()?;
    let company = facts.company.as_ref()?;
    let language = facts.letter_language(book.language);
    let industry = company.industry.as_deref();
    let chosen = choose(items, language.code(), industry, company.grade);
    chosen.is_empty().then_some(Reason::NoItem)
}

fn too_late(facts: &PersonFacts, _: &Book) -> Option<Reason> {
    facts.is_too_late.then_some(Reason::TooLate)
}

fn by_hand(facts: &PersonFacts, book: &Book) -> Option<Reason> {
    let company = facts.company.as_ref()?;
    let cadence = book.cadence.of(company.grade?);
    let hand = book.is_greeting() && cadence.greetings == Greetings::ByHand;
    hand.then_some(Reason::ByHand {
        owner_id: company.owner_id,
    })
}

#[cfg(test)]
mod tests;
