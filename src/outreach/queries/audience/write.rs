//! Writes what was decided.

use diesel::prelude::*;

use crate::on_each;
use crate::outreach::model::NewDelivery;
use crate::platform::db::{Conn, Statement, rows_per_insert};
use crate::schema::{delivery, delivery_figure};

/// Puts deliveries into the ledger; whoever is in this mailing already stays as they are.
pub(in crate::outreach) fn insert_deliveries(
    conn: &mut Conn,
    rows: &[NewDelivery],
) -> QueryResult<()> {
    for part in rows.chunks(rows_per_insert(13)) {
        on_each!(conn => diesel::insert_into(delivery::table)
            .values(part)
            .on_conflict_do_nothing()
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
