//! What time does to a greeting: it is made some days ahead, its answers end, it goes out or is too late.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

use super::moment::Moment;
use super::settings::GreetingRules;
use crate::outreach::model::MailingState;
use crate::platform::calendar::{Calendar, zone};

/// Whoever is asked has at least so long; made later than that, a mailing goes only if somebody approves it.
const LEAST_TO_ANSWER: TimeDelta = TimeDelta::hours(4);

/// Whether a greeting that has no mailing yet is due to get one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Making {
    /// Its time has not come.
    NotYet,
    /// Now.
    Due,
    /// Its morning is over: it is skipped, never sent late.
    Missed,
}

/// See [`Making`].
pub fn making(
    moment: &Moment,
    office: &Calendar,
    now: NaiveDateTime,
    rules: &GreetingRules,
) -> Making {
    if now >= moment.until {
        return Making::Missed;
    }
    let ahead = TimeDelta::days(i64::from(rules.days_ahead));
    let begins = zone::day_start(office.zone(), moment.day - ahead);
    if now < begins {
        Making::NotYet
    } else {
        Making::Due
    }
}

/// So many working evenings back the deadline is looked for: no country rests so much longer than another.
const MOST_EVENINGS: usize = 30;

/// Until when somebody may answer for a mailing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Approval {
    /// Until when, UTC.
    pub by: NaiveDateTime,
    /// Whether silence decides then. A mailing that was made too late waits for a person.
    pub is_fair: bool,
}

impl Approval {
    /// For a mailing made at `now`: the end of work, some working days before its morning. Where people rest before the
    /// office does, their letters leave earlier: by then it has been answered too. `mornings` is from the first of all
    /// mornings to the end of the last.
    pub fn of(
        morning: NaiveDate,
        mornings: (NaiveDateTime, NaiveDateTime),
        office: &Calendar,
        now: NaiveDateTime,
        rules: &GreetingRules,
    ) -> Self {
        let (first, last) = mornings;
        let before = |day: NaiveDate| office.last_working_day_before(day);
        let day = (0..rules.answer_days.max(1)).fold(morning, |day, _| before(day));
        let evening = NaiveTime::from_hms_opt(17, 0, 0).unwrap_or_default();
        let by = std::iter::successors(Some(day), |day| Some(before(*day)))
            .take(MOST_EVENINGS)
            .map(|day| office.utc(day.and_time(evening)))
            .find(|by| *by < first);
        match by.filter(|by| *by - now >= LEAST_TO_ANSWER) {
            Some(by) => Self { by, is_fair: true },
            None => Self {
                by: last,
                is_fair: false,
            },
        }
    }
}

/// What is due to a mailing that exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Nothing.
    Wait,
    /// Who is in it was decided long ago, or before the deadline that has passed, or the planning was given up: it is
    /// decided anew, as things are now.
    Decide,
    /// The deadline has passed: open answers become what silence means, and the mailing is approved.
    Settle,
    /// The deadline has passed: open answers become what silence means; a person still has to approve.
    CloseAnswers,
    /// Its morning is over and nobody approved it: called off, with the reason.
    Missed,
}

/// A planning that was given up is tried again after so long: nobody else would ask for it.
const AGAIN: TimeDelta = TimeDelta::hours(1);
/// So long what was decided stands before it is looked at again.
const STALE: TimeDelta = TimeDelta::days(1);

/// A mailing as time sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnderWay {
    /// How far it is.
    pub state: MailingState,
    /// When that changed: where it is planned, when everybody was decided.
    pub since: NaiveDateTime,
    /// Until when reps may answer.
    pub approve_by: Option<NaiveDateTime>,
    /// The end of its morning.
    pub send_until: Option<NaiveDateTime>,
    /// A rep has not answered yet.
    pub has_open: bool,
}

/// What is due.
pub fn step(mailing: UnderWay, now: NaiveDateTime, rules: &GreetingRules) -> Step {
    use MailingState::{Draft, Planned, Planning, Scheduled};
    let UnderWay {
        state,
        since,
        approve_by,
        send_until,
        has_open,
    } = mailing;
    let is_unapproved = matches!(state, Draft | Planning | Planned);
    if is_unapproved && send_until.is_some_and(|until| now >= until) {
        return Step::Missed;
    }
    // A mailing that was made too late has its morning as the deadline: nobody could have answered before.
    let is_fair = approve_by < send_until;
    let is_over = approve_by.is_some_and(|by| now >= by);
    let unasked = is_over && is_fair && rules.goes_unasked;
    match state {
        Draft if now - since >= AGAIN => Step::Decide,
        Planned if unasked && approve_by.is_some_and(|by| since < by) => Step::Decide,
        Planned if unasked => Step::Settle,
        Planned if is_fair && !is_over && now - since >= STALE => Step::Decide,
        Planned | Scheduled if is_over && is_fair && has_open => Step::CloseAnswers,
        _ => Step::Wait,
    }
}
