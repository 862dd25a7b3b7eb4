//! What must always hold of suppressions and grounds.

use super::model::{Scope, Subject};
use super::queries::invariants as queries;
use crate::platform::check::Invariant;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;

/// Invariants of this area.
pub const INVARIANTS: &[Invariant] = &[
    Invariant {
        code: "consent.ways_are_union",
        find: ways_that_differ,
    },
    Invariant {
        code: "consent.subject_key",
        find: wrong_keys,
    },
    Invariant {
        code: "consent.subject_exists",
        find: subjects_missing,
    },
    Invariant {
        code: "consent.refused_matches",
        find: refusals_that_differ,
    },
    Invariant {
        code: "consent.company_flag",
        find: flags_that_differ,
    },
];

fn ways_that_differ(conn: &mut Conn) -> AppResult<Vec<String>> {
    Ok(queries::ways_that_differ(conn)?)
}

fn wrong_keys(conn: &mut Conn) -> AppResult<Vec<String>> {
    let mut wrong = Vec::new();
    let mut after = 0;
    loop {
        let rows = queries::keys_after(conn, after)?;
        let Some(last) = rows.last() else {
            return Ok(wrong);
        };
        after = last.0;
        for (id, scope, value, key) in rows {
            let Some(scope) = Scope::parse(&scope) else {
                wrong.push(format!("suppression {id}: scope {scope}"));
                continue;
            };
            if (Subject { scope, value }).key() != key {
                wrong.push(format!("suppression {id}"));
            }
        }
        wrong.truncate(crate::platform::check::NAMED as usize);
    }
}

fn subjects_missing(conn: &mut Conn) -> AppResult<Vec<String>> {
    Ok(queries::subjects_missing(conn)?)
}

fn refusals_that_differ(conn: &mut Conn) -> AppResult<Vec<String>> {
    Ok(queries::refusals_that_differ(conn)?)
}

fn flags_that_differ(conn: &mut Conn) -> AppResult<Vec<String>> {
    Ok(queries::flags_that_differ(conn)?)
}
