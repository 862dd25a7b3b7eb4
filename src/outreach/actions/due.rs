//! Who is due this week by the rhythm of their grade: the longest overdue first.

mod silence;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, TimeDelta};

use super::standing::most_met;
use crate::accounts::{Actor, Role};
use crate::outreach::queries::cadence::{self as queries, Waiting, WaitingRow, Whose};
use crate::outreach::rules::cadence::{
    CadenceRules, Charge, Method, Used, counts_since, in_charge,
};
use crate::platform::calendar::zone;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::{office, settings};
use crate::qualifying::Grade;
use crate::registry::queries::load;

/// So far back a telemarketer knows a company whom they spoke with.
const KNOWN_FOR: TimeDelta = TimeDelta::days(365);

/// Whose list is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// A rep's.
    Rep(i64),
    /// All reps of the own team; of marketing: all reps.
    Team,
    /// Companies that nobody has: for telemarketers.
    Free,
    /// Companies that nobody has and this telemarketer spoke with.
    Known(i64),
}

impl View {
    /// What somebody sees first.
    pub fn of(actor: &Actor) -> Self {
        let is = |roles: &[Role]| actor.roles.has_any(roles);
        if is(&[Role::Manager, Role::Marketing]) {
            Self::Team
        } else if is(&[Role::Rep]) {
            Self::Rep(actor.id())
        } else {
            Self::Known(actor.id())
        }
    }

    /// Whether somebody may look at it: own work, that of the own team, and for marketing everything. `reps` are those
    /// of the team.
    pub fn is_open_to(self, actor: &Actor, reps: &[(i64, String)]) -> bool {
        let leads = actor.roles.has_any(&[Role::Manager, Role::Marketing]);
        match self {
            Self::Team | Self::Free => leads,
            Self::Rep(id) => {
                (actor.roles.has(Role::Rep) && actor.user_id == Some(id))
                    || (leads && reps.iter().any(|(rep, _)| *rep == id))
            }
            Self::Known(id) => actor.roles.has(Role::Agent) && actor.user_id == Some(id),
        }
    }

    fn whose(self, actor: &Actor, now: NaiveDateTime) -> Whose {
        match self {
            Self::Rep(id) => Whose::Rep(id),
            Self::Team if actor.roles.has(Role::Marketing) => Whose::EveryRep,
            Self::Team => Whose::Team(actor.team_id),
            Self::Free => Whose::Free,
            Self::Known(id) => Whose::SpokenWith(id, now - KNOWN_FOR),
        }
    }

    fn has_visits(self) -> bool {
        matches!(self, Self::Rep(_) | Self::Team)
    }
}

/// The reps whose lists somebody may look at.
pub fn reps_of(conn: &mut Conn, actor: &Actor) -> AppResult<Vec<(i64, String)>> {
    if actor.roles.has(Role::Marketing) {
        return Ok(queries::reps(conn, None)?);
    }
    if actor.roles.has(Role::Manager) {
        return Ok(queries::reps(conn, Some(actor.team_id))?);
    }
    Ok(Vec::new())
}

/// One thing that is due.
#[derive(Debug, Clone)]
pub struct DueItem {
    /// The company.
    pub company_id: i64,
    /// Its name.
    pub name: String,
    /// Its grade.
    pub grade: Grade,
    /// Its rep.
    pub owner: Option<String>,
    /// Who has to see to it.
    pub charge: Charge,
    /// By which way.
    pub method: Method,
    /// Every so many days.
    pub every: u16,
    /// The last contact of that kind; none: there was none since the grade was given.
    pub last_at: Option<NaiveDateTime>,
    /// Where the rhythm began.
    pub since: NaiveDateTime,
    /// When it is due.
    pub due_at: NaiveDateTime,
    /// How much of the cap of who was met most there is used.
    pub used: Used,
}

/// A place in the list: due when, which company, by which way. A company may have to be called and visited at the same
/// time; the way tells the two apart.
pub type Place = (NaiveDateTime, i64, Method);

/// A page of the list.
#[derive(Debug, Clone)]
pub struct DueList {
    /// The longest overdue first.
    pub items: Vec<DueItem>,
    /// Where the next page begins behind.
    pub next: Option<Place>,
    /// How many calls are due by the end of the week, and how many of them are overdue; counted up to a thousand each.
    pub calls: (i64, i64),
    /// The same of visits.
    pub visits: (i64, i64),
    /// The first day of the next week.
    pub week_ends: NaiveDate,
}

/// What the list is made of.
struct Reading<'a> {
    actor: &'a Actor,
    view: View,
    rules: CadenceRules,
    now: NaiveDateTime,
    /// The beginning of today: what was due before is overdue.
    today: NaiveDateTime,
    /// The end of the week.
    until: NaiveDateTime,
    /// Touches count for caps from here on.
    caps_since: NaiveDateTime,
}

/// Who is due by the end of this week of the office.
pub fn due_list(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    view: View,
    method: Option<Method>,
    after: Option<Place>,
    most: usize,
) -> AppResult<DueList> {
    let zone = office::load(conn)?.tz();
    let today = zone::local_date(zone, now);
    let week_ends = today + Days::new(u64::from(7 - today.weekday().num_days_from_monday()));
    let start = |day| zone::day_start(zone, day);
    let reading = Reading {
        actor,
        view,
        rules: settings::load::<CadenceRules>(conn)?.value,
        now,
        today: start(today),
        until: start(week_ends),
        caps_since: start(counts_since(today)),
    };
    let visits = reading.visits(conn)?;
    let overdue = |at: &NaiveDateTime| *at < reading.today;
    let late_visits = visits.iter().filter(|one| overdue(&one.due_at)).count();
    let visit_counts = (visits.len() as i64, late_visits as i64);
    let mut items = Vec::new();
    if method != Some(Method::Visit) {
        items = reading.calls(conn, after, most + 1)?;
    }
    if method != Some(Method::Call) {
        let behind = |one: &DueItem| after.is_none_or(|place| place_of(one) > place);
        items.extend(visits.into_iter().filter(behind));
    }
    items.sort_by_key(place_of);
    let is_more = items.len() > most;
    items.truncate(most);
    let next = items.last().map(place_of);
    reading.put_caps(conn, &mut items)?;
    Ok(DueList {
        items,
        next: next.filter(|_| is_more),
        calls: reading.count_calls(conn)?,
        visits: visit_counts,
        week_ends,
    })
}

/// Where a line stands.
fn place_of(one: &DueItem) -> Place {
    (one.due_at, one.company_id, one.method)
}

impl Reading<'_> {
    /// The grades whose calls are due to somebody of this list, with how often.
    fn called(&self) -> Vec<(Grade, u16)> {
        let is_free = !self.view.has_visits();
        let all = Grade::ALL.iter().filter_map(|grade| {
            let row = self.rules.of(*grade);
            let every = row.every(Method::Call)?;
            // Without a rep, only what telemarketers call; whoever has a company sees to it, whatever the grade.
            let by_agents = in_charge(row, Method::Call, None) == Charge::Agents;
            (!is_free || by_agents || self.view == View::Free).then_some((*grade, every))
        });
        all.collect()
    }

    fn waiting(&self, grade: Grade, every: u16, due_before: NaiveDateTime) -> Waiting {
        Waiting {
            whose: self.view.whose(self.actor, self.now),
            grade: grade.code(),
            before: due_before - TimeDelta::days(i64::from(every)),
            now: self.now,
        }
    }

    /// Calls, by one walk of the index a grade. A call comes before the visit of the same place, so that none is behind
    /// a company that was reached, whichever way it was.
    fn calls(&self, conn: &mut Conn, after: Option<Place>, most: usize) -> AppResult<Vec<DueItem>> {
        let mut items = Vec::new();
        for (grade, every) in self.called() {
            let gap = TimeDelta::days(i64::from(every));
            let after = after.map(|(due_at, id, _)| (due_at - gap, id));
            let rows =
                queries::waiting(conn, &self.waiting(grade, every, self.until), after, most)?;
            items.extend(rows.into_iter().map(|row| {
                let last_at = row.touched_at;
                self.item(row, grade, Method::Call, every, last_at)
            }));
        }
        Ok(items)
    }

    fn count_calls(&self, conn: &mut Conn) -> AppResult<(i64, i64)> {
        let (mut all, mut late) = (0, 0);
        for (grade, every) in self.called() {
            all += queries::count_waiting(conn, &self.waiting(grade, every, self.until))?;
            late += queries::count_waiting(conn, &self.waiting(grade, every, self.today))?;
        }
        Ok((all, late))
    }

    /// Visits of reps: they have few companies, so all are looked through. Where a company rests, or nobody wants a visit,
    /// none is due.
    fn visits(&self, conn: &mut Conn) -> AppResult<Vec<DueItem>> {
        let every = |grade: &Grade| self.rules.of(*grade).every(Method::Visit);
        let visited: Vec<&str> = Grade::ALL
            .iter()
            .filter(|grade| every(grade).is_some())
            .map(|grade| grade.code())
            .collect();
        if !self.view.has_visits() || visited.is_empty() {
            return Ok(Vec::new());
        }
        let whose = self.view.whose(self.actor, self.now);
        let rows = queries::owned(conn, whose, &visited, self.now)?;
        let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
        let root_of = root_of(conn, &ids)?;
        let members: Vec<i64> = root_of.keys().copied().collect();
        let mut last: BTreeMap<i64, NaiveDateTime> = BTreeMap::new();
        for (id, at) in queries::last_visits(conn, &members)? {
            let root = root_of.get(&id).copied().unwrap_or(id);
            let known = last.entry(root).or_insert(at);
            *known = at.max(*known);
        }
        let items = rows.into_iter().filter_map(|mut row| {
            let grade = Grade::from_code(&row.grade)?;
            let last_at = last.get(&row.id).copied();
            row.since = last_at.unwrap_or(row.since);
            Some(self.item(row, grade, Method::Visit, every(&grade)?, last_at))
        });
        let mut due: Vec<DueItem> = items.filter(|one| one.due_at < self.until).collect();
        let roots: BTreeSet<i64> = due.iter().map(|one| one.company_id).collect();
        let mut asked = root_of;
        asked.retain(|_, root| roots.contains(root));
        let closed = silence::not_to_visit(conn, &asked)?;
        due.retain(|one| !closed.contains(&one.company_id));
        Ok(due)
    }

    fn item(
        &self,
        row: WaitingRow,
        grade: Grade,
        method: Method,
        every: u16,
        last_at: Option<NaiveDateTime>,
    ) -> DueItem {
        let cadence = self.rules.of(grade);
        DueItem {
            company_id: row.id,
            name: row.name,
            grade,
            owner: row.owner,
            charge: in_charge(cadence, method, row.owner_id),
            method,
            every,
            last_at,
            since: row.since,
            due_at: row.since + TimeDelta::days(i64::from(every)),
            used: Used {
                touches: 0,
                waiting: 0,
                at_most: cadence.at_most,
            },
        }
    }

    /// Caps count persons: the one who was met most stands for the company.
    fn put_caps(&self, conn: &mut Conn, items: &mut [DueItem]) -> AppResult<()> {
        let ids: Vec<i64> = items.iter().map(|one| one.company_id).collect();
        let root_of = root_of(conn, &ids)?;
        let members: Vec<i64> = root_of.keys().copied().collect();
        let rows = queries::touches_of(conn, &members, self.caps_since)?;
        for item in items {
            let of_item: Vec<_> = rows
                .iter()
                .filter(|(id, ..)| root_of.get(id) == Some(&item.company_id))
                .copied()
                .collect();
            item.used.touches = most_met(&of_item);
        }
        Ok(())
    }
}

/// These roots and everything that was merged into them, each with its root.
fn root_of(conn: &mut Conn, roots: &[i64]) -> AppResult<BTreeMap<i64, i64>> {
    let mut all: BTreeMap<i64, i64> = roots.iter().map(|id| (*id, *id)).collect();
    all.extend(load::merged_members(conn, roots)?);
    Ok(all)
}
