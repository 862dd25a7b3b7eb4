//! The calendar of greetings: each day with what it is, what leaves on it, and why nothing does.

use std::collections::{BTreeMap, HashSet};

use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta};

use super::book::{CLOSED_WEEKS, GreetingBook};
use super::own_days::cards_near;
use super::renew::lived_by;
use crate::outreach::actions::plan::moment_given;
use crate::outreach::model::{Mailing, MailingState};
use crate::outreach::queries;
use crate::outreach::rules::occasions::{
    Greeting, LunarDate, Moment, Occasion, Planned, Refusal, country_of, hosted_by, lunar_date,
    moment, month_days, next_refusal, planned_on, refuse,
};
use crate::platform::calendar::DayKind;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::qualifying::Grade;

/// Within this every holiday comes once.
const YEAR: TimeDelta = TimeDelta::days(366);

/// A stretch of days.
#[derive(Debug, Clone)]
pub struct Calendar {
    /// The days, without a gap.
    pub days: Vec<Day>,
    /// What leaves in this stretch, by its morning.
    pub sendings: Vec<Sending>,
    /// Holidays of the stretch that are not greeted, with the reason.
    pub refused: Vec<Planned>,
    /// The next day from today on which nothing goes out.
    pub next_silence: Option<Refusal>,
    /// Years of the stretch whose holidays nobody has entered.
    pub missing_years: Vec<i32>,
}

/// One day.
#[derive(Debug, Clone)]
pub struct Day {
    /// Which.
    pub date: NaiveDate,
    /// Its lunar date.
    pub lunar: Option<LunarDate>,
    /// Whether people work, and why not.
    pub kind: DayKind,
    /// Occasions that fall on it.
    pub occasions: Vec<Occasion>,
    /// Why nothing goes out on it.
    pub silence: Option<Refusal>,
}

/// A greeting that leaves, or would.
#[derive(Debug, Clone)]
pub struct Sending {
    /// What.
    pub planned: Planned,
    /// When.
    pub moment: Moment,
    /// Its mailing, once it is made.
    pub mailing: Option<Mailing>,
    /// How many have the day, for days of one's own that have no mailing yet.
    pub own_days: Option<OwnDays>,
}

impl Sending {
    /// One that a person gave another moment leaves then; what was called off would leave at its own.
    fn of(
        conn: &mut Conn,
        book: &GreetingBook,
        planned: Planned,
        usual: Moment,
        made: &Made,
    ) -> AppResult<Self> {
        let mailing = mailing_of(&made.all, &planned);
        let live = mailing.as_ref().filter(|mailing| is_live(mailing));
        let moment = match live {
            Some(mailing) if made.moved.contains(&mailing.id) => {
                let lived_by = lived_by(conn, book, &planned)?;
                let (calendars, rules) = (&book.calendars, &book.rules);
                moment_given(mailing, (&planned, usual), &lived_by, calendars, rules)
            }
            _ => usual,
        };
        Ok(Self {
            planned,
            moment,
            mailing,
            own_days: None,
        })
    }

    /// One that goes by its mailing alone: somebody changed the rules or the days of silence after it was made.
    fn left_over(book: &GreetingBook, mailing: &Mailing) -> Option<Self> {
        let greeting = Greeting::from_code(mailing.occasion.as_deref()?)?;
        let (from, until) = (mailing.send_from?, mailing.send_until?);
        let planned = Planned::made(greeting, mailing.occasion_on?);
        let calendar = planned.calendar(&book.calendars);
        Some(Self {
            moment: Moment {
                day: calendar.date(from),
                from,
                until,
                is_known: true,
            },
            mailing: Some(mailing.clone()),
            planned,
            own_days: None,
        })
    }
}

/// Mailings of a stretch of days.
struct Made {
    /// All of them, called off ones too.
    all: Vec<Mailing>,
    /// To which a person gave another moment.
    moved: HashSet<i64>,
}

impl Made {
    fn between(conn: &mut Conn, from: NaiveDate, to: NaiveDate) -> AppResult<Self> {
        let all = queries::greetings_between(conn, from, to)?;
        let live: Vec<i64> = all
            .iter()
            .filter(|one| is_live(one))
            .map(|m| m.id)
            .collect();
        Ok(Self {
            moved: queries::moved_by_hand(conn, &live)?,
            all,
        })
    }
}

/// People or customers who have a day of their own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OwnDays {
    /// Get a card for it.
    pub own: i64,
    /// Have it so near to a holiday that it moves into that card.
    pub moved: i64,
}

/// The holiday whose cards leave next.
pub fn next_holiday(
    conn: &mut Conn,
    now: NaiveDateTime,
    book: &GreetingBook,
) -> AppResult<Option<Sending>> {
    let today = book.today(now);
    let found = book
        .holidays(today, today + YEAR)
        .into_iter()
        .filter_map(|(planned, moment)| Some((planned, moment?)))
        .filter(|(planned, moment)| planned.refused.is_none() && now < moment.until)
        .min_by_key(|(planned, moment)| (moment.day, planned.on));
    match found {
        Some((planned, moment)) => with_mailing(conn, book, planned, moment).map(Some),
        None => Ok(None),
    }
}

/// The greeting of a code and day.
pub fn sending_of(
    conn: &mut Conn,
    book: &GreetingBook,
    code: &str,
    on: NaiveDate,
) -> AppResult<Option<Sending>> {
    let planned = planned_on(code, on, &book.calendars, &book.rules)
        .filter(|planned| planned.refused.is_none());
    let moment = planned
        .as_ref()
        .and_then(|planned| planned.moment(&book.calendars, &book.rules));
    let (Some(planned), Some(moment)) = (planned, moment) else {
        let made = queries::greetings_between(conn, on, on)?;
        let mut live = made.iter().filter(|mailing| is_live(mailing));
        let same = live.find(|mailing| mailing.occasion.as_deref() == Some(code));
        return Ok(same.and_then(|mailing| Sending::left_over(book, mailing)));
    };
    let occasion = planned.greeting.leading();
    let mut sending = with_mailing(conn, book, planned, moment)?;
    if occasion.is_own_day() {
        let near = cards_near(conn, book, on)?;
        let counted = counts(conn, book, occasion, &near, &[(on, moment)])?;
        sending.own_days = Some(counted.get(&on).copied().unwrap_or_default());
    }
    Ok(Some(sending))
}

fn with_mailing(
    conn: &mut Conn,
    book: &GreetingBook,
    planned: Planned,
    moment: Moment,
) -> AppResult<Sending> {
    let made = Made::between(conn, planned.on, planned.on)?;
    Sending::of(conn, book, planned, moment, &made)
}

/// The calendar from a day to another, both included; with days of one's own where they can be told apart.
pub fn calendar(
    conn: &mut Conn,
    now: NaiveDateTime,
    book: &GreetingBook,
    (from, to): (NaiveDate, NaiveDate),
    has_own_days: bool,
) -> AppResult<Calendar> {
    let office = book.calendars.office();
    let ahead = to + CLOSED_WEEKS;
    let made = Made::between(conn, from, ahead)?;
    let holidays = book.holidays(from, ahead);
    let mut sendings: Vec<Sending> = Vec::new();
    let mut refused = Vec::new();
    for (planned, moment) in &holidays {
        if planned.refused.is_some() && (from..=to).contains(&planned.on) {
            refused.push(planned.clone());
        }
        if let (Some(moment), None) = (*moment, &planned.refused) {
            sendings.push(Sending::of(conn, book, planned.clone(), moment, &made)?);
        }
    }
    if has_own_days {
        let cards: Vec<_> = holidays
            .iter()
            .filter(|(planned, _)| is_open(&made.all, planned))
            .cloned()
            .collect();
        sendings.extend(own_days(conn, book, &cards, &made, (from, to))?);
    }
    sendings.extend(left_over(book, &made.all, &sendings, has_own_days));
    sendings.retain(|sending| (from..=to).contains(&sending.moment.day));
    sendings.sort_by_key(|sending| (sending.moment.day, sending.planned.greeting.clone()));
    Ok(Calendar {
        days: days(book, from, to),
        sendings,
        refused,
        next_silence: next_refusal(book.today(now), office.country(), &book.rules),
        missing_years: office.missing_years(from, to),
    })
}

/// What goes although the plan of the year has it no more.
fn left_over(
    book: &GreetingBook,
    made: &[Mailing],
    planned: &[Sending],
    has_own_days: bool,
) -> Vec<Sending> {
    let told: Vec<i64> = planned
        .iter()
        .filter_map(|sending| Some(sending.mailing.as_ref()?.id))
        .collect();
    made.iter()
        .filter(|mailing| is_live(mailing) && !told.contains(&mailing.id))
        .filter_map(|mailing| Sending::left_over(book, mailing))
        .filter(|sending| has_own_days || !sending.planned.greeting.is_own_day())
        .collect()
}

fn is_live(mailing: &Mailing) -> bool {
    mailing.state() != MailingState::Cancelled
}

/// Whether the card of a holiday goes, or will: it was not called off.
pub(super) fn is_open(made: &[Mailing], planned: &Planned) -> bool {
    mailing_of(made, planned).is_none_or(|mailing| is_live(&mailing))
}

/// The live mailing of a greeting; of several that were called off the newest.
fn mailing_of(made: &[Mailing], planned: &Planned) -> Option<Mailing> {
    let code = planned.greeting.code();
    let same = |m: &&Mailing| {
        m.occasion.as_deref() == Some(code.as_str()) && m.occasion_on == Some(planned.on)
    };
    let rank = |m: &&Mailing| (is_live(m), m.id);
    made.iter().filter(same).max_by_key(rank).cloned()
}

fn days(book: &GreetingBook, from: NaiveDate, to: NaiveDate) -> Vec<Day> {
    let office = book.calendars.office();
    let country = office.country();
    let holidays: Vec<(Occasion, NaiveDate)> = (from.year()..=to.year())
        .flat_map(|year| Occasion::holidays().map(move |occasion| (occasion, year)))
        .filter(|(occasion, _)| occasion.is_kept_in(country))
        .filter_map(|(occasion, year)| Some((occasion, occasion.day_in(year)?)))
        .collect();
    let day = |date: NaiveDate| Day {
        lunar: lunar_date(date),
        kind: office.day_kind(date),
        occasions: holidays
            .iter()
            .filter(|(_, day)| *day == date)
            .map(|(occasion, _)| *occasion)
            .collect(),
        silence: refuse(date, country, &book.rules),
        date,
    };
    from.iter_days()
        .take_while(|date| *date <= to)
        .map(day)
        .collect()
}

/// Birthdays and anniversaries that leave in the stretch.
fn own_days(
    conn: &mut Conn,
    book: &GreetingBook,
    holidays: &[(Planned, Option<Moment>)],
    made: &Made,
    (from, to): (NaiveDate, NaiveDate),
) -> AppResult<Vec<Sending>> {
    let office = book.calendars.office();
    let leaving: Vec<(NaiveDate, Moment)> = from
        .iter_days()
        .take_while(|day| *day <= to + CLOSED_WEEKS)
        .filter_map(|day| Some((day, moment(day, true, office, &book.rules)?)))
        .filter(|(_, moment)| (from..=to).contains(&moment.day))
        .collect();
    let mut found = Vec::new();
    for occasion in [Occasion::Birthday, Occasion::Anniversary] {
        if !book.rules.rule(occasion).is_on {
            continue;
        }
        let counts = counts(conn, book, occasion, holidays, &leaving)?;
        for (day, moment) in &leaving {
            let planned = Planned::own_day(occasion, *day);
            let own_days = counts.get(day).copied();
            let sending = Sending {
                own_days,
                ..Sending::of(conn, book, planned, *moment, made)?
            };
            if sending.mailing.is_some() || own_days.is_some_and(|n| n.own + n.moved > 0) {
                found.push(sending);
            }
        }
    }
    Ok(found)
}

/// How many have each of these days. Who bought first in the year of a day has no anniversary on it yet, so each year is
/// asked about by itself.
fn counts(
    conn: &mut Conn,
    book: &GreetingBook,
    occasion: Occasion,
    holidays: &[(Planned, Option<Moment>)],
    days: &[(NaiveDate, Moment)],
) -> AppResult<BTreeMap<NaiveDate, OwnDays>> {
    let mut found = BTreeMap::new();
    for of_year in days.chunk_by(|(day, _), (next, _)| day.year() == next.year()) {
        found.extend(counts_of_year(conn, book, occasion, holidays, of_year)?);
    }
    Ok(found)
}

/// The same of days of one year.
fn counts_of_year(
    conn: &mut Conn,
    book: &GreetingBook,
    occasion: Occasion,
    holidays: &[(Planned, Option<Moment>)],
    days: &[(NaiveDate, Moment)],
) -> AppResult<BTreeMap<NaiveDate, OwnDays>> {
    let dates: Vec<String> = days.iter().flat_map(|(day, _)| month_days(*day)).collect();
    let year = days.first().map_or(0, |(day, _)| day.year());
    let rows = match occasion {
        Occasion::Birthday => queries::birthday_counts(conn, &dates)?,
        _ => queries::anniversary_counts(conn, &dates, year)?,
    };
    let grades = book.rules.rule(occasion).grades;
    let mut found: BTreeMap<NaiveDate, OwnDays> = BTreeMap::new();
    for (day, _) in days {
        let dates = month_days(*day);
        for (_, grade, region, n) in rows.iter().filter(|(date, ..)| dates.contains(date)) {
            let Some(grade) = Grade::from_code(grade).filter(|grade| grades.contains(grade)) else {
                continue;
            };
            let country = country_of(region.as_deref(), &book.office);
            let host = hosted_by(*day, country, grade, holidays, &book.rules);
            let counted = found.entry(*day).or_default();
            match host {
                Some(_) => counted.moved += n,
                None => counted.own += n,
            }
        }
    }
    Ok(found)
}
