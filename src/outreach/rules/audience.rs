//! Who gets a letter: one pure function decides about a person and says why, in a dry run, in the run, and when
//! somebody asks about one person.
//!
//! The rules stand in one list. The first that holds is the reason; all that hold can be listed.

mod digest;
mod figures;
mod reason;
mod rivals;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use digest::AudienceDigest;
pub use figures::count;
pub use reason::Reason;
pub use rivals::{Candidate, Holder, holders};

use super::cadence::{CadenceRules, Greetings, Used};
use super::mail_rules::MailRules;
use super::news_choice::{ItemTags, choose};
use crate::consent::Scope;
use crate::consent::rules::{Ground, GroundTable, Purpose, Verdict as GroundVerdict};
use crate::platform::i18n::Lang;
use crate::qualifying::Grade;

/// By what a mailing is decided: its own terms and the settings in force.
#[derive(Debug, Clone)]
pub struct Book {
    /// A greeting or news.
    pub purpose: Purpose,
    /// A greeting of the great ones, that every grade down to D gets.
    pub is_great: bool,
    /// The grades that the mailing is for.
    pub grades: Vec<Grade>,
    /// What each ground permits.
    pub grounds: GroundTable,
    /// The rhythm of each grade, with its caps.
    pub cadence: CadenceRules,
    /// What holds back bulk mail.
    pub mail: MailRules,
    /// The pieces of an issue of news, for whom each is; none: everybody reads the same.
    pub items: Option<Vec<ItemTags>>,
    /// The fields without which the letter cannot be written, by language.
    pub needs: BTreeMap<String, Vec<&'static str>>,
    /// The language of a letter where neither person nor place tells.
    pub language: Lang,
}

impl Book {
    fn is_greeting(&self) -> bool {
        self.purpose == Purpose::Greeting
    }

    /// What a letter to somebody cannot be written without.
    fn needs(&self, facts: &PersonFacts) -> &[&'static str] {
        let language = facts.letter_language(self.language);
        let needs = self.needs.get(language.code());
        needs.map_or(&[], Vec::as_slice)
    }
}

/// A mailbox of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mailbox {
    /// Lower case.
    pub address: String,
    /// It does not bounce and is theirs.
    pub is_good: bool,
}

/// What a person's company says: of several the best graded one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CompanyFacts {
    /// The root.
    pub id: i64,
    /// Its grade; never asked: none.
    pub grade: Option<Grade>,
    /// Its rep.
    pub owner_id: Option<i64>,
    /// Its trade, by code.
    pub industry: Option<String>,
    /// The language that is spoken where it is.
    pub language: Option<Lang>,
    /// Where it is nobody keeps the day that is greeted.
    pub is_abroad: bool,
    /// A complaint of somebody there is not settled.
    pub has_complaint: bool,
    /// It has a quotation, and neither bought nor declined.
    pub has_quotation: bool,
    /// Their title there is known.
    pub has_title: bool,
    /// Touches of late of which nobody noted with whom.
    pub touches: u32,
}

/// Everything that decides about one person.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PersonFacts {
    /// The root.
    pub person_id: i64,
    /// Their name in their own script.
    pub name: Option<String>,
    /// In Latin letters.
    pub name_en: Option<String>,
    /// The language they are known to read.
    pub language: Option<Lang>,
    /// On what ground we may contact them.
    pub ground: Option<Ground>,
    /// They do not want mail.
    pub is_refused: bool,
    /// What else silences mail to them: address, domain or company.
    pub silenced: Option<Scope>,
    /// Their mailboxes, first said first.
    pub mailboxes: Vec<Mailbox>,
    /// Where they work; of several the best graded.
    pub company: Option<CompanyFacts>,
    /// Touches that arrived in the days that count.
    pub touches: u32,
    /// Letters that wait for them in other mailings.
    pub waiting: u32,
    /// Days since the last issue of news.
    pub news_days_ago: Option<u16>,
    /// Who gets the letter instead, where several would get it in one mailbox or may be one person.
    pub holder: Option<Holder>,
    /// The moment at which it would have to go, in their zone, is over.
    pub is_too_late: bool,
}

impl PersonFacts {
    /// The address of a letter: the first mailbox that is good.
    pub fn mailbox(&self) -> Option<&str> {
        let good = self.mailboxes.iter().find(|mailbox| mailbox.is_good);
        good.map(|mailbox| mailbox.address.as_str())
    }

    /// The grade that counts.
    pub fn grade(&self) -> Option<Grade> {
        self.company.as_ref()?.grade
    }

    /// The language of a letter: theirs, else that of the place, else the office's.
    pub fn letter_language(&self, office: Lang) -> Lang {
        let of_place = || self.company.as_ref()?.language;
        self.language.or_else(of_place).unwrap_or(office)
    }

    /// How much of the cap is used.
    pub fn used(&self, cadence: &CadenceRules) -> Used {
        let at_company = self.company.as_ref().map_or(0, |company| company.touches);
        Used {
            touches: self.touches + at_company,
            waiting: self.waiting,
            at_most: self.grade().and_then(|grade| cadence.of(grade).at_most),
        }
    }
}

/// Somebody who gets a letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Included {
    /// To which mailbox.
    pub address: String,
    /// In which language, `zh-CN` or `en`.
    pub language: String,
    /// About which company.
    pub company_id: i64,
    /// Its rep.
    pub owner_id: Option<i64>,
    /// Its grade.
    pub grade: Grade,
    /// On which ground.
    pub ground: Ground,
    /// How much of the cap was used before.
    pub used: Used,
}

impl Included {
    /// The part behind the `@`.
    pub fn domain(&self) -> &str {
        self.address
            .rsplit_once('@')
            .map_or("", |(_, domain)| domain)
    }
}

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
const RULES: [Rule; 16] = [
    no_company,
    other_grade,
    not_kept,
    no_ground,
    refused,
    complaint,
    quotation,
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
        _ if !book.grades.contains(&grade) => other,
        Greetings::Great if !book.is_great => Some(Reason::GreatOnly { grade }),
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
