//! When a letter may go to somebody: the morning of a greeting, the hours of news, in their own zone.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

use crate::outreach::model::Mailing;
use crate::outreach::rules::mail_rules::MailRules;
use crate::platform::calendar::Calendar;

/// News that was given no end may go for so long.
const NEWS_MAY_TAKE: TimeDelta = TimeDelta::days(3);

/// From when to when a letter may leave, UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    /// Not before.
    pub from: NaiveDateTime,
    /// Not after.
    pub until: NaiveDateTime,
}

/// The window of a mailing for somebody who lives by a calendar.
pub(super) fn window(
    mailing: &Mailing,
    calendar: &Calendar,
    rules: &MailRules,
    now: NaiveDateTime,
) -> Window {
    match mailing.occasion_on {
        Some(day) => greeting(day, calendar),
        None => {
            let asked = mailing.send_from.unwrap_or(now).max(now);
            let from = rules.news_from(asked, calendar);
            let until = mailing.send_until.unwrap_or(from + NEWS_MAY_TAKE);
            Window { from, until }
        }
    }
}

/// The last working day before, from 10:00 to 11:30.
fn greeting(day: NaiveDate, calendar: &Calendar) -> Window {
    let morning = calendar.last_working_day_before(day);
    let at = |hour, minute| {
        let time = NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default();
        calendar.utc(morning.and_time(time))
    };
    Window {
        from: at(10, 0),
        until: at(11, 30),
    }
}

/// Whether an occasion is one of the great ones, which go to every grade down to D.
pub(super) fn is_great(occasion: &str) -> bool {
    occasion.starts_with("spring_festival") || occasion.starts_with("mid_autumn")
}
