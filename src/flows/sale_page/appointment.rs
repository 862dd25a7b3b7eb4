//! The form of an appointment with a company: what it proposes, and shown again as it was typed where it is refused.

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use chrono::{NaiveDate, NaiveDateTime, TimeDelta, TimeZone, Timelike};

use super::view;
use crate::accounts::{SignedIn, Verb};
use crate::flows::{company_access, contradictions};
use crate::platform::calendar::Calendar;
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult, Refusal};
use crate::platform::form::Pairs;
use crate::platform::i18n::Lang;
use crate::platform::page::html_with;
use crate::platform::problem;
use crate::selling::actions;
use crate::selling::pages::agenda::typed_time;
use crate::selling::pages::shown::back;

/// What stands in the form, and what is wrong with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct AppointmentForm {
    pub kind: String,
    pub day: String,
    pub time: String,
    pub note: String,
    /// The field that is wrong, and the sentence about it.
    wrong: Option<(String, String)>,
}

/// Fields that show what is wrong with them; everything else stands above the form.
const FIELDS: [&str; 4] = ["kind", "day", "time", "note"];

impl AppointmentForm {
    /// The next full hour of the office's day; in the evening, the next morning.
    pub fn proposed(office: &Calendar, now: NaiveDateTime) -> Self {
        let local = office.zone().from_utc_datetime(&now).naive_local();
        let (day, time): (NaiveDate, String) = match local.hour() {
            hour @ ..17 => (local.date(), format!("{:02}:00", (hour + 1).max(9))),
            _ => (local.date() + TimeDelta::days(1), "09:00".to_owned()),
        };
        Self {
            day: day.to_string(),
            time,
            ..Self::default()
        }
    }

    fn typed(sent: &Pairs) -> Self {
        let field = |name: &str| sent.get(name).unwrap_or_default().to_owned();
        Self {
            kind: field("kind"),
            day: field("day"),
            time: field("time"),
            note: field("note"),
            wrong: None,
        }
    }

    fn refused(self, lang: Lang, refusal: &Refusal) -> Self {
        let field = refusal.args.iter().find(|(name, _)| *name == "field");
        let field = field.map(|(_, field)| field.clone()).unwrap_or_default();
        Self {
            wrong: Some((field, problem::in_words(lang, refusal))),
            ..self
        }
    }

    /// What is wrong with a field.
    pub fn wrong(&self, field: &str) -> Option<&str> {
        let (at, said) = self.wrong.as_ref()?;
        (at == field).then_some(said.as_str())
    }

    /// What is wrong with none of the fields.
    pub fn wrong_elsewhere(&self) -> Option<&str> {
        let (at, said) = self.wrong.as_ref()?;
        (!FIELDS.contains(&at.as_str())).then_some(said.as_str())
    }
}

/// `POST /companies/{id}/appointments`.
pub(super) async fn agree(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    sent: Pairs,
) -> AppResult<HttpResponse> {
    me.require(Verb::AnswerHandovers)?;
    me.require(Verb::Sell)?;
    let (ctx, id, typed) = (me.context(), *id, AppointmentForm::typed(&sent));
    let (actor, office) = (me.actor.clone(), ctx.zone);
    let done = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            let (root, _) = company_access::open(conn, &actor, id, Verb::Sell, now)?;
            let (begins_at, minutes) = typed_time(&sent, office)?;
            let kind = sent.get("kind").unwrap_or("visit");
            let what = (kind, begins_at, minutes);
            let note = sent.get("note").unwrap_or_default();
            actions::agree(conn, now, &actor, Some(root), what, note)?;
            contradictions::after_change(conn, now, root)
        })
        .await;
    let to = format!("/companies/{id}/sale");
    let wrong = done.as_ref().err().and_then(AppError::refusal);
    let wrong = wrong.filter(|it| it.status == StatusCode::UNPROCESSABLE_ENTITY);
    let Some(wrong) = wrong else {
        return back(&ctx, &to, done.map(|()| ctx.t("sale-done-agreed")));
    };
    let typed = typed.refused(ctx.language, wrong);
    let again = db
        .read(move |conn: &mut Conn| view::build(conn, &me, id, Some(typed)))
        .await?;
    match again.is_own {
        true => html_with(StatusCode::UNPROCESSABLE_ENTITY, &again),
        // Somebody else has the company by now, and the page has no such form.
        false => back(&ctx, &to, done.map(|()| String::new())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_stands_at_its_field_and_what_was_typed_stays() {
        let typed = || AppointmentForm {
            kind: "demo".into(),
            day: "2026-09-21".into(),
            time: "14:30".into(),
            note: "线上".into(),
            wrong: None,
        };
        let refused = |field: &'static str| {
            let error = AppError::invalid("appointment_in_past", field);
            typed().refused(Lang::En, error.refusal().expect("a refusal"))
        };
        let past = refused("time");
        assert_eq!(
            (past.day.as_str(), past.note.as_str()),
            ("2026-09-21", "线上")
        );
        assert!(
            past.wrong("time")
                .is_some_and(|said| said.contains("passed"))
        );
        assert_eq!((past.wrong("day"), past.wrong_elsewhere()), (None, None));
        assert!(refused("minutes").wrong_elsewhere().is_some());
        assert_eq!(typed().wrong_elsewhere(), None);
    }
}
