//! The program is killed at any moment while letters leave: nobody gets two, and of few nobody knows.

use std::time::Duration;

use canvass::outreach::checks::INVARIANTS;
use canvass::platform::clock;

use super::{mail_to, mailing_state, states, until};
use crate::app::{is_full_load, opening};
use crate::check::hold_in;
use crate::crash::{Server, each_place, moments, pause};
use crate::outreach::sink::{Sink, Verdict};

/// Letters that can be under way at the same time: so many may be unknown after each kill.
const CONNECTIONS: usize = 10;

#[test]
fn a_kill_at_any_moment_doubles_no_letter_and_loses_none() {
    each_place(|place| {
        let kills = moments(20);
        let people = if is_full_load() { 10_000 } else { 1_500 };
        let made = place.open().write_blocking(move |conn| {
            clock::set(conn, opening(), false)?;
            let domain = |n: usize| format!("d{}.example", n % 40);
            mail_to(conn, opening(), people, "greeting", domain)
        });
        let id = made.expect("a mailing");
        let sink = Sink::start(|_| Verdict::TakeAfter(Duration::from_millis(8)));
        let url = sink.url();
        let variables = [
            ("CANVASS_SMTP_URL", url.as_str()),
            ("CANVASS_MAIL_FROM", "hello@chenglan.example"),
            ("CANVASS_SMTP_CONNECTIONS", "10"),
        ];
        let mut hits = 0;
        for n in 0..kills {
            let server = Server::with(place, &variables);
            let before = sink.count();
            until("letters leave", 60, || {
                sink.count() > before || before == people
            });
            let moment = pause(20, 350);
            server.kill();
            let so_far = sink.count();
            hits += usize::from(so_far < people);
            eprintln!(
                "{:?}: kill {n} after {moment:?}, {so_far} of {people}",
                place.backend
            );
        }
        assert!(hits > 0, "a kill fell into the middle");
        let server = Server::with(place, &variables);
        until("the mailing is through", 240, || {
            let db = place.open();
            mailing_state(&db, id) == "done"
        });
        server.kill();
        let told = states(&place.open(), id);
        eprintln!("{:?}: {told:?} over {kills} kills", place.backend);
        sink.nobody_got_two();
        let unknown = told.get("unknown").copied().unwrap_or(0);
        assert!(unknown <= kills * CONNECTIONS, "{told:?}");
        assert_eq!(
            told["sent"] + unknown,
            people,
            "nobody is forgotten: {told:?}"
        );
        assert!(sink.count() >= told["sent"], "what is told as sent arrived");
        // The people of this test stand on no list, which the registry would mind.
        hold_in(&place.open(), INVARIANTS);
    });
}
