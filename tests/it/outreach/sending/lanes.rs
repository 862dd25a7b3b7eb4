//! One domain that takes little slows no other, and gets what it takes.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::{Running, ledger_holds, start_mailing, states};
use crate::app::{TestApp, is_full_load};
use crate::outreach::sink::{Sink, Verdict};
use canvass::platform::db::Backend;

/// Letters a second that the slow one takes.
const ALLOWED: usize = 20;

#[test]
fn a_slow_domain_slows_no_other_and_is_used_to_the_full() {
    let seconds = if is_full_load() { 75 } else { 20 };
    let app = TestApp::on(Backend::Sqlite);
    let last: Mutex<VecDeque<Instant>> = Mutex::default();
    let sink = Sink::start(move |seen| {
        if seen.domain() != "slow.example" {
            return Verdict::Take;
        }
        let (mut last, now) = (last.lock().expect("a clock"), Instant::now());
        while last
            .front()
            .is_some_and(|at| now - *at >= Duration::from_secs(1))
        {
            last.pop_front();
        }
        if last.len() >= ALLOWED {
            return Verdict::Say("450 4.7.1 rate limit exceeded");
        }
        last.push_back(now);
        Verdict::Take
    });
    // Half of everybody is at the slow one, so that it stands in the way of all others if it can.
    let others = 3_000;
    let id = start_mailing(&app, others * 2, "greeting", |n| match n % 2 {
        0 => "slow.example".to_owned(),
        _ => format!("d{}.example", n % 10),
    });
    let began = Instant::now();
    let running = Running::of(&app, &sink);
    std::thread::sleep(Duration::from_secs(seconds));
    drop(running);
    let taken = sink.taken();
    let slow = |to: &str| to.ends_with("@slow.example");
    let of_others: Vec<Duration> = taken
        .iter()
        .filter(|letter| !slow(&letter.to))
        .map(|letter| letter.at - began)
        .collect();
    assert_eq!(
        of_others.len(),
        others,
        "every other domain has its letters"
    );
    let done = of_others.iter().max().expect("letters");
    eprintln!("the others were done after {done:?}");
    assert!(*done < Duration::from_secs(seconds / 2), "{done:?}");
    let settled = began + Duration::from_secs(seconds / 2);
    let late = taken
        .iter()
        .filter(|l| slow(&l.to) && l.at >= settled)
        .count();
    let refused = sink
        .refused()
        .iter()
        .filter(|(_, at)| *at >= settled)
        .count();
    let allowed = ALLOWED * (seconds as usize - seconds as usize / 2);
    eprintln!(
        "slow: {late} of {allowed} allowed, {refused} refused; {:?}",
        states(&app.db, id)
    );
    assert!(late * 100 >= allowed * 70, "{late} of {allowed}");
    assert!(
        refused * 100 <= (late + refused) * 8,
        "{refused} refused, {late} taken"
    );
    sink.nobody_got_two();
    ledger_holds(&app);
}
