//! When a letter may go to somebody: the morning of a greeting, the hours of news, in their own zone; and where an
//! occasion is kept at all.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDateTime, TimeDelta};

use crate::outreach::model::{Mailing, Window};
use crate::outreach::queries;
use crate::outreach::rules::mail_rules::MailRules;
use crate::outreach::rules::occasions::{
    Greeting, GreetingRules, Moment, Planned, country_of, homes, moment, moments, planned_on, span,
};
use crate::platform::calendar::{Calendar, CalendarId, Calendars, calendar_for_region};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
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

    /// The calendars by which those live whom it may reach: whose day it is; on a holiday, everybody who keeps it.
    pub(super) fn lived_by(
        &self,
        conn: &mut Conn,
        persons: Option<&BTreeSet<i64>>,
        calendars: &Calendars,
        office: &Office,
    ) -> AppResult<BTreeSet<CalendarId>> {
        let Some(planned) = &self.planned else {
            return Ok(BTreeSet::new());
        };
        if !self.is_own_day() {
            let abroad = queries::regions_abroad(conn)?;
            return Ok(homes(planned, &abroad, calendars, office));
        }
        let persons: Vec<i64> = persons.into_iter().flatten().copied().collect();
        let regions = queries::regions_of_persons(conn, &persons)?;
        Ok(regions
            .iter()
            .map(|region| calendar_for_region(region.as_deref(), office))
            .collect())
    }
}

/// A greeting to which somebody gave another moment than its own.
struct Moved {
    /// So much later, or earlier.
    by: TimeDelta,
    /// So long may each letter take; none: as long as usual.
    length: Option<TimeDelta>,
}

impl Moved {
    /// None where the mailing has the moment of its day. Only mornings of those count by whose calendars it was made:
    /// somewhere in the world it is ten o'clock at any full hour.
    fn of(
        mailing: &Mailing,
        planned: &Planned,
        lived_by: &BTreeSet<CalendarId>,
        calendars: &Calendars,
        rules: &GreetingRules,
    ) -> Option<Self> {
        let (own_from, own_until) = (mailing.send_from?, mailing.send_until?);
        let lived_by = || lived_by.iter().copied();
        // It begins and ends with a morning, whosever these were when it was made.
        let mornings = moments(planned, lived_by(), calendars, rules);
        let begins = mornings.values().any(|morning| morning.from == own_from);
        if begins && mornings.values().any(|morning| morning.until == own_until) {
            return None;
        }
        let whole = span(planned, lived_by(), calendars, rules, NaiveDateTime::MIN);
        let morning = planned.moment(calendars, rules);
        let (from, until) = whole.or(morning.map(|moment| (moment.from, moment.until)))?;
        let (usual, own) = (until - from, own_until - own_from);
        Some(Self {
            by: own_from - from,
            length: (usual != own).then_some(own),
        })
    }

    /// Receivers in another zone keep their distance, as where letters that wait are carried along.
    fn carry(&self, usual: Window) -> Window {
        let from = usual.from + self.by;
        let length = self.length.unwrap_or(usual.until - usual.from);
        Window {
            from,
            until: from + length,
        }
    }
}

/// When a greeting leaves by its mailing, told as its usual moment is: another one where somebody gave it that.
pub fn moment_given(
    mailing: &Mailing,
    (planned, usual): (&Planned, Moment),
    lived_by: &BTreeSet<CalendarId>,
    calendars: &Calendars,
    rules: &GreetingRules,
) -> Moment {
    let Some(moved) = Moved::of(mailing, planned, lived_by, calendars, rules) else {
        return usual;
    };
    let given = moved.carry(Window {
        from: usual.from,
        until: usual.until,
    });
    Moment {
        day: planned.calendar(calendars).date(given.from),
        from: given.from,
        until: given.until,
        ..usual
    }
}

/// From when to when a letter may leave, for whoever lives by each calendar. A greeting without a morning there is in
/// none; one that was given another moment goes then.
pub(super) fn windows(
    mailing: &Mailing,
    greeted: Option<&Greeted>,
    lived_by: &BTreeSet<CalendarId>,
    calendars: &Calendars,
    greetings: &GreetingRules,
    mail: &MailRules,
    now: NaiveDateTime,
) -> BTreeMap<CalendarId, Window> {
    let planned = greeted.and_then(|greeted| greeted.planned.as_ref());
    let moved =
        planned.and_then(|planned| Moved::of(mailing, planned, lived_by, calendars, greetings));
    let window = |id: CalendarId| {
        let calendar = calendars.get(id);
        match (greeted, mailing.occasion_on) {
            (Some(greeted), Some(on)) => {
                let found = moment(on, greeted.is_own_day(), calendar, greetings)?;
                let usual = Window {
                    from: found.from,
                    until: found.until,
                };
                Some(moved.as_ref().map_or(usual, |moved| moved.carry(usual)))
            }
            _ => {
                let asked = (mailing.send_from, mailing.send_until);
                Some(of_news(asked, calendar, mail, now))
            }
        }
    };
    CalendarId::all()
        .filter_map(|id| Some((id, window(id)?)))
        .collect()
}

/// The hours of news of a receiver: from the moment that was asked for on, to its end. Where people wake only behind that
/// end, it takes as long there.
fn of_news(
    (from, until): (Option<NaiveDateTime>, Option<NaiveDateTime>),
    calendar: &Calendar,
    rules: &MailRules,
    now: NaiveDateTime,
) -> Window {
    let opens = rules.news_from(from.unwrap_or(now).max(now), calendar);
    let until = match until {
        None => rules.news_until(opens, calendar),
        Some(until) if opens < until || until <= now => until,
        Some(until) => opens + (until - from.unwrap_or(now)).max(TimeDelta::zero()),
    };
    Window { from: opens, until }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outreach::rules::mail_rules::NEWS_MAY_TAKE;
    use crate::platform::calendar::Country;

    #[test]
    fn news_with_an_end_reaches_those_who_wake_behind_it() {
        let at = |text: &str| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
        let rules = MailRules::default();
        let shanghai = Calendar::shipped(chrono_tz::Asia::Shanghai, Country::Cn);
        let london = Calendar::shipped(chrono_tz::Europe::London, Country::Gb);
        let asked = (Some(at("2026-09-23 02:00")), Some(at("2026-09-23 03:30")));
        let now = at("2026-09-22 02:00");
        for (calendar, from, until) in [
            (&shanghai, "2026-09-23 02:00", "2026-09-23 03:30"),
            (&london, "2026-09-23 08:30", "2026-09-23 10:00"),
        ] {
            let window = of_news(asked, calendar, &rules, now);
            assert_eq!((window.from, window.until), (at(from), at(until)));
        }
        // Decided in its midst it does not end later.
        let window = of_news(asked, &shanghai, &rules, at("2026-09-23 03:00"));
        assert_eq!(window.until, at("2026-09-23 03:30"));
        let open = of_news((None, None), &shanghai, &rules, now);
        assert_eq!(open.until, open.from + NEWS_MAY_TAKE);
    }
}
