//! SQL of the calendar: mailings of occasions, birthdays, anniversaries.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text, Timestamp};

use crate::outreach::model::Mailing;
use crate::platform::db::{Conn, Statement, Value};
use crate::schema::mailing;

/// Mailings whose occasion falls into a stretch of days, called off ones among them.
pub(in crate::outreach) fn greetings_between(
    conn: &mut Conn,
    from: NaiveDate,
    to: NaiveDate,
) -> QueryResult<Vec<Mailing>> {
    mailing::table
        .filter(mailing::occasion.is_not_null())
        .filter(mailing::occasion_on.between(from, to))
        .order(mailing::id)
        .select(Mailing::as_select())
        .load(conn)
}

/// The end of a date, the first letters of a region, and how many: date, grade, region, number.
pub(in crate::outreach) type DayCount = (String, String, Option<String>, i64);

/// Each database has its own word for the last five letters, `05-20`; the index on birthdays is over it.
fn birth_day(conn: &Conn) -> &'static str {
    match conn {
        Conn::Postgres(_) => "right(p.birthday, 5)",
        Conn::Sqlite(_) => "substr(p.birthday, -5)",
    }
}

/// From persons to the companies at which they are contacts now.
const THEIR_COMPANIES: &str = "FROM person p JOIN contact t ON t.person_id = p.id AND t.left_at IS NULL \
     JOIN company m ON m.id = t.company_id JOIN company c ON c.id = m.root_id";

/// How many people with a mailbox have a birthday on one of these days.
pub(in crate::outreach) fn birthday_counts(
    conn: &mut Conn,
    days: &[String],
) -> QueryResult<Vec<DayCount>> {
    let day = birth_day(conn);
    let text = format!(
        "SELECT {day}, c.grade, substr(c.region, 1, 2), count(DISTINCT p.id) {THEIR_COMPANIES} \
         WHERE {day} IN ? AND p.birthday IS NOT NULL AND p.merged_into IS NULL AND p.email IS NOT NULL \
         AND c.grade IS NOT NULL GROUP BY 1, 2, 3"
    );
    Statement::<(Text, Text, Nullable<Text>, BigInt)>::built(text)
        .bind(Value::codes(days))
        .load(conn)
}

/// The regions in which companies are outside of China, whose codes are digits; each once. It asks the index for one after
/// the other, and does not walk through the companies.
pub(in crate::outreach) fn regions_abroad(conn: &mut Conn) -> QueryResult<Vec<String>> {
    Statement::<Text>::fixed(
        "WITH RECURSIVE found(region) AS (SELECT min(c.region) FROM company c WHERE c.region >= ':' AND c.merged_into IS NULL \
         UNION ALL SELECT (SELECT min(c.region) FROM company c WHERE c.region > f.region AND c.merged_into IS NULL) FROM found f WHERE f.region IS NOT NULL) \
         SELECT region FROM found WHERE region IS NOT NULL ORDER BY region",
    )
    .load(conn)
}

/// The regions of the companies at which some persons are contacts now; none stands for those without one.
pub(in crate::outreach) fn regions_of_persons(
    conn: &mut Conn,
    persons: &[i64],
) -> QueryResult<Vec<Option<String>>> {
    let text = format!("SELECT DISTINCT c.region {THEIR_COMPANIES} WHERE p.id IN ?");
    Statement::<Nullable<Text>>::one_of_few(text)
        .bind(Value::numbers(persons.iter().copied()))
        .load(conn)
}

/// The day on which each company bought first: its root, the day.
const FIRST_BOUGHT: &str = "SELECT k.root_id AS root, min(o.closed_at) AS at FROM opportunity o \
     JOIN company k ON k.id = o.company_id WHERE o.state = 'won' AND o.closed_at IS NOT NULL GROUP BY k.root_id";

/// The month and day of an instant in UTC; offices east of it lose some hours of the evening, which no anniversary minds.
fn month_day(conn: &Conn) -> &'static str {
    match conn {
        Conn::Postgres(_) => "to_char(f.at, 'MM-DD')",
        Conn::Sqlite(_) => "strftime('%m-%d', f.at)",
    }
}

/// Whoever bought first in the year itself has no anniversary yet.
fn start_of(year: i32) -> NaiveDateTime {
    let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default();
    first.and_time(NaiveTime::MIN)
}

/// How many people work at customers who bought first on one of these days.
pub(in crate::outreach) fn anniversary_counts(
    conn: &mut Conn,
    days: &[String],
    year: i32,
) -> QueryResult<Vec<DayCount>> {
    let day = month_day(conn);
    let text = format!(
        "SELECT {day}, c.grade, substr(c.region, 1, 2), count(DISTINCT p.id) {THEIR_COMPANIES} \
         JOIN ({FIRST_BOUGHT}) f ON f.root = c.id \
         WHERE {day} IN ? AND f.at < ? AND p.merged_into IS NULL AND p.email IS NOT NULL AND c.grade IS NOT NULL GROUP BY 1, 2, 3"
    );
    Statement::<(Text, Text, Nullable<Text>, BigInt)>::built(text)
        .bind(Value::codes(days))
        .bind(start_of(year))
        .load(conn)
}

/// Somebody with a day: person, the grade and the region of the company.
pub(in crate::outreach) type DayPerson = (i64, String, Option<String>);

/// Whose birthday it is, of people with a mailbox.
pub(in crate::outreach) fn birthday_people(
    conn: &mut Conn,
    days: &[String],
) -> QueryResult<Vec<DayPerson>> {
    let day = birth_day(conn);
    let text = format!(
        "SELECT p.id, c.grade, c.region {THEIR_COMPANIES} WHERE {day} IN ? AND p.birthday IS NOT NULL \
         AND p.merged_into IS NULL AND p.email IS NOT NULL AND c.grade IS NOT NULL"
    );
    Statement::<(BigInt, Text, Nullable<Text>)>::built(text)
        .bind(Value::codes(days))
        .load(conn)
}

/// Who works at customers who bought first on one of these days, in a year before.
pub(in crate::outreach) fn anniversary_people(
    conn: &mut Conn,
    days: &[String],
    year: i32,
) -> QueryResult<Vec<DayPerson>> {
    let day = month_day(conn);
    let text = format!(
        "SELECT p.id, c.grade, c.region {THEIR_COMPANIES} JOIN ({FIRST_BOUGHT}) f ON f.root = c.id \
         WHERE {day} IN ? AND f.at < ? AND p.merged_into IS NULL AND p.email IS NOT NULL AND c.grade IS NOT NULL"
    );
    Statement::<(BigInt, Text, Nullable<Text>)>::built(text)
        .bind(Value::codes(days))
        .bind(start_of(year))
        .load(conn)
}

/// When these companies bought first, by their ids; who never did is not in it.
pub(in crate::outreach) fn first_bought(
    conn: &mut Conn,
    companies: &[i64],
) -> QueryResult<HashMap<i64, NaiveDateTime>> {
    let rows: Vec<(i64, NaiveDateTime)> = Statement::<(BigInt, Timestamp)>::fixed(
        "SELECT c.id, min(o.closed_at) FROM company c JOIN company k ON k.id = c.root_id OR k.root_id = c.root_id AND k.merged_into IS NOT NULL \
         JOIN opportunity o ON o.company_id = k.id \
         WHERE c.id IN ? AND o.state = 'won' AND o.closed_at IS NOT NULL GROUP BY c.id",
    )
    .bind(Value::numbers(companies.iter().copied()))
    .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// Issues of news that leave in a stretch of time, without those called off.
pub(in crate::outreach) fn news_between(
    conn: &mut Conn,
    from: NaiveDateTime,
    to: NaiveDateTime,
) -> QueryResult<Vec<Mailing>> {
    mailing::table
        .filter(mailing::kind.eq("news"))
        .filter(mailing::send_from.ge(from))
        .filter(mailing::send_from.lt(to))
        .filter(mailing::state.ne("cancelled"))
        .order(mailing::id)
        .select(Mailing::as_select())
        .load(conn)
}
