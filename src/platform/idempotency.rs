//! `Idempotency-Key`: the same key of the same user returns the same answer, whatever happened in between.
//!
//! A handler of an unsafe API call takes [`ApiBody`] and runs its work by [`write_once`], in one transaction:
//!
//! ```ignore
//! async fn make(api: ApiUser, db: web::Data<Db>, asked: ApiBody<NewThing>) -> AppResult<HttpResponse> {
//!     api.require(Verb::MakeThings)?;
//!     let answer = write_once(&db, api.actor.id(), asked.once, move |conn, now| {
//!         let id = actions::make_thing(conn, now, &api.actor, asked.body)?;
//!         Ok(Answer::created(json!({ "id": id })))
//!     }).await?;
//!     Ok(answer.into_response())
//! }
//! ```
//!
//! What must be looked at anew each time, as a right to the thing, stands before [`once`] in the same transaction.
//!
//! A refusal is not kept: it changed nothing, and its transaction takes the key back with it.

use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest, HttpResponse, web};
use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use super::clock;
use super::db::{Both, Conn, Db};
use super::error::{AppError, AppResult};
use super::nul::dropped_from_json;
use crate::schema::answer;

/// Answers are kept this long; a program that asks again later than this has forgotten, too.
pub const KEPT: TimeDelta = TimeDelta::days(30);
/// Longest key.
const KEY_LENGTH: usize = 200;
/// Largest JSON body of a call.
const BODY_LIMIT: usize = 4 << 20;

/// What a program gets back: a status and a JSON document.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The document; `null` means no body.
    pub body: serde_json::Value,
}

impl Answer {
    /// 200 with a document.
    pub fn ok(body: serde_json::Value) -> Self {
        Self { status: 200, body }
    }
    /// 201 with a document.
    pub fn created(body: serde_json::Value) -> Self {
        Self { status: 201, body }
    }
    /// 202: it goes on behind the answer.
    pub fn accepted(body: serde_json::Value) -> Self {
        Self { status: 202, body }
    }
    /// 204 without a document.
    pub fn nothing() -> Self {
        Self {
            status: 204,
            body: serde_json::Value::Null,
        }
    }
    /// The answer on the wire.
    pub fn into_response(self) -> HttpResponse {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let mut response = HttpResponse::build(status);
        if self.body.is_null() {
            response.finish()
        } else {
            response.json(self.body)
        }
    }
}

/// What makes two requests the same one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Once {
    /// The key, if the program sent one; without it every request is a new one.
    pub key: Option<String>,
    /// Hash of method, path and body.
    pub hash: i64,
}

impl Once {
    /// Reads the key of a request whose body has these bytes (for an upload: whatever tells two apart).
    pub fn of(request: &HttpRequest, body: &[u8]) -> AppResult<Self> {
        let key = match request.headers().get("Idempotency-Key") {
            None => None,
            Some(value) => {
                let key = value.to_str().ok().map(str::trim).filter(|k| is_key(k));
                let wrong = || AppError::bad_request("idempotency_key_malformed");
                Some(key.ok_or_else(wrong)?.to_owned())
            }
        };
        let mut hash = Sha256::new();
        hash.update(request.method().as_str());
        hash.update([0]);
        hash.update(request.path());
        hash.update([0]);
        hash.update(body);
        let mut first = [0_u8; 8];
        first.copy_from_slice(&hash.finalize()[..8]);
        let hash = i64::from_be_bytes(first);
        Ok(Self { key, hash })
    }
}

fn is_key(key: &str) -> bool {
    (1..=KEY_LENGTH).contains(&key.len()) && key.bytes().all(|b| (0x21..0x7f).contains(&b))
}

/// The JSON body of an API call, and what makes the call the same one when it is sent again.
/// An empty body is read as `{}`.
#[derive(Debug)]
pub struct ApiBody<T> {
    /// The document.
    pub body: T,
    /// For [`write_once`].
    pub once: Once,
}

impl<T: DeserializeOwned + 'static> FromRequest for ApiBody<T> {
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = AppResult<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let bytes = web::Bytes::from_request(&request, payload);
        Box::pin(async move {
            let unreadable = || AppError::bad_request("json_unreadable");
            let bytes = bytes.await.map_err(|e| unreadable().with("detail", e))?;
            if bytes.len() > BODY_LIMIT {
                return Err(AppError::refuse(
                    StatusCode::PAYLOAD_TOO_LARGE,
                    "json_too_large",
                ));
            }
            let once = Once::of(&request, &bytes)?;
            let text: &[u8] = if bytes.trim_ascii().is_empty() {
                b"{}"
            } else {
                &bytes
            };
            let text = dropped_from_json(text);
            let body = serde_json::from_slice(&text).map_err(|e| unreadable().with("detail", e))?;
            Ok(Self { body, once })
        })
    }
}

/// Runs `work` once per key of a user; asked again, gives the first answer. A key that came with another request is
/// refused. Call it inside the write transaction that `work` belongs to.
///
/// The key is taken before the work: of two equal requests at once the second waits at the unique key until the first
/// has committed.
pub fn once(
    conn: &mut Conn,
    user_id: i64,
    asked: &Once,
    now: NaiveDateTime,
    work: impl FnOnce(&mut Conn) -> AppResult<Answer>,
) -> AppResult<Answer> {
    let Some(key) = asked.key.as_deref() else {
        return work(conn);
    };
    let taken = Both(
        diesel::insert_into(answer::table)
            .values((
                answer::user_id.eq(user_id),
                answer::idem_key.eq(key),
                answer::request_hash.eq(asked.hash),
                answer::status.eq(0),
                answer::body.eq(""),
                answer::at.eq(now),
            ))
            .on_conflict_do_nothing(),
    )
    .execute(conn)?;
    let row = answer::table.find((user_id, key));
    if taken == 0 {
        let (hash, status, body) = row
            .select((answer::request_hash, answer::status, answer::body))
            .first::<(i64, i32, String)>(conn)?;
        if hash != asked.hash {
            return Err(AppError::refuse(
                StatusCode::UNPROCESSABLE_ENTITY,
                "idempotency_key_reused",
            ));
        }
        return Ok(Answer {
            status: u16::try_from(status).unwrap_or(200),
            body: serde_json::from_str(&body)?,
        });
    }
    let given = work(conn)?;
    diesel::update(row)
        .set((
            answer::status.eq(i32::from(given.status)),
            answer::body.eq(given.body.to_string()),
        ))
        .execute(conn)?;
    Ok(given)
}

/// [`once`] in a write transaction of its own, which tells the work what time it is.
pub async fn write_once(
    db: &Db,
    user_id: i64,
    asked: Once,
    work: impl FnOnce(&mut Conn, NaiveDateTime) -> AppResult<Answer> + Send + 'static,
) -> AppResult<Answer> {
    db.write(move |conn| {
        let now = clock::now(conn)?;
        once(conn, user_id, &asked, now, |conn| work(conn, now))
    })
    .await
}

/// Drops the answers that are older than [`KEPT`]; says how many.
pub fn forget_old(conn: &mut Conn, now: NaiveDateTime) -> AppResult<usize> {
    let old = answer::table.filter(answer::at.lt(now - KEPT));
    Ok(diesel::delete(old).execute(conn)?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::platform::db::Target;

    fn asked(key: Option<&str>, body: &str) -> Once {
        let request = actix_web::test::TestRequest::post().uri("/api/v1/things");
        let request = match key {
            Some(key) => request.insert_header(("Idempotency-Key", key)),
            None => request,
        };
        Once::of(&request.to_http_request(), body.as_bytes()).expect("a good key")
    }

    fn ask(db: &Db, user_id: i64, asked: Once, body: i64) -> AppResult<Answer> {
        db.write_blocking(move |conn| {
            let now = clock::now(conn)?;
            once(conn, user_id, &asked, now, |_| {
                Ok(Answer::created(json!({ "n": body })))
            })
        })
    }

    #[test]
    fn the_same_key_returns_the_same_answer_and_another_request_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let db = Db::open(&Target::new(folder.path(), None)).expect("a database");
        let first = ask(&db, 1, asked(Some("k"), "a"), 1).expect("first");
        assert_eq!(first, Answer::created(json!({ "n": 1 })));
        assert_eq!(ask(&db, 1, asked(Some("k"), "a"), 2).expect("again"), first);
        let other = ask(&db, 1, asked(Some("k"), "b"), 3).expect_err("another request");
        assert_eq!(
            other.refusal().map(|r| r.code),
            Some("idempotency_key_reused")
        );
        // The key of somebody else, and no key at all, are requests of their own.
        for (user, key) in [(2, Some("k")), (1, None), (1, None)] {
            let answer = ask(&db, user, asked(key, "a"), 4).expect("new");
            assert_eq!(answer.body, json!({ "n": 4 }));
        }
    }

    #[test]
    fn a_refusal_leaves_the_key_free() {
        let folder = tempfile::tempdir().expect("a folder");
        let db = Db::open(&Target::new(folder.path(), None)).expect("a database");
        let request = asked(Some("k"), "a");
        let refused = db.write_blocking({
            let request = request.clone();
            move |conn| {
                let now = clock::now(conn)?;
                once(conn, 1, &request, now, |_| Err(AppError::forbidden()))
            }
        });
        assert!(refused.is_err());
        assert_eq!(
            ask(&db, 1, request, 7).expect("now").body,
            json!({ "n": 7 })
        );
    }

    #[test]
    fn a_key_with_blanks_or_too_long_is_refused() {
        for key in ["a b", &"x".repeat(KEY_LENGTH + 1)] {
            let request = actix_web::test::TestRequest::post()
                .insert_header(("Idempotency-Key", key))
                .to_http_request();
            assert!(Once::of(&request, b"").is_err(), "{key}");
        }
    }
}
