//! Interest of a company that a rep has already is the rep's own next step, whoever called.

use canvass::qualifying::Grade;
use canvass::schema::task;
use diesel::prelude::*;
use serde_json::json;

use super::build::{lead, open, territory};
use crate::app::{TestApp, each_backend};

/// Kind and holder of every open task.
fn tasks(app: &TestApp) -> Vec<(String, Option<i64>)> {
    app.read(|conn| {
        let open = task::table.filter(task::state.eq("open"));
        let found = open.select((task::kind, task::user_id)).order(task::id);
        Ok(found.load(conn)?)
    })
}

#[test]
fn the_interest_of_an_owned_company_is_the_reps_next_step() {
    each_backend(|app| {
        let (manager, agent) = (app.user("gu", "manager"), app.user("lin", "agent"));
        let (marketing, rep) = (app.user("shen", "marketing"), app.user("xu", "rep"));
        territory(app, &manager, &rep, &[], &[]);
        let root = lead(
            &marketing,
            "苏州砚川精密机械有限公司",
            "苏州",
            "通用设备",
            1,
        );
        let id = open(app, &agent, root, Grade::B);
        rep.api_post(&format!("/handovers/{id}/accept"), &json!({}))
            .expect(200);
        let said = json!({ "company": root, "phone": "+8613905123107", "disposition": "interested", "urgency": "M3", "need": "报价太慢，要接订单", "note": "下周看现场" });
        let done = rep.api_post("/calls", &said).expect(201).json();
        assert_eq!(done["handover"], json!(null), "it is theirs already");
        assert_eq!(done["handover_lacks"], json!([]));
        let mine = ("own_lead".to_owned(), rep.actor.user_id);
        assert_eq!(
            tasks(app),
            std::slice::from_ref(&mine),
            "one thing to do, and it is the rep's"
        );
        let page = rep.get("/").expect(200).body;
        assert!(page.contains("Your company is interested") && page.contains("下周看现场"));
        // Taken back, it is nobody's to do.
        let path = format!("/calls/{}/undo", done["call_id"]);
        rep.api_post(&path, &json!({})).expect(200);
        assert_eq!(tasks(app), []);
        // The manager hears of it: still the rep's, who reads who said so.
        manager.api_post("/calls", &said).expect(201);
        assert_eq!(tasks(app), [mine]);
        let page = rep.get("/").expect(200).body;
        assert!(page.contains("gu：下周看现场"), "{page}");
    });
}
