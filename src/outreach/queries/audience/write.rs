//! Writes what was decided.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::upsert::excluded;

use crate::on_each;
use crate::outreach::model::{Mailing, MailingState, NewDelivery};
use crate::platform::db::{Conn, Statement, rows_per_insert};
use crate::schema::{delivery, delivery_figure, mailing as mailing_table};

/// A mailing.
pub(in crate::outreach) fn mailing(conn: &mut Conn, id: i64) -> QueryResult<Option<Mailing>> {
    mailing_table::table
        .find(id)
        .select(Mailing::as_select())
        .get_result(conn)
        .optional()
}

/// What a planning found, as a mailing keeps it: JSON but for the hash.
pub(in crate::outreach) struct Planned {
    pub letter_versions: String,
    pub rule_versions: String,
    pub audience_hash: String,
    pub figures: String,
}

/// The mailing that is being planned is planned; false where it is not being planned any more.
pub(in crate::outreach) fn set_planned(
    conn: &mut Conn,
    id: i64,
    found: &Planned,
    now: NaiveDateTime,
) -> QueryResult<bool> {
    let planning = mailing_table::table
        .find(id)
        .filter(mailing_table::state.eq(MailingState::Planning.code()));
    let moved = diesel::update(planning)
        .set((
            mailing_table::state.eq(MailingState::Planned.code()),
            mailing_table::letter_versions.eq(&found.letter_versions),
            mailing_table::rule_versions.eq(&found.rule_versions),
            mailing_table::audience_hash.eq(Some(&found.audience_hash)),
            mailing_table::figures.eq(Some(&found.figures)),
            mailing_table::changed_at.eq(now),
        ))
        .execute(conn)?;
    Ok(moved == 1)
}

/// Moves a mailing from one state to another; false where it is in another one.
pub(in crate::outreach) fn set_state(
    conn: &mut Conn,
    id: i64,
    from: MailingState,
    to: MailingState,
    now: NaiveDateTime,
) -> QueryResult<bool> {
    let there = mailing_table::table
        .find(id)
        .filter(mailing_table::state.eq(from.code()));
    let moved = diesel::update(there)
        .set((
            mailing_table::state.eq(to.code()),
            mailing_table::changed_at.eq(now),
        ))
        .execute(conn)?;
    Ok(moved == 1)
}

/// Puts deliveries into the ledger; whoever is in this mailing already stays as they are.
pub(in crate::outreach) fn insert_deliveries(
    conn: &mut Conn,
    rows: &[NewDelivery],
) -> QueryResult<usize> {
    let mut written = 0;
    for part in rows.chunks(rows_per_insert(13)) {
        written += on_each!(conn => diesel::insert_into(delivery::table)
            .values(part)
            .on_conflict_do_nothing()
            .execute(conn))?;
    }
    Ok(written)
}

/// A figure to add to.
#[derive(Insertable)]
#[diesel(table_name = delivery_figure, treat_none_as_default_value = false)]
struct NewFigure<'a> {
    mailing_id: i64,
    domain: &'a str,
    state: &'a str,
    counter: i32,
    n: i64,
}

/// Adds to the figures of a mailing: domain and state, how many.
pub(in crate::outreach) fn count_figures(
    conn: &mut Conn,
    mailing_id: i64,
    more: &BTreeMap<(String, &'static str), i64>,
) -> QueryResult<()> {
    let rows: Vec<NewFigure<'_>> = more
        .iter()
        .map(|((domain, state), n)| NewFigure {
            mailing_id,
            domain,
            state,
            counter: 0,
            n: *n,
        })
        .collect();
    for part in rows.chunks(rows_per_insert(5)) {
        on_each!(conn => diesel::insert_into(delivery_figure::table)
            .values(part)
            .on_conflict((
                delivery_figure::mailing_id,
                delivery_figure::domain,
                delivery_figure::state,
                delivery_figure::counter,
            ))
            .do_update()
            .set(delivery_figure::n.eq(delivery_figure::n + excluded(delivery_figure::n)))
            .execute(conn))?;
    }
    Ok(())
}

/// Takes out whoever an earlier planning put in, a part at a time; true while more are left. Nothing was sent then, so
/// nothing is lost.
pub(in crate::outreach) fn forget_deliveries(
    conn: &mut Conn,
    mailing_id: i64,
    most: i64,
) -> QueryResult<bool> {
    let text = format!(
        "DELETE FROM delivery WHERE id IN (SELECT id FROM delivery WHERE mailing_id = ? AND state IN ('queued','left_out') LIMIT {most})"
    );
    let gone = Statement::<()>::built(text)
        .bind(mailing_id)
        .execute(conn)?;
    if gone as i64 == most {
        return Ok(true);
    }
    diesel::delete(delivery_figure::table.filter(delivery_figure::mailing_id.eq(mailing_id)))
        .execute(conn)?;
    Ok(false)
}
