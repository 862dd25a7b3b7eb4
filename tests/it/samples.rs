//! Sample lists in and out again, and the template that a person fills in.

use canvass::platform::error::AppError;
use canvass::schema as s;
use diesel::prelude::*;
use serde_json::json;

use crate::app::{TestApp, each_backend};
use crate::calling::build::{call, campaign};

fn companies(app: &TestApp) -> i64 {
    app.read(|conn| {
        s::company::table
            .count()
            .get_result(conn)
            .map_err(AppError::from)
    })
}

#[test]
fn sample_data_comes_with_one_click_and_goes_with_one() {
    each_backend(|app| {
        let manager = app.user("wang", "manager");
        let empty = manager.get("/imports").expect(200).body;
        assert!(empty.contains("Try it with sample data"), "{empty}");
        manager.post("/samples", &[]).expect(303);
        manager.post("/samples", &[]).expect(409);
        app.run_jobs();
        assert!(companies(app) > 20);
        let page = manager.get("/imports").expect(200).body;
        assert!(page.contains("Remove the sample data"), "{page}");
        manager.post("/samples/remove", &[]).expect(303);
        app.run_jobs();
        assert_eq!(companies(app), 0);
        let after = manager.get("/imports").expect(200).body;
        assert!(!after.contains("Remove the sample data"));
        // And again, if somebody likes.
        manager.post("/samples", &[]).expect(303);
        app.run_jobs();
        assert!(companies(app) > 20);
    });
}

#[test]
fn a_company_that_somebody_called_stays_when_the_samples_go() {
    each_backend(|app| {
        let (manager, li) = (app.user("wang", "manager"), app.user("li", "agent"));
        manager.post("/samples", &[]).expect(303);
        app.run_jobs();
        let (id, _) = campaign(&manager, "试打");
        call(&li, id, "busy", json!({}));
        manager.post("/samples/remove", &[]).expect(303);
        app.run_jobs();
        assert_eq!(companies(app), 1);
    });
}

#[test]
fn the_template_is_understood_in_both_languages() {
    each_backend(|app| {
        let marketing = app.user("shen", "marketing");
        for (lang, name) in [
            ("zh-CN", "苏州示例机械有限公司"),
            ("en", "Harrow Tooling Ltd."),
        ] {
            let file = marketing
                .get(&format!("/imports/template.csv?lang={lang}"))
                .expect(200)
                .body;
            assert!(file.contains(name), "{file}");
            let fields = [
                ("kind", "leads"),
                ("channel", "AD"),
                ("source", name),
                ("legal_ground", "inquiry"),
            ];
            let sent =
                marketing.upload("/imports", false, &fields, "template.csv", file.as_bytes());
            let batch = sent.expect(202).json()["batch_id"]
                .as_i64()
                .expect("a batch");
            app.run_jobs();
            let done = marketing
                .api(&format!("/imports/{batch}"))
                .expect(200)
                .json();
            assert_eq!(done["figures"]["rows_valid"], 1, "{done}");
            let (industry, headcount, region): (Option<String>, Option<i32>, Option<String>) = app
                .read(|conn| {
                    s::company::table
                        .filter(s::company::name.eq(name))
                        .select((
                            s::company::industry,
                            s::company::headcount,
                            s::company::region,
                        ))
                        .first(conn)
                        .map_err(AppError::from)
                });
            assert!(
                industry.is_some() && headcount.is_some() && region.is_some(),
                "{name}: {industry:?} {headcount:?} {region:?}"
            );
        }
    });
}

#[test]
fn a_list_is_given_to_named_agents_on_the_page() {
    each_backend(|app| {
        let (manager, li, zhao) = (
            app.user("wang", "manager"),
            app.user("li", "agent"),
            app.user("zhao", "agent"),
        );
        let (id, _) = campaign(&manager, "只给小李");
        let built = crate::calling::build::a_company("宏远机械", 1);
        crate::calling::build::companies(app, vec![built]);
        let path = format!("/campaigns/{id}/fill");
        assert!(
            manager
                .get(&path)
                .expect(200)
                .body
                .contains("name=\"give_to\"")
        );
        let who = li.actor.user_id.expect("an id").to_string();
        manager.post(&path, &[("give_to", &who)]).expect(303);
        assert!(crate::calling::build::next(&zhao, id).is_none());
        assert!(crate::calling::build::next(&li, id).is_some());
    });
}
