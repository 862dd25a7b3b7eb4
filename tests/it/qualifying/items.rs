//! The six key items: typed on their page and by programs, with what was said before.

use serde_json::json;

use crate::app::each_backend;
use crate::calling::build::{a_company, companies};

#[test]
fn a_key_item_is_typed_with_how_sure_it_is_and_older_values_stay_readable() {
    each_backend(|app| {
        let manager = app.user("wang", "manager");
        let id = companies(
            app,
            vec![a_company("宏远机械", 1).contact("姚启明", "+8613912345601")],
        )[0];
        let path = format!("/companies/{id}");
        let form = format!("{path}/key-items");
        let empty = manager.get(&format!("{path}?lang=zh-CN")).expect(200).body;
        assert!(
            empty.contains("这笔钱批了没有"),
            "what is unknown asks: {empty}"
        );
        assert!(
            manager
                .get(&form)
                .expect(200)
                .body
                .contains("name=\"go_live\"")
        );
        let first = [
            ("urgency", "M3"),
            ("budget_state", "applying"),
            ("budget_max", "500,000"),
            ("needs", "inventory"),
            ("need_users", "40"),
            ("decider", "姚启明"),
            ("vendor_0", "鼎衡软件"),
            ("vendor_state_0", "demo"),
            ("key_evaluation", "三天内报价"),
            ("certainty", "1"),
        ];
        manager.post(&form, &first).expect(303);
        let told = manager.api(&path).expect(200).json();
        assert_eq!(told["facts"]["budget_state"]["certainty"], 1);
        assert_eq!(told["facts"]["budget_max"]["value"], 50_000_000);
        assert_eq!(told["facts"]["sign_by"]["value"], "2026-12-22");
        assert_eq!(told["man"]["money"], true);
        assert_eq!(
            told["man"]["authority"], false,
            "nobody has spoken with the decider"
        );
        assert_eq!(told["man"]["need"], true);
        let competition = &told["key_items"]["competition"][0];
        assert!(
            competition["text"]
                .as_str()
                .is_some_and(|t| t.contains("鼎衡软件")),
            "{competition}"
        );

        let mut second = first.to_vec();
        second[1] = ("budget_state", "none");
        *second.last_mut().expect("a field") = ("certainty", "3");
        manager.post(&form, &second).expect(303);
        let told = manager.api(&path).expect(200).json();
        let budget = &told["facts"]["budget_state"];
        assert_eq!(
            (budget["value"].as_str(), &budget["certainty"]),
            (Some("none"), &json!(3))
        );
        assert_eq!(budget["earlier"][0]["value"], "applying");
        let wrong = manager.post(&form, &[("need_users", "many")]).expect(422);
        assert!(wrong.body.contains("many"), "what was typed stays");
        let page = manager.get(&format!("{path}?lang=zh-CN")).expect(200).body;
        assert!(
            page.contains("href=\"#K01\"") || page.contains("三天内报价"),
            "{page}"
        );
    });
}

#[test]
fn a_program_sends_a_key_item_whole_and_a_promised_day_that_passed_asks_again() {
    each_backend(|app| {
        let manager = app.user("wang", "manager");
        let id = companies(app, vec![a_company("宏远机械", 1)])[0];
        let path = format!("/companies/{id}");
        let said = json!({
            "schedule": { "urgency": { "value": "M1", "certainty": 3 } },
            "budget": { "state": "approved", "max": 30_000_000, "year": 2027 },
        });
        let told = manager.api_patch(&path, &said).expect(200).json();
        assert_eq!(told["facts"]["sign_by"]["value"], "2026-10-22");
        assert_eq!(told["ask_again"], false);
        let codes: Vec<&str> = told["contradictions"]
            .as_array()
            .expect("a list")
            .iter()
            .filter_map(|one| one["code"].as_str())
            .collect();
        assert!(
            codes.contains(&"K24"),
            "the money is of another year: {codes:?}"
        );
        let silent = told["contradictions_silent"].as_array().expect("a list");
        let k13 = silent
            .iter()
            .find(|one| one["code"] == "K13")
            .expect("it stays silent");
        assert_eq!(k13["missing"], json!(["need_users", "headcount"]));
        app.set_now("2026-11-02T02:00:00".parse().expect("a time"));
        let manager = app.user("zhao", "manager");
        let told = manager.api(&path).expect(200).json();
        assert_eq!(told["ask_again"], true);
        let page = manager.get(&format!("{path}?lang=zh-CN")).expect(200).body;
        assert!(page.contains("之前签，现在定了没有"), "{page}");
    });
}
