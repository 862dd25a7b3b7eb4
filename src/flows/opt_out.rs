//! `/u/{token}`: somebody ends our letters by the link in one, or chooses what they get. No account, no cookie, no log-in;
//! works for years, and for whoever was joined to another or erased since.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use chrono::NaiveDateTime;

use super::suppress::look_again;
use crate::accounts::{Gate, Visitor};
use crate::consent::by_link;
use crate::outreach::actions::optout::{Choice, Reader, closed, reader};
use crate::outreach::pages::optout::{Shown, bad_link, choice, nobody, page};
use crate::outreach::rules::link::Link;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::mailer::keys;
use crate::platform::{clock, office, peer};

/// A body is one word, or some boxes.
const BODY: usize = 8 << 10;

pub(super) fn routes(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/u/{token}")
            .route(web::get().to(show))
            .route(web::head().to(show))
            .route(web::post().to(choose)),
    );
}

/// `GET`: shows and changes nothing.
async fn show(
    visitor: Visitor,
    request: HttpRequest,
    db: web::Data<Db>,
    gate: web::Data<Gate>,
    token: web::Path<String>,
) -> AppResult<HttpResponse> {
    let link = match open(&db, &gate, &request, &token) {
        Ok(link) => link,
        Err(error) => return unreadable(visitor, &db, error).await,
    };
    let found = db
        .read(move |conn| {
            let reader = reader(conn, &link)?;
            seen(conn, &link, reader, false)
        })
        .await?;
    shown(visitor, token.into_inner(), found)
}

/// `POST`: by the button of a mail program or by a form. Always 200 for a link of ours, however often it is sent.
async fn choose(
    visitor: Visitor,
    request: HttpRequest,
    db: web::Data<Db>,
    gate: web::Data<Gate>,
    token: web::Path<String>,
    body: web::Bytes,
) -> AppResult<HttpResponse> {
    let link = match open(&db, &gate, &request, &token) {
        Ok(link) => link,
        Err(error) => return unreadable(visitor, &db, error).await,
    };
    if body.len() > BODY {
        return Err(AppError::bad_request("form_too_large"));
    }
    let asked = choice(&body).ok_or_else(|| AppError::bad_request("form_unreadable"))?;
    let found = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            let reader = reader(conn, &link)?;
            opt_out(conn, now, &reader, asked)?;
            seen(conn, &link, reader, true)
        })
        .await?;
    shown(visitor, token.into_inner(), found)
}

/// Writes a choice on everything that it is about; what waits for them anywhere follows at once.
pub fn opt_out(
    conn: &mut Conn,
    now: NaiveDateTime,
    reader: &Reader,
    asked: Choice,
) -> AppResult<()> {
    let ways = asked.closes(closed(conn, reader)?);
    let mut changed = Vec::new();
    for subject in &reader.subjects {
        let part = by_link::part_of(subject, ways);
        if by_link::choose(conn, now, subject, part, reader.delivery_id)? {
            changed.push(subject.clone());
        }
    }
    look_again(conn, now, &changed)
}

/// Whose link it is. Whoever guesses at links is slowed down by address, whoever hammers at one by the link.
fn open(db: &Db, gate: &Gate, request: &HttpRequest, token: &str) -> AppResult<Link> {
    let ring = keys::ring(db.data())?;
    match Link::read(&ring, token) {
        Some(link) => {
            gate.open_link(link.person_id)?;
            Ok(link)
        }
        None => {
            gate.wrong_link(peer::address(request))?;
            Err(AppError::refuse(StatusCode::NOT_FOUND, "link_unknown"))
        }
    }
}

/// A link that nobody can read: whoever has it is told what to do instead.
async fn unreadable(visitor: Visitor, db: &Db, error: AppError) -> AppResult<HttpResponse> {
    let unknown = error
        .refusal()
        .filter(|it| it.status == StatusCode::NOT_FOUND);
    let Some(unknown) = unknown.cloned() else {
        return Err(error);
    };
    let office = db.read(office::load).await?;
    bad_link(visitor.context, &unknown, &office)
}

type Found = (Reader, by_link::Closed, office::Office, bool, bool);

fn seen(conn: &mut Conn, link: &Link, reader: Reader, is_done: bool) -> AppResult<Found> {
    let closed = closed(conn, &reader)?;
    Ok((
        reader,
        closed,
        office::load(conn)?,
        link.is_trial(),
        is_done,
    ))
}

/// The page in the reader's language, unless they asked for the other one. Where neither person nor letter is left there
/// is nothing to write a choice on, and nobody is told that it was.
fn shown(visitor: Visitor, token: String, found: Found) -> AppResult<HttpResponse> {
    let (reader, closed, office, is_trial, is_done) = found;
    let mut ctx = visitor.context;
    if reader.subjects.is_empty() && !is_trial {
        return nobody(ctx, &office);
    }
    if let Some(lang) = reader.language.filter(|_| !ctx.path.contains("lang=")) {
        ctx.language = lang;
    }
    let name = office.sender_in(ctx.language).unwrap_or_default();
    let shown = Shown {
        token,
        office: name.to_owned(),
        address: reader.address().map(str::to_owned),
        closed,
        is_done: is_done && !is_trial,
        is_trial,
    };
    page(ctx, shown)
}
