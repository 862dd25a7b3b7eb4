//! The negative control: looks for a ready entry, and takes it in a second step.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use canvass::platform::clock;
use canvass::platform::db::{Conn, Db};
use canvass::platform::error::{AppError, AppResult};
use canvass::platform::log::{Event, happened};
use canvass::registry::rules::hash::hash64;
use canvass::schema::{contact_point, queue_entry};
use diesel::prelude::*;
use serde_json::json;

use crate::app::Client;

/// As long as a telemarketer's program has an entry in hand in this test.
const IN_HAND: Duration = Duration::from_millis(5);

struct Found {
    entry: i64,
    company: Option<i64>,
    number: Option<i64>,
}

/// Works until nothing is ready.
pub fn work(db: &Db, agent: &Client, campaign: i64) {
    static NEXT: AtomicI64 = AtomicI64::new(1);
    let user = agent.actor.id();
    while let Some(found) = db.read_blocking(|conn| look(conn, campaign)).expect("read") {
        let taken = NEXT.fetch_add(1, Ordering::Relaxed);
        for (state, kind) in [("leased", "lease.claimed"), ("done", "lease.released")] {
            let (entry, company) = (found.entry, found.company);
            let data = json!({ "entry": entry, "number": found.number }).to_string();
            let written = db.write_blocking(move |conn| {
                let now = clock::now(conn)?;
                diesel::update(queue_entry::table.find(entry))
                    .set(queue_entry::state.eq(state))
                    .execute(conn)?;
                let event = Event {
                    at: now,
                    kind,
                    user_id: Some(user),
                    campaign_id: Some(campaign),
                    company_id: company,
                    object_id: Some(taken),
                    data: Some(data),
                };
                Ok::<_, AppError>(happened(conn, &event)?)
            });
            written.expect("written");
            std::thread::sleep(IN_HAND);
        }
    }
}

fn look(conn: &mut Conn, campaign: i64) -> AppResult<Option<Found>> {
    let found: Option<(i64, Option<i64>)> = queue_entry::table
        .filter(queue_entry::campaign_id.eq(campaign))
        .filter(queue_entry::state.eq("ready"))
        .order((
            queue_entry::class,
            queue_entry::score.desc(),
            queue_entry::id,
        ))
        .select((queue_entry::id, queue_entry::company_id))
        .first(conn)
        .optional()?;
    let Some((entry, company)) = found else {
        return Ok(None);
    };
    let number: Option<String> = contact_point::table
        .filter(contact_point::owner_kind.eq(1))
        .filter(contact_point::owner_id.eq(company.unwrap_or_default()))
        .select(contact_point::value)
        .first(conn)
        .optional()?;
    Ok(Some(Found {
        entry,
        company,
        number: number.map(|number| hash64(&number)),
    }))
}
