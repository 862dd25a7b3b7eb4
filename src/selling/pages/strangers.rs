//! What becomes of companies that are owned already when the map changes: the question, and its answer.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, web};
use serde::Deserialize;

use super::shown::back;
use crate::accounts::{Actor, SignedIn, Verb, user_names};
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Form;
use crate::platform::page::PageContext;
use crate::selling::actions::{self, Redrawn, book};

/// Companies that a change of the map would move.
pub(super) struct Strangers {
    pub lost: i64,
    pub won: i64,
    /// From whom to whom how many.
    pub lines: Vec<String>,
}

/// The page that asks about a change.
pub(super) fn ask_about(redrawn: Redrawn) -> String {
    format!("/territories?lost={}&won={}", redrawn.lost, redrawn.won)
}

/// What the new map says about companies that reps have already; `None` if it moves none.
pub(super) fn strangers(
    conn: &mut Conn,
    ctx: &PageContext,
    actor: &Actor,
    redrawn: Redrawn,
) -> AppResult<Option<Strangers>> {
    let found = actions::strangers(conn, actor, redrawn)?;
    let mut counted: BTreeMap<(i64, i64), usize> = BTreeMap::new();
    for (_, owner, rightful) in &found {
        *counted.entry((*owner, *rightful)).or_default() += 1;
    }
    let people: Vec<i64> = counted.keys().flat_map(|(a, b)| [*a, *b]).collect();
    let names = user_names(conn, &people)?;
    let name = |id: &i64| names.get(id).cloned().unwrap_or_default();
    let lines: Vec<String> = counted
        .iter()
        .map(|((owner, rightful), n)| {
            ctx.t3(
                "territory-strangers",
                "name",
                name(owner),
                "n",
                *n,
                "other",
                name(rightful),
            )
        })
        .collect();
    Ok((!lines.is_empty()).then_some(Strangers {
        lost: redrawn.lost,
        won: redrawn.won,
        lines,
    }))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Answer {
    lost: i64,
    won: i64,
    r#do: String,
}

/// `POST /territories/strangers`: they stay, or go to whom the new map gives them.
pub(super) async fn settle(
    me: SignedIn,
    db: web::Data<Db>,
    form: Form<Answer>,
) -> AppResult<HttpResponse> {
    me.require(Verb::Reassign)?;
    let ctx = me.context();
    let redrawn = Redrawn {
        lost: form.lost,
        won: form.won,
    };
    if form.r#do != "move" {
        let text = ctx.t("territory-done-kept");
        return back(&ctx, "/territories", Ok(text));
    }
    let done = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            let book = book(conn)?;
            let found = actions::strangers(conn, &me.actor, redrawn)?;
            for (company, _, rep) in &found {
                actions::give(conn, now, &me.actor, &book, *company, *rep)?;
            }
            Ok::<_, AppError>(found.len())
        })
        .await;
    let told = ctx.clone();
    let text = done.map(|n| told.t1("territory-done-moved", "n", n));
    back(&ctx, "/territories", text)
}
