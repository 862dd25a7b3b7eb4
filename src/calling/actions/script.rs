//! Scripts on their own: a new version is what agents read from the next call on, in every open campaign that uses it.

use chrono::NaiveDateTime;

use super::campaign::{check_steps, checked_name};
use crate::accounts::Actor;
use crate::calling::model::{Script, Step};
use crate::calling::queries::{self, script as more};
use crate::calling::rules::script::is_readable;
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::platform::log::{Change, changed};

/// Longest script as JSON.
const LONGEST: usize = 100_000;

/// The newest version of one script.
pub fn script(conn: &mut Conn, id: i64) -> AppResult<Script> {
    queries::script_version(conn, id, None)?.ok_or_else(AppError::not_found)
}

/// The last versions of a script, newest first: version, who, when.
pub fn script_versions(
    conn: &mut Conn,
    id: i64,
) -> AppResult<Vec<(i32, Option<String>, NaiveDateTime)>> {
    Ok(more::versions(conn, id)?)
}

/// Open campaigns by the script they use: script, name of the campaign.
pub fn scripts_in_use(conn: &mut Conn) -> AppResult<Vec<(i64, String)>> {
    Ok(more::used_by(conn)?)
}

/// Stores a new script, or the next version of one. `seen` is the version that the person edited, 0 for a new script.
pub fn save_script(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    id: Option<i64>,
    seen: i32,
    name: &str,
    steps: &[Step],
) -> AppResult<i64> {
    let name = checked_name(name)?;
    if steps.is_empty() || steps.iter().all(|step| step.say.trim().is_empty()) {
        return Err(AppError::invalid("script_empty", "steps"));
    }
    check_steps(steps)?;
    let mut tests = steps.iter().flat_map(|step| &step.next);
    if let Some(branch) = tests.find(|branch| !is_readable(&branch.when)) {
        return Err(AppError::invalid("script_when_wrong", "steps").with("when", &branch.when));
    }
    let text = serde_json::to_string(steps)?;
    if text.len() > LONGEST {
        return Err(AppError::invalid("script_too_long", "steps"));
    }
    queries::lock_scripts(conn)?;
    if let Some(id) = id
        && script(conn, id)?.version != seen
    {
        return Err(AppError::conflict("setting_changed"));
    }
    let (id, version) = queries::insert_script(conn, id, &name, &text, actor.user_id, now)?;
    more::follow(conn, id, version)?;
    changed(
        conn,
        &Change {
            at: now,
            actor_id: actor.user_id,
            verb: "edit",
            object_kind: "script",
            object_id: Some(id),
            n: 1,
            ..Change::default()
        },
    )?;
    Ok(id)
}
