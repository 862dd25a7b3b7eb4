//! What contradicts itself by what is known and what is typed right now, before any result is chosen.

use chrono::NaiveDateTime;

use super::answers::Answers;
use super::callee::Callee;
use crate::flows::contradictions;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::page::PageContext;
use crate::qualifying::actions::{GradingBook, evidence_of, unsettled};
use crate::qualifying::model::Draft;
use crate::qualifying::pages::ContradictionView;
use crate::registry::actions::home;

/// See the module. A lone person has no key items.
pub fn live(
    conn: &mut Conn,
    ctx: &PageContext,
    book: &GradingBook,
    (dialled_at, callee): (Option<NaiveDateTime>, &Callee),
    answers: &Answers,
) -> AppResult<Vec<ContradictionView>> {
    let Some(company) = &callee.company else {
        return Ok(Vec::new());
    };
    let said = answers.said_so_far(&book.needs, home(conn)?, book.today(ctx.now));
    let talked = dialled_at
        .map(|at| (ctx.now - at).num_seconds())
        .filter(|seconds| *seconds > 0);
    let draft = Draft {
        has_spoken: !said.is_empty(),
        said,
        contact_id: answers.line().0,
        next_date: answers.moment(book.zone).ok().flatten(),
        talk_seconds: talked,
        note: Some(answers.get("note").to_owned()),
        ..Draft::default()
    };
    let known = evidence_of(conn, book, ctx.now, company.id, Some(&draft))?;
    contradictions::views(conn, ctx, book, &unsettled(book, &known).found)
}
