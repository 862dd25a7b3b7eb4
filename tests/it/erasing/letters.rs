//! Letters to somebody who is erased: what waits does not go, what went keeps no address, and the link in it still works.

use canvass::consent::{Subject, Way};
use canvass::outreach::checks::INVARIANTS;
use canvass::outreach::rules::link::Link;
use canvass::platform::mailer::keys;
use canvass::schema as s;
use chrono::TimeDelta;
use diesel::prelude::*;

use super::{MAIL, assert_gone, erase, listed, ways};
use crate::app::{TestApp, each_backend};
use crate::check::hold_only;
use crate::outreach::build::a_mailing;

/// A letter to somebody, as it stands in a mailing of its own.
fn letter(app: &TestApp, person: i64, state: &'static str) -> i64 {
    app.write(move |conn| {
        let now = canvass::platform::clock::now(conn)?;
        let mailing = a_mailing(conn, now)?;
        let sent_at = (state == "sent").then_some(now);
        let id = diesel::insert_into(s::delivery::table)
            .values((
                s::delivery::mailing_id.eq(mailing),
                s::delivery::person_id.eq(person),
                s::delivery::address.eq(Some(MAIL)),
                s::delivery::domain.eq(Some("yanchuan.example")),
                s::delivery::state.eq(state),
                s::delivery::priority.eq(0),
                s::delivery::due_at.eq(Some(now)),
                s::delivery::until_at.eq(Some(now + TimeDelta::hours(20))),
                s::delivery::smtp_text.eq(Some(format!("250 {MAIL} takes it"))),
                s::delivery::reason.eq(Some(r#"{"code":"in"}"#)),
                s::delivery::sent_at.eq(sent_at),
                s::delivery::changed_at.eq(now),
            ))
            .returning(s::delivery::id)
            .get_result::<i64>(conn)?;
        diesel::insert_into(s::delivery_figure::table)
            .values((
                s::delivery_figure::mailing_id.eq(mailing),
                s::delivery_figure::domain.eq(""),
                s::delivery_figure::state.eq(state),
                s::delivery_figure::counter.eq(0),
                s::delivery_figure::n.eq(1_i64),
            ))
            .execute(conn)?;
        Ok(id)
    })
}

/// State and address of a letter.
fn stands(app: &TestApp, id: i64) -> (String, Option<String>) {
    app.read(|conn| {
        Ok(s::delivery::table
            .find(id)
            .select((s::delivery::state, s::delivery::address))
            .get_result(conn)?)
    })
}

#[test]
fn what_waits_does_not_go_and_what_went_keeps_no_address() {
    each_backend(|app| {
        let (_, person) = listed(app);
        let manager = app.user("wang", "manager");
        let [waits, went, lost, out] =
            ["queued", "sent", "unknown", "left_out"].map(|state| letter(app, person, state));
        erase(app, &manager, person, "ended");
        let state =
            |state: &str, address: Option<&str>| (state.to_owned(), address.map(str::to_owned));
        assert_eq!(stands(app, waits), state("withheld", None));
        assert_eq!(stands(app, went), state("sent", None));
        assert_eq!(stands(app, lost), state("unknown", Some("")));
        assert_eq!(stands(app, out), state("left_out", None));
        assert_gone(app);
        let rules = [
            "outreach.deliveries_counted",
            "outreach.waiting_can_go",
            "outreach.not_sent_says_why",
        ];
        hold_only(app, INVARIANTS, &rules);
    });
}

#[test]
fn the_link_of_an_old_letter_still_ends_mail_to_the_address() {
    each_backend(|app| {
        let (_, person) = listed(app);
        let manager = app.user("wang", "manager");
        letter(app, person, "sent");
        erase(app, &manager, person, "ended");
        let mail = Subject::email(MAIL);
        assert!(!ways(app, &mail).has(Way::Mail));
        let ring = keys::ring(app.db.data()).expect("keys");
        let link = Link {
            person_id: person,
            mailing_id: None,
        };
        let (path, stranger) = (format!("/u/{}", link.token(&ring)), app.stranger());
        let page = stranger.get(&path).expect(200).body;
        assert!(!page.contains("yanchuan.example"), "{page}");
        for _ in 0..2 {
            let answer = stranger.post_without_token(&path, &[("List-Unsubscribe", "One-Click")]);
            answer.expect(200);
        }
        assert!(ways(app, &mail).has(Way::Mail));
        assert_gone(app);
    });
}
