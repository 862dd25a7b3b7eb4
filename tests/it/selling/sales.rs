//! Stages, the pool and its limits, registrations, the agenda.

use canvass::platform::error::AppResult;
use canvass::qualifying::Grade;
use canvass::registry::actions::{mark, take_away};
use canvass::registry::model::flags;
use canvass::schema::{appointment, company, notice, opportunity};
use canvass::selling::{actions, jobs};
use chrono::TimeDelta;
use diesel::prelude::*;
use serde_json::json;

use super::build::{invariants_hold, lead, open, outbox, suzhou, territory};
use crate::app::{Client, TestApp, each_backend};

struct Desk {
    manager: Client,
    marketing: Client,
    agent: Client,
    rep: Client,
}

fn desk(app: &TestApp) -> Desk {
    let desk = Desk {
        manager: app.user("gu", "manager"),
        marketing: app.user("shen", "marketing"),
        agent: app.user("lin", "agent"),
        rep: app.user("xu", "rep"),
    };
    territory(app, &desk.manager, &desk.rep, &[], &[]);
    desk
}

/// A company that the rep has accepted; company and opportunity.
fn owned(app: &TestApp, desk: &Desk, n: u32) -> (i64, i64) {
    let root = suzhou(&desk.marketing, &format!("苏州砚川{n}机械有限公司"), n);
    let id = open(app, &desk.agent, root, Grade::B);
    desk.rep
        .api_post(&format!("/handovers/{id}/accept"), &json!({}))
        .expect(200);
    let sale = app.read(|conn| {
        let mine = opportunity::table.filter(opportunity::company_id.eq(root));
        Ok(mine.select(opportunity::id).first::<i64>(conn)?)
    });
    (root, sale)
}

/// Companies in the pool.
fn pooled(app: &TestApp, desk: &Desk, from: u32, n: u32) -> Vec<i64> {
    (from..from + n)
        .map(|n| {
            let name = format!("无锡拓岚{n}设备有限公司");
            let root = lead(&desk.marketing, &name, "无锡", "专用设备", n);
            let now = app.now();
            app.write(move |conn| take_away(conn, now, root, true));
            root
        })
        .collect()
}

fn state(app: &TestApp, root: i64) -> String {
    app.read(|conn| {
        Ok(company::table
            .find(root)
            .select(company::state)
            .first(conn)?)
    })
}

/// Claims as somebody whose session may have ended meanwhile; the code of the refusal.
fn claim_as(app: &TestApp, rep: &Client, root: i64) -> Result<(), &'static str> {
    let (actor, now) = (rep.actor.clone(), app.now());
    let done: AppResult<i64> = app.db.write_blocking(move |conn| {
        let book = actions::book(conn)?;
        actions::claim(conn, now, &actor, &book, root)
    });
    match done {
        Ok(_) => Ok(()),
        Err(error) => Err(error.refusal().expect("a refusal").code),
    }
}

#[test]
fn another_sale_begins_where_one_was_lost() {
    each_backend(|app| {
        let desk = desk(app);
        let (root, _) = owned(app, &desk, 1);
        let path = format!("/companies/{root}/sale");
        let met = [
            ("stage", "first_visit"),
            ("with", "周工"),
            ("on", "2026-09-22"),
        ];
        desk.rep.post(&path, &met).expect(303);
        let lost = [
            ("stage", "lost"),
            ("reason", "价格高"),
            ("competitor", "甲软件"),
        ];
        desk.rep.post(&path, &lost).expect(303);
        let page = desk.rep.get(&path).expect(200).body;
        assert!(page.contains("lost to 甲软件"), "{page}");
        assert!(page.contains("data-stage=\"first_visit\"") && page.contains("reached"));
        assert!(page.contains("value=\"listed\""), "another one is offered");
        let other = app.user("zhou", "rep");
        other.post(&path, &[("stage", "listed")]).expect(404);
        for _ in 0..2 {
            desk.rep.post(&path, &[("stage", "listed")]).expect(303);
        }
        let states = app.read(|conn| {
            let all = opportunity::table.order(opportunity::id);
            Ok(all.select(opportunity::state).load::<String>(conn)?)
        });
        assert_eq!(states, ["lost", "open"]);
        invariants_hold(app, "another sale");
    });
}

#[test]
fn a_sale_goes_through_its_stages_to_the_signature() {
    each_backend(|app| {
        let desk = desk(app);
        let (root, sale) = owned(app, &desk, 1);
        let path = format!("/opportunities/{sale}/stage");
        let enter = |stage: &str, evidence: serde_json::Value| {
            desk.rep
                .api_post(&path, &json!({ "stage": stage, "evidence": evidence }))
        };
        let met = json!({ "with": "周工", "on": "2026-09-22" });
        enter("first_visit", met.clone()).expect(200);
        let bare = enter("demo", met.clone());
        assert_eq!(
            (bare.status, bare.code().as_str()),
            (422, "stage_evidence_missing")
        );
        let early = enter(
            "signing",
            json!({ "on": "2026-09-22", "amount": "1", "sealed_first": "yes" }),
        );
        assert_eq!(
            (early.status, early.code().as_str()),
            (409, "stage_no_quotation")
        );
        let demo = json!({ "with": "周工", "on": "2026-09-22", "pleased": "报价快" });
        enter("demo", demo.clone()).expect(200);
        let again = enter("demo", demo).expect(200).json();
        assert_eq!(again["history"][3]["nth"], 2, "{again}");
        enter(
            "quotation",
            json!({ "on": "2026-09-22", "amount": "680,000" }),
        )
        .expect(200);
        let locked = desk
            .rep
            .post(&format!("/companies/{root}/release"), &[("reason", "x")]);
        assert_eq!(
            locked.location.as_deref(),
            Some(format!("/companies/{root}/sale").as_str())
        );
        assert_eq!(state(app, root), "owned", "an open quotation locks");
        enter("negotiation", json!({ "with": "总经理", "open": "付款" })).expect(200);
        let signing = json!({ "on": "2026-09-22", "amount": 660_000, "sealed_first": "yes" });
        let won = enter("signing", signing).expect(200).json();
        assert_eq!(
            (&won["state"], &won["amount_minor"]),
            (&json!("won"), &json!(66_000_000))
        );
        assert_eq!(state(app, root), "customer");
        // Whatever folds later, a company that signed stays a customer.
        let now = app.now();
        app.write(move |conn| mark(conn, now, root, flags::KEPT_AT_UNDO, true));
        assert_eq!(state(app, root), "customer");
        invariants_hold(app, "a signature");
        let page = desk.rep.get(&format!("/companies/{root}/sale")).expect(200);
        assert!(page.body.contains("Demo, no. 2"), "{}", page.body);
        let closed = enter("exchange", met);
        assert_eq!(
            (closed.status, closed.code().as_str()),
            (409, "opportunity_closed")
        );
    });
}

#[test]
fn ten_claims_a_day_and_not_the_own_one_again() {
    each_backend(|app| {
        let desk = desk(app);
        let pool = pooled(app, &desk, 1, 12);
        let claim = |root: i64| {
            desk.rep
                .post("/pool/claim", &[("company", root.to_string().as_str())])
        };
        for root in &pool[..10] {
            claim(*root).expect(303);
            assert_eq!(state(app, *root), "owned");
        }
        claim(pool[10]).expect(303);
        assert_eq!(state(app, pool[10]), "pool", "the eleventh of the day");
        let told = desk.rep.get("/pool").expect(200);
        assert!(told.body.contains("claim 0 more"), "{}", told.body);
        let path = format!("/companies/{}/release", pool[0]);
        desk.rep
            .post(&path, &[("reason", "不做这一行")])
            .expect(303);
        assert_eq!(state(app, pool[0]), "pool");
        app.advance(TimeDelta::days(29));
        assert_eq!(claim_as(app, &desk.rep, pool[0]), Err("claim_was_yours"));
        assert_eq!(state(app, pool[0]), "pool", "not the own one again so soon");
        app.advance(TimeDelta::days(1));
        assert_eq!(claim_as(app, &desk.rep, pool[0]), Ok(()));
        assert_eq!(state(app, pool[0]), "owned");
        invariants_hold(app, "claims");
    });
}

#[test]
fn two_reps_who_claim_the_same_company_at_once_leave_one_owner() {
    each_backend(|app| {
        let desk = desk(app);
        let other = app.user("zhou", "rep");
        let root = pooled(app, &desk, 1, 1)[0];
        std::thread::scope(|scope| {
            for client in [&desk.rep, &other, &desk.rep, &other] {
                let client = client.clone();
                scope.spawn(move || {
                    client
                        .post("/pool/claim", &[("company", root.to_string().as_str())])
                        .expect(303)
                });
            }
        });
        let open = app.read(|conn| {
            let mine = opportunity::table.filter(opportunity::company_id.eq(root));
            Ok(mine.count().get_result::<i64>(conn)?)
        });
        assert_eq!(open, 1);
        invariants_hold(app, "a race for the pool");
    });
}

#[test]
fn an_idle_company_is_announced_and_falls_unless_it_is_protected() {
    each_backend(|app| {
        let desk = desk(app);
        let (idle, _) = owned(app, &desk, 1);
        let (kept, _) = owned(app, &desk, 2);
        let (met, _) = owned(app, &desk, 3);
        let path = format!("/companies/{kept}/registration");
        desk.rep.post(&path, &[("project", "ERP一期")]).expect(303);
        let told = |app: &TestApp, kind: &str| {
            let kind = kind.to_owned();
            app.read(move |conn| {
                let found = notice::table.filter(notice::kind.eq(kind));
                Ok(found.count().get_result::<i64>(conn)?)
            })
        };
        app.advance(TimeDelta::days(58));
        jobs::tidy(&app.db).expect("it tidies");
        jobs::tidy(&app.db).expect("it tidies");
        assert_eq!(
            told(app, "falls_soon"),
            2,
            "once each, and not for the protected one"
        );
        let path = format!("/companies/{met}/contact");
        desk.rep
            .post(&path, &[("kind", "visit"), ("note", "看了车间")])
            .expect(303);
        app.advance(TimeDelta::days(2));
        jobs::tidy(&app.db).expect("it tidies");
        assert_eq!(state(app, idle), "pool");
        assert_eq!(
            (state(app, kept).as_str(), state(app, met).as_str()),
            ("owned", "owned")
        );
        assert_eq!(told(app, "fell"), 1);
        invariants_hold(app, "a fall into the pool");
    });
}

#[test]
fn notices_are_read_on_the_page_and_written_into_the_outbox() {
    each_backend(|app| {
        let desk = desk(app);
        let root = suzhou(&desk.marketing, "苏州砚川精密机械有限公司", 1);
        let id = open(app, &desk.agent, root, Grade::A);
        let outbox = outbox(app);
        jobs::deliver(&app.db, &outbox).expect("letters are written");
        jobs::deliver(&app.db, &outbox).expect("and written once");
        let letters: Vec<_> = std::fs::read_dir(outbox.outbox().folder())
            .expect("a folder")
            .flatten()
            .collect();
        assert_eq!(letters.len(), 1);
        let letter = std::fs::read_to_string(letters[0].path()).expect("a letter");
        assert!(letter.contains("To: xu@example.test"), "{letter}");
        let page = desk.rep.get("/").expect(200);
        assert!(page.body.contains("is yours to accept"), "{}", page.body);
        assert!(page.body.contains("苏州砚川精密机械有限公司"));
        let path = format!("/handovers/{id}/accept");
        desk.rep.api_post(&path, &json!({})).expect(200);
        let page = desk.rep.get("/").expect(200);
        assert!(
            !page.body.contains("is yours to accept"),
            "what was answered is no news: {}",
            page.body
        );
    });
}

#[test]
fn an_agenda_is_read_by_its_secret_address_and_by_nobody_else() {
    each_backend(|app| {
        let desk = desk(app);
        let (root, _) = owned(app, &desk, 1);
        let mut fields = [
            ("kind", "demo"),
            ("day", "2026-09-21"),
            ("time", "14:30"),
            ("note", "线上"),
        ];
        let path = format!("/companies/{root}/appointments");
        let agreed = || app.read(|conn| Ok(appointment::table.count().get_result::<i64>(conn)?));
        let before = agreed();
        // Nobody plans for yesterday; what was typed is not lost.
        let again = desk.rep.post(&path, &fields).expect(422).body;
        for shown in [
            r#"id="time-err">This time has passed"#,
            r#"value="2026-09-21""#,
            r#"value="14:30""#,
            r#"value="线上""#,
            r#"<option value="demo" selected>"#,
        ] {
            assert!(again.contains(shown), "{shown}: {again}");
        }
        assert_eq!(agreed(), before);
        fields[1].1 = "2026-09-24";
        desk.rep.post(&path, &fields).expect(303);
        assert_eq!(agreed(), before + 1);
        let told = desk.rep.post("/agenda", &[]).expect(303).told();
        let token = told
            .split("/agenda/")
            .nth(1)
            .and_then(|t| t.split('.').next())
            .expect("a token");
        let feed = app
            .stranger()
            .get(&format!("/agenda/{token}.ics"))
            .expect(200);
        assert!(
            feed.body.contains("DTSTART:20260924T063000Z"),
            "{}",
            feed.body
        );
        app.stranger().get("/agenda/nothing.ics").expect(404);
    });
}
