//! Contradictions as they are kept: opened when facts begin to disagree, closed when they no longer do, or dismissed
//! with a reason until one of the facts changes.

use chrono::NaiveDateTime;

use super::book::GradingBook;
use super::evidence::{Evidenced, evidence_of};
use crate::accounts::{Actor, Whose};
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::platform::log::{Change, changed};
use crate::qualifying::model::{
    Checked, Cited, ContradictionCode, Effect, Fact, Found, Grade, Level,
};
use crate::qualifying::queries;
use crate::qualifying::queries::contradictions::{ContradictionRow, NewContradiction, OpenRow};
use crate::qualifying::rules::check_all;

/// An open contradiction of a company.
#[derive(Debug, Clone)]
pub struct OpenContradiction {
    /// Id.
    pub id: i64,
    /// The company.
    pub company_id: i64,
    /// Its name.
    pub company: String,
    /// Its grade.
    pub grade: Option<Grade>,
    /// Its rep.
    pub owner: Option<String>,
    /// Which.
    pub code: ContradictionCode,
    /// How heavy.
    pub level: Level,
    /// The facts that disagree.
    pub facts: Vec<Cited>,
    /// Since when.
    pub opened_at: NaiveDateTime,
}

/// Looks at a company again after something about it changed.
pub fn look_again(
    conn: &mut Conn,
    now: NaiveDateTime,
    book: &GradingBook,
    root: i64,
) -> AppResult<Vec<Found>> {
    let known = evidence_of(conn, book, now, root, None)?;
    let found = known.unsettled(book, known.evidence.present(), now);
    keep_found(conn, now, book, &known, &found)?;
    Ok(found)
}

/// Brings the stored ones of a company in line with what was found; only what differs is written.
pub(super) fn keep_found(
    conn: &mut Conn,
    now: NaiveDateTime,
    book: &GradingBook,
    known: &Evidenced,
    found: &[Found],
) -> AppResult<()> {
    let open = || known.stored.iter().filter(|row| row.state == "open");
    for row in open() {
        if !found.iter().any(|one| one.code.code() == row.code) {
            queries::contradictions::close(conn, row.id, "resolved", None, None, now)?;
        }
    }
    for one in found {
        let facts = serde_json::to_string(&one.facts)?;
        let (code, level, hash) = (one.code.code(), one.level.code(), one.hash());
        match open().find(|row| row.code == code) {
            Some(row) if row.level == level && row.facts == facts => {}
            Some(row) => queries::contradictions::update(conn, row.id, level, &facts, hash)?,
            None => {
                let new = NewContradiction {
                    company_id: known.company.id,
                    code,
                    level,
                    facts: &facts,
                    facts_hash: hash,
                    state: "open",
                    rule_version: book.version,
                    opened_at: now,
                };
                queries::contradictions::insert(conn, &new)?;
            }
        }
    }
    Ok(())
}

/// A person with the right to the company says why the facts may stand. The caller has checked who may.
#[allow(clippy::too_many_arguments)] // who says of what why
pub fn dismiss(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    book: &GradingBook,
    root: i64,
    code: &str,
    reason: &str,
) -> AppResult<()> {
    if reason.trim().is_empty() {
        return Err(AppError::invalid("contradiction_needs_reason", "reason"));
    }
    look_again(conn, now, book, root)?;
    let stored = queries::contradictions::standing(conn, &[root])?;
    let open = stored
        .iter()
        .find(|row| row.state == "open" && row.code == code);
    match open {
        Some(row) => dismiss_row(conn, now, actor, row, reason),
        None => Err(AppError::conflict("contradiction_settled")),
    }
}

fn dismiss_row(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    row: &ContradictionRow,
    reason: &str,
) -> AppResult<()> {
    let (by, reason) = (actor.user_id, Some(reason.trim()));
    queries::contradictions::close(conn, row.id, "dismissed", by, reason, now)?;
    let change = Change {
        at: now,
        actor_id: actor.user_id,
        verb: "dismiss",
        object_kind: "company",
        object_id: Some(row.company_id),
        fields: Some(format!("contradiction {}", row.code)),
        n: 1,
        ..Change::default()
    };
    Ok(changed(conn, &change)?)
}

/// Whoever gives a grade against what is open gives a reason for that too: what it settles counts no longer.
pub(super) fn dismiss_blocking(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    book: &GradingBook,
    known: &mut Evidenced,
    chosen: Grade,
    reason: &str,
) -> AppResult<()> {
    let against = known.unsettled(book, Some(chosen), now);
    let blocks =
        |one: &&Found| matches!(one.effect, Effect::AtMost(cap) if chosen.is_better_than(cap));
    let blocking: Vec<&Found> = against.iter().filter(blocks).collect();
    if blocking.is_empty() {
        return Ok(());
    }
    keep_found(conn, now, book, known, &against)?;
    known.stored = queries::contradictions::standing(conn, &[known.company.id])?;
    for row in &mut known.stored {
        let is_meant = blocking.iter().any(|one| one.code.code() == row.code);
        if is_meant && row.state == "open" {
            dismiss_row(conn, now, actor, row, reason)?;
            "dismissed".clone_into(&mut row.state);
        }
    }
    known
        .dismissed
        .extend(blocking.iter().map(|one| one.hash()));
    Ok(())
}

/// Open ones of these companies, what blocks first.
pub fn open_contradictions(
    conn: &mut Conn,
    whose: &Whose,
    after: Option<(String, i64)>,
    limit: i64,
) -> AppResult<Vec<OpenContradiction>> {
    let rows = queries::contradictions::open(conn, whose, after, limit)?;
    Ok(rows.into_iter().filter_map(read).collect())
}

fn read(row: OpenRow) -> Option<OpenContradiction> {
    Some(OpenContradiction {
        id: row.id,
        company_id: row.company_id,
        company: row.company,
        grade: row.grade.as_deref().and_then(Grade::from_code),
        owner: row.owner,
        code: ContradictionCode::from_code(&row.code)?,
        level: Level::from_code(&row.level)?,
        facts: serde_json::from_str(&row.facts).unwrap_or_default(),
        opened_at: row.opened_at,
    })
}

/// What a company's page tells: what is there, and what nobody can tell.
#[derive(Debug, Clone, Default)]
pub struct Unsettled {
    /// Contradictions, the heaviest first.
    pub found: Vec<Found>,
    /// Those that stay silent, with the facts that are missing.
    pub silent: Vec<(ContradictionCode, Vec<Fact>)>,
}

/// Looks at one company without writing anything.
pub fn unsettled(book: &GradingBook, known: &Evidenced) -> Unsettled {
    let mut all = Unsettled::default();
    for (code, checked) in check_all(&known.evidence, &book.rules.contradictions) {
        match checked {
            Checked::Fires(found) if !known.dismissed.contains(&found.hash()) => {
                all.found.push(found);
            }
            Checked::Missing(facts) => all.silent.push((code, facts)),
            Checked::Fires(_) | Checked::Agrees => {}
        }
    }
    all.found.sort_by_key(|found| found.level);
    all
}
