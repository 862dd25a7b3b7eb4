//! What the calendar makes, shows and refuses.

use canvass::accounts::Actor;
use canvass::outreach::actions::{greetings, mailings};
use canvass::outreach::model::{MailingEdit, MailingState};
use canvass::outreach::rules::occasions::{GreetingRules, Occasion, OccasionRule};
use canvass::platform::error::AppResult;
use canvass::platform::settings;
use canvass::schema::delivery;
use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde_json::json;

use super::super::audience::somebody;
use super::super::mailings::start_due;
use super::{
    answer, autumn, customer, day, decide, let_time_pass, mourn, of_occasion, set_rules, sh,
};
use crate::app::{TestApp, each_backend};

#[test]
fn the_calendar_says_what_leaves_when_and_what_never_does() {
    each_backend(|app| {
        let marketing = app.user("shen", "marketing");
        let found = marketing.api("/greetings/calendar?from=2026-09-14&to=2026-11-30");
        let found = found.expect(200).json();
        let of = |code: &str| {
            let all = found["greetings"].as_array().expect("a list");
            all.iter()
                .find(|g| g["occasion"] == code)
                .cloned()
                .expect("it is there")
        };
        let autumn = of("mid_autumn");
        assert_eq!(autumn["on"], "2026-09-25");
        assert_eq!(autumn["sent_on"], "2026-09-24");
        assert_eq!(autumn["send_from"], "2026-09-24T02:00:00Z");
        assert_eq!(autumn["send_until"], "2026-09-24T03:30:00Z");
        assert_eq!(autumn["grades"], json!(["B", "C", "D"]));
        assert_eq!(of("national_day")["grades"], json!(["B", "C"]));
        assert_eq!(of("national_day")["sent_on"], "2026-09-30");
        assert_eq!(found["next_never_greeted"]["code"], "hanyi");
        assert_eq!(found["next_never_greeted"]["on"], "2026-11-09");
        let worked = found["days"].as_array().expect("a list").iter();
        let worked: Vec<_> = worked.filter(|d| d["is_worked"] == true).collect();
        assert_eq!(worked.len(), 2, "20 September and 10 October");
        for (query, code) in [
            ("from=2026-09-14&to=2026-09-13", "greeting_span_wrong"),
            ("from=2020-01-01&to=2026-01-01", "greeting_span_wrong"),
            ("from=yesterday", "greeting_day_wrong"),
        ] {
            let answer = marketing.api(&format!("/greetings/calendar?{query}"));
            assert_eq!(answer.expect(422).code(), code, "{query}");
        }
    });
}

/// Has a mailing of an occasion made, as somebody would who asks for it.
fn make(app: &TestApp, code: &'static str) -> AppResult<i64> {
    let now = app.now();
    app.db.write_blocking(move |conn| {
        let (actor, terms) = (Actor::system(), MailingEdit::default());
        greetings::make_by_hand(conn, now, &actor, code, None, &terms)
    })
}

#[test]
fn days_of_silence_are_refused_with_the_reason() {
    each_backend(|app| {
        for (code, refused) in [
            ("qingming", "never_greeted_qingming"),
            ("zhongyuan", "never_greeted_zhongyuan"),
            ("hanyi", "never_greeted_hanyi"),
            ("memorial_day", "never_greeted_memorial_day"),
        ] {
            let error = make(app, code).expect_err("refused");
            assert_eq!(error.refusal().expect("with a reason").code, refused);
        }
        mourn(app, "2026-09-25", "2026-09-27");
        let error = make(app, "mid_autumn").expect_err("refused");
        assert_eq!(
            error.refusal().expect("with a reason").code,
            "never_greeted_office"
        );
        let_time_pass(app);
        assert!(of_occasion(app, "mid_autumn").is_empty());
    });
}

#[test]
fn a_holiday_gets_one_mailing_in_time_whoever_asks() {
    each_backend(|app| {
        let_time_pass(app);
        let_time_pass(app);
        let found = autumn(app);
        assert_eq!(found.occasion_on, Some(day("2026-09-25")));
        assert_eq!(found.year, Some(2026));
        assert_eq!(found.name, "中秋2026");
        assert_eq!(found.letter_code, "mid_autumn");
        assert_eq!(found.state, MailingState::Planning.code());
        assert_eq!(found.send_from, Some(sh("2026-09-24 10:00")));
        assert_eq!(found.send_until, Some(sh("2026-09-24 11:30")));
        assert_eq!(found.approve_by, Some(sh("2026-09-23 17:00")));
        let grades: Vec<&str> = found.audience().grades.iter().map(|g| g.code()).collect();
        assert_eq!(grades, ["B", "C", "D"]);
        assert_eq!(of_occasion(app, "national_day").len(), 1);
        assert!(of_occasion(app, "new_year").is_empty());
        assert_eq!(
            make(app, "mid_autumn").expect("the one that is there"),
            found.id
        );
        let (id, now) = (found.id, app.now());
        app.write(move |conn| mailings::cancel(conn, now, &Actor::system(), id));
        let_time_pass(app);
        assert_eq!(autumn(app).state, MailingState::Cancelled.code());
    });
}

#[test]
fn a_mailing_goes_on_and_stays_in_the_calendar_when_its_occasion_is_switched_off() {
    each_backend(|app| {
        let marketing = app.user("shen", "marketing,manager");
        let_time_pass(app);
        let id = autumn(app).id;
        set_rules(app, |rules| {
            let off = OccasionRule {
                is_on: false,
                ..OccasionRule::shipped(Occasion::MidAutumn)
            };
            rules.occasions.insert(Occasion::MidAutumn, off);
        });
        let told = marketing.api("/greetings/calendar?from=2026-09-20&to=2026-09-30");
        let told = told.expect(200).json();
        let mut all = told["greetings"].as_array().expect("a list").iter();
        let autumn = all.find(|one| one["mailing"]["id"] == id);
        let autumn = autumn.expect("it goes");
        assert_eq!(autumn["send_from"], "2026-09-24T02:00:00Z");
        let page = marketing.get("/greetings?o=mid_autumn.2026-09-25&lang=zh-CN");
        let page = page.expect(200).body;
        assert!(page.contains("中秋贺卡，9月24日 周四 10:00寄出"), "{page}");
        let now = app.now();
        app.write(move |conn| mailings::cancel(conn, now, &Actor::system(), id));
        let told = marketing.api("/greetings/calendar?from=2026-09-20&to=2026-09-30");
        let told = told.expect(200).json();
        let mut all = told["greetings"].as_array().expect("a list").iter();
        assert!(all.all(|one| one["occasion"] != "mid_autumn"), "{told}");
    });
}

#[test]
fn the_pages_show_the_year_and_what_is_planned() {
    each_backend(|app| {
        let (marketing, rep) = (app.user("shen", "marketing"), app.user("xu", "rep"));
        let people: Vec<i64> = (1..=2).map(|n| customer(app, n, "B", None)).collect();
        let before = marketing.get("/greetings?lang=zh-CN").expect(200).body;
        assert!(before.contains("现在选人"), "{before}");
        let o = [("o", "mid_autumn.2026-09-25")];
        marketing.post("/greetings/make", &o).expect(303);
        let id = autumn(app).id;
        let cards: Vec<_> = people.iter().map(|who| (rep.actor.id(), *who)).collect();
        decide(app, id, &cards, &[]);
        let page = marketing.get("/greetings?lang=zh-CN").expect(200).body;
        for text in [
            "中秋贺卡，9月24日 周四 10:00寄出",
            "2人里寄2人",
            "中秋 2",
            "十五",
            "班",
            "下一个不寄的日子是11月9日 寒衣节",
            "批准寄出",
        ] {
            assert!(page.contains(text), "{text} in {page}");
        }
        let year = marketing
            .get("/greetings?year=2028&lang=zh-CN")
            .expect(200)
            .body;
        for text in ["中秋与国庆", "清明节", "还没有录入"] {
            assert!(year.contains(text), "{text} in {year}");
        }
        // On a narrow screen three of the twelve months stand there at first.
        assert_eq!(year.matches("class=\"far\"").count(), 9, "{year}");
        let english = marketing.get("/greetings?lang=en").expect(200).body;
        assert!(
            english.contains("Mid-Autumn Festival: cards leave on 24 Sep, Thursday, at 10:00"),
            "{english}"
        );
        for odd in [
            "?o=nothing.2026-09-25",
            "?from=9999-12-31",
            "?year=99999",
            "?o=birthday.2026-02-30",
        ] {
            marketing.get(&format!("/greetings{odd}")).expect(200);
        }
        rep.get("/greetings").expect(403);
        marketing.get("/cards").expect(403);
        let done = marketing.post(&format!("/greetings/{id}/approve"), &o);
        done.expect(303);
        assert_eq!(autumn(app).state, MailingState::Scheduled.code());
    });
}

#[test]
fn rules_are_edited_and_refused_on_their_page() {
    each_backend(|app| {
        let manager = app.user("gu", "manager");
        let page = manager
            .get("/settings/greetings?lang=zh-CN")
            .expect(200)
            .body;
        assert!(
            page.contains("中秋") && page.contains("国家公祭日"),
            "{page}"
        );
        let fields = [
            ("version", "0"),
            ("mid_autumn", "on"),
            ("mid_autumn", "B"),
            ("days_ahead", "7"),
            ("answer_days", "2"),
            ("from", "09:30"),
            ("until", "11:00"),
            ("asks_owners", "yes"),
            ("silence_is_yes", "no"),
            ("goes_unasked", "no"),
        ];
        manager.post("/settings/greetings", &fields).expect(303);
        let rules = app.read(|conn| Ok(settings::load::<GreetingRules>(conn)?.value));
        assert!(!rules.silence_is_yes && !rules.goes_unasked && rules.days_ahead == 7);
        let again = [
            ("version", "1"),
            ("do", "add_days"),
            ("from", "2026-10-02"),
            ("to", "2026-10-01"),
            ("name_zh", "盘点"),
        ];
        let refused = manager
            .post("/settings/greetings?lang=zh-CN", &again)
            .expect(422)
            .body;
        assert!(refused.contains("最后一天早于第一天"), "{refused}");
        // What was typed stays, in the form into which it was typed, and the field says what is wrong.
        for kept in ["value=\"2026-10-01\"", "value=\"盘点\"", "value=\"09:30\""] {
            assert!(refused.contains(kept), "{kept}: {refused}");
        }
        assert!(refused.contains("id=\"to-err\""), "{refused}");
        let mut late = fields;
        (late[0].1, late[5].1, late[6].1) = ("1", "11:30", "10:15");
        late[3].1 = "8";
        let refused = manager.post("/settings/greetings", &late).expect(422).body;
        for kept in ["value=\"8\"", "value=\"11:30\"", "value=\"10:15\""] {
            assert!(refused.contains(kept), "{kept}: {refused}");
        }
        assert!(refused.contains("id=\"greet-until-err\""), "{refused}");
        let days = [
            ("version", "1"),
            ("do", "add_days"),
            ("from", "2026-10-02"),
            ("name_zh", "盘点"),
        ];
        manager.post("/settings/greetings", &days).expect(303);
        let rules = app.read(|conn| Ok(settings::load::<GreetingRules>(conn)?.value));
        assert_eq!(rules.blackouts.len(), 1);
        assert_eq!(rules.blackouts[0].to, day("2026-10-02"));
    });
}

#[test]
fn programs_are_refused_days_of_silence_and_get_the_mailing_that_is_there() {
    each_backend(|app| {
        let marketing = app.user("shen", "marketing");
        let ask = |occasion: &str| {
            let body = json!({ "kind": "greeting", "occasion": occasion });
            marketing.api_post("/mailings", &body)
        };
        let refused = ask("qingming").expect(422);
        assert_eq!(refused.code(), "never_greeted_qingming");
        assert!(
            refused.body.contains("清明是扫墓追思的日子"),
            "{}",
            refused.body
        );
        assert_eq!(ask("清明").expect(422).code(), "never_greeted_qingming");
        assert_eq!(ask("groundhog_day").expect(422).code(), "greeting_unknown");
        let made = ask("mid_autumn").expect(201).json();
        assert_eq!(made["id"], autumn(app).id);
        assert_eq!(ask("mid_autumn").expect(201).json()["id"], made["id"]);
        assert_eq!(ask("中秋节").expect(201).json()["id"], made["id"]);
        assert_eq!(of_occasion(app, "mid_autumn").len(), 1);
    });
}

#[test]
fn autumn_2026_goes_to_b_c_and_d_and_says_why_not_to_the_others() {
    each_backend(|app| {
        let rep = app.user("xu", "rep");
        let with_rep = |n, grade| somebody(n, grade).owner(rep.actor.id());
        let (_, b) = with_rep(1, "B").write(app);
        let (_, c) = somebody(2, "C").write(app);
        let (_, d) = somebody(3, "D").region("710000").write(app);
        with_rep(4, "A").write(app);
        somebody(5, "E").write(app);
        somebody(6, "B").region("US-CA").write(app);
        somebody(7, "B").ground(None).write(app);
        let_time_pass(app);
        app.run_jobs();
        let found = autumn(app);
        assert_eq!(found.state, MailingState::Planned.code());
        let figures = found.figures().expect("figures");
        assert_eq!(figures.included, 3);
        for reason in ["by_hand", "other_grade", "not_kept", "no_ground"] {
            assert_eq!(figures.left_out.get(reason), Some(&1), "{reason}");
        }
        assert_eq!(answer(app, found.id, &rep), "open");
        // Who came to be known since is among them: at the deadline it is decided anew.
        let (_, late) = somebody(8, "C").write(app);
        app.set_now(sh("2026-09-23 17:00"));
        let_time_pass(app);
        assert_eq!(autumn(app).state, MailingState::Planning.code());
        app.run_jobs();
        let_time_pass(app);
        assert_eq!(autumn(app).state, MailingState::Scheduled.code());
        app.set_now(sh("2026-09-24 09:59"));
        assert!(start_due(app).is_empty());
        app.set_now(sh("2026-09-24 10:00"));
        assert_eq!(start_due(app), [found.id]);
        let going = app.read(move |conn| {
            Ok(delivery::table
                .filter(delivery::mailing_id.eq(found.id))
                .filter(delivery::state.eq("queued"))
                .order(delivery::person_id)
                .select((delivery::person_id, delivery::due_at, delivery::until_at))
                .load::<(i64, Option<NaiveDateTime>, Option<NaiveDateTime>)>(conn)?)
        });
        let window = (Some(sh("2026-09-24 10:00")), Some(sh("2026-09-24 11:30")));
        let wanted = [b, c, d, late].map(|who| (who, window.0, window.1));
        assert_eq!(going, wanted);
    });
}
