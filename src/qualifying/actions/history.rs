//! The history of a grade: who changed it when, why, on what ground and under which rules.

use chrono::NaiveDateTime;

use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::qualifying::model::{Cited, Grade};
use crate::qualifying::queries;
use crate::qualifying::rules::GradeReason;

/// One change or proposal of a grade, as its history tells it.
#[derive(Debug, Clone)]
#[allow(missing_docs)] // each is what its name says
pub struct GradeHistory {
    pub before: Option<Grade>,
    pub after: Option<Grade>,
    pub proposed: Option<Grade>,
    pub reasons: Vec<GradeReason>,
    pub said: Option<String>,
    pub state: String,
    pub kind: Option<String>,
    pub rule_version: Option<i32>,
    pub by: Option<String>,
    pub decided_by: Option<String>,
    pub evidence: Vec<Cited>,
    pub at: NaiveDateTime,
}

/// Every change and proposal of a group, latest first.
pub fn history(conn: &mut Conn, group: &[i64], limit: i64) -> AppResult<Vec<GradeHistory>> {
    let grade = |code: Option<String>| code.as_deref().and_then(Grade::from_code);
    let rows = queries::grades::history(conn, group, limit)?;
    Ok(rows
        .into_iter()
        .map(|row| {
            let (reasons, said) = reasons_of(&row.reasons);
            let evidence = row.evidence.as_deref().unwrap_or("[]");
            GradeHistory {
                before: grade(row.before),
                after: grade(row.after),
                proposed: grade(row.proposed),
                reasons,
                said,
                state: row.state,
                kind: row.kind,
                rule_version: row.rule_version,
                by: row.by,
                decided_by: row.decided_by,
                evidence: serde_json::from_str(evidence).unwrap_or_default(),
                at: row.at,
            }
        })
        .collect())
}

/// Reasons of the rules, and the reason that a person gave; what another version wrote is left out.
pub(super) fn reasons_of(stored: &str) -> (Vec<GradeReason>, Option<String>) {
    let value: serde_json::Value = serde_json::from_str(stored).unwrap_or_default();
    let why = value["why"].as_array().cloned().unwrap_or_default();
    let reasons = why
        .into_iter()
        .filter_map(|one| serde_json::from_value(one).ok())
        .collect();
    (reasons, value["reason"].as_str().map(str::to_owned))
}
