//! Filling: who comes in, and the first reason that keeps somebody out.

use canvass::schema::{company, queue_entry, suppression};
use diesel::prelude::*;
use serde_json::json;

use super::build::{a_company, campaign, companies, invariants_hold, lone_person};
use crate::app::each_backend;

#[test]
fn a_fill_says_who_stays_out_and_why() {
    each_backend(|app| {
        let manager = app.user("wang", "manager");
        let ids = companies(
            app,
            vec![
                a_company("甲机械", 1),
                a_company("乙机械", 2).contact("陈立群", "+8613800000001"),
                a_company("丙机械", 3).without_ground(),
                a_company("丁机械", 4).state("customer"),
                a_company("戊机械", 5).state("owned"),
                a_company("己机械", 6).graded("E").state("excluded"),
                a_company("庚机械", 7).phone(None),
                a_company("辛机械", 8),
                a_company("壬机械", 9),
                a_company("癸机械", 10).state("pool"),
            ],
        );
        let now = app.now();
        let (silent, resting) = (ids[7], ids[8]);
        app.write(move |conn| {
            diesel::insert_into(suppression::table)
                .values((
                    suppression::scope.eq("company"),
                    suppression::subject.eq(silent.to_string()),
                    suppression::subject_key.eq(1_i64),
                    suppression::ways.eq(7),
                    suppression::hmac.eq(false),
                    suppression::created_at.eq(now),
                ))
                .execute(conn)?;
            diesel::update(company::table.find(resting))
                .set(company::rest_until.eq(Some(now + chrono::TimeDelta::days(9))))
                .execute(conn)?;
            lone_person(conn, now, "周敏", "+8613900000001", "consent")?;
            lone_person(conn, now, "吴刚", "+8613900000002", "public_source")?;
            Ok(())
        });
        let (id, filled) = campaign(&manager, "秋季回访");
        assert_eq!(
            filled,
            json!({ "added": 3, "left_out": {
                "customer": 1, "grade_e": 1, "no_ground": 2, "no_phone": 1, "owned": 1, "resting": 1, "suppressed": 1 } })
        );
        // Again: those inside are already there; in another campaign they are said to be elsewhere.
        let again = manager
            .api_post(&format!("/campaigns/{id}/fill"), &json!({}))
            .expect(200)
            .json();
        assert_eq!(
            (
                again["added"].as_i64(),
                again["left_out"]["already"].as_i64()
            ),
            (Some(0), Some(3))
        );
        let (other, elsewhere) = campaign(&manager, "另一个");
        assert_eq!(elsewhere["left_out"]["in_other_campaign"], json!(3));
        // Released companies come in only where they are asked for; a given list tells what the filter did not take.
        let asked = json!({ "filter": { "state": ["pool", "new"] }, "companies": [ids[9], ids[0], ids[3]] });
        let pool = manager
            .api_post(&format!("/campaigns/{other}/fill"), &asked)
            .expect(200)
            .json();
        assert_eq!(
            pool,
            json!({ "added": 1, "left_out": { "customer": 1, "in_other_campaign": 1 } })
        );
        let narrow = json!({ "filter": { "region": ["330000"] }, "companies": [ids[1]] });
        manager
            .api_patch(&format!("/campaigns/{id}"), &json!({ "state": "closed" }))
            .expect(200);
        let outside = manager
            .api_post(&format!("/campaigns/{other}/fill"), &narrow)
            .expect(200)
            .json();
        assert_eq!(
            outside,
            json!({ "added": 0, "left_out": { "not_in_filter": 1 } })
        );
        let calendars: Vec<i32> = app.read(|conn| {
            Ok(queue_entry::table
                .select(queue_entry::calendar_id)
                .distinct()
                .load(conn)?)
        });
        assert_eq!(calendars, [1]);
        let shown = manager
            .api(&format!("/campaigns/{other}"))
            .expect(200)
            .json();
        assert_eq!(shown["entries"], json!({ "ready": 1 }));
        invariants_hold(app);
    });
}

#[test]
fn a_filter_is_refused_by_the_name_of_what_is_wrong() {
    each_backend(|app| {
        let manager = app.user("wang", "manager");
        let (id, _) = campaign(&manager, "空");
        let wrong = manager
            .api_post(
                &format!("/campaigns/{id}/fill"),
                &json!({ "filter": { "grade": ["F"] } }),
            )
            .expect(422);
        assert_eq!(
            (wrong.code().as_str(), wrong.json()["field"].as_str()),
            ("filter_unknown_code", Some("grade"))
        );
        app.user("li", "agent")
            .api_post(&format!("/campaigns/{id}/fill"), &json!({}))
            .expect(403);
        let twice = manager
            .api_post_once(&format!("/campaigns/{id}/fill"), "k1", &json!({}))
            .expect(200);
        let again = manager
            .api_post_once(&format!("/campaigns/{id}/fill"), "k1", &json!({}))
            .expect(200);
        assert_eq!(twice.json(), again.json());
    });
}

#[test]
fn entries_can_be_given_to_named_agents() {
    each_backend(|app| {
        let manager = app.user("wang", "manager");
        let (li, zhao) = (app.user("li", "agent"), app.user("zhao", "agent"));
        companies(
            app,
            (0..4).map(|n| a_company(&format!("公司{n}"), n)).collect(),
        );
        let made = manager
            .api_post(
                "/campaigns",
                &json!({ "name": "名单", "agents": [li.actor.id(), zhao.actor.id()] }),
            )
            .expect(201);
        let id = made.json()["id"].as_i64().expect("an id");
        let give = json!({ "give_to": [li.actor.id(), zhao.actor.id()] });
        manager
            .api_post(&format!("/campaigns/{id}/fill"), &give)
            .expect(200);
        let owners: Vec<Option<i64>> = app.read(|conn| {
            Ok(queue_entry::table
                .select(queue_entry::owner_id)
                .load(conn)?)
        });
        assert_eq!(
            owners.iter().filter(|o| **o == Some(li.actor.id())).count(),
            2
        );
        assert!(super::build::next(&li, id).is_some() && super::build::next(&zhao, id).is_some());
        // Somebody who is not named may not call.
        app.user("qian", "agent")
            .api_post(&format!("/campaigns/{id}/next"), &json!({}))
            .expect(403);
    });
}
