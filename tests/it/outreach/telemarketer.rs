//! Whom a telemarketer is to call this week by the rhythm of grades: those they spoke with, and nobody else's.

use canvass::schema as s;
use chrono::TimeDelta;
use diesel::prelude::*;
use serde_json::json;

use crate::app::each_backend;
use crate::calling::build::{a_company, call, campaign, companies};

#[test]
fn a_telemarketer_sees_whom_they_spoke_with_once_the_time_has_come() {
    each_backend(|app| {
        let (manager, mei) = (app.user("wang", "manager"), app.user("mei", "agent"));
        let lan = app.user("lan", "agent");
        let company = companies(app, vec![a_company("宏远机械", 1)])[0];
        let (id, _) = campaign(&manager, "秋季回访");
        call(&mei, id, "no_need", json!({}));
        let now = app.now();
        app.write(move |conn| {
            diesel::update(s::company::table.find(company))
                .set((
                    s::company::grade.eq(Some("D")),
                    s::company::grade_at.eq(Some(now)),
                ))
                .execute(conn)?;
            Ok(())
        });
        let sees = |who: &crate::app::Client| {
            let list = who.get("/due?method=call").expect(200).body;
            list.contains("宏远机械")
        };
        assert!(!sees(&mei), "D is called every 90 days");
        app.advance(TimeDelta::days(100));
        assert!(sees(&mei));
        assert!(!sees(&lan), "somebody else spoke with them");
        mei.get("/due?who=team").expect(403);
        mei.get("/due?who=free").expect(403);
    });
}
