//! SQL of territories, absences, and what an assignment looks at.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use crate::platform::db::{Conn, Statement};
use crate::schema::{absence, territory};
use crate::selling::model::{Absence, NewAbsence, NewTerritory, TerritoryRow};
use crate::selling::rules::territory::Spot;

/// Territories in force, by rep.
pub(crate) fn territories(conn: &mut Conn) -> QueryResult<Vec<TerritoryRow>> {
    territory::table
        .filter(territory::active.eq(true))
        .order((territory::user_id, territory::id))
        .select(TerritoryRow::as_select())
        .load(conn)
}

/// One territory, in force or not.
pub(crate) fn territory(conn: &mut Conn, id: i64) -> QueryResult<Option<TerritoryRow>> {
    territory::table
        .find(id)
        .select(TerritoryRow::as_select())
        .first(conn)
        .optional()
}

pub(in crate::selling) fn insert_territory(
    conn: &mut Conn,
    new: &NewTerritory,
) -> QueryResult<i64> {
    diesel::insert_into(territory::table)
        .values(new)
        .returning(territory::id)
        .get_result(conn)
}

pub(in crate::selling) fn update_territory(
    conn: &mut Conn,
    id: i64,
    to: &NewTerritory,
) -> QueryResult<usize> {
    diesel::update(territory::table.find(id))
        .set(to)
        .execute(conn)
}

/// Absences that are not over on a day, the earliest first.
pub(crate) fn absences(conn: &mut Conn, today: NaiveDate) -> QueryResult<Vec<Absence>> {
    absence::table
        .filter(absence::to_on.ge(today))
        .order((absence::from_on, absence::id))
        .select(Absence::as_select())
        .load(conn)
}

/// One absence.
pub(in crate::selling) fn absence(conn: &mut Conn, id: i64) -> QueryResult<Option<Absence>> {
    absence::table
        .find(id)
        .select(Absence::as_select())
        .first(conn)
        .optional()
}

pub(in crate::selling) fn insert_absence(conn: &mut Conn, new: &NewAbsence) -> QueryResult<i64> {
    diesel::insert_into(absence::table)
        .values(new)
        .returning(absence::id)
        .get_result(conn)
}

pub(in crate::selling) fn delete_absence(conn: &mut Conn, id: i64) -> QueryResult<usize> {
    diesel::delete(absence::table.find(id)).execute(conn)
}

/// A rep who may be given something: id, name, own companies and open offers, the latest offer.
pub(crate) type RepRow = (i64, String, i64, Option<i64>);

/// Everybody with the role of a rep who is not switched off.
pub(crate) fn reps(conn: &mut Conn) -> QueryResult<Vec<RepRow>> {
    Statement::<(BigInt, Text, BigInt, Nullable<BigInt>)>::fixed(
        "SELECT u.id, u.name, \
         (SELECT count(*) FROM company c WHERE c.owner_id = u.id AND c.merged_into IS NULL) \
         + (SELECT count(*) FROM handover h WHERE h.rep_id = u.id AND h.state IN ('offered','warned')), \
         (SELECT max(m.id) FROM handover_move m WHERE m.rep_id = u.id AND m.state = 'offered') \
         FROM users u WHERE (u.roles & 16) <> 0 AND u.disabled_at IS NULL ORDER BY u.id",
    )
    .load(conn)
}

/// What of a company decides where it belongs.
pub(crate) fn spot(conn: &mut Conn, root: i64) -> QueryResult<Spot> {
    use crate::schema::company;
    let (region, industry, size) = company::table
        .find(root)
        .select((company::region, company::industry, company::size_class))
        .get_result(conn)?;
    Ok(Spot {
        region,
        industry,
        size,
    })
}

/// Every spot on which there are companies, and how many; no row is visited, the index holds all of it.
pub(crate) fn spots(conn: &mut Conn) -> QueryResult<Vec<(Spot, i64)>> {
    let rows = Statement::<(Nullable<Text>, Nullable<Text>, BigInt, BigInt)>::fixed(
        "SELECT region, industry, (facets >> 6) & 7, count(*) FROM company \
         WHERE merged_into IS NULL AND ((facets >> 3) & 7) < 3 GROUP BY region, industry, (facets >> 6) & 7",
    )
    .load::<(Option<String>, Option<String>, i64, i64)>(conn)?;
    let spot = |(region, industry, size, n): (Option<String>, Option<String>, i64, i64)| {
        let size = i32::try_from(size).ok().filter(|size| *size > 0);
        (
            Spot {
                region,
                industry,
                size,
            },
            n,
        )
    };
    Ok(rows.into_iter().map(spot).collect())
}

/// Companies that somebody has, with their spots, for the question what becomes of them: id, owner, spot.
pub(crate) fn owned_spots(conn: &mut Conn) -> QueryResult<Vec<(i64, i64, Spot)>> {
    use crate::schema::company;
    let rows: Vec<(i64, i64, Option<String>, Option<String>, Option<i32>)> = company::table
        .filter(company::owner_id.is_not_null())
        .filter(company::merged_into.is_null())
        .filter(company::state.eq("owned"))
        .order(company::id)
        .select((
            company::id,
            company::owner_id.assume_not_null(),
            company::region,
            company::industry,
            company::size_class,
        ))
        .load(conn)?;
    let spot = |(id, owner, region, industry, size)| {
        (
            id,
            owner,
            Spot {
                region,
                industry,
                size,
            },
        )
    };
    Ok(rows.into_iter().map(spot).collect())
}
