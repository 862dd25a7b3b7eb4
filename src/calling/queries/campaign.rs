//! SQL of campaigns, their people and scripts.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::calling::model::{Campaign, CampaignState, NewCampaignRow, Script};
use crate::platform::db::Conn;
use crate::schema::{campaign, campaign_agent, script, users};

pub(in crate::calling) fn insert_campaign(
    conn: &mut Conn,
    new: &NewCampaignRow<'_>,
) -> QueryResult<i64> {
    diesel::insert_into(campaign::table)
        .values(new)
        .returning(campaign::id)
        .get_result(conn)
}

pub(in crate::calling) fn campaign_by_id(
    conn: &mut Conn,
    id: i64,
) -> QueryResult<Option<Campaign>> {
    campaign::table
        .find(id)
        .select(Campaign::as_select())
        .get_result(conn)
        .optional()
}

/// All campaigns, running ones first, the newest first among them.
pub(in crate::calling) fn campaigns(conn: &mut Conn) -> QueryResult<Vec<Campaign>> {
    let mut all: Vec<Campaign> = campaign::table
        .select(Campaign::as_select())
        .order(campaign::id.desc())
        .load(conn)?;
    let rank = |c: &Campaign| {
        CampaignState::ALL
            .iter()
            .position(|s| s.code() == c.state)
            .unwrap_or(9)
    };
    all.sort_by_key(rank);
    Ok(all)
}

pub(in crate::calling) fn update_campaign(conn: &mut Conn, to: &Campaign) -> QueryResult<()> {
    diesel::update(campaign::table.find(to.id))
        .set((
            campaign::name.eq(&to.name),
            campaign::state.eq(&to.state),
            campaign::script_id.eq(to.script_id),
            campaign::script_version.eq(to.script_version),
            campaign::team_id.eq(to.team_id),
            campaign::all_agents.eq(to.all_agents),
            campaign::starts_on.eq(to.starts_on),
            campaign::ends_on.eq(to.ends_on),
        ))
        .execute(conn)
        .map(|_| ())
}

pub(in crate::calling) fn set_figures(conn: &mut Conn, id: i64, figures: &str) -> QueryResult<()> {
    diesel::update(campaign::table.find(id))
        .set(campaign::figures.eq(Some(figures)))
        .execute(conn)
        .map(|_| ())
}

/// Replaces who is named.
pub(in crate::calling) fn name_agents(
    conn: &mut Conn,
    campaign_id: i64,
    agents: &[i64],
) -> QueryResult<()> {
    diesel::delete(campaign_agent::table.filter(campaign_agent::campaign_id.eq(campaign_id)))
        .execute(conn)?;
    for user_id in agents {
        diesel::insert_into(campaign_agent::table)
            .values((
                campaign_agent::campaign_id.eq(campaign_id),
                campaign_agent::user_id.eq(user_id),
            ))
            .execute(conn)?;
    }
    Ok(())
}

pub(in crate::calling) fn named_agents(
    conn: &mut Conn,
    campaign_id: i64,
) -> QueryResult<Vec<(i64, String)>> {
    campaign_agent::table
        .inner_join(users::table.on(users::id.eq(campaign_agent::user_id)))
        .filter(campaign_agent::campaign_id.eq(campaign_id))
        .select((users::id, users::name))
        .order(users::id)
        .load(conn)
}

pub(in crate::calling) fn is_named(
    conn: &mut Conn,
    campaign_id: i64,
    user_id: i64,
) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(
        campaign_agent::table.find((campaign_id, user_id)),
    ))
    .get_result(conn)
}

/// The campaigns in which a user is named or everybody may call.
pub(in crate::calling) fn campaigns_of(
    conn: &mut Conn,
    user_id: i64,
) -> QueryResult<Vec<Campaign>> {
    let team: Option<i64> = users::table
        .find(user_id)
        .select(users::team_id)
        .first(conn)
        .optional()?
        .flatten();
    let named: Vec<i64> = campaign_agent::table
        .filter(campaign_agent::user_id.eq(user_id))
        .select(campaign_agent::campaign_id)
        .load(conn)?;
    let mut running: Vec<Campaign> = campaign::table
        .filter(campaign::state.eq("running"))
        .select(Campaign::as_select())
        .order(campaign::id.desc())
        .load(conn)?;
    running.retain(|c| c.all_agents && c.team_id == team || named.contains(&c.id));
    Ok(running)
}

/// How many of `ids` are users who are not switched off.
pub(in crate::calling) fn live_users(conn: &mut Conn, ids: &[i64]) -> QueryResult<i64> {
    users::table
        .filter(users::id.eq_any(ids.to_vec()))
        .filter(users::disabled_at.is_null())
        .count()
        .get_result(conn)
}

pub(in crate::calling) fn insert_script(
    conn: &mut Conn,
    id: Option<i64>,
    name: &str,
    steps: &str,
    actor_id: Option<i64>,
    now: NaiveDateTime,
) -> QueryResult<(i64, i32)> {
    let (id, version) = match id {
        Some(id) => {
            let last = script::table
                .filter(script::id.eq(id))
                .select(diesel::dsl::max(script::version))
                .get_result::<Option<i32>>(conn)?;
            (id, last.unwrap_or(0) + 1)
        }
        None => {
            let last = script::table
                .select(diesel::dsl::max(script::id))
                .get_result::<Option<i64>>(conn)?;
            (last.unwrap_or(0) + 1, 1)
        }
    };
    diesel::insert_into(script::table)
        .values((
            script::id.eq(id),
            script::version.eq(version),
            script::name.eq(name),
            script::steps.eq(steps),
            script::actor_id.eq(actor_id),
            script::at.eq(now),
        ))
        .execute(conn)?;
    Ok((id, version))
}

pub(in crate::calling) fn script_version(
    conn: &mut Conn,
    id: i64,
    version: Option<i32>,
) -> QueryResult<Option<Script>> {
    let mut found = script::table
        .filter(script::id.eq(id))
        .order(script::version.desc())
        .select(Script::as_select())
        .into_boxed();
    if let Some(version) = version {
        found = found.filter(script::version.eq(version));
    }
    found.first(conn).optional()
}

/// The newest version of every script.
pub(in crate::calling) fn scripts(conn: &mut Conn) -> QueryResult<Vec<Script>> {
    let mut all: Vec<Script> = script::table
        .order((script::id.desc(), script::version.desc()))
        .select(Script::as_select())
        .load(conn)?;
    all.dedup_by_key(|s| s.id);
    Ok(all)
}

/// Ids are drawn by looking at the last one, so whoever draws waits for the one before.
pub(in crate::calling) fn lock_scripts(conn: &mut Conn) -> QueryResult<()> {
    match conn {
        Conn::Postgres(_) => diesel::sql_query("LOCK TABLE script IN SHARE ROW EXCLUSIVE MODE")
            .execute(conn)
            .map(|_| ()),
        Conn::Sqlite(_) => Ok(()),
    }
}
