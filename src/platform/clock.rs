//! Now: the database's clock plus one offset that is stored in the database, so that nodes and restarts agree.

use chrono::{DateTime, Duration, NaiveDateTime, SubsecRound, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Timestamp};

use super::db::{Both, Conn, Statement};
use crate::schema::clock;

/// The state of the clock at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// UTC, to the microsecond.
    pub now: NaiveDateTime,
    /// True where `--now` set the clock: every page says so, and no mail leaves the machine.
    pub rehearsal: bool,
    /// True for the demo: closed hours are skipped, so that a queue is never shut.
    pub skips_closed_hours: bool,
}

/// What is stored of the clock, with the server's own time where there is a server.
#[derive(Debug, Clone, Copy, Queryable)]
pub struct Stored {
    server: Option<NaiveDateTime>,
    offset_us: i64,
    last_at: NaiveDateTime,
}

impl Stored {
    /// The instant that this means.
    pub fn now(&self) -> NaiveDateTime {
        let base = self.server.unwrap_or_else(process_time);
        let now = base + Duration::microseconds(self.offset_us);
        match self.server {
            Some(_) => now,
            None => now.max(self.last_at),
        }
    }
}

/// How [`Stored`] is asked for as the first columns of another question; the row of the clock is `clock`.
pub type StoredColumns = (Nullable<Timestamp>, BigInt, Timestamp);

/// Now. The one source of time for every rule.
pub fn now(conn: &mut Conn) -> QueryResult<NaiveDateTime> {
    read(conn).map(|r| r.now)
}

/// Now, and what kind of clock it is. On SQLite it never goes back behind the last stored instant.
pub fn read(conn: &mut Conn) -> QueryResult<Reading> {
    let text = match conn {
        Conn::Postgres(_) => {
            "SELECT (clock_timestamp() AT TIME ZONE 'UTC'), offset_us, last_at, rehearsal, skips_closed_hours FROM clock WHERE id = 1"
        }
        Conn::Sqlite(_) => {
            "SELECT NULL, offset_us, last_at, rehearsal, skips_closed_hours FROM clock WHERE id = 1"
        }
    };
    let row = Statement::<(StoredColumns, Bool, Bool)>::fixed(text)
        .get_result::<(Stored, bool, bool)>(conn)
        .optional()?;
    let Some((stored, rehearsal, skips_closed_hours)) = row else {
        return Ok(Reading {
            now: process_time(),
            rehearsal: false,
            skips_closed_hours: false,
        });
    };
    Ok(Reading {
        now: stored.now(),
        rehearsal,
        skips_closed_hours,
    })
}

/// Sets the clock of a rehearsal to `now`; from there it runs.
pub fn set(conn: &mut Conn, now: NaiveDateTime, skips_closed_hours: bool) -> QueryResult<()> {
    let base = match conn {
        Conn::Postgres(_) => server_time(conn)?,
        Conn::Sqlite(_) => process_time(),
    };
    let offset = (now - base).num_microseconds().unwrap_or(0);
    let values = (
        clock::offset_us.eq(offset),
        clock::last_at.eq(now),
        clock::rehearsal.eq(true),
        clock::skips_closed_hours.eq(skips_closed_hours),
    );
    Both(
        diesel::insert_into(clock::table)
            .values((clock::id.eq(1), values))
            .on_conflict(clock::id)
            .do_update()
            .set(values),
    )
    .execute(conn)?;
    Ok(())
}

/// Remembers the instant, so that a process whose machine's clock was put back does not go back with it.
pub fn remember(conn: &mut Conn, now: NaiveDateTime) -> QueryResult<()> {
    let row = (
        clock::id.eq(1),
        clock::offset_us.eq(0_i64),
        clock::last_at.eq(now),
        clock::rehearsal.eq(false),
        clock::skips_closed_hours.eq(false),
    );
    Both(
        diesel::insert_into(clock::table)
            .values(row)
            .on_conflict(clock::id)
            .do_update()
            .set(clock::last_at.eq(now)),
    )
    .execute(conn)?;
    Ok(())
}

/// Whether the clock has been set by hand or the database is in real use.
pub fn is_rehearsal(conn: &mut Conn) -> QueryResult<bool> {
    read(conn).map(|r| r.rehearsal)
}

fn process_time() -> NaiveDateTime {
    Utc::now().naive_utc().trunc_subsecs(6)
}

#[derive(QueryableByName)]
struct ServerTime {
    #[diesel(sql_type = Timestamp)]
    at: NaiveDateTime,
}

fn server_time(conn: &mut Conn) -> QueryResult<NaiveDateTime> {
    diesel::sql_query("SELECT (clock_timestamp() AT TIME ZONE 'UTC') AS at")
        .get_result::<ServerTime>(conn)
        .map(|r| r.at)
}

/// Reads `2026-09-24T10:00:00+08:00` into UTC.
pub fn parse_instant(text: &str) -> Result<NaiveDateTime, String> {
    DateTime::parse_from_rfc3339(text)
        .map(|t| t.naive_utc())
        .map_err(|e| format!("{text:?} is no instant like 2026-09-24T10:00:00+08:00: {e}"))
}
