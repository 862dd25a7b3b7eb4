//! The switches of a mailing: each is one move, told in one sentence.

use actix_web::http::StatusCode;
use actix_web::{Handler, HttpResponse, web};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use chrono_tz::Tz;
use serde::Deserialize;

use super::mailing::{WindowFields, show_refused};
use crate::accounts::{Actor, SignedIn, Verb};
use crate::outreach::actions::mailings;
use crate::outreach::model::{MailingState, PauseReason, Window};
use crate::platform::calendar::zone::to_utc;
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Form;
use crate::platform::problem;
use crate::selling::pages::shown::back;

/// A form without fields of its own.
#[derive(Debug, Deserialize)]
pub(super) struct Nothing {}

/// Does one thing and comes back to a page with a sentence, whose key the thing itself gives.
pub(super) async fn act(
    me: SignedIn,
    db: web::Data<Db>,
    to: String,
    work: impl FnOnce(&mut Conn, NaiveDateTime, &Actor) -> AppResult<&'static str> + Send + 'static,
) -> AppResult<HttpResponse> {
    me.require(Verb::RunMailings)?;
    let actor = me.actor.clone();
    let done = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            work(conn, now, &actor)
        })
        .await;
    let ctx = me.context();
    back(&ctx, &to, done.map(|key| ctx.t(key)))
}

fn page_of(id: i64) -> String {
    format!("/mailings/{id}")
}

/// A move that asks for nothing: what it does, and the key of what is said then.
type Step = fn(&mut Conn, NaiveDateTime, &Actor, i64) -> AppResult<&'static str>;

/// The handler of such a move.
pub(super) fn plain(
    step: Step,
) -> impl Handler<
    (SignedIn, web::Data<Db>, web::Path<i64>, Form<Nothing>),
    Output = AppResult<HttpResponse>,
> {
    move |me: SignedIn, db: web::Data<Db>, id: web::Path<i64>, _form: Form<Nothing>| {
        let id = id.into_inner();
        act(me, db, page_of(id), move |conn, now, actor| {
            step(conn, now, actor, id)
        })
    }
}

/// `POST /mailings/{id}/plan`.
pub(super) fn plan(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    id: i64,
) -> AppResult<&'static str> {
    mailings::ask_plan(conn, now, actor, id)?;
    Ok("mailing-done-plan")
}

/// `POST /mailings/{id}/approve`: what has no moment of its own goes at once.
pub(super) fn approve(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    id: i64,
) -> AppResult<&'static str> {
    mailings::approve(conn, now, actor, id)?;
    Ok(match mailings::start(conn, now, actor, id)? {
        MailingState::Sending => "mailing-done-start",
        _ => "mailing-done-approve",
    })
}

/// `POST /mailings/{id}/start`: now, whatever its moment was.
pub(super) fn start(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    id: i64,
) -> AppResult<&'static str> {
    mailings::start_now(conn, now, actor, id)?;
    Ok("mailing-done-start")
}

/// `POST /mailings/{id}/resume`.
pub(super) fn resume(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    id: i64,
) -> AppResult<&'static str> {
    mailings::resume(conn, now, actor, id)?;
    Ok("mailing-done-resume")
}

/// `POST /mailings/{id}/cancel`.
pub(super) fn cancel(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    id: i64,
) -> AppResult<&'static str> {
    mailings::cancel(conn, now, actor, id)?;
    Ok("mailing-done-cancel")
}

/// Why somebody holds a mailing.
#[derive(Debug, Deserialize)]
pub(super) struct PauseForm {
    #[serde(default)]
    reason: String,
}

/// `POST /mailings/{id}/pause`.
pub(super) async fn pause(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    form: Form<PauseForm>,
) -> AppResult<HttpResponse> {
    let (id, form) = (id.into_inner(), form.0);
    act(me, db, page_of(id), move |conn, now, actor| {
        let text = form.reason.trim().to_owned();
        mailings::pause(conn, now, actor, id, &PauseReason::ByPerson { text })?;
        Ok("mailing-done-pause")
    })
    .await
}

/// A day with the hours between which letters go, on the office's clock.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct ScheduleForm {
    day: String,
    from: String,
    until: String,
}

impl ScheduleForm {
    fn window(&self, zone: Tz) -> AppResult<Window> {
        let wrong = |field| AppError::invalid("mailing_moment_unreadable", field);
        let day: NaiveDate = self.day.parse().map_err(|_| wrong("when"))?;
        let at = |text: &str| {
            let time = NaiveTime::parse_from_str(text, "%H:%M").map_err(|_| wrong("when"))?;
            Ok::<_, AppError>(to_utc(zone, day.and_time(time)))
        };
        Ok(Window {
            from: at(&self.from)?,
            until: at(&self.until)?,
        })
    }
}

/// `POST /mailings/{id}/schedule`: what was refused stands in the form again, as it was typed.
pub(super) async fn schedule(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    form: Form<ScheduleForm>,
) -> AppResult<HttpResponse> {
    me.require(Verb::RunMailings)?;
    let (id, form, ctx) = (id.into_inner(), form.0, me.context());
    let (actor, asked, zone) = (me.actor.clone(), form.clone(), ctx.zone);
    let done = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            mailings::schedule(conn, now, &actor, id, asked.window(zone)?)
        })
        .await;
    let refusal = done.as_ref().err().and_then(AppError::refusal);
    let why = refusal
        .filter(|refusal| refusal.status == StatusCode::UNPROCESSABLE_ENTITY)
        .map(|refusal| problem::in_words(ctx.language, refusal));
    if why.is_none() {
        let done = done.map(|()| ctx.t("mailing-done-schedule"));
        return back(&ctx, &page_of(id), done);
    }
    let ScheduleForm { day, from, until } = form;
    let typed = WindowFields {
        day,
        from,
        until,
        error: why,
    };
    show_refused(me, &db, id, typed).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(day: &str, from: &str, until: &str) -> ScheduleForm {
        ScheduleForm {
            day: day.into(),
            from: from.into(),
            until: until.into(),
        }
    }

    #[test]
    fn hours_are_those_of_the_office() {
        let zone = chrono_tz::Asia::Shanghai;
        let window = form("2026-09-24", "10:00", "11:30")
            .window(zone)
            .expect("readable");
        assert_eq!(window.from.to_string(), "2026-09-24 02:00:00");
        assert_eq!(window.until.to_string(), "2026-09-24 03:30:00");
        assert!(form("", "10:00", "11:30").window(zone).is_err());
        assert!(form("2026-09-24", "ten", "11:30").window(zone).is_err());
    }
}
