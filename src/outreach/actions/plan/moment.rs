//! When a letter may go to somebody: the morning of a greeting, the hours of news, in their own zone; and where an
//! occasion is kept at all.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;

use crate::outreach::model::{Mailing, Window};
use crate::outreach::rules::mail_rules::{MailRules, NEWS_MAY_TAKE};
use crate::outreach::rules::occasions::{
    Greeting, GreetingRules, Planned, country_of, moment, planned_on,
};
use crate::platform::calendar::{Calendar, CalendarId, Calendars};
use crate::platform::office::Office;

/// What is greeted, as the calendar of the office has it.
#[derive(Debug)]
pub(super) struct Greeted {
    greeting: Greeting,
    planned: Option<Planned>,
}

impl Greeted {
    /// The occasion of a mailing; none for news.
    pub(super) fn of(
        mailing: &Mailing,
        calendars: &Calendars,
        rules: &GreetingRules,
    ) -> Option<Self> {
        let code = mailing.occasion.as_deref()?;
        Some(Self {
            greeting: Greeting::from_code(code)?,
            planned: planned_on(code, mailing.occasion_on?, calendars, rules),
        })
    }

    /// One of its occasions is a great one, which goes to every grade down to D.
    pub(super) fn is_great(&self) -> bool {
        self.greeting.parts().iter().any(|part| part.is_great())
    }

    /// Everybody has a day of their own.
    pub(super) fn is_own_day(&self) -> bool {
        self.greeting.is_own_day()
    }

    /// Nobody keeps it where somebody lives. Two holidays may be one greeting in one country and two in another.
    pub(super) fn is_abroad(&self, region: Option<&str>, office: &Office) -> bool {
        let country = country_of(region, office);
        match &self.planned {
            Some(planned) => !planned.is_for(country),
            None => !self
                .greeting
                .parts()
                .iter()
                .any(|part| part.is_kept_in(country)),
        }
    }
}

/// From when to when a letter may leave, for whoever lives by each calendar. A greeting without a morning there is in
/// none.
pub(super) fn windows(
    mailing: &Mailing,
    greeted: Option<&Greeted>,
    calendars: &Calendars,
    greetings: &GreetingRules,
    mail: &MailRules,
    now: NaiveDateTime,
) -> BTreeMap<CalendarId, Window> {
    let window = |id: CalendarId| {
        let calendar = calendars.get(id);
        match (greeted, mailing.occasion_on) {
            (Some(greeted), Some(on)) => {
                let found = moment(on, greeted.is_own_day(), calendar, greetings)?;
                Some(Window {
                    from: found.from,
                    until: found.until,
                })
            }
            _ => Some(of_news(mailing, calendar, mail, now)),
        }
    };
    CalendarId::all()
        .filter_map(|id| Some((id, window(id)?)))
        .collect()
}

fn of_news(
    mailing: &Mailing,
    calendar: &Calendar,
    rules: &MailRules,
    now: NaiveDateTime,
) -> Window {
    let asked = mailing.send_from.unwrap_or(now).max(now);
    let from = rules.news_from(asked, calendar);
    let until = mailing.send_until.unwrap_or(from + NEWS_MAY_TAKE);
    Window { from, until }
}
