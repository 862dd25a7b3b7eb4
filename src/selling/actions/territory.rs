//! Drawing territories, absences, and deciding whose a company is.

use std::collections::{BTreeMap, HashSet};

use chrono::{NaiveDate, NaiveDateTime};

use super::book::Book;
use crate::accounts::{Actor, Object, Verb, Whose, require, work_of};
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::platform::log::{Change, changed};
use crate::registry::rules::{industry, region};
use crate::selling::model::{NewAbsence, NewTerritory};
use crate::selling::queries;
use crate::selling::rules::assign::{Decision, Inputs, RepFacts, decide};
use crate::selling::rules::territory::{Cell, Cover, Reach, Territory, cover};

/// Longest list of one dimension.
const MOST_CODES: usize = 200;

/// All that an assignment is decided on, as it is now.
pub fn inputs(
    conn: &mut Conn,
    now: NaiveDateTime,
    book: &Book,
    root: i64,
    had: Vec<i64>,
) -> AppResult<Inputs> {
    let today = book.today(now);
    let away: BTreeMap<i64, Option<i64>> = queries::absences(conn, today)?
        .into_iter()
        .filter(|a| a.from_on <= today)
        .map(|a| (a.user_id, a.deputy_id))
        .collect();
    let reps: Vec<RepFacts> = queries::reps(conn)?
        .into_iter()
        .map(|(user_id, name, load, last_offer)| RepFacts {
            user_id,
            name,
            load,
            last_offer,
            is_away: away.contains_key(&user_id),
            deputy: away.get(&user_id).copied().flatten(),
        })
        .collect();
    let known: HashSet<i64> = reps.iter().map(|r| r.user_id).collect();
    let territories = drawn(conn, &known)?;
    Ok(Inputs {
        spot: queries::spot(conn, root)?,
        territories,
        reps,
        had,
        today,
    })
}

/// The territories of these reps: what belongs to somebody who was switched off is a gap.
fn drawn(conn: &mut Conn, reps: &HashSet<i64>) -> AppResult<Vec<Territory>> {
    let rows = queries::territories(conn)?;
    let all = rows.iter().map(|row| row.drawn());
    Ok(all.filter(|t| reps.contains(&t.user_id)).collect())
}

/// The map as it is in force.
fn map(conn: &mut Conn) -> AppResult<Vec<Territory>> {
    let reps = queries::reps(conn)?.into_iter().map(|(id, ..)| id);
    let reps = reps.collect();
    drawn(conn, &reps)
}

/// Whose a company would be if it were handed over now; writes nothing.
pub fn foretell(
    conn: &mut Conn,
    now: NaiveDateTime,
    book: &Book,
    root: i64,
) -> AppResult<Decision> {
    let inputs = inputs(conn, now, book, root, Vec::new())?;
    Ok(decide(&inputs))
}

/// A change of the map: whose territory it was, and whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Redrawn {
    /// Whoever may have lost something.
    pub lost: i64,
    /// Whoever may have won something.
    pub won: i64,
}

/// Draws a territory, or draws it anew.
pub fn draw(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    id: Option<i64>,
    user_id: i64,
    reach: &Reach,
) -> AppResult<Redrawn> {
    require(actor, Verb::EditTerritories, Object::Any)?;
    check(conn, user_id, reach)?;
    let before = match id {
        Some(id) => queries::territory(conn, id)?,
        None => None,
    };
    let drawn_before = before.as_ref().map(|row| row.user_id);
    for rep in [Some(user_id), drawn_before].into_iter().flatten() {
        require_rep(conn, actor, rep)?;
    }
    let json = |list: &Vec<String>| serde_json::to_string(list);
    let new = NewTerritory {
        user_id,
        regions: json(&reach.regions)?,
        industries: json(&reach.industries)?,
        sizes: serde_json::to_string(&reach.sizes)?,
        active: true,
        changed_by: actor.user_id,
        at: now,
    };
    let id = match id {
        None => queries::insert_territory(conn, &new)?,
        Some(id) if queries::update_territory(conn, id, &new)? == 1 => id,
        Some(_) => return Err(AppError::not_found()),
    };
    log(conn, now, actor, "draw", id)?;
    Ok(Redrawn {
        lost: drawn_before.unwrap_or(user_id),
        won: user_id,
    })
}

/// Takes a territory off the map; what is on offer stays with whoever has it.
pub fn rub_out(conn: &mut Conn, now: NaiveDateTime, actor: &Actor, id: i64) -> AppResult<Redrawn> {
    require(actor, Verb::EditTerritories, Object::Any)?;
    let row = queries::territory(conn, id)?.ok_or_else(AppError::not_found)?;
    require_rep(conn, actor, row.user_id)?;
    let off = NewTerritory {
        user_id: row.user_id,
        regions: row.regions,
        industries: row.industries,
        sizes: row.sizes,
        active: false,
        changed_by: actor.user_id,
        at: now,
    };
    queries::update_territory(conn, id, &off)?;
    log(conn, now, actor, "rub_out", id)?;
    Ok(Redrawn {
        lost: row.user_id,
        won: row.user_id,
    })
}

/// A manager draws and sends on leave within the own team.
fn require_rep(conn: &mut Conn, actor: &Actor, rep_id: i64) -> AppResult<()> {
    let object = work_of(conn, rep_id)?;
    require(actor, Verb::EditTerritories, object)
}

fn check(conn: &mut Conn, user_id: i64, reach: &Reach) -> AppResult<()> {
    if !queries::reps(conn)?.iter().any(|(id, ..)| *id == user_id) {
        return Err(AppError::invalid("territory_rep_unknown", "user"));
    }
    let wrong = |field: &'static str, code: &str| {
        AppError::invalid("territory_code_unknown", field).with("value", code)
    };
    if let Some(code) = reach.regions.iter().find(|c| region::by_code(c).is_none()) {
        return Err(wrong("region", code));
    }
    if let Some(code) = reach
        .industries
        .iter()
        .find(|c| industry::by_code(c).is_none())
    {
        return Err(wrong("industry", code));
    }
    if let Some(size) = reach.sizes.iter().find(|s| !(1..=5).contains(*s)) {
        return Err(wrong("size", &size.to_string()));
    }
    if reach.regions.len().max(reach.industries.len()) > MOST_CODES {
        return Err(AppError::invalid("territory_too_long", "region"));
    }
    Ok(())
}

/// A rep is away from one day to another; somebody may stand in.
pub fn send_on_leave(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    user_id: i64,
    deputy_id: Option<i64>,
    (from_on, to_on): (NaiveDate, NaiveDate),
) -> AppResult<i64> {
    require(actor, Verb::EditTerritories, Object::Any)?;
    if to_on < from_on {
        return Err(AppError::invalid("absence_ends_before_start", "to_on"));
    }
    let reps = queries::reps(conn)?;
    let is_rep = |id: i64| reps.iter().any(|(rep, ..)| *rep == id);
    if !is_rep(user_id) {
        return Err(AppError::invalid("territory_rep_unknown", "user"));
    }
    if deputy_id.is_some_and(|id| id == user_id || !is_rep(id)) {
        return Err(AppError::invalid("territory_rep_unknown", "deputy"));
    }
    for rep in [Some(user_id), deputy_id].into_iter().flatten() {
        require_rep(conn, actor, rep)?;
    }
    let new = NewAbsence {
        user_id,
        deputy_id,
        from_on,
        to_on,
        at: now,
    };
    let id = queries::insert_absence(conn, &new)?;
    log(conn, now, actor, "leave", id)?;
    Ok(id)
}

/// The leave is called off, or was a mistake.
pub fn call_back_from_leave(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    id: i64,
) -> AppResult<()> {
    require(actor, Verb::EditTerritories, Object::Any)?;
    let Some(absence) = queries::absence(conn, id)? else {
        return Ok(());
    };
    require_rep(conn, actor, absence.user_id)?;
    queries::delete_absence(conn, id)?;
    log(conn, now, actor, "leave_ended", id)
}

fn log(conn: &mut Conn, now: NaiveDateTime, actor: &Actor, verb: &str, id: i64) -> AppResult<()> {
    let change = Change {
        at: now,
        actor_id: actor.user_id,
        verb,
        object_kind: "territory",
        object_id: Some(id),
        n: 1,
        ..Change::default()
    };
    Ok(changed(conn, &change)?)
}

/// The map as a matrix: place × section of industry, each cell with its companies by who has them.
#[derive(Debug, Clone, Default)]
pub struct Matrix {
    /// Places by code, the fullest first; the last may stand for all others (`None`).
    pub rows: Vec<Option<String>>,
    /// Sections, the fullest first; `None` for companies without one.
    pub columns: Vec<Option<String>>,
    /// Cells by row and column.
    pub cells: BTreeMap<(usize, usize), Cell>,
    /// All companies.
    pub total: Cell,
}

/// Rows that are shown by name.
const ROWS: usize = 12;
/// Columns that are shown by name.
const COLUMNS: usize = 8;

/// Reads the map.
pub fn matrix(conn: &mut Conn) -> AppResult<Matrix> {
    let drawn = map(conn)?;
    let spots = queries::spots(conn)?;
    let place = |code: &Option<String>| {
        code.as_deref()
            .and_then(region::prefecture_of)
            .map(|p| p.code.to_owned())
    };
    let section =
        |code: &Option<String>| code.as_deref().and_then(|c| c.get(..1).map(str::to_owned));
    let (mut places, mut sections) = (BTreeMap::new(), BTreeMap::new());
    for (spot, n) in &spots {
        *places.entry(place(&spot.region)).or_insert(0) += n;
        *sections.entry(section(&spot.industry)).or_insert(0) += n;
    }
    let mut made = Matrix {
        rows: fullest(&places, ROWS),
        columns: fullest(&sections, COLUMNS),
        ..Matrix::default()
    };
    let at = |list: &[Option<String>], code: &Option<String>| {
        list.iter().position(|c| c == code).unwrap_or(list.len())
    };
    for (spot, n) in &spots {
        let cover = cover(&drawn, spot);
        let key = (
            at(&made.rows, &place(&spot.region)),
            at(&made.columns, &section(&spot.industry)),
        );
        made.cells.entry(key).or_default().count(&cover, *n);
        made.total.count(&cover, *n);
    }
    Ok(made)
}

fn fullest(counted: &BTreeMap<Option<String>, i64>, most: usize) -> Vec<Option<String>> {
    let mut all: Vec<_> = counted.iter().collect();
    all.sort_by_key(|(code, n)| (code.is_none(), -**n));
    all.into_iter()
        .take(most)
        .map(|(code, _)| code.clone())
        .collect()
}

/// Companies that somebody has, and the map as it is drawn now gives to somebody else alone, as far as a change of it
/// may be why: the company, whose it is, and whose it would be. Only what may be moved within the own team is asked about.
pub fn strangers(
    conn: &mut Conn,
    actor: &Actor,
    redrawn: Redrawn,
) -> AppResult<Vec<(i64, i64, i64)>> {
    let whose = Whose::of(conn, actor)?;
    let drawn = map(conn)?;
    let owned = queries::owned_spots(conn)?;
    let moved = owned
        .into_iter()
        .filter_map(|(id, owner, spot)| match cover(&drawn, &spot) {
            Cover::One(other) if other != owner => Some((id, owner, other)),
            _ => None,
        });
    Ok(moved
        .filter(|(_, owner, other)| *owner == redrawn.lost || *other == redrawn.won)
        .filter(|(_, owner, other)| whose.includes(*owner) && whose.includes(*other))
        .collect())
}
