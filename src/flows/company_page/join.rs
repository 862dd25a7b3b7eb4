//! Two companies side by side, joining them, and parting them again.

use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use super::facts::label;
use super::typed::{TYPED, current};
use crate::accounts::{SignedIn, Verb, redirect_with};
use crate::flows::merge_companies;
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Form;
use crate::platform::page::{Flash, PageContext, html};
use crate::registry::actions::{group_of, root_of};
use crate::registry::model::Company;
use crate::registry::queries::{load, page as queries};
use crate::registry::search;

#[derive(Template)]
#[template(path = "registry/company_merge.html")]
struct MergePage {
    ctx: PageContext,
    left: Company,
    right: Option<Company>,
    rows: Vec<(String, String, String, bool)>,
    codes_differ: bool,
    q: String,
    found: Vec<(i64, String)>,
}

/// Which other one.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    with: Option<i64>,
    q: String,
}

fn company(conn: &mut Conn, id: i64) -> AppResult<Company> {
    let root = root_of(conn, id)?;
    load::company(conn, root)
}

/// Both side by side; without the other one, a search for it.
pub(super) async fn compare(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    asked: web::Query<Asked>,
) -> AppResult<HttpResponse> {
    me.require(Verb::MergeCompanies)?;
    let (id, asked, ctx) = (id.into_inner(), asked.into_inner(), me.context());
    let page = db
        .read(move |conn| {
            let page = build(conn, ctx, id, &asked)?;
            let other = page.right.as_ref().unwrap_or(&page.left).id;
            merge_companies::require_one(conn, &me.actor, page.left.id, other)?;
            Ok::<_, AppError>(page)
        })
        .await?;
    html(&page)
}

fn build(conn: &mut Conn, ctx: PageContext, id: i64, asked: &Asked) -> AppResult<MergePage> {
    let left = company(conn, id)?;
    let right = asked
        .with
        .map(|with| company(conn, with))
        .transpose()?
        .filter(|other| other.id != left.id);
    let mut rows = Vec::new();
    if let Some(right) = &right {
        for field in TYPED {
            let (a, b) = (current(&ctx, &left, field), current(&ctx, right, field));
            if !a.is_empty() || !b.is_empty() {
                rows.push((label(&ctx, field), a.clone(), b.clone(), a == b));
            }
        }
        let (a, b) = (facts(conn, left.id)?, facts(conn, right.id)?);
        rows.push((
            ctx.t("company-people"),
            ctx.number(a.0),
            ctx.number(b.0),
            a.0 == b.0,
        ));
        rows.push((
            ctx.t("company-sources"),
            a.1.clone(),
            b.1.clone(),
            a.1 == b.1,
        ));
    }
    let q = if asked.q.trim().is_empty() {
        left.name.clone()
    } else {
        asked.q.clone()
    };
    let hits = if right.is_none() {
        search::find(conn, &q, 20)?
    } else {
        Vec::new()
    };
    let found = load::companies(conn, &hits)?
        .into_iter()
        .filter(|one| one.id != left.id)
        .map(|one| (one.id, one.name));
    Ok(MergePage {
        codes_differ: right.as_ref().is_some_and(|other| {
            merge_companies::codes_differ(&[left.credit_code.clone(), other.credit_code.clone()])
        }),
        found: found.collect(),
        q: asked.q.clone(),
        rows,
        left,
        right,
        ctx,
    })
}

/// How many contacts, and which lists.
fn facts(conn: &mut Conn, root: i64) -> AppResult<(usize, String)> {
    let group = group_of(conn, root)?;
    let contacts = load::contacts_of_companies(conn, &group)?.len();
    let lists: Vec<String> = queries::sources(conn, &group)?
        .into_iter()
        .map(|(_, name, ..)| name)
        .collect();
    Ok((contacts, lists.join("、")))
}

/// The one that goes into the other.
#[derive(Debug, Deserialize)]
pub(super) struct MergeForm {
    other: i64,
}

/// Joins the other one to this one.
pub(super) async fn merge(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    form: Form<MergeForm>,
) -> AppResult<HttpResponse> {
    me.require(Verb::MergeCompanies)?;
    let (id, other) = (id.into_inner(), form.0.other);
    let text = me.lang().text("company-merged");
    let root = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            merge_companies::merge(conn, now, &me.actor, other, id, None)?;
            root_of(conn, id)
        })
        .await?;
    Ok(redirect_with(
        &format!("/companies/{root}"),
        &Flash::new("good", text),
    ))
}

/// Parts them again.
pub(super) async fn unmerge(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    _checked: Form<std::collections::HashMap<String, String>>,
) -> AppResult<HttpResponse> {
    me.require(Verb::MergeCompanies)?;
    let id = id.into_inner();
    let ctx = me.context();
    let done = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            merge_companies::unmerge(conn, now, &me.actor, id)
        })
        .await?;
    let text = ctx.t2(
        "company-unmerged",
        "moved",
        done.moved.len(),
        "stayed",
        done.stayed.len(),
    );
    Ok(redirect_with(
        &format!("/companies/{}", done.from_id),
        &Flash::new("good", text),
    ))
}
