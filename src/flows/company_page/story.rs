//! What happened with a company, latest first: calls, lists, edits, grades, merges, and what selling did.

use chrono::NaiveDateTime;

use super::facts::{Book, label};
use super::grade;
use super::sold::sold;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::page::PageContext;
use crate::platform::settings;
use crate::qualifying::{ReasonList, Reasons};
use crate::registry::queries::page as queries;

const LINES: usize = 60;

/// One line of the story.
pub(super) struct Happened {
    pub at: NaiveDateTime,
    /// `key`, `bad` or empty.
    pub kind: &'static str,
    pub title: String,
    pub text: String,
    pub record: Option<i64>,
}

/// Reads the story of a group.
pub(super) fn story(
    conn: &mut Conn,
    ctx: &PageContext,
    group: &[i64],
    book: &Book<'_>,
) -> AppResult<Vec<Happened>> {
    let mut all = Vec::new();
    let reasons = settings::load::<Reasons>(conn)?.value;
    for (_, at, direction, disposition, reached, agent, person, note, reason) in
        queries::calls(conn, group)?
    {
        let what = disposition.map_or_else(
            || ctx.t("company-call-open"),
            |code| ctx.code("disposition", &code),
        );
        let way = if direction == "in" {
            "company-call-in"
        } else {
            "company-call-out"
        };
        let whom = person.unwrap_or_else(|| ctx.t("company-call-somebody"));
        all.push(Happened {
            at,
            kind: if reached == Some(true) { "key" } else { "" },
            title: format!("{what} · {}", ctx.t2(way, "agent", agent, "person", whom)),
            text: [
                reason.map(|code| reasons.name(ReasonList::NotInterested, &code, ctx.language)),
                note,
            ]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" · "),
            record: None,
        });
    }
    for one in book
        .records
        .iter()
        .rev()
        .take(LINES)
        .filter(|one| one.record.kind != "call")
    {
        let record = &one.record;
        let fields: Vec<String> = record
            .said()
            .fields()
            .take(8)
            .map(|field| label(ctx, field))
            .collect();
        all.push(Happened {
            at: record.said_at,
            kind: "",
            title: format!(
                "{} · {}",
                ctx.code("company-record", &record.kind),
                book.who(ctx, record.id)
            ),
            text: fields.join(ctx.t("company-comma").as_str()),
            record: Some(record.id),
        });
    }
    for (before, after, why, state, user, at) in queries::grades(conn, group)? {
        let letter = |grade: Option<String>| grade.unwrap_or_else(|| "–".to_owned());
        let key = match state.as_str() {
            "proposed" => "company-grade-proposed",
            "undone" => "company-grade-undone",
            _ => "company-grade-changed",
        };
        let said = [
            user.unwrap_or_default(),
            grade::words(&reasons, ctx.language, &why),
        ];
        let said: Vec<String> = said.into_iter().filter(|text| !text.is_empty()).collect();
        all.push(Happened {
            at,
            kind: "key",
            title: ctx.t2(key, "before", letter(before), "after", letter(after)),
            text: said.join(" · "),
            record: None,
        });
    }
    for merge in queries::merges(conn, group)? {
        all.push(Happened {
            at: merge.at,
            kind: "",
            title: ctx.t1("company-merged-from", "id", merge.from_id),
            text: String::new(),
            record: None,
        });
    }
    all.extend(sold(conn, ctx, group)?);
    all.sort_by_key(|one| std::cmp::Reverse(one.at));
    all.truncate(LINES);
    Ok(all)
}
