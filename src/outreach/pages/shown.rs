//! What the pages of mailings share: states, moments, counts and reasons in words.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::accounts::{Actor, CompanyAccess, Object, Verb, may};
use crate::outreach::model::{Delivery, DeliveryState, Mailing, MailingState};
use crate::outreach::queries;
use crate::outreach::rules::cadence::{CAP_DAYS, Used};
use crate::outreach::rules::mail_reason::{self, Reader};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::page::PageContext;
use crate::registry::rules::email::masked;

/// The colour of a mailing's state.
pub(in crate::outreach) fn state_kind(state: MailingState) -> &'static str {
    match state {
        MailingState::Sending | MailingState::Done => "good",
        MailingState::Paused => "warn",
        MailingState::Planned | MailingState::Scheduled | MailingState::Planning => "info",
        MailingState::Draft | MailingState::Cancelled => "",
    }
}

/// How a delivery stands: colour and words. One that waits for nothing any more is said not to go, though no claim has
/// found it yet.
pub(crate) fn standing(
    ctx: &PageContext,
    delivery: &Delivery,
    is_stopped: bool,
) -> (&'static str, String) {
    if is_stopped {
        return ("warn", ctx.t("delivery-will-not-go"));
    }
    let state = DeliveryState::from_code(&delivery.state);
    let text = state.map_or_else(String::new, |state| ctx.t(state.key()));
    (delivery_kind(&delivery.state), text)
}

/// The colour of a delivery's state.
fn delivery_kind(state: &str) -> &'static str {
    match DeliveryState::from_code(state) {
        Some(DeliveryState::Sent) => "good",
        Some(DeliveryState::Failed) => "bad",
        Some(DeliveryState::Unknown | DeliveryState::Withheld) => "warn",
        Some(DeliveryState::Queued | DeliveryState::Claimed | DeliveryState::OnWire) => "info",
        Some(DeliveryState::LeftOut | DeliveryState::Cancelled) | None => "",
    }
}

/// Whether somebody sees mailboxes whole: as the numbers of a company that is nobody's.
pub(in crate::outreach) fn sees_mailboxes(actor: &Actor) -> bool {
    let nobodys = Object::Company(CompanyAccess::default());
    may(actor, Verb::SeeNumbers, nobodys)
}

/// A mailbox, whole or masked as on a company's page.
pub(in crate::outreach) fn mailbox(address: &str, in_full: bool) -> String {
    let masked = masked(address).filter(|_| !in_full);
    masked.unwrap_or_else(|| address.to_owned())
}

/// A text in which servers may have repeated mailboxes: each of them whole or masked.
pub(in crate::outreach) fn mailboxes_in(text: &str, in_full: bool) -> String {
    if in_full || !text.contains('@') {
        return text.to_owned();
    }
    let is_part = |c: char| c.is_ascii_alphanumeric() || ".!#$%&*+/=?^_{}~-@".contains(c);
    let (mut masked, mut rest) = (String::with_capacity(text.len()), text);
    while !rest.is_empty() {
        let (between, behind) = rest.split_at(rest.find(is_part).unwrap_or(rest.len()));
        let is_between = |c: char| !is_part(c);
        let (word, after) = behind.split_at(behind.find(is_between).unwrap_or(behind.len()));
        masked.push_str(between);
        masked.push_str(&mailbox(word, false));
        rest = after;
    }
    masked
}

/// The mailbox that a stored reason names.
fn named_mailbox(stored: &str) -> Option<String> {
    let value: serde_json::Value = serde_json::from_str(stored).ok()?;
    Some(value.get("address")?.as_str()?.to_owned())
}

/// The sentence of a stored reason, empty where none was stored; a mailbox in it whole or masked.
pub(crate) fn reason(ctx: &PageContext, stored: Option<&str>, in_full: bool) -> String {
    let reader = Reader {
        lang: ctx.language,
        zone: ctx.zone,
        now: ctx.now,
    };
    let Some(stored) = stored else {
        return String::new();
    };
    let said = mail_reason::told(reader, stored);
    let said = match named_mailbox(stored) {
        Some(address) => said.replace(&address, &mailbox(&address, in_full)),
        None => said,
    };
    mailboxes_in(&said, in_full)
}

/// From when to when it goes.
pub(in crate::outreach) fn moment(ctx: &PageContext, mailing: &Mailing) -> String {
    match (mailing.send_from, mailing.send_until) {
        (Some(from), Some(until)) if ctx.date_of(&from) == ctx.date_of(&until) => {
            format!("{}–{}", ctx.datetime(&from), ctx.time(&until))
        }
        (Some(from), _) => ctx.datetime(&from),
        (None, _) => ctx.t("mailing-no-moment"),
    }
}

/// How much of a cap is used: `3 / 4`.
pub(crate) fn cap(ctx: &PageContext, used: &Used) -> String {
    let touches = used.touches;
    match used.at_most {
        None => ctx.t2("due-cap-none", "touches", touches, "days", CAP_DAYS),
        Some(most) => ctx.t3(
            "due-cap", "touches", touches, "most", most, "days", CAP_DAYS,
        ),
    }
}

/// The colour and the words of a day that is so many days late; negative: that is to come.
pub(crate) fn due(ctx: &PageContext, late: i64, on: NaiveDate) -> (&'static str, String) {
    match late {
        1.. => ("bad", ctx.t1("due-late", "days", late)),
        0 => ("warn", ctx.t("due-today")),
        _ => ("", ctx.t1("due-on", "day", ctx.date(&on))),
    }
}

/// How many deliveries stand where.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::outreach) struct Counts(BTreeMap<String, i64>);

impl Counts {
    /// Those of a mailing.
    pub(in crate::outreach) fn of_mailing(conn: &mut Conn, id: i64) -> AppResult<Self> {
        let mut counts = Self::default();
        for (_, state, n) in queries::delivery_states(conn, &[id])? {
            counts.add(&state, n);
        }
        Ok(counts)
    }

    /// Adds deliveries of a state.
    pub(in crate::outreach) fn add(&mut self, state: &str, n: i64) {
        *self.0.entry(state.to_owned()).or_default() += n;
    }

    /// Deliveries in one state.
    pub(in crate::outreach) fn of(&self, state: DeliveryState) -> i64 {
        self.0.get(state.code()).copied().unwrap_or(0)
    }

    /// Not decided yet: they wait, or are in a worker's hands.
    pub(in crate::outreach) fn waiting(&self) -> i64 {
        use DeliveryState::{Claimed, OnWire, Queued};
        [Queued, Claimed, OnWire]
            .into_iter()
            .map(|s| self.of(s))
            .sum()
    }

    /// Everybody who was to get a letter.
    pub(in crate::outreach) fn included(&self) -> i64 {
        self.0.values().sum::<i64>() - self.of(DeliveryState::LeftOut)
    }

    /// Those whose letter is over, one way or another.
    pub(in crate::outreach) fn settled(&self) -> i64 {
        self.included() - self.waiting()
    }

    /// Everybody who was looked at.
    pub(in crate::outreach) fn considered(&self) -> i64 {
        self.0.values().sum()
    }
}

/// A part of a bar, 0–100 wide.
pub(in crate::outreach) struct Part {
    pub class: &'static str,
    pub x: i64,
    pub width: i64,
}

/// Sent, failed and held back as parts of a whole, what waits is the rest; whoever is there at all is seen.
pub(in crate::outreach) fn bar(counts: &Counts) -> Vec<Part> {
    let whole = counts.included().max(1);
    let (sent, failed) = (
        counts.of(DeliveryState::Sent),
        counts.of(DeliveryState::Failed),
    );
    let mut x = 0;
    let mut parts = Vec::new();
    for (class, n) in [
        ("f-good", sent),
        ("f-bad", failed),
        ("f-warn", counts.settled() - sent - failed),
    ] {
        let width = match n {
            0 => 0,
            n => (n * 100 / whole).max(1).min(100 - x),
        };
        if width > 0 {
            parts.push(Part { class, x, width });
            x += width;
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(all: &[(&str, i64)]) -> Counts {
        let mut counts = Counts::default();
        for (state, n) in all {
            counts.add(state, *n);
        }
        counts
    }

    #[test]
    fn a_mailbox_is_masked_unless_one_may() {
        let address = "chenlq@yanchuan.example";
        assert_eq!(mailbox(address, true), address);
        assert_eq!(mailbox(address, false), "c***@yanchuan.example");
        assert_eq!(mailbox("", false), "");
    }

    #[test]
    fn a_server_that_repeats_a_mailbox_tells_nobody_more() {
        let said = "550 5.1.1 <chenlq@yanchuan.example>: 无此用户 chenlq@yanchuan.example.";
        assert_eq!(mailboxes_in(said, true), said);
        assert_eq!(
            mailboxes_in(said, false),
            "550 5.1.1 <c***@yanchuan.example>: 无此用户 c***@yanchuan.example."
        );
        assert_eq!(mailboxes_in("421 try later", false), "421 try later");
        let once = mailboxes_in("to c***@yanchuan.example", false);
        assert_eq!(once, "to c***@yanchuan.example");
    }

    #[test]
    fn everybody_is_counted_once() {
        let each: Vec<(&str, i64)> = DeliveryState::ALL.iter().map(|s| (s.code(), 1)).collect();
        let counts = counts(&each);
        assert_eq!(counts.considered(), 9);
        assert_eq!(counts.included(), 8);
        assert_eq!(counts.waiting(), 3);
        assert_eq!(counts.settled(), 5);
    }

    #[test]
    fn a_single_failure_is_seen_and_no_bar_is_longer_than_the_whole() {
        let parts = bar(&counts(&[("sent", 9_999), ("failed", 1)]));
        let wide: Vec<_> = parts.iter().map(|p| (p.class, p.x, p.width)).collect();
        assert_eq!(wide, [("f-good", 0, 99), ("f-bad", 99, 1)]);
        let full = bar(&counts(&[("sent", 9_998), ("failed", 1), ("unknown", 1)]));
        assert_eq!(full.iter().map(|p| p.width).sum::<i64>(), 100);
        let parts = bar(&counts(&[("sent", 5), ("withheld", 5)]));
        assert_eq!(
            (parts[1].class, parts[1].x, parts[1].width),
            ("f-warn", 50, 50)
        );
        assert!(bar(&counts(&[("queued", 5), ("left_out", 9)])).is_empty());
    }
}
