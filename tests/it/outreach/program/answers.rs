//! What servers say, and what the program makes of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use canvass::platform::error::AppResult;
use canvass::schema::{delivery, suppression};
use chrono::TimeDelta;
use diesel::prelude::*;

use super::{Program, end, seed, until};
use crate::app::is_full_load;
use crate::crash::each_place;
use crate::outreach::sending::lanes::{ALLOWED, is_slow, slow_at_one};
use crate::outreach::sink::{Sink, Verdict};

fn one_domain(_: usize) -> String {
    "kehu.example".into()
}

#[test]
fn a_lost_answer_makes_a_letter_unknown_and_sends_it_to_nobody_twice() {
    each_place(|place| {
        let people = 600;
        let id = seed(place, people, "greeting", one_domain);
        let marketing = place.user("shen", "marketing");
        // One answer in a hundred is lost behind the body, one connection in a hundred before it.
        let sink = Sink::start(|seen| match seen.n % 100 {
            7 => Verdict::TakeAndHangUp,
            53 => Verdict::HangUp,
            _ => Verdict::Take,
        });
        let program = Program::start(place, Some(&sink));
        program.until_through(id, 120);
        let told = program.states(id);
        let unknown = told["unknown"];
        sink.nobody_got_two();
        assert_eq!(sink.count(), people, "before the body it is tried again");
        assert!((1..=10).contains(&unknown), "{told:?}");
        assert_eq!(told["sent"] + unknown, people, "{told:?}");
        // A person sees them, with what is known.
        let shown = program.client(&marketing);
        let shown = shown.api(&format!("/deliveries?mailing={id}&state=unknown"));
        let shown = shown.expect(200).json()["deliveries"].clone();
        let shown = shown.as_array().expect("a list");
        assert_eq!(shown.len(), unknown);
        for one in shown {
            assert_eq!(one["reason"]["code"], "fate_unknown", "{one}");
            let says = |name: &str| one[name].as_str().is_some_and(|text| !text.is_empty());
            assert!(says("why") && says("smtp_text"), "{one}");
        }
        end(program, place);
    });
}

#[test]
fn greylisted_letters_arrive_later_and_once() {
    each_place(|place| {
        let id = seed(place, 300, "greeting", one_domain);
        let sink = Sink::start(|seen| {
            let digits = seen.to.trim_start_matches("chen").split('@').next();
            let number: usize = digits.and_then(|n| n.parse().ok()).expect("a number");
            match (number % 5, seen.before) {
                (0, 0) => Verdict::Say("451 4.7.1 Greylisting in action, come back later"),
                _ => Verdict::Take,
            }
        });
        let program = Program::start(place, Some(&sink));
        until("the others have theirs", 60, || sink.count() == 240);
        until("nothing is in hand", 20, || {
            program.states(id).get("queued") == Some(&60)
        });
        program.advance(TimeDelta::minutes(7));
        program.until_through(id, 60);
        assert_eq!(sink.count(), 300);
        sink.nobody_got_two();
        assert_eq!(program.states(id)["sent"], 300);
        end(program, place);
    });
}

#[test]
fn a_550_that_means_slower_puts_off_and_silences_nobody() {
    each_place(|place| {
        let id = seed(place, 60, "greeting", |n| {
            (if n % 3 == 0 { "qq.com" } else { "kehu.example" }).into()
        });
        let is_open = Arc::new(AtomicBool::new(false));
        let door = is_open.clone();
        let sink = Sink::start(
            move |seen| match (seen.domain(), door.load(Ordering::Relaxed)) {
                ("qq.com", false) => {
                    Verdict::Say("550 Ip frequency limited [x]. https://service.mail.qq.com/")
                }
                _ => Verdict::Take,
            },
        );
        let program = Program::start(place, Some(&sink));
        until("the others have theirs", 30, || sink.count() == 40);
        until("it was put off", 30, || {
            let put_off = program.db.read_blocking(|conn| {
                let tried = delivery::table.filter(delivery::smtp_code.eq(Some(550)));
                let n: i64 = tried
                    .filter(delivery::state.eq("queued"))
                    .count()
                    .get_result(conn)?;
                AppResult::Ok(n)
            });
            put_off.expect("read") > 0
        });
        assert_eq!(program.states(id).get("failed"), None);
        is_open.store(true, Ordering::Relaxed);
        // What was said before the clock goes on is told before it does.
        std::thread::sleep(Duration::from_secs(3));
        // The next process begins with what this one learned; the clock is late enough for every pause.
        program.advance(TimeDelta::hours(2));
        drop(program);
        let program = Program::start(place, Some(&sink));
        program.until_through(id, 150);
        assert_eq!(sink.count(), 60);
        sink.nobody_got_two();
        let silenced = program.db.read_blocking(|conn| {
            AppResult::Ok(suppression::table.count().get_result::<i64>(conn)?)
        });
        assert_eq!(silenced.expect("read"), 0);
        end(program, place);
    });
}

#[test]
fn a_slow_domain_slows_no_other() {
    each_place(|place| {
        let others = if is_full_load() { 2_000 } else { 400 };
        let id = seed(place, others * 2, "news", |n| match n % 2 {
            0 => "slow.example".to_owned(),
            _ => format!("d{}.example", n % 10),
        });
        let sink = Sink::start(slow_at_one());
        let arrived = |is_wanted: &dyn Fn(&str, Instant) -> bool| {
            let all = sink.arrived();
            all.iter().filter(|(to, at)| is_wanted(to, *at)).count()
        };
        let program = Program::start(place, Some(&sink));
        until("the others have theirs", 120, || {
            arrived(&|to, _| !is_slow(to)) == others
        });
        let so_far = arrived(&|to, _| is_slow(to));
        assert!(so_far < others, "the slow one was not waited for: {so_far}");
        let seconds = if is_full_load() { 60 } else { 8 };
        std::thread::sleep(Duration::from_secs(seconds / 2));
        let settled = Instant::now();
        std::thread::sleep(Duration::from_secs(seconds / 2));
        let late = arrived(&|to, at| is_slow(to) && at >= settled);
        let refused = sink.refused();
        let refused = refused.iter().filter(|(_, at)| *at >= settled).count();
        let allowed = ALLOWED * (seconds / 2) as usize;
        let told = program.states(id);
        eprintln!(
            "{:?}: {so_far}, then {late} of {allowed} allowed, {refused} refused; {told:?}",
            place.backend
        );
        assert!(late > 0 || !told.contains_key("queued"), "it is served on");
        // How fast it goes says something only where the machine has no other work.
        if is_full_load() {
            assert!(late * 100 >= allowed * 80, "{late} of {allowed}");
            assert!(refused * 100 < (late + refused) * 5, "{refused} refused");
        }
        sink.nobody_got_two();
        drop(program);
    });
}
