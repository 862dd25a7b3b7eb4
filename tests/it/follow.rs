//! What is decided in one place is felt in the others: queues follow imports, edits, merges and sources.

use canvass::intake::model::BatchKind;
use canvass::platform::clock;
use canvass::schema as s;
use chrono::TimeDelta;
use diesel::prelude::*;
use serde_json::json;

use crate::app::{Client, TestApp, each_backend};
use crate::calling::build::{call, campaign, invariants_hold, lone_person};
use crate::intake::{EXPO, List, company_named, figures, undo};

const TWO: &str = "公司,城市,联系人,手机,电话\n\
    苏州宏远机械有限公司,苏州,王小明,13812340001,0512-65801234\n\
    无锡德昌电子有限公司,无锡,赵强,13912340003,0510-85551234\n";

/// State, bar, class and score of the entry of a company, with the score of its root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub state: String,
    pub bar: Option<String>,
    pub class: i32,
    pub score: i32,
    pub of_root: i32,
}

pub fn entry(app: &TestApp, company: i64) -> Entry {
    app.read(|conn| {
        let (state, bar, class, score) = s::queue_entry::table
            .filter(s::queue_entry::company_id.eq(company))
            .select((
                s::queue_entry::state,
                s::queue_entry::bar,
                s::queue_entry::class,
                s::queue_entry::score,
            ))
            .first(conn)?;
        let root: i64 = s::company::table
            .find(company)
            .select(s::company::root_id)
            .first(conn)?;
        let of_root = s::company::table
            .find(root)
            .select(s::company::score)
            .first(conn)?;
        Ok(Entry {
            state,
            bar,
            class,
            score,
            of_root,
        })
    })
}

fn standing(app: &TestApp, company: i64) -> (String, Option<String>) {
    let entry = entry(app, company);
    (entry.state, entry.bar)
}

fn ready() -> (String, Option<String>) {
    ("ready".into(), None)
}

fn barred(by: &str) -> (String, Option<String>) {
    ("barred".into(), Some(by.into()))
}

#[test]
fn a_list_of_customers_bars_their_entries_and_its_undo_wakes_them() {
    each_backend(|app| {
        EXPO.import(app, TWO);
        campaign(&app.user("wang", "manager"), "秋季回访");
        let hongyuan = company_named(app, "苏州宏远机械有限公司").id;
        let dechang = company_named(app, "无锡德昌电子有限公司").id;
        assert_eq!(
            (standing(app, hongyuan), standing(app, dechang)),
            (ready(), ready())
        );
        let own = List {
            channel: "OWN",
            source: "老客户",
            kind: BatchKind::Customers,
            ground: Some("contract"),
            ..EXPO
        };
        let batch = own.import(app, "公司,城市\n苏州宏远机械有限公司,苏州\n");
        assert_eq!(
            (standing(app, hongyuan), standing(app, dechang)),
            (barred("owned"), ready())
        );
        undo(app, batch);
        assert_eq!(standing(app, hongyuan), ready());
        invariants_hold(app);
    });
}

#[test]
fn an_edit_by_hand_is_felt_in_the_queue_at_once() {
    each_backend(|app| {
        EXPO.import(app, TWO);
        let manager = app.user("wang", "manager");
        let (id, _) = campaign(&manager, "秋季回访");
        let hongyuan = company_named(app, "苏州宏远机械有限公司").id;
        let before = entry(app, hongyuan);
        manager
            .api_patch(
                &format!("/companies/{hongyuan}"),
                &json!({ "headcount": 320, "address": "星湖街328号" }),
            )
            .expect(200);
        let after = entry(app, hongyuan);
        assert!(after.of_root > before.of_root);
        assert_eq!(after.score, after.of_root);
        let grade = |grade: &str| {
            let body = json!({ "grade": grade, "reason": "听错了" });
            manager
                .api_post(&format!("/companies/{hongyuan}/grade"), &body)
                .expect(200);
        };
        grade("E");
        assert_eq!(standing(app, hongyuan), barred("excluded"));
        grade("D");
        assert_eq!(standing(app, hongyuan), ready());
        assert_eq!(entry(app, hongyuan).class, 6);
        // Every number turns out wrong: barred, until somebody finds another one.
        let li = app.user("li", "agent");
        let dechang = company_named(app, "无锡德昌电子有限公司").id;
        for _ in 0..2 {
            let (lease, _) = call(&li, id, "invalid", json!({}));
            assert_eq!(
                lease["company"]["id"],
                json!(dechang),
                "the one that is no D"
            );
        }
        assert_eq!(standing(app, dechang), barred("no_phone"));
        manager
            .post(
                &format!("/companies/{dechang}/contacts/new"),
                &[("person_name", "周敏"), ("mobile", "13612340009")],
            )
            .expect(303);
        assert_eq!(standing(app, dechang), ready());
        invariants_hold(app);
    });
}

#[test]
fn a_number_learned_in_a_call_of_no_campaign_wakes_the_entry_that_waited_for_one() {
    each_backend(|app| {
        EXPO.import(
            app,
            "公司,城市,电话\n无锡德昌电子有限公司,无锡,0510-85551234\n",
        );
        let (manager, li) = (app.user("wang", "manager"), app.user("li", "agent"));
        let (autumn, _) = campaign(&manager, "秋季回访");
        let dechang = company_named(app, "无锡德昌电子有限公司").id;
        call(&li, autumn, "invalid", json!({}));
        assert_eq!(standing(app, dechang), barred("no_phone"));
        let rang = json!({
            "company": dechang, "phone": "+8651085559876", "direction": "in", "disposition": "send_info",
            "facts": { "phone": "0510-85559876" }
        });
        li.api_post("/calls", &rang).expect(201);
        assert_eq!(standing(app, dechang), ready());
        invariants_hold(app);
    });
}

#[test]
fn merged_companies_have_one_score_and_one_bar() {
    each_backend(|app| {
        EXPO.import(app, TWO);
        let manager = app.user("wang", "manager");
        campaign(&manager, "秋季回访");
        let hongyuan = company_named(app, "苏州宏远机械有限公司").id;
        let dechang = company_named(app, "无锡德昌电子有限公司").id;
        let merge = manager
            .api_post(
                &format!("/companies/{hongyuan}/merge"),
                &json!({ "other": dechang }),
            )
            .expect(200)
            .json()["merge_id"]
            .as_i64()
            .expect("an id");
        let (one, other) = (entry(app, hongyuan), entry(app, dechang));
        let open = if one.state == "ready" { &one } else { &other };
        assert_eq!(open.score, open.of_root);
        assert!([&one.state, &other.state].contains(&&"parked".to_owned()));
        let own = List {
            channel: "OWN",
            source: "老客户",
            kind: BatchKind::Customers,
            ground: Some("contract"),
            ..EXPO
        };
        own.import(app, "公司,城市\n无锡德昌电子有限公司,无锡\n");
        let bars: Vec<_> = [hongyuan, dechang].map(|id| standing(app, id)).to_vec();
        assert!(bars.contains(&barred("owned")), "{bars:?}");
        manager
            .api_post(&format!("/merges/{merge}/undo"), &json!({}))
            .expect(200);
        assert_eq!(standing(app, hongyuan), ready());
        for id in [hongyuan, dechang] {
            let entry = entry(app, id);
            assert_eq!(entry.score, entry.of_root, "{entry:?}");
        }
        invariants_hold(app);
    });
}

#[test]
fn a_source_with_another_channel_or_date_is_folded_anew() {
    each_backend(|app| {
        let yellow = |source: &'static str, day: &'static str| List {
            channel: "TEL",
            source,
            ground: Some("public_source"),
            collected_on: day,
            ..EXPO
        };
        let row = |street: &str| {
            format!("公司,城市,电话,地址\n苏州宏远机械有限公司,苏州,0512-65801234,{street}\n")
        };
        yellow("黄页甲", "2026-09-01").import(app, &row("星湖街1号"));
        yellow("黄页乙", "2026-08-01").import(app, &row("星湖街2号"));
        let marketing = app.user("ma", "marketing");
        campaign(&app.user("wang", "manager"), "秋季回访");
        let company = company_named(app, "苏州宏远机械有限公司").id;
        let shown = || {
            app.read(|conn| {
                Ok(s::company::table
                    .find(company)
                    .select((s::company::address, s::company::channels))
                    .first::<(Option<String>, i32)>(conn)?)
            })
        };
        assert_eq!(shown(), (Some("星湖街1号".into()), 128));
        let (first, second) = (source_named(app, "黄页甲"), source_named(app, "黄页乙"));
        // A list of a public office is worth more than a bought one.
        edit_source(&marketing, second, "黄页乙", "GOV", "2026-08-01").expect(303);
        app.run_jobs();
        assert_eq!(shown(), (Some("星湖街2号".into()), 128 | 4));
        edit_source(&marketing, second, "黄页乙", "TEL", "2026-08-01").expect(303);
        app.run_jobs();
        assert_eq!(shown(), (Some("星湖街1号".into()), 128));
        // Among equals the newer one wins.
        edit_source(&marketing, first, "黄页甲", "TEL", "2026-05-01").expect(303);
        app.run_jobs();
        assert_eq!(shown().0.as_deref(), Some("星湖街2号"));
        edit_source(&marketing, first, "黄页甲", "EXPRESS", "2026-05-01").expect(422);
        let entry = entry(app, company);
        assert_eq!(entry.score, entry.of_root);
    });
}

fn source_named(app: &TestApp, name: &str) -> i64 {
    app.read(|conn| {
        Ok(s::source::table
            .filter(s::source::name.eq(name))
            .select(s::source::id)
            .first(conn)?)
    })
}

fn edit_source(
    client: &Client,
    id: i64,
    name: &str,
    channel: &str,
    day: &str,
) -> crate::app::Answer {
    let path = format!("/settings/sources/{id}");
    let page = client.get(&path).expect(200).body;
    let seen = page
        .split("name=\"seen\" value=\"")
        .nth(1)
        .and_then(|text| text.split('"').next())
        .expect("what was seen");
    client.post(
        &path,
        &[
            ("name", name),
            ("channel", channel),
            ("ground", "public_source"),
            ("collected_on", day),
            ("seen", seen),
        ],
    )
}

#[test]
fn a_list_that_brings_a_ground_lifts_what_its_source_says() {
    each_backend(|app| {
        let silent = List {
            ground: None,
            ..EXPO
        };
        silent.import(app, TWO);
        let (_, filled) = campaign(&app.user("wang", "manager"), "秋季回访");
        assert_eq!(filled["left_out"]["no_ground"], json!(2));
        EXPO.import(
            app,
            "公司,城市,手机\n常州天合金属有限公司,常州,13712340005\n",
        );
        let hongyuan = company_named(app, "苏州宏远机械有限公司").id;
        let flags: i32 = app.read(|conn| {
            Ok(s::company::table
                .find(hongyuan)
                .select(s::company::flags)
                .first(conn)?)
        });
        assert_eq!(flags & 2, 2, "the earlier rows of the source have it, too");
    });
}

#[test]
fn a_register_silences_the_person_it_names() {
    each_backend(|app| {
        EXPO.import(app, TWO);
        let register = List {
            channel: "TEL",
            source: "拒接名单",
            kind: BatchKind::Suppressions,
            ground: None,
            ..EXPO
        };
        let batch = register.import(
            app,
            "公司,姓名,手机\n\
             苏州宏远机械有限公司,王小明,\n\
             ,赵强,13912340003\n\
             ,张三,\n",
        );
        let refused = |name: &str| {
            let name = name.to_owned();
            app.read(|conn| {
                Ok(s::person::table
                    .filter(s::person::name.eq(Some(name)))
                    .select(s::person::refused)
                    .load::<i32>(conn)?)
            })
        };
        assert_eq!(refused("王小明"), [7], "found by the company");
        assert_eq!(refused("赵强"), [7], "found by the number");
        assert!(refused("张三").is_empty(), "a name alone makes nobody");
        let hongyuan = company_named(app, "苏州宏远机械有限公司").id;
        let flags: i32 = app.read(|conn| {
            Ok(s::company::table
                .find(hongyuan)
                .select(s::company::flags)
                .first(conn)?)
        });
        assert_eq!(flags & 4, 0, "the company itself was not named for silence");
        let figures = figures(app, batch);
        assert_eq!(figures.suppressed, 3, "two persons and a number");
        assert_eq!(figures.reasons.get("person_unclear"), Some(&1));
        let manager = app.user("wang", "manager");
        let page = manager.get(&format!("/imports/{batch}")).expect(200).body;
        assert!(page.contains("the name alone does not say who is meant"));
        undo(app, batch);
        assert_eq!((refused("王小明"), refused("赵强")), (vec![0], vec![0]));
    });
}

#[test]
fn a_lone_person_who_is_silenced_leaves_the_queue() {
    each_backend(|app| {
        let person = app.write(|conn| {
            let now = clock::now(conn)?;
            lone_person(conn, now, "周敏", "+8613612340009", "inquiry")
        });
        campaign(&app.user("wang", "manager"), "秋季回访");
        let state = || {
            app.read(|conn| {
                Ok(s::queue_entry::table
                    .filter(s::queue_entry::person_id.eq(person))
                    .select((s::queue_entry::state, s::queue_entry::bar))
                    .first::<(String, Option<String>)>(conn)?)
            })
        };
        assert_eq!(state(), ready());
        let register = List {
            channel: "TEL",
            source: "拒接名单",
            kind: BatchKind::Suppressions,
            ground: None,
            ..EXPO
        };
        let batch = register.import(app, "姓名,手机\n周敏,13612340009\n");
        assert_eq!(state(), barred("suppressed"));
        undo(app, batch);
        assert_eq!(state(), ready());
    });
}

#[test]
fn a_queued_company_that_is_met_at_an_event_is_called_first_for_its_first_hours() {
    each_backend(|app| {
        let bought = List {
            channel: "TEL",
            source: "黄页",
            ground: Some("public_source"),
            ..EXPO
        };
        bought.import(app, TWO);
        let (manager, li) = (app.user("wang", "manager"), app.user("li", "agent"));
        let (id, _) = campaign(&manager, "秋季回访");
        let hongyuan = company_named(app, "苏州宏远机械有限公司").id;
        let dechang = company_named(app, "无锡德昌电子有限公司").id;
        assert_eq!(entry(app, hongyuan).class, 5);
        // The other one was called already: a retry that is met becomes an event lead, too.
        let (lease, _) = call(&li, id, "busy", json!({}));
        let called = lease["company"]["id"].as_i64().expect("an id");
        app.advance(TimeDelta::minutes(31));
        let met = List {
            collected_on: "2026-09-22",
            ..EXPO
        };
        met.import(app, TWO);
        assert_eq!(
            (entry(app, hongyuan).class, entry(app, dechang).class),
            (2, 2)
        );
        // A call that failed is a retry again, whatever follows.
        let (lease, _) = call(&li, id, "no_answer", json!({}));
        let again = lease["company"]["id"].as_i64().expect("an id");
        app.write(move |conn| {
            let now = clock::now(conn)?;
            canvass::calling::actions::follow_companies(conn, now, &[again])
        });
        assert_eq!(entry(app, again).class, 4);
        // And after three working days so is every other one.
        let other = if again == hongyuan { dechang } else { hongyuan };
        app.advance(TimeDelta::days(9));
        canvass::calling::jobs::cool(&app.db).expect("event leads take their place");
        assert_eq!(entry(app, other).class, if other == called { 4 } else { 5 });
        invariants_hold(app);
    });
}
