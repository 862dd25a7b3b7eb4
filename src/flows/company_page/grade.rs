//! The grade on the company's page: why it stands, what is proposed, and the form that sets it with a reason.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use chrono::NaiveDateTime;
use serde::Deserialize;

use super::view;
use crate::accounts::{SignedIn, Verb, redirect_with};
use crate::calling::actions::{rulebook, set_grade_by_hand};
use crate::flows::company_access;
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Pairs;
use crate::platform::i18n::Lang;
use crate::platform::page::{Flash, PageContext, html_with};
use crate::platform::problem;
use crate::platform::settings;
use crate::qualifying::rules::GradeReason;
use crate::qualifying::{Grade, ReasonList, Reasons};
use crate::registry::queries::page as queries;

/// What the card of the grade shows.
#[derive(Default)]
pub(super) struct GradeView {
    /// The change that made it what it is; none where nobody graded.
    pub stands: Option<Change>,
    /// A proposal that nobody answered yet.
    pub proposed: Option<Change>,
    /// One option a grade: letter, meaning, chosen.
    pub options: Vec<(&'static str, String, bool)>,
    pub reason: String,
    pub error: Option<String>,
}

/// A change of the grade with its reasons.
pub(super) struct Change {
    pub grade: String,
    pub why: Vec<String>,
    /// What the person wrote.
    pub words: String,
    pub by: String,
    pub at: NaiveDateTime,
}

/// What was typed, and why it was not taken.
pub(super) struct Typed {
    grade: String,
    reason: String,
    error: String,
}

/// The reasons of a change as they are stored.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Stored {
    why: Vec<GradeReason>,
    reason: Option<String>,
}

fn stored(reasons: &str) -> Stored {
    serde_json::from_str(reasons).unwrap_or_default()
}

/// What the person wrote who changed a grade, or the reason that they took from the office's list.
pub(super) fn words(office: &Reasons, lang: Lang, reasons: &str) -> String {
    let given = stored(reasons).reason.unwrap_or_default();
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
    let office = settings::load::<Reasons>(conn)?.value;
    let mut stands = None;
    let mut proposed = None;
    for (_, after, reasons, state, by, at) in queries::grades(conn, group)? {
        let Some(grade) = after else { continue };
        let stored = stored(&reasons);
        let change = || Change {
            why: stored
                .why
                .iter()
                .map(|one| ctx.say(&one.sentence()))
                .collect(),
            words: words(&office, ctx.language, &reasons),
            by: by.clone().unwrap_or_default(),
            at,
            grade: grade.clone(),
        };
        match state.as_str() {
            "proposed" if proposed.is_none() && present != Some(grade.as_str()) => {
                proposed = Some(change());
            }
            "set" => {
                stands = (present == Some(grade.as_str())).then(change);
                break;
            }
            _ => {}
        }
    }
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
    })
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
            let rules = rulebook(conn)?;
            let outcome = set_grade_by_hand(conn, now, &actor, &rules, root, &grade, &reason)?;
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
        Err(AppError::Refused(refusal)) if refusal.status == StatusCode::UNPROCESSABLE_ENTITY => {
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
        Err(error) => Err(error),
    }
}
