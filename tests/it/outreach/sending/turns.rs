//! Two mailings at the same moment: one letter at a time is under way to a person and into a mailbox.

use std::collections::BTreeSet;

use canvass::outreach::actions::ledger::{Claimed, Outcome};
use canvass::platform::db::Backend;
use canvass::schema::{delivery, mailing};
use diesel::prelude::*;
use serde_json::{Value, json};

use super::ledger::{claim, claim_all, said, settle};
use super::{ledger_holds, states};
use crate::app::{TestApp, each_backend};
use crate::outreach::audience::{self, somebody};
use crate::postgres;

/// An issue of news for each of two grades, decided before either went, and both on their way.
fn two_issues(app: &TestApp) -> [i64; 2] {
    let issues = ["B", "C"].map(|grade| {
        let id = audience::mailing(app, "news", None, json!({ "grades": [grade] }));
        audience::run(app, id);
        id
    });
    app.write(move |conn| {
        diesel::update(mailing::table.filter(mailing::id.eq_any(issues)))
            .set(mailing::state.eq("sending"))
            .execute(conn)?;
        Ok(())
    });
    issues
}

/// To whom letters that are claimed go.
fn mailboxes(claimed: &Claimed) -> BTreeSet<String> {
    let held = claimed.held.iter();
    held.map(|one| one.address.clone()).collect()
}

fn only(address: &str) -> BTreeSet<String> {
    BTreeSet::from([address.to_owned()])
}

/// Why the letters of a mailing were withheld.
fn withheld(app: &TestApp, id: i64) -> Vec<String> {
    let reasons: Vec<Option<String>> = app.read(|conn| {
        Ok(delivery::table
            .filter(delivery::mailing_id.eq(id))
            .filter(delivery::state.eq("withheld"))
            .select(delivery::reason)
            .load(conn)?)
    });
    let code = |reason: Option<String>| {
        let reason: Value = serde_json::from_str(&reason.expect("a reason")).expect("JSON");
        reason["code"].as_str().expect("a code").to_owned()
    };
    reasons.into_iter().map(code).collect()
}

#[test]
fn of_two_issues_for_one_mailbox_that_meet_the_second_waits_and_stands_back() {
    each_backend(|app| {
        somebody(1, "B").email("info@same.example").write(app);
        somebody(2, "C").email("info@same.example").write(app);
        somebody(3, "C").email("own@three.example").write(app);
        let [of_b, of_c] = two_issues(app);
        let first = claim(app, of_b);
        assert_eq!(mailboxes(&first), only("info@same.example"));
        // The letter to the same mailbox waits; nobody knows yet whether the first one arrives.
        let second = claim(app, of_c);
        assert_eq!(mailboxes(&second), only("own@three.example"));
        assert_eq!(states(&app.db, of_c)["queued"], 1);
        assert!(claim(app, of_c).held.is_empty());
        settle(app, &first, &Outcome::Taken(said(250, "ok")));
        settle(app, &second, &Outcome::Taken(said(250, "ok")));
        assert!(claim(app, of_c).held.is_empty());
        assert_eq!(withheld(app, of_c), ["news_too_soon"]);
        ledger_holds(app);
    });
}

#[test]
fn a_letter_that_did_not_arrive_makes_room_for_the_one_that_waits() {
    each_backend(|app| {
        somebody(1, "B").email("info@same.example").write(app);
        somebody(2, "C").email("info@same.example").write(app);
        let [of_b, of_c] = two_issues(app);
        // Both in one claim: the one that is due first goes.
        let first = claim_all(app, vec![of_b, of_c]);
        assert_eq!(first.held.len(), 1);
        let gone = first.held[0].mailing_id;
        let other = if gone == of_b { of_c } else { of_b };
        settle(app, &first, &Outcome::Refused(said(550, "mailbox full")));
        assert_eq!(states(&app.db, gone)["failed"], 1);
        let second = claim(app, other);
        assert_eq!(mailboxes(&second), only("info@same.example"));
        settle(app, &second, &Outcome::Taken(said(250, "ok")));
        assert_eq!(states(&app.db, other)["sent"], 1);
        ledger_holds(app);
    });
}

#[test]
fn two_nodes_that_claim_at_once_write_to_no_mailbox_twice() {
    if !postgres::is_available() {
        eprintln!("SKIPPED: no PostgreSQL");
        return;
    }
    let app = TestApp::on(Backend::Postgres);
    let other = app.second_node();
    for n in 0..20 {
        let mailbox = format!("info@same{n}.example");
        somebody(2 * n, "B").email(&mailbox).write(&app);
        somebody(2 * n + 1, "C").email(&mailbox).write(&app);
    }
    let [of_b, of_c] = two_issues(&app);
    let (here, there) = std::thread::scope(|scope| {
        let here = scope.spawn(|| mailboxes(&claim(&app, of_b)));
        let there = scope.spawn(|| mailboxes(&claim(&other, of_c)));
        (
            here.join().expect("a claim"),
            there.join().expect("a claim"),
        )
    });
    assert_eq!(here.intersection(&there).count(), 0);
    assert_eq!(here.len() + there.len(), 20, "{here:?} {there:?}");
    ledger_holds(&app);
}
