//! Adding a company or a person by hand: those who are there already are offered first.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::typed::{self, Input};
use crate::accounts::{SignedIn, Verb, redirect_with};
use crate::calling::actions::follow_companies;
use crate::flows::company_access;
use crate::platform::clock;
use crate::platform::db::Db;
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Pairs;
use crate::platform::page::{Flash, PageContext, html, html_with};
use crate::registry::actions::{
    Created, NewByHand, create_company_by_hand, create_contact_by_hand, home,
};
use crate::registry::model::Field;
use crate::registry::pages::shown;
use crate::registry::queries::load;
use crate::registry::rules::phone::Home;

/// What the form asks about a person.
const PERSON: [Field; 8] = [
    Field::PersonName,
    Field::Title,
    Field::Department,
    Field::Mobile,
    Field::DeskPhone,
    Field::Email,
    Field::Wechat,
    Field::Birthday,
];

#[derive(Template)]
#[template(path = "registry/company_new.html")]
struct NewCompanyPage {
    ctx: PageContext,
    known: Vec<(i64, String, String)>,
    inputs: Vec<Input>,
    persons: Vec<Input>,
}

#[derive(Template)]
#[template(path = "registry/contact_new.html")]
struct NewContactPage {
    ctx: PageContext,
    id: i64,
    name: String,
    persons: Vec<Input>,
    roles: Vec<(&'static str, String)>,
}

fn persons(ctx: &PageContext, pairs: Option<&Pairs>, errors: &[(Field, String)]) -> Vec<Input> {
    PERSON
        .iter()
        .map(|field| {
            let kind = match field {
                Field::Mobile | Field::DeskPhone => "tel",
                Field::Email => "email",
                _ => "text",
            };
            typed::input(ctx, *field, kind, pairs, errors)
        })
        .collect()
}

fn new_page(
    ctx: PageContext,
    known: Vec<(i64, String, String)>,
    pairs: Option<&Pairs>,
    errors: &[(Field, String)],
) -> NewCompanyPage {
    let mut inputs = typed::inputs(&ctx, None, pairs, errors);
    inputs.truncate(9);
    inputs.push(typed::input(&ctx, Field::Phone, "tel", pairs, errors));
    NewCompanyPage {
        known,
        inputs,
        persons: persons(&ctx, pairs, errors),
        ctx,
    }
}

/// The form.
pub(super) async fn new_company(me: SignedIn) -> AppResult<HttpResponse> {
    me.require(Verb::AddCompany)?;
    html(&new_page(me.context(), Vec::new(), None, &[]))
}

enum Tried {
    Wrong(Vec<(Field, String)>),
    Known(Vec<(i64, String, String)>),
    Made(i64, bool),
}

/// Adds it, unless one like it is there.
pub(super) async fn add_company(
    me: SignedIn,
    db: web::Data<Db>,
    pairs: Pairs,
) -> AppResult<HttpResponse> {
    me.require(Verb::AddCompany)?;
    let ctx = me.context();
    let pairs = Arc::new(pairs);
    let (form, context) = (pairs.clone(), ctx.clone());
    let tried = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            let home = home(conn)?;
            let mut read = typed::company(&context, home, &form, None);
            let person = typed::person(&context, home, &form);
            read.errors.extend(person.errors);
            read.said.0.extend(person.said.0);
            if read.said.text(Field::Name).is_none() {
                read.errors
                    .push((Field::Name, context.t("company-wrong-name")));
            }
            if !read.errors.is_empty() {
                return Ok::<_, AppError>(Tried::Wrong(read.errors));
            }
            let new = NewByHand {
                said: read.said,
                even_if_known: form.get("sure").is_some(),
            };
            Ok(match create_company_by_hand(conn, now, &me.actor, &new)? {
                Created::Made { company_id, .. } => {
                    Tried::Made(company_id.unwrap_or_default(), read.bad_code)
                }
                Created::Known { company_ids } => Tried::Known(
                    load::companies(conn, &company_ids)?
                        .into_iter()
                        .map(|one| {
                            let place = one.region.as_deref().map_or_else(String::new, |code| {
                                shown::place(context.language, code)
                            });
                            (one.id, one.name, place)
                        })
                        .collect(),
                ),
            })
        })
        .await?;
    match tried {
        Tried::Wrong(errors) => html_with(
            StatusCode::UNPROCESSABLE_ENTITY,
            &new_page(ctx, Vec::new(), Some(&pairs), &errors),
        ),
        Tried::Known(known) => html_with(
            StatusCode::CONFLICT,
            &new_page(ctx, known, Some(&pairs), &[]),
        ),
        Tried::Made(id, bad_code) => {
            let (kind, key) = if bad_code {
                ("warn", "company-saved-bad-code")
            } else {
                ("good", "company-added")
            };
            Ok(redirect_with(
                &format!("/companies/{id}"),
                &Flash::new(kind, ctx.t(key)),
            ))
        }
    }
}

fn contact_page(
    ctx: PageContext,
    id: i64,
    name: String,
    pairs: Option<&Pairs>,
    errors: &[(Field, String)],
) -> NewContactPage {
    NewContactPage {
        id,
        name,
        persons: persons(&ctx, pairs, errors),
        roles: Field::Role
            .choices()
            .iter()
            .map(|code| (*code, ctx.code("company-role", code)))
            .collect(),
        ctx,
    }
}

/// The form for a person.
pub(super) async fn new_contact(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
) -> AppResult<HttpResponse> {
    me.require(Verb::FindCompanies)?;
    let id = id.into_inner();
    let ctx = me.context();
    let (root, name) = db
        .read(move |conn| {
            let (root, _) = company_access::open(conn, &me.actor, id, Verb::EditCompany, me.now)?;
            Ok::<_, AppError>((root, load::company(conn, root)?.name))
        })
        .await?;
    html(&contact_page(ctx, root, name, None, &[]))
}

/// Adds a person; one who is there already gets what was typed.
pub(super) async fn add_contact(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    pairs: Pairs,
) -> AppResult<HttpResponse> {
    me.require(Verb::FindCompanies)?;
    let id = id.into_inner();
    let ctx = me.context();
    let pairs = Arc::new(pairs);
    let (form, context) = (pairs.clone(), ctx.clone());
    let (root, name, errors) = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            let (root, _) = company_access::open(conn, &me.actor, id, Verb::EditCompany, now)?;
            let company = load::company(conn, root)?;
            let home = match company.region.as_deref() {
                Some(code) => Home::of(code),
                None => home(conn)?,
            };
            let name = company.name;
            let mut read = typed::person(&context, home, &form);
            if read.said.text(Field::PersonName).is_none() {
                read.errors
                    .push((Field::PersonName, context.t("company-wrong-person")));
            }
            if read.errors.is_empty() {
                create_contact_by_hand(conn, now, &me.actor, Some(root), &read.said)?;
                follow_companies(conn, now, &[root])?;
            }
            Ok::<_, AppError>((root, name, read.errors))
        })
        .await?;
    if errors.is_empty() {
        return Ok(redirect_with(
            &format!("/companies/{root}#people"),
            &Flash::new("good", ctx.t("company-contact-added")),
        ));
    }
    html_with(
        StatusCode::UNPROCESSABLE_ENTITY,
        &contact_page(ctx, root, name, Some(&pairs), &errors),
    )
}
