//! A result that came too late: what was typed is shown again, to be recorded as a call of its own or dropped.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::answers::Answers;
use super::callee;
use crate::accounts::SignedIn;
use crate::calling::actions;
use crate::platform::db::Db;
use crate::platform::error::{AppError, AppResult, Refusal};
use crate::platform::page::{self, PageContext};
use crate::platform::problem::{self, Told};

/// Fields whose values are a person's own words.
const WORDS: [&str; 4] = ["note", "need_text", "reason", "f-decider"];

#[derive(Template)]
#[template(path = "calling/kept.html")]
struct KeptPage {
    ctx: PageContext,
    token: String,
    name: String,
    why: Told,
    typed: Vec<String>,
    answers: Answers,
}

/// Whether the entry is no longer in the agent's hands.
pub(super) fn is_lost(refusal: &Refusal) -> bool {
    matches!(refusal.code, "lease_lost" | "lease_lapsed")
}

/// The page, for the agent whose lease it was; anybody else gets the refusal itself.
pub(super) async fn kept(
    db: &Db,
    me: &SignedIn,
    token: String,
    answers: Answers,
    refusal: Refusal,
) -> AppResult<HttpResponse> {
    let (agent, ctx) = (me.actor.clone(), me.context());
    let why = problem::tell(me.lang(), &refusal);
    let page = db
        .read(move |conn| {
            let lease = match actions::own_lease(conn, &agent, &token) {
                Ok(lease) => lease,
                Err(AppError::Refused(_)) => return Err(AppError::Refused(Box::new(refusal))),
                Err(error) => return Err(error),
            };
            let name = callee::name_of(conn, &ctx, lease.company_id, lease.person_id)?;
            Ok::<_, AppError>(KeptPage {
                typed: typed(&ctx, &answers),
                ctx,
                token,
                name,
                why,
                answers,
            })
        })
        .await?;
    page::html_with(StatusCode::CONFLICT, &page)
}

/// The result and the words, as they are read.
fn typed(ctx: &PageContext, answers: &Answers) -> Vec<String> {
    let result = answers.disposition();
    let result = result.map(|result| ctx.code("disposition", result.code()));
    let words = WORDS.iter().flat_map(|name| answers.all(name));
    result.into_iter().chain(words.map(str::to_owned)).collect()
}
