//! The grade on the company's page: why it stands, what is proposed, and the form that sets it with a reason.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use chrono::NaiveDateTime;
use serde::Deserialize;

use super::view;
use crate::accounts::{SignedIn, Verb, redirect_with};
use crate::calling::actions::follow_companies;
use crate::flows::company_access;
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Pairs;
use crate::platform::i18n::Lang;
use crate::platform::page::{Flash, PageContext, html_with};
use crate::platform::problem;
use crate::platform::settings;
use crate::qualifying::actions::{GradeHistory, grading, history, set_grade_by_hand};
use crate::qualifying::pages::{FactView, Teller};
use crate::qualifying::{Grade, Needs, ReasonList, Reasons};

/// Changes of the grade that are told.
const HISTORY: i64 = 20;

/// What the card of the grade shows.
#[derive(Default)]
pub(super) struct GradeView {
    /// The change that made it what it is; none where nobody graded.
    pub stands: Option<Change>,
    /// A proposal that nobody answered yet.
    pub proposed: Option<Change>,
    /// Everything before, latest first.
    pub earlier: Vec<Change>,
    /// One option a grade: letter, meaning, chosen.
    pub options: Vec<(&'static str, String, bool)>,
    pub reason: String,
    pub error: Option<String>,
}

/// A change of the grade with its reasons.
pub(super) struct Change {
    pub grade: String,
    pub before: String,
    /// How it came about, in words.
    pub kind: String,
    /// A proposal that was accepted or turned down, in words.
    pub answer: String,
    /// Each reason with the class of its line.
    pub why: Vec<(&'static str, String)>,
    /// What the person wrote.
    pub words: String,
    pub by: String,
    pub at: NaiveDateTime,
    /// Of the grading rules; 0 is what ships.
    pub version: i32,
    /// On what it rested.
    pub evidence: Vec<FactView>,
}

/// What was typed, and why it was not taken.
pub(super) struct Typed {
    grade: String,
    reason: String,
    error: String,
}

/// What of the reasons of a change a person wrote.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Stored {
    reason: Option<String>,
}

/// What the person wrote who changed a grade, or the reason that they took from the office's list.
pub(super) fn words(office: &Reasons, lang: Lang, reasons: &str) -> String {
    let stored: Stored = serde_json::from_str(reasons).unwrap_or_default();
    let given = stored.reason.unwrap_or_default();
    office.name(ReasonList::Grade, &given, lang)
}

/// Reads the card of a group whose present grade is `present`.
pub(super) fn grade_view(
    conn: &mut Conn,
    ctx: &PageContext,
    group: &[i64],
    present: Option<&str>,
    typed: Option<&Typed>,
) -> AppResult<GradeView> {
    let mut changes = changes(conn, ctx, group)?;
    let is_open = |(state, change): &(String, Change)| {
        state == "proposed" && present != Some(change.grade.as_str())
    };
    let proposed = changes.iter().position(is_open);
    let proposed = proposed.map(|at| changes.remove(at).1);
    changes.retain(|(state, _)| state != "proposed");
    let given = changes.iter().position(|(state, _)| state == "set");
    let is_present = |at: &usize| present == Some(changes[*at].1.grade.as_str());
    let given = given.filter(is_present);
    let stands = given.map(|at| changes.remove(at).1);
    let chosen = match (typed, &proposed) {
        (Some(typed), _) => typed.grade.as_str(),
        (None, Some(change)) => change.grade.as_str(),
        (None, None) => present.unwrap_or_default(),
    };
    let option = |grade: &Grade| {
        let code = grade.code();
        (code, ctx.code("grade-meaning", code), code == chosen)
    };
    Ok(GradeView {
        options: Grade::ALL.iter().map(option).collect(),
        reason: typed.map(|typed| typed.reason.clone()).unwrap_or_default(),
        error: typed.map(|typed| typed.error.clone()),
        stands,
        proposed,
        earlier: changes.into_iter().map(|(_, change)| change).collect(),
    })
}

/// Every change and proposal with its state, latest first.
fn changes(conn: &mut Conn, ctx: &PageContext, group: &[i64]) -> AppResult<Vec<(String, Change)>> {
    let office = settings::load::<Reasons>(conn)?.value;
    let needs = settings::load::<Needs>(conn)?.value;
    let all = history(conn, group, HISTORY)?;
    let teller = Teller::of_page(conn, ctx, &needs, all.iter().flat_map(|one| &one.evidence))?;
    let letter = |grade: Option<Grade>| grade.map_or("", Grade::code).to_owned();
    let change = |one: GradeHistory| {
        let answer = match (one.state.as_str(), &one.decided_by) {
            ("accepted", Some(who)) => ctx.t1("grade-state-accepted", "who", who),
            ("declined", Some(who)) => ctx.t1("grade-state-declined", "who", who),
            ("undone", _) => ctx.t("grade-state-undone"),
            _ => String::new(),
        };
        let change = Change {
            grade: letter(one.after.or(one.proposed)),
            before: letter(one.before),
            kind: ctx.code("grade-by", one.kind.as_deref().unwrap_or("call")),
            answer,
            why: one
                .reasons
                .iter()
                .map(|why| (why.weight().class(), ctx.say(&why.sentence())))
                .collect(),
            words: office.name(
                ReasonList::Grade,
                one.said.as_deref().unwrap_or_default(),
                ctx.language,
            ),
            by: one.by.unwrap_or_default(),
            at: one.at,
            version: one.rule_version.unwrap_or_default(),
            evidence: one.evidence.iter().map(|fact| teller.fact(fact)).collect(),
        };
        (one.state, change)
    };
    Ok(all.into_iter().map(change).collect())
}

/// `POST /companies/{id}/grade`: sets the grade; an A of somebody who cannot confirm it is proposed to the rep.
pub(super) async fn set(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    pairs: Pairs,
) -> AppResult<HttpResponse> {
    me.require(Verb::FindCompanies)?;
    let (id, ctx, actor) = (id.into_inner(), me.context(), me.actor.clone());
    let field = |name: &str| pairs.get(name).unwrap_or_default().to_owned();
    let (grade, reason) = (field("grade"), field("reason"));
    let asked = (grade.clone(), reason.clone());
    let done = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            let (root, _) = company_access::open(conn, &actor, id, Verb::EditCompany, now)?;
            let book = grading(conn)?;
            let outcome = set_grade_by_hand(conn, now, &actor, &book, root, &grade, &reason)?;
            follow_companies(conn, now, &[root])?;
            Ok::<_, AppError>((root, outcome))
        })
        .await;
    match done {
        Ok((root, outcome)) => {
            let letter = |grade: Option<Grade>| grade.map_or("–", Grade::code);
            let key = if outcome.proposed.is_some() && outcome.proposed != outcome.after {
                "company-grade-asked"
            } else {
                "company-grade-set"
            };
            let text = ctx.t1(key, "grade", letter(outcome.after));
            Ok(redirect_with(
                &format!("/companies/{root}"),
                &Flash::new("good", text),
            ))
        }
        Err(error) => {
            let refusal = error.of_form()?;
            let (grade, reason) = asked;
            let error = match refusal.code {
                "grade_needs_reason" => ctx.t("company-grade-needs-reason"),
                _ => problem::tell(ctx.language, &refusal).text,
            };
            let typed = Typed {
                grade,
                reason,
                error,
            };
            let page = db
                .read(move |conn| view::page_with(conn, &me, id, Some(&typed)))
                .await?;
            html_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
    }
}
