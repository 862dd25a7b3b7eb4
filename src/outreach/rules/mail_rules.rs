//! What holds bulk mail back, and the hours in which news goes out.

use chrono::{NaiveDateTime, NaiveTime, TimeDelta};
use serde::{Deserialize, Serialize};

use crate::platform::calendar::{Calendar, Span};
use crate::platform::error::{AppError, AppResult};
use crate::platform::settings::Setting;

/// The rules of bulk mail; editable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MailRules {
    /// An open complaint holds back every letter to that company.
    pub complaint_holds: bool,
    /// An open quotation holds back greetings: the rep writes in person.
    pub quotation_holds_greetings: bool,
    /// An open quotation holds back news.
    pub quotation_holds_news: bool,
    /// The hours of a working day in which news goes out, on the wall clock of the receiver.
    pub news_hours: Span,
}

impl Default for MailRules {
    fn default() -> Self {
        Self {
            complaint_holds: true,
            quotation_holds_greetings: true,
            quotation_holds_news: true,
            news_hours: Span::of((9, 30), (17, 0)),
        }
    }
}

impl Setting for MailRules {
    const KIND: &'static str = "mail_rules";
}

/// News that was given no end, or that goes once more, may take so long.
pub const NEWS_MAY_TAKE: TimeDelta = TimeDelta::days(3);
/// Nobody decides further ahead when letters go: a moment that lies beyond has a slip in its year. Of every holiday, those
/// of the lunar calendar too, the next one is nearer.
pub const FARTHEST: TimeDelta = TimeDelta::days(400);
/// The shortest span of a day into which a mailing fits.
const SHORTEST: TimeDelta = TimeDelta::minutes(30);
/// Nobody reads news of a company before or after.
const EARLIEST: NaiveTime = NaiveTime::from_hms_opt(7, 0, 0).expect("a time of day");
const LATEST: NaiveTime = NaiveTime::from_hms_opt(21, 0, 0).expect("a time of day");
/// The window of news is looked for within so many days: no country closes longer.
const LONGEST_CLOSED: usize = 60;

impl MailRules {
    /// Refuses hours by night, and spans into which nothing fits.
    pub fn validate(&self) -> AppResult<()> {
        let hours = self.news_hours;
        if hours.to - hours.from < SHORTEST || hours.from < EARLIEST || hours.to > LATEST {
            return Err(AppError::invalid("mail_hours_wrong", "news_hours"));
        }
        Ok(())
    }

    /// The first moment from `from` on at which news may go to somebody who lives by a calendar.
    pub fn news_from(&self, from: NaiveDateTime, calendar: &Calendar) -> NaiveDateTime {
        let local = calendar.local(from);
        let hours = self.news_hours;
        local
            .date()
            .iter_days()
            .take(LONGEST_CLOSED)
            .filter(|day| calendar.is_working_day(*day))
            .map(|day| (day.and_time(hours.from).max(local), day.and_time(hours.to)))
            .find(|(opens, closes)| opens < closes)
            .map_or(from, |(opens, _)| calendar.utc(opens))
    }

    /// Until when a letter of news waits that is about to leave, with its moment and how often it was tried; none: it may
    /// go. One that a person gave a moment outside the hours goes then; put off, it waits like every other.
    pub fn waits_until(
        &self,
        now: NaiveDateTime,
        (due_at, attempts): (NaiveDateTime, i32),
        calendar: &Calendar,
    ) -> Option<NaiveDateTime> {
        let opens = self.news_from(now, calendar);
        let is_wished = attempts == 0 && self.news_from(due_at, calendar) > due_at;
        (opens > now && !is_wished).then_some(opens)
    }

    /// How long news may take that begins at `opens` and was given no end: across a long holiday until the evening after.
    pub fn news_until(&self, opens: NaiveDateTime, calendar: &Calendar) -> NaiveDateTime {
        let next = calendar.next_working_day(calendar.date(opens));
        let evening = calendar.utc(next.and_time(self.news_hours.to));
        evening.max(opens + NEWS_MAY_TAKE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::calendar::Country;

    fn at(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
    }

    #[test]
    fn news_waits_for_a_working_hour_of_the_receiver() {
        let rules = MailRules::default();
        let shanghai = Calendar::shipped(chrono_tz::Asia::Shanghai, Country::Cn);
        for (from, goes) in [
            ("2026-09-22 02:00", "2026-09-22 02:00"),
            ("2026-09-22 00:00", "2026-09-22 01:30"),
            ("2026-09-22 09:00", "2026-09-23 01:30"),
            // 25 to 27 September 2026 is 中秋 with its week-end.
            ("2026-09-24 10:00", "2026-09-28 01:30"),
        ] {
            assert_eq!(rules.news_from(at(from), &shanghai), at(goes), "{from}");
        }
    }

    #[test]
    fn what_did_not_leave_in_its_hours_waits_for_the_next() {
        let rules = MailRules::default();
        let shanghai = Calendar::shipped(chrono_tz::Asia::Shanghai, Country::Cn);
        let (in_hours, by_night) = ("2026-09-22 08:30", "2026-09-22 15:00");
        for (now, due, attempts, waits) in [
            (in_hours, in_hours, 0, None),
            // Begun before the evening, put off into the night, and into a holiday.
            ("2026-09-22 09:00", in_hours, 0, Some("2026-09-23 01:30")),
            (by_night, by_night, 1, Some("2026-09-23 01:30")),
            ("2026-09-24 09:00", in_hours, 0, Some("2026-09-28 01:30")),
            // Somebody has said "now" at night.
            (by_night, by_night, 0, None),
            ("2026-09-23 01:30", by_night, 1, None),
        ] {
            let found = rules.waits_until(at(now), (at(due), attempts), &shanghai);
            assert_eq!(found, waits.map(at), "{now} {due} {attempts}");
        }
        for (opens, until) in [
            ("2026-09-22 02:00", "2026-09-25 02:00"),
            ("2026-09-30 08:00", "2026-10-08 09:00"),
        ] {
            assert_eq!(rules.news_until(at(opens), &shanghai), at(until));
        }
    }

    #[test]
    fn hours_by_night_are_refused() {
        let with = |from, to| {
            let rules = MailRules {
                news_hours: Span::of(from, to),
                ..MailRules::default()
            };
            rules.validate().is_ok()
        };
        assert!(with((9, 30), (17, 0)) && with((7, 0), (21, 0)));
        assert!(!with((6, 0), (12, 0)) && !with((12, 0), (22, 0)) && !with((10, 0), (10, 20)));
        assert!(!with((15, 0), (10, 0)));
    }

    #[test]
    fn what_ships_is_sound_and_comes_back_from_storage() {
        let rules = MailRules::default();
        assert!(rules.validate().is_ok());
        let stored = serde_json::to_string(&rules).unwrap();
        assert_eq!(serde_json::from_str::<MailRules>(&stored).unwrap(), rules);
        assert_eq!(serde_json::from_str::<MailRules>("{}").unwrap(), rules);
    }
}
