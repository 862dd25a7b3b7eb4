//! People at work, a campaign, and its queue.

use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Timestamp};

use crate::accounts::{self, Account, Actor, Role, Roles};
use crate::calling::actions::create_campaign;
use crate::calling::model::{Agents, NewCampaign, ScriptInput, TeamChoice};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;

/// A working day in open hours.
pub(super) fn opening() -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2026, 9, 22)
        .and_then(|day| day.and_hms_opt(2, 0, 0))
        .unwrap_or_default()
}

/// The one campaign of a bench.
pub(super) const CAMPAIGN: i64 = 1;

/// Users of a role; those who are there already are taken.
pub(super) fn users(
    conn: &mut Conn,
    role: Role,
    many: usize,
    now: NaiveDateTime,
) -> AppResult<Vec<Actor>> {
    let mut actors = Vec::with_capacity(many);
    for n in 0..many {
        let roles: Roles = std::iter::once(role).collect();
        let email = format!("{}{n}@example.test", role.code());
        let account = Account {
            email: email.clone(),
            name: format!("{} {n}", role.code()),
            roles,
        };
        if accounts::find_user(conn, &email).is_err() {
            accounts::add_user(conn, now, &Actor::system(), &account, None)?;
        }
        actors.push(accounts::find_user(conn, &email)?.actor());
    }
    Ok(actors)
}

/// A campaign that everybody may work on.
pub(super) fn campaign(conn: &mut Conn, now: NaiveDateTime) -> AppResult<i64> {
    let new = NewCampaign {
        name: "秋季降本行动".into(),
        script: Some(ScriptInput::Text(
            "您好，我是扫街软件的小满。您这边近期有没有更换或升级系统的打算？".into(),
        )),
        agents: Agents::All,
        starts_on: None,
        ends_on: None,
        team: TeamChoice::Own,
    };
    create_campaign(conn, now, &Actor::system(), &new)
}

/// Puts the first companies that may be called into a campaign. `state` is what their entries are in, as SQL.
pub(super) fn put(
    conn: &mut Conn,
    campaign: i64,
    upto: u64,
    state: &str,
    now: NaiveDateTime,
) -> QueryResult<()> {
    diesel::sql_query(format!(
        "INSERT INTO queue_entry (campaign_id, company_id, calendar_id, state, class, score, due_at, created_at, changed_at) \
         SELECT $1, id, 1, {state}, 5, score, CASE WHEN {state} = 'waiting' THEN $2 END, $3, $4 FROM company WHERE id <= $5"
    ))
    .bind::<BigInt, _>(campaign)
    .bind::<Timestamp, _>(now + TimeDelta::days(1))
    .bind::<Timestamp, _>(now)
    .bind::<Timestamp, _>(now)
    .bind::<BigInt, _>(i64::try_from(upto).unwrap_or(i64::MAX))
    .execute(conn)?;
    Ok(())
}

/// What a server does by itself in quiet moments.
pub(super) fn refresh_statistics(conn: &mut Conn) -> QueryResult<()> {
    match conn {
        Conn::Postgres(conn) => conn.batch_execute("VACUUM (ANALYZE)"),
        Conn::Sqlite(_) => Ok(()),
    }
}
