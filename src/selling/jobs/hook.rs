//! Notices by the webhook: signed, tried again with growing pauses, each try written down.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use chrono::{NaiveDateTime, TimeDelta};
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use super::mail::text;
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::office::Office;
use crate::platform::settings;
use crate::selling::model::{NoticeKind, Webhook};
use crate::selling::queries;
use crate::selling::rules::notice::{PAUSES, may_post, message, signature};

/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(10);
/// What is kept of an answer.
const KEPT: usize = 300;

static AGENT: LazyLock<ureq::Agent> = LazyLock::new(|| {
    let found = rustls_native_certs::load_native_certs().certs;
    let roots: Vec<Certificate<'static>> = found
        .iter()
        .map(|der| Certificate::from_der(der.as_ref()).to_owned())
        .collect();
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::new_with_certs(&roots))
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .build();
    ureq::Agent::config_builder()
        .tls_config(tls)
        .http_status_as_error(false)
        .max_redirects(0)
        .timeout_global(Some(PATIENCE))
        .build()
        .into()
});

/// A message on its way.
struct Parcel {
    id: i64,
    attempts: i32,
    hook: Webhook,
    body: Vec<u8>,
    notice_id: i64,
    may_go: bool,
}

/// Posts the next message that is due. False when there was none.
pub(super) fn post_next(db: &Db) -> AppResult<bool> {
    let Some(parcel) = db.write_blocking(take)? else {
        return Ok(false);
    };
    let (status, answer) = if parcel.may_go {
        post(&parcel)
    } else {
        (None, "not posted: the clock is a rehearsal one".to_owned())
    };
    db.write_blocking(move |conn| {
        let now = clock::now(conn)?;
        let is_taken = status.is_some_and(|s| (200..300).contains(&s));
        let is_last = usize::try_from(parcel.attempts).unwrap_or(usize::MAX) >= PAUSES.len();
        let (state, done) = match (is_taken, is_last || !parcel.may_go) {
            (true, _) => ("done", Some(now)),
            (false, true) => ("failed", Some(now)),
            (false, false) => ("waiting", None),
        };
        queries::settle_delivery(conn, parcel.id, state, status, &answer, done)
            .map_err(AppError::from)
    })?;
    Ok(true)
}

fn take(conn: &mut Conn) -> AppResult<Option<Parcel>> {
    let reading = clock::read(conn)?;
    let now = reading.now;
    let Some((id, notice_id, attempts)) = queries::take_delivery(conn, now)? else {
        return Ok(None);
    };
    queries::put_off(conn, id, later(now, attempts))?;
    let hook = settings::load::<Webhook>(conn)?.value;
    let office = settings::load::<Office>(conn)?.value;
    let notice = queries::notice(conn, notice_id)?;
    let kind = NoticeKind::from_code(&notice.kind).unwrap_or(NoticeKind::Offered);
    let sentence = text(&notice, office.lang(), &office, now);
    let body = message(&hook.url, kind, notice_id, &sentence);
    Ok(Some(Parcel {
        id,
        attempts,
        body: serde_json::to_vec(&body)?,
        notice_id,
        may_go: may_post(&hook.url, reading.rehearsal),
        hook,
    }))
}

/// When a message comes again that was tried so often.
fn later(now: NaiveDateTime, attempts: i32) -> NaiveDateTime {
    let at = usize::try_from(attempts).unwrap_or(0).min(PAUSES.len() - 1);
    now + TimeDelta::minutes(PAUSES[at].max(1))
}

fn post(parcel: &Parcel) -> (Option<i32>, String) {
    let sent = AGENT
        .post(&parcel.hook.url)
        .header("Content-Type", "application/json")
        .header("X-Canvass-Delivery", parcel.notice_id.to_string())
        .header(
            "X-Canvass-Signature",
            signature(&parcel.hook.secret, &parcel.body),
        )
        .send(&parcel.body[..]);
    match sent {
        Ok(mut answer) => {
            let status = i32::from(answer.status().as_u16());
            let body = answer.body_mut().read_to_string().unwrap_or_default();
            (Some(status), body.chars().take(KEPT).collect())
        }
        Err(why) => (None, why.to_string().chars().take(KEPT).collect()),
    }
}
