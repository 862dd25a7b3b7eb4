//! Which letter a mailing goes with: the usual one, or one of the office's own.

use actix_web::{HttpResponse, web};
use serde::Deserialize;

use super::moves::act;
use crate::accounts::SignedIn;
use crate::outreach::actions::letters::{self, LetterText};
use crate::outreach::actions::mailings;
use crate::outreach::model::{Mailing, MailingEdit};
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Form;
use crate::platform::i18n::Lang;

/// A letter that a mailing may go with.
pub(super) struct OfferedLetter {
    pub code: String,
    pub name: String,
    pub is_chosen: bool,
}

/// The letters that a mailing may go with: the usual one of its kind, the office's own, and the one it has.
pub(super) fn offered(
    conn: &mut Conn,
    lang: Lang,
    mailing: &Mailing,
) -> AppResult<Vec<OfferedLetter>> {
    let fits =
        |letter: &LetterText| letters::fits(letter, mailing.kind(), mailing.occasion.as_deref());
    let mut all: Vec<LetterText> = letters::letters(conn, lang)?
        .into_iter()
        .map(|(letter, _)| letter)
        .collect();
    all.retain(fits);
    if !all.iter().any(|letter| letter.code == mailing.letter_code) {
        all.insert(0, letters::newest(conn, &mailing.letter_code, lang)?);
    }
    let offer = |letter: LetterText| OfferedLetter {
        is_chosen: letter.code == mailing.letter_code,
        code: letter.code,
        name: letter.name,
    };
    Ok(all.into_iter().map(offer).collect())
}

/// The letter that was chosen.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Chosen {
    letter: String,
}

/// `POST /mailings/{id}/letter`: keeps it, and asks at once who is in; another letter names other fields.
pub(super) async fn choose(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    form: Form<Chosen>,
) -> AppResult<HttpResponse> {
    let (id, code, lang) = (id.into_inner(), form.0.letter, me.lang());
    act(
        me,
        db,
        format!("/mailings/{id}"),
        move |conn, now, actor| {
            let mailing = mailings::editable_mailing(conn, actor, id)?;
            let offered = offered(conn, lang, &mailing)?;
            if !offered.iter().any(|letter| letter.code == code) {
                return Err(AppError::invalid("mailing_letter_unfit", "letter"));
            }
            let edit = MailingEdit {
                letter_code: Some(code),
                ..MailingEdit::default()
            };
            mailings::edit(conn, now, actor, id, &edit)?;
            mailings::ask_plan(conn, now, actor, id)?;
            Ok("mailing-done-plan")
        },
    )
    .await
}
