//! Leave and deputies, as the page of territories lists and changes them.

use actix_web::{HttpResponse, web};

use super::shown::back;
use crate::accounts::{SignedIn, Verb, Whose, user_names};
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Pairs;
use crate::platform::page::PageContext;
use crate::selling::actions::{self, book};
use crate::selling::queries;

/// Somebody who is on leave, or will be.
pub(super) struct LeaveView {
    pub id: i64,
    pub text: String,
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
    let ctx = me.context();
    let number = |name: &str| sent.get(name).and_then(|text| text.parse::<i64>().ok());
    let day = |name: &str| sent.get(name).and_then(|text| text.parse().ok());
    let (ended, user, deputy) = (number("end"), number("user"), number("deputy"));
    let days = (day("from_on"), day("to_on"));
    let done = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            if let Some(id) = ended {
                return actions::call_back_from_leave(conn, now, &me.actor, id);
            }
            let (Some(from), Some(to)) = days else {
                return Err(AppError::invalid("absence_ends_before_start", "from_on"));
            };
            let user = user.unwrap_or(0);
            actions::send_on_leave(conn, now, &me.actor, user, deputy, (from, to))?;
            Ok(())
        })
        .await;
    let text = ctx.t("territory-done-leave");
    back(&ctx, "/territories", done.map(|()| text))
}
