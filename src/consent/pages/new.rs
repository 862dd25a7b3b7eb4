//! `/suppressions/new`: somebody is put on the list by hand.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use askama::Template;
use serde::Deserialize;

use crate::accounts::{SignedIn, Verb};
use crate::consent::actions::Candidate;
use crate::consent::model::{Scope, Subject};
use crate::consent::queries::list as queries;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppResult, Refusal};
use crate::platform::page::{PageContext, html, html_with};
use crate::platform::problem;

/// The form as somebody filled it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct NewSuppression {
    /// A number, address, domain or name in any writing.
    pub subject: String,
    /// What it is, or empty: the writing tells.
    pub scope: String,
    /// `company:7` or `person:9`, chosen among names that fit.
    pub choice: String,
    /// `call`, `mail` or `all`.
    pub ways: String,
    /// Why.
    pub note: String,
}

#[derive(Template)]
#[template(path = "consent/suppression_new.html")]
struct NewPage {
    ctx: PageContext,
    form: NewSuppression,
    scopes: Vec<(&'static str, String)>,
    candidates: Vec<(String, Candidate)>,
    nobody: bool,
    error: Option<String>,
    note_error: Option<String>,
}

/// What the address may fill in: `?company=7`, `?person=9`, `?number=…`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Prefill {
    company: Option<i64>,
    person: Option<i64>,
    number: String,
}

/// The empty form, or one that a company's page has filled in.
pub(super) async fn show(
    me: SignedIn,
    db: web::Data<Db>,
    prefill: web::Query<Prefill>,
) -> AppResult<HttpResponse> {
    me.require(Verb::AddSuppression)?;
    let prefill = prefill.into_inner();
    let mut form = NewSuppression {
        ways: "call".into(),
        subject: prefill.number.clone(),
        ..NewSuppression::default()
    };
    let subject = prefill
        .company
        .map(Subject::company)
        .or(prefill.person.map(Subject::person));
    let candidates = match subject {
        None => Vec::new(),
        Some(subject) => {
            form.choice = choice(&subject);
            db.read(move |conn| named(conn, subject)).await?
        }
    };
    html(&page(&me, form, candidates, None))
}

fn named(conn: &mut Conn, subject: Subject) -> AppResult<Vec<Candidate>> {
    let ids: Vec<i64> = subject.id().into_iter().collect();
    let found = match subject.scope {
        Scope::Person => queries::person_names(conn, &ids)?
            .into_values()
            .next()
            .map(|(name, company)| (name, company.map(|(_, name)| name))),
        _ => queries::company_names(conn, &ids)?
            .into_values()
            .next()
            .map(|(_, name)| (name, None)),
    };
    Ok(found
        .map(|(name, detail)| Candidate {
            subject,
            name,
            detail,
        })
        .into_iter()
        .collect())
}

/// The form again: with names to choose from, or with what is wrong.
pub fn add_page(
    me: &SignedIn,
    form: NewSuppression,
    candidates: Vec<Candidate>,
    refusal: Option<&Refusal>,
) -> AppResult<HttpResponse> {
    let status = refusal.map_or(StatusCode::OK, |r| r.status);
    html_with(status, &page(me, form, candidates, refusal))
}

fn page(
    me: &SignedIn,
    form: NewSuppression,
    candidates: Vec<Candidate>,
    refusal: Option<&Refusal>,
) -> NewPage {
    let ctx = me.context();
    let field = |r: &Refusal| {
        r.args
            .iter()
            .find(|(name, _)| *name == "field")
            .map(|(_, value)| value.clone())
    };
    let told = refusal.map(|r| (field(r), problem::in_words(ctx.language, r)));
    let (note_error, error) = match told {
        Some((Some(field), text)) if field == "note" => (Some(text), None),
        Some((_, text)) => (None, Some(text)),
        None => (None, None),
    };
    NewPage {
        scopes: Scope::ALL
            .into_iter()
            .map(|s| (s.code(), ctx.code("suppression-of", s.code())))
            .collect(),
        nobody: refusal.is_none() && candidates.is_empty() && !form.subject.is_empty(),
        candidates: candidates
            .into_iter()
            .map(|c| (choice(&c.subject), c))
            .collect(),
        form,
        error,
        note_error,
        ctx,
    }
}

fn choice(subject: &Subject) -> String {
    format!("{}:{}", subject.scope.code(), subject.value)
}
