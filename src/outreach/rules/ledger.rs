//! What may become of a delivery: its states and every move between them, in one place.
//!
//! ```text
//! queued ─► claimed ─► on_wire ─► sent
//!   ▲  │       │  │       ├─► unknown ─► sent (by evidence or a person) │ queued (news, by a person)
//!   │  │       │  │       └─► failed
//!   └──┼───────┘  └─► failed │ withheld
//!      └─► withheld │ failed │ cancelled │ left_out (by its rep, who may put it back)
//! ```
//! `on_wire` lives in the wire log of the process that sends; the database sees what came of it.

use chrono::{NaiveDateTime, TimeDelta};

use crate::outreach::model::{DeliveryState, MailingKind};

/// What happens to a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Event {
    /// A worker takes it.
    Claimed,
    /// Its body begins to leave.
    Began,
    /// The relay took it.
    Taken,
    /// The connection or the process died between the body and the answer.
    Lost,
    /// Not now: a server put it off, or the connection broke before the body.
    PutOff,
    /// The worker gives it back untried.
    Returned,
    /// A server refused it for good.
    Refused,
    /// Its window is over.
    Missed,
    /// It must not go: refused, told already, a field is missing.
    Withheld,
    /// The mailing was called off.
    CalledOff,
    /// Evidence came, or a person decided, that it counts as sent.
    CountsAsSent,
    /// A person sends it once more.
    SentAgain,
    /// The rep who has the customer says no to it.
    TakenOut,
    /// That rep lets it go after all.
    PutBack,
}

impl Event {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::Claimed,
        Self::Began,
        Self::Taken,
        Self::Lost,
        Self::PutOff,
        Self::Returned,
        Self::Refused,
        Self::Missed,
        Self::Withheld,
        Self::CalledOff,
        Self::CountsAsSent,
        Self::SentAgain,
        Self::TakenOut,
        Self::PutBack,
    ];
}

/// Where a delivery of this kind stands after an event; none: that cannot happen to it there.
pub fn after(kind: MailingKind, state: DeliveryState, event: Event) -> Option<DeliveryState> {
    use DeliveryState as S;
    use Event as E;
    Some(match (state, event) {
        (S::Queued, E::Claimed) => S::Claimed,
        (S::Claimed, E::Began) => S::OnWire,
        (S::OnWire, E::Taken) => S::Sent,
        // Whether the body had begun is what died with the process or the machine.
        (S::Claimed | S::OnWire, E::Lost) => S::Unknown,
        (S::Claimed | S::OnWire, E::PutOff) => S::Queued,
        (S::Claimed, E::Returned) => S::Queued,
        (S::Claimed | S::OnWire, E::Refused) => S::Failed,
        (S::Queued | S::Claimed, E::Missed) => S::Failed,
        (S::Queued | S::Claimed, E::Withheld) => S::Withheld,
        (S::Queued | S::Claimed, E::CalledOff) => S::Cancelled,
        (S::Unknown, E::CountsAsSent) => S::Sent,
        // The rep's word counts until it leaves.
        (S::Queued, E::TakenOut) => S::LeftOut,
        (S::LeftOut, E::PutBack) => S::Queued,
        // A greeting goes out at most once, whoever asks.
        (S::Unknown, E::SentAgain) if kind == MailingKind::News => S::Queued,
        _ => return None,
    })
}

/// Where a delivery stands when what it came through is known at once: most of its life is told to the database in one
/// move.
pub fn after_all(
    kind: MailingKind,
    state: DeliveryState,
    events: &[Event],
) -> Option<DeliveryState> {
    events
        .iter()
        .try_fold(state, |state, event| after(kind, state, *event))
}

/// Whether nothing moves it any more by itself.
pub fn is_settled(state: DeliveryState) -> bool {
    use DeliveryState as S;
    !matches!(state, S::Queued | S::Claimed | S::OnWire)
}

/// Whether the person has, or may have, got the letter: what counts for caps and for "already greeted".
pub fn counts_as_sent(state: DeliveryState) -> bool {
    matches!(state, DeliveryState::Sent | DeliveryState::Unknown)
}

/// Whether a letter has not arrived and does not go any more: what it promised, another one may keep.
pub fn is_given_up(state: DeliveryState) -> bool {
    use DeliveryState as S;
    matches!(state, S::Failed | S::Withheld | S::Cancelled)
}

/// First pause of a delivery that was put off; each further one is twice as long.
const FIRST_PAUSE: TimeDelta = TimeDelta::minutes(5);
/// A letter that was not taken in this time is not news any more.
const LONGEST: TimeDelta = TimeDelta::hours(72);

/// When a delivery is tried again that was put off so often before: 5 min · 2ⁿ, give or take a fifth. `dice` is between
/// 0 and 1. None: not any more inside its window.
pub fn next_try(
    now: NaiveDateTime,
    attempts: i32,
    until: Option<NaiveDateTime>,
    dice: f64,
) -> Option<NaiveDateTime> {
    let doublings = u32::try_from(attempts.max(0)).unwrap_or(0).min(16);
    let pause = FIRST_PAUSE * 2_i32.pow(doublings);
    if pause > LONGEST {
        return None;
    }
    let share = 0.8 + 0.4 * dice.clamp(0.0, 1.0);
    let at = now + TimeDelta::milliseconds((pause.num_milliseconds() as f64 * share) as i64);
    match until {
        Some(until) if at >= until => None,
        _ => Some(at),
    }
}

/// What a wire log says of a delivery that its process left behind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trace {
    /// Nothing: its body never left.
    None,
    /// Its body began to leave, and no answer is written down.
    Began,
    /// The relay took it.
    Taken(String),
    /// The relay put it off.
    PutOff(String),
    /// The relay refused it.
    Refused(String),
}

/// What happened to a claimed delivery whose process is gone. `is_whole`: the log cannot have lost its end, since the
/// machine has run on; after a power cut only what it says for certain counts.
pub fn left_behind(trace: &Trace, is_whole: bool) -> &'static [Event] {
    match (trace, is_whole) {
        (Trace::Taken(_), _) => &[Event::Began, Event::Taken],
        (Trace::Refused(_), _) => &[Event::Began, Event::Refused],
        (Trace::PutOff(_), _) => &[Event::Began, Event::PutOff],
        (Trace::Began, _) => &[Event::Began, Event::Lost],
        (Trace::None, true) => &[Event::Returned],
        (Trace::None, false) => &[Event::Lost],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KINDS: [MailingKind; 2] = [MailingKind::Greeting, MailingKind::News];

    #[test]
    fn every_move_is_in_this_table_and_no_other() {
        use DeliveryState as S;
        use Event as E;
        let moves = [
            (S::Queued, E::Claimed, S::Claimed),
            (S::Queued, E::Missed, S::Failed),
            (S::Queued, E::Withheld, S::Withheld),
            (S::Queued, E::CalledOff, S::Cancelled),
            (S::Claimed, E::Began, S::OnWire),
            (S::Claimed, E::Lost, S::Unknown),
            (S::Claimed, E::PutOff, S::Queued),
            (S::Claimed, E::Returned, S::Queued),
            (S::Claimed, E::Refused, S::Failed),
            (S::Claimed, E::Missed, S::Failed),
            (S::Claimed, E::Withheld, S::Withheld),
            (S::Claimed, E::CalledOff, S::Cancelled),
            (S::OnWire, E::Taken, S::Sent),
            (S::OnWire, E::Lost, S::Unknown),
            (S::OnWire, E::PutOff, S::Queued),
            (S::OnWire, E::Refused, S::Failed),
            (S::Unknown, E::CountsAsSent, S::Sent),
            (S::Unknown, E::SentAgain, S::Queued),
            (S::Queued, E::TakenOut, S::LeftOut),
            (S::LeftOut, E::PutBack, S::Queued),
        ];
        for state in S::ALL {
            for event in E::ALL {
                let want = moves
                    .iter()
                    .find(|(from, by, _)| from == state && *by == event)
                    .map(|(.., to)| *to);
                assert_eq!(after(MailingKind::News, *state, event), want);
                let want = want.filter(|_| event != E::SentAgain);
                assert_eq!(after(MailingKind::Greeting, *state, event), want);
            }
        }
    }

    #[test]
    fn what_a_dead_process_left_is_settled_by_what_is_certain() {
        let left = |trace: Trace, is_whole| {
            let events = left_behind(&trace, is_whole);
            after_all(MailingKind::Greeting, DeliveryState::Claimed, events)
        };
        let said = || String::from("250 ok");
        for is_whole in [true, false] {
            let taken = left(Trace::Taken(said()), is_whole);
            assert_eq!(taken, Some(DeliveryState::Sent));
            let began = left(Trace::Began, is_whole);
            assert_eq!(began, Some(DeliveryState::Unknown));
            let refused = left(Trace::Refused(said()), is_whole);
            assert_eq!(refused, Some(DeliveryState::Failed));
            let put_off = left(Trace::PutOff(said()), is_whole);
            assert_eq!(put_off, Some(DeliveryState::Queued));
        }
        assert_eq!(left(Trace::None, true), Some(DeliveryState::Queued));
        assert_eq!(left(Trace::None, false), Some(DeliveryState::Unknown));
    }

    #[test]
    fn pauses_double_and_end_with_the_window() {
        let now = chrono::DateTime::UNIX_EPOCH.naive_utc();
        let minutes =
            |attempts, dice| next_try(now, attempts, None, dice).map(|at| (at - now).num_minutes());
        assert_eq!(minutes(0, 0.5), Some(5));
        assert_eq!(minutes(0, 0.0), Some(4));
        assert_eq!(minutes(0, 1.0), Some(6));
        assert_eq!(minutes(3, 0.5), Some(40));
        assert_eq!(minutes(9, 0.5), Some(2_560));
        assert_eq!(minutes(10, 0.5), None, "longer than three days");
        let until = Some(now + TimeDelta::minutes(5));
        assert_eq!(next_try(now, 0, until, 0.5), None);
        assert!(next_try(now, 0, until, 0.2).is_some());
    }

    proptest! {
        /// Whatever happens in whatever order: a body leaves again only where a server said no to it, nobody had begun,
        /// or a person asked for it; and a greeting never leaves after one that may have arrived.
        #[test]
        fn nothing_that_may_have_arrived_goes_out_again(
            kind in 0_usize..2,
            events in proptest::collection::vec(0_usize..Event::ALL.len(), 0..60),
        ) {
            let kind = KINDS[kind];
            let mut state = DeliveryState::Queued;
            let mut may_have_arrived = false;
            for event in events.into_iter().map(|n| Event::ALL[n]) {
                let Some(next) = after(kind, state, event) else {
                    continue;
                };
                if event == Event::Began {
                    prop_assert!(!may_have_arrived);
                }
                may_have_arrived = match event {
                    Event::Taken | Event::Lost | Event::CountsAsSent => true,
                    Event::SentAgain => {
                        prop_assert_eq!(kind, MailingKind::News);
                        false
                    }
                    _ => may_have_arrived,
                };
                prop_assert_eq!(may_have_arrived, counts_as_sent(next));
                state = next;
            }
        }

        /// Nothing that is settled moves without a person or evidence.
        #[test]
        fn what_is_settled_stays(state in 0_usize..9, event in 0_usize..Event::ALL.len()) {
            let state = DeliveryState::ALL[state];
            let event = Event::ALL[event];
            let by_a_person = [Event::CountsAsSent, Event::SentAgain, Event::PutBack];
            if is_settled(state) && !by_a_person.contains(&event) {
                prop_assert_eq!(after(MailingKind::News, state, event), None);
            }
        }
    }
}
