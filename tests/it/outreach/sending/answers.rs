//! What servers say, and what becomes of letters then.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use canvass::schema::{delivery, mailing, suppression};
use chrono::TimeDelta;
use diesel::prelude::*;

use super::{
    Running, ledger_holds, mailing_state, one_domain, start_mailing, states, until, until_quiet,
};
use crate::app::each_backend;
use crate::outreach::sink::{Sink, Verdict};

#[test]
fn everybody_gets_one_letter_and_the_mailing_is_through() {
    each_backend(|app| {
        let sink = Sink::open();
        let id = start_mailing(app, 450, "greeting", |n| format!("d{}.example", n % 7));
        let running = Running::of(app, &sink);
        until("the mailing is through", 60, || {
            mailing_state(&app.db, id) == "done"
        });
        drop(running);
        assert_eq!(sink.count(), 450);
        sink.nobody_got_two();
        assert_eq!(states(&app.db, id)["sent"], 450);
        let touches: i64 = app.read(|conn| {
            use canvass::schema::touch;
            let mails = touch::table.filter(touch::kind.eq("greeting"));
            Ok(mails.count().get_result(conn)?)
        });
        assert_eq!(touches, 450, "each letter is a touch");
        assert!(sink.connections() <= 20, "connections are used again");
        ledger_holds(app);
    });
}

#[test]
fn an_answer_that_is_lost_is_no_reason_to_send_again() {
    each_backend(|app| {
        let sink = Sink::start(|seen| match seen.n % 50 {
            7 => Verdict::TakeAndHangUp,
            31 => Verdict::HangUp,
            _ => Verdict::Take,
        });
        let id = start_mailing(app, 400, "greeting", one_domain);
        let running = Running::of(app, &sink);
        until_quiet(app, id, 60);
        app.advance(TimeDelta::minutes(7));
        until_quiet(app, id, 60);
        drop(running);
        let states = states(&app.db, id);
        sink.nobody_got_two();
        assert_eq!(
            sink.count(),
            400,
            "what was hung up on before its body was tried again"
        );
        let unknown = states["unknown"];
        assert!((1..=12).contains(&unknown), "{states:?}");
        assert_eq!(states["sent"] + unknown, 400, "{states:?}");
        ledger_holds(app);
    });
}

#[test]
fn greylisted_letters_arrive_later_and_once() {
    each_backend(|app| {
        let sink = Sink::start(|seen| {
            let number: usize = seen
                .to
                .trim_start_matches("chen")
                .split('@')
                .next()
                .and_then(|n| n.parse().ok())
                .expect("a number");
            match (number % 5, seen.before) {
                (0, 0) => Verdict::Say("451 4.7.1 Greylisting in action, come back later"),
                (1, 0) if number % 10 == 1 => Verdict::SayToBody("452 4.2.2 Mailbox full"),
                _ => Verdict::Take,
            }
        });
        let id = start_mailing(app, 300, "greeting", one_domain);
        let running = Running::of(app, &sink);
        until_quiet(app, id, 60);
        assert_eq!(sink.count(), 210);
        assert_eq!(states(&app.db, id)["queued"], 90);
        app.advance(TimeDelta::minutes(7));
        until("the rest arrives", 60, || {
            mailing_state(&app.db, id) == "done"
        });
        drop(running);
        assert_eq!(sink.count(), 300);
        sink.nobody_got_two();
        let tries: Vec<i32> =
            app.read(|conn| Ok(delivery::table.select(delivery::attempts).load(conn)?));
        assert_eq!(tries.iter().filter(|n| **n == 2).count(), 90);
        ledger_holds(app);
    });
}

#[test]
fn a_never_that_means_slower_is_put_off_and_silences_nobody() {
    each_backend(|app| {
        let is_open = Arc::new(AtomicBool::new(false));
        let door = is_open.clone();
        let sink = Sink::start(
            move |seen| match (seen.domain(), door.load(Ordering::Relaxed)) {
                ("qq.com", false) => {
                    Verdict::Say("550 Domain frequency limited [x]. https://service.mail.qq.com/")
                }
                _ => Verdict::Take,
            },
        );
        let id = start_mailing(app, 60, "greeting", |n| {
            (if n % 3 == 0 { "qq.com" } else { "kehu.example" }).into()
        });
        let running = Running::of(app, &sink);
        until("the others have theirs", 30, || sink.count() == 40);
        is_open.store(true, Ordering::Relaxed);
        drop(running);
        let told = states(&app.db, id);
        assert_eq!(told.get("failed"), None, "{told:?}");
        let silenced: i64 = app.read(|conn| Ok(suppression::table.count().get_result(conn)?));
        assert_eq!(silenced, 0);
        // The next process begins with what this one learned, and the clock is late enough for every pause.
        app.advance(TimeDelta::hours(2));
        let running = Running::of(app, &sink);
        until("they arrive as well", 90, || {
            mailing_state(&app.db, id) == "done"
        });
        drop(running);
        assert_eq!(sink.count(), 60);
        sink.nobody_got_two();
        ledger_holds(app);
    });
}

#[test]
fn a_mailing_of_which_too_much_is_refused_holds_itself_and_asks() {
    each_backend(|app| {
        let sink = Sink::start(|_| Verdict::Say("550 5.1.1 no such user"));
        let id = start_mailing(app, 300, "greeting", |n| format!("d{}.example", n % 9));
        let running = Running::of(app, &sink);
        until("it holds itself", 30, || {
            mailing_state(&app.db, id) == "paused"
        });
        until("nothing is in hand", 10, || {
            !states(&app.db, id).contains_key("claimed")
        });
        drop(running);
        let told = states(&app.db, id);
        assert!(told["failed"] < 60 && told["queued"] > 240, "{told:?}");
        let why: Option<String> = app.read(|conn| {
            Ok(mailing::table
                .find(id)
                .select(mailing::pause_reason)
                .get_result(conn)?)
        });
        assert!(why.expect("a reason").contains("too_many_refused"));
        ledger_holds(app);
    });
}

#[test]
fn a_window_that_is_over_sends_nothing_late() {
    each_backend(|app| {
        let sink = Sink::open();
        let id = start_mailing(app, 30, "greeting", one_domain);
        app.advance(TimeDelta::hours(21));
        let running = Running::of(app, &sink);
        until("it is through", 30, || mailing_state(&app.db, id) == "done");
        drop(running);
        assert_eq!(sink.count(), 0);
        assert_eq!(states(&app.db, id)["failed"], 30);
        ledger_holds(app);
    });
}

#[test]
fn without_a_relay_each_letter_is_one_file() {
    each_backend(|app| {
        let id = start_mailing(app, 25, "news", one_domain);
        let running = Running::on(&app.db, app.folder.path(), None);
        until("it is through", 30, || mailing_state(&app.db, id) == "done");
        drop(running);
        let folder = app.folder.path().join("outbox");
        let files = std::fs::read_dir(folder).expect("an outbox").count();
        assert_eq!(files, 25);
        ledger_holds(app);
    });
}
