//! Campaigns on their pages: made, counted, filled, recycled.

use canvass::platform::db::Backend;
use canvass::schema::queue_entry;
use diesel::prelude::*;

use crate::app::{TestApp, each_backend};
use crate::call_screen::{ready, take};

#[test]
fn a_campaign_is_made_counted_and_filled_on_pages() {
    each_backend(|app| {
        ready(app);
        let manager = app.user("boss", "manager");
        let fields = [
            ("name", "春季"),
            ("agents", "all"),
            ("step_title", "开场"),
            ("step_say", "您好{contact}"),
            ("step_ask", "urgency"),
            ("step_next", "urgency in M1 → 1"),
        ];
        let made = manager.post("/campaigns", &fields).expect(303);
        let fill = made.location.expect("on to filling");
        let counted = manager
            .get(&format!("{fill}?count=yes&never_called=yes"))
            .expect(200);
        assert!(
            counted.body.contains("In another campaign"),
            "{}",
            counted.body
        );
        let before: i64 = app.read(|conn| Ok(queue_entry::table.count().get_result(conn)?));
        manager.post(&fill, &[("never_called", "yes")]).expect(303);
        let after: i64 = app.read(|conn| Ok(queue_entry::table.count().get_result(conn)?));
        assert_eq!(before, after, "whoever is in another campaign stays there");
        let page = fill.trim_end_matches("/fill");
        let shown = manager.get(page).expect(200);
        assert!(
            shown.body.contains("春季") && shown.body.contains("stayed out"),
            "{}",
            shown.body
        );
        manager
            .post(&format!("{page}/state"), &[("state", "paused")])
            .expect(303);
        let wrong = manager.post("/campaigns", &[("name", " ")]).expect(422);
        assert!(wrong.body.contains("name=\"step_say\""));
    });
}

#[test]
fn exhausted_entries_are_recycled() {
    let app = TestApp::on(Backend::Sqlite);
    let id = ready(&app);
    app.write(|conn| {
        diesel::update(queue_entry::table)
            .set((queue_entry::state.eq("exhausted"), queue_entry::dials.eq(6)))
            .execute(conn)?;
        Ok(())
    });
    let manager = app.user("boss", "manager");
    let page = manager
        .get(&format!("/campaigns/{id}?state=exhausted"))
        .expect(200);
    assert!(page.body.contains("6 dials"), "{}", page.body);
    manager
        .post(&format!("/campaigns/{id}/recycle"), &[])
        .expect(303);
    let agent = app.user("lin", "agent");
    take(&agent);
}
