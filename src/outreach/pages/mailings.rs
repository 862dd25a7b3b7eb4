//! The list of mailings with how far each is, and making one of news.

use std::collections::HashMap;

use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::shown::{Counts, Part, bar, moment, state_kind};
use crate::accounts::{Object, SignedIn, Verb, may, redirect_with};
use crate::outreach::actions::mailings;
use crate::outreach::actions::news_mailing::{NewNews, make_news};
use crate::outreach::model::{DeliveryState, Mailing, MailingState};
use crate::outreach::queries;
use crate::outreach::rules::occasions::name_in;
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Form;
use crate::platform::page::{Flash, PageContext, html, html_with};
use crate::platform::problem;
use crate::registry::pages::filters::encoded;

const PAGE: i64 = 40;

#[derive(Template)]
#[template(path = "outreach/mailings.html")]
struct ListPage {
    ctx: PageContext,
    lead: String,
    rows: Vec<Row>,
    tabs: Vec<(&'static str, String, bool)>,
    next: Option<String>,
    may_run: bool,
}

struct Row {
    id: i64,
    name: String,
    about: String,
    moment: String,
    included: i64,
    sent: i64,
    left: i64,
    bar: Vec<Part>,
    bar_label: String,
    state_kind: &'static str,
    state_text: String,
}

/// Which mailings.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    state: String,
    before: Option<i64>,
}

impl Asked {
    /// The states of a tab.
    fn states(&self) -> Vec<&'static str> {
        use MailingState::{Cancelled, Done, Draft, Paused, Planned, Planning, Scheduled, Sending};
        let states: &[MailingState] = match self.state.as_str() {
            "open" => &[Draft, Planning, Planned, Scheduled, Sending, Paused],
            "done" => &[Done, Cancelled],
            _ => &[],
        };
        states.iter().map(|s| s.code()).collect()
    }
}

/// `GET /mailings`.
pub(super) async fn list(
    me: SignedIn,
    db: web::Data<Db>,
    asked: web::Query<Asked>,
) -> AppResult<HttpResponse> {
    me.require(Verb::SeeMailings)?;
    let asked = asked.into_inner();
    let page = db.read(move |conn| drawn(conn, &me, &asked)).await?;
    html(&page)
}

fn drawn(conn: &mut Conn, me: &SignedIn, asked: &Asked) -> AppResult<ListPage> {
    let ctx = me.context();
    let mut found =
        mailings::visible_mailings(conn, &me.actor, &asked.states(), asked.before, PAGE + 1)?;
    let is_more = found.len() as i64 > PAGE;
    found.truncate(PAGE as usize);
    let next = found.last().filter(|_| is_more).map(|last| {
        format!(
            "/mailings?state={}&before={}",
            encoded(&asked.state),
            last.id
        )
    });
    let rows = rows(conn, &ctx, found)?;
    let tab = |code: &'static str, key: &str| (code, ctx.t(key), asked.state == code);
    Ok(ListPage {
        lead: ctx.t("mailings-lead"),
        rows,
        tabs: vec![
            tab("", "mailings-all"),
            tab("open", "mailings-open"),
            tab("done", "mailings-over"),
        ],
        next,
        may_run: may(&me.actor, Verb::RunMailings, Object::Any),
        ctx,
    })
}

fn rows(conn: &mut Conn, ctx: &PageContext, found: Vec<Mailing>) -> AppResult<Vec<Row>> {
    let ids: Vec<i64> = found.iter().map(|m| m.id).collect();
    let mut counts: HashMap<i64, Counts> = HashMap::new();
    for (id, state, n) in queries::delivery_states(conn, &ids)? {
        counts.entry(id).or_default().add(&state, n);
    }
    let row = |mailing: Mailing| {
        let counts = counts.remove(&mailing.id).unwrap_or_default();
        let state = mailing.state();
        let sent = counts.of(DeliveryState::Sent);
        Row {
            id: mailing.id,
            about: about(ctx, &mailing),
            moment: moment(ctx, &mailing),
            included: counts.included(),
            sent,
            left: counts.waiting(),
            bar: bar(&counts),
            bar_label: ctx.t3(
                "mailing-bar",
                "sent",
                sent,
                "left",
                counts.waiting(),
                "wrong",
                counts.settled() - sent,
            ),
            state_kind: state_kind(state),
            state_text: ctx.t(state.key()),
            name: name_in(ctx.language, &mailing),
        }
    };
    Ok(found.into_iter().map(row).collect())
}

/// What it is, and for which grades.
fn about(ctx: &PageContext, mailing: &Mailing) -> String {
    let grades: Vec<&str> = mailing.audience().grades.iter().map(|g| g.code()).collect();
    let parts = [
        Some(ctx.t(mailing.kind().key())),
        mailing.occasion_on.map(|day| ctx.date(&day)),
        Some(grades.join(" ")),
    ];
    let parts = parts.into_iter().flatten().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(" · ")
}

#[derive(Template)]
#[template(path = "outreach/mailing_new.html")]
struct NewPage {
    ctx: PageContext,
    title: String,
    error: Option<String>,
}

/// `GET /mailings/new`.
pub(super) async fn new(me: SignedIn) -> AppResult<HttpResponse> {
    me.require(Verb::RunMailings)?;
    html(&NewPage {
        ctx: me.context(),
        title: String::new(),
        error: None,
    })
}

/// `POST /mailings`.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct NewForm {
    title: String,
}

/// Makes an issue and the mailing that sends it; the pieces are written next.
pub(super) async fn create(
    me: SignedIn,
    db: web::Data<Db>,
    form: Form<NewForm>,
) -> AppResult<HttpResponse> {
    me.require(Verb::RunMailings)?;
    let (actor, title) = (me.actor.clone(), form.title.clone());
    let made = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            let new = NewNews {
                title,
                ..NewNews::default()
            };
            make_news(conn, now, &actor, new)
        })
        .await;
    match made {
        Ok(id) => {
            let flash = Flash::new("good", me.context().t("mailing-created"));
            Ok(redirect_with(&format!("/mailings/{id}/edit"), &flash))
        }
        Err(error) => again(&me, form.title.clone(), error),
    }
}

/// The form again with what was typed.
fn again(me: &SignedIn, title: String, error: AppError) -> AppResult<HttpResponse> {
    let shown = NewPage {
        ctx: me.context(),
        title,
        error: Some(problem::in_words(me.lang(), &error.of_form()?)),
    };
    html_with(actix_web::http::StatusCode::UNPROCESSABLE_ENTITY, &shown)
}
