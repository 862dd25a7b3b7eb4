//! `/persons/{id}/erase`: what goes and what stays, said before anything happens.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::{erase, traces_for};
use crate::accounts::{SignedIn, Verb, redirect_with};
use crate::consent::ErasureGround;
use crate::consent::erased::erased_among;
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult, Refusal};
use crate::platform::form::Form;
use crate::platform::page::{Flash, PageContext, html_with};
use crate::platform::problem;
use crate::registry::actions::Traces;
use crate::registry::queries::load;
use crate::registry::rules::email::masked;
use crate::registry::rules::phone::{PhoneContext, parse_one};

pub(in crate::flows) fn routes(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/persons/{id:\\d+}/erase")
            .route(web::get().to(ask))
            .route(web::head().to(ask))
            .route(web::post().to(go)),
    );
}

#[derive(Template)]
#[template(path = "registry/person_erase.html")]
struct ErasePage {
    ctx: PageContext,
    person: i64,
    /// What has to be typed: the name, or the number of the entry where there is none. Not `name`: inside a macro of the
    /// form that would be the name of the field.
    whom: String,
    companies: Vec<(i64, String)>,
    /// Numbers and addresses, masked.
    values: Vec<String>,
    /// Those that somebody else has as well.
    shared: Vec<String>,
    /// Those that are common ones of a company.
    common: Vec<String>,
    rows: usize,
    grounds: Vec<GroundView>,
    confirm: String,
    confirm_error: Option<String>,
    ground_error: Option<String>,
}

struct GroundView {
    code: &'static str,
    label: String,
    about: String,
    is_chosen: bool,
}

/// What is sent.
#[derive(Debug, Default, Clone, Deserialize)]
#[serde(default)]
struct Asked {
    ground: String,
    confirm: String,
}

async fn ask(me: SignedIn, db: web::Data<Db>, id: web::Path<i64>) -> AppResult<HttpResponse> {
    me.require(Verb::ErasePerson)?;
    shown(&me, &db, id.into_inner(), Asked::default(), None).await
}

async fn go(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    form: Form<Asked>,
) -> AppResult<HttpResponse> {
    me.require(Verb::ErasePerson)?;
    let (id, asked, actor) = (id.into_inner(), form.0, me.actor.clone());
    let sent = asked.clone();
    let done = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            let traces = traces_for(conn, &actor, id)?;
            let ground = ErasureGround::from_code(&sent.ground)
                .ok_or_else(|| AppError::invalid("erase_no_ground", "ground"))?;
            if sent.confirm.trim() != name_of(&traces) {
                return Err(AppError::invalid("erase_not_confirmed", "confirm"));
            }
            erase(conn, now, &actor, id, ground)?;
            Ok::<_, AppError>(traces.roots.first().copied())
        })
        .await;
    match done {
        Ok(company) => {
            let back = company.map_or("/companies".to_owned(), |id| format!("/companies/{id}"));
            let flash = Flash::new("good", me.lang().text("erase-done"));
            Ok(redirect_with(&back, &flash))
        }
        Err(error) => shown(&me, &db, id, asked, Some(error.of_form()?)).await,
    }
}

async fn shown(
    me: &SignedIn,
    db: &Db,
    id: i64,
    asked: Asked,
    refusal: Option<Refusal>,
) -> AppResult<HttpResponse> {
    let (ctx, actor) = (me.context(), me.actor.clone());
    let status = refusal.as_ref().map_or(StatusCode::OK, |r| r.status);
    let page = db
        .read(move |conn| {
            let traces = traces_for(conn, &actor, id)?;
            page(conn, ctx, traces, asked, refusal.as_ref())
        })
        .await?;
    html_with(status, &page)
}

fn page(
    conn: &mut Conn,
    ctx: PageContext,
    traces: Traces,
    asked: Asked,
    refusal: Option<&Refusal>,
) -> AppResult<ErasePage> {
    if !erased_among(conn, &traces.persons)?.is_empty() {
        return Err(AppError::conflict("person_erased"));
    }
    let companies = load::companies(conn, &traces.roots)?;
    let told = |field: &str| {
        let is_it = |r: &&Refusal| r.args.iter().any(|(k, v)| *k == "field" && v == field);
        refusal
            .filter(is_it)
            .map(|r| problem::in_words(ctx.language, r))
    };
    let list = |values: &[String]| values.iter().map(|value| hidden(value)).collect::<Vec<_>>();
    let grounds = ErasureGround::ALL.iter().map(|ground| GroundView {
        code: ground.code(),
        label: ctx.t(ground.key()),
        about: ctx.t(&format!("erasure-{}-about", ground.code())),
        is_chosen: asked.ground == ground.code(),
    });
    let own: Vec<String> = traces.own().cloned().collect();
    Ok(ErasePage {
        person: traces.persons.first().copied().unwrap_or_default(),
        whom: name_of(&traces),
        companies: companies
            .into_iter()
            .map(|one| (one.id, one.name))
            .collect(),
        values: list(&own),
        shared: list(&traces.shared),
        common: list(&traces.common),
        rows: traces.rows.len(),
        grounds: grounds.collect(),
        confirm: asked.confirm.clone(),
        confirm_error: told("confirm"),
        ground_error: told("ground"),
        ctx,
    })
}

fn name_of(traces: &Traces) -> String {
    let number = || {
        traces
            .persons
            .first()
            .copied()
            .unwrap_or_default()
            .to_string()
    };
    traces.name.clone().unwrap_or_else(number)
}

/// A number or an address, so that whoever knows it recognises it.
fn hidden(value: &str) -> String {
    if value.contains('@') {
        return masked(value).unwrap_or_else(|| value.to_owned());
    }
    parse_one(value, &PhoneContext::default()).map_or_else(|_| "****".into(), |it| it.masked())
}
