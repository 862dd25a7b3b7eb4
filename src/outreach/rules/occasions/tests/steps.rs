//! What time does to a greeting that is under way.

use super::super::*;
use super::sh;
use crate::outreach::model::MailingState;

#[test]
fn time_settles_what_nobody_answered() {
    let shipped = GreetingRules::default();
    let asking = GreetingRules {
        goes_unasked: false,
        ..GreetingRules::default()
    };
    let (by, until) = (sh("2026-09-23 17:00"), sh("2026-09-24 11:30"));
    use MailingState::{Cancelled, Done, Planned, Planning, Scheduled, Sending};
    for (state, approve_by, has_open, rules, now, found) in [
        (Planned, by, true, &shipped, "2026-09-23 16:59", Step::Wait),
        (
            Planned,
            by,
            true,
            &shipped,
            "2026-09-23 17:00",
            Step::Settle,
        ),
        (
            Planned,
            by,
            false,
            &shipped,
            "2026-09-23 17:00",
            Step::Settle,
        ),
        (
            Planned,
            by,
            true,
            &asking,
            "2026-09-23 17:00",
            Step::CloseAnswers,
        ),
        (Planned, by, false, &asking, "2026-09-23 17:00", Step::Wait),
        (
            Planned,
            by,
            false,
            &asking,
            "2026-09-24 11:30",
            Step::Missed,
        ),
        (
            Planned,
            until,
            true,
            &shipped,
            "2026-09-24 11:00",
            Step::Wait,
        ),
        (
            Planned,
            until,
            true,
            &shipped,
            "2026-09-24 11:30",
            Step::Missed,
        ),
        (Planning, by, true, &shipped, "2026-09-24 11:00", Step::Wait),
        (
            Planning,
            by,
            true,
            &shipped,
            "2026-09-24 11:30",
            Step::Missed,
        ),
        (
            Scheduled,
            by,
            false,
            &shipped,
            "2026-09-24 12:00",
            Step::Wait,
        ),
        // Approved by a person before the reps were through: silence still means what it means.
        (
            Scheduled,
            by,
            true,
            &shipped,
            "2026-09-23 17:00",
            Step::CloseAnswers,
        ),
        (Sending, by, false, &shipped, "2026-09-24 12:00", Step::Wait),
        (Done, by, false, &shipped, "2026-09-24 12:00", Step::Wait),
        (
            Cancelled,
            by,
            true,
            &shipped,
            "2026-09-24 12:00",
            Step::Wait,
        ),
    ] {
        let decided_now = UnderWay {
            state,
            since: sh(now),
            approve_by: Some(approve_by),
            send_until: Some(until),
            has_open,
        };
        assert_eq!(step(decided_now, sh(now), rules), found, "{state:?} {now}");
    }
}

#[test]
fn what_was_decided_grows_old_and_is_decided_anew_at_the_deadline() {
    let shipped = GreetingRules::default();
    let asking = GreetingRules {
        goes_unasked: false,
        ..GreetingRules::default()
    };
    let planned = |since: &str| UnderWay {
        state: MailingState::Planned,
        since: sh(since),
        approve_by: Some(sh("2026-09-23 17:00")),
        send_until: Some(sh("2026-09-24 11:30")),
        has_open: false,
    };
    for (since, rules, now, found) in [
        ("2026-09-14 09:00", &shipped, "2026-09-15 08:59", Step::Wait),
        (
            "2026-09-14 09:00",
            &shipped,
            "2026-09-15 09:00",
            Step::Decide,
        ),
        (
            "2026-09-14 09:00",
            &asking,
            "2026-09-15 09:00",
            Step::Decide,
        ),
        (
            "2026-09-23 09:00",
            &shipped,
            "2026-09-23 17:00",
            Step::Decide,
        ),
        (
            "2026-09-23 17:00",
            &shipped,
            "2026-09-23 17:01",
            Step::Settle,
        ),
        // What waits for a person stands as they saw it.
        ("2026-09-22 09:00", &asking, "2026-09-23 17:00", Step::Wait),
    ] {
        assert_eq!(step(planned(since), sh(now), rules), found, "{since} {now}");
    }
}

#[test]
fn a_planning_that_was_given_up_is_tried_again() {
    let rules = GreetingRules::default();
    let draft = UnderWay {
        state: MailingState::Draft,
        since: sh("2026-09-23 17:00"),
        approve_by: Some(sh("2026-09-23 17:00")),
        send_until: Some(sh("2026-09-24 11:30")),
        has_open: false,
    };
    for (now, found) in [
        ("2026-09-23 17:59", Step::Wait),
        ("2026-09-23 18:00", Step::Decide),
        ("2026-09-24 11:30", Step::Missed),
    ] {
        assert_eq!(step(draft, sh(now), &rules), found, "{now}");
    }
}
