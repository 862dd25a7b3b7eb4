//! What would follow if the call were saved as it stands. The result is really written, in a transaction that is then
//! taken back: so the screen foretells exactly what saving will do.

use std::sync::{Arc, Mutex};

use askama::Template;

use super::answers::Answers;
use super::save;
use super::view::{Foretold, ResultForm};
use crate::accounts::Actor;
use crate::calling::actions;
use crate::calling::rules::{Disposition, Effect, Step};
use crate::flows::record_call::{Recorded, record_call};
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::page::PageContext;
use crate::platform::problem;
use crate::selling::rules::explain::in_one_line;

use super::callee::{self, Callee};

#[derive(Template)]
#[template(
    source = r#"{% import "parts/ui.html" as ui %}{% include "calling/parts/foretold.html" %}"#,
    ext = "html"
)]
struct Fragment {
    ctx: PageContext,
    r: ResultForm,
}

/// Before anything is chosen: the grade as it is.
pub fn standing(ctx: &PageContext, callee: &Callee) -> Foretold {
    Foretold {
        before: callee.grade(),
        why: ctx.t("screen-grade-none"),
        ..Foretold::default()
    }
}

/// The fragment of the right column.
pub async fn fragment(
    db: &Db,
    ctx: PageContext,
    agent: Actor,
    token: String,
    answers: Answers,
) -> AppResult<String> {
    let foretold = foretold(db, &ctx, agent, token, answers).await?;
    let fragment = Fragment {
        ctx,
        r: ResultForm {
            foretold,
            ..ResultForm::default()
        },
    };
    let html = fragment.render();
    html.map_err(|e| anyhow::anyhow!("the foretold part could not be rendered: {e}").into())
}

/// What the tried write saw before it was taken back.
struct Tried {
    recorded: Recorded,
    callee: Callee,
}

async fn foretold(
    db: &Db,
    ctx: &PageContext,
    agent: Actor,
    token: String,
    mut answers: Answers,
) -> AppResult<Foretold> {
    let Some(disposition) = answers.disposition() else {
        let callee = db.read(move |conn| of_lease(conn, &agent, &token)).await?;
        return Ok(standing(ctx, &callee));
    };
    // The confirmation is asked at saving; what follows can be told before.
    answers.0.push(("sure".into(), "yes".into()));
    let seen: Arc<Mutex<Option<Tried>>> = Arc::default();
    let kept = seen.clone();
    let outcome = {
        let (agent, token) = (agent.clone(), token.clone());
        db.write(move |conn| {
            let tried = try_out(conn, &agent, &token, &answers)?;
            if let Ok(mut place) = kept.lock() {
                *place = Some(tried);
            }
            Err::<(), _>(AppError::conflict("foretold"))
        })
        .await
    };
    let tried = seen.lock().ok().and_then(|mut place| place.take());
    match (tried, outcome) {
        (Some(tried), _) => Ok(told(ctx, disposition, &tried)),
        (None, Err(AppError::Refused(refusal))) if refusal.status.as_u16() == 422 => {
            let callee = db.read(move |conn| of_lease(conn, &agent, &token)).await?;
            Ok(Foretold {
                before: callee.grade(),
                why: problem::tell(ctx.language, &refusal).text,
                ..Foretold::default()
            })
        }
        (None, Err(error)) => Err(error),
        (None, Ok(())) => Ok(Foretold::default()),
    }
}

fn of_lease(conn: &mut Conn, agent: &Actor, token: &str) -> AppResult<Callee> {
    let now = clock::now(conn)?;
    let lease = actions::own_lease(conn, agent, token)?;
    callee::read(conn, now, lease.company_id, lease.person_id)
}

fn try_out(conn: &mut Conn, agent: &Actor, token: &str, answers: &Answers) -> AppResult<Tried> {
    let now = clock::now(conn)?;
    let rules = actions::rulebook(conn)?;
    let callee = of_lease(conn, agent, token)?;
    let mut form = save::call_form(conn, now, agent, &rules, token, answers, false)?;
    if form.grade.is_some() && form.grade_reason.is_none() {
        // The reason is asked at saving.
        form.grade = None;
    }
    let recorded = record_call(conn, now, agent, &rules, &form)?;
    Ok(Tried { recorded, callee })
}

fn told(ctx: &PageContext, disposition: Disposition, tried: &Tried) -> Foretold {
    let recorded = &tried.recorded;
    let before = recorded
        .grade
        .before
        .map_or_else(|| tried.callee.grade(), |g| g.code().to_owned());
    let proposed = recorded
        .grade
        .proposed
        .map(|g| g.code().to_owned())
        .unwrap_or_default();
    let reasons: Vec<String> = recorded
        .grade
        .reasons
        .iter()
        .map(|why| ctx.say(&why.sentence()))
        .collect();
    let why = match reasons.is_empty() {
        true => ctx.t("screen-grade-same"),
        false => reasons.join(""),
    };
    let mut next = Vec::new();
    match recorded.next_attempt_at {
        Some(at) => next.push(ctx.t1("screen-next-at", "at", ctx.datetime(&at))),
        None => next.push(ctx.t("screen-next-none")),
    }
    let is_handed = |step: &Step| matches!(step.effect, Effect::HandOver | Effect::Task { .. });
    if disposition == Disposition::Callback {
        next.push(ctx.t("screen-next-mine"));
    } else if let Some(handover) = &recorded.handing.handover {
        let (inputs, decision) = (handover.inputs(), handover.decision());
        next.push(in_one_line(ctx.language, &inputs, &decision));
    } else if let Some((_, name)) = &recorded.handing.owner {
        next.push(ctx.t1("screen-next-owner", "name", name.clone()));
    } else if !recorded.handing.lacking.is_empty() {
        let lacking = recorded.handing.lacking.iter();
        let lacking: Vec<String> = lacking.map(|what| ctx.t(what.key())).collect();
        next.push(ctx.t1("lacking-list", "list", lacking.join(&ctx.t("assign-and"))));
    } else if recorded.step.steps.iter().any(is_handed) {
        next.push(ctx.t("screen-next-task"));
    }
    match disposition {
        Disposition::DoNotCall => next.push(ctx.t("screen-next-suppress")),
        Disposition::Refused => next.push(ctx.t("screen-next-refused")),
        _ => {}
    }
    next.extend(
        recorded
            .step
            .entry()
            .because
            .iter()
            .map(|why| ctx.say(&why.sentence())),
    );
    Foretold {
        proposed: if proposed == before {
            String::new()
        } else {
            proposed
        },
        before,
        why,
        next,
    }
}
