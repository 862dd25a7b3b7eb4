//! People in countries without a pack are called at their own hours.

use canvass::schema::queue_entry;
use diesel::prelude::*;
use serde_json::json;

use super::build::{a_company, campaign, companies, invariants_hold, lone_person, next};
use crate::app::{Client, TestApp, each_backend};

/// The calendars of all entries, in the order in which they were let in.
fn calendars(app: &TestApp) -> Vec<i32> {
    app.read(|conn| {
        Ok(queue_entry::table
            .order(queue_entry::company_id)
            .select(queue_entry::calendar_id)
            .load(conn)?)
    })
}

#[test]
fn tokyo_is_called_at_the_hours_of_tokyo() {
    each_backend(|app| {
        let manager = app.user("wang", "manager");
        let agents = ["li", "zhao", "qian", "sun"].map(|name| app.user(name, "agent"));
        companies(
            app,
            vec![
                a_company("Tokyo Seiki K.K.", 1).region("JP"),
                a_company("Perth Tools Pty Ltd", 2).region("AU-WA"),
                a_company("Berliner Werkzeugbau GmbH", 3).region("DE"),
                a_company("宏远机械", 4),
            ],
        );
        // Wednesday, 8:15 in Shanghai and Perth, 9:15 in Tokyo.
        app.set_now("2026-09-23T00:15:00".parse().expect("an instant"));
        let (id, _) = campaign(&manager, "环球回访");
        assert_eq!(calendars(app), [39200, 3604, 27600, 1]);
        let named = |agent: &Client| {
            let entry = next(agent, id)?;
            entry["company"]["name"].as_str().map(str::to_owned)
        };
        assert_eq!(named(&agents[0]).as_deref(), Some("Tokyo Seiki K.K."));
        assert_eq!(named(&agents[1]), None, "everybody else is at home");
        // 11:10 in Shanghai and Perth, 5:10 in Berlin.
        app.set_now("2026-09-23T03:10:00".parse().expect("an instant"));
        let mut called: Vec<String> = agents[1..].iter().filter_map(named).collect();
        called.sort();
        called.retain(|name| name != "Tokyo Seiki K.K.");
        assert_eq!(called, ["Perth Tools Pty Ltd", "宏远机械"]);
        invariants_hold(app);
    });
}

#[test]
fn who_is_at_no_company_is_called_where_their_number_is() {
    each_backend(|app| {
        let manager = app.user("wang", "manager");
        let now = app.now();
        app.write(move |conn| {
            for (name, mobile) in [
                ("Sato", "+819012345678"),
                ("陈立群", "+8613800000001"),
                ("李明", "+85291234567"),
            ] {
                lone_person(conn, now, name, mobile, "consent")?;
            }
            Ok(())
        });
        campaign(&manager, "老朋友");
        let found: Vec<i32> = app.read(|conn| {
            Ok(queue_entry::table
                .order(queue_entry::person_id)
                .select(queue_entry::calendar_id)
                .load(conn)?)
        });
        assert_eq!(found, [39200, 1, 3]);
    });
}

#[test]
fn a_company_of_which_nobody_said_where_it_is_lies_where_its_numbers_are() {
    each_backend(|app| {
        let manager = app.user("wang", "manager");
        let lead = |company: &str, phone: &str| {
            let body = json!({ "channel": "AD", "source": "官网", "legal_ground": "inquiry",
                "company": company, "phone": phone });
            let taken = manager.api_post("/leads", &body).expect(201).json();
            taken["company_id"].as_i64().expect("an id")
        };
        let tokyo = lead("Tokyo Seiki K.K.", "+81 3 1234 5678");
        let ours = lead("宏远机械有限公司", "0512-65801234");
        let region = |id: i64| {
            let shown = manager.api(&format!("/companies/{id}")).expect(200).json();
            shown["region"].as_str().map(str::to_owned)
        };
        assert_eq!(region(tokyo).as_deref(), Some("JP"));
        assert_eq!(region(ours), None);
        // What somebody says counts for more.
        manager
            .api_patch(&format!("/companies/{tokyo}"), &json!({ "region": "德国" }))
            .expect(200);
        assert_eq!(region(tokyo).as_deref(), Some("DE"));
        invariants_hold(app);
    });
}

#[test]
fn an_entry_follows_its_company_to_another_country() {
    each_backend(|app| {
        let (manager, li) = (app.user("wang", "manager"), app.user("li", "agent"));
        companies(app, vec![a_company("宏远机械", 1)]);
        let (id, _) = campaign(&manager, "秋季回访");
        assert_eq!(calendars(app), [1]);
        let company: i64 = app.read(|conn| {
            let found = queue_entry::table.select(queue_entry::company_id);
            Ok(found.get_result::<Option<i64>>(conn)?.expect("a company"))
        });
        manager
            .api_patch(
                &format!("/companies/{company}"),
                &json!({ "region": "日本" }),
            )
            .expect(200);
        assert_eq!(calendars(app), [39200]);
        // 16:40 in Shanghai, 17:40 in Tokyo.
        app.set_now("2026-09-22T08:40:00".parse().expect("an instant"));
        assert!(next(&li, id).is_none(), "Tokyo has gone home");
        // 8:05 in Shanghai.
        app.set_now("2026-09-24T00:05:00".parse().expect("an instant"));
        assert!(next(&li, id).is_some());
    });
}
