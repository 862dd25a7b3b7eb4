//! The end of a planning: what was found is kept with the mailing.

use chrono::NaiveDateTime;

use super::run::Looked;
use super::terms::Terms;
use crate::accounts::Actor;
use crate::outreach::actions::mailings;
use crate::outreach::model::PlanOutcome;
use crate::outreach::queries;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;

/// Everybody is decided: the mailing gets its figures and the versions it was decided under. False where letters have
/// moved since it was looked at: then nothing is written, and it has to be looked at again.
pub fn finish_plan(
    conn: &mut Conn,
    now: NaiveDateTime,
    terms: &Terms,
    looked: &Looked,
) -> AppResult<bool> {
    let (mailing_id, progress) = (terms.mailing.id, &looked.progress);
    if !queries::count_domains(conn, mailing_id, &looked.domains)? {
        return Ok(false);
    }
    let found = PlanOutcome {
        letter_versions: terms.letter_versions.clone(),
        rule_versions: terms.rule_versions.clone(),
        audience_hash: progress.digest.clone(),
        figures: progress.figures.clone(),
    };
    mailings::planned(conn, now, &Actor::system(), mailing_id, &found)?;
    Ok(true)
}

/// The planning was called off or given up: it is a draft again, unless the mailing itself was called off.
pub fn give_plan_up(conn: &mut Conn, now: NaiveDateTime, mailing_id: i64) -> AppResult<()> {
    mailings::plan_failed(conn, now, &Actor::system(), mailing_id)
}
