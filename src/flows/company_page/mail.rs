//! The last letters to the people of a company, and those that were not sent, each with its reason.

use crate::accounts::Actor;
use crate::outreach::actions::history::{LetterTo, letters_to_companies};
use crate::outreach::pages::shown::{reason, standing};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::page::PageContext;

/// So many are shown; the rest stands on the page of each person.
const LINES: i64 = 6;

/// One letter, or one that was not sent.
pub(super) struct MailLine {
    pub person_id: i64,
    pub person: String,
    pub mailing: String,
    pub state_kind: &'static str,
    pub state: String,
    pub at: String,
    pub why: String,
}

/// The last letters to a group; mailboxes whole or masked.
pub(super) fn mail(
    conn: &mut Conn,
    ctx: &PageContext,
    actor: &Actor,
    group: &[i64],
    in_full: bool,
) -> AppResult<Vec<MailLine>> {
    let found = letters_to_companies(conn, actor, ctx.language, group, LINES)?;
    Ok(found
        .into_iter()
        .map(|one| line(ctx, one, in_full))
        .collect())
}

fn line(ctx: &PageContext, one: LetterTo, in_full: bool) -> MailLine {
    let LetterTo {
        delivery,
        person_id,
        person,
        mailing,
        stop,
    } = one;
    let (state_kind, state) = standing(ctx, &delivery, stop.is_some());
    let stored = stop.as_deref().or(delivery.reason.as_deref());
    MailLine {
        person_id,
        person: person.unwrap_or_else(|| ctx.t("mail-person-unnamed")),
        mailing: mailing.unwrap_or_else(|| ctx.t("mail-of-others")),
        state_kind,
        state,
        at: ctx.datetime(&delivery.sent_at.unwrap_or(delivery.changed_at)),
        why: reason(ctx, stored, in_full),
    }
}
