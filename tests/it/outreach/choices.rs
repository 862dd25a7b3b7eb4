//! The link in a letter by which its reader chooses what still comes, and what outlives it, on both databases.

use canvass::accounts::Actor;
use canvass::consent::{self, NewOrigin, Subject, Way, Ways};
use canvass::flows::suppress::suppress;
use canvass::outreach::checks::INVARIANTS;
use canvass::outreach::rules::link::Link;
use canvass::platform::clock;
use canvass::platform::db::Conn;
use canvass::platform::mailer::keys;
use canvass::platform::office::Office;
use canvass::platform::settings;
use canvass::schema as s;
use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::audience::somebody;
use super::build::a_mailing;
use crate::app::{TestApp, each_backend};
use crate::check::hold_only;
use crate::intake::{EXPO, undo};

/// The path behind the link of a letter to somebody.
fn link(app: &TestApp, person_id: i64) -> String {
    let ring = keys::ring(app.db.data()).expect("keys");
    let link = Link {
        person_id,
        mailing_id: None,
    };
    format!("/u/{}", link.token(&ring))
}

/// What is closed for a person and for an address.
fn closed(app: &TestApp, person_id: i64, address: &str) -> (Ways, Ways) {
    let subjects = [Subject::person(person_id), Subject::email(address)];
    app.read(|conn| {
        let found = consent::suppressed_ways(conn, &subjects)?;
        let ways = |n: usize| found.get(&subjects[n]).copied().unwrap_or_default();
        Ok((ways(0), ways(1)))
    })
}

fn refused(app: &TestApp, person_id: i64) -> Ways {
    app.read(|conn| {
        let bits = s::person::table
            .find(person_id)
            .select(s::person::refused)
            .get_result::<i32>(conn)?;
        Ok(Ways(bits))
    })
}

fn origins(app: &TestApp) -> i64 {
    app.read(|conn| {
        Ok(s::suppression_origin::table
            .count()
            .get_result::<i64>(conn)?)
    })
}

/// What must hold of suppressions holds.
fn check_suppressions(app: &TestApp) {
    const RULES: [&str; 3] = [
        "consent.ways_are_union",
        "consent.refused_matches",
        "consent.subject_exists",
    ];
    hold_only(app, consent::checks::INVARIANTS, &RULES);
}

#[test]
fn looking_changes_nothing_and_one_click_ends_mail_for_good() {
    each_backend(|app| {
        app.user("admin", "admin");
        let (_, person) = somebody(1, "B").write(app);
        let (address, stranger) = ("person1@company1.example", app.stranger());
        let path = link(app, person);
        for _ in 0..3 {
            let page = stranger.get(&path).expect(200);
            assert!(page.body.contains("p***@company1.example"), "{}", page.body);
            assert!(!page.body.contains(address));
        }
        assert_eq!(origins(app), 0, "a look opts nobody out");
        // RFC 8058: no cookie, no token of a form, no redirect.
        for _ in 0..3 {
            let answer = stranger.post_without_token(&path, &[("List-Unsubscribe", "One-Click")]);
            assert_eq!(answer.expect(200).location, None);
        }
        assert_eq!(closed(app, person, address), (Ways::MAIL, Ways::MAIL));
        assert_eq!(origins(app), 2, "the same word counts once");
        assert!(refused(app, person).has(Way::News));
        let letters = app
            .user("ma", "marketing")
            .get(&format!("/persons/{person}/mail"))
            .expect(200);
        assert!(
            letters.body.contains("They want no more mail from us"),
            "{}",
            letters.body
        );
        check_suppressions(app);
    });
}

#[test]
fn a_reader_chooses_and_takes_back_only_what_they_chose_here() {
    each_backend(|app| {
        app.user("admin", "admin");
        let (_, person) = somebody(1, "B").write(app);
        let (address, stranger) = ("person1@company1.example", app.stranger());
        let path = link(app, person);
        let choose = |fields: &[(&str, &str)]| {
            let mut all = vec![("choice", "these")];
            all.extend_from_slice(fields);
            stranger.post_without_token(&path, &all).expect(200)
        };
        choose(&[("greetings", "yes"), ("calls", "yes")]);
        assert_eq!(closed(app, person, address), (Ways::NEWS, Ways::NEWS));
        assert!(!refused(app, person).has(Way::Greeting));
        choose(&[("news", "yes")]);
        let no_calls = Ways::GREETINGS.union(Ways::CALL);
        assert_eq!(closed(app, person, address), (no_calls, Ways::GREETINGS));
        // Said on the phone: no box of this page opens it again.
        app.write(move |conn| {
            let now = clock::now(conn)?;
            let origin = NewOrigin::hand(now, Some("电话里说的".into()));
            let (actor, whom) = (Actor::system(), Subject::person(person));
            suppress(conn, now, &actor, &whom, Ways::CALL, &origin)
        });
        let page = choose(&[("news", "yes"), ("greetings", "yes")]);
        assert!(page.body.contains("disabled"), "{}", page.body);
        assert_eq!(closed(app, person, address), (Ways::CALL, Ways::NONE));
        check_suppressions(app);
    });
}

#[test]
fn a_choice_outlives_merges_undone_imports_and_people_who_are_gone() {
    const LIST: &str = "公司,城市,联系人,手机,邮箱\n苏州坤洋机械有限公司,苏州,周海,13905124107,zhou@kunyang.example\n";
    each_backend(|app| {
        app.user("admin", "admin");
        let stranger = app.stranger();
        let batch = EXPO.import(app, LIST);
        let person = |app: &TestApp| {
            app.read(|conn| {
                Ok(s::person::table
                    .filter(s::person::email.eq("zhou@kunyang.example"))
                    .select(s::person::id)
                    .get_result::<i64>(conn)?)
            })
        };
        let first = person(app);
        let path = link(app, first);
        stranger
            .post_without_token(&path, &[("choice", "none")])
            .expect(200);
        // Joined to another, and parted again.
        let (_, other) = somebody(2, "C").write(app);
        let join = |root: i64| {
            app.write(move |conn| {
                let into = (root != first).then_some(root);
                diesel::update(s::person::table.find(first))
                    .set((s::person::merged_into.eq(into), s::person::root_id.eq(root)))
                    .execute(conn)?;
                consent::refresh_grounds(conn, &[first, other])
            });
        };
        join(other);
        assert!(refused(app, other).has(Way::Mail));
        let page = stranger.get(&path).expect(200);
        assert!(page.body.contains("opted out"), "{}", page.body);
        join(first);
        assert!(!refused(app, other).has(Way::Mail) && refused(app, first).has(Way::Mail));
        // The list is taken back and comes again.
        undo(app, batch);
        EXPO.import(app, LIST);
        let again = person(app);
        assert_eq!(closed(app, again, "zhou@kunyang.example").1, Ways::MAIL);
        stranger
            .post_without_token(&path, &[("List-Unsubscribe", "One-Click")])
            .expect(200);
        check_suppressions(app);
    });
}

#[test]
fn a_link_whose_person_and_letter_are_gone_says_that_nothing_was_saved() {
    each_backend(|app| {
        app.user("admin", "admin");
        let stranger = app.stranger();
        let gone = link(app, 987_654_321);
        // A mail program that asks for an end of mail is answered as ever.
        for answer in [
            stranger.get(&gone),
            stranger.post_without_token(&gone, &[("List-Unsubscribe", "One-Click")]),
            stranger.post_without_token(&gone, &[("choice", "these"), ("news", "yes")]),
        ] {
            let page = answer.expect(200).body;
            for says in [
                "Nobody is known here by this link any more",
                "没有保存任何选择",
                "“unsubscribe”",
                "“退订”",
            ] {
                assert!(page.contains(says), "{says}: {page}");
            }
            for never in ["<form", "Done", "Your choice is saved"] {
                assert!(!page.contains(never), "{never}: {page}");
            }
        }
        assert_eq!(origins(app), 0);
    });
}

#[test]
fn a_choice_under_another_id_of_a_person_is_seen_and_taken_back_by_the_link_of_the_root() {
    each_backend(|app| {
        app.user("admin", "admin");
        let stranger = app.stranger();
        let ((_, root), (_, other)) = (somebody(1, "B").write(app), somebody(2, "C").write(app));
        let no_news = [("choice", "these"), ("greetings", "yes"), ("calls", "yes")];
        stranger
            .post_without_token(&link(app, other), &no_news)
            .expect(200);
        app.write(move |conn| {
            diesel::update(s::person::table.find(other))
                .set((
                    s::person::merged_into.eq(Some(root)),
                    s::person::root_id.eq(root),
                ))
                .execute(conn)?;
            consent::refresh_grounds(conn, &[root, other])
        });
        assert!(refused(app, root).has(Way::News));
        let path = link(app, root);
        let page = stranger.get(&path).expect(200).body;
        assert!(
            !page.contains("name=\"news\" value=\"yes\" checked"),
            "{page}"
        );
        let all = [no_news[0], no_news[1], no_news[2], ("news", "yes")];
        stranger.post_without_token(&path, &all).expect(200);
        assert!(!refused(app, root).has(Way::News));
        check_suppressions(app);
    });
}

#[test]
fn a_link_of_somebody_else_is_none_and_a_trial_changes_nothing() {
    each_backend(|app| {
        app.user("admin", "admin");
        let stranger = app.stranger();
        let (_, person) = somebody(1, "B").write(app);
        app.write(|conn| {
            let now = clock::now(conn)?;
            let mut office = settings::load::<Office>(conn)?;
            office.value.address = "苏州市星湖街1号".into();
            office.value.address_en = "1 Xinghu St, Suzhou".into();
            settings::save(conn, &office.value, office.version, None, now)?;
            Ok(())
        });
        let path = link(app, person);
        let bent = format!("{}A", &path[..path.len() - 1]);
        let bent = if bent == path {
            path.replace("/u/A", "/u/B")
        } else {
            bent
        };
        for answer in [
            stranger.get(&bent),
            stranger.post_without_token(&bent, &[("choice", "none")]),
        ] {
            let page = answer.expect(404).body;
            for says in ["“退订”", "“unsubscribe”", "苏州市星湖街", "1 Xinghu St"] {
                assert!(page.contains(says), "{says}: {page}");
            }
            assert!(!page.contains(r#"href="/""#), "no way in: {page}");
        }
        let trial = link(app, 0);
        stranger
            .post_without_token(&trial, &[("choice", "none")])
            .expect(200);
        assert_eq!(origins(app), 0);
    });
}

#[test]
fn an_import_taken_back_takes_letters_along_that_never_went_and_keeps_whom_it_mailed() {
    const LIST: &str = "公司,城市,联系人,手机,邮箱\n\
        苏州坤洋机械有限公司,苏州,周海,13905124107,zhou@kunyang.example\n\
        苏州云栖酒店有限公司,苏州,沈立,13905124114,shen@yunqi.example\n";
    each_backend(|app| {
        app.user("admin", "admin");
        let batch = EXPO.import(app, LIST);
        app.write(|conn| {
            let now = clock::now(conn)?;
            let people: Vec<(i64, Option<String>)> = s::person::table
                .order(s::person::id)
                .select((s::person::id, s::person::email))
                .load(conn)?;
            let mailing = a_mailing(conn, now)?;
            for ((person, address), state) in people.into_iter().zip(["queued", "sent"]) {
                a_letter(conn, now, mailing, person, address, state)?;
            }
            Ok(())
        });
        undo(app, batch);
        let left = app.read(|conn| {
            let persons = s::person::table
                .select(s::person::email)
                .load::<Option<String>>(conn)?;
            let states = s::delivery::table
                .select(s::delivery::state)
                .load::<String>(conn)?;
            Ok((persons, states))
        });
        assert_eq!(left.0, [Some("shen@yunqi.example".to_owned())]);
        assert_eq!(left.1, ["sent"]);
        hold_only(app, INVARIANTS, &["outreach.deliveries_counted"]);
    });
}

fn a_letter(
    conn: &mut Conn,
    now: NaiveDateTime,
    mailing_id: i64,
    person_id: i64,
    address: Option<String>,
    state: &str,
) -> QueryResult<()> {
    let domain = address
        .as_deref()
        .and_then(|a| a.split_once('@'))
        .map(|(_, d)| d.to_owned());
    diesel::insert_into(s::delivery_figure::table)
        .values((
            s::delivery_figure::mailing_id.eq(mailing_id),
            s::delivery_figure::domain.eq(domain.clone().unwrap_or_default()),
            s::delivery_figure::state.eq(state),
            s::delivery_figure::counter.eq(1),
            s::delivery_figure::n.eq(1_i64),
        ))
        .execute(conn)?;
    diesel::insert_into(s::delivery::table)
        .values((
            s::delivery::mailing_id.eq(mailing_id),
            s::delivery::person_id.eq(person_id),
            s::delivery::address.eq(address),
            s::delivery::domain.eq(domain),
            s::delivery::language.eq("zh-CN"),
            s::delivery::state.eq(state),
            s::delivery::priority.eq(0),
            s::delivery::due_at.eq(Some(now)),
            s::delivery::changed_at.eq(now),
        ))
        .execute(conn)
        .map(|_| ())
}
