//! Reads of the page on which a manager sees a queue from above: what is in hand, what is agreed, what holds back.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::platform::db::Conn;
use crate::schema::{callback, company, lease, person, users};

/// Most rows of one list of the page.
const MOST: i64 = 200;

/// A live lease with who has it and whom it is about.
#[derive(Debug, Clone, Queryable)]
pub(crate) struct InHand {
    pub lease_id: i64,
    pub state: String,
    pub agent: String,
    pub company_id: Option<i64>,
    pub company: Option<String>,
    pub person: Option<String>,
    pub claimed_at: NaiveDateTime,
    pub dialled_at: Option<NaiveDateTime>,
    pub expires_at: NaiveDateTime,
}

/// The live leases of a campaign, the oldest first.
pub(crate) fn in_hand(conn: &mut Conn, campaign_id: i64) -> QueryResult<Vec<InHand>> {
    lease::table
        .inner_join(users::table.on(users::id.eq(lease::agent_id)))
        .left_join(company::table.on(company::id.nullable().eq(lease::company_id)))
        .left_join(person::table.on(person::id.nullable().eq(lease::person_id)))
        .filter(lease::campaign_id.eq(campaign_id))
        .filter(lease::state.eq_any(["preview", "dialled", "needs_outcome"]))
        .select((
            lease::id,
            lease::state,
            users::name,
            lease::company_id,
            company::name.nullable(),
            person::name.nullable(),
            lease::claimed_at,
            lease::dialled_at,
            lease::expires_at,
        ))
        .order((lease::claimed_at, lease::id))
        .limit(MOST)
        .load(conn)
}

/// An open call-back: whose it is (nobody's is the team's), and when.
#[derive(Debug, Clone, Queryable)]
pub(crate) struct Agreed {
    pub owner_id: Option<i64>,
    pub owner: Option<String>,
    pub due_at: NaiveDateTime,
}

/// Open call-backs of a campaign, the earliest first.
pub(crate) fn callbacks(conn: &mut Conn, campaign_id: i64) -> QueryResult<Vec<Agreed>> {
    callback::table
        .left_join(users::table.on(users::id.nullable().eq(callback::owner_id)))
        .filter(callback::campaign_id.eq(campaign_id))
        .filter(callback::state.eq("open"))
        .select((callback::owner_id, users::name.nullable(), callback::due_at))
        .order(callback::due_at)
        .load(conn)
}
