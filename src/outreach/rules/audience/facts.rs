//! What decides about a person, and what somebody gets who is in.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Holder;
use crate::consent::Scope;
use crate::consent::rules::{Ground, GroundTable, Purpose};
use crate::outreach::rules::cadence::{CadenceRules, Used};
use crate::outreach::rules::mail_rules::MailRules;
use crate::outreach::rules::news_choice::ItemTags;
use crate::outreach::rules::occasions::Occasion;
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
    pub(super) fn is_greeting(&self) -> bool {
        self.purpose == Purpose::Greeting
    }

    /// What a letter to somebody cannot be written without.
    pub(super) fn needs(&self, facts: &PersonFacts) -> &[&'static str] {
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
    /// What another letter greets that they get on the same morning; asked for days of one's own.
    pub same_morning: Option<Occasion>,
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
