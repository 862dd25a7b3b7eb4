//! The gap that a restore leaves in ids which stand in what was sent outside: in links by which people end our letters,
//! in return addresses, in the ids of letters.
//!
//! An archive does not know what came after it. If the next person got the id of one who was there only between the
//! archive and its restore, a link that is still in somebody's mailbox would act on a stranger, and a letter that comes
//! back would be another one's. So ids go on far above whatever can have been given out meanwhile, and above what the
//! database that is replaced says it gave out, which counts where the same archive is restored twice.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::platform::db::{Conn, Statement};
use crate::platform::error::AppResult;

/// Each table whose ids stand outside, and how many ids are left free at least. A mailing makes a delivery of every
/// person, and is decided anew for days.
const OUTSIDE: [(&str, i64); 3] = [
    ("person", 1_000_000),
    ("mailing", 1_000_000),
    ("delivery", 100_000_000),
];

/// The last ids that a database gave out, by table.
#[derive(Debug, Clone, Default)]
pub struct GivenOut(BTreeMap<&'static str, i64>);

impl GivenOut {
    /// Counts what another database gave out as well.
    #[must_use]
    pub fn and(mut self, other: &Self) -> Self {
        for (table, id) in &other.0 {
            let last = self.0.entry(*table).or_default();
            *last = (*last).max(*id);
        }
        self
    }
}

/// Reads what a database gave out, whether the rows are still there or not.
pub fn given_out(conn: &mut Conn) -> AppResult<GivenOut> {
    let mut given = GivenOut::default();
    for (table, _) in OUTSIDE {
        let text = match conn {
            Conn::Sqlite(_) => format!(
                "SELECT coalesce(max(seq), CAST(0 AS BIGINT)) FROM sqlite_sequence WHERE name = '{table}'"
            ),
            Conn::Postgres(_) => format!(
                "SELECT coalesce(pg_sequence_last_value(CAST(pg_get_serial_sequence('{table}', 'id') AS regclass)), CAST(0 AS BIGINT))"
            ),
        };
        let last = Statement::<BigInt>::built(text).get_result(conn)?;
        given.0.insert(table, last);
    }
    Ok(given)
}

/// Has the ids of these tables go on behind a gap, above what is there and what was given out.
pub fn leave_gap(conn: &mut Conn, given: &GivenOut) -> AppResult<()> {
    for (table, room) in OUTSIDE {
        let text = format!("SELECT coalesce(max(id), CAST(0 AS BIGINT)) FROM {table}");
        let highest: i64 = Statement::<BigInt>::built(text).get_result(conn)?;
        let given = given.0.get(table).copied().unwrap_or(0);
        go_on_behind(conn, table, behind_gap(highest.max(given), room))?;
    }
    Ok(())
}

/// The round number at which ids go on, with so much room between.
fn behind_gap(last: i64, room: i64) -> i64 {
    (last / room + 2) * room
}

fn go_on_behind(conn: &mut Conn, table: &'static str, id: i64) -> AppResult<()> {
    if let Conn::Postgres(_) = conn {
        let text = format!("SELECT setval(pg_get_serial_sequence('{table}', 'id'), {id})");
        Statement::<BigInt>::built(text).get_result::<i64>(conn)?;
        return Ok(());
    }
    // Where no row ever was, SQLite has not begun to count.
    let moved = Statement::<()>::fixed("UPDATE sqlite_sequence SET seq = ? WHERE name = ?")
        .bind(id)
        .bind(table)
        .execute(conn)?;
    if moved == 0 {
        Statement::<()>::fixed("INSERT INTO sqlite_sequence (seq, name) VALUES (?, ?)")
            .bind(id)
            .bind(table)
            .execute(conn)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gap_is_as_wide_as_its_room_wherever_ids_stand() {
        for (last, next) in [(0, 200), (1, 200), (99, 200), (100, 300), (1_250, 1_400)] {
            assert_eq!(behind_gap(last, 100), next, "{last}");
            assert!(next - last >= 100);
        }
        let (mut here, mut there) = (GivenOut::default(), GivenOut::default());
        here.0.insert("person", 7);
        there.0.extend([("person", 5), ("mailing", 3)]);
        let both = here.and(&there);
        assert_eq!(both.0, BTreeMap::from([("person", 7), ("mailing", 3)]));
    }
}
