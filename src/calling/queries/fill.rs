//! SQL of a fill: one `CASE` says why a company stays out; the same `CASE` chooses who comes in.
//!
//! A fill never reads rows into the program: 325,000 companies took 2 to 4 times as long that way.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use crate::platform::db::{Conn, Statement, Value};
use crate::registry::filter::Criteria;

/// What a chunk of a fill looks at.
pub(in crate::calling) struct FillChunk<'a> {
    /// Into which campaign.
    pub campaign_id: i64,
    /// Ids above this …
    pub after: i64,
    /// … up to this.
    pub upto: i64,
    /// A given list of roots, instead of everybody in the range.
    pub listed: Option<&'a [i64]>,
    /// Whether released companies are wanted.
    pub with_pool: bool,
    /// Who is wanted.
    pub criteria: &'a Criteria,
    /// Entries go to these agents in turn; empty = to whoever asks.
    pub give_to: &'a [i64],
    /// What decides the class.
    pub classes: &'a ClassCutoffs,
    /// Grounds that permit some call; none where every ground does.
    pub callable: Option<&'a [&'static str]>,
    /// Calendar of a region key ([`region_keys`]).
    pub calendars: &'a BTreeMap<String, i32>,
    /// Calendar where there is no region.
    pub office_calendar: i32,
}

/// The instants that decide in which class an entry starts.
#[derive(Debug, Clone)]
pub(in crate::calling) struct ClassCutoffs {
    /// An event lead that came after this is hot.
    pub hot_after: NaiveDateTime,
    /// A, B and C graded (or last spoken to) before these are about to expire.
    pub expiring: [NaiveDateTime; 3],
}

impl ClassCutoffs {
    /// For the questions that ask for an event lead first, and then for what is about to expire.
    pub fn values(&self) -> [Value; 5] {
        let [a, b, c] = self.expiring.map(Value::from);
        let hot = self.hot_after;
        [Value::from(hot), Value::from(hot.date()), a, b, c]
    }
}

/// The part of a region that decides its calendar: a province's two digits, or country and state.
const REGION_KEY: &str =
    "CASE WHEN c.region < ':' THEN substr(c.region, 1, 2) ELSE substr(c.region, 1, 6) END";

/// The highest company id: where a fill ends.
pub(in crate::calling) fn last_company(conn: &mut Conn) -> QueryResult<i64> {
    Statement::<BigInt>::fixed("SELECT coalesce(max(id), CAST(0 AS BIGINT)) FROM company")
        .get_result(conn)
}

/// The highest person id.
pub(in crate::calling) fn last_person(conn: &mut Conn) -> QueryResult<i64> {
    Statement::<BigInt>::fixed("SELECT coalesce(max(id), CAST(0 AS BIGINT)) FROM person")
        .get_result(conn)
}

/// The region keys within a range of ids.
pub(in crate::calling) fn region_keys(
    conn: &mut Conn,
    after: i64,
    upto: i64,
) -> QueryResult<Vec<String>> {
    let text = format!(
        "SELECT DISTINCT {REGION_KEY} FROM company c WHERE c.id > ? AND c.id <= ? AND c.region IS NOT NULL"
    );
    let keys: Vec<Option<String>> = Statement::<Nullable<Text>>::built(text)
        .bind(after)
        .bind(upto)
        .load(conn)?;
    Ok(keys.into_iter().flatten().collect())
}

/// The roots of given companies, each once, in order.
pub(in crate::calling) fn roots_of(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<i64>> {
    Statement::<BigInt>::fixed("SELECT DISTINCT root_id FROM company WHERE id IN ? ORDER BY 1")
        .bind(Value::numbers(ids.iter().copied()))
        .load(conn)
}

const MEMBERS: &str =
    "SELECT m.id FROM company m WHERE m.root_id = c.id AND m.merged_into IS NOT NULL";

/// It has a number, and no list it is on and nobody there has a ground that permits a call.
const CARRIED: &str = " OR ((c.flags & 1) <> 0 AND NOT EXISTS (SELECT 1 FROM company m JOIN record k ON k.company_id = m.id \
     JOIN source s ON s.id = k.source_id WHERE m.root_id = c.id AND k.voided_at IS NULL AND k.superseded_by IS NULL AND s.ground IN ?) \
     AND NOT EXISTS (SELECT 1 FROM company m JOIN contact t ON t.company_id = m.id JOIN person p ON p.id = t.person_id \
     WHERE m.root_id = c.id AND t.left_at IS NULL AND p.ground IN ?))";

/// Why a company stays out, the first that holds; `in` for those who come in.
fn why_out(chunk: &FillChunk<'_>, now: NaiveDateTime) -> (String, Vec<Value>) {
    // `already` asks for the campaign twice, once for members.
    let campaign = Value::from(chunk.campaign_id);
    let mut values = Vec::new();
    let carried = match chunk.callable {
        None => "",
        Some(grounds) => {
            values.extend([Value::codes(grounds), Value::codes(grounds)]);
            CARRIED
        }
    };
    values.extend([Value::from(now), campaign.clone(), campaign]);
    let outside = if chunk.listed.is_some() {
        values.extend(chunk.criteria.values.iter().cloned());
        format!("WHEN NOT ({}) THEN 'not_in_filter' ", chunk.criteria.text)
    } else {
        String::new()
    };
    let of_group = |extra: &str| {
        format!(
            "(EXISTS (SELECT 1 FROM queue_entry e {extra} AND e.company_id = c.id) OR ((c.flags & 8) <> 0 AND \
             EXISTS (SELECT 1 FROM queue_entry e {extra} AND e.company_id IN ({MEMBERS}))))"
        )
    };
    let already = of_group("WHERE e.campaign_id = ?");
    let elsewhere = of_group(
        "JOIN campaign k ON k.id = e.campaign_id AND k.state <> 'closed' \
         WHERE e.state IN ('ready','waiting','leased','needs_outcome')",
    );
    let text = format!(
        "CASE WHEN (c.flags & 4) <> 0 OR EXISTS (SELECT 1 FROM suppression s WHERE s.scope = 'company' \
           AND s.subject = CAST(c.id AS TEXT) AND (s.ways & 1) <> 0) THEN 'suppressed' \
         WHEN (c.flags & 3) = 1{carried} THEN 'no_ground' \
         WHEN c.state = 'customer' THEN 'customer' \
         WHEN c.state = 'owned' THEN 'owned' \
         WHEN (c.flags & 16) <> 0 THEN 'open_opportunity' \
         WHEN c.grade = 'E' OR c.state = 'excluded' THEN 'grade_e' \
         WHEN c.rest_until > ? THEN 'resting' \
         WHEN {already} THEN 'already' \
         WHEN {elsewhere} THEN 'in_other_campaign' \
         WHEN (c.flags & 1) = 0 THEN 'no_phone' \
         {outside}ELSE 'in' END"
    );
    (text, values)
}

/// The rows a chunk looks at.
fn scope(chunk: &FillChunk<'_>) -> (String, Vec<Value>) {
    let mut values = Vec::new();
    let which = match chunk.listed {
        Some(ids) => {
            values.push(Value::numbers(ids.iter().copied()));
            "c.id IN ?".to_owned()
        }
        None => {
            values.push(Value::from(chunk.after));
            values.push(Value::from(chunk.upto));
            values.extend(chunk.criteria.values.iter().cloned());
            let pool = if chunk.with_pool {
                ""
            } else {
                " AND c.state <> 'pool'"
            };
            format!(
                "c.merged_into IS NULL AND c.id > ? AND c.id <= ?{pool} AND {}",
                chunk.criteria.text
            )
        }
    };
    (which, values)
}

/// How many of a chunk stay out, by reason; `in` is who would come in.
pub(in crate::calling) fn count_reasons(
    conn: &mut Conn,
    chunk: &FillChunk<'_>,
    now: NaiveDateTime,
) -> QueryResult<Vec<(String, i64)>> {
    let (why, why_values) = why_out(chunk, now);
    let (scope, scope_values) = scope(chunk);
    Statement::<(Text, BigInt)>::built(format!(
        "SELECT w, count(*) FROM (SELECT {why} AS w FROM company c WHERE {scope}) reasons GROUP BY w"
    ))
    .bind_all(why_values)
    .bind_all(scope_values)
    .load(conn)
}

/// Lets a chunk in; says how many came.
pub(in crate::calling) fn let_in(
    conn: &mut Conn,
    chunk: &FillChunk<'_>,
    now: NaiveDateTime,
) -> QueryResult<i64> {
    let mut values = vec![Value::from(chunk.campaign_id)];
    let calendar = calendar_case(chunk);
    let owner = owner_case(chunk.give_to);
    let (why, why_values) = why_out(chunk, now);
    let (scope, scope_values) = scope(chunk);
    values.extend(chunk.classes.values());
    values.extend([Value::from(now), Value::from(now)]);
    values.extend(scope_values);
    values.extend(why_values);
    let text = format!(
        "INSERT INTO queue_entry (campaign_id, company_id, calendar_id, state, class, score, owner_id, attempts, dials, created_at, changed_at) \
         SELECT CAST(? AS BIGINT), c.id, {calendar}, 'ready', {CLASS}, c.score, {owner}, 0, 0, CAST(? AS TIMESTAMP), CAST(? AS TIMESTAMP) \
         FROM company c WHERE {scope} AND ({why}) = 'in' ON CONFLICT DO NOTHING"
    );
    // SQLite has no type TIMESTAMP to cast to: the cast would turn the text into a number.
    let text = match conn {
        Conn::Sqlite(_) => text.replace("CAST(? AS TIMESTAMP)", "?"),
        Conn::Postgres(_) => text,
    };
    Statement::<()>::built(text)
        .bind_all(values)
        .execute(conn)
        .map(|n| n as i64)
}

fn calendar_case(chunk: &FillChunk<'_>) -> String {
    let whens: String = chunk
        .calendars
        .iter()
        .filter(|(_, id)| **id != chunk.office_calendar)
        .map(|(key, id)| {
            let key: String = key
                .chars()
                .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
                .collect();
            format!(" WHEN '{key}' THEN {id}")
        })
        .collect();
    if whens.is_empty() {
        chunk.office_calendar.to_string()
    } else {
        format!(
            "CASE {REGION_KEY}{whens} ELSE {} END",
            chunk.office_calendar
        )
    }
}

/// Classes 2 hot, 3 about to expire, 5 fresh, 6 D; the others come with time and calls.
const CLASS: &str = "CASE WHEN (c.channels & 8) <> 0 AND EXISTS (SELECT 1 FROM record r JOIN source s ON s.id = r.source_id \
         WHERE r.company_id = c.id AND s.channel = 'EXPO' AND r.said_at >= ? AND (r.collected_on IS NULL OR r.collected_on >= ?)) THEN 2 \
         WHEN (c.grade = 'A' AND coalesce(c.last_touch_at, c.grade_at) <= ?) OR (c.grade = 'B' AND coalesce(c.last_touch_at, c.grade_at) <= ?) \
         OR (c.grade = 'C' AND coalesce(c.last_touch_at, c.grade_at) <= ?) THEN 3 \
         WHEN c.grade = 'D' THEN 6 ELSE 5 END";

fn owner_case(give_to: &[i64]) -> String {
    if give_to.is_empty() {
        return "CAST(NULL AS BIGINT)".to_owned();
    }
    let whens: String = give_to
        .iter()
        .enumerate()
        .map(|(n, id)| format!(" WHEN {n} THEN {id}"))
        .collect();
    format!("CASE c.id % {}{whens} END", give_to.len())
}

/// Persons without a company, in a range of ids.
pub(in crate::calling) struct PersonChunk {
    /// Into which campaign.
    pub campaign_id: i64,
    /// Ids above this …
    pub after: i64,
    /// … up to this.
    pub upto: i64,
    /// Only of these sources; empty = of any.
    pub sources: Vec<i64>,
    /// Only whom nobody ever called.
    pub never_called: bool,
    /// The office's calendar.
    pub calendar_id: i32,
    /// Grounds that permit a call to any number.
    pub callable: Vec<&'static str>,
    /// Grounds that permit a call to business numbers.
    pub business: Vec<&'static str>,
}

const PERSON_WHY: &str = "CASE \
     WHEN (p.refused & 1) <> 0 OR EXISTS (SELECT 1 FROM suppression s WHERE s.scope = 'person' AND s.subject = CAST(p.id AS TEXT) AND (s.ways & 1) <> 0) THEN 'suppressed' \
     WHEN NOT EXISTS (SELECT 1 FROM contact_point n WHERE n.owner_id = p.id AND n.owner_kind = 2 AND n.kind IN ('mobile','phone') AND n.state = 'good') \
       AND NOT EXISTS (SELECT 1 FROM contact t JOIN contact_point n ON n.owner_id = t.id AND n.owner_kind = 3 AND n.kind IN ('mobile','phone') AND n.state = 'good' WHERE t.person_id = p.id) THEN 'no_phone' \
     WHEN p.ground IS NULL OR NOT (p.ground IN ? OR p.ground IN ?) THEN 'no_ground' \
     WHEN p.ground IN ? AND NOT EXISTS (SELECT 1 FROM contact_point n WHERE n.owner_id = p.id AND n.owner_kind = 2 AND n.kind = 'phone' AND n.state = 'good') \
       AND NOT EXISTS (SELECT 1 FROM contact t JOIN contact_point n ON n.owner_id = t.id AND n.owner_kind = 3 AND n.kind = 'phone' AND n.state = 'good' WHERE t.person_id = p.id) THEN 'no_ground' \
     WHEN EXISTS (SELECT 1 FROM queue_entry e WHERE e.person_id = p.id AND e.campaign_id = ?) THEN 'already' \
     WHEN EXISTS (SELECT 1 FROM queue_entry e JOIN campaign k ON k.id = e.campaign_id AND k.state <> 'closed' WHERE e.person_id = p.id \
       AND e.state IN ('ready','waiting','leased','needs_outcome')) THEN 'in_other_campaign' \
     ELSE 'in' END";

impl PersonChunk {
    /// The values of [`PERSON_WHY`].
    fn why_values(&self) -> [Value; 4] {
        let business = Value::codes(&self.business);
        [
            Value::codes(&self.callable),
            business.clone(),
            business,
            Value::from(self.campaign_id),
        ]
    }

    fn scope(&self) -> (String, Vec<Value>) {
        let mut text = "p.merged_into IS NULL AND p.id > ? AND p.id <= ? \
             AND EXISTS (SELECT 1 FROM contact t WHERE t.person_id = p.id AND t.company_id IS NULL) \
             AND NOT EXISTS (SELECT 1 FROM contact t WHERE t.person_id = p.id AND t.company_id IS NOT NULL) \
             AND NOT EXISTS (SELECT 1 FROM erased_person x WHERE x.person_id = p.id)"
            .to_owned();
        let mut values = vec![Value::from(self.after), Value::from(self.upto)];
        if !self.sources.is_empty() {
            text.push_str(" AND EXISTS (SELECT 1 FROM contact t JOIN record r ON r.contact_id = t.id WHERE t.person_id = p.id AND r.source_id IN ?)");
            values.push(Value::numbers(self.sources.iter().copied()));
        }
        if self.never_called {
            text.push_str(" AND NOT EXISTS (SELECT 1 FROM touch h WHERE h.person_id = p.id)");
        }
        (text, values)
    }
}

/// Like [`count_reasons`], for persons without a company.
pub(in crate::calling) fn count_person_reasons(
    conn: &mut Conn,
    chunk: &PersonChunk,
) -> QueryResult<Vec<(String, i64)>> {
    let (scope, values) = chunk.scope();
    Statement::<(Text, BigInt)>::built(format!(
        "SELECT w, count(*) FROM (SELECT {PERSON_WHY} AS w FROM person p WHERE {scope}) reasons GROUP BY w"
    ))
    .bind_all(chunk.why_values())
    .bind_all(values)
    .load(conn)
}

/// Like [`let_in`], for persons without a company.
pub(in crate::calling) fn let_persons_in(
    conn: &mut Conn,
    chunk: &PersonChunk,
    now: NaiveDateTime,
) -> QueryResult<i64> {
    let (scope, values) = chunk.scope();
    let text = format!(
        "INSERT INTO queue_entry (campaign_id, person_id, calendar_id, state, class, score, attempts, dials, created_at, changed_at) \
         SELECT CAST(? AS BIGINT), p.id, {}, 'ready', 5, 0, 0, 0, CAST(? AS TIMESTAMP), CAST(? AS TIMESTAMP) \
         FROM person p WHERE {scope} AND ({PERSON_WHY}) = 'in' ON CONFLICT DO NOTHING",
        chunk.calendar_id
    );
    let text = match conn {
        Conn::Sqlite(_) => text.replace("CAST(? AS TIMESTAMP)", "?"),
        Conn::Postgres(_) => text,
    };
    Statement::<()>::built(text)
        .bind(chunk.campaign_id)
        .bind(now)
        .bind(now)
        .bind_all(values)
        .bind_all(chunk.why_values())
        .execute(conn)
        .map(|n| n as i64)
}

/// Entries of persons of a chunk all of whose numbers are abroad, each with one of its numbers.
pub(in crate::calling) fn persons_abroad(
    conn: &mut Conn,
    chunk: &PersonChunk,
) -> QueryResult<Vec<(i64, String)>> {
    Statement::<(BigInt, Text)>::fixed(
        "SELECT e.id, n.value FROM queue_entry e JOIN contact_point n ON n.owner_kind = 2 AND n.owner_id = e.person_id \
         AND n.kind IN ('mobile','phone') WHERE e.campaign_id = ? AND e.person_id > ? AND e.person_id <= ? AND e.state = 'ready' \
         AND e.calendar_id = ? AND NOT n.value LIKE '+86%' AND NOT EXISTS (SELECT 1 FROM contact_point h \
         WHERE h.owner_kind = 2 AND h.owner_id = e.person_id AND h.kind IN ('mobile','phone') AND h.value LIKE '+86%') ORDER BY e.id, n.id",
    )
    .bind(chunk.campaign_id)
    .bind(chunk.after)
    .bind(chunk.upto)
    .bind(chunk.calendar_id)
    .load(conn)
}
