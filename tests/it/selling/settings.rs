//! Every number of the rules of selling changes the very next decision.

use canvass::platform::settings::{self, Setting};
use canvass::qualifying::Grade;
use canvass::registry::actions::take_away;
use canvass::schema::{company, handover, registration};
use canvass::selling::jobs;
use canvass::selling::rules::capacity::CapacityRules;
use canvass::selling::rules::numbers::Numbers;
use canvass::selling::rules::pool::PoolRules;
use canvass::selling::rules::service::{SPANS, ServiceRules};
use canvass::selling::rules::stage_list::StageList;
use canvass::selling::rules::stages::Evidence;
use chrono::{NaiveDateTime, TimeDelta, Timelike};
use diesel::prelude::*;
use serde_json::json;

use super::build::{invariants_hold, lacking, lead, open, seen, territory, tick};
use crate::app::{Answer, Client, TestApp, each_backend};

/// What the page sends for a rule set: all of its numbers as they are, with some typed anew.
fn form<T: Numbers>(app: &TestApp, typed: &[(&str, &str)]) -> Vec<(String, String)> {
    let stored = app.read(settings::load::<T>);
    let mut fields = vec![
        ("set".to_owned(), T::KIND.to_owned()),
        ("version".to_owned(), stored.version.to_string()),
    ];
    let kept = T::NUMBERS.iter();
    fields.extend(kept.map(|n| (n.name.to_owned(), n.typed(&stored.value))));
    if T::KIND == ServiceRules::KIND {
        let mut rules = app.read(settings::load::<ServiceRules>).value;
        for (name, place) in SPANS {
            let (n, unit) = place(&mut rules).typed();
            fields.push((format!("{name}_n"), n.to_string()));
            fields.push((format!("{name}_unit"), unit.to_owned()));
        }
    }
    for (name, value) in typed {
        match fields.iter_mut().find(|(known, _)| known == name) {
            Some(field) => field.1 = (*value).to_owned(),
            None => panic!("{name} is no field of {}", T::KIND),
        }
    }
    fields
}

fn send(client: &Client, fields: &[(String, String)]) -> Answer {
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    client.post("/settings/selling", &fields)
}

/// Types numbers into the page and saves.
#[track_caller]
fn set<T: Numbers>(app: &TestApp, manager: &Client, typed: &[(&str, &str)]) {
    let before = app.read(settings::load::<T>).version;
    send(manager, &form::<T>(app, typed)).expect(303);
    let after = app.read(settings::load::<T>).version;
    assert_eq!(after, before + 1, "it is refused: {typed:?}");
}

struct Office {
    manager: Client,
    marketing: Client,
    agent: Client,
    rep: Client,
}

fn office(app: &TestApp) -> Office {
    let office = Office {
        manager: app.user("gu", "manager"),
        marketing: app.user("shen", "marketing"),
        agent: app.user("lin", "agent"),
        rep: app.user("xu", "rep"),
    };
    territory(app, &office.manager, &office.rep, &[], &[]);
    office
}

impl Office {
    fn lead(&self, n: u32) -> i64 {
        let name = format!("苏州砚川{n}机械有限公司");
        lead(&self.marketing, &name, "苏州", "通用设备", n)
    }
    fn accept(&self, id: i64) -> Answer {
        self.rep
            .api_post(&format!("/handovers/{id}/accept"), &json!({}))
    }
    fn pooled(&self, app: &TestApp, n: u32) -> i64 {
        let (root, now) = (self.lead(n), app.now());
        app.write(move |conn| take_away(conn, now, root, true));
        root
    }
    fn claim(&self, root: i64) {
        let id = root.to_string();
        self.rep
            .post("/pool/claim", &[("company", &id)])
            .expect(303);
    }
}

/// To the minute: the clock goes on while a test runs.
fn minute(at: NaiveDateTime) -> NaiveDateTime {
    let whole = at.with_second(0).and_then(|at| at.with_nanosecond(0));
    whole.expect("a minute has a beginning")
}

/// When a hand-over warns, lapses, and is to be followed by a contact.
fn times(app: &TestApp, id: i64) -> [Option<NaiveDateTime>; 3] {
    let (warn, due, contact) = app.read(move |conn| {
        let times = (handover::warn_at, handover::due_at, handover::contact_by);
        Ok(handover::table.find(id).select(times).first(conn)?)
    });
    let times: [Option<NaiveDateTime>; 3] = [warn, due, contact];
    times.map(|at| at.map(minute))
}

fn owner(app: &TestApp, root: i64) -> Option<i64> {
    app.read(move |conn| {
        let found = company::table.find(root).select(company::owner_id);
        Ok(found.first(conn)?)
    })
}

#[test]
fn service_times_count_for_the_next_offer() {
    each_backend(|app| {
        let o = office(app);
        let (first, second, third) = (o.lead(1), o.lead(2), o.lead(3));
        let now = minute(app.now());
        let before = open(app, &o.agent, first, Grade::A);
        let shipped = times(app, before);
        set::<ServiceRules>(
            app,
            &o.manager,
            &[
                ("accept_a_n", "1"),
                ("accept_a_unit", "hours"),
                ("warn_percent", "50"),
                ("contact_a_n", "1"),
                ("contact_a_unit", "hours"),
                ("accept_b_n", "1"),
                ("accept_b_unit", "days"),
                ("contact_b_n", "1"),
                ("contact_b_unit", "days"),
            ],
        );
        assert_eq!(
            times(app, before),
            shipped,
            "what is on offer keeps its time"
        );
        let a = open(app, &o.agent, second, Grade::A);
        let minutes = |n| Some(now + TimeDelta::minutes(n));
        assert_eq!(times(app, a), [minutes(30), minutes(60), None]);
        let b = open(app, &o.agent, third, Grade::B);
        assert_eq!(times(app, b)[1], minutes(24 * 60), "the next working day");
        o.accept(a).expect(200);
        assert_eq!(times(app, a)[2], minutes(60));
        o.accept(b).expect(200);
        assert_eq!(times(app, b)[2], minutes(24 * 60));
        let kept: i32 = app.read(move |conn| {
            let found = handover::table.find(a).select(handover::rule_version);
            Ok(found.first(conn)?)
        });
        assert_eq!(kept, 1, "a decision keeps the version of its rules");
        let page = o.manager.get("/settings/selling").expect(200).body;
        assert!(page.contains("version 1"), "{page}");
    });
}

#[test]
fn rounds_the_managers_days_and_completeness_count_at_once() {
    each_backend(|app| {
        let o = office(app);
        let other = app.user("zhou", "rep");
        territory(app, &o.manager, &other, &[], &[]);
        let root = o.lead(1);
        set::<ServiceRules>(app, &o.manager, &[("rounds", "1"), ("manager_days", "1")]);
        let id = open(app, &o.agent, root, Grade::A);
        app.advance(TimeDelta::hours(6));
        tick(app);
        assert_eq!(seen(&o.manager, id)["state"], "with_manager", "one round");
        app.advance(TimeDelta::days(1));
        tick(app);
        assert_eq!(seen(&o.manager, id)["state"], "pooled", "one day of work");
        let bare = o.lead(2);
        let before = lacking(app, bare);
        set::<ServiceRules>(app, &o.manager, &[("completeness", "100")]);
        let mut after = before.clone();
        after.push("completeness");
        assert_eq!(lacking(app, bare), after);
        invariants_hold(app, "edited service times");
    });
}

#[test]
fn an_event_lead_is_dialled_as_soon_as_the_rules_say() {
    each_backend(|app| {
        let o = office(app);
        set::<ServiceRules>(
            app,
            &o.manager,
            &[
                ("event_first_dial_n", "1"),
                ("event_first_dial_unit", "hours"),
            ],
        );
        let id = open(app, &o.agent, o.lead(1), Grade::B);
        app.write(move |conn| {
            let row = diesel::update(handover::table.find(id));
            row.set(handover::is_event_lead.eq(true)).execute(conn)?;
            Ok(())
        });
        let now = minute(app.now());
        o.accept(id).expect(200);
        assert_eq!(times(app, id)[2], Some(now + TimeDelta::hours(1)));
    });
}

#[test]
fn the_limits_of_the_pool_count_for_the_next_claim() {
    each_backend(|app| {
        let o = office(app);
        let me = o.rep.actor.user_id;
        let roots: Vec<i64> = (1..=4).map(|n| o.pooled(app, n)).collect();
        set::<PoolRules>(app, &o.manager, &[("claims_a_day", "1")]);
        o.claim(roots[0]);
        o.claim(roots[1]);
        assert_eq!((owner(app, roots[0]), owner(app, roots[1])), (me, None));
        set::<PoolRules>(
            app,
            &o.manager,
            &[("claims_a_day", "10"), ("cap", "1"), ("cap_a", "0")],
        );
        o.claim(roots[1]);
        assert_eq!(owner(app, roots[1]), None, "hands are full");
        set::<PoolRules>(app, &o.manager, &[("cap", "9")]);
        let (a, b) = (roots[1], roots[2]);
        app.write(move |conn| {
            let row = diesel::update(company::table.find(a));
            row.set(company::grade.eq("A")).execute(conn)?;
            Ok(())
        });
        o.claim(a);
        assert_eq!(owner(app, a), None, "no A at all");
        o.claim(b);
        assert_eq!(owner(app, b), me);
        let path = format!("/companies/{b}/release");
        o.rep.post(&path, &[("reason", "不做")]).expect(303);
        o.claim(b);
        assert_eq!(owner(app, b), None, "not again so soon");
        let offered = |root: i64| {
            let page = o.rep.get("/pool").expect(200).body;
            page.contains(&format!("name=\"company\" value=\"{root}\""))
        };
        assert!(offered(a) && !offered(b), "what is refused is not offered");
        set::<PoolRules>(app, &o.manager, &[("not_again_days", "0")]);
        o.claim(b);
        assert_eq!(owner(app, b), me);
        invariants_hold(app, "edited limits");
    });
}

#[test]
fn idle_days_notice_and_protection_count_at_once() {
    each_backend(|app| {
        let o = office(app);
        let (idle, kept) = (o.pooled(app, 1), o.pooled(app, 2));
        o.claim(idle);
        o.claim(kept);
        set::<PoolRules>(
            app,
            &o.manager,
            &[
                ("idle_a", "4"),
                ("idle_b", "5"),
                ("idle_c", "6"),
                ("notice_days", "2"),
                ("protect_days", "7"),
            ],
        );
        let path = format!("/companies/{kept}/registration");
        o.rep.post(&path, &[("project", "ERP一期")]).expect(303);
        let until: chrono::NaiveDate = app.read(|conn| {
            let found = registration::table.select(registration::protected_until);
            Ok(found.first(conn)?)
        });
        assert_eq!((until - app.now().date()).num_days(), 7);
        app.advance(TimeDelta::days(4));
        jobs::tidy(&app.db).expect("it tidies");
        assert!(owner(app, idle).is_some());
        app.advance(TimeDelta::days(2));
        jobs::tidy(&app.db).expect("it tidies");
        assert_eq!(owner(app, idle), None, "six days without activity");
        assert!(owner(app, kept).is_some(), "protected");
        // The other letters have their own days.
        for (grade, days) in [("A", 4), ("B", 5)] {
            let root = o.pooled(app, 10 + days as u32);
            app.write(move |conn| {
                let row = diesel::update(company::table.find(root));
                row.set(company::grade.eq(grade)).execute(conn)?;
                Ok(())
            });
            o.claim(root);
            app.advance(TimeDelta::days(days - 1));
            jobs::tidy(&app.db).expect("it tidies");
            assert!(owner(app, root).is_some(), "{grade}");
            app.advance(TimeDelta::days(1));
            jobs::tidy(&app.db).expect("it tidies");
            assert_eq!(owner(app, root), None, "{grade}");
        }
    });
}

#[test]
fn the_plan_of_a_month_is_shown_as_it_was_typed() {
    each_backend(|app| {
        let o = office(app);
        set::<CapacityRules>(
            app,
            &o.manager,
            &[
                ("visit_a", "30"),
                ("maintain_b", "31"),
                ("maintain_c", "32"),
                ("open", "33"),
                ("internal_days", "3.5"),
            ],
        );
        let page = o.rep.get("/").expect(200).body;
        for planned in ["/30", "/31", "/32", "/33", "/3.5"] {
            assert!(page.contains(planned), "{planned} {page}");
        }
        // A month that is half as full holds half as much.
        set::<CapacityRules>(app, &o.manager, &[("month_days", "11")]);
        let page = o.rep.get("/").expect(200).body;
        assert!(page.contains("/60") && page.contains("/7.0"), "{page}");
    });
}

/// What the page sends when the list is as given.
fn stages(app: &TestApp, list: &StageList) -> Vec<(String, String)> {
    let version = app.read(settings::load::<StageList>).version;
    let mut fields = vec![("version".to_owned(), version.to_string())];
    for (place, rule) in list.0.iter().enumerate() {
        let code = rule.stage.code();
        let mut field = |part: &str, value: &str| {
            fields.push((format!("{code}_{part}"), value.to_owned()));
        };
        field("place", &(place + 1).to_string());
        field("name_zh", &rule.name_zh);
        field("name_en", &rule.name_en);
        for asked in &rule.asks {
            field("asks", asked.code());
        }
        if rule.repeated {
            field("repeated", "1");
        }
        if rule.active {
            field("active", "1");
        }
        fields.push(("stage".into(), code.into()));
    }
    fields
}

#[test]
fn names_order_and_evidence_of_stages_count_for_the_next_step() {
    each_backend(|app| {
        let o = office(app);
        let root = o.pooled(app, 1);
        o.claim(root);
        let save = |list: &StageList| {
            let fields = stages(app, list);
            let fields: Vec<(&str, &str)> = fields
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect();
            o.manager.post("/settings/stages", &fields)
        };
        let mut list = StageList::default();
        list.0.swap(0, 2);
        list.0[0].asks = vec![Evidence::Doubt];
        list.0[0].repeated = false;
        list.0[2].name_en = "Getting to know".into();
        list.0[1].active = false;
        save(&list).expect(303);
        let path = format!("/companies/{root}/sale");
        let enter = |stage: &str, more: &[(&str, &str)]| {
            let fields = [&[("stage", stage)], more].concat();
            o.rep.post(&path, &fields).expect(303);
            o.rep.get(&path).expect(200).body
        };
        let met = [("with", "周工"), ("on", "2026-09-22"), ("need", "报价要快")];
        let page = enter("first_visit", &met);
        assert!(page.contains("Open · Getting to know"), "{page}");
        // The demonstration comes before it now, asks for something else, and is not repeated.
        let page = enter("demo", &[("doubt", "换系统停产"), met[0], met[1]]);
        assert!(
            page.contains("Open · Getting to know"),
            "it is no step back: {page}"
        );
        assert!(page.contains("What they doubt: 换系统停产") && !page.contains("no. 2"));
        let page = enter("demo", &[("doubt", "再问一次")]);
        assert!(!page.contains("再问一次"), "not again: {page}");
        let page = enter("exchange", &met);
        assert!(!page.contains("报价要快"), "it is not used: {page}");
        list.0[3].active = false;
        assert!(
            save(&list)
                .expect(422)
                .body
                .contains("Quotation and Signing")
        );
    });
}

#[test]
fn wrong_numbers_and_old_pages_are_refused_in_words() {
    each_backend(|app| {
        let o = office(app);
        let refused = |fields: Vec<(String, String)>| {
            send(&o.manager, &fields);
            app.read(settings::load::<PoolRules>).version
                + app.read(settings::load::<ServiceRules>).version
        };
        for typed in [
            ("cap", "0"),
            ("cap_a", "121"),
            ("notice_days", "14"),
            ("claims_a_day", "many"),
        ] {
            assert_eq!(refused(form::<PoolRules>(app, &[typed])), 0, "{typed:?}");
        }
        for typed in [("accept_a_n", "0"), ("accept_a_unit", "weeks")] {
            assert_eq!(refused(form::<ServiceRules>(app, &[typed])), 0, "{typed:?}");
        }
        let old = form::<PoolRules>(app, &[("cap", "100")]);
        set::<PoolRules>(app, &o.manager, &[("cap", "90")]);
        send(&o.manager, &old);
        assert_eq!(app.read(settings::load::<PoolRules>).value.cap, 90);
        o.rep.get("/settings/selling").expect(403);
    });
}
