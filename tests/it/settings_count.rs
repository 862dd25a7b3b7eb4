//! Every setting changes the very next decision: one that is read nowhere would fail here.

use canvass::consent::rules::{Ground, GroundTable};
use canvass::platform::calendar::{CalendarSettings, Country};
use canvass::platform::clock;
use canvass::platform::settings::{self, Setting};
use canvass::qualifying::{Needs, Reasons};
use serde_json::{Value, json};

use crate::app::{Client, TestApp, each_backend};
use crate::calling::build::{a_company, campaign, companies, next, record};

/// Stores an edited rule set, as its page does.
pub fn edit<T: Setting + Send + 'static>(
    app: &TestApp,
    change: impl FnOnce(&mut T) + Send + 'static,
) {
    app.write(move |conn| {
        let now = clock::now(conn)?;
        let mut stored = settings::load::<T>(conn)?;
        change(&mut stored.value);
        settings::save(conn, &stored.value, stored.version, None, now)?;
        Ok(())
    });
}

/// An office with a manager, an agent and so many companies in a campaign.
pub fn office(app: &TestApp, n: u32) -> (Client, Client, i64) {
    let (manager, li) = (app.user("wang", "manager"), app.user("li", "agent"));
    companies(
        app,
        (0..n).map(|n| a_company(&format!("公司{n}"), n)).collect(),
    );
    let (id, _) = campaign(&manager, "秋季回访");
    (manager, li, id)
}

#[test]
fn the_calendar_decides_whether_anybody_is_called() {
    each_backend(|app| {
        let (_, li, id) = office(app, 1);
        let today = app.now().date();
        edit::<CalendarSettings>(app, move |calendar| {
            let mut year = Country::Cn
                .announced_years()
                .into_iter()
                .find(|(year, _)| *year == 2026)
                .map(|(_, data)| data)
                .expect("2026 ships");
            year.holidays.push(canvass::platform::calendar::Holiday {
                from: today,
                to: today,
                name_zh: "厂庆".into(),
                name_en: String::new(),
            });
            calendar
                .years
                .entry(Country::Cn)
                .or_default()
                .insert(2026, year);
        });
        assert!(next(&li, id).is_none(), "a holiday of the office's own");
        edit::<CalendarSettings>(app, |calendar| *calendar = CalendarSettings::default());
        assert!(next(&li, id).is_some());
    });
}

#[test]
fn what_a_ground_permits_counts_for_the_next_call() {
    each_backend(|app| {
        let (manager, li, id) = office(app, 1);
        let form = |version: &str, call: &str| {
            let mut fields = vec![("version".to_owned(), version.to_owned())];
            for ground in Ground::ALL {
                let call = if *ground == Ground::PublicSource {
                    call
                } else {
                    "yes"
                };
                let code = ground.code();
                fields.push((format!("{code}_call"), call.to_owned()));
                fields.push((format!("{code}_greeting"), "no".into()));
                fields.push((format!("{code}_news"), "ask_first".into()));
            }
            fields
        };
        let post = |client: &Client, fields: Vec<(String, String)>| {
            let fields: Vec<(&str, &str)> = fields
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect();
            client.post("/settings/grounds", &fields)
        };
        assert!(
            manager
                .get("/settings/grounds")
                .expect(200)
                .body
                .contains("Public or bought list")
        );
        let refused = post(&manager, form("0", "ask_first")).expect(422).body;
        assert!(refused.contains("nothing was saved"), "{refused}");
        post(&manager, form("0", "no")).expect(303);
        assert!(next(&li, id).is_none(), "nobody of a public list is called");
        let (_, filled) = campaign(&manager, "只数一数");
        assert_eq!(filled["left_out"]["no_ground"], json!(1), "{filled}");
        post(&manager, form("0", "yes")).expect(409);
        let admin = app.user("ou", "admin");
        post(&admin, form("1", "business_numbers")).expect(303);
        assert!(
            next(&li, id).is_some(),
            "whoever was held back is looked at again"
        );
        let table = app.read(settings::load::<GroundTable>);
        assert_eq!(table.version, 2);
        let page = manager.get("/settings/grounds").expect(200).body;
        assert!(page.contains("version 1") && page.contains("version 2"));
    });
}

#[test]
fn a_person_without_a_company_goes_by_the_table_of_grounds() {
    each_backend(|app| {
        let manager = app.user("wang", "manager");
        app.write(|conn| {
            let now = clock::now(conn)?;
            crate::calling::build::lone_person(conn, now, "周敏", "+8613612340009", "inquiry")
        });
        edit::<GroundTable>(app, |table| {
            let row = table.0.get_mut(&Ground::Inquiry).expect("a row");
            row.call = canvass::consent::rules::Permission::No;
        });
        let (_, filled) = campaign(&manager, "一");
        assert_eq!(filled["left_out"]["no_ground"], json!(1), "{filled}");
        edit::<GroundTable>(app, |table| *table = GroundTable::default());
        let (_, filled) = campaign(&manager, "二");
        assert_eq!(filled["added"], json!(1), "{filled}");
    });
}

#[test]
fn a_reason_that_is_switched_off_is_neither_offered_nor_taken() {
    each_backend(|app| {
        let (manager, li, id) = office(app, 3);
        let switched_off = ["language", "meal", "no_time", "known_history"];
        let lease = next(&li, id).expect("an entry");
        let token = lease["lease"].as_str().expect("a token").to_owned();
        let offers = |code: &str| {
            let page = li.get("/call").expect(200).body;
            page.contains(&format!("value=\"{code}\""))
        };
        for code in switched_off {
            assert!(offers(code), "{code}");
        }
        edit::<Reasons>(app, move |reasons| {
            let lists = [
                &mut reasons.skip,
                &mut reasons.pause,
                &mut reasons.not_interested,
                &mut reasons.grade,
            ];
            for reason in lists.into_iter().flatten() {
                reason.active &= !switched_off.contains(&reason.code.as_str());
            }
        });
        for code in switched_off {
            assert!(!offers(code), "{code}");
        }
        let release = format!("/leases/{token}/release");
        let refused = |answer: crate::app::Answer| {
            assert_eq!(answer.expect(422).code(), "reason_not_offered");
        };
        refused(li.api_post(&release, &json!({ "reason": "language" })));
        li.post(&format!("/call/{token}/release"), &[("reason", "language")])
            .expect(422);
        li.post("/call/pause", &[("reason", "meal")]).expect(422);
        let body = |more: Value| {
            let mut body = json!({ "lease": token, "disposition": "not_interested" });
            if let (Some(body), Some(more)) = (body.as_object_mut(), more.as_object()) {
                body.extend(more.clone());
            }
            body
        };
        refused(li.api_post("/calls", &body(json!({ "reason": "no_time" }))));
        refused(li.api_post(
            "/calls",
            &body(json!({ "reason": "other", "grade": "D", "grade_reason": "known_history" })),
        ));
        let company = lease["company"]["id"].as_i64().expect("an id");
        refused(manager.api_post(
            &format!("/companies/{company}/grade"),
            &json!({ "grade": "D", "reason": "known_history" }),
        ));
        li.api_post("/calls", &body(json!({ "reason": "他们自己会写程序" })))
            .expect(201);
    });
}

#[test]
fn a_need_of_the_office_is_asked_for_kept_and_found_again() {
    each_backend(|app| {
        let (manager, li, id) = office(app, 2);
        edit::<Needs>(app, |needs| {
            needs.0[0].active = false;
            let mut own = needs.0[1].clone();
            (own.code, own.bit) = ("cold_chain".into(), 40);
            (own.name_zh, own.name_en) = ("冷链".into(), "Cold chain".into());
            needs.0.push(own);
        });
        let lease = next(&li, id).expect("an entry");
        let page = li.get("/call").expect(200).body;
        assert!(page.contains("Cold chain") && !page.contains("value=\"finance\""));
        record(
            &li,
            &lease,
            "interested",
            json!({ "facts": { "needs": [40] } }),
        );
        let list = |query: &str| manager.get(&format!("/companies?{query}")).expect(200).body;
        let name = lease["company"]["name"]
            .as_str()
            .expect("a name")
            .to_owned();
        assert!(list("need=40").contains(&name));
        assert!(list("need=40").contains("Cold chain"));
        assert!(!list("need=0").contains(&name));
        let fill = manager
            .get(&format!(
                "/campaigns/{id}/fill?need=40&urgency=M3&count=yes"
            ))
            .expect(200)
            .body;
        assert!(fill.contains("<option value=\"40\" selected>Cold chain</option>"));
        assert!(fill.contains("<option value=\"M3\" selected>"));
    });
}
