//! The letter as somebody receives it, one reader after the other, and why it goes to them.

use super::super::shown::reason;
use super::key;
use crate::outreach::actions::greetings::Sending;
use crate::outreach::model::{Mailing, MailingState};
use crate::outreach::queries;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::page::PageContext;

/// A letter and who reads it.
pub(super) struct Received {
    /// Nobody is chosen yet: it is somebody made up.
    pub name: Option<String>,
    /// The frame that shows the letter.
    pub src: String,
    /// Whose letter comes next.
    pub next: Option<String>,
    /// Why it goes to them.
    pub why: String,
}

/// The letter of the reader at a delivery, or of the first one; mailboxes whole or masked.
pub(super) fn received(
    conn: &mut Conn,
    ctx: &PageContext,
    sending: &Sending,
    (at, in_full): (i64, bool),
) -> AppResult<Received> {
    let planned = &sending.planned;
    let code = planned.greeting.letter_code();
    let made_up = Received {
        name: None,
        src: format!("/letters/{code}/preview?in={}&width=phone", ctx.lang()),
        next: None,
        why: String::new(),
    };
    let Some(mailing) = &sending.mailing else {
        return Ok(made_up);
    };
    if mailing.state() == MailingState::Cancelled {
        return Ok(made_up);
    }
    let mut found = queries::readers(conn, mailing.id, at, 2)?.into_iter();
    let Some(reader) = found.next() else {
        return Ok(made_up);
    };
    let o = key(&planned.greeting.code(), planned.on);
    let language = reader.language.unwrap_or_else(|| ctx.lang().to_owned());
    Ok(Received {
        src: format!(
            "/letters/{}/preview?in={language}&person={}&width=phone{}",
            mailing.letter_code,
            reader.person_id,
            of_version(mailing, &language)
        ),
        name: reader.name.or(reader.name_en),
        next: found
            .next()
            .map(|next| format!("/greetings?o={o}&reader={}#letter", next.delivery_id)),
        why: reason(ctx, reader.reason.as_deref(), in_full),
    })
}

/// The version that the mailing was decided under, as a part of an address.
fn of_version(mailing: &Mailing, language: &str) -> String {
    let version = mailing.letter_version(language);
    version.map_or_else(String::new, |version| format!("&version={version}"))
}
