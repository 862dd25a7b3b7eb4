//! Correcting what is known: values, points, contacts. What a person typed wins.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use serde_json::json;

use super::typed::{self, Input};
use crate::accounts::{SignedIn, Verb, redirect_with};
use crate::calling::actions::follow_companies;
use crate::flows::{company_access, contradictions};
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Pairs;
use crate::platform::page::{Flash, PageContext, html, html_with};
use crate::registry::actions::{group_of, home, say, set_left};
use crate::registry::model::{Company, Field, NewSaid, PointState, Said};
use crate::registry::queries::{load, records};

#[derive(Template)]
#[template(path = "registry/company_edit.html")]
struct EditPage {
    ctx: PageContext,
    id: i64,
    name: String,
    inputs: Vec<Input>,
    phone: Input,
    email: Input,
}

fn page(
    ctx: PageContext,
    known: &Company,
    pairs: Option<&Pairs>,
    errors: &[(Field, String)],
) -> EditPage {
    let point = |field: Field, kind: &'static str, key: &str| Input {
        label: ctx.t(key),
        ..typed::input(&ctx, field, kind, pairs, errors)
    };
    EditPage {
        id: known.id,
        name: known.name.clone(),
        inputs: typed::inputs(&ctx, Some(known), pairs, errors),
        phone: point(Field::Phone, "tel", "company-add-phone"),
        email: point(Field::CompanyEmail, "email", "company-add-email"),
        ctx,
    }
}

/// The form.
pub(super) async fn edit(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
) -> AppResult<HttpResponse> {
    me.require(Verb::FindCompanies)?;
    let id = id.into_inner();
    let ctx = me.context();
    let known = db
        .read(move |conn| {
            let (root, _) = company_access::open(conn, &me.actor, id, Verb::EditCompany, me.now)?;
            load::company(conn, root)
        })
        .await?;
    html(&page(ctx, &known, None, &[]))
}

enum Saved {
    Done {
        root: i64,
        changed: bool,
        bad_code: bool,
    },
    Wrong(Box<Company>, Vec<(Field, String)>),
}

/// Saves what differs.
pub(super) async fn save(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    pairs: Pairs,
) -> AppResult<HttpResponse> {
    me.require(Verb::FindCompanies)?;
    let id = id.into_inner();
    let ctx = me.context();
    let pairs = std::sync::Arc::new(pairs);
    let (form, context) = (pairs.clone(), ctx.clone());
    let saved = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            let (root, _) = company_access::open(conn, &me.actor, id, Verb::EditCompany, now)?;
            let known = load::company(conn, root)?;
            let read = typed::company(&context, home(conn)?, &form, Some(&known));
            if !read.errors.is_empty() {
                return Ok(Saved::Wrong(Box::new(known), read.errors));
            }
            let changed = !read.said.is_empty();
            if changed {
                say(conn, now, &me.actor, NewSaid::edit(root, read.said))?;
                follow_companies(conn, now, &[root])?;
                contradictions::after_change(conn, now, root)?;
            }
            Ok::<_, AppError>(Saved::Done {
                root,
                changed,
                bad_code: read.bad_code,
            })
        })
        .await?;
    match saved {
        Saved::Wrong(known, errors) => html_with(
            StatusCode::UNPROCESSABLE_ENTITY,
            &page(ctx, &known, Some(&pairs), &errors),
        ),
        Saved::Done {
            root,
            bad_code: true,
            ..
        } => Ok(redirect_with(
            &format!("/companies/{root}"),
            &Flash::new("warn", ctx.t("company-saved-bad-code")),
        )),
        Saved::Done { root, changed, .. } => {
            let key = if changed {
                "company-saved"
            } else {
                "company-unchanged"
            };
            Ok(redirect_with(
                &format!("/companies/{root}"),
                &Flash::new("good", ctx.t(key)),
            ))
        }
    }
}

/// Runs a change and goes back to the page.
async fn changed(
    me: SignedIn,
    db: web::Data<Db>,
    id: i64,
    work: impl FnOnce(&mut Conn, &SignedIn, i64) -> AppResult<()> + Send + 'static,
) -> AppResult<HttpResponse> {
    me.require(Verb::FindCompanies)?;
    let text = me.lang().text("company-saved");
    let root = db
        .write(move |conn| {
            let (root, _) = company_access::open(conn, &me.actor, id, Verb::EditCompany, me.now)?;
            work(conn, &me, root)?;
            follow_companies(conn, me.now, &[root])?;
            contradictions::after_change(conn, me.now, root)?;
            Ok::<_, AppError>(root)
        })
        .await?;
    Ok(redirect_with(
        &format!("/companies/{root}"),
        &Flash::new("good", text),
    ))
}

/// Takes a value that lost, or *empty*, as an edit of one's own.
pub(super) async fn pick(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    pairs: Pairs,
) -> AppResult<HttpResponse> {
    changed(me, db, id.into_inner(), move |conn, me, root| {
        let now = clock::now(conn)?;
        let field = pairs
            .get("field")
            .and_then(Field::from_code)
            .filter(|field| field.is_folded());
        let field = field.ok_or_else(|| AppError::bad_request("form_unreadable"))?;
        let value = match pairs.get("record").and_then(|id| id.parse::<i64>().ok()) {
            Some(id) => {
                let record = records::record(conn, id)?;
                let group = group_of(conn, root)?;
                if !record.company_id.is_some_and(|at| group.contains(&at)) {
                    return Err(AppError::not_found());
                }
                record
                    .said()
                    .0
                    .remove(&field)
                    .map(|said| said.value)
                    .ok_or_else(AppError::not_found)?
            }
            None if field == Field::Name => {
                return Err(AppError::invalid("company_needs_name", "name"));
            }
            None => serde_json::Value::Null,
        };
        let mut said = Said::new();
        said.put(field, value);
        say(conn, now, &me.actor, NewSaid::edit(root, said))?;
        Ok(())
    })
    .await
}

/// A number is bad, reaches somebody else, or is good after all.
pub(super) async fn point(
    me: SignedIn,
    db: web::Data<Db>,
    ids: web::Path<(i64, i64)>,
    pairs: Pairs,
) -> AppResult<HttpResponse> {
    let (id, point) = ids.into_inner();
    changed(me, db, id, move |conn, me, root| {
        let now = clock::now(conn)?;
        let state = match pairs.get("state") {
            Some("bad") => PointState::Bad,
            Some("not_theirs") => PointState::NotTheirs,
            Some("good") => PointState::Good,
            _ => return Err(AppError::bad_request("form_unreadable")),
        };
        let point = records::point(conn, point)?;
        if point.state() == PointState::Suppressed {
            return Err(AppError::conflict("point_suppressed"));
        }
        let said = Said::new().with(Field::PointStates, json!({ point.value: state.code() }));
        say(conn, now, &me.actor, NewSaid::edit(root, said))?;
        Ok(())
    })
    .await
}

/// A contact left, is the key contact, or has another role.
pub(super) async fn contact(
    me: SignedIn,
    db: web::Data<Db>,
    ids: web::Path<(i64, i64)>,
    pairs: Pairs,
) -> AppResult<HttpResponse> {
    let (id, contact) = ids.into_inner();
    changed(me, db, id, move |conn, me, root| {
        let now = clock::now(conn)?;
        let group = group_of(conn, root)?;
        let mine = load::contacts_of_companies(conn, &group)?;
        if !mine.iter().any(|one| one.id == contact) {
            return Err(AppError::not_found());
        }
        let tell = |conn: &mut Conn, contact: i64, said: Said| {
            say(
                conn,
                now,
                &me.actor,
                NewSaid::edit_contact(Some(root), contact, said),
            )
            .map(|_| ())
        };
        match pairs.get("do") {
            Some("left") => set_left(conn, now, &me.actor, contact, true),
            Some("back") => set_left(conn, now, &me.actor, contact, false),
            Some("key") => {
                for other in mine.iter().filter(|one| one.is_key && one.id != contact) {
                    tell(conn, other.id, Said::new().with(Field::IsKey, false))?;
                }
                tell(conn, contact, Said::new().with(Field::IsKey, true))
            }
            Some("role") => {
                let role = pairs
                    .get("role")
                    .filter(|role| Field::Role.choices().contains(role));
                let role = role.ok_or_else(|| AppError::bad_request("form_unreadable"))?;
                tell(conn, contact, Said::new().with(Field::Role, role))
            }
            _ => Err(AppError::bad_request("form_unreadable")),
        }
    })
    .await
}
