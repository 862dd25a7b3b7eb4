//! Filling a campaign, chunk by chunk; a chunk is a transaction of the caller.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDateTime, TimeDelta};
use serde_json::json;

use super::rulebook::Rulebook;
use crate::accounts::Actor;
use crate::calling::model::{CampaignState, FillProgress, FillRequest};
use crate::calling::queries::{self, ClassCutoffs, FillChunk, PersonChunk};
use crate::consent::rules::{Ground, GroundTable, Permission};
use crate::platform::calendar::{Calendar, CalendarId, calendar_for_region};
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::platform::log::{Change, Event, changed, happened};
use crate::platform::office;
use crate::qualifying::model::Grade;
use crate::registry::filter::Criteria;
use crate::registry::rules::phone::region_of;

/// Ids a chunk looks at: a fifth of a second on the slower database.
const RANGE: i64 = 10_000;

/// Whether a campaign may be filled by somebody, and with this.
pub fn check_fill(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    campaign_id: i64,
    request: &FillRequest,
) -> AppResult<()> {
    let campaign = super::run_campaign(conn, actor, campaign_id)?;
    if campaign.state == CampaignState::Closed.code() {
        return Err(AppError::conflict("campaign_closed").with("campaign", campaign.name));
    }
    request.filter.criteria(now, office::load(conn)?.tz())?;
    let mut agents = request.give_to.clone();
    agents.sort_unstable();
    agents.dedup();
    if queries::live_users(conn, &agents)? != agents.len() as i64 {
        return Err(AppError::invalid("agents_unknown", "give_to"));
    }
    Ok(())
}

/// Looks at the next range and lets in who may be called; `progress` says when all were looked at.
pub fn fill_chunk(
    conn: &mut Conn,
    now: NaiveDateTime,
    rules: &Rulebook,
    campaign_id: i64,
    request: &FillRequest,
    progress: &mut FillProgress,
) -> AppResult<()> {
    queries::hold_merges(conn)?;
    let criteria = request.filter.criteria(now, rules.office.tz())?;
    let more = match &request.companies {
        Some(list) => listed_chunk(
            conn,
            now,
            rules,
            campaign_id,
            request,
            &criteria,
            list,
            progress,
        )?,
        None => range_chunk(conn, now, rules, campaign_id, request, &criteria, progress)?,
    };
    if !more && !persons_chunk(conn, now, rules, campaign_id, request, progress)? {
        progress.is_done = true;
    }
    Ok(())
}

#[allow(clippy::too_many_arguments)] // the parts of one request
fn listed_chunk(
    conn: &mut Conn,
    now: NaiveDateTime,
    rules: &Rulebook,
    campaign_id: i64,
    request: &FillRequest,
    criteria: &Criteria,
    list: &[i64],
    progress: &mut FillProgress,
) -> AppResult<bool> {
    let done = progress.companies_done as usize;
    let part: Vec<i64> = list
        .iter()
        .skip(done)
        .take(RANGE as usize)
        .copied()
        .collect();
    if part.is_empty() {
        return Ok(false);
    }
    let roots = queries::roots_of(conn, &part)?;
    let (first, last) = (
        roots.first().copied().unwrap_or(1),
        roots.last().copied().unwrap_or(0),
    );
    let plan = Plan::new(conn, now, rules, first - 1, last)?;
    let chunk = plan.chunk(
        campaign_id,
        request,
        criteria,
        (first - 1, last),
        Some(&roots),
    );
    let reasons = queries::count_reasons(conn, &chunk, now)?;
    let added = queries::let_in(conn, &chunk, now)?;
    progress.count(added, reasons);
    progress.companies_done += part.len() as i64;
    Ok((progress.companies_done as usize) < list.len())
}

fn range_chunk(
    conn: &mut Conn,
    now: NaiveDateTime,
    rules: &Rulebook,
    campaign_id: i64,
    request: &FillRequest,
    criteria: &Criteria,
    progress: &mut FillProgress,
) -> AppResult<bool> {
    let end = queries::last_company(conn)?;
    let after = progress.companies_done;
    if after >= end {
        return Ok(false);
    }
    let upto = (after + RANGE).min(end);
    let plan = Plan::new(conn, now, rules, after, upto)?;
    let chunk = plan.chunk(campaign_id, request, criteria, (after, upto), None);
    let reasons = queries::count_reasons(conn, &chunk, now)?;
    let added = queries::let_in(conn, &chunk, now)?;
    progress.count(added, reasons);
    progress.companies_done = upto;
    Ok(upto < end)
}

/// Persons without a company; only where nothing is asked that only a company has. True while more are left.
fn persons_chunk(
    conn: &mut Conn,
    now: NaiveDateTime,
    rules: &Rulebook,
    campaign_id: i64,
    request: &FillRequest,
    progress: &mut FillProgress,
) -> AppResult<bool> {
    if request.companies.is_some() || !request.filter.speaks_to_persons() {
        return Ok(false);
    }
    let end = queries::last_person(conn)?;
    let after = progress.persons_done;
    if after >= end {
        return Ok(false);
    }
    let chunk = PersonChunk {
        campaign_id,
        after,
        upto: (after + RANGE).min(end),
        sources: request.filter.source.clone(),
        never_called: request.filter.never_called,
        calendar_id: rules.calendars.office_id().0,
        callable: rules.grounds.grounds_for_calls(Permission::Yes),
        business: rules.grounds.grounds_for_calls(Permission::BusinessNumbers),
    };
    let reasons = queries::count_person_reasons(conn, &chunk)?;
    let added = queries::let_persons_in(conn, &chunk, now)?;
    if added > 0 {
        place_persons(conn, now, rules, &chunk)?;
    }
    progress.count(added, reasons);
    progress.persons_done = chunk.upto;
    Ok(chunk.upto < end)
}

/// Who is at no company lives where their numbers are, if all of these tell one country.
fn place_persons(
    conn: &mut Conn,
    now: NaiveDateTime,
    rules: &Rulebook,
    chunk: &PersonChunk,
) -> AppResult<()> {
    let mut regions: BTreeMap<i64, BTreeSet<&'static str>> = BTreeMap::new();
    for (entry, number) in queries::persons_abroad(conn, chunk)? {
        regions.entry(entry).or_default().extend(region_of(&number));
    }
    let mut placed: BTreeMap<CalendarId, Vec<i64>> = BTreeMap::new();
    for (entry, regions) in regions {
        if let (1, Some(region)) = (regions.len(), regions.first()) {
            let lived_by = calendar_for_region(Some(*region), &rules.office);
            placed.entry(lived_by).or_default().push(entry);
        }
    }
    for (calendar, entries) in placed {
        queries::put_calendar(conn, &entries, calendar.0, now)?;
    }
    Ok(())
}

/// Writes down what a finished fill brought: on the campaign, in both logs.
pub fn finish_fill(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor_id: Option<i64>,
    campaign_id: i64,
    progress: &FillProgress,
) -> AppResult<()> {
    let figures =
        json!({ "added": progress.added, "left_out": progress.left_out, "at": now.and_utc() });
    let text = figures.to_string();
    queries::set_figures(conn, campaign_id, &text)?;
    let change = Change {
        at: now,
        actor_id,
        verb: "fill",
        object_kind: "campaign",
        object_id: Some(campaign_id),
        n: i32::try_from(progress.added).unwrap_or(i32::MAX),
        ..Change::default()
    };
    changed(conn, &change)?;
    let event = Event {
        at: now,
        kind: "campaign.filled",
        user_id: actor_id,
        campaign_id: Some(campaign_id),
        data: Some(text),
        ..Event::default()
    };
    Ok(happened(conn, &event)?)
}

/// How far the job of a fill is.
pub fn fill_progress(conn: &mut Conn, job_id: i64) -> AppResult<FillProgress> {
    let cursor = queries::job_cursor(conn, job_id)?;
    Ok(cursor
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default())
}

/// What a chunk needs to know of the rules.
struct Plan {
    classes: ClassCutoffs,
    callable: Option<Vec<&'static str>>,
    calendars: BTreeMap<String, i32>,
    office_calendar: i32,
}

impl Plan {
    fn new(
        conn: &mut Conn,
        now: NaiveDateTime,
        rules: &Rulebook,
        after: i64,
        upto: i64,
    ) -> AppResult<Self> {
        let keys = queries::region_keys(conn, after, upto)?;
        let calendar = |key: &String| calendar_for_region(Some(key), &rules.office).0;
        Ok(Self {
            classes: cutoffs(rules, now),
            callable: callable(&rules.grounds),
            calendars: keys
                .iter()
                .map(|key| (key.clone(), calendar(key)))
                .collect(),
            office_calendar: rules.calendars.office_id().0,
        })
    }

    fn chunk<'a>(
        &'a self,
        campaign_id: i64,
        request: &'a FillRequest,
        criteria: &'a Criteria,
        (after, upto): (i64, i64),
        listed: Option<&'a [i64]>,
    ) -> FillChunk<'a> {
        FillChunk {
            campaign_id,
            after,
            upto,
            listed,
            with_pool: request.filter.state.iter().any(|s| s == "pool"),
            criteria,
            give_to: &request.give_to,
            classes: &self.classes,
            callable: self.callable.as_deref(),
            calendars: &self.calendars,
            office_calendar: self.office_calendar,
        }
    }
}

/// The grounds that permit some call; none where every ground does, so that a flag of the company tells.
fn callable(grounds: &GroundTable) -> Option<Vec<&'static str>> {
    let never = grounds.grounds_for_calls(Permission::No);
    let permits = |ground: &&Ground| !never.contains(&ground.code());
    (!never.is_empty()).then(|| {
        Ground::ALL
            .iter()
            .filter(permits)
            .map(|g| g.code())
            .collect()
    })
}

/// The instants that decide about classes, by the rules in force.
pub(super) fn cutoffs(rules: &Rulebook, now: NaiveDateTime) -> ClassCutoffs {
    let warned = |grade: Grade| {
        let days = rules
            .grading
            .rules
            .expiry
            .0
            .get(&grade)
            .map_or(36_500, |rule| rule.warn_days);
        now - TimeDelta::days(i64::from(days))
    };
    ClassCutoffs {
        hot_after: working_hours_ago(
            rules.calendars.office(),
            now,
            i64::from(rules.calling.event_lead_hours),
        ),
        expiring: [Grade::A, Grade::B, Grade::C].map(warned),
    }
}

/// The moment since which so many working hours have passed.
pub(in crate::calling) fn working_hours_ago(
    calendar: &Calendar,
    now: NaiveDateTime,
    hours: i64,
) -> NaiveDateTime {
    let passed = |minutes_ago: i64| {
        calendar.add_working_hours(now - TimeDelta::minutes(minutes_ago), hours) <= now
    };
    // Long holidays included, 24 working hours never reach back 40 days.
    let (mut near, mut far) = (0, 40 * 24 * 60);
    while near < far {
        let middle = (near + far) / 2;
        if passed(middle) {
            far = middle;
        } else {
            near = middle + 1;
        }
    }
    now - TimeDelta::minutes(near)
}
