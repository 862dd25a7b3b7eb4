//! The list of companies: ids out of the covering index first, rows after.

use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Text};

use crate::accounts::{Actor, Role, Whose};
use crate::platform::db::{Conn, Statement, Value};
use crate::registry::filter::{Criteria, Lead};
use crate::schema::tag;

/// An agent sees whom they called within so many days.
const CALLED_DAYS: i64 = 30;
/// Totals stop here.
pub(crate) const TOTAL_STOPS_AT: usize = 1_000;

/// A page looks at so many entries of the list for companies that fit, where no index leads to them; then it shows what
/// it found and offers to search on. Twice as many would take PostgreSQL a tenth of a second.
pub(crate) const WALK: usize = 100_000;
/// The same where every entry costs a look elsewhere.
pub(crate) const WALK_ELSEWHERE: usize = 20_000;

/// A way to companies: who is on it, and how many entries of the list are looked at to find them where no index leads
/// there.
#[derive(Debug, Clone)]
pub(crate) struct Way {
    pub who: Criteria,
    pub walk: Option<usize>,
}

/// The ways to the roots that an actor sees by the same rule as `accounts::may`; `None`: every one.
///
/// Each is asked for by itself: one condition with an OR would read the whole table where hardly anybody fits.
pub(crate) fn visible_to(
    conn: &mut Conn,
    actor: &Actor,
    now: NaiveDateTime,
) -> QueryResult<Option<Vec<Way>>> {
    if actor.roles.has(Role::Marketing) {
        return Ok(None);
    }
    let way = |text: &str, values: Vec<Value>, walk| {
        let who = Criteria {
            text: text.to_owned(),
            values,
        };
        Way { who, walk }
    };
    let mut ways = Vec::new();
    match Whose::of(conn, actor)? {
        Whose::Everybodys => return Ok(None),
        Whose::Team(reps) => {
            // What the list is walked by does not know owners.
            let free = "(SELECT o.owner_id FROM company o WHERE o.id = c.id) IS NULL";
            ways.push(way(free, Vec::new(), Some(WALK_ELSEWHERE)));
            ways.push(way("c.owner_id IN ?", vec![Value::numbers(reps)], None));
        }
        Whose::Own(_) => {}
    }
    if actor.roles.has_any(&[Role::Agent, Role::Rep]) {
        ways.push(worked_with(actor, now));
    }
    if actor.roles.has(Role::Rep) {
        ways.push(way("c.owner_id = ?", vec![Value::from(actor.id())], None));
        ways.push(way("((c.facets >> 3) & 7) = 1", Vec::new(), Some(WALK)));
    }
    Ok(Some(ways))
}

/// To the roots that a user leased, called, has an appointment with, or added by hand.
fn worked_with(actor: &Actor, now: NaiveDateTime) -> Way {
    const TEXT: &str = "c.id IN (SELECT m.root_id FROM company m WHERE m.id IN (\
         SELECT k.company_id FROM call k WHERE k.agent_id = ? AND k.dialled_at >= ? AND k.company_id IS NOT NULL \
         UNION SELECT l.company_id FROM lease l WHERE l.agent_id = ? AND l.state IN ('preview','dialled','needs_outcome') AND l.company_id IS NOT NULL \
         UNION SELECT b.company_id FROM callback b WHERE b.owner_id = ? AND b.state = 'open' AND b.company_id IS NOT NULL \
         UNION SELECT t.company_id FROM task t WHERE t.user_id = ? AND t.state = 'open' AND t.company_id IS NOT NULL \
         UNION SELECT g.object_id FROM change_log g WHERE g.object_kind = 'company' AND g.verb = 'create' AND g.actor_id = ?))";
    let me = Value::from(actor.id());
    let called = if actor.roles.has(Role::Agent) {
        now - TimeDelta::days(CALLED_DAYS)
    } else {
        now + TimeDelta::days(1)
    };
    let mut values = vec![me.clone(), Value::from(called)];
    values.extend(std::iter::repeat_n(me, 4));
    Way {
        who: Criteria {
            text: TEXT.to_owned(),
            values,
        },
        walk: None,
    }
}

/// The first of these criteria that leads to few companies: these are sorted sooner than the list is walked to them.
pub(crate) fn narrow(conn: &mut Conn, leads: Vec<Lead>) -> QueryResult<Option<Criteria>> {
    for lead in leads {
        let text = format!(
            "SELECT count(*) FROM (SELECT 1 FROM {} LIMIT {}) AS found",
            lead.entries,
            lead.few + 1
        );
        let found: i64 = Statement::<BigInt>::built(text)
            .bind_all(lead.values)
            .get_result(conn)?;
        if found <= lead.few {
            return Ok(Some(lead.who));
        }
    }
    Ok(None)
}

/// Best score first, then the latest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Cursor {
    pub score: i32,
    pub id: i64,
}

/// A part of the list.
#[derive(Debug, Default)]
pub(crate) struct Part {
    /// Roots, best first.
    pub roots: Vec<Cursor>,
    /// How far the list was looked through, where it goes on behind.
    pub stopped_at: Option<Cursor>,
}

/// Roots on any of the ways that fit all criteria, from the cursor on.
pub(crate) fn part(
    conn: &mut Conn,
    ways: &[Way],
    criteria: &[Criteria],
    after: Option<Cursor>,
    limit: usize,
) -> QueryResult<Part> {
    let mut part = Part::default();
    for way in ways {
        let all: Vec<&Criteria> = criteria.iter().chain([&way.who]).collect();
        let found = ids(conn, &all, after, limit, way.walk)?;
        if let Some(walk) = way.walk.filter(|_| found.len() < limit) {
            part.stopped_at = part.stopped_at.max(end_of_walk(conn, after, walk)?);
        }
        part.roots.extend(found);
    }
    // What another way found behind the end of a walk comes with the part that goes on from there.
    if let Some(end) = part.stopped_at {
        part.roots.retain(|root| *root >= end);
    }
    part.roots.sort_unstable_by(|a, b| b.cmp(a));
    part.roots.dedup();
    part.roots.truncate(limit);
    Ok(part)
}

fn ids(
    conn: &mut Conn,
    criteria: &[&Criteria],
    after: Option<Cursor>,
    limit: usize,
    walk: Option<usize>,
) -> QueryResult<Vec<Cursor>> {
    let (behind, mut values) = behind(after);
    let fits: String = criteria
        .iter()
        .map(|one| format!(" AND {}", one.text))
        .collect();
    let list = format!("FROM company c WHERE c.merged_into IS NULL{behind}");
    const BEST_FIRST: &str = "ORDER BY c.score DESC, c.id DESC LIMIT";
    // A walk takes along what stands in the index, and no more. Its rows come out in its order, so that it ends with the
    // last one that is wanted.
    const IN_INDEX: &str =
        "c.score, c.id, c.facets, c.region, c.industry, c.sign_by, c.last_touch_at, c.needs";
    let text = match walk {
        Some(walk) => format!(
            "SELECT c.score, c.id FROM (SELECT {IN_INDEX} {list} {BEST_FIRST} {walk}) c WHERE 1 = 1{fits} LIMIT {limit}"
        ),
        None => format!("SELECT c.score, c.id {list}{fits} {BEST_FIRST} {limit}"),
    };
    values.extend(criteria.iter().flat_map(|one| one.values.iter().cloned()));
    let found: Vec<(i32, i64)> = Statement::<(Integer, BigInt)>::built(text)
        .bind_all(values)
        .load(conn)?;
    Ok(found
        .into_iter()
        .map(|(score, id)| Cursor { score, id })
        .collect())
}

/// The last entry that a walk looks at; `None` if the list ends before.
fn end_of_walk(conn: &mut Conn, after: Option<Cursor>, walk: usize) -> QueryResult<Option<Cursor>> {
    let (behind, values) = behind(after);
    let text = format!(
        "SELECT c.score, c.id FROM company c WHERE c.merged_into IS NULL{behind} ORDER BY c.score DESC, c.id DESC LIMIT 1 OFFSET {}",
        walk.saturating_sub(1)
    );
    let found: Option<(i32, i64)> = Statement::<(Integer, BigInt)>::built(text)
        .bind_all(values)
        .get_result(conn)
        .optional()?;
    Ok(found.map(|(score, id)| Cursor { score, id }))
}

/// The condition for what stands behind a cursor.
fn behind(after: Option<Cursor>) -> (&'static str, Vec<Value>) {
    match after {
        None => ("", Vec::new()),
        Some(Cursor { score, id }) => (
            " AND c.score <= ? AND (c.score < ? OR c.id < ?)",
            vec![Value::from(score), Value::from(score), Value::from(id)],
        ),
    }
}

/// Which of these are on one of the ways.
pub(crate) fn among(conn: &mut Conn, ids: &[i64], ways: &[Way]) -> QueryResult<Vec<i64>> {
    let each = ways.iter().map(|way| way.who.text.as_str());
    let any: Vec<&str> = std::iter::once("1 = 0").chain(each).collect();
    let found: Vec<(i64,)> = Statement::<(BigInt,)>::built(format!(
        "SELECT c.id FROM company c WHERE c.id IN ? AND ({})",
        any.join(" OR ")
    ))
    .bind(Value::numbers(ids.iter().copied()))
    .bind_all(ways.iter().flat_map(|way| way.who.values.iter().cloned()))
    .load(conn)?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

/// Who may own companies, for the filter.
pub(crate) fn owners(conn: &mut Conn) -> QueryResult<Vec<(i64, String)>> {
    Statement::<(BigInt, Text)>::fixed(
        "SELECT u.id, u.name FROM users u WHERE (u.roles & 16) <> 0 AND u.disabled_at IS NULL ORDER BY u.name",
    )
    .load(conn)
}

/// Sources by name, the latest first.
pub(crate) fn sources(conn: &mut Conn) -> QueryResult<Vec<(i64, String)>> {
    Statement::<(BigInt, Text)>::fixed(
        "SELECT s.id, s.name FROM source s ORDER BY s.id DESC LIMIT 200",
    )
    .load(conn)
}

/// Labels of the office: id, name in Chinese, name in English.
pub(crate) fn tags(conn: &mut Conn) -> QueryResult<Vec<(i64, String, Option<String>)>> {
    tag::table
        .select((tag::id, tag::name_zh, tag::name_en))
        .order(tag::name_zh)
        .limit(200)
        .load(conn)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::db::{Db, Target};
    use crate::platform::error::AppError;
    use crate::registry::model::Company;
    use crate::registry::queries::write;

    fn way(text: &str, walk: Option<usize>) -> Way {
        let who = Criteria {
            text: text.into(),
            values: Vec::new(),
        };
        Way { who, walk }
    }

    fn scores(part: &Part) -> Vec<i32> {
        part.roots.iter().map(|root| root.score).collect()
    }

    #[test]
    fn a_walk_stops_and_goes_on_where_it_stopped() {
        let folder = tempfile::tempdir().expect("a folder");
        let db = Db::open(&Target::new(folder.path(), None)).expect("a database");
        db.write_blocking(|conn| {
            let now = NaiveDateTime::default();
            let rows: Vec<_> = (1..=12)
                .map(|id| {
                    let mut row = Company::blank(id, now);
                    row.score = id as i32;
                    row
                })
                .collect();
            write::companies(conn, &rows)?;
            // Every fourth fits; five entries are looked at a time.
            let ways = [way("c.score % 4 = 0", Some(5))];
            let first = part(conn, &ways, &[], None, 10)?;
            assert_eq!(scores(&first), [12, 8]);
            let end = first.stopped_at.expect("there is more behind");
            assert_eq!(end.score, 8);
            let second = part(conn, &ways, &[], Some(end), 10)?;
            assert_eq!(scores(&second), [4]);
            let third = part(conn, &ways, &[], second.stopped_at, 10)?;
            assert_eq!((scores(&third), third.stopped_at), (vec![], None));
            // Who is found by an index behind the end of the walk waits for the part that goes on there.
            let both = [
                way("c.score % 4 = 0", Some(5)),
                way("c.id IN (11, 3)", None),
            ];
            let first = part(conn, &both, &[], None, 10)?;
            assert_eq!(scores(&first), [12, 11, 8]);
            let second = part(conn, &both, &[], first.stopped_at, 10)?;
            assert_eq!(scores(&second), [4, 3]);
            // Enough was found before the end: the list goes on behind the last one.
            let few = part(conn, &ways, &[], None, 1)?;
            assert_eq!((scores(&few), few.stopped_at), (vec![12], None));
            Ok::<_, AppError>(())
        })
        .expect("the list");
    }
}
