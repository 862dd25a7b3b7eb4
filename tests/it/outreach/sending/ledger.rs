//! The ledger by itself, without a server: what is counted once, and what a letter that did not go leaves behind.

use std::collections::HashMap;

use canvass::accounts::Actor;
use canvass::consent::{NewOrigin, Subject, Ways};
use canvass::flows::suppress;
use canvass::outreach::actions::ledger::{self, Claimed, Outcome, Settled, Worker};
use canvass::platform::clock;
use canvass::platform::mailer::Reply;
use canvass::schema::{company, delivery, mailing, once_key, touch};
use chrono::TimeDelta;
use diesel::prelude::*;

use super::{ledger_holds, mailing_state, one_domain, start_mailing, states};
use crate::app::{TestApp, each_backend};
use crate::outreach::audience::somebody;

/// Claims whatever waits in a mailing.
pub fn claim(app: &TestApp, mailing_id: i64) -> Claimed {
    claim_all(app, vec![mailing_id])
}

/// The same in several at once.
pub fn claim_all(app: &TestApp, mailings: Vec<i64>) -> Claimed {
    app.write(move |conn| {
        let now = clock::now(conn)?;
        let waiting: Vec<i64> = delivery::table
            .filter(delivery::mailing_id.eq_any(mailings))
            .filter(delivery::state.eq("queued"))
            .select(delivery::id)
            .load(conn)?;
        let worker = Worker {
            name: "a worker".into(),
            boot: "a boot".into(),
        };
        ledger::claim(conn, now, &worker, &waiting, &HashMap::new())
    })
}

/// The same comes of everything that a claim holds.
pub fn settle(app: &TestApp, claimed: &Claimed, outcome: &Outcome) {
    let settled: Vec<Settled> = claimed
        .held
        .iter()
        .map(|held| Settled {
            claim_id: claimed.id,
            kind: claimed.mailings[&held.mailing_id].kind(),
            held: held.clone(),
            outcome: outcome.clone(),
            body_hash: None,
        })
        .collect();
    app.write(move |conn| {
        let now = clock::now(conn)?;
        ledger::settle(conn, now, &settled).map(drop)
    });
}

pub fn said(code: u16, text: &str) -> Reply {
    Reply {
        code: Some(code),
        text: text.into(),
    }
}

fn promises(app: &TestApp) -> i64 {
    app.read(|conn| Ok(once_key::table.count().get_result(conn)?))
}

#[test]
fn a_greeting_that_is_proved_after_all_is_one_touch() {
    each_backend(|app| {
        let id = start_mailing(app, 1, "greeting", one_domain);
        let claimed = claim(app, id);
        let claim_id = claimed.id;
        // Another node thinks the worker dead, who only was slow.
        app.write(move |conn| {
            let now = clock::now(conn)?;
            ledger::left_behind(conn, now, claim_id, &HashMap::new(), false).map(drop)
        });
        assert_eq!(states(&app.db, id)["unknown"], 1);
        settle(app, &claimed, &Outcome::Taken(said(250, "ok")));
        assert_eq!(states(&app.db, id)["sent"], 1);
        let touches: i64 = app.read(|conn| Ok(touch::table.count().get_result(conn)?));
        assert_eq!(touches, 1);
        ledger_holds(app);
    });
}

#[test]
fn a_letter_that_did_not_go_leaves_its_promise_to_another() {
    each_backend(|app| {
        let first = start_mailing(app, 1, "greeting", one_domain);
        let claimed = claim(app, first);
        assert!(promises(app) > 0);
        settle(app, &claimed, &Outcome::Refused(said(550, "no such user")));
        assert_eq!(states(&app.db, first)["failed"], 1);
        assert_eq!(promises(app), 0);
        app.write(move |conn| {
            let called_off = mailing::state.eq("cancelled");
            diesel::update(mailing::table.find(first))
                .set(called_off)
                .execute(conn)?;
            Ok(())
        });
        // The same greeting once more: nobody has it yet.
        let second = start_mailing(app, 1, "greeting", one_domain);
        let claimed = claim(app, second);
        assert_eq!(claimed.held.len(), 1);
        // Put off, and never in its turn before its time ends.
        settle(app, &claimed, &Outcome::PutOff(said(451, "later")));
        assert_eq!(states(&app.db, second)["queued"], 1);
        assert!(promises(app) > 0);
        app.advance(TimeDelta::hours(21));
        app.write(|conn| {
            let now = clock::now(conn)?;
            ledger::bring_up_to_date(conn, now).map(drop)
        });
        assert_eq!(states(&app.db, second)["failed"], 1);
        assert_eq!(mailing_state(&app.db, second), "done");
        assert_eq!(promises(app), 0);
        ledger_holds(app);
    });
}

#[test]
fn a_refusal_under_the_id_of_a_company_that_was_joined_stops_letters_to_its_root() {
    each_backend(|app| {
        let id = start_mailing(app, 1, "greeting", one_domain);
        let (root, _) = somebody(1, "B").write(app);
        let (joined, _) = somebody(2, "B").write(app);
        app.write(move |conn| {
            diesel::update(company::table.find(joined))
                .set((
                    company::merged_into.eq(Some(root)),
                    company::root_id.eq(root),
                ))
                .execute(conn)?;
            diesel::update(delivery::table.filter(delivery::mailing_id.eq(id)))
                .set(delivery::company_id.eq(Some(root)))
                .execute(conn)?;
            let now = clock::now(conn)?;
            let (whom, origin) = (Subject::company(joined), NewOrigin::hand(now, None));
            suppress::suppress(conn, now, &Actor::system(), &whom, Ways::ALL, &origin).map(drop)
        });
        assert!(claim(app, id).held.is_empty());
        assert_eq!(states(&app.db, id)["withheld"], 1);
        assert_eq!(promises(app), 0);
        ledger_holds(app);
    });
}
