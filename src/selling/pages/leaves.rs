//! Leave and deputies, as the page of territories lists and changes them.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use chrono::NaiveDate;

use super::shown::back;
use super::territories::{Query, build};
use crate::accounts::{SignedIn, Verb, Whose, user_names};
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult, Refusal};
use crate::platform::form::Pairs;
use crate::platform::page::{PageContext, html_with};
use crate::platform::problem;
use crate::selling::actions::{self, book};
use crate::selling::queries;

/// Somebody who is on leave, or will be.
pub(super) struct LeaveView {
    pub id: i64,
    pub text: String,
}

/// What stands in the form of a leave: nothing, or what was typed and refused.
#[derive(Default)]
pub(super) struct LeaveForm {
    pub user: i64,
    pub deputy: i64,
    pub from_on: String,
    pub to_on: String,
    /// The field that is wrong, and why.
    error: Option<(String, String)>,
}

impl LeaveForm {
    fn typed(sent: &Pairs) -> Self {
        let text = |name: &str| sent.get(name).unwrap_or_default().to_owned();
        Self {
            user: number(sent, "user").unwrap_or(0),
            deputy: number(sent, "deputy").unwrap_or(0),
            from_on: text("from_on"),
            to_on: text("to_on"),
            error: None,
        }
    }

    fn refused(self, ctx: &PageContext, refusal: &Refusal) -> Self {
        let field = refusal.args.iter().find(|(name, _)| *name == "field");
        let field = field.map(|(_, field)| field.clone()).unwrap_or_default();
        Self {
            error: Some((field, problem::in_words(ctx.language, refusal))),
            ..self
        }
    }

    /// It was refused, and is open.
    pub fn is_refused(&self) -> bool {
        self.error.is_some()
    }

    /// The sentence of the field that is wrong.
    pub fn wrong(&self, field: &str) -> Option<String> {
        let (wrong, text) = self.error.as_ref()?;
        (wrong == field).then(|| text.clone())
    }

    fn days(&self) -> AppResult<(NaiveDate, NaiveDate)> {
        let day = |text: &str, field| {
            let read = text.parse::<NaiveDate>();
            read.map_err(|_| AppError::invalid("day_unreadable", field))
        };
        Ok((day(&self.from_on, "from_on")?, day(&self.to_on, "to_on")?))
    }
}

fn number(sent: &Pairs, name: &str) -> Option<i64> {
    sent.get(name)?.parse().ok()
}

/// Everybody of these whose leave is not over.
pub(super) fn leaves(
    conn: &mut Conn,
    ctx: &PageContext,
    whose: &Whose,
) -> AppResult<Vec<LeaveView>> {
    let book = book(conn)?;
    let mut found = queries::absences(conn, book.today(ctx.now))?;
    found.retain(|absence| whose.includes(absence.user_id));
    let ids: Vec<i64> = found
        .iter()
        .flat_map(|a| [Some(a.user_id), a.deputy_id])
        .flatten()
        .collect();
    let names = user_names(conn, &ids)?;
    let name = |id: i64| names.get(&id).cloned().unwrap_or_default();
    Ok(found
        .iter()
        .map(|a| {
            let days = ctx.t2(
                "territory-days",
                "from",
                ctx.date(&a.from_on),
                "to",
                ctx.date(&a.to_on),
            );
            LeaveView {
                id: a.id,
                text: match a.deputy_id {
                    Some(deputy) => ctx.t3(
                        "territory-leave-deputy",
                        "name",
                        name(a.user_id),
                        "days",
                        days,
                        "deputy",
                        name(deputy),
                    ),
                    None => ctx.t2("territory-leave", "name", name(a.user_id), "days", days),
                },
            }
        })
        .collect())
}

/// `POST /territories/leave`: somebody goes on leave, or is back.
pub(super) async fn leave(me: SignedIn, db: web::Data<Db>, sent: Pairs) -> AppResult<HttpResponse> {
    me.require(Verb::EditTerritories)?;
    let (ctx, actor) = (me.context(), me.actor.clone());
    let (ended, typed) = (number(&sent, "end"), LeaveForm::typed(&sent));
    let (user, deputy) = (typed.user, number(&sent, "deputy"));
    let days = typed.days();
    let done = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            if let Some(id) = ended {
                return actions::call_back_from_leave(conn, now, &actor, id);
            }
            actions::send_on_leave(conn, now, &actor, user, deputy, days?).map(|_| ())
        })
        .await;
    match done {
        Err(error) if ended.is_none() => {
            let again = typed.refused(&ctx, &error.of_form()?);
            let page = db
                .read(move |conn| build(conn, &me, &Query::default(), again))
                .await?;
            html_with(StatusCode::UNPROCESSABLE_ENTITY, &page)
        }
        other => {
            let text = ctx.t("territory-done-leave");
            back(&ctx, "/territories", other.map(|()| text))
        }
    }
}
