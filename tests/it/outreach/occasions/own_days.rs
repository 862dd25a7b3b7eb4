//! Birthdays and anniversaries: whose day it is, and when.

use canvass::accounts::Actor;
use canvass::outreach::actions::{greetings, mailings};
use canvass::outreach::model::Mailing;
use canvass::schema::person;
use diesel::prelude::*;
use serde_json::json;

use super::{autumn, customer, day, let_time_pass, of_occasion, set_rules, sh, won};
use crate::app::{TestApp, each_backend};

#[test]
fn birthdays_have_a_mailing_a_day_and_move_into_a_card_nearby() {
    each_backend(|app| {
        set_rules(app, |rules| rules.days_ahead = 30);
        let near = customer(app, 1, "B", Some("1980-09-27"));
        let own = customer(app, 2, "C", Some("10-14"));
        let same_day = customer(app, 3, "B", Some("1975-10-14"));
        let no_card = customer(app, 4, "D", Some("10-14"));
        let make = || {
            let now = app.now();
            app.write(move |conn| {
                let book = greetings::greeting_book(conn)?;
                greetings::make_own_days(conn, now, &book)
            })
        };
        assert_eq!((make(), make()), (1, 0));
        let found = of_occasion(app, "birthday");
        assert_eq!(found.len(), 1);
        let people = whose_day(app, &found[0]);
        assert_eq!(people, [own, same_day]);
        assert!(!people.contains(&near) && !people.contains(&no_card));
        assert_eq!(found[0].occasion_on, Some(day("2026-10-14")));
        assert_eq!(found[0].send_from, Some(sh("2026-10-14 10:00")));
        assert_eq!(found[0].name, "生日10月14日");
    });
}

/// Whose day a mailing greets as things are now, by rising id.
fn whose_day(app: &TestApp, mailing: &Mailing) -> Vec<i64> {
    let found = app.read(|conn| greetings::whose_day(conn, mailing));
    found.expect("days of one's own").into_iter().collect()
}

#[test]
fn a_birthday_is_greeted_with_whoever_has_it_when_it_is_decided_and_nobody_else() {
    each_backend(|app| {
        let marketing = app.user("shen", "marketing,manager");
        set_rules(app, |rules| rules.days_ahead = 30);
        let wrong = customer(app, 1, "B", Some("1980-10-14"));
        let stays = customer(app, 2, "B", Some("1990-10-14"));
        customer(app, 3, "B", None);
        let now = app.now();
        app.write(move |conn| {
            let book = greetings::greeting_book(conn)?;
            greetings::make_own_days(conn, now, &book)
        });
        let id = of_occasion(app, "birthday")[0].id;
        // One was typed wrongly, one comes late, and a program says for which grades it is.
        let late = customer(app, 4, "B", Some("10-14"));
        app.write(move |conn| {
            let right = person::birthday.eq("1980-08-14");
            diesel::update(person::table.find(wrong))
                .set(right)
                .execute(conn)?;
            Ok(())
        });
        let said = json!({
            "kind": "greeting", "occasion": "birthday", "on": "2026-10-14", "audience": { "grades": ["B"] },
        });
        app.run_jobs();
        let made = marketing.api_post("/mailings", &said).expect(201).json();
        assert_eq!(made["id"], id);
        assert_eq!(
            whose_day(app, &of_occasion(app, "birthday")[0]),
            [stays, late]
        );
        let preview = format!("/mailings/{id}/preview");
        let looked_at = || {
            let found = marketing.api_post(&preview, &json!({})).expect(200).json();
            let figures = &found["figures"];
            let out = figures["left_out"].as_object().expect("reasons").values();
            let out: i64 = out.filter_map(serde_json::Value::as_i64).sum();
            figures["in"].as_i64().expect("a number") + out
        };
        assert_eq!(looked_at(), 2);
        // Of a list it is whoever has the day.
        let listed = json!({
            "kind": "greeting", "occasion": "birthday", "on": "2026-10-14",
            "audience": { "grades": ["B"], "persons": [late, wrong] },
        });
        app.run_jobs();
        marketing.api_post("/mailings", &listed).expect(201);
        assert_eq!(looked_at(), 1);
    });
}

#[test]
fn a_birthday_has_a_card_of_its_own_where_that_of_the_holiday_nearby_is_called_off() {
    each_backend(|app| {
        let who = customer(app, 1, "B", Some("1980-09-25"));
        let make = || {
            let now = app.now();
            app.write(move |conn| {
                let book = greetings::greeting_book(conn)?;
                greetings::make_own_days(conn, now, &book)
            })
        };
        let_time_pass(app);
        assert_eq!(make(), 0, "it moves into the card for the holiday");
        let (id, now) = (autumn(app).id, app.now());
        app.write(move |conn| mailings::cancel(conn, now, &Actor::system(), id));
        assert_eq!(make(), 1);
        assert_eq!(whose_day(app, &of_occasion(app, "birthday")[0]), [who]);
    });
}

#[test]
fn an_anniversary_behind_the_turn_of_the_year_is_counted_in_its_year() {
    each_backend(|app| {
        let (marketing, rep) = (app.user("shen", "marketing"), app.user("xu", "rep"));
        let (who, rep) = (customer(app, 1, "B", None), rep.actor.id());
        won(app, who, rep, sh("2026-01-12 15:00"));
        let found = marketing.api("/greetings/calendar?from=2026-12-14&to=2027-01-20");
        let found = found.expect(200).json();
        let all = found["greetings"].as_array().expect("a list").iter();
        let ours: Vec<_> = all.filter(|g| g["occasion"] == "anniversary").collect();
        assert_eq!(ours.len(), 1);
        assert_eq!(ours[0]["on"], "2027-01-12");
        assert_eq!(ours[0]["people"], 1);
    });
}

#[test]
fn the_letter_of_an_anniversary_says_which_it_is() {
    each_backend(|app| {
        let (marketing, rep) = (app.user("shen", "marketing"), app.user("xu", "rep"));
        let who = customer(app, 1, "B", None);
        // The year of the trial is that of the sample, 2026; the first sale counts, not the last.
        for at in ["2024-05-06 10:00", "2023-01-12 15:00"] {
            won(app, who, rep.actor.id(), sh(at));
        }
        let look = format!("/letters/anniversary/preview?in=zh-CN&person={who}");
        let letter = marketing.get(&look).expect(200).body;
        assert!(letter.contains("我们合作满3年了"), "{letter}");
    });
}
