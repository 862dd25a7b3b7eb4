//! Whom a line of the do-not-call list means: by number, by name, or by nothing that anybody can read any more.

use canvass::consent::{NewOrigin, Subject, Ways, checks, refusals_after};
use canvass::platform::check::Depth;
use canvass::schema as s;
use diesel::prelude::*;

use super::{assert_sound, listed, suppress};
use crate::app::{TestApp, each_backend};

/// A line that says of a person or a company, in a text that is no number.
fn without_number(app: &TestApp, scope: &'static str, text: &'static str, hmac: bool) -> i64 {
    let whom = Subject::email(&format!("{text}@gone.example"));
    let id = suppress(app, &whom, Ways::ALL, NewOrigin::hand(app.now(), None));
    app.write(move |conn| {
        diesel::update(s::suppression::table.find(id))
            .set((
                s::suppression::scope.eq(scope),
                s::suppression::subject.eq(text),
                s::suppression::hmac.eq(hmac),
            ))
            .execute(conn)?;
        Ok(())
    });
    id
}

#[test]
fn a_line_without_a_number_of_anybody_stops_neither_search_nor_check_nor_log() {
    each_backend(|app| {
        let (company, person, _) = listed(app, "苏州宏远机械有限公司", Some("public_source"));
        for whom in [Subject::company(company), Subject::person(person)] {
            suppress(app, &whom, Ways::ALL, NewOrigin::hand(app.now(), None));
        }
        without_number(app, "person", "9f86d081884c7d65", true);
        without_number(app, "company", "", true);
        without_number(app, "company", "98765432109876543210987", true);
        assert_sound(app);
        let me = app.user("ma", "marketing");
        for (q, name) in [
            ("%E5%AE%8F%E8%BF%9C", "苏州宏远机械有限公司"),
            ("%E9%99%88%E7%AB%8B", "陈立群"),
        ] {
            let found = me.get(&format!("/suppressions?q={q}")).expect(200).body;
            assert!(found.contains(name), "{found}");
        }
        let told = app.read(|conn| refusals_after(conn, 0, 100));
        assert_eq!(told.len(), 2, "of the erased nothing leaves the database");
        // Of somebody who was not erased it is a fault, and named.
        let lost = without_number(app, "person", "zhang", false);
        let rule = checks::INVARIANTS
            .iter()
            .find(|rule| rule.code == "consent.subject_exists")
            .expect("the rule");
        let broken = app.read(|conn| rule.find(conn, Depth::All));
        assert_eq!(broken.first, [format!("suppression {lost}")]);
    });
}
