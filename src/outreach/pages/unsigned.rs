//! What the office has not said about itself and every letter should: told before anything goes, to whoever looks.

use crate::accounts::{Actor, Object, Verb, may};
use crate::outreach::rules::letter::gaps;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::office;
use crate::platform::page::PageContext;

/// What the law wants to know of a sender, and letters do not say yet.
pub(super) struct Unsigned {
    pub text: String,
    /// Whoever looks can enter it; anybody else asks an administrator.
    pub may_enter: bool,
}

/// What is missing; none where nothing is.
pub(super) fn unsigned(
    conn: &mut Conn,
    ctx: &PageContext,
    actor: &Actor,
) -> AppResult<Option<Unsigned>> {
    let gaps = gaps(&office::load(conn)?);
    let names: Vec<String> = gaps
        .iter()
        .map(|gap| ctx.code("mailing-unsigned", gap))
        .collect();
    Ok((!names.is_empty()).then(|| Unsigned {
        text: ctx.t1("mailing-unsigned", "what", names.join(" · ")),
        may_enter: may(actor, Verb::EditOffice, Object::Any),
    }))
}
