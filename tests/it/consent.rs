//! Who must not be reached: origins, their union, taking back, lifting; grounds that follow records and refusals.

mod subjects;

use canvass::accounts::Actor;
use canvass::consent::{
    self, NewOrigin, Scope, Subject, Ways, checks, refresh_grounds, refresh_standing,
};
use canvass::platform::clock;
use canvass::schema as s;
use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;
use serde_json::json;

use crate::app::{TestApp, each_backend};

/// A company with one contact on a list of a source with this ground: ids of company, person, source.
fn listed(app: &TestApp, name: &'static str, ground: Option<&'static str>) -> (i64, i64, i64) {
    app.write(move |conn| {
        let now = clock::now(conn)?;
        let source = diesel::insert_into(s::source::table)
            .values((
                s::source::channel.eq("EXPO"),
                s::source::name.eq(name),
                s::source::kind.eq("leads"),
                s::source::ground.eq(ground),
                s::source::rank.eq(4),
                s::source::companies.eq(1_i64),
                s::source::created_at.eq(now),
            ))
            .returning(s::source::id)
            .get_result::<i64>(conn)?;
        let company = diesel::insert_into(s::company::table)
            .values((
                s::company::root_id.eq(0_i64),
                s::company::name.eq(name),
                s::company::name_key.eq(7_i64),
                s::company::needs.eq(0_i64),
                s::company::state.eq("new"),
                s::company::score.eq(0),
                s::company::completeness.eq(0),
                s::company::missing.eq(0),
                s::company::channels.eq(0),
                s::company::flags.eq(1 | 32),
                s::company::winners.eq("[]"),
                s::company::created_at.eq(now),
            ))
            .returning(s::company::id)
            .get_result::<i64>(conn)?;
        diesel::update(s::company::table.find(company))
            .set(s::company::root_id.eq(company))
            .execute(conn)?;
        let person = diesel::insert_into(s::person::table)
            .values((
                s::person::root_id.eq(0_i64),
                s::person::name.eq("陈立群"),
                s::person::refused.eq(0),
                s::person::winners.eq("[]"),
                s::person::created_at.eq(now),
            ))
            .returning(s::person::id)
            .get_result::<i64>(conn)?;
        diesel::update(s::person::table.find(person))
            .set(s::person::root_id.eq(person))
            .execute(conn)?;
        let contact = diesel::insert_into(s::contact::table)
            .values((
                s::contact::person_id.eq(person),
                s::contact::company_id.eq(company),
                s::contact::is_key.eq(true),
                s::contact::winners.eq("[]"),
                s::contact::created_at.eq(now),
            ))
            .returning(s::contact::id)
            .get_result::<i64>(conn)?;
        diesel::insert_into(s::record::table)
            .values((
                s::record::kind.eq("list"),
                s::record::source_id.eq(source),
                s::record::company_id.eq(company),
                s::record::contact_id.eq(contact),
                s::record::said.eq("{}"),
                s::record::said_at.eq(now),
            ))
            .execute(conn)?;
        refresh_grounds(conn, &[person])?;
        refresh_standing(conn, &[company])?;
        Ok((company, person, source))
    })
}

fn flags(app: &TestApp, company: i64) -> i32 {
    app.read(|conn| {
        Ok(s::company::table
            .find(company)
            .select(s::company::flags)
            .first(conn)?)
    })
}

fn person(app: &TestApp, id: i64) -> (Option<String>, i32) {
    app.read(|conn| {
        Ok(s::person::table
            .find(id)
            .select((s::person::ground, s::person::refused))
            .first(conn)?)
    })
}

fn ways_of(app: &TestApp, subject: &Subject) -> Ways {
    app.read(|conn| {
        let found = consent::suppressed_ways(conn, std::slice::from_ref(subject))?;
        Ok(found.get(subject).copied().unwrap_or_default())
    })
}

fn suppress(app: &TestApp, subject: &Subject, ways: Ways, origin: NewOrigin) -> i64 {
    let subject = subject.clone();
    app.write(move |conn| {
        let now = clock::now(conn)?;
        consent::suppress(conn, now, &Actor::system(), &subject, ways, &origin)
    })
}

fn assert_sound(app: &TestApp) {
    crate::check::hold(app, checks::INVARIANTS);
}

#[test]
fn a_suppression_is_the_union_of_its_live_origins() {
    each_backend(|app| {
        let number = Subject::number("+8651265801234;ext=801");
        let now = app.now();
        suppress(app, &number, Ways::CALL, NewOrigin::call(11, now));
        suppress(app, &number, Ways::MAIL, NewOrigin::list(5, now));
        suppress(app, &number, Ways::CALL, NewOrigin::list(5, now));
        assert_eq!(ways_of(app, &number).codes(), ["call", "mail"]);
        assert_sound(app);
        app.write(move |conn| {
            let now = clock::now(conn)?;
            consent::withdraw_by_batch(conn, now, &Actor::system(), 5, "wrong file").map(drop)
        });
        assert_eq!(ways_of(app, &number), Ways::CALL);
        app.write(move |conn| {
            let now = clock::now(conn)?;
            consent::withdraw_by_call(conn, now, &Actor::system(), 11, "slip").map(drop)
        });
        assert_eq!(ways_of(app, &number), Ways::NONE);
        suppress(app, &number, Ways::ALL, NewOrigin::hand(now, None));
        assert_eq!(ways_of(app, &number), Ways::ALL);
        assert_sound(app);
    });
}

#[test]
fn who_closes_more_by_the_same_letter_says_a_new_word_with_a_date_of_its_own() {
    each_backend(|app| {
        let mail = Subject::email("Chen@Hongyuan.cn");
        let (then, now) = (app.now() - TimeDelta::days(3), app.now());
        let word = |at| NewOrigin::opt_out(Some(7), at);
        let last = |app: &TestApp| app.read(consent::last_refusal);
        let sid = suppress(app, &mail, Ways::NEWS, word(then));
        let before = last(app);
        suppress(app, &mail, Ways::NEWS, word(now));
        assert_eq!(last(app), before, "the same word counts once");
        suppress(app, &mail, Ways::MAIL, word(now));
        assert!(last(app) > before, "whoever follows words learns of it");
        assert_sound(app);
        // A yes from between them is none to what was said last.
        let between = (now.date() - TimeDelta::days(1)).to_string();
        let said = [("consent_text", "ok"), ("consent_on", between.as_str())];
        let manager = app.user("zhou", "manager");
        manager
            .post(&format!("/suppressions/{sid}/lift"), &said)
            .expect(422);
        assert_eq!(ways_of(app, &mail), Ways::NEWS.union(Ways::MAIL));
    });
}

#[test]
fn a_refusal_ends_the_ground_and_a_slip_gives_it_back() {
    each_backend(|app| {
        let (_, id, _) = listed(app, "苏州宏远机械有限公司", Some("card_exchange"));
        assert_eq!(person(app, id), (Some("card_exchange".into()), 0));
        let subject = Subject::person(id);
        suppress(app, &subject, Ways::ALL, NewOrigin::call(3, app.now()));
        assert_eq!(person(app, id), (None, Ways::ALL.0));
        assert_sound(app);
        app.write(|conn| {
            let now = clock::now(conn)?;
            consent::withdraw_by_call(conn, now, &Actor::system(), 3, "wrong key").map(drop)
        });
        assert_eq!(person(app, id), (Some("card_exchange".into()), 0));
        assert_sound(app);
    });
}

#[test]
fn a_company_carries_its_suppression_and_its_ground_as_flags() {
    each_backend(|app| {
        let (with, ..) = listed(app, "苏州宏远机械有限公司", Some("public_source"));
        let (without, ..) = listed(app, "无锡华光电子有限公司", None);
        assert_eq!(flags(app, with), 1 | 2 | 32);
        assert_eq!(flags(app, without), 1 | 32);
        let company = Subject::company(with);
        suppress(app, &company, Ways::MAIL, NewOrigin::list(1, app.now()));
        assert_eq!(flags(app, with), 1 | 2 | 32);
        suppress(app, &company, Ways::CALL, NewOrigin::hand(app.now(), None));
        assert_eq!(flags(app, with), 1 | 2 | 4 | 32);
        assert_sound(app);
    });
}

#[test]
fn only_a_manager_lifts_and_only_on_a_later_consent() {
    each_backend(|app| {
        let (company, id, _) = listed(app, "苏州宏远机械有限公司", Some("card_exchange"));
        let sid = suppress(
            app,
            &Subject::person(id),
            Ways::ALL,
            NewOrigin::call(3, app.now()),
        );
        let lift = format!("/suppressions/{sid}/lift");
        let said = [
            ("consent_text", "9月22日来电，愿意了解"),
            ("consent_on", "2026-09-22"),
        ];
        app.user("ma", "marketing").post(&lift, &said).expect(403);
        let manager = app.user("zhou", "manager");
        manager
            .post(
                &lift,
                &[("consent_text", "ok"), ("consent_on", "2026-09-01")],
            )
            .expect(422);
        manager
            .post(&lift, &[("consent_text", ""), ("consent_on", "2026-09-22")])
            .expect(422);
        assert_eq!(person(app, id).1, Ways::ALL.0);
        manager.post(&lift, &said).expect(303);
        assert_eq!(person(app, id), (Some("consent".into()), 0));
        let kept: NaiveDateTime = app.read(|conn| {
            let of = s::consent::table.filter(s::consent::person_id.eq(id));
            Ok(of.select(s::consent::said_at).first(conn)?)
        });
        assert_eq!(kept.to_string(), "2026-09-21 16:00:00", "the day they said");
        manager.post(&lift, &said).expect(409);
        assert_ne!(flags(app, company) & 2, 0);
        assert_sound(app);
    });
}

#[test]
fn a_slip_needs_a_manager_and_a_reason() {
    each_backend(|app| {
        let mail = Subject::email("Chen@Hongyuan.cn");
        let sid = suppress(app, &mail, Ways::MAIL, NewOrigin::hand(app.now(), None));
        let origin: i64 = app.read(|conn| {
            Ok(s::suppression_origin::table
                .filter(s::suppression_origin::suppression_id.eq(sid))
                .select(s::suppression_origin::id)
                .first(conn)?)
        });
        let path = format!("/suppressions/{sid}/origins/{origin}/withdraw");
        app.user("ma", "marketing")
            .post(&path, &[("reason", "typo")])
            .expect(403);
        let manager = app.user("zhou", "manager");
        manager.post(&path, &[("reason", " ")]).expect(422);
        manager.post(&path, &[("reason", "typo")]).expect(303);
        assert!(ways_of(app, &mail).is_empty());
        let page = manager.get(&format!("/suppressions/{sid}")).expect(200);
        assert!(page.body.contains("typo"));
    });
}

#[test]
fn anybody_named_in_any_writing_is_put_on_the_list() {
    each_backend(|app| {
        let (company, ..) = listed(app, "苏州宏远机械有限公司", Some("public_source"));
        let me = app.user("ma", "marketing");
        me.get("/suppressions").expect(200);
        me.get(&format!("/suppressions/new?company={company}"))
            .expect(200);
        for (subject, scope, value) in [
            ("@hongyuan.cn", Scope::Domain, "hongyuan.cn"),
            (" Chen@HONGYUAN.cn", Scope::Email, "chen@hongyuan.cn"),
            ("139 1350 7788", Scope::Number, "+8613913507788"),
            ("0512-65801788转801", Scope::Number, "+8651265801788"),
            (
                "https://www.huaguang.com.cn/about",
                Scope::Domain,
                "huaguang.com.cn",
            ),
        ] {
            me.post("/suppressions", &[("subject", subject), ("ways", "all")])
                .expect(303);
            let subject = Subject {
                scope,
                value: value.into(),
            };
            assert_eq!(ways_of(app, &subject), Ways::ALL, "{subject:?}");
        }
        let offered = me
            .post(
                "/suppressions",
                &[("subject", "宏远机械"), ("ways", "call")],
            )
            .expect(200);
        let choice = format!("company:{company}");
        assert!(offered.body.contains(&choice));
        me.post(
            "/suppressions",
            &[
                ("subject", "宏远机械"),
                ("choice", &choice),
                ("ways", "call"),
                ("note", "来函"),
            ],
        )
        .expect(303);
        assert_eq!(ways_of(app, &Subject::company(company)), Ways::CALL);
        me.post("/suppressions", &[("subject", "x@"), ("ways", "all")])
            .expect(422);
        me.post("/suppressions", &[("subject", "@b.cn"), ("ways", "")])
            .expect(422);
        let masked = me.get("/suppressions").expect(200).body;
        assert!(masked.contains("c***@hongyuan.cn") && !masked.contains("chen@hongyuan.cn"));
        let list = me.get("/suppressions?q=%E5%AE%8F%E8%BF%9C").expect(200);
        assert!(list.body.contains("苏州宏远机械有限公司"));
        assert!(
            !me.get("/suppressions?q=1234")
                .expect(200)
                .body
                .contains("65801234")
        );
        app.user("lin", "agent").get("/suppressions").expect(403);
        assert_sound(app);
    });
}

#[test]
fn a_program_adds_and_lists() {
    each_backend(|app| {
        let api = app.user("zhou", "manager");
        let body = json!({"scope": "domain", "subject": "b.cn", "ways": ["call", "mail"], "reason": "letter"});
        let made = api
            .api_post_once("/suppressions", "k1", &body)
            .expect(201)
            .json();
        let again = api
            .api_post_once("/suppressions", "k1", &body)
            .expect(201)
            .json();
        assert_eq!(made, again);
        for n in 0..3 {
            let domain = json!({"scope": "domain", "subject": format!("dom{}.cn", ["a", "b", "c"][n]), "ways": "mail"});
            api.api_post("/suppressions", &domain).expect(201);
        }
        let first = api
            .api("/suppressions?limit=2&scope=domain")
            .expect(200)
            .json();
        assert_eq!(first["items"].as_array().map(Vec::len), Some(2));
        let cursor = first["next_cursor"].as_str().expect("more").to_owned();
        let second = api
            .api(&format!(
                "/suppressions?limit=2&scope=domain&cursor={cursor}"
            ))
            .expect(200)
            .json();
        assert_ne!(first["items"][0]["id"], second["items"][0]["id"]);
        assert_eq!(
            api.api_post("/suppressions", &json!({"subject": "@b.cn", "ways": "fax"}))
                .expect(422)
                .code(),
            "suppression_no_way"
        );
        app.user("lin", "agent").api("/suppressions").expect(403);
    });
}
