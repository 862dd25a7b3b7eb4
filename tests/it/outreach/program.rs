//! The program itself at work: a process of its own on a data directory, a mail server that answers by rule, and nothing
//! of the sender in this process.

mod answers;
mod autumn;
mod letters;
mod moves;
mod people;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use canvass::outreach::checks::INVARIANTS;
use canvass::platform::clock;
use canvass::platform::db::{Conn, Db};
use canvass::platform::error::AppResult;
use chrono::{NaiveDateTime, TimeDelta};

use super::sending::{mail_to, mailing_state, states, until};
use super::sink::Sink;
use crate::app::{Client, opening};
use crate::check::hold_in;
use crate::crash::{Place, Server};

/// In whose name the mail of these tests goes out.
const SENDER: &str = "澄澜软件 <hello@chenglan.example>";

/// A serving process, and a look at its data from beside it.
struct Program {
    server: Server,
    db: Db,
}

impl Program {
    /// With this mail server; without one letters are files.
    fn start(place: &Place, sink: Option<&Sink>) -> Self {
        Self::of(Server::with, place, sink)
    }

    fn of(
        start: impl FnOnce(&Place, &[(&str, &str)]) -> Server,
        place: &Place,
        sink: Option<&Sink>,
    ) -> Self {
        let url = sink.map(Sink::url);
        let mut variables = vec![
            ("CANVASS_MAIL_FROM", SENDER),
            ("CANVASS_SMTP_CONNECTIONS", "10"),
            ("CANVASS_PUBLIC_URL", "https://canvass.example"),
        ];
        variables.extend(url.as_deref().map(|url| ("CANVASS_SMTP_URL", url)));
        let server = start(place, &variables);
        // Behind the server, so that the server owns a SQLite file and this is its guest.
        Self {
            server,
            db: place.open(),
        }
    }

    /// A program with a token, or a stranger's browser without one.
    fn client(&self, token: &str) -> Client {
        Client::of_program(self.server.base(), token)
    }

    fn states(&self, mailing_id: i64) -> BTreeMap<String, usize> {
        states(&self.db, mailing_id)
    }

    /// Waits until nobody waits in a mailing any more.
    #[track_caller]
    fn until_through(&self, mailing_id: i64, patience: u64) {
        let began = Instant::now();
        while mailing_state(&self.db, mailing_id) != "done" {
            assert!(
                began.elapsed() < Duration::from_secs(patience),
                "not through: {:?}",
                self.states(mailing_id)
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Moves the rehearsal clock forward, as an operator would from beside.
    fn advance(&self, by: TimeDelta) {
        self.write(move |conn| {
            let now = clock::now(conn)?;
            Ok(clock::set(conn, now + by, false)?)
        });
    }

    fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Conn) -> AppResult<T> + Send + 'static,
    ) -> T {
        self.db.write_blocking(work).expect("a short write")
    }
}

/// Sets the rehearsal clock of a place that nobody serves.
fn set_clock(place: &Place, now: NaiveDateTime) {
    let set = place
        .open()
        .write_blocking(move |conn| AppResult::Ok(clock::set(conn, now, false)?));
    set.expect("the clock is set");
}

/// So many people, and a mailing on its way to them all, in a place that nobody serves yet.
fn seed(
    place: &Place,
    people: usize,
    kind: &'static str,
    domain: impl Fn(usize) -> String + Send + 'static,
) -> i64 {
    set_clock(place, opening());
    let made = place
        .open()
        .write_blocking(move |conn| mail_to(conn, opening(), people, kind, domain));
    made.expect("a mailing")
}

/// Ends the program as a power cut would, and looks whether the ledger holds.
#[track_caller]
fn end(program: Program, place: &Place) {
    drop(program);
    hold_in(&place.open(), INVARIANTS);
}
