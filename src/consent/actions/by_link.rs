//! What people settle themselves, by the link of a mail: which ways they close, and that they open them again.

use chrono::NaiveDateTime;

use super::suppress::{NewOrigin, end, suppress};
use crate::accounts::Actor;
use crate::consent::model::{OriginKind, Scope, Subject, Ways, Withdrawal};
use crate::consent::queries::suppression::{self as queries, Live};
use crate::consent::rules::{WithdrawalRequest, may_withdraw};
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};

/// What is closed to us, by whose word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Closed {
    /// By links: they may open it again themselves.
    pub by_link: Ways,
    /// By what they said in a call, by a list, by our own hand: stays as it is.
    pub otherwise: Ways,
}

/// What is closed for all of these subjects together.
pub fn closed(conn: &mut Conn, subjects: &[Subject]) -> AppResult<Closed> {
    let mut closed = Closed::default();
    for subject in subjects {
        for (_, kind, ways) in queries::live_origins(conn, subject)? {
            let part = match OriginKind::parse(&kind) {
                Some(OriginKind::OptOut) => &mut closed.by_link,
                _ => &mut closed.otherwise,
            };
            *part = part.union(Ways(ways));
        }
    }
    Ok(closed)
}

/// Closes exactly these ways of a subject by link: what is new is added, what is no longer meant ends, and what others
/// closed stays. Asking for what stands already writes nothing. Says whether anything changed.
pub fn choose(
    conn: &mut Conn,
    now: NaiveDateTime,
    subject: &Subject,
    ways: Ways,
    delivery_id: Option<i64>,
) -> AppResult<bool> {
    let own = own_origins(conn, subject)?;
    let had: Ways = own.iter().map(|(_, ways)| *ways).collect();
    if had == ways {
        return Ok(false);
    }
    let actor = Actor::system();
    let mut still = had;
    if !ways.holds(had) {
        may_withdraw(WithdrawalRequest::ByLink { own_opt_out: true })
            .map_err(|fault| AppError::conflict(fault.code()))?;
        for (id, _) in own.iter().filter(|(_, one)| !ways.holds(*one)) {
            let which = Live::One(*id);
            end(conn, now, &actor, &which, Withdrawal::Consent, "")?;
        }
        let left = own.iter().filter(|(_, one)| ways.holds(*one));
        still = left.map(|(_, ways)| *ways).collect();
    }
    let new = Ways(ways.0 & !still.0);
    if !new.is_empty() {
        suppress(
            conn,
            now,
            &actor,
            subject,
            new,
            &NewOrigin::opt_out(delivery_id, now),
        )?;
    }
    Ok(true)
}

fn own_origins(conn: &mut Conn, subject: &Subject) -> AppResult<Vec<(i64, Ways)>> {
    let live = queries::live_origins(conn, subject)?;
    let own = live
        .into_iter()
        .filter(|(_, kind, _)| kind == OriginKind::OptOut.code());
    Ok(own.map(|(id, _, ways)| (id, Ways(ways))).collect())
}

/// The part of a choice that an address can carry: mail, and no calls.
pub fn part_of(subject: &Subject, ways: Ways) -> Ways {
    match subject.scope {
        Scope::Email | Scope::Domain => {
            let mail = Ways::MAIL.union(Ways::NEWS).union(Ways::GREETINGS);
            Ways(ways.0 & mail.0)
        }
        _ => ways,
    }
}
