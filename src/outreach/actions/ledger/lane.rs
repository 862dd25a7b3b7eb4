//! What is known of lanes and of the relay, kept for the next process and for whoever looks.

use std::time::{Duration, Instant};

use chrono::{NaiveDateTime, TimeDelta};
use serde_json::{Value, json};

use crate::outreach::model::{LaneRow, RELAY, Trouble};
use crate::outreach::queries;
use crate::outreach::rules::lanes::{Kept, Lane};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;

/// Lanes of which something is known, by domain.
pub fn lanes(conn: &mut Conn, now: NaiveDateTime) -> AppResult<Vec<(String, Lane)>> {
    let at = Instant::now();
    let rows = queries::lanes(conn)?;
    Ok(rows
        .into_iter()
        .filter(|row| row.domain != RELAY)
        .map(|row| {
            let rests_for = row
                .paused_until
                .and_then(|until| (until - now).to_std().ok());
            let kept = Kept {
                width: row.width,
                per_connection: row.per_connection,
                per_minute: row.per_minute,
                streak: row.streak,
                rests_for,
            };
            (row.domain, Lane::kept(kept, at))
        })
        .collect())
}

/// Keeps what lanes have learned, with the last answer that made one slower.
pub fn keep_lanes(
    conn: &mut Conn,
    now: NaiveDateTime,
    news: &[(String, Kept, Option<String>)],
) -> AppResult<()> {
    for (domain, kept, why) in news {
        let row = LaneRow {
            domain: domain.clone(),
            width: kept.width,
            per_connection: kept.per_connection,
            per_minute: kept.per_minute,
            paused_until: kept.rests_for.map(|rest| later(now, rest)),
            streak: kept.streak,
            why: why
                .as_ref()
                .map(|text| json!({ "code": "slower", "text": text }).to_string()),
            changed_at: now,
        };
        queries::keep_lane(conn, &row)?;
    }
    Ok(())
}

fn later(now: NaiveDateTime, rest: Duration) -> NaiveDateTime {
    now + TimeDelta::from_std(rest).unwrap_or(TimeDelta::minutes(30))
}

/// Notes why no letter leaves at all, or that letters leave again.
pub fn note_trouble(
    conn: &mut Conn,
    now: NaiveDateTime,
    trouble: Option<(Trouble, &str)>,
) -> AppResult<()> {
    let row = LaneRow {
        domain: RELAY.into(),
        width: 0,
        per_connection: 0,
        per_minute: None,
        paused_until: None,
        streak: 0,
        why: trouble.map(|(code, text)| json!({ "code": code.code(), "text": text }).to_string()),
        changed_at: now,
    };
    Ok(queries::keep_lane(conn, &row)?)
}

/// Why no letter leaves at all, what was said, and since when; none where they leave.
pub fn trouble(conn: &mut Conn) -> AppResult<Option<(Trouble, String, NaiveDateTime)>> {
    let Some(row) = queries::lane(conn, RELAY)? else {
        return Ok(None);
    };
    let why: Value = serde_json::from_str(row.why.as_deref().unwrap_or("null"))?;
    let code = why["code"].as_str().and_then(Trouble::from_code);
    let text = why["text"].as_str().unwrap_or_default().to_owned();
    Ok(code.map(|code| (code, text, row.changed_at)))
}
