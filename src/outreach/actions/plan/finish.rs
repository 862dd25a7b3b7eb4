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

/// Everybody is decided: the mailing gets its figures and the versions it was decided under.
pub fn finish_plan(
    conn: &mut Conn,
    now: NaiveDateTime,
    terms: &Terms,
    looked: &Looked,
) -> AppResult<()> {
    let (mailing_id, progress) = (terms.mailing.id, &looked.progress);
    let found = PlanOutcome {
        letter_versions: terms.letter_versions.clone(),
        rule_versions: terms.rule_versions.clone(),
        audience_hash: progress.digest.clone(),
        figures: progress.figures.clone(),
    };
    queries::count_domains(conn, mailing_id, &looked.domains)?;
    mailings::planned(conn, now, &Actor::system(), mailing_id, &found).map(drop)
}

/// The planning was called off or given up: it is a draft again, unless the mailing itself was called off.
pub fn give_plan_up(conn: &mut Conn, now: NaiveDateTime, mailing_id: i64) -> AppResult<()> {
    mailings::plan_failed(conn, now, &Actor::system(), mailing_id)
}
