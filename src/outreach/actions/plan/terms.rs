//! The terms of a mailing: everything but the persons themselves, read once.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDateTime;
use serde_json::json;

use super::moment::{Greeted, windows};
use crate::consent::rules::{GroundTable, Purpose};
use crate::outreach::actions::greetings::whose_day;
use crate::outreach::actions::letters::{compiled, newest_versions};
use crate::outreach::actions::news::item_tags;
use crate::outreach::model::{Audience, Mailing, MailingKind, MailingState, Window};
use crate::outreach::queries::mailing_by_id;
use crate::outreach::rules::audience::{AudienceDigest, Book};
use crate::outreach::rules::cadence::{CadenceRules, counts_since};
use crate::outreach::rules::letter::ITEMS;
use crate::outreach::rules::mail_rules::MailRules;
use crate::outreach::rules::news_choice::ItemTags;
use crate::outreach::rules::occasions::GreetingRules;
use crate::platform::calendar::{CalendarId, CalendarSettings, Calendars, zone};
use crate::platform::db::{Conn, Value};
use crate::platform::error::{AppError, AppResult};
use crate::platform::office::Office;
use crate::platform::settings::{self, Setting};
use crate::registry::filter::Criteria;
use crate::registry::queries::load;

/// By what the persons of a mailing are decided.
#[derive(Debug)]
pub struct Terms {
    /// The mailing.
    pub mailing: Mailing,
    /// Settings and purpose.
    pub book: Book,
    /// Version of its letter by language.
    pub letter_versions: BTreeMap<String, i32>,
    /// Version of the settings by kind.
    pub rule_versions: BTreeMap<String, i32>,
    pub(super) office: Office,
    /// Within which a company has to be; none: everybody is considered, persons without a company too.
    pub(super) bounds: Option<Criteria>,
    /// Only these companies, with their members; none: no list was given.
    companies: Option<BTreeSet<i64>>,
    /// Only these persons, of a list or whose day it is; none: everybody.
    persons: Option<BTreeSet<i64>>,
    greeted: Option<Greeted>,
    /// Touches count from here on.
    pub(super) since: NaiveDateTime,
    /// Issues of news count from here on.
    pub(super) news_since: NaiveDateTime,
    /// The moment for which it is decided.
    pub(super) moment: NaiveDateTime,
    windows: BTreeMap<CalendarId, Window>,
    pub(super) now: NaiveDateTime,
}

/// Who is looked at, where the mailing is not for everybody.
#[derive(Debug, Clone, Copy)]
pub(super) enum Listed<'a> {
    /// These persons.
    Persons(&'a BTreeSet<i64>),
    /// Whoever works at these companies.
    At(&'a BTreeSet<i64>),
}

impl Terms {
    /// Reads the terms of a mailing as the settings are now.
    pub fn of(conn: &mut Conn, now: NaiveDateTime, mailing: Mailing) -> AppResult<Self> {
        let audience: Audience = serde_json::from_str(&mailing.audience)?;
        let office = settings::load::<Office>(conn)?;
        let grounds = settings::load::<GroundTable>(conn)?;
        let cadence = settings::load::<CadenceRules>(conn)?;
        let mail = settings::load::<MailRules>(conn)?;
        let greetings = settings::load::<GreetingRules>(conn)?;
        let edited = settings::load::<CalendarSettings>(conn)?;
        let calendars = Calendars::new(&office.value, &edited.value);
        let purpose = match MailingKind::from_code(&mailing.kind) {
            Some(MailingKind::News) => Purpose::News,
            _ => Purpose::Greeting,
        };
        let greeted = Greeted::of(&mailing, &calendars, &greetings.value);
        let persons = persons(conn, &audience, &mailing)?;
        let lived_by = match &greeted {
            Some(greeted) => greeted.lived_by(conn, persons.as_ref(), &calendars, &office.value)?,
            None => BTreeSet::new(),
        };
        let letter_versions = newest_versions(conn, &mailing.letter_code)?;
        let needs = needs(conn, &mailing.letter_code, &letter_versions)?;
        let items = mailing
            .issue_id
            .map(|issue| item_tags(conn, issue))
            .transpose()?
            .filter(|items| !items.is_empty() || is_about_items(&needs));
        let moment = mailing.send_from.unwrap_or(now).max(now);
        let zone = office.value.tz();
        let day_start = |day| zone::day_start(zone, day);
        let today = zone::local_date(zone, moment);
        let news_gap = i64::from(cadence.value.longest_news_gap());
        Ok(Self {
            bounds: bounds(&audience, &mailing, now, &office.value)?,
            companies: companies(conn, &audience)?,
            persons,
            since: day_start(counts_since(today)),
            news_since: day_start(today - chrono::TimeDelta::days(news_gap)),
            moment,
            windows: windows(
                &mailing,
                greeted.as_ref(),
                &lived_by,
                &calendars,
                &greetings.value,
                &mail.value,
                now,
            ),
            letter_versions,
            rule_versions: BTreeMap::from([
                (Office::KIND.to_owned(), office.version),
                (GroundTable::KIND.to_owned(), grounds.version),
                (CadenceRules::KIND.to_owned(), cadence.version),
                (MailRules::KIND.to_owned(), mail.version),
                (GreetingRules::KIND.to_owned(), greetings.version),
                (CalendarSettings::KIND.to_owned(), edited.version),
            ]),
            book: Book {
                purpose,
                is_great: greeted.as_ref().is_some_and(Greeted::is_great),
                grades: audience.grades,
                grounds: grounds.value,
                cadence: cadence.value,
                mail: mail.value,
                items,
                needs,
                language: office.value.lang(),
            },
            office: office.value,
            greeted,
            mailing,
            now,
        })
    }

    /// The terms of a mailing by its id.
    pub fn of_id(conn: &mut Conn, now: NaiveDateTime, mailing_id: i64) -> AppResult<Self> {
        let mailing = mailing_by_id(conn, mailing_id)?.ok_or_else(AppError::not_found)?;
        Self::of(conn, now, mailing)
    }

    /// The terms as one text: what a plan was made under, and how its digest begins.
    pub fn text(&self) -> String {
        json!({
            "kind": self.mailing.kind, "occasion": self.mailing.occasion, "on": self.mailing.occasion_on,
            "team": self.mailing.team_id, "audience": self.mailing.audience, "letter": self.mailing.letter_code,
            "letters": self.letter_versions, "rules": self.rule_versions, "issue": self.mailing.issue_id,
            "items": self.book.items.iter().flatten().map(tags).collect::<Vec<_>>(),
        })
        .to_string()
    }

    /// The digest before anybody was added.
    pub fn digest(&self) -> AudienceDigest {
        AudienceDigest::of_terms(&self.text())
    }

    /// Its letters wait for their moment, or leave.
    pub(super) fn is_approved(&self) -> bool {
        use MailingState::{Paused, Scheduled, Sending};
        let state = MailingState::from_code(&self.mailing.state);
        matches!(state, Some(Scheduled | Sending | Paused))
    }

    /// Who is looked at; none: everybody.
    pub(super) fn listed(&self) -> Option<Listed<'_>> {
        let at = self.companies.as_ref().map(Listed::At);
        self.persons.as_ref().map(Listed::Persons).or(at)
    }

    /// Whether a company is one of those that were chosen; without a list every one is.
    pub(super) fn takes(&self, company: i64) -> bool {
        self.companies
            .as_ref()
            .is_none_or(|ids| ids.contains(&company))
    }

    /// Whether a person is one of those that were chosen; without a list everybody is. Nobody stands back for somebody
    /// who gets no letter of this mailing.
    pub(super) fn takes_person(&self, person: i64) -> bool {
        self.persons
            .as_ref()
            .is_none_or(|ids| ids.contains(&person))
    }

    /// Whether somebody without a company is considered: where nothing is asked that only a company has.
    pub(super) fn takes_lone_persons(&self) -> bool {
        self.bounds.is_none() && self.companies.is_none()
    }

    /// The day that is greeted is not kept in a region.
    pub(super) fn is_abroad(&self, region: Option<&str>) -> bool {
        let greeted = self.greeted.as_ref();
        greeted.is_some_and(|greeted| greeted.is_abroad(region, &self.office))
    }

    /// When a letter may go to somebody who lives by a calendar; never where there is no morning for it.
    pub(super) fn window(&self, calendar: CalendarId) -> Option<Window> {
        self.windows.get(&calendar).copied()
    }

    /// From the first to the last hour in which letters for a day of one's own leave; none for every other mailing.
    pub(super) fn own_mornings(&self) -> Option<Window> {
        self.greeted.as_ref().filter(|one| one.is_own_day())?;
        self.windows.values().copied().reduce(|all, one| Window {
            from: all.from.min(one.from),
            until: all.until.max(one.until),
        })
    }

    /// The moment is over where somebody lives by a calendar.
    pub(super) fn is_too_late(&self, calendar: CalendarId) -> bool {
        let window = self.window(calendar);
        window.is_none_or(|window| window.until <= self.now)
    }
}

/// A letter that can be written without pieces of news says all itself.
fn is_about_items(needs: &BTreeMap<String, Vec<&'static str>>) -> bool {
    needs.values().any(|fields| fields.contains(&ITEMS))
}

/// The fields without which the letter cannot be written, by language. A letter that nobody has written yet asks for
/// what every letter asks for.
fn needs(
    conn: &mut Conn,
    code: &str,
    versions: &BTreeMap<String, i32>,
) -> AppResult<BTreeMap<String, Vec<&'static str>>> {
    let mut needs = BTreeMap::new();
    for (language, version) in versions {
        let fields = match compiled(conn, code, language, *version) {
            Ok(letter) => letter.needs().to_vec(),
            Err(error) if error.refusal().is_some() => vec!["salutation"],
            Err(error) => return Err(error),
        };
        needs.insert(language.clone(), fields);
    }
    Ok(needs)
}

/// Grades are no bound: whoever has another one is told so. The customers of another team are not this team's.
fn bounds(
    audience: &Audience,
    mailing: &Mailing,
    now: NaiveDateTime,
    office: &Office,
) -> AppResult<Option<Criteria>> {
    if audience.filter.is_empty() && mailing.team_id.is_none() {
        return Ok(None);
    }
    let mut bounds = audience.filter.criteria(now, office.tz())?;
    if let Some(team) = mailing.team_id {
        bounds.text.push_str(
            " AND (c.owner_id IS NULL OR c.owner_id NOT IN (SELECT u.id FROM users u WHERE u.team_id <> ?))",
        );
        bounds.values.push(Value::from(team));
    }
    Ok(Some(bounds))
}

/// The roots of the companies that were chosen one by one, with everything merged into them.
fn companies(conn: &mut Conn, audience: &Audience) -> AppResult<Option<BTreeSet<i64>>> {
    if audience.companies.is_empty() {
        return Ok(None);
    }
    let roots = load::roots(conn, &audience.companies)?;
    let roots: Vec<i64> = roots.into_iter().map(|(_, root)| root).collect();
    let members = load::merged_members(conn, &roots)?;
    let members = members.into_iter().map(|(id, _)| id);
    Ok(Some(roots.into_iter().chain(members).collect()))
}

/// Those who answer for the persons that were chosen one by one; on a day of one's own, whoever of them has it.
fn persons(
    conn: &mut Conn,
    audience: &Audience,
    mailing: &Mailing,
) -> AppResult<Option<BTreeSet<i64>>> {
    let whose = whose_day(conn, mailing)?;
    if audience.persons.is_empty() {
        return Ok(whose);
    }
    let roots = load::person_roots(conn, &audience.persons)?;
    let is_theirs = |id: &i64| whose.as_ref().is_none_or(|whose| whose.contains(id));
    Ok(Some(roots.into_iter().filter(is_theirs).collect()))
}

/// For whom a piece of news is, as the digest takes it in.
fn tags(item: &ItemTags) -> serde_json::Value {
    json!([item.id, item.language, item.industries, item.grades])
}
