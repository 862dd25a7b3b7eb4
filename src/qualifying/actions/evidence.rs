//! The evidence of one company, or of many by the same statements.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDateTime;

use super::book::GradingBook;
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::qualifying::model::{Cited, Draft, Evidence, Found, Grade, Known, Material, Origin};
use crate::qualifying::queries;
use crate::qualifying::queries::contradictions::ContradictionRow;
use crate::qualifying::rules::{
    Around, Circumstances, GradeHint, assemble, contradictions, note_key,
};
use crate::registry::model::Company;

/// A company with what is known of it.
#[derive(Debug, Clone)]
pub struct Evidenced {
    /// The root.
    pub company: Company,
    /// What is known.
    pub evidence: Evidence,
    /// Contradictions that somebody dismissed, by their hashes.
    pub dismissed: BTreeSet<i64>,
    /// A proposal of its grade waits for an answer.
    pub(super) has_open_proposal: bool,
    /// Its contradictions as they are stored.
    pub(super) stored: Vec<ContradictionRow>,
}

impl Evidenced {
    /// What is put to the rules beside the evidence.
    pub fn around(&self, hint: Option<GradeHint>) -> Circumstances<'_> {
        Circumstances {
            hint,
            dismissed: Some(&self.dismissed),
        }
    }

    /// What contradicts itself and nobody dismissed, under the present grade or another one.
    pub(super) fn unsettled(
        &self,
        book: &GradingBook,
        grade: Option<Grade>,
        now: NaiveDateTime,
    ) -> Vec<Found> {
        let rules = &book.rules.contradictions;
        let mut found = if grade == self.evidence.present() {
            contradictions(&self.evidence, rules)
        } else {
            contradictions(&self.evidence.graded(grade, now), rules)
        };
        found.retain(|one| !self.dismissed.contains(&one.hash()));
        found
    }
}

/// The evidence of these roots, in their order; who does not exist is left out.
pub fn evidences(
    conn: &mut Conn,
    book: &GradingBook,
    now: NaiveDateTime,
    roots: &[i64],
) -> AppResult<Vec<Evidenced>> {
    read(conn, book, now, roots, None)
}

/// The evidence of one root, with what is being said right now on top.
pub fn evidence_of(
    conn: &mut Conn,
    book: &GradingBook,
    now: NaiveDateTime,
    root: i64,
    draft: Option<&Draft>,
) -> AppResult<Evidenced> {
    let mut known = read(conn, book, now, &[root], draft)?
        .pop()
        .ok_or_else(AppError::not_found)?;
    let note = draft.and_then(|draft| draft.note.as_deref());
    if let Some(key) = note.and_then(note_key)
        && let Some(name) = queries::events::twin_of_note(conn, key, root)?
    {
        known.evidence.note_twin = Some(Known {
            value: name,
            from: Origin::event(now),
        });
    }
    Ok(known)
}

fn read(
    conn: &mut Conn,
    book: &GradingBook,
    now: NaiveDateTime,
    roots: &[i64],
    draft: Option<&Draft>,
) -> AppResult<Vec<Evidenced>> {
    let around = Around {
        now,
        today: book.today(now),
        needs: &book.needs,
    };
    let mut stored: HashMap<i64, Vec<ContradictionRow>> = HashMap::new();
    for row in queries::contradictions::standing(conn, roots)? {
        stored.entry(row.company_id).or_default().push(row);
    }
    let materials = queries::evidence::materials(conn, roots, book.today_starts(now))?;
    let evidenced = |material: Material| {
        let stored = stored.remove(&material.company.id).unwrap_or_default();
        let dismissed = stored.iter().filter(|row| row.state == "dismissed");
        Evidenced {
            evidence: assemble(&material, draft, &around),
            dismissed: dismissed.map(|row| row.facts_hash).collect(),
            has_open_proposal: material.has_open_proposal,
            company: material.company,
            stored,
        }
    };
    Ok(materials.into_iter().map(evidenced).collect())
}

/// Who said a record.
#[derive(Debug, Clone)]
pub struct SaidBy {
    /// Code of the kind of record.
    pub kind: String,
    /// The person there who said it.
    pub contact: Option<String>,
    /// The list on which it stands.
    pub list: Option<String>,
    /// Who of us wrote it down.
    pub user: Option<String>,
}

/// Who said these facts, by record.
pub fn said_by<'a>(
    conn: &mut Conn,
    facts: impl IntoIterator<Item = &'a Cited>,
) -> AppResult<HashMap<i64, SaidBy>> {
    let records: BTreeSet<i64> = facts.into_iter().filter_map(|one| one.record).collect();
    let records: Vec<i64> = records.into_iter().collect();
    if records.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = queries::evidence::said_by(conn, &records)?;
    let by = |(id, kind, contact, list, user)| {
        let said = SaidBy {
            kind,
            contact,
            list,
            user,
        };
        (id, said)
    };
    Ok(rows.into_iter().map(by).collect())
}
