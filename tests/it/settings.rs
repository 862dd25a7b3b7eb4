//! Settings pages: each change counts for the very next decision, an older page never overwrites a newer one.

use canvass::calling::rules::{CallingRules, Delay, Disposition};
use canvass::consent::{refresh_grounds, refresh_standing};
use canvass::platform::clock;
use canvass::platform::settings;
use canvass::qualifying::{Needs, Reasons};
use canvass::registry::rules::hash::hash64;
use canvass::schema as s;
use diesel::prelude::*;

use crate::app::each_backend;

#[test]
fn a_need_keeps_its_bit_whatever_happens_to_the_list() {
    each_backend(|app| {
        let manager = app.user("zhou", "manager");
        manager.get("/settings/lists").expect(200);
        let form = [
            ("list", "needs"),
            ("version", "0"),
            ("code", ""),
            ("name_zh", "能耗"),
            ("name_en", "Energy use"),
            ("place", "1"),
            ("code", "quality"),
            ("name_zh", "质量追溯"),
            ("name_en", ""),
            ("place", "2"),
            ("active", "0"),
        ];
        manager.post("/settings/lists", &form).expect(303);
        let needs = app.read(settings::load::<Needs>).value;
        let shipped = Needs::default();
        let bit = |needs: &Needs, code: &str| {
            let found = needs.0.iter().find(|n| n.code == code);
            found.map(|n| (n.bit, n.active))
        };
        assert_eq!(
            bit(&needs, "energy_use"),
            Some((shipped.0.len() as u32, true))
        );
        assert_eq!(
            bit(&needs, "quality").map(|b| b.0),
            bit(&shipped, "quality").map(|b| b.0)
        );
        assert_eq!(bit(&needs, "finance"), Some((0, false)));
        assert_eq!(needs.0.len(), shipped.0.len() + 1);
        manager.post("/settings/lists", &form).expect(409);
        let nothing_left = [
            ("list", "pause"),
            ("version", "0"),
            ("code", "break"),
            ("name_zh", "休息"),
            ("name_en", ""),
            ("place", "1"),
        ];
        manager.post("/settings/lists", &nothing_left).expect(422);
        let mut stray = nothing_left;
        stray[0] = ("list", "nowhere");
        let page = manager.post("/settings/lists", &stray).expect(422).body;
        assert!(page.contains("nothing was saved"), "{page}");
        let other = [
            ("list", "pause"),
            ("version", "0"),
            ("code", ""),
            ("name_zh", "开会"),
            ("name_en", "Huddle"),
            ("place", "1"),
            ("active", "0"),
        ];
        manager.post("/settings/lists", &other).expect(303);
        let pause = app.read(settings::load::<Reasons>).value.pause;
        assert_eq!((pause[0].code.as_str(), pause[0].active), ("huddle", true));
        assert!(pause[1..].iter().all(|reason| !reason.active));
    });
}

#[test]
fn a_ground_that_is_set_later_counts_for_everybody_on_the_list() {
    each_backend(|app| {
        let (source, company) = app.write(|conn| {
            let now = clock::now(conn)?;
            let source = diesel::insert_into(s::source::table)
                .values((
                    s::source::channel.eq("TEL"),
                    s::source::name.eq("2026 名录"),
                    s::source::kind.eq("leads"),
                    s::source::rank.eq(5),
                    s::source::companies.eq(1_i64),
                    s::source::created_at.eq(now),
                ))
                .returning(s::source::id)
                .get_result::<i64>(conn)?;
            let company = diesel::insert_into(s::company::table)
                .values((
                    s::company::root_id.eq(0_i64),
                    s::company::name.eq("无锡华光电子有限公司"),
                    s::company::name_key.eq(7_i64),
                    s::company::needs.eq(0_i64),
                    s::company::state.eq("new"),
                    s::company::score.eq(0),
                    s::company::completeness.eq(0),
                    s::company::missing.eq(0),
                    s::company::channels.eq(0),
                    s::company::flags.eq(1),
                    s::company::winners.eq("[]"),
                    s::company::created_at.eq(now),
                ))
                .returning(s::company::id)
                .get_result::<i64>(conn)?;
            diesel::update(s::company::table.find(company))
                .set(s::company::root_id.eq(company))
                .execute(conn)?;
            diesel::insert_into(s::record::table)
                .values((
                    s::record::kind.eq("list"),
                    s::record::source_id.eq(source),
                    s::record::company_id.eq(company),
                    s::record::said.eq("{}"),
                    s::record::said_at.eq(now),
                ))
                .execute(conn)?;
            diesel::insert_into(s::contact_point::table)
                .values((
                    s::contact_point::owner_kind.eq(1),
                    s::contact_point::owner_id.eq(company),
                    s::contact_point::kind.eq("phone"),
                    s::contact_point::value.eq("+8651085551234"),
                    s::contact_point::value_key.eq(hash64("+8651085551234")),
                    s::contact_point::state.eq("good"),
                    s::contact_point::inferred.eq(false),
                    s::contact_point::created_at.eq(now),
                ))
                .execute(conn)?;
            refresh_grounds(conn, &[])?;
            refresh_standing(conn, &[company])?;
            Ok((source, company))
        });
        let has_ground = || {
            app.read(|conn| {
                let flags: i32 = s::company::table
                    .find(company)
                    .select(s::company::flags)
                    .first(conn)?;
                Ok(flags & 2 != 0)
            })
        };
        assert!(!has_ground());
        let me = app.user("ma", "marketing");
        let list = me.get("/settings/sources").expect(200);
        assert!(list.body.contains("nobody of these may be called"));
        let path = format!("/settings/sources/{source}");
        let page = me.get(&path).expect(200).body;
        let seen = page
            .split("name=\"seen\" value=\"")
            .nth(1)
            .and_then(|t| t.split('"').next())
            .expect("seen")
            .to_owned();
        let form = |ground: &'static str, cost: &'static str| {
            let seen = seen.clone();
            vec![
                ("name".to_owned(), "2026 名录".to_owned()),
                ("ground".into(), ground.into()),
                ("cost".into(), cost.into()),
                ("currency".into(), "CNY".into()),
                ("collected_on".into(), "2026-08-01".into()),
                ("seen".into(), seen),
            ]
        };
        let post = |fields: Vec<(String, String)>| {
            let fields: Vec<(&str, &str)> = fields
                .iter()
                .map(|(n, v)| (n.as_str(), v.as_str()))
                .collect();
            me.post(&path, &fields)
        };
        post(form("friendship", "1")).expect(422);
        post(form("public_source", "九万")).expect(422);
        post(form("public_source", "90,000")).expect(303);
        post(form("consent", "1")).expect(409);
        app.run_jobs();
        assert!(has_ground());
        assert!(
            me.get("/settings/sources")
                .expect(200)
                .body
                .contains("¥90,000")
        );
    });
}

#[test]
fn a_changed_retry_is_shown_before_and_counts_after() {
    each_backend(|app| {
        let manager = app.user("zhou", "manager");
        let page = manager.get("/settings/calling").expect(200);
        // Ten o'clock and four hours.
        assert!(
            page.body.contains("again 22 Sept 14:00") || page.body.contains("again 22 Sep 14:00")
        );
        let form = |version: &'static str, minutes: &'static str| {
            vec![
                ("version", version),
                ("no_answer_n1", minutes),
                ("no_answer_u1", "minutes"),
                ("no_answer_n2", ""),
                ("no_answer_u2", "next_day"),
                ("no_answer_attempts", "6"),
                ("no_answer_rest", ""),
                ("number_a_day", "3"),
            ]
        };
        let mut preview = form("0", "90");
        preview.push(("try", "1"));
        let page = manager.post("/settings/calling", &preview).expect(200);
        assert!(
            page.body.contains("11:30"),
            "the preview tells the new time"
        );
        assert_eq!(app.read(settings::load::<CallingRules>).version, 0);
        manager
            .post("/settings/calling", &form("0", "0"))
            .expect(422);
        manager
            .post("/settings/calling", &form("0", "90"))
            .expect(303);
        manager
            .post("/settings/calling", &form("0", "60"))
            .expect(409);
        let rules = app.read(settings::load::<CallingRules>);
        let rule = rules.value.of(Disposition::NoAnswer);
        assert_eq!(rule.delays, [Delay::Minutes(90), Delay::NextDay]);
        assert_eq!(
            (
                rules.version,
                rule.attempts,
                rules.value.limits.number_a_day
            ),
            (1, Some(6), 3)
        );
        assert_eq!(
            rules.value.of(Disposition::Busy),
            CallingRules::default().of(Disposition::Busy)
        );
    });
}

#[test]
fn a_new_version_of_a_script_is_what_the_next_call_reads() {
    each_backend(|app| {
        let manager = app.user("zhou", "manager");
        manager.get("/settings/scripts/new").expect(200);
        let first = [
            ("name", "制造业首次电话"),
            ("step_id", ""),
            ("say_0", "您好，这里是砚川科技。"),
            ("place_0", "1"),
        ];
        let made = manager.post("/settings/scripts", &first).expect(303);
        let path = made.location.expect("the new script");
        let script: i64 = path
            .rsplit('/')
            .next()
            .and_then(|id| id.parse().ok())
            .expect("an id");
        let campaign = manager
            .api_post(
                "/campaigns",
                &serde_json::json!({"name": "秋季", "script": script, "agents": "all"}),
            )
            .expect(201)
            .json()["id"]
            .as_i64()
            .expect("an id");
        let steps = || {
            let campaign = manager
                .api(&format!("/campaigns/{campaign}"))
                .expect(200)
                .json();
            campaign["script"].as_array().cloned().unwrap_or_default()
        };
        assert_eq!(steps().len(), 1);
        let second = [
            ("name", "制造业首次电话"),
            ("version", "1"),
            ("step_id", "1"),
            ("title_0", "开场"),
            ("say_0", "您好！"),
            ("place_0", "1"),
            ("question_0", "urgency"),
            ("when0_0", "urgency in M1,M3"),
            ("then0_0", "2"),
            ("step_id", "2"),
            ("title_1", "约见"),
            ("say_1", "哪天方便？"),
            ("place_1", "2"),
        ];
        manager.post(&path, &second).expect(303);
        manager.post(&path, &second).expect(409);
        let now = steps();
        assert_eq!(now.len(), 2);
        assert_eq!(now[0]["next"][0]["step"], "2");
        let page = manager.get(&path).expect(200);
        assert!(
            page.body
                .contains("They decide within three months → 2 · 约见")
        );
        assert!(
            manager
                .get("/settings/scripts")
                .expect(200)
                .body
                .contains("秋季")
        );
        let silent = [
            ("name", "x"),
            ("version", "2"),
            ("step_id", "1"),
            ("place_0", "1"),
        ];
        manager.post(&path, &silent).expect(422);
    });
}
