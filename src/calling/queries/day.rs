//! Reads of Today: call-backs, tasks, calls without a result, an agent's own calls, and the list of a campaign.

use chrono::NaiveDateTime;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::accounts::Whose;
use crate::calling::model::{Callback, EntryState, QueueEntry, Task};
use crate::platform::db::Conn;
use crate::schema::{
    batch, call, call_result, callback, campaign, company, job, lease, person, queue_entry, source,
    task, users,
};

/// Names of companies or persons, by id.
pub(crate) fn company_names(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<(i64, String)>> {
    company::table
        .filter(company::id.eq_any(ids.to_vec()))
        .select((company::id, company::name))
        .load(conn)
}

pub(crate) fn person_names(
    conn: &mut Conn,
    ids: &[i64],
) -> QueryResult<Vec<(i64, Option<String>)>> {
    person::table
        .filter(person::id.eq_any(ids.to_vec()))
        .select((person::id, person::name))
        .load(conn)
}

pub(crate) fn campaign_names(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<(i64, String)>> {
    campaign::table
        .filter(campaign::id.eq_any(ids.to_vec()))
        .select((campaign::id, campaign::name))
        .load(conn)
}

/// Open call-backs of an agent up to an instant, the earliest first.
pub(crate) fn callbacks_of(
    conn: &mut Conn,
    agent_id: i64,
    until: NaiveDateTime,
) -> QueryResult<Vec<Callback>> {
    callback::table
        .filter(callback::state.eq("open"))
        .filter(callback::owner_id.eq(agent_id))
        .filter(callback::due_at.lt(until))
        .select(Callback::as_select())
        .order(callback::due_at)
        .limit(50)
        .load(conn)
}

/// Open tasks of a user, and those that nobody of the team has; a task of no team is everybody's.
pub(crate) fn tasks_of(
    conn: &mut Conn,
    user_id: i64,
    of_team: Option<Option<i64>>,
    limit: i64,
) -> QueryResult<Vec<Task>> {
    let mut tasks = task::table
        .filter(task::state.eq("open"))
        .filter(task::user_id.eq(user_id))
        .select(Task::as_select())
        .order((task::due_at, task::id))
        .limit(limit)
        .load(conn)?;
    if let Some(team_id) = of_team {
        let team: Vec<Task> = task::table
            .filter(task::state.eq("open"))
            .filter(task::user_id.is_null())
            .filter(task::team_id.is_null().or(task::team_id.eq(team_id)))
            .select(Task::as_select())
            .order((task::due_at, task::id))
            .limit(limit)
            .load(conn)?;
        tasks.extend(team);
        tasks.sort_by_key(|t| (t.due_at.unwrap_or(NaiveDateTime::MAX), t.id));
    }
    Ok(tasks)
}

pub(crate) fn task_by_id(conn: &mut Conn, id: i64) -> QueryResult<Option<Task>> {
    task::table
        .find(id)
        .select(Task::as_select())
        .first(conn)
        .optional()
}

/// Replaces what was said about a task.
pub(crate) fn keep_task_body(conn: &mut Conn, id: i64, body: &str) -> QueryResult<()> {
    diesel::update(task::table.find(id))
        .set(task::body.eq(Some(body)))
        .execute(conn)
        .map(|_| ())
}

/// A dialled lease without a result.
#[derive(Debug, Clone, Queryable)]
pub(crate) struct Hanging {
    pub campaign_id: i64,
    pub agent_id: i64,
    pub agent: String,
    pub company: Option<String>,
    pub person: Option<String>,
    pub dialled_at: Option<NaiveDateTime>,
}

/// Leases of these agents that wait for their result.
pub(crate) fn hanging(conn: &mut Conn, whose: &Whose) -> QueryResult<Vec<Hanging>> {
    lease::table
        .inner_join(users::table.on(users::id.eq(lease::agent_id)))
        .left_join(company::table.on(company::id.nullable().eq(lease::company_id)))
        .left_join(person::table.on(person::id.nullable().eq(lease::person_id)))
        .filter(lease::state.eq("needs_outcome"))
        .filter(sql::<Bool>(&whose.condition("lease.agent_id")))
        .select((
            lease::campaign_id,
            lease::agent_id,
            users::name,
            company::name.nullable(),
            person::name.nullable(),
            lease::dialled_at,
        ))
        .order(lease::expires_at)
        .limit(50)
        .load(conn)
}

/// A call as its agent sees it in the own history.
#[derive(Debug, Clone, Queryable)]
pub(crate) struct OwnCall {
    pub id: i64,
    pub at: NaiveDateTime,
    pub direction: String,
    pub company_id: Option<i64>,
    pub company: Option<String>,
    pub person: Option<String>,
}

/// The newest result of a call.
#[derive(Debug, Clone, Queryable)]
pub(crate) struct NewestResult {
    pub call_id: i64,
    pub disposition: Option<String>,
    pub note: Option<String>,
    pub next_attempt_at: Option<NaiveDateTime>,
    pub at: NaiveDateTime,
    pub undone_at: Option<NaiveDateTime>,
}

/// Calls of an agent, newest first, before a call (keyset).
pub(crate) fn own_calls(
    conn: &mut Conn,
    agent_id: i64,
    before: Option<(NaiveDateTime, i64)>,
    limit: i64,
) -> QueryResult<Vec<OwnCall>> {
    let calls = call::table
        .left_join(company::table.on(company::id.nullable().eq(call::company_id)))
        .left_join(person::table.on(person::id.nullable().eq(call::person_id)))
        .filter(call::agent_id.eq(agent_id))
        .select((
            call::id,
            call::dialled_at,
            call::direction,
            call::company_id,
            company::name.nullable(),
            person::name.nullable(),
        ))
        .order((call::dialled_at.desc(), call::id.desc()))
        .limit(limit);
    match before {
        None => calls.load(conn),
        Some((at, id)) => calls
            .filter(
                call::dialled_at
                    .lt(at)
                    .or(call::dialled_at.eq(at).and(call::id.lt(id))),
            )
            .load(conn),
    }
}

/// The newest results of calls.
pub(crate) fn newest_results(conn: &mut Conn, calls: &[i64]) -> QueryResult<Vec<NewestResult>> {
    let mut rows: Vec<NewestResult> = call_result::table
        .filter(call_result::call_id.eq_any(calls.to_vec()))
        .select((
            call_result::call_id,
            call_result::disposition,
            call_result::note,
            call_result::next_attempt_at,
            call_result::at,
            call_result::undone_at,
        ))
        .order((call_result::call_id, call_result::version.desc()))
        .load(conn)?;
    rows.dedup_by_key(|row| row.call_id);
    Ok(rows)
}

/// Dials and calls that reached somebody, by campaign, since an instant.
pub(crate) fn campaign_day(
    conn: &mut Conn,
    campaigns: &[i64],
    from: NaiveDateTime,
) -> QueryResult<Vec<(i64, i64, i64)>> {
    let rows: Vec<(Option<i64>, Option<bool>, i64)> = call::table
        .filter(call::campaign_id.eq_any(campaigns.iter().copied().map(Some).collect::<Vec<_>>()))
        .filter(call::dialled_at.ge(from))
        .group_by((call::campaign_id, call::reached))
        .select((call::campaign_id, call::reached, diesel::dsl::count_star()))
        .load(conn)?;
    let mut days: Vec<(i64, i64, i64)> = Vec::new();
    for (campaign, reached, n) in rows {
        let Some(campaign) = campaign else { continue };
        let hits = if reached == Some(true) { n } else { 0 };
        match days.iter_mut().find(|day| day.0 == campaign) {
            Some(day) => {
                day.1 += n;
                day.2 += hits;
            }
            None => days.push((campaign, n, hits)),
        }
    }
    Ok(days)
}

/// Entries of a campaign in the order of their ids, after an id (keyset), in some states.
///
/// Each state is read by itself, since an index leads to it: all states at once would be sorted.
pub(crate) fn entries_page(
    conn: &mut Conn,
    campaign_id: i64,
    states: &[EntryState],
    after: i64,
    limit: usize,
) -> QueryResult<Vec<QueueEntry>> {
    let mut entries = Vec::new();
    for state in states {
        let mut of_state: Vec<QueueEntry> = queue_entry::table
            .filter(queue_entry::campaign_id.eq(campaign_id))
            .filter(queue_entry::state.eq(state.code()))
            .filter(queue_entry::id.gt(after))
            .select(QueueEntry::as_select())
            .order(queue_entry::id)
            .limit(i64::try_from(limit).unwrap_or(i64::MAX))
            .load(conn)?;
        entries.append(&mut of_state);
    }
    entries.sort_by_key(|entry| entry.id);
    entries.truncate(limit);
    Ok(entries)
}

/// Who has the live lease of each of these entries.
pub(crate) fn holders(conn: &mut Conn, entries: &[i64]) -> QueryResult<Vec<(i64, String)>> {
    lease::table
        .inner_join(users::table.on(users::id.eq(lease::agent_id)))
        .filter(lease::entry_id.eq_any(entries.to_vec()))
        .filter(lease::ended_at.is_null())
        .select((lease::entry_id, users::name))
        .load(conn)
}

/// The disposition of the last call of entries.
pub(crate) fn last_dispositions(
    conn: &mut Conn,
    calls: &[i64],
) -> QueryResult<Vec<(i64, Option<String>)>> {
    call::table
        .filter(call::id.eq_any(calls.to_vec()))
        .select((call::id, call::disposition))
        .load(conn)
}

/// Somebody who calls.
#[derive(Debug, Clone, Queryable)]
pub(crate) struct Caller {
    pub id: i64,
    pub name: String,
    pub roles: i32,
    pub team_id: Option<i64>,
}

/// People who call and are not switched off: `agent_bit` is the bit of the role.
pub(crate) fn agents(conn: &mut Conn, agent_bit: i32) -> QueryResult<Vec<Caller>> {
    let mut people: Vec<Caller> = users::table
        .filter(users::disabled_at.is_null())
        .select((users::id, users::name, users::roles, users::team_id))
        .order(users::id)
        .load(conn)?;
    people.retain(|person| person.roles & agent_bit != 0);
    Ok(people)
}

/// Lists that brought companies: id, channel, name; the newest first.
pub(crate) fn sources(conn: &mut Conn) -> QueryResult<Vec<(i64, String, String)>> {
    source::table
        .filter(source::kind.eq("leads"))
        .select((source::id, source::channel, source::name))
        .order(source::id.desc())
        .limit(300)
        .load(conn)
}

/// The job that fills a campaign now: id, done, total.
pub(crate) fn fill_job(
    conn: &mut Conn,
    kind: &str,
    campaign_id: i64,
) -> QueryResult<Option<(i64, i64, Option<i64>)>> {
    job::table
        .filter(job::kind.eq(kind))
        .filter(job::state.eq_any(["queued", "running"]))
        .filter(job::dedup_key.eq(format!("campaign:{campaign_id}")))
        .select((job::id, job::done, job::total))
        .first(conn)
        .optional()
}

/// Imports that are not over: id, file name, state, done and total rows.
pub(crate) fn open_imports(
    conn: &mut Conn,
) -> QueryResult<Vec<(i64, String, String, Option<i64>, Option<i64>)>> {
    batch::table
        .left_join(job::table.on(job::id.nullable().eq(batch::job_id)))
        .filter(batch::finished_at.is_null())
        .filter(batch::undone_at.is_null())
        .filter(batch::state.ne("cancelled"))
        .select((
            batch::id,
            batch::file_name,
            batch::state,
            job::done.nullable(),
            job::total.nullable(),
        ))
        .order(batch::id.desc())
        .limit(10)
        .load(conn)
}

/// Jobs that failed and were not tried again since an instant.
pub(crate) fn failed_jobs(conn: &mut Conn, since: NaiveDateTime) -> QueryResult<i64> {
    job::table
        .filter(job::state.eq("failed"))
        .filter(job::created_at.ge(since))
        .count()
        .get_result(conn)
}

/// Exhausted entries are ready again, as if nobody had called; says how many.
pub(crate) fn recycle(conn: &mut Conn, campaign_id: i64, now: NaiveDateTime) -> QueryResult<usize> {
    let exhausted = queue_entry::table
        .filter(queue_entry::campaign_id.eq(campaign_id))
        .filter(queue_entry::state.eq("exhausted"));
    diesel::update(exhausted)
        .set((
            queue_entry::state.eq("ready"),
            queue_entry::score.eq(queue_entry::score + queue_entry::attempts * 10),
            queue_entry::attempts.eq(0),
            queue_entry::dials.eq(0),
            queue_entry::tries.eq(None::<String>),
            queue_entry::bar.eq(None::<String>),
            queue_entry::due_at.eq(None::<NaiveDateTime>),
            queue_entry::changed_at.eq(now),
        ))
        .execute(conn)
}
