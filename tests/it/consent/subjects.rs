//! Whom a line of the do-not-call list means: by number, by name, or by nothing that anybody can read any more.

use canvass::consent::actions::{exact_subject, named_like};
use canvass::consent::{NewOrigin, Scope, Subject, Ways, checks, refusals_after};
use canvass::platform::check::Depth;
use canvass::schema as s;
use diesel::prelude::*;
use serde_json::json;

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

#[test]
fn a_name_is_looked_for_where_nobody_waits_for_it() {
    each_backend(|app| {
        let (company, person, _) = listed(app, "苏州宏远机械有限公司", Some("public_source"));
        let exact =
            |text: &'static str, scope| app.write(move |conn| exact_subject(conn, text, scope));
        // Inside a write a name finds nobody, also one that a single company has.
        for (text, scope) in [
            ("苏州宏远机械有限公司", None),
            ("陈立群", Some(Scope::Person)),
        ] {
            assert_eq!(exact(text, scope), None, "{text}");
        }
        let mail = Some(Subject::email("chen@hongyuan.cn"));
        assert_eq!(exact("Chen@hongyuan.cn", None), mail);
        let like = |scope| app.read(|conn| named_like(conn, " 陈立 ", scope));
        assert!(like(Some(Scope::Company)).is_empty());
        let subjects: Vec<Subject> = like(None).into_iter().map(|it| it.subject).collect();
        assert_eq!(subjects, [Subject::person(person)]);
        let api = app.user("zhou", "manager");
        for (body, code) in [
            (
                json!({"subject": "宏远机械", "ways": "all"}),
                "suppression_unknown",
            ),
            (
                json!({"scope": "company", "subject": "987654", "ways": "all"}),
                "suppression_unknown",
            ),
        ] {
            let answer = api.api_post("/suppressions", &body).expect(422);
            assert_eq!(answer.code(), code, "{body}");
        }
        let by_id = json!({"scope": "company", "subject": company, "ways": "all"});
        api.api_post("/suppressions", &by_id).expect(201);
        assert_sound(app);
    });
}
