//! The terms of a mailing: everything but the persons themselves, read once.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDateTime;
use serde_json::json;

use super::moment::{Window, is_great, window};
use crate::consent::rules::{GroundTable, Purpose};
use crate::outreach::model::{Audience, Mailing, MailingKind};
use crate::outreach::queries::audience as queries;
use crate::outreach::rules::audience::{AudienceDigest, Book};
use crate::outreach::rules::cadence::{CadenceRules, counts_since};
use crate::outreach::rules::mail_rules::MailRules;
use crate::platform::calendar::{CalendarId, CalendarSettings, Calendars, zone};
use crate::platform::db::{Conn, Value};
use crate::platform::error::{AppError, AppResult};
use crate::platform::i18n::Lang;
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
    pub(super) listed: Option<BTreeSet<i64>>,
    /// Touches count from here on.
    pub(super) since: NaiveDateTime,
    /// Issues of news count from here on.
    pub(super) news_since: NaiveDateTime,
    /// The moment for which it is decided.
    pub(super) moment: NaiveDateTime,
    windows: BTreeMap<CalendarId, Window>,
    now: NaiveDateTime,
}

impl Terms {
    /// Reads the terms of a mailing as the settings are now.
    pub fn of(conn: &mut Conn, now: NaiveDateTime, mailing: Mailing) -> AppResult<Self> {
        let audience: Audience = serde_json::from_str(&mailing.audience)?;
        let office = settings::load::<Office>(conn)?;
        let grounds = settings::load::<GroundTable>(conn)?;
        let cadence = settings::load::<CadenceRules>(conn)?;
        let mail = settings::load::<MailRules>(conn)?;
        let edited = settings::load::<CalendarSettings>(conn)?;
        let calendars = Calendars::new(&office.value, &edited.value);
        let purpose = match MailingKind::from_code(&mailing.kind) {
            Some(MailingKind::News) => Purpose::News,
            _ => Purpose::Greeting,
        };
        let moment = mailing.send_from.unwrap_or(now).max(now);
        let zone = office.value.tz();
        let day_start = |day| zone::day_start(zone, day);
        let today = zone::local_date(zone, moment);
        let news_gap = i64::from(cadence.value.longest_news_gap());
        Ok(Self {
            bounds: bounds(&audience, &mailing, now, &office.value)?,
            listed: listed(conn, &audience)?,
            since: day_start(counts_since(today)),
            news_since: day_start(today - chrono::TimeDelta::days(news_gap)),
            moment,
            windows: windows(&mailing, &calendars, &mail.value, now),
            letter_versions: letter_versions(conn, &mailing.letter_code)?,
            rule_versions: BTreeMap::from([
                (Office::KIND.to_owned(), office.version),
                (GroundTable::KIND.to_owned(), grounds.version),
                (CadenceRules::KIND.to_owned(), cadence.version),
                (MailRules::KIND.to_owned(), mail.version),
                (CalendarSettings::KIND.to_owned(), edited.version),
            ]),
            book: Book {
                purpose,
                is_great: mailing.occasion.as_deref().is_some_and(is_great),
                grades: audience.grades,
                grounds: grounds.value,
                cadence: cadence.value,
                mail: mail.value,
                language: office.value.lang(),
            },
            office: office.value,
            mailing,
            now,
        })
    }

    /// The terms of a mailing by its id.
    pub fn of_id(conn: &mut Conn, now: NaiveDateTime, mailing_id: i64) -> AppResult<Self> {
        let mailing = queries::mailing(conn, mailing_id)?.ok_or_else(AppError::not_found)?;
        Self::of(conn, now, mailing)
    }

    /// The terms as one text: what a plan was made under, and how its digest begins.
    pub fn text(&self) -> String {
        json!({
            "kind": self.mailing.kind, "occasion": self.mailing.occasion, "on": self.mailing.occasion_on,
            "team": self.mailing.team_id, "audience": self.mailing.audience, "letter": self.mailing.letter_code,
            "letters": self.letter_versions, "rules": self.rule_versions,
        })
        .to_string()
    }

    /// The digest before anybody was added.
    pub fn digest(&self) -> AudienceDigest {
        AudienceDigest::of_terms(&self.text())
    }

    /// When a letter may go to somebody who lives by a calendar.
    pub(super) fn window(&self, calendar: CalendarId) -> Window {
        let found = self.windows.get(&calendar);
        let office = || self.windows.get(&CalendarId::OFFICE);
        found.or_else(office).copied().unwrap_or(Window {
            from: self.moment,
            until: self.moment,
        })
    }

    /// The moment is over where somebody lives by a calendar.
    pub(super) fn is_too_late(&self, calendar: CalendarId) -> bool {
        self.window(calendar).until <= self.now
    }
}

/// Versions of the settings and of the letter are pinned with the plan.
fn letter_versions(conn: &mut Conn, code: &str) -> AppResult<BTreeMap<String, i32>> {
    let written = queries::letter_versions(conn, code)?;
    let version = |lang: &Lang| written.get(lang.code()).copied().unwrap_or(0);
    let pinned = Lang::ALL
        .iter()
        .map(|lang| (lang.code().to_owned(), version(lang)));
    Ok(pinned.collect())
}

/// Grades are no bound: whoever has another one is told so.
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
            " AND (c.owner_id IS NULL OR c.owner_id IN (SELECT u.id FROM users u WHERE u.team_id = ?))",
        );
        bounds.values.push(Value::from(team));
    }
    Ok(Some(bounds))
}

/// The roots of the companies that were chosen one by one, with everything merged into them.
fn listed(conn: &mut Conn, audience: &Audience) -> AppResult<Option<BTreeSet<i64>>> {
    if audience.companies.is_empty() {
        return Ok(None);
    }
    let roots = load::roots(conn, &audience.companies)?;
    let roots: Vec<i64> = roots.into_iter().map(|(_, root)| root).collect();
    let members = load::merged_members(conn, &roots)?;
    let members = members.into_iter().map(|(id, _)| id);
    Ok(Some(roots.into_iter().chain(members).collect()))
}

fn windows(
    mailing: &Mailing,
    calendars: &Calendars,
    rules: &MailRules,
    now: NaiveDateTime,
) -> BTreeMap<CalendarId, Window> {
    let fixed = CalendarId::FIXED.iter().map(|(id, ..)| *id);
    fixed
        .chain([CalendarId::OFFICE])
        .map(|id| (id, window(mailing, calendars.get(id), rules, now)))
        .collect()
}
