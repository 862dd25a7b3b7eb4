//! `/cards`: what goes to one's own customers, and a word about it before it does.

use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::TimeDelta;
use serde::Deserialize;

use super::card_letter;
use crate::accounts::{SignedIn, Verb};
use crate::outreach::actions::greetings::{
    BY_OWNER, GreetingBook, answer, answer_for_one, greeting_book, may_answer,
};
use crate::outreach::model::{ApprovalState, DeliveryState, Mailing};
use crate::outreach::queries::{self, CardRow};
use crate::outreach::rules::mail_reason::code;
use crate::outreach::rules::occasions::name_in;
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Form;
use crate::platform::page::{PageContext, html};
use crate::selling::pages::shown::back;

/// Cards of a greeting stay on the page so long after its day.
pub(super) const AFTERWARDS: TimeDelta = TimeDelta::days(14);
/// Cards of one greeting on the page: more than a rep may own.
const MOST: i64 = 500;

/// Somebody who gets a card, or is written to by hand.
struct Card {
    id: i64,
    person: String,
    company_id: Option<i64>,
    company: String,
    grade: String,
    address: String,
    kind: &'static str,
    state: String,
    is_out: bool,
    may_move: bool,
}

/// One greeting with the cards to own customers.
struct Batch {
    id: i64,
    name: String,
    leaves: String,
    answer: &'static str,
    answer_text: String,
    deadline: String,
    may_answer: bool,
    going: usize,
    cards: Vec<Card>,
    by_hand: Vec<Card>,
}

#[derive(Template)]
#[template(path = "outreach/cards.html")]
struct CardsPage {
    ctx: PageContext,
    lead: String,
    batches: Vec<Batch>,
}

/// `GET /cards`.
pub(super) async fn show(me: SignedIn, db: web::Data<Db>) -> AppResult<HttpResponse> {
    me.require(Verb::ApproveCards)?;
    let page = db.read(move |conn| build(conn, &me)).await?;
    html(&page)
}

fn build(conn: &mut Conn, me: &SignedIn) -> AppResult<CardsPage> {
    let ctx = me.context();
    let book = greeting_book(conn)?;
    let since = book.today(ctx.now) - AFTERWARDS;
    let mut batches = Vec::new();
    for mailing in queries::mailings_with_cards(conn, me.actor.id(), since)? {
        let rows = queries::cards(conn, mailing.id, me.actor.id(), MOST)?;
        let answers = queries::answers(conn, mailing.id)?;
        let mine = answers.iter().find(|(user, _)| *user == me.actor.id());
        let answer = mine.and_then(|(_, code)| ApprovalState::from_code(code));
        let batch = batch(&ctx, &book, &mailing, answer, rows);
        if !batch.cards.is_empty() || !batch.by_hand.is_empty() {
            batches.push(batch);
        }
    }
    let open = batches
        .iter()
        .filter(|b| b.may_answer && b.answer == "open")
        .count();
    Ok(CardsPage {
        lead: match open {
            0 => ctx.t("cards-lead-none"),
            n => ctx.t1("cards-lead", "n", n),
        },
        batches,
        ctx,
    })
}

fn batch(
    ctx: &PageContext,
    book: &GreetingBook,
    mailing: &Mailing,
    answer: Option<ApprovalState>,
    rows: Vec<CardRow>,
) -> Batch {
    let may_answer = may_answer(mailing, ctx.now);
    let reason = |row: &CardRow| row.reason.as_deref().and_then(code).unwrap_or_default();
    let is_left_out = |row: &CardRow| row.state == DeliveryState::LeftOut.code();
    let (by_hand, others): (Vec<CardRow>, Vec<CardRow>) = rows
        .into_iter()
        .partition(|row| is_left_out(row) && reason(row) == "by_hand");
    let cards: Vec<Card> = others
        .into_iter()
        .filter(|row| !is_left_out(row) || reason(row) == BY_OWNER)
        .map(|row| card(ctx, row, may_answer))
        .collect();
    let answer = answer.unwrap_or(ApprovalState::Open);
    let by = mailing
        .approve_by
        .map(|at| ctx.datetime(&at))
        .unwrap_or_default();
    let silence = match book.rules.silence_is_yes {
        true => "cards-deadline-yes",
        false => "cards-deadline-no",
    };
    Batch {
        id: mailing.id,
        name: name_in(ctx.language, mailing),
        leaves: mailing
            .send_from
            .map(|at| ctx.datetime(&at))
            .unwrap_or_default(),
        answer: answer.code(),
        answer_text: ctx.t(answer.key()),
        deadline: match (may_answer, answer) {
            (true, ApprovalState::Open) => ctx.t1(silence, "by", by),
            (true, _) => ctx.t1("cards-deadline-answered", "by", by),
            (false, _) => ctx.t("cards-deadline-over"),
        },
        may_answer,
        going: cards.iter().filter(|card| !card.is_out).count(),
        cards,
        by_hand: by_hand
            .into_iter()
            .map(|row| card(ctx, row, false))
            .collect(),
    }
}

fn card(ctx: &PageContext, row: CardRow, may_answer: bool) -> Card {
    let state = DeliveryState::from_code(&row.state).unwrap_or(DeliveryState::Queued);
    let is_out = state == DeliveryState::LeftOut;
    Card {
        id: row.delivery_id,
        person: row.name.or(row.name_en).unwrap_or_default(),
        company_id: row.company_id,
        company: row.company.unwrap_or_default(),
        grade: row.grade.unwrap_or_default(),
        address: row.address.unwrap_or_default(),
        kind: match state {
            DeliveryState::Sent => "good",
            DeliveryState::Failed => "bad",
            DeliveryState::Unknown | DeliveryState::Withheld => "warn",
            _ => "line",
        },
        state: match is_out {
            true => ctx.t("cards-taken-out"),
            false => ctx.t(state.key()),
        },
        is_out,
        may_move: may_answer && matches!(state, DeliveryState::Queued | DeliveryState::LeftOut),
    }
}

/// A rep's word: about all cards of a greeting, or about one.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Word {
    /// `go` or `stay`.
    word: String,
    /// One card; none: all of them.
    card: Option<i64>,
}

/// `POST /cards/{id}`.
pub(super) async fn say(
    me: SignedIn,
    db: web::Data<Db>,
    id: web::Path<i64>,
    form: Form<Word>,
) -> AppResult<HttpResponse> {
    me.require(Verb::ApproveCards)?;
    let (ctx, id, card) = (me.context(), *id, form.card);
    let they_go = match form.word.as_str() {
        "go" => true,
        "stay" => false,
        _ => return Err(AppError::bad_request("form_unreadable").with("detail", "word")),
    };
    let said = match (card, they_go) {
        (None, true) => "cards-done-go",
        (None, false) => "cards-done-stay",
        (Some(_), true) => "cards-done-in",
        (Some(_), false) => "cards-done-out",
    };
    let done = db
        .write(move |conn| {
            let now = clock::now(conn)?;
            match card {
                Some(card) => answer_for_one(conn, now, &me.actor, id, card, they_go),
                None => answer(conn, now, &me.actor, id, they_go),
            }
        })
        .await;
    let text = ctx.t(said);
    back(&ctx, "/cards", done.map(|()| text))
}

/// Routes of the cards.
#[rustfmt::skip] // one route a line, read as a table
pub(super) fn routes(config: &mut web::ServiceConfig) {
    config
        .service(web::resource("/cards").route(web::get().to(show)).route(web::head().to(show)))
        .service(web::resource("/cards/{id:\\d+}/letter").route(web::get().to(card_letter::show)).route(web::head().to(card_letter::show)))
        .route("/cards/{id:\\d+}", web::post().to(say));
}
