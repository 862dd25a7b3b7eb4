//! The end of a planning: what was found is kept with the mailing.

use chrono::NaiveDateTime;

use super::run::Progress;
use super::terms::Terms;
use crate::outreach::model::MailingState;
use crate::outreach::queries::audience as queries;
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::platform::log::{Change, changed};

/// Everybody is decided: the mailing waits for an approval, with its figures and the versions it was decided under.
pub fn finish_plan(
    conn: &mut Conn,
    now: NaiveDateTime,
    terms: &Terms,
    progress: &Progress,
) -> AppResult<()> {
    let found = queries::Planned {
        letter_versions: serde_json::to_string(&terms.letter_versions)?,
        rule_versions: serde_json::to_string(&terms.rule_versions)?,
        audience_hash: progress.digest.clone(),
        figures: serde_json::to_string(&progress.figures)?,
    };
    if !queries::set_planned(conn, terms.mailing.id, &found, now)? {
        return Err(AppError::conflict("mailing_state"));
    }
    log(conn, now, terms.mailing.id, "planned")
}

/// The planning was called off or given up: it is a draft again, unless the mailing itself was called off.
pub fn give_plan_up(conn: &mut Conn, now: NaiveDateTime, mailing_id: i64) -> AppResult<()> {
    if queries::set_state(
        conn,
        mailing_id,
        MailingState::Planning,
        MailingState::Draft,
        now,
    )? {
        log(conn, now, mailing_id, "plan_failed")?;
    }
    Ok(())
}

fn log(conn: &mut Conn, now: NaiveDateTime, mailing_id: i64, verb: &'static str) -> AppResult<()> {
    let change = Change {
        at: now,
        verb,
        object_kind: "mailing",
        object_id: Some(mailing_id),
        n: 1,
        ..Change::default()
    };
    Ok(changed(conn, &change)?)
}
