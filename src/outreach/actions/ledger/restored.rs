//! After an archive took the place of the data: what was going out then may have arrived since.

use std::collections::HashMap;

use chrono::{NaiveDateTime, TimeDelta};

use super::recover::{expired_claims, left_behind};
use crate::accounts::Actor;
use crate::outreach::actions::mailings;
use crate::outreach::model::PauseReason;
use crate::outreach::queries;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;

/// No claim lives as long.
const EVERY_CLAIM: TimeDelta = TimeDelta::days(36_500);

/// Whatever was in a worker's hands is of unknown fate, and every mailing that ran is held until a person has looked:
/// letters that the archive calls waiting may have left after it was written. So may those of a greeting that nobody had
/// approved yet: if its morning has begun, it goes only when somebody says so. What a program approved before everybody
/// was decided may have gone as well, and is not approved any more.
pub fn after_restore(conn: &mut Conn, now: NaiveDateTime) -> AppResult<()> {
    for claim in expired_claims(conn, now + EVERY_CLAIM)? {
        left_behind(conn, now, claim.id, &HashMap::new(), false)?;
    }
    for id in queries::running_mailings(conn)? {
        mailings::pause(conn, now, &Actor::system(), id, &PauseReason::Restored)?;
    }
    queries::go_only_when_asked(conn, now)?;
    queries::approve_none_beforehand(conn)?;
    Ok(())
}
