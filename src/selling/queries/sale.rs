//! SQL of ownership, opportunities, and of the pool.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Date, Nullable, Text, Timestamp};

use crate::platform::db::{Conn, Statement, Value};
use crate::schema::{opportunity, ownership, stage_change};
use crate::selling::model::{
    NewOpportunity, NewOwnership, NewStageChange, Opportunity, StageChange,
};

pub(in crate::selling) fn insert_ownership(
    conn: &mut Conn,
    new: &NewOwnership,
) -> QueryResult<i64> {
    diesel::insert_into(ownership::table)
        .values(new)
        .returning(ownership::id)
        .get_result(conn)
}

/// Owner, state and grade of a root; on PostgreSQL its row stays locked until the transaction ends.
pub(crate) fn hold_company(
    conn: &mut Conn,
    root: i64,
) -> QueryResult<(Option<i64>, String, Option<String>)> {
    use crate::schema::company;
    crate::registry::lock::companies(conn, &[root])?;
    company::table
        .find(root)
        .select((company::owner_id, company::state, company::grade))
        .get_result(conn)
}

/// Companies of a rep, and how many of them are A.
pub(crate) fn owned(conn: &mut Conn, rep_id: i64) -> QueryResult<(i64, i64)> {
    let rows: Vec<(Option<String>, i64)> = grades_of(conn, rep_id)?;
    let a = rows.iter().filter(|(g, _)| g.as_deref() == Some("A"));
    Ok((rows.iter().map(|(_, n)| n).sum(), a.map(|(_, n)| n).sum()))
}

/// Companies of a rep by grade.
pub(crate) fn grades_of(conn: &mut Conn, rep_id: i64) -> QueryResult<Vec<(Option<String>, i64)>> {
    Statement::<(Nullable<Text>, BigInt)>::fixed(
        "SELECT grade, count(*) FROM company WHERE owner_id = ? AND merged_into IS NULL GROUP BY grade ORDER BY grade",
    )
    .bind(rep_id)
    .load(conn)
}

/// Claims of a rep since a moment.
pub(crate) fn claims_since(conn: &mut Conn, rep_id: i64, since: NaiveDateTime) -> QueryResult<i64> {
    ownership::table
        .filter(ownership::rep_id.eq(rep_id))
        .filter(ownership::kind.eq("claimed"))
        .filter(ownership::at.ge(since))
        .count()
        .get_result(conn)
}

/// Companies that a rep let go, or let fall, since a moment.
pub(crate) fn let_go_since(
    conn: &mut Conn,
    rep_id: i64,
    since: NaiveDateTime,
) -> QueryResult<Vec<i64>> {
    ownership::table
        .filter(ownership::rep_id.eq(rep_id))
        .filter(ownership::kind.eq_any(["released", "fell"]))
        .filter(ownership::at.ge(since))
        .select(ownership::company_id)
        .load(conn)
}

/// The latest gain and the latest loss of a group by a rep: kind and when.
pub(crate) fn ownerships(
    conn: &mut Conn,
    group: &[i64],
    rep_id: i64,
) -> QueryResult<Vec<(String, NaiveDateTime)>> {
    ownership::table
        .filter(ownership::company_id.eq_any(group.to_vec()))
        .filter(ownership::rep_id.eq(rep_id))
        .order(ownership::id.desc())
        .select((ownership::kind, ownership::at))
        .limit(20)
        .load(conn)
}

/// Who got and lost the companies of a group: kind, rep, whose doing, the reason given, when.
pub(crate) fn ownership_story(
    conn: &mut Conn,
    group: &[i64],
) -> QueryResult<Vec<(String, i64, Option<i64>, Option<String>, NaiveDateTime)>> {
    ownership::table
        .filter(ownership::company_id.eq_any(group.to_vec()))
        .order(ownership::id)
        .select((
            ownership::kind,
            ownership::rep_id,
            ownership::actor_id,
            ownership::reason,
            ownership::at,
        ))
        .load(conn)
}

/// Ownership rows that came by this object (a merge) and kind.
pub(in crate::selling) fn ownership_by(
    conn: &mut Conn,
    kind: &str,
    object_id: i64,
) -> QueryResult<Vec<(i64, i64)>> {
    ownership::table
        .filter(ownership::kind.eq(kind))
        .filter(ownership::object_id.eq(object_id))
        .select((ownership::company_id, ownership::rep_id))
        .load(conn)
}

/// An owned company: what decides whether it falls, and what was promised.
#[derive(Debug, Clone, Queryable)]
pub(crate) struct OwnedRow {
    pub id: i64,
    pub name: String,
    pub grade: Option<String>,
    pub graded_at: Option<NaiveDateTime>,
    pub rep_id: i64,
    pub touched_at: Option<NaiveDateTime>,
    pub owned_since: Option<NaiveDateTime>,
    pub has_quotation: bool,
    pub protected_until: Option<NaiveDate>,
    pub sign_by: Option<NaiveDate>,
}

/// Owned companies of one rep or of everybody, above an id, by id.
pub(crate) fn owned_rows(
    conn: &mut Conn,
    rep_id: Option<i64>,
    after: i64,
    most: i64,
) -> QueryResult<Vec<OwnedRow>> {
    type Row = (
        BigInt,
        Text,
        Nullable<Text>,
        Nullable<Timestamp>,
        BigInt,
        Nullable<Timestamp>,
        Nullable<Timestamp>,
        Bool,
        Nullable<Date>,
        Nullable<Date>,
    );
    let mine = rep_id.map_or("IS NOT NULL".to_owned(), |id| format!("= {id}"));
    Statement::<Row>::built(format!(
        "SELECT c.id, c.name, c.grade, c.grade_at, c.owner_id, c.last_touch_at, \
         (SELECT max(o.at) FROM ownership o WHERE o.company_id IN (SELECT m.id FROM company m WHERE m.root_id = c.id) AND o.rep_id = c.owner_id AND o.kind IN ('accepted','claimed','given','merged')), \
         EXISTS (SELECT 1 FROM opportunity p JOIN stage_change s ON s.opportunity_id = p.id WHERE p.company_id IN (SELECT m.id FROM company m WHERE m.root_id = c.id) AND p.state = 'open' AND s.stage = 'quotation'), \
         (SELECT max(r.protected_until) FROM registration r WHERE r.company_id IN (SELECT m.id FROM company m WHERE m.root_id = c.id) AND r.state = 'live' AND r.rep_id = c.owner_id), \
         c.sign_by \
         FROM company c WHERE c.owner_id {mine} AND c.merged_into IS NULL AND c.state = 'owned' AND c.id > ? ORDER BY c.id LIMIT ?"
    ))
    .bind(after)
    .bind(most)
    .load(conn)
}

/// A company in the pool: id, name, grade, region, industry, size class, completeness, last touch, when it left, whose
/// it was.
pub(crate) type PoolRow = (
    i64,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<i64>,
    i64,
    Option<NaiveDateTime>,
    Option<NaiveDateTime>,
    Option<String>,
);

/// The pool in the order of score, from a keyset on; regions by prefix.
pub(crate) fn pool(
    conn: &mut Conn,
    region: Option<&str>,
    grade: Option<&str>,
    after: Option<(i64, i64)>,
    most: i64,
) -> QueryResult<Vec<(PoolRow, i64)>> {
    let mut text = String::from(
        "SELECT c.id, c.name, c.grade, c.region, c.industry, CAST(c.size_class AS BIGINT), CAST(c.completeness AS BIGINT), c.last_touch_at, \
         (SELECT max(o.at) FROM ownership o WHERE o.company_id = c.id AND o.kind IN ('released','fell','taken','switched_off')), \
         (SELECT u.name FROM ownership o JOIN users u ON u.id = o.rep_id WHERE o.company_id = c.id ORDER BY o.id DESC LIMIT 1), \
         CAST(c.score AS BIGINT) \
         FROM company c WHERE c.merged_into IS NULL AND ((c.facets >> 3) & 7) = 1 AND (c.flags & 16) = 0",
    );
    let mut values = Vec::new();
    if let Some(prefix) = region {
        text.push_str(" AND c.region >= ? AND c.region < ?");
        values.extend([Value::from(prefix), Value::from(format!("{prefix}~"))]);
    }
    if let Some(grade) = grade {
        text.push_str(" AND c.grade = ?");
        values.push(Value::from(grade));
    }
    if let Some((score, id)) = after {
        text.push_str(" AND (c.score < ? OR (c.score = ? AND c.id < ?))");
        values.extend([Value::from(score), Value::from(score), Value::from(id)]);
    }
    text.push_str(" ORDER BY c.score DESC, c.id DESC LIMIT ?");
    values.push(Value::from(most));
    type Row = (
        i64,
        String,
        Option<String>,
        Option<String>,
        Option<String>,
        Option<i64>,
        i64,
        Option<NaiveDateTime>,
        Option<NaiveDateTime>,
        Option<String>,
        i64,
    );
    let rows: Vec<Row> = Statement::<(
        BigInt,
        Text,
        Nullable<Text>,
        Nullable<Text>,
        Nullable<Text>,
        Nullable<BigInt>,
        BigInt,
        Nullable<Timestamp>,
        Nullable<Timestamp>,
        Nullable<Text>,
        BigInt,
    )>::built(text)
    .bind_all(values)
    .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(a, b, c, d, e, f, g, h, i, j, score)| ((a, b, c, d, e, f, g, h, i, j), score))
        .collect())
}

pub(in crate::selling) fn insert_opportunity(
    conn: &mut Conn,
    new: &NewOpportunity,
) -> QueryResult<i64> {
    diesel::insert_into(opportunity::table)
        .values(new)
        .returning(opportunity::id)
        .get_result(conn)
}

/// An opportunity; on PostgreSQL its row stays locked until the transaction ends.
pub(crate) fn hold_opportunity(conn: &mut Conn, id: i64) -> QueryResult<Option<Opportunity>> {
    if let Conn::Postgres(_) = conn {
        Statement::<BigInt>::fixed("SELECT id FROM opportunity WHERE id = ? FOR UPDATE")
            .bind(id)
            .execute(conn)?;
    }
    opportunity::table
        .find(id)
        .select(Opportunity::as_select())
        .first(conn)
        .optional()
}

/// Writes how far an opportunity is.
pub(in crate::selling) fn update_opportunity(conn: &mut Conn, to: &Opportunity) -> QueryResult<()> {
    diesel::update(opportunity::table.find(to.id))
        .set((
            opportunity::rep_id.eq(to.rep_id),
            opportunity::stage.eq(&to.stage),
            opportunity::stage_at.eq(to.stage_at),
            opportunity::state.eq(&to.state),
            opportunity::amount_minor.eq(to.amount_minor),
            opportunity::currency.eq(&to.currency),
            opportunity::lost_reason.eq(&to.lost_reason),
            opportunity::competitor.eq(&to.competitor),
            opportunity::closed_at.eq(to.closed_at),
        ))
        .execute(conn)
        .map(|_| ())
}

/// Whether a quotation of a group is open: it was given, and the sale is neither won nor lost.
pub(in crate::selling) fn has_open_quotation(conn: &mut Conn, group: &[i64]) -> QueryResult<bool> {
    let quoted = opportunity::table
        .inner_join(stage_change::table.on(stage_change::opportunity_id.eq(opportunity::id)))
        .filter(opportunity::company_id.eq_any(group.to_vec()))
        .filter(opportunity::state.eq("open"))
        .filter(stage_change::stage.eq("quotation"));
    diesel::select(diesel::dsl::exists(quoted)).get_result(conn)
}

/// Opportunities of a group, the newest first.
pub(crate) fn opportunities(conn: &mut Conn, group: &[i64]) -> QueryResult<Vec<Opportunity>> {
    opportunity::table
        .filter(opportunity::company_id.eq_any(group.to_vec()))
        .order(opportunity::id.desc())
        .select(Opportunity::as_select())
        .load(conn)
}

pub(in crate::selling) fn insert_stage(conn: &mut Conn, new: &NewStageChange) -> QueryResult<i64> {
    diesel::insert_into(stage_change::table)
        .values(new)
        .returning(stage_change::id)
        .get_result(conn)
}

/// The history of opportunities, from the beginning.
pub(crate) fn stages(conn: &mut Conn, opportunities: &[i64]) -> QueryResult<Vec<StageChange>> {
    stage_change::table
        .filter(stage_change::opportunity_id.eq_any(opportunities.to_vec()))
        .order(stage_change::id)
        .select(StageChange::as_select())
        .load(conn)
}

/// A company as a list names it: id, root, root's name, grade.
pub(crate) fn company_names(
    conn: &mut Conn,
    ids: &[i64],
) -> QueryResult<Vec<(i64, i64, String, Option<String>)>> {
    Statement::<(BigInt, BigInt, Text, Nullable<Text>)>::fixed(
        "SELECT c.id, r.id, r.name, r.grade FROM company c JOIN company r ON r.id = c.root_id WHERE c.id IN ?",
    )
    .bind(Value::numbers(ids.iter().copied()))
    .load(conn)
}

/// Companies of an owner.
pub(in crate::selling) fn roots_of_owner(conn: &mut Conn, rep_id: i64) -> QueryResult<Vec<i64>> {
    use crate::schema::company;
    company::table
        .filter(company::owner_id.eq(rep_id))
        .filter(company::merged_into.is_null())
        .order(company::id)
        .select(company::id)
        .load(conn)
}
