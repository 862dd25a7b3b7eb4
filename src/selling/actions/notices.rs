//! Telling people: a notice on the page, from which mail and webhook are made.

use chrono::NaiveDateTime;
use serde_json::Value;

use crate::accounts::{Actor, Verb, company_of, who_may};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::settings;
use crate::selling::model::{NewNotice, NoticeKind, Webhook};
use crate::selling::queries;

/// What a notice is about.
#[derive(Debug, Clone, Copy, Default)]
pub struct About {
    /// Which company.
    pub company_id: Option<i64>,
    /// Which hand-over.
    pub object_id: Option<i64>,
}

/// Tells one person.
pub fn tell(
    conn: &mut Conn,
    now: NaiveDateTime,
    user_id: i64,
    kind: NoticeKind,
    about: About,
    data: &Value,
) -> AppResult<()> {
    let new = NewNotice {
        user_id,
        kind: kind.code(),
        company_id: about.company_id,
        object_id: about.object_id,
        data: data.to_string(),
        at: now,
    };
    let id = queries::insert_notice(conn, &new)?;
    if !settings::load::<Webhook>(conn)?.value.url.is_empty() {
        queries::insert_delivery(conn, id, now)?;
    }
    Ok(())
}

/// Tells the managers of a rep, or every manager of what nobody has.
pub fn tell_managers(
    conn: &mut Conn,
    now: NaiveDateTime,
    rep_id: Option<i64>,
    kind: NoticeKind,
    about: About,
    data: &Value,
) -> AppResult<()> {
    let object = company_of(conn, rep_id)?;
    for id in who_may(conn, Verb::Reassign, object)? {
        tell(conn, now, id, kind, about, data)?;
    }
    Ok(())
}

/// Puts one's own notices up to one aside.
pub fn put_aside(conn: &mut Conn, now: NaiveDateTime, actor: &Actor, upto: i64) -> AppResult<()> {
    queries::put_aside(conn, actor.id(), upto, now)?;
    Ok(())
}
