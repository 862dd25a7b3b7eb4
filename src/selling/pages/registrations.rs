//! `/registrations`: who registered which project, what ends soon, what stands against it, and changing that.

use std::collections::HashMap;

use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use serde::Deserialize;

use super::shown::back;
use crate::accounts::{Actor, SignedIn, Verb, Whose, user_names};
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::AppResult;
use crate::platform::form::Form;
use crate::platform::page::{PageContext, html};
use crate::selling::actions::{self, Book, book};
use crate::selling::model::RegistrationMove;
use crate::selling::queries;
use crate::selling::rules::registration::{Conflict, PROLONG_WITHIN};

/// Registrations of a page.
const MOST: i64 = 200;
/// So many days before its end one is shown as ending soon.
const SOON: i64 = 14;

struct Row {
    id: i64,
    company_id: i64,
    company: String,
    grade: String,
    project: String,
    rep: String,
    until: NaiveDate,
    left: String,
    is_soon: bool,
    state: String,
    conflicts: Vec<String>,
    story: Vec<String>,
    may_extend: bool,
    may_withdraw: bool,
}

#[derive(Template)]
#[template(path = "selling/registrations.html")]
struct RegistrationsPage {
    ctx: PageContext,
    lead: String,
    is_live: bool,
    shows_reps: bool,
    rows: Vec<Row>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Query {
    state: String,
}

pub(super) async fn show(
    me: SignedIn,
    db: web::Data<Db>,
    query: web::Query<Query>,
) -> AppResult<HttpResponse> {
    me.require(Verb::Sell)?;
    let is_live = query.state != "ended";
    let page = db.read(move |conn| build(conn, &me, is_live)).await?;
    html(&page)
}

fn build(conn: &mut Conn, me: &SignedIn, is_live: bool) -> AppResult<RegistrationsPage> {
    let ctx = me.context();
    let whose = Whose::of(conn, &me.actor)?;
    let found = queries::registration_list(conn, &whose, is_live, MOST)?;
    let ids: Vec<i64> = found.iter().map(|row| row.0).collect();
    let changes = queries::registration_changes(conn, &ids)?;
    let people = found.iter().flat_map(|row| [Some(row.4), row.9]).flatten();
    let people = people.chain(changes.iter().filter_map(|c| c.actor_id));
    let people: Vec<i64> = people.collect();
    let names = user_names(conn, &people)?;
    let name = |id: i64| name_in(&names, &id);
    let conflicts = match is_live {
        true => conflicts(conn, &found, &names)?,
        false => HashMap::new(),
    };
    let today = book(conn)?.today(ctx.now);
    let rows: Vec<Row> = found
        .into_iter()
        .map(
            |(id, root, company, grade, rep, project, until, state, ..)| {
                let days = (until - today).num_days();
                let is_open = state == "live" && days >= 0;
                let story = changes.iter().filter(|c| c.registration_id == id);
                Row {
                    id,
                    company_id: root,
                    company,
                    grade: grade.unwrap_or_default(),
                    project,
                    rep: name(rep),
                    until,
                    left: match is_open {
                        true => ctx.t1("registration-days-left", "n", days),
                        false => String::new(),
                    },
                    is_soon: is_open && days <= SOON,
                    state: ctx.code("registration-state", &state),
                    conflicts: conflicts
                        .get(&id)
                        .map(|all| all.iter().map(|one| words(&ctx, one)).collect())
                        .unwrap_or_default(),
                    story: story.map(|c| told(&ctx, c, c.actor_id.map(name))).collect(),
                    may_extend: is_open && today + TimeDelta::days(PROLONG_WITHIN) >= until,
                    may_withdraw: is_open,
                }
            },
        )
        .collect();
    let soon = rows.iter().filter(|row| row.is_soon).count();
    let stands = rows.iter().filter(|row| !row.conflicts.is_empty()).count();
    Ok(RegistrationsPage {
        lead: ctx.t3(
            "registration-lead",
            "n",
            rows.len(),
            "soon",
            soon,
            "stands",
            stands,
        ),
        is_live,
        shows_reps: whose.is_managers(),
        rows,
        ctx,
    })
}

/// What stands against each live registration.
fn conflicts(
    conn: &mut Conn,
    found: &[queries::ListRow],
    names: &HashMap<i64, String>,
) -> AppResult<HashMap<i64, Vec<Conflict>>> {
    let mut roots: Vec<i64> = found.iter().map(|row| row.1).collect();
    roots.dedup();
    let also = queries::live_of_roots(conn, &roots)?;
    let like = queries::like_ones(conn, &roots)?;
    let others = also.iter().map(|(.., rep)| *rep);
    let others: Vec<i64> = others.chain(like.iter().map(|(.., rep)| *rep)).collect();
    let more = user_names(conn, &others)?;
    let mut all: HashMap<i64, Vec<Conflict>> = HashMap::new();
    for row in found {
        let (id, root, rep, owner) = (row.0, row.1, row.4, row.9);
        let mut stands = Vec::new();
        match owner {
            None => stands.push(Conflict::OwnedByNobody),
            Some(other) if other != rep => stands.push(Conflict::OwnedBy(name_in(names, &other))),
            Some(_) => {}
        }
        let others = also.iter().filter(|(r, one, _)| *r == root && *one != id);
        stands.extend(others.map(|(.., by)| Conflict::AlsoBy(name_in(&more, by))));
        let like = like.iter().filter(|(r, _, by)| *r == root && *by != rep);
        stands.extend(like.map(|(_, name, by)| Conflict::LikeOne {
            name: name.clone(),
            rep: name_in(&more, by),
        }));
        all.insert(id, stands);
    }
    Ok(all)
}

fn name_in(names: &HashMap<i64, String>, id: &i64) -> String {
    names.get(id).cloned().unwrap_or_default()
}

fn words(ctx: &PageContext, conflict: &Conflict) -> String {
    match conflict {
        Conflict::OwnedBy(rep) => ctx.t1("registration-owned-by", "name", rep.clone()),
        Conflict::OwnedByNobody => ctx.t("registration-owned-by-nobody"),
        Conflict::AlsoBy(rep) => ctx.t1("registration-also-by", "name", rep.clone()),
        Conflict::LikeOne { name, rep } => ctx.t2(
            "registration-like-one",
            "company",
            name.clone(),
            "name",
            rep.clone(),
        ),
    }
}

/// What became of one, in a line.
fn told(
    ctx: &PageContext,
    change: &crate::selling::model::RegistrationChange,
    who: Option<String>,
) -> String {
    let kind = RegistrationMove::from_code(&change.kind).unwrap_or(RegistrationMove::LeftRep);
    let parts = [
        ctx.date_of(&change.at),
        ctx.t1(kind.key(), "day", ctx.date(&change.until)),
        who.unwrap_or_default(),
        change.reason.clone().unwrap_or_default(),
    ];
    let said: Vec<String> = parts.into_iter().filter(|p| !p.is_empty()).collect();
    said.join(" · ")
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ChangeForm {
    reason: String,
}

/// `POST /registrations/{id}/extend`.
pub(super) async fn extend(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    form: Form<ChangeForm>,
) -> AppResult<HttpResponse> {
    let done = "registration-done-extended";
    change(me, db, *id, done, move |conn, now, actor, book, id| {
        actions::extend_registration(conn, now, actor, book, id, &form.reason)
    })
    .await
}

/// `POST /registrations/{id}/withdraw`.
pub(super) async fn withdraw(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    form: Form<ChangeForm>,
) -> AppResult<HttpResponse> {
    let done = "registration-done-withdrawn";
    change(me, db, *id, done, move |conn, now, actor, book, id| {
        actions::withdraw_registration(conn, now, actor, book, id, &form.reason)
    })
    .await
}

/// Changes one registration and goes back to the list.
async fn change(
    me: SignedIn,
    db: web::Data<Db>,
    id: i64,
    text: &'static str,
    work: impl FnOnce(&mut Conn, NaiveDateTime, &Actor, &Book, i64) -> AppResult<()> + Send + 'static,
) -> AppResult<HttpResponse> {
    me.require(Verb::Sell)?;
    let ctx = me.context();
    let done = db
        .write(move |conn| {
            let (now, book) = (clock::now(conn)?, book(conn)?);
            work(conn, now, &me.actor, &book, id)
        })
        .await;
    back(&ctx, "/registrations", done.map(|()| ctx.t(text)))
}
