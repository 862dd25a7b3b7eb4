//! `/companies/{id}/key-items`: what a rep found out, typed with how sure it is.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;

use super::typed::{Typed, VENDORS};
use crate::accounts::{SignedIn, Verb, redirect_with};
use crate::calling::actions::follow_companies;
use crate::flows::{company_access, contradictions};
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Pairs;
use crate::platform::page::{Flash, PageContext, html, html_with};
use crate::qualifying::Urgency;
use crate::qualifying::actions::{evidence_of, grading};
use crate::qualifying::model::{BudgetState, DecisionProcess, SelectionStarted, VendorState};
use crate::qualifying::rules::lists::Needs;
use crate::registry::actions::say;
use crate::registry::model::{Field, NewSaid};

/// Said by a contact.
const CERTAINTY: u8 = 2;

#[derive(Template)]
#[template(path = "qualifying/key_items.html")]
struct FormPage {
    ctx: PageContext,
    id: i64,
    name: String,
    form: Typed,
    urgency: Vec<Choice>,
    budget: Vec<Choice>,
    process: Vec<Choice>,
    selection: Vec<Choice>,
    needs: Vec<(String, String, bool)>,
    vendors: Vec<(usize, String, Vec<Choice>)>,
    certainties: Vec<(u8, String, bool)>,
    wrong: Vec<Field>,
}

impl FormPage {
    fn wrong(&self, field: &str) -> Option<String> {
        let is_wrong = self.wrong.iter().any(|one| one.code() == field);
        is_wrong.then(|| self.ctx.t("key-items-unreadable"))
    }
}

/// An option of a choice: code, name, chosen.
type Choice = (&'static str, String, bool);

macro_rules! options {
    ($ctx:expr, $kind:ty, $chosen:expr) => {
        <$kind>::ALL
            .iter()
            .map(|one| (one.code(), $ctx.t(one.key()), one.code() == $chosen))
            .collect()
    };
}

fn page(
    ctx: PageContext,
    (id, name): (i64, String),
    form: Typed,
    needs: &Needs,
    certainty: u8,
    wrong: Vec<Field>,
) -> FormPage {
    let offered = needs
        .0
        .iter()
        .filter(|need| need.active || form.needs.contains(&need.code));
    let vendor = |n: usize| {
        let (name, state) = form.vendors.get(n).cloned().unwrap_or_default();
        (n, name, options!(ctx, VendorState, state))
    };
    FormPage {
        urgency: options!(ctx, Urgency, form.urgency),
        budget: options!(ctx, BudgetState, form.budget),
        process: options!(ctx, DecisionProcess, form.process),
        selection: options!(ctx, SelectionStarted, form.selection),
        needs: offered
            .map(|need| {
                let is_said = form.needs.contains(&need.code);
                (
                    need.code.clone(),
                    need.name(ctx.language).to_owned(),
                    is_said,
                )
            })
            .collect(),
        vendors: (0..VENDORS).map(vendor).collect(),
        certainties: (0..=3)
            .map(|level| {
                let name = ctx.t(&format!("company-certainty-{level}"));
                (level, name, level == certainty)
            })
            .collect(),
        wrong,
        id,
        name,
        form,
        ctx,
    }
}

pub(super) async fn show(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
) -> AppResult<HttpResponse> {
    me.require(Verb::FindCompanies)?;
    let id = id.into_inner();
    let page = db
        .read(move |conn| {
            let (root, _) = company_access::open(conn, &me.actor, id, Verb::EditCompany, me.now)?;
            let book = grading(conn)?;
            let known = evidence_of(conn, &book, me.now, root, None)?;
            let form = Typed::of(&known.evidence);
            let whom = (root, known.company.name);
            Ok::<_, AppError>(page(
                me.context(),
                whom,
                form,
                &book.needs,
                CERTAINTY,
                Vec::new(),
            ))
        })
        .await?;
    html(&page)
}

/// What came of the form.
enum Saved {
    Done(i64),
    Wrong(Box<FormPage>),
}

pub(super) async fn save(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    pairs: Pairs,
) -> AppResult<HttpResponse> {
    me.require(Verb::FindCompanies)?;
    let id = id.into_inner();
    let text = me.lang().text("company-saved");
    let saved = db.write(move |conn| write(conn, &me, id, &pairs)).await?;
    match saved {
        Saved::Done(root) => Ok(redirect_with(
            &format!("/companies/{root}"),
            &Flash::new("good", text),
        )),
        Saved::Wrong(page) => html_with(StatusCode::UNPROCESSABLE_ENTITY, &*page),
    }
}

fn write(conn: &mut Conn, me: &SignedIn, id: i64, pairs: &Pairs) -> AppResult<Saved> {
    let now = clock::now(conn)?;
    let (root, _) = company_access::open(conn, &me.actor, id, Verb::EditCompany, now)?;
    let book = grading(conn)?;
    let known = evidence_of(conn, &book, now, root, None)?;
    let typed = Typed::read(pairs);
    let certainty = pairs
        .get("certainty")
        .and_then(|level| level.parse().ok())
        .filter(|level| *level <= 3)
        .unwrap_or(CERTAINTY);
    match typed.said(&Typed::of(&known.evidence), certainty, &book.needs, now) {
        Ok(said) => {
            if !said.is_empty() {
                say(conn, now, &me.actor, NewSaid::edit(root, said))?;
                follow_companies(conn, now, &[root])?;
                contradictions::after_change(conn, now, root)?;
            }
            Ok(Saved::Done(root))
        }
        Err(wrong) => {
            let whom = (root, known.company.name);
            let page = page(me.context(), whom, typed, &book.needs, certainty, wrong);
            Ok(Saved::Wrong(Box::new(page)))
        }
    }
}
