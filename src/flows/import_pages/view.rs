//! What the pages show of an import, in words.

use std::collections::HashMap;

use crate::intake::actions::ReportedRow;
use crate::intake::model::Figures;
use crate::intake::{Field, GuessReason, Reason, readable};
use crate::platform::page::PageContext;
use crate::registry::rules::phone::Phone;

/// One reason with how many rows have it, and one of them.
pub(super) struct Issue {
    pub code: String,
    pub count: u64,
    pub is_rejected: bool,
    pub example: Option<(u64, String)>,
}

/// The reasons of an import, most frequent first.
pub(super) fn issues(figures: &Figures, examples: &[(String, u64, String)]) -> Vec<Issue> {
    let mut all: Vec<Issue> = figures
        .reasons
        .iter()
        .map(|(code, count)| Issue {
            code: code.clone(),
            count: *count,
            is_rejected: !matches!(code.as_str(), "duplicate_in_file" | "person_unclear"),
            example: examples
                .iter()
                .find(|(c, ..)| c == code)
                .map(|(_, row, raw)| (*row, readable(raw))),
        })
        .collect();
    all.sort_by_key(|issue| (!issue.is_rejected, std::cmp::Reverse(issue.count)));
    all
}

/// Why a column is taken for what it is taken for.
pub(super) fn why(ctx: &PageContext, reason: &GuessReason) -> String {
    match reason {
        GuessReason::Heading { heading, word } if heading == word => {
            ctx.t1("imports-why-heading-same", "word", word)
        }
        GuessReason::Heading { word, .. } => ctx.t1("imports-why-heading", "word", word),
        GuessReason::Content { share, kind } => {
            let kind = serde_json::to_value(kind)
                .ok()
                .and_then(|v| v.as_str().map(str::to_owned))
                .unwrap_or_default();
            let looks = ctx.code("imports-look", &kind);
            ctx.t2(
                "imports-why-content",
                "share",
                i64::from(*share),
                "kind",
                looks,
            )
        }
        GuessReason::Position => ctx.t("imports-why-position"),
        GuessReason::Chosen => ctx.t("imports-why-chosen"),
    }
}

/// A row of the report as the page shows it.
pub(super) struct RowShown {
    pub row_no: u64,
    pub outcome: &'static str,
    pub reason: Option<String>,
    pub remedy: Option<String>,
    pub raw: String,
    /// Id and name.
    pub company: Option<(i64, String)>,
    pub phones: Vec<String>,
    pub dropped: Vec<String>,
}

/// What is wrong, and in which field where it is one.
fn because(ctx: &PageContext, reason: &Reason) -> String {
    let words = ctx.code("reason", reason.code.code());
    match reason.field {
        Some(field) if field != Field::Ignore => {
            let field = ctx.code("list-field", field.code());
            ctx.t2("imports-reason-at", "field", field, "reason", words)
        }
        _ => words,
    }
}

/// A stored number as it is written.
fn pretty(stored: &str) -> String {
    let (value, ext) = match stored.split_once(";ext=") {
        Some((value, ext)) => (value, Some(ext)),
        None => (stored, None),
    };
    Phone::stored(value, ext).pretty()
}

/// What was lost of the row on its way.
fn lost(ctx: &PageContext, row: &ReportedRow) -> Vec<String> {
    let keys = row.outcome.notes.iter().filter_map(|note| note.loss_key());
    keys.map(|key| ctx.t(key)).collect()
}

/// A row in words; `names` are those of its companies.
pub(super) fn row(ctx: &PageContext, row: &ReportedRow, names: &HashMap<i64, String>) -> RowShown {
    let reason = row.outcome.reason.as_ref();
    let code = reason.map(|r| r.code.code());
    RowShown {
        row_no: row.outcome.row_no,
        outcome: row.outcome_code(),
        reason: reason.map(|r| because(ctx, r)),
        remedy: code.map(|c| ctx.t(&super::remedy_key(c))),
        raw: match row.is_forgotten() {
            true => ctx.t("imports-raw-forgotten"),
            false => readable(&row.raw),
        },
        company: row
            .company
            .and_then(|id| Some((id, names.get(&id)?.clone()))),
        phones: row.phones().iter().map(|phone| pretty(phone)).collect(),
        dropped: row
            .outcome
            .dropped
            .iter()
            .map(|d| {
                let why = serde_json::to_value(d.why)
                    .ok()
                    .and_then(|v| v.as_str().map(str::to_owned))
                    .unwrap_or_default();
                ctx.t2(
                    "imports-dropped",
                    "value",
                    &d.value,
                    "why",
                    ctx.code("drop", &why),
                )
            })
            .chain(lost(ctx, row))
            .collect(),
    }
}
