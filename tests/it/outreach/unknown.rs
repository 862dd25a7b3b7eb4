//! Letters of which nobody knows whether they arrived.

use canvass::outreach::actions::mailings;
use canvass::outreach::model::DeliveryState;
use canvass::schema::touch;
use diesel::prelude::*;
use serde_json::json;

use super::mailings::{issue, put, readers, start, state};
use crate::app::{Client, TestApp, each_backend};

fn count(client: &Client, id: i64, state: &str) -> usize {
    let rows = client.api(&format!("/deliveries?mailing={id}&state={state}"));
    rows.expect(200).json()["deliveries"]
        .as_array()
        .map_or(0, Vec::len)
}

/// A mailing of two letters of which nobody knows what became.
fn of_unknown_fate(app: &TestApp, marketing: &Client) -> i64 {
    readers(marketing);
    let id = issue(marketing, &[]);
    start(marketing, id);
    put(app, id, DeliveryState::Unknown);
    id
}

#[test]
fn letters_of_unknown_fate_are_taken_as_sent_or_news_goes_once_more() {
    each_backend(|app| {
        let marketing = app.user("shen", "marketing,manager");
        let id = of_unknown_fate(app, &marketing);
        let (actor, now) = (marketing.actor.clone(), app.now());
        app.write(move |conn| mailings::finish(conn, now, &actor, id));
        let page = format!("/mailings/{id}/unknown");
        let shown = marketing.get(&page).expect(200).body;
        assert!(
            shown.contains("周海1") && shown.contains("周海2"),
            "{shown}"
        );
        // Nothing ticked is nothing done.
        marketing
            .post(&page, &[("which", "chosen"), ("do", "again")])
            .expect(303);
        assert_eq!(count(&marketing, id, "unknown"), 2);
        let first = marketing.api(&format!("/deliveries?mailing={id}&state=unknown"));
        let first = first.expect(200).json()["deliveries"][0]["id"].to_string();
        // Whoever ticks one means that one, whatever the other choice says.
        let one = [
            ("which", "all"),
            ("do", "again"),
            ("delivery", first.as_str()),
        ];
        marketing.post(&page, &one).expect(303);
        assert_eq!(count(&marketing, id, "queued"), 1);
        assert_eq!(state(&marketing, id), "sending", "somebody waits again");
        marketing
            .post(&page, &[("which", "all"), ("do", "sent")])
            .expect(303);
        assert_eq!(
            (
                count(&marketing, id, "unknown"),
                count(&marketing, id, "sent")
            ),
            (0, 1)
        );
        let seen = marketing.api(&format!("/mailings/{id}")).expect(200).json();
        assert_eq!(seen["deliveries"]["sent"], 1, "the figures follow: {seen}");
        let touches: i64 = app.read(|conn| {
            let news = touch::table.filter(touch::kind.eq("news"));
            Ok(news.count().get_result(conn)?)
        });
        assert_eq!(touches, 1, "it counts against the caps from now on");
    });
}

#[test]
fn nothing_goes_once_more_in_a_mailing_that_was_called_off() {
    each_backend(|app| {
        let marketing = app.user("shen", "marketing,manager");
        let id = of_unknown_fate(app, &marketing);
        marketing
            .post(&format!("/mailings/{id}/cancel"), &[])
            .expect(303);
        let page = format!("/mailings/{id}/unknown");
        let shown = marketing.get(&page).expect(200).body;
        assert!(!shown.contains("value=\"again\""), "{shown}");
        let again = [("which", "all"), ("do", "again")];
        let told = marketing.post(&page, &again).expect(303).told();
        assert!(told.contains("nothing was changed"), "{told}");
        assert_eq!(
            count(&marketing, id, "unknown"),
            2,
            "they stay what they are"
        );
    });
}

#[test]
fn a_greeting_is_never_sent_again() {
    each_backend(|app| {
        let marketing = app.user("shen", "marketing,manager");
        readers(&marketing);
        let new = json!({ "kind": "greeting", "occasion": "mid_autumn" });
        let made = marketing.api_post("/mailings", &new).expect(201).json();
        let id = made["id"].as_i64().expect("an id");
        assert_eq!(made["on"], "2026-09-25", "{made}");
        assert_eq!(
            start(&marketing, id)["state"],
            "scheduled",
            "it has a day of its own"
        );
        marketing
            .post(&format!("/mailings/{id}/start"), &[])
            .expect(303);
        assert_eq!(
            state(&marketing, id),
            "scheduled",
            "and no button hurries it"
        );
        put(app, id, DeliveryState::Unknown);
        let page = format!("/mailings/{id}/unknown");
        let shown = marketing.get(&page).expect(200).body;
        assert!(!shown.contains("value=\"again\""), "{shown}");
        marketing
            .post(&page, &[("which", "all"), ("do", "again")])
            .expect(303);
        assert_eq!(count(&marketing, id, "queued"), 0);
        assert!(count(&marketing, id, "unknown") > 0);
    });
}
