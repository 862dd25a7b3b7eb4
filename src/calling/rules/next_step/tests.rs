use super::*;
use crate::platform::calendar::{Calendars, Country};
use crate::qualifying::Grade;
use chrono_tz::Asia::Shanghai;
use proptest::prelude::*;

mod talks;

fn sh(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap() - TimeDelta::hours(8)
}

/// The step after a result at a moment, `attempts` being how often it came.
fn after(result: Disposition, at: &str, attempts: u32) -> NextStep {
    run(
        result,
        at,
        History {
            attempts,
            dials_in_campaign: attempts,
            ..dialled(&[at])
        },
        Facts::default(),
    )
}

fn dialled(at: &[&str]) -> History {
    let dials: Vec<NaiveDateTime> = at.iter().map(|at| sh(at)).collect();
    History {
        number_dials: dials.clone(),
        company_dials: dials,
        attempts: 1,
        dials_in_campaign: 1,
        other_number: false,
    }
}

fn run(result: Disposition, at: &str, history: History, facts: Facts) -> NextStep {
    let calendar = Calendar::shipped(Shanghai, Country::Cn);
    let moment = Moment {
        now: sh(at),
        callee: &calendar,
        office: &calendar,
    };
    let facts = Facts {
        agent_id: 7,
        dialled_at: sh(at),
        ..facts
    };
    next_step(result, &history, &facts, &moment, &CallingRules::default()).unwrap()
}

fn given(callback_at: Option<&str>) -> Given {
    Given {
        callback_at: callback_at.map(sh),
        visit_at: None,
        duplicate_of: true,
        reason: true,
        wechat: true,
    }
}

fn effects(step: &NextStep) -> Vec<Effect> {
    step.steps.iter().map(|step| step.effect.clone()).collect()
}

#[test]
fn unreached_entries_are_tried_again_as_the_table_says() {
    use Disposition as D;
    for (result, at, attempts, next) in [
        (D::NoAnswer, "2026-09-21 11:50", 1, "2026-09-21 15:50"),
        (D::NoAnswer, "2026-09-11 17:59", 1, "2026-09-14 09:00"), // Friday → Monday
        (D::NoAnswer, "2026-09-18 17:59", 1, "2026-09-20 09:00"), // Friday → Sunday worked by 调休
        (D::NoAnswer, "2026-09-21 09:00", 1, "2026-09-21 14:00"), // 13:00 is pause
        (D::NoAnswer, "2026-09-21 11:50", 2, "2026-09-22 09:00"),
        (D::NoAnswer, "2026-09-24 15:00", 2, "2026-09-28 09:00"), // over 中秋
        (D::Busy, "2026-09-21 09:10", 1, "2026-09-21 09:40"),
        (D::Busy, "2026-09-21 11:45", 1, "2026-09-21 14:00"),
        (D::Voicemail, "2026-09-21 09:30", 3, "2026-09-21 14:00"),
        (D::AiAnswered, "2026-09-21 09:30", 1, "2026-09-22 09:00"),
        (D::HungUp, "2026-09-21 10:30", 1, "2026-09-24 10:30"),
        (D::SwitchedOff, "2026-09-21 10:30", 1, "2026-09-22 09:00"),
        (D::Suspended, "2026-09-21 10:30", 1, "2026-09-28 10:30"),
        (D::Gatekeeper, "2026-09-21 10:30", 1, "2026-09-24 14:00"),
        (D::Gatekeeper, "2026-09-21 16:30", 1, "2026-09-24 09:00"),
        (D::DeciderOut, "2026-09-21 10:30", 1, "2026-09-22 09:00"),
    ] {
        assert_eq!(
            after(result, at, attempts).entry().effect,
            Effect::Retry { at: sh(next) },
            "{result:?} {at} {attempts}"
        );
    }
}

#[test]
fn busy_is_deferred_by_the_limits_and_says_so() {
    let mut dials = vec!["2026-09-21 09:10"];
    for (at, next) in [
        ("2026-09-21 09:10", "2026-09-21 09:40"),
        ("2026-09-21 09:40", "2026-09-22 09:00"),
        ("2026-09-22 09:00", "2026-09-28 09:10"),
    ] {
        if !dials.contains(&at) {
            dials.push(at);
        }
        let step = run(
            Disposition::Busy,
            at,
            History {
                attempts: dials.len() as u32,
                ..dialled(&dials)
            },
            Facts::default(),
        );
        assert_eq!(step.next_attempt_at(), Some(sh(next)), "{at}");
    }
    let last = run(
        Disposition::Busy,
        "2026-09-22 09:00",
        dialled(&dials),
        Facts::default(),
    );
    let limit = super::super::limits::LimitReason::NumberDays { dials: 3, days: 7 };
    assert!(
        last.entry().because.contains(&Why::Limit { reason: limit }),
        "{last:?}"
    );
}

#[test]
fn attempts_and_dials_of_the_campaign_exhaust() {
    use Disposition as D;
    for (result, attempts, exhausted) in [
        (D::NoAnswer, 4, false),
        (D::NoAnswer, 5, true),
        (D::Busy, 5, true),
        (D::Voicemail, 4, true),
        (D::HungUp, 3, false),
        (D::HungUp, 4, true),
        (D::Gatekeeper, 3, true),
        (D::DeciderOut, 4, true),
        (D::SendInfo, 3, true),
    ] {
        let step = after(result, "2026-09-21 10:30", attempts);
        assert_eq!(
            step.entry().effect == Effect::Exhausted,
            exhausted,
            "{result:?} {attempts}"
        );
    }
    let six = History {
        dials_in_campaign: 6,
        ..dialled(&["2026-09-21 10:30"])
    };
    let step = run(
        D::NoAnswer,
        "2026-09-21 10:30",
        six.clone(),
        Facts::default(),
    );
    assert_eq!(
        step.entry(),
        &Step {
            effect: Effect::Exhausted,
            because: vec![Why::CampaignDials { dials: 6 }]
        }
    );
    let facts = Facts {
        given: given(Some("2026-09-22 10:30")),
        ..Facts::default()
    };
    assert!(
        matches!(
            run(D::Callback, "2026-09-21 10:30", six, facts)
                .entry()
                .effect,
            Effect::Callback { .. }
        ),
        "their wish is no dial of ours"
    );
}

#[test]
fn bad_numbers_give_way_to_the_next() {
    use Disposition as D;
    let at = "2026-09-21 10:30";
    for (result, attempts, effect) in [
        (D::Blocked, 1, Effect::NumberBad),
        (D::Invalid, 1, Effect::NumberBad),
        (D::WrongNumber, 1, Effect::NumberTakenOff),
        (D::Suspended, 2, Effect::NumberBad),
    ] {
        let other = History {
            attempts,
            other_number: true,
            ..dialled(&[at])
        };
        let step = run(result, at, other.clone(), Facts::default());
        assert_eq!(
            effects(&step),
            [effect.clone(), Effect::NextNumber { at: sh(at) }],
            "{result:?}"
        );
        let none = run(
            result,
            at,
            History {
                other_number: false,
                ..other
            },
            Facts::default(),
        );
        assert_eq!(effects(&none), [effect, Effect::NoNumber], "{result:?}");
    }
    // The company's own limit of the day still holds for its other numbers.
    let third = History {
        other_number: true,
        ..dialled(&["2026-09-21 09:00", "2026-09-21 09:40", at])
    };
    assert_eq!(
        run(D::Invalid, at, third, Facts::default()).next_attempt_at(),
        Some(sh("2026-09-22 09:00"))
    );
}

#[test]
fn a_late_result_counts_from_the_dial() {
    let calendar = Calendar::shipped(Shanghai, Country::Cn);
    let moment = Moment {
        now: sh("2026-09-21 15:00"),
        callee: &calendar,
        office: &calendar,
    };
    let facts = Facts {
        dialled_at: sh("2026-09-21 10:30"),
        ..Facts::default()
    };
    let step = next_step(
        Disposition::NoAnswer,
        &dialled(&["2026-09-21 10:30"]),
        &facts,
        &moment,
        &CallingRules::default(),
    );
    assert_eq!(
        step.unwrap().next_attempt_at(),
        Some(sh("2026-09-21 15:00"))
    );
}

#[test]
fn a_callee_elsewhere_is_called_in_their_hours() {
    let calendars = Calendars::default();
    let london = calendars.get(crate::platform::calendar::CalendarId::GB);
    let moment = Moment {
        now: sh("2026-09-24 17:00"),
        callee: london,
        office: calendars.office(),
    };
    let facts = Facts {
        dialled_at: moment.now,
        ..Facts::default()
    };
    let step = next_step(
        Disposition::NoAnswer,
        &dialled(&["2026-09-24 17:00"]),
        &facts,
        &moment,
        &CallingRules::default(),
    );
    // 17:00 in Shanghai is 10:00 in London; four hours later is 14:00 there.
    assert_eq!(
        step.unwrap().next_attempt_at(),
        Some(sh("2026-09-24 21:00"))
    );
}

#[test]
fn steps_survive_their_json() {
    let step = after(Disposition::NoAnswer, "2026-09-18 17:59", 1);
    let json = serde_json::to_string(&step).unwrap();
    assert!(
        json.contains(r#""effect":"retry""#) && json.contains(r#""why":"opening""#),
        "{json}"
    );
    assert_eq!(serde_json::from_str::<NextStep>(&json).unwrap(), step);
}

#[test]
fn a_result_without_its_time_is_refused() {
    let calendar = Calendar::shipped(Shanghai, Country::Cn);
    let moment = Moment {
        now: sh("2026-09-21 15:00"),
        callee: &calendar,
        office: &calendar,
    };
    let step = next_step(
        Disposition::Callback,
        &History::default(),
        &Facts::default(),
        &moment,
        &CallingRules::default(),
    );
    assert_eq!(step, Err(InputFault::CallbackNeedsTime));
}

proptest! {
    #[test]
    fn every_result_decides_once_about_the_entry_and_calls_only_when_it_may(
        which in 0usize..29, minutes in 0i64..500_000, attempts in 1u32..8, dials in 1u32..8, other: bool, spread in 1i64..3_000,
    ) {
        let calendar = Calendar::shipped(Shanghai, Country::Cn);
        let now = calendar.next_opening(sh("2026-01-05 09:00") + TimeDelta::minutes(minutes));
        let moment = Moment { now, callee: &calendar, office: &calendar };
        let before: Vec<NaiveDateTime> = (0..i64::from(dials)).map(|n| now - TimeDelta::minutes(n * spread)).collect();
        let history = History { attempts, dials_in_campaign: dials, number_dials: before.clone(), company_dials: before, other_number: other };
        let given = Given { callback_at: (which % 2 == 0).then(|| now + TimeDelta::minutes(spread)), ..given(None) };
        let result = Disposition::ALL[which];
        let given = if result == Disposition::Callback { Given { callback_at: Some(now + TimeDelta::minutes(spread)), ..given } } else { given };
        let facts = Facts { agent_id: 7, dialled_at: now, given, ..Facts::default() };
        let rules = CallingRules::default();
        let step = next_step(result, &history, &facts, &moment, &rules).unwrap();
        prop_assert_eq!(step.steps.iter().filter(|step| step.effect.is_about_entry()).count(), 1);
        prop_assert!(step.steps.iter().all(|step| !step.because.is_empty()));
        match step.entry().effect {
            Effect::Retry { at } | Effect::Waiting { until: at } => {
                prop_assert!(at >= now && calendar.is_open_for_calls(at));
                let dials = Dials { number: &history.number_dials, company: &history.company_dials, in_campaign: dials };
                prop_assert_eq!(permit(at, &dials, &rules.limits, Shanghai), Permit::Now);
            }
            Effect::NextNumber { at } => prop_assert!(at >= now && calendar.is_open_for_calls(at)),
            Effect::Callback { at, fallback_at, .. } => prop_assert!(fallback_at > at && calendar.is_open_at_their_wish(at)),
            _ => {}
        }
    }
}
