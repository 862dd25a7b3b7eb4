//! The word of whoever has the customers: the cards to them may go, none of them goes, or not to this one.

use chrono::NaiveDateTime;
use serde_json::{Value, json};

use super::book::{GreetingBook, greeting_book};
use crate::accounts::{Actor, Object, Verb, require};
use crate::outreach::actions::mailings::log;
use crate::outreach::model::{
    ApprovalState, DeliveryState, Mailing, MailingKind, MailingState, Moved,
};
use crate::outreach::queries::{self, Cards, StandingCard, Which};
use crate::outreach::rules::ledger::{Event, after};
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::selling::actions::{About, tell};
use crate::selling::model::NoticeKind;

/// What is stored beside a card that its rep took out; the same code puts it back.
pub const BY_OWNER: &str = "owner_declined";

/// Everybody of a greeting is decided: whoever has customers among them is asked, and whoever has customers of grade A is
/// reminded to write.
pub fn after_plan(conn: &mut Conn, now: NaiveDateTime, mailing: &Mailing) -> AppResult<()> {
    if mailing.kind() != MailingKind::Greeting || mailing.state() != MailingState::Planned {
        return Ok(());
    }
    let book = greeting_book(conn)?;
    remind_of_hand_written(conn, now, mailing)?;
    if !book.rules.asks_owners || !may_answer(mailing, now) {
        return Ok(());
    }
    let asked = queries::answers(conn, mailing.id)?;
    for (owner, n) in queries::owners(conn, mailing.id)? {
        if asked.iter().any(|(user, _)| *user == owner) {
            continue;
        }
        queries::insert_answer(conn, mailing.id, owner)?;
        let due = mailing.approve_by.map(|at| at.and_utc());
        let data = json!({ "mailing": mailing.name, "n": n, "due_at": due });
        tell(
            conn,
            now,
            owner,
            NoticeKind::CardsAsked,
            about(mailing),
            &data,
        )?;
    }
    Ok(())
}

/// A plan is made anew out of nothing; what reps said before holds for it as well, whenever it is made: about all of
/// their cards, then about single persons. Answers the mailing with its figures as they are then.
pub fn keep_words(conn: &mut Conn, now: NaiveDateTime, mailing: Mailing) -> AppResult<Mailing> {
    if mailing.kind() != MailingKind::Greeting {
        return Ok(mailing);
    }
    let rules = greeting_book(conn)?.rules;
    for (user, state) in queries::answers(conn, mailing.id)? {
        let says_no = match ApprovalState::from_code(&state) {
            Some(ApprovalState::Declined) => true,
            Some(ApprovalState::ByDefault) => !rules.silence_is_yes,
            _ => false,
        };
        if says_no {
            let cards = Cards::of(mailing.id, user);
            move_cards(conn, now, &mailing, user, &cards, false)?;
        }
    }
    keep_single_words(conn, now, &mailing)?;
    Ok(queries::mailing_by_id(conn, mailing.id)?.unwrap_or(mailing))
}

/// The words about single persons. Whoever was to be left out stays out in whose hands the customer may be by now, and
/// its rep may put them back; a card goes by the word of whoever has the customer still.
fn keep_single_words(conn: &mut Conn, now: NaiveDateTime, mailing: &Mailing) -> AppResult<()> {
    let words = queries::words(conn, mailing.id)?;
    for of_user in words.chunk_by(|one, next| one.0 == next.0) {
        let said = |wanted: bool| -> Vec<i64> {
            let kept = of_user.iter().filter(|(_, _, goes)| *goes == wanted);
            kept.map(|(_, person, _)| *person).collect()
        };
        let (user, going, staying) = (of_user[0].0, said(true), said(false));
        let theirs = Cards {
            which: Which::To(&going),
            ..Cards::of(mailing.id, user)
        };
        move_cards(conn, now, mailing, user, &theirs, true)?;
        let anybodys = Cards {
            owner_id: None,
            which: Which::To(&staying),
            ..theirs
        };
        move_cards(conn, now, mailing, user, &anybodys, false)?;
    }
    Ok(())
}

/// A customer of grade A gets no card of ours: their rep writes by hand, and is told in time.
fn remind_of_hand_written(conn: &mut Conn, now: NaiveDateTime, mailing: &Mailing) -> AppResult<()> {
    for (owner, n) in queries::by_hand(conn, mailing.id)? {
        if queries::was_told(conn, owner, NoticeKind::CardsByHand.code(), mailing.id)? {
            continue;
        }
        let data = json!({ "mailing": mailing.name, "n": n, "day": mailing.occasion_on });
        tell(
            conn,
            now,
            owner,
            NoticeKind::CardsByHand,
            about(mailing),
            &data,
        )?;
    }
    Ok(())
}

fn about(mailing: &Mailing) -> About {
    About {
        company_id: None,
        object_id: Some(mailing.id),
    }
}

/// Whether answers still count: before the deadline, while nothing has left.
pub fn may_answer(mailing: &Mailing, now: NaiveDateTime) -> bool {
    let is_waiting = matches!(
        mailing.state(),
        MailingState::Planned | MailingState::Scheduled
    );
    let is_fair = mailing.approve_by < mailing.send_until;
    is_waiting && is_fair && mailing.approve_by.is_some_and(|by| now < by)
}

/// A rep's mailing that can still be answered, held until the transaction ends.
fn hold(conn: &mut Conn, now: NaiveDateTime, actor: &Actor, id: i64) -> AppResult<Mailing> {
    require(actor, Verb::ApproveCards, Object::Any)?;
    let mailing = queries::hold_mailing(conn, id)?.ok_or_else(AppError::not_found)?;
    if !queries::has_cards(conn, id, actor.id())? {
        return Err(AppError::not_found());
    }
    if !may_answer(&mailing, now) {
        return Err(AppError::conflict("cards_too_late"));
    }
    Ok(mailing)
}

/// All cards to own customers may go, or none does.
pub fn answer(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    id: i64,
    they_go: bool,
) -> AppResult<()> {
    let mailing = hold(conn, now, actor, id)?;
    let state = match they_go {
        true => ApprovalState::Approved,
        false => ApprovalState::Declined,
    };
    let cards = Cards::of(id, actor.id());
    move_cards(conn, now, &mailing, actor.id(), &cards, they_go)?;
    queries::forget_words(conn, id, actor.id())?;
    queries::set_answer(conn, id, actor.id(), state.code(), Some(now))?;
    log(conn, now, actor, state.code(), id, 1)
}

/// One card does not go, or goes after all.
pub fn answer_for_one(
    conn: &mut Conn,
    now: NaiveDateTime,
    actor: &Actor,
    id: i64,
    delivery_id: i64,
    it_goes: bool,
) -> AppResult<()> {
    let mailing = hold(conn, now, actor, id)?;
    let one = Cards {
        which: Which::One(delivery_id),
        ..Cards::of(id, actor.id())
    };
    if move_cards(conn, now, &mailing, actor.id(), &one, it_goes)? == 0 {
        return Err(AppError::conflict("card_moved"));
    }
    queries::keep_word(conn, actor.id(), delivery_id, it_goes, now)?;
    let verb = if it_goes { "card_in" } else { "card_out" };
    log(conn, now, actor, verb, id, 1)
}

/// Takes cards out of the mailing by somebody's word, or puts back what was taken out; how many moved.
fn move_cards(
    conn: &mut Conn,
    now: NaiveDateTime,
    mailing: &Mailing,
    by_word_of: i64,
    cards: &Cards<'_>,
    in_again: bool,
) -> AppResult<i64> {
    let standing = queries::standing_cards(conn, cards, in_again)?;
    let moves: Vec<Moved> = standing
        .into_iter()
        .filter_map(|card| moved(mailing, by_word_of, card, in_again))
        .collect();
    let moved = queries::move_deliveries(conn, now, &moves)?.len() as i64;
    let figures = queries::mailing_by_id(conn, mailing.id)?.and_then(|m| m.figures());
    let Some(mut figures) = figures.filter(|_| moved > 0) else {
        return Ok(moved);
    };
    let by = if in_again { moved } else { -moved };
    figures.included += by;
    *figures.left_out.entry(BY_OWNER.to_owned()).or_default() -= by;
    figures.left_out.retain(|_, n| *n != 0);
    queries::keep_figures(conn, mailing.id, &serde_json::to_string(&figures)?)?;
    Ok(moved)
}

/// The move of one card. Why it was in is kept inside of why it is out, and comes back with it.
fn moved(
    mailing: &Mailing,
    by_word_of: i64,
    (delivery_id, domain, reason): StandingCard,
    in_again: bool,
) -> Option<Moved> {
    let (from, event) = match in_again {
        true => (DeliveryState::LeftOut, Event::PutBack),
        false => (DeliveryState::Queued, Event::TakenOut),
    };
    let reason: Value = reason
        .and_then(|stored| serde_json::from_str(&stored).ok())
        .unwrap_or_default();
    let reason = match in_again {
        true => reason["was"].clone(),
        false => json!({ "code": BY_OWNER, "owner_id": by_word_of, "was": reason }),
    };
    let to = after(mailing.kind(), from, event)?;
    let domain = domain.unwrap_or_default();
    Some(Moved {
        reason: Some(reason.to_string()),
        ..Moved::one(delivery_id, mailing.id, domain, from, to)
    })
}

/// The deadline has passed: whoever was silent has said what silence means.
pub(super) fn close_answers(
    conn: &mut Conn,
    now: NaiveDateTime,
    book: &GreetingBook,
    mailing: &Mailing,
) -> AppResult<()> {
    for (user, state) in queries::answers(conn, mailing.id)? {
        if state != ApprovalState::Open.code() {
            continue;
        }
        if !book.rules.silence_is_yes {
            let cards = Cards::of(mailing.id, user);
            move_cards(conn, now, mailing, user, &cards, false)?;
        }
        let by_default = ApprovalState::ByDefault.code();
        queries::set_answer(conn, mailing.id, user, by_default, Some(now))?;
    }
    keep_single_words(conn, now, mailing)?;
    log(conn, now, &Actor::system(), "answers_closed", mailing.id, 1)
}
