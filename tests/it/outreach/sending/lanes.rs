//! One domain that takes little slows no other, and gets what it takes.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use canvass::outreach::actions::ledger::{self, Walked, Wishes};
use canvass::platform::clock;
use canvass::platform::db::Backend;
use canvass::schema::delivery;
use diesel::prelude::*;

use super::{Running, ledger_holds, mailing_state, start_mailing, states, until};
use crate::app::{TestApp, each_backend, is_full_load};
use crate::outreach::sink::{Seen, Sink, Verdict};

/// Letters a second that the slow one takes.
pub const ALLOWED: usize = 20;

/// Letters to everybody else.
const OTHERS: usize = 2_000;

#[test]
fn a_slow_domain_slows_no_other_and_is_used_to_the_full() {
    let app = TestApp::on(Backend::Sqlite);
    let sink = Sink::start(slow_at_one());
    // What the others take by themselves is the measure of what they take beside a slow one.
    let alone = start_mailing(&app, OTHERS, "news", |n| format!("d{}.example", n % 10));
    let began = Instant::now();
    let running = Running::of(&app, &sink);
    until("the others are through", 120, || {
        mailing_state(&app.db, alone) == "done"
    });
    drop(running);
    let by_themselves = began.elapsed();
    // Half of everybody is at the slow one, so that it stands in the way of all others if it can.
    let id = start_mailing(&app, OTHERS * 2, "news", |n| match n % 2 {
        0 => SLOW.to_owned(),
        _ => format!("d{}.example", n % 10),
    });
    let began = Instant::now();
    let running = Running::of(&app, &sink);
    let of_others = || {
        let arrived = sink.arrived();
        let others = arrived
            .iter()
            .filter(|(to, at)| *at >= began && !is_slow(to));
        others.count()
    };
    until("the others have theirs", 240, || of_others() == OTHERS);
    let beside = began.elapsed();
    let seconds = if is_full_load() { 60 } else { 12 };
    let settled = Instant::now() + Duration::from_secs(seconds / 3);
    std::thread::sleep(Duration::from_secs(seconds));
    let until_now = settled.elapsed().as_secs_f64();
    drop(running);
    let late = sink
        .arrived()
        .iter()
        .filter(|(to, at)| is_slow(to) && *at >= settled)
        .count();
    let refused = sink
        .refused()
        .iter()
        .filter(|(_, at)| *at >= settled)
        .count();
    let allowed = (ALLOWED as f64 * until_now) as usize;
    eprintln!(
        "others: {by_themselves:?} by themselves, {beside:?} beside a slow one; slow: {late} of {allowed} allowed, {refused} refused; {:?}",
        states(&app.db, id)
    );
    // How fast it goes says something only where the machine has no other work.
    if is_full_load() {
        let most = by_themselves * 2 + Duration::from_secs(1);
        assert!(beside < most, "{beside:?} instead of {by_themselves:?}");
        assert!(late * 100 >= allowed * 80, "{late} of {allowed}");
        assert!(refused * 100 < (late + refused) * 5, "{refused} refused");
    }
    assert!(late > 0, "the slow one is served as well");
    assert!(
        refused * 100 <= (late + refused) * 8,
        "{refused} refused, {late} taken"
    );
    ledger_holds(&app);
}

/// Walks with so much room for the slow one, and any for others.
fn walk(app: &TestApp, wishes: Wishes, slow: usize) -> Walked {
    let room = move |domain: &str| if domain == SLOW { slow } else { 100 };
    app.read(|conn| {
        let now = clock::now(conn)?;
        ledger::walk(conn, now, wishes, room)
    })
}

const SLOW: &str = "slow.example";

#[test]
fn what_its_lane_had_no_room_for_comes_later_in_its_order() {
    each_backend(|app| {
        let id = start_mailing(app, 6, "news", |n| match n {
            0..4 => SLOW.to_owned(),
            _ => "other.example".to_owned(),
        });
        let all: Vec<i64> = app.read(move |conn| {
            let of_it = delivery::table.filter(delivery::mailing_id.eq(id));
            Ok(of_it.order(delivery::id).select(delivery::id).load(conn)?)
        });
        let wishes = || Wishes {
            most: 100,
            ..Wishes::default()
        };
        let first = walk(app, wishes(), 1);
        assert_eq!(first.ids, [all[0], all[4], all[5]]);
        assert_eq!(first.at_end.len(), 1);
        // One of them is called off meanwhile.
        let gone = all[2];
        app.write(move |conn| {
            let one = diesel::update(delivery::table.find(gone));
            Ok(one
                .set(delivery::state.eq("cancelled"))
                .execute(conn)
                .map(drop)?)
        });
        let second = Wishes {
            passed: first.passed,
            at_end: first.at_end.clone(),
            ..wishes()
        };
        let second = walk(app, second, 2);
        assert_eq!(second.ids, [all[1]]);
        let third = Wishes {
            passed: second.passed,
            at_end: first.at_end,
            ..wishes()
        };
        let third = walk(app, third, 2);
        assert_eq!((third.ids, third.passed.len()), (vec![all[3]], 0));
        // From the beginning: nobody is forgotten, and nobody there twice.
        let passed = walk(app, wishes(), 0).passed;
        let anew = Wishes { passed, ..wishes() };
        let anew = walk(app, anew, 100);
        assert_eq!(anew.ids, [all[0], all[1], all[3], all[4], all[5]]);
        assert!(anew.passed.is_empty());
    });
}

pub fn is_slow(address: &str) -> bool {
    address.ends_with("@slow.example")
}

/// Takes so many letters a second to one domain, and any number to the others.
pub fn slow_at_one() -> impl Fn(&Seen<'_>) -> Verdict + Send + Sync + 'static {
    let last: Mutex<VecDeque<Instant>> = Mutex::default();
    move |seen| {
        if !is_slow(seen.to) {
            return Verdict::Take;
        }
        let (mut last, now) = (last.lock().expect("a clock"), Instant::now());
        let is_old = |at: &Instant| now - *at >= Duration::from_secs(1);
        while last.front().is_some_and(is_old) {
            last.pop_front();
        }
        if last.len() >= ALLOWED {
            return Verdict::Say("450 4.7.1 rate limit exceeded");
        }
        last.push_back(now);
        Verdict::Take
    }
}
