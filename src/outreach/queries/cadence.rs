//! Who is due by the rhythm of their grade. An index leads by grade and last contact, so that a page of a million
//! companies is as fast as one of a hundred.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text, Timestamp};

use crate::outreach::model::Touched;
use crate::platform::db::{Conn, Statement, Value, in_few_sizes, values_of};

/// Since when a company waits for the next contact; the index says it in the same words.
const SINCE: &str = "coalesce(c.last_touch_at, c.grade_at, c.created_at)";
/// Totals are told up to here.
pub(in crate::outreach) const COUNTED: i64 = 1_000;
/// Companies of reps that are looked through for visits.
const OWNED: i64 = 2_000;

/// Whose companies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Whose {
    /// Those of a rep.
    Rep(i64),
    /// Those of the reps of a team; none: of those without a team.
    Team(Option<i64>),
    /// Those of every rep.
    EveryRep,
    /// Those that nobody has.
    Free,
    /// Those that nobody has and a telemarketer spoke with since a moment.
    SpokenWith(i64, NaiveDateTime),
}

impl Whose {
    fn is(self) -> (String, Vec<Value>) {
        match self {
            Self::Rep(id) => ("c.owner_id = ?".into(), vec![id.into()]),
            Self::Team(Some(team)) => (
                "c.owner_id IN (SELECT u.id FROM users u WHERE u.team_id = ?)".into(),
                vec![team.into()],
            ),
            Self::Team(None) => (
                "c.owner_id IN (SELECT u.id FROM users u WHERE u.team_id IS NULL)".into(),
                Vec::new(),
            ),
            Self::EveryRep => ("c.owner_id IS NOT NULL".into(), Vec::new()),
            Self::Free => ("c.owner_id IS NULL".into(), Vec::new()),
            Self::SpokenWith(agent, since) => (
                "c.owner_id IS NULL AND c.id IN (SELECT m.root_id FROM call k JOIN company m ON m.id = k.company_id \
                 WHERE k.agent_id = ? AND k.dialled_at >= ? AND k.reached)"
                    .into(),
                vec![agent.into(), since.into()],
            ),
        }
    }
}

/// Which of them: graded so, waiting since then at the latest, neither silenced nor at rest now.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Waiting {
    /// Whose.
    pub whose: Whose,
    /// Grade.
    pub grade: &'static str,
    /// Last contact before this.
    pub before: NaiveDateTime,
    /// Now.
    pub now: NaiveDateTime,
}

impl Waiting {
    fn is(&self) -> (String, Vec<Value>) {
        let (whose, more) = self.whose.is();
        let text = format!(
            "c.merged_into IS NULL AND c.grade = ? AND {SINCE} < ? AND {whose} AND (c.flags & 4) <> 4 \
             AND (c.rest_until IS NULL OR c.rest_until <= ?)"
        );
        let mut values = vec![self.grade.into(), self.before.into()];
        values.extend(more);
        values.push(self.now.into());
        (text, values)
    }
}

/// A company that waits.
#[derive(Debug, Clone, Queryable)]
pub(crate) struct WaitingRow {
    pub id: i64,
    pub name: String,
    pub grade: String,
    pub owner_id: Option<i64>,
    pub owner: Option<String>,
    /// When the rhythm began: the last contact, else the grade.
    pub since: NaiveDateTime,
    /// The last contact.
    pub touched_at: Option<NaiveDateTime>,
}

const ROW: &str = "c.id, c.name, c.grade, c.owner_id, u.name";
type RowTypes = (
    BigInt,
    Text,
    Text,
    Nullable<BigInt>,
    Nullable<Text>,
    Timestamp,
    Nullable<Timestamp>,
);

/// Those who wait longest, behind a place in the list.
pub(crate) fn waiting(
    conn: &mut Conn,
    who: &Waiting,
    after: Option<(NaiveDateTime, i64)>,
    most: usize,
) -> QueryResult<Vec<WaitingRow>> {
    let (text, values) = who.is();
    let behind = match after {
        Some(_) => format!(" AND {SINCE} >= ? AND ({SINCE} > ? OR c.id > ?)"),
        None => String::new(),
    };
    let text = format!(
        "SELECT {ROW}, {SINCE}, c.last_touch_at FROM company c LEFT JOIN users u ON u.id = c.owner_id \
         WHERE {text}{behind} ORDER BY {SINCE}, c.id LIMIT {most}"
    );
    let after = after.map(|(since, id)| [since.into(), since.into(), Value::from(id)]);
    Statement::<RowTypes>::built(text)
        .bind_all(values)
        .bind_all(after.into_iter().flatten())
        .load(conn)
}

/// How many wait, up to one more than [`COUNTED`].
pub(crate) fn count_waiting(conn: &mut Conn, who: &Waiting) -> QueryResult<i64> {
    let (text, values) = who.is();
    let most = COUNTED + 1;
    Statement::<BigInt>::built(format!(
        "SELECT count(*) FROM (SELECT 1 AS one FROM company c WHERE {text} LIMIT {most}) AS t"
    ))
    .bind_all(values)
    .get_result(conn)
}

/// The companies of reps with one of these grades that do not rest, to be looked through for visits.
pub(crate) fn owned(
    conn: &mut Conn,
    whose: Whose,
    grades: &[&str],
    now: NaiveDateTime,
) -> QueryResult<Vec<WaitingRow>> {
    let (text, values) = whose.is();
    let text = format!(
        "SELECT {ROW}, coalesce(c.grade_at, c.created_at), CAST(NULL AS TIMESTAMP) FROM company c LEFT JOIN users u ON u.id = c.owner_id \
         WHERE c.merged_into IS NULL AND {text} AND c.grade IN ? AND (c.rest_until IS NULL OR c.rest_until <= ?) \
         ORDER BY c.grade, c.id LIMIT {OWNED}"
    );
    Statement::<RowTypes>::built(text)
        .bind_all(values)
        .bind(Value::codes(grades))
        .bind(now)
        .load(conn)
}

/// By which ways those who are at these companies must not be reached: company, ways.
pub(crate) fn refusals_at(conn: &mut Conn, companies: &[i64]) -> QueryResult<Vec<(i64, i32)>> {
    Statement::<(BigInt, Integer)>::fixed(
        "SELECT DISTINCT k.company_id, p.refused | r.refused FROM contact k JOIN person p ON p.id = k.person_id \
         JOIN person r ON r.id = p.root_id WHERE k.company_id IN ? AND k.left_at IS NULL",
    )
    .bind(Value::numbers(companies.iter().copied()))
    .load(conn)
}

/// The last visit to each of these companies.
pub(crate) fn last_visits(
    conn: &mut Conn,
    companies: &[i64],
) -> QueryResult<Vec<(i64, NaiveDateTime)>> {
    Statement::<(BigInt, Timestamp)>::fixed(
        "SELECT h.company_id, max(h.at) FROM touch h WHERE h.company_id IN ? AND h.kind = 'visit' GROUP BY h.company_id",
    )
    .bind(Value::numbers(companies.iter().copied()))
    .load(conn)
}

/// What arrived at companies of our doing: company, person if noted, how many.
pub(crate) fn touches_of(
    conn: &mut Conn,
    companies: &[i64],
    since: NaiveDateTime,
) -> QueryResult<Vec<(i64, Option<i64>, i64)>> {
    Statement::<(BigInt, Nullable<BigInt>, BigInt)>::fixed(
        "SELECT h.company_id, h.person_id, count(*) FROM touch h WHERE h.company_id IN ? AND h.at >= ? AND NOT h.incoming \
         GROUP BY h.company_id, h.person_id",
    )
    .bind(Value::numbers(companies.iter().copied()))
    .bind(since)
    .load(conn)
}

/// Reps by name who are not switched off, of one team or of all: id, name.
pub(crate) fn reps(
    conn: &mut Conn,
    of_team: Option<Option<i64>>,
) -> QueryResult<Vec<(i64, String)>> {
    let rows: Vec<(i64, String, Option<i64>)> =
        Statement::<(BigInt, Text, Nullable<BigInt>)>::fixed(
            "SELECT id, name, team_id FROM users WHERE (roles & 16) <> 0 AND disabled_at IS NULL ORDER BY name, id",
        )
        .load(conn)?;
    let kept = rows
        .into_iter()
        .filter(|(.., team)| of_team.is_none_or(|wanted| wanted == *team));
    Ok(kept.map(|(id, name, _)| (id, name)).collect())
}

pub(in crate::outreach) fn insert_touches(conn: &mut Conn, rows: &[Touched]) -> QueryResult<()> {
    for alike in rows.chunk_by(|one, next| (one.kind, one.at) == (next.kind, next.at)) {
        for part in in_few_sizes(alike) {
            write_touches(conn, part)?;
        }
    }
    Ok(())
}

/// Touches of one kind and moment.
fn write_touches(conn: &mut Conn, part: &[Touched]) -> QueryResult<()> {
    let Some(first) = part.first() else {
        return Ok(());
    };
    let rows = values_of("(?, ?, ?)", part.len());
    let text = format!(
        "INSERT INTO touch (kind, at, incoming, company_id, person_id, object_id) \
         SELECT ?, ?, ?, v.column1, v.column2, v.column3 FROM ({rows}) AS v"
    );
    let mut statement = Statement::<()>::one_of_few(text)
        .bind(first.kind.code())
        .bind(first.at)
        .bind(false);
    for one in part {
        statement = statement
            .bind(one.company_id)
            .bind(one.person_id)
            .bind(one.delivery_id);
    }
    statement.execute(conn)?;
    Ok(())
}
