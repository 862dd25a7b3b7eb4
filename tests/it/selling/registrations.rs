//! Registered projects: what protects a company, for how long, and what stands against it.

use canvass::registry::actions::take_away;
use canvass::schema::{company, registration, registration_change, review};
use chrono::{NaiveDate, TimeDelta};
use diesel::prelude::*;

use super::build::{invariants_hold, lead};
use crate::app::{Answer, Client, TestApp, each_backend};

struct Desk {
    manager: Client,
    marketing: Client,
    xu: Client,
    zhou: Client,
}

fn desk(app: &TestApp) -> Desk {
    Desk {
        manager: app.user("gu", "manager"),
        marketing: app.user("shen", "marketing"),
        xu: app.user("xu", "rep"),
        zhou: app.user("zhou", "rep"),
    }
}

impl Desk {
    /// A company that a rep claimed.
    fn owned(&self, app: &TestApp, rep: &Client, name: &str, n: u32) -> i64 {
        let root = lead(&self.marketing, name, "苏州", "通用设备", n);
        let now = app.now();
        app.write(move |conn| take_away(conn, now, root, true));
        rep.post("/pool/claim", &[("company", &root.to_string())])
            .expect(303);
        root
    }
}

fn register(rep: &Client, root: i64, project: &str) {
    rep.post(
        &format!("/companies/{root}/registration"),
        &[("project", project)],
    )
    .expect(303);
}

fn change(client: &Client, id: i64, what: &str, why: &str) -> Answer {
    client.post(&format!("/registrations/{id}/{what}"), &[("reason", why)])
}

/// Last day and state of every registration.
fn stored(app: &TestApp) -> Vec<(i64, NaiveDate, String)> {
    app.read(|conn| {
        let all = registration::table.order(registration::id).select((
            registration::id,
            registration::protected_until,
            registration::state,
        ));
        Ok(all.load(conn)?)
    })
}

fn changes(app: &TestApp) -> Vec<(String, Option<String>)> {
    app.read(|conn| {
        let all = registration_change::table.order(registration_change::id);
        let all = all.select((registration_change::kind, registration_change::reason));
        Ok(all.load(conn)?)
    })
}

#[test]
fn a_registration_is_prolonged_and_withdrawn_with_a_reason() {
    each_backend(|app| {
        let d = desk(app);
        let root = d.owned(app, &d.xu, "苏州砚川精密机械有限公司", 1);
        register(&d.xu, root, "ERP一期");
        let (id, until, _) = stored(app)[0].clone();
        change(&d.xu, id, "extend", "客户董事会延期").expect(303);
        assert_eq!(stored(app)[0].1, until, "it has long to go");
        app.advance(TimeDelta::days(1));
        let soon = app.now().date() + TimeDelta::days(10);
        app.write(move |conn| {
            let row = diesel::update(registration::table.find(id));
            row.set(registration::protected_until.eq(soon))
                .execute(conn)?;
            Ok(())
        });
        let page = d.xu.get("/registrations").expect(200).body;
        assert!(
            page.contains("10 days left") && page.contains("ERP一期"),
            "{page}"
        );
        change(&d.xu, id, "extend", " ").expect(303);
        assert_eq!(stored(app)[0].1, soon, "not without a reason");
        change(&d.zhou, id, "extend", "帮忙").expect(404);
        change(&d.xu, id, "extend", "客户董事会延期").expect(303);
        assert_eq!(stored(app)[0].1, soon + TimeDelta::days(90));
        d.zhou.get("/registrations").expect(200);
        assert!(!d.zhou.get("/registrations").body.contains("ERP一期"));
        let page = d.manager.get("/registrations").expect(200).body;
        assert!(page.contains("客户董事会延期"), "the manager reads why");
        change(&d.manager, id, "withdraw", "客户不做了").expect(303);
        assert_eq!(stored(app)[0].2, "withdrawn");
        change(&d.xu, id, "withdraw", "再撤一次").expect(303);
        let reasons = [
            ("extended".to_owned(), Some("客户董事会延期".to_owned())),
            ("withdrawn".to_owned(), Some("客户不做了".to_owned())),
        ];
        assert_eq!(changes(app), reasons);
        let ended = d.xu.get("/registrations?state=ended").expect(200).body;
        assert!(ended.contains("客户不做了"), "{ended}");
        invariants_hold(app, "a withdrawn registration");
    });
}

#[test]
fn a_registration_ends_when_its_company_leaves_the_rep() {
    each_backend(|app| {
        let d = desk(app);
        let released = d.owned(app, &d.xu, "苏州砚川精密机械有限公司", 1);
        let given = d.owned(app, &d.xu, "无锡拓岚自动化设备有限公司", 2);
        register(&d.xu, released, "ERP一期");
        register(&d.xu, given, "MES");
        d.xu.post(
            &format!("/companies/{released}/release"),
            &[("reason", "不做了")],
        )
        .expect(303);
        // Nothing protects it any more: it is in the pool, and somebody else may have it.
        let pool = d.zhou.get("/pool").expect(200).body;
        assert!(pool.contains("苏州砚川精密机械有限公司"), "{pool}");
        d.zhou
            .post("/pool/claim", &[("company", &released.to_string())])
            .expect(303);
        let (company, rep) = (given.to_string(), d.zhou.actor.id().to_string());
        let fields = [("company", company.as_str()), ("rep", rep.as_str())];
        d.manager.post("/handovers/give", &fields).expect(303);
        let owners: Vec<Option<i64>> = app.read(move |conn| {
            let both = company::table.filter(company::id.eq_any([released, given]));
            Ok(both.select(company::owner_id).load(conn)?)
        });
        assert_eq!(owners, [d.zhou.actor.user_id; 2]);
        assert!(stored(app).iter().all(|(.., state)| state == "withdrawn"));
        assert!(changes(app).iter().all(|(kind, _)| kind == "left_rep"));
        register(&d.zhou, given, "MES二期");
        invariants_hold(app, "companies that changed hands");
    });
}

#[test]
fn what_stands_against_a_registration_is_shown() {
    each_backend(|app| {
        let d = desk(app);
        let mine = d.owned(app, &d.xu, "苏州砚川精密机械有限公司", 1);
        let theirs = d.owned(app, &d.zhou, "苏州工业园区砚川机械有限公司", 2);
        register(&d.xu, mine, "ERP一期");
        let calm = d.xu.get("/registrations").expect(200).body;
        assert!(calm.contains("In conflict: 0"), "{calm}");
        let now = app.now();
        app.write(move |conn| {
            let row = (
                review::kind.eq("company"),
                review::a_id.eq(mine.min(theirs)),
                review::b_id.eq(mine.max(theirs)),
                review::like_name.eq(true),
                review::evidence.eq("[]"),
                review::state.eq("open"),
                review::at.eq(now),
            );
            diesel::insert_into(review::table)
                .values(row)
                .execute(conn)?;
            Ok(())
        });
        let page = d.xu.get("/registrations").expect(200).body;
        assert!(page.contains("In conflict: 1"), "{page}");
        assert!(
            page.contains("may be the same as 苏州工业园区砚川机械有限公司, which zhou has"),
            "{page}"
        );
    });
}

#[test]
fn the_page_of_a_company_tells_what_selling_did_with_it() {
    each_backend(|app| {
        let d = desk(app);
        let root = d.owned(app, &d.xu, "苏州砚川精密机械有限公司", 1);
        register(&d.xu, root, "ERP一期");
        let met = [
            ("stage", "first_visit"),
            ("with", "周工"),
            ("on", "2026-09-22"),
        ];
        d.xu.post(&format!("/companies/{root}/sale"), &met)
            .expect(303);
        let seen = [("kind", "visit"), ("note", "看了车间")];
        d.xu.post(&format!("/companies/{root}/contact"), &seen)
            .expect(303);
        let (company, rep) = (root.to_string(), d.zhou.actor.id().to_string());
        let fields = [("company", company.as_str()), ("rep", rep.as_str())];
        d.manager.post("/handovers/give", &fields).expect(303);
        let page = d
            .manager
            .get(&format!("/companies/{root}"))
            .expect(200)
            .body;
        for said in [
            "claimed from the pool · xu",
            "Register a project · xu",
            "ERP一期",
            "Sale · First visit",
            "With whom: 周工",
            "Visit · xu",
            "看了车间",
            "taken by the manager · xu",
            "ended, the company changed hands",
            "given by the manager · zhou",
        ] {
            assert!(page.contains(said), "{said}: {page}");
        }
    });
}
