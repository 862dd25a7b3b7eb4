//! Nobody gets more letters than the rhythm allows, and one alone, whatever lists and mailboxes say.

use canvass::platform::clock;
use canvass::schema as s;
use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde_json::json;

use super::{arrive, mailing, mid_autumn, news, run, somebody, touch, verdict, works_at};
use crate::app::each_backend;
use crate::intake::{EXPO, List};

#[test]
fn caps_count_what_arrived_and_what_waits() {
    each_backend(|app| {
        let c = somebody(1, "C").write(app);
        let long_ago = somebody(2, "C").write(app);
        let d = somebody(3, "D").write(app);
        touch(app, c.1, c.0, 4, 20);
        touch(app, long_ago.1, long_ago.0, 4, 40);
        touch(app, d.1, d.0, 1, 3);
        let id = mid_autumn(app);
        run(app, id);
        assert_eq!(verdict(app, id, c.1), "capped");
        assert_eq!(verdict(app, id, long_ago.1), "in");
        assert_eq!(verdict(app, id, d.1), "in");
        // Approved, the greeting that waits counts as well: a second letter would be D's third.
        app.write(move |conn| {
            diesel::update(s::mailing::table.find(id))
                .set(s::mailing::state.eq("scheduled"))
                .execute(conn)?;
            Ok(())
        });
        let second = news(app);
        run(app, second);
        assert_eq!(verdict(app, second, d.1), "capped");
        assert_eq!(verdict(app, second, c.1), "capped");
        // Four touches of news 40 days ago are no reason: C reads news every 30 days.
        assert_eq!(verdict(app, second, long_ago.1), "in");
    });
}

#[test]
fn news_keeps_its_distance_and_asks_who_gave_a_card_only() {
    each_backend(|app| {
        let fresh = somebody(1, "B").write(app);
        let card = somebody(2, "B").ground(Some("card_exchange")).write(app).1;
        let old = somebody(3, "B").write(app);
        touch(app, fresh.1, fresh.0, 1, 5);
        touch(app, old.1, old.0, 1, 15);
        let id = news(app);
        run(app, id);
        assert_eq!(verdict(app, id, fresh.1), "news_too_soon");
        assert_eq!(verdict(app, id, card), "ask_first");
        assert_eq!(verdict(app, id, old.1), "in");
    });
}

#[test]
fn a_mailbox_gets_news_at_its_distance_whoever_of_those_who_share_it_is_meant() {
    each_backend(|app| {
        let first = somebody(1, "B").email("info@same.example").write(app).1;
        let second = somebody(2, "C").email("info@same.example").write(app).1;
        let alone = somebody(3, "C").write(app).1;
        let issue = news(app);
        run(app, issue);
        assert_eq!(verdict(app, issue, first), "in");
        assert_eq!(verdict(app, issue, second), "same_mailbox");
        arrive(app, issue);
        let fresh = somebody(4, "C").write(app).1;
        let next = news(app);
        run(app, next);
        for person in [first, second, alone] {
            assert_eq!(verdict(app, next, person), "news_too_soon");
        }
        assert_eq!(verdict(app, next, fresh), "in");
        // A greeting keeps no distance to news.
        let greeting = mid_autumn(app);
        run(app, greeting);
        assert_eq!(verdict(app, greeting, first), "in");
    });
}

#[test]
fn the_same_person_on_two_lists_gets_one_letter() {
    each_backend(|app| {
        let csv = "公司,城市,联系人,手机,邮箱\n\
            苏州宏远机械有限公司,苏州,王小明,13812340001,wangxm@hongyuan.example\n";
        EXPO.import(app, csv);
        let second = List {
            source: "昆山展会 2026",
            ..EXPO
        };
        second.import(app, csv);
        app.write(|conn| {
            diesel::update(s::company::table)
                .set(s::company::grade.eq(Some("B")))
                .execute(conn)?;
            Ok(())
        });
        let id = mid_autumn(app);
        run(app, id);
        let letters: Vec<(String, Option<String>)> = app.read(|conn| {
            Ok(s::delivery::table
                .select((s::delivery::state, s::delivery::address))
                .load(conn)?)
        });
        let mailbox = Some("wangxm@hongyuan.example".to_owned());
        assert_eq!(letters, [("queued".to_owned(), mailbox)]);
    });
}

#[test]
fn one_letter_a_mailbox_and_one_for_merged_persons() {
    each_backend(|app| {
        let d = somebody(1, "D").email("info@same.example").write(app).1;
        let b = somebody(2, "B").email("info@same.example").write(app).1;
        let late = somebody(3, "B").email("info@same.example").write(app).1;
        let root = somebody(4, "C").write(app);
        let merged = somebody(5, "C").write(app);
        app.write(move |conn| {
            diesel::update(s::person::table.find(merged.1))
                .set((
                    s::person::merged_into.eq(Some(root.1)),
                    s::person::root_id.eq(root.1),
                ))
                .execute(conn)?;
            Ok(())
        });
        // What arrived at the one that was merged away counts for the root.
        touch(app, merged.1, merged.0, 3, 2);
        touch(app, root.1, root.0, 1, 2);
        let id = mid_autumn(app);
        run(app, id);
        assert_eq!(verdict(app, id, b), "in");
        assert_eq!(verdict(app, id, d), "same_mailbox");
        assert_eq!(verdict(app, id, late), "same_mailbox");
        assert_eq!(verdict(app, id, root.1), "capped");
        assert_eq!(verdict(app, id, merged.1), "nowhere");
    });
}

#[test]
fn nobody_stands_back_for_somebody_whom_the_mailing_is_not_for() {
    each_backend(|app| {
        let first = somebody(1, "B").email("info@same.example").write(app).1;
        let second = somebody(2, "B").email("info@same.example").write(app).1;
        let id = mailing(
            app,
            "greeting",
            Some(("mid_autumn", "2026-09-25")),
            json!({ "grades": ["B"], "persons": [second] }),
        );
        run(app, id);
        assert_eq!(verdict(app, id, second), "in");
        assert_eq!(verdict(app, id, first), "nowhere");
    });
}

#[test]
fn the_best_graded_company_counts_and_gives_zone_and_language() {
    each_backend(|app| {
        let (_, person) = somebody(1, "D").write(app);
        let (better, _) = somebody(2, "C").region("GB-LND").email("").write(app);
        app.write(move |conn| {
            let now = clock::now(conn)?;
            works_at(conn, now, person, better)?;
            Ok(())
        });
        let id = news(app);
        run(app, id);
        let (company, language, due): (Option<i64>, Option<String>, Option<NaiveDateTime>) = app
            .read(|conn| {
                Ok(s::delivery::table
                    .filter(s::delivery::person_id.eq(person))
                    .select((
                        s::delivery::company_id,
                        s::delivery::language,
                        s::delivery::due_at,
                    ))
                    .first(conn)?)
            });
        assert_eq!((company, language.as_deref()), (Some(better), Some("en")));
        // 03:00 in London: news waits for half past nine there.
        let due = due.expect("a moment").to_string();
        assert_eq!(due, "2026-09-22 08:30:00");
    });
}

#[test]
fn whoever_works_at_two_companies_is_written_to_about_the_one_that_the_mailing_is_for() {
    each_backend(|app| {
        let (better, person) = somebody(1, "B").write(app);
        let (chosen, _) = somebody(2, "C").email("").write(app);
        let (key, rep_writes) = somebody(3, "A").write(app);
        app.write(move |conn| {
            let now = clock::now(conn)?;
            works_at(conn, now, person, chosen)?;
            works_at(conn, now, rep_writes, chosen)?;
            Ok(())
        });
        let to = |companies: Vec<i64>| {
            let said = json!({ "grades": ["B", "C"], "companies": companies });
            let id = mailing(app, "news", None, said);
            run(app, id);
            id
        };
        let about = |id: i64| -> Option<i64> {
            app.read(|conn| {
                let theirs = s::delivery::table
                    .filter(s::delivery::mailing_id.eq(id))
                    .filter(s::delivery::person_id.eq(person));
                Ok(theirs.select(s::delivery::company_id).first(conn)?)
            })
        };
        let id = to(vec![chosen]);
        assert_eq!(verdict(app, id, person), "in");
        assert_eq!(about(id), Some(chosen));
        // Their rep at the other company writes to them by hand.
        assert_eq!(verdict(app, id, rep_writes), "other_grade");
        let id = to(vec![chosen, better, key]);
        assert_eq!(about(id), Some(better));
    });
}
