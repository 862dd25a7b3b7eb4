//! What would follow if the call were saved as it stands. The result is really written, in a transaction that is then
//! taken back: so the screen foretells exactly what saving will do.

use std::sync::{Arc, Mutex};

use askama::Template;
use chrono::NaiveDateTime;

use super::answers::Answers;
use super::view::{Foretold, RecordView, ResultForm};
use super::{clashes, missing, save};
use crate::accounts::Actor;
use crate::calling::actions;
use crate::calling::model::Lease;
use crate::calling::rules::{Disposition, Effect, Step};
use crate::flows::contradictions;
use crate::flows::record_call::{Recorded, record_call};
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::page::PageContext;
use crate::platform::problem;
use crate::qualifying::Grade;
use crate::qualifying::actions::GradingBook;
use crate::qualifying::model::Found;
use crate::qualifying::pages::ContradictionView;
use crate::selling::rules::explain::in_one_line;

use super::callee::{self, Callee};

#[derive(Template)]
#[template(
    source = r#"{% import "parts/ui.html" as ui %}{% import "qualifying/parts.html" as found %}{% include "calling/parts/foretold.html" %}{% include "calling/parts/clashes.html" %}{% include "calling/parts/record.html" %}"#,
    ext = "html"
)]
struct Fragment {
    ctx: PageContext,
    r: ResultForm,
}

/// Before anything is chosen: the grade as it is, and what contradicts itself by what is typed.
pub fn standing(
    conn: &mut Conn,
    ctx: &PageContext,
    book: &GradingBook,
    (dialled_at, callee): (Option<NaiveDateTime>, &Callee),
    answers: &Answers,
) -> AppResult<Foretold> {
    Ok(Foretold {
        before: callee.grade(),
        why: ctx.t("screen-grade-none"),
        clashes: clashes::live(conn, ctx, book, (dialled_at, callee), answers)?,
        record: missing::as_typed(ctx, callee, answers),
        ..Foretold::default()
    })
}

/// The fragments of the screen that follow what is typed.
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
    before: String,
    clashes: Vec<ContradictionView>,
    record: Option<RecordView>,
}

async fn foretold(
    db: &Db,
    ctx: &PageContext,
    agent: Actor,
    token: String,
    mut answers: Answers,
) -> AppResult<Foretold> {
    let Some(disposition) = answers.disposition() else {
        return as_it_stands(db, ctx, agent, token, answers).await;
    };
    // The confirmation is asked at saving; what follows can be told before.
    answers.0.push(("sure".into(), "yes".into()));
    let seen: Arc<Mutex<Option<Tried>>> = Arc::default();
    let kept = seen.clone();
    let outcome = {
        let (agent, token, ctx, answers) =
            (agent.clone(), token.clone(), ctx.clone(), answers.clone());
        db.write(move |conn| {
            let tried = try_out(conn, &ctx, &agent, &token, &answers)?;
            if let Ok(mut place) = kept.lock() {
                *place = Some(tried);
            }
            Err::<(), _>(AppError::conflict("foretold"))
        })
        .await
    };
    let tried = seen.lock().ok().and_then(|mut place| place.take());
    match (tried, outcome) {
        (Some(tried), _) => Ok(told(ctx, disposition, tried)),
        (None, Err(AppError::Refused(refusal))) if refusal.status.as_u16() == 422 => Ok(Foretold {
            why: problem::tell(ctx.language, &refusal).text,
            ..as_it_stands(db, ctx, agent, token, answers).await?
        }),
        (None, Err(error)) => Err(error),
        (None, Ok(())) => Ok(Foretold::default()),
    }
}

async fn as_it_stands(
    db: &Db,
    ctx: &PageContext,
    agent: Actor,
    token: String,
    answers: Answers,
) -> AppResult<Foretold> {
    let ctx = ctx.clone();
    db.read(move |conn| {
        let rules = actions::rulebook(conn)?;
        let (lease, callee) = of_lease(conn, &agent, &token)?;
        let whom = (lease.dialled_at, &callee);
        standing(conn, &ctx, &rules.grading, whom, &answers)
    })
    .await
}

fn of_lease(conn: &mut Conn, agent: &Actor, token: &str) -> AppResult<(Lease, Callee)> {
    let now = clock::now(conn)?;
    let lease = actions::own_lease(conn, agent, token)?;
    let callee = callee::read(conn, now, lease.company_id, lease.person_id)?;
    Ok((lease, callee))
}

fn try_out(
    conn: &mut Conn,
    ctx: &PageContext,
    agent: &Actor,
    token: &str,
    answers: &Answers,
) -> AppResult<Tried> {
    let now = clock::now(conn)?;
    let rules = actions::rulebook(conn)?;
    let (lease, callee) = of_lease(conn, agent, token)?;
    let mut form = save::call_form(conn, now, agent, &rules, token, answers, false)?;
    if form.grade.is_some() && form.grade_reason.is_none() {
        // The reason is asked at saving.
        form.grade = None;
    }
    let unreached = answers.disposition().and_then(Disposition::reached) != Some(true);
    let live = match unreached {
        true => clashes::live(
            conn,
            ctx,
            &rules.grading,
            (lease.dialled_at, &callee),
            answers,
        )?,
        false => Vec::new(),
    };
    let recorded = record_call(conn, now, agent, &rules, &form)?;
    // Nothing is saved yet: the grade that would hold is told apart from the present one.
    let grade = &recorded.grade;
    let present = grade.before.zip(grade.before_at);
    let foretold = |one: &Found| one.clone().foretold(present);
    let found: Vec<Found> = grade.contradictions.iter().map(foretold).collect();
    Ok(Tried {
        clashes: match unreached {
            true => live,
            false => contradictions::views(conn, ctx, &rules.grading, &found)?,
        },
        before: callee.grade(),
        record: missing::as_saved(conn, ctx, &callee)?,
        recorded,
    })
}

fn told(ctx: &PageContext, disposition: Disposition, tried: Tried) -> Foretold {
    let recorded = &tried.recorded;
    let grade = &recorded.grade;
    let before = grade
        .before
        .map_or(tried.before, |grade| grade.code().to_owned());
    let proposed = grade
        .proposed
        .map(|grade| grade.code().to_owned())
        .unwrap_or_default();
    let reasons = grade
        .reasons
        .iter()
        .map(|why| (why.weight().class(), ctx.say(&why.sentence())));
    let why = match (&grade.headline, grade.reasons.is_empty()) {
        (Some(headline), _) => ctx.say(headline),
        (None, true) => ctx.t("screen-grade-same"),
        (None, false) => String::new(),
    };
    let mut next = Vec::new();
    if grade.proposed == Some(Grade::A) && grade.after != Some(Grade::A) {
        next.push(ctx.t("screen-grade-a-waits"));
    }
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
        reasons: reasons.collect(),
        clashes: tried.clashes,
        record: tried.record,
        next,
    }
}
