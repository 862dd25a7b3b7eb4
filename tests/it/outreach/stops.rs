//! Letters that wait for somebody who refused meanwhile: whoever looks is told at once that they do not go, and why.

use std::collections::BTreeMap;

use canvass::accounts::Actor;
use canvass::consent::{NewOrigin, Subject, Ways};
use canvass::flows::suppress;
use canvass::platform::clock;
use canvass::schema::suppression_origin;
use diesel::prelude::*;
use serde_json::{Value, json};

use super::audience::{mailing, run, somebody};
use crate::app::{Client, TestApp, each_backend};

fn refuse(app: &TestApp, subject: Subject, ways: Ways) {
    app.write(move |conn| {
        let now = clock::now(conn)?;
        let origin = NewOrigin::hand(now, None);
        suppress::suppress(conn, now, &Actor::system(), &subject, ways, &origin).map(drop)
    });
}

/// The codes of why letters wait, or do not go any more, by person.
fn reasons(client: &Client, mailing: i64) -> BTreeMap<i64, String> {
    let found = client.api(&format!("/deliveries?mailing={mailing}&state=queued"));
    let found = found.expect(200).json();
    let of = |one: &Value| {
        let code = one["reason"]["code"].as_str().expect("a code");
        (
            one["person"]["id"].as_i64().expect("a person"),
            code.to_owned(),
        )
    };
    let all = found["deliveries"].as_array().expect("deliveries");
    all.iter().map(of).collect()
}

#[test]
fn whoever_refused_is_said_at_once_to_get_nothing() {
    each_backend(|app| {
        let marketing = app.user("shen", "marketing,manager");
        let [plain, person, company, address, no_news] =
            [1, 2, 3, 4, 5].map(|n| somebody(n, "B").write(app));
        let on = Some(("mid_autumn", "2026-09-25"));
        let id = mailing(app, "greeting", on, json!({ "grades": ["B"] }));
        run(app, id);
        let list = format!("/mailings/{id}/people?state=queued");
        let page = marketing.get(&list).expect(200).body;
        assert!(!page.contains("Will not go"), "{page}");
        refuse(app, Subject::person(person.1), Ways::ALL);
        refuse(app, Subject::company(company.0), Ways::MAIL);
        refuse(app, Subject::email("person4@company4.example"), Ways::MAIL);
        // Greetings are not what they are tired of.
        refuse(app, Subject::person(no_news.1), Ways::NEWS);
        let expected = [
            (plain.1, "in"),
            (person.1, "refused"),
            (company.1, "silenced"),
            (address.1, "silenced"),
            (no_news.1, "in"),
        ];
        let expected: BTreeMap<i64, String> =
            expected.map(|(id, code)| (id, code.to_owned())).into();
        assert_eq!(reasons(&marketing, id), expected);
        let page = marketing.get(&list).expect(200).body;
        assert_eq!(page.matches("Will not go").count(), 3, "{page}");
        assert!(page.contains("They asked for no more mail."), "{page}");
        for (who, is_told) in [(person, true), (plain, false)] {
            for path in [
                format!("/persons/{}/mail", who.1),
                format!("/companies/{}", who.0),
            ] {
                let page = marketing.get(&path).expect(200).body;
                assert_eq!(page.contains("Will not go"), is_told, "{path} {page}");
            }
        }
        // A slip that is taken back lets the letter go: nothing was settled meanwhile.
        let slip: i64 = app.read(|conn| {
            let first = suppression_origin::table.order(suppression_origin::id);
            Ok(first.select(suppression_origin::id).first(conn)?)
        });
        let manager = marketing.actor.clone();
        app.write(move |conn| {
            let now = clock::now(conn)?;
            suppress::withdraw_origin(conn, now, &manager, slip, "点错了")
        });
        assert_eq!(reasons(&marketing, id)[&person.1], "in");
    });
}
