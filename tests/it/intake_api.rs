//! Imports and leads by the API.

use canvass::registry::model::Company;
use canvass::schema as s;
use diesel::prelude::*;
use serde_json::{Value, json};

use crate::app::{Client, TestApp, each_backend};

const LIST: &str = "公司,城市,联系人,手机\n苏州宏远机械有限公司,苏州,王小明,13812340001\n无锡德昌电子有限公司,无锡,赵强,13912340003\n";

fn send(client: &Client, extra: &[(&str, &str)]) -> Value {
    let mut fields = vec![
        ("channel", "EXPO"),
        ("source", "工业展"),
        ("legal_ground", "card_exchange"),
    ];
    fields.extend(extra);
    client
        .upload("/imports", false, &fields, "list.csv", LIST.as_bytes())
        .json()
}

fn companies(app: &TestApp) -> Vec<Company> {
    app.read(|conn| {
        Ok(s::company::table
            .select(Company::as_select())
            .order(s::company::id)
            .load(conn)?)
    })
}

#[test]
fn a_program_sends_a_list_follows_it_and_takes_it_back() {
    each_backend(|app| {
        let client = app.user("mia", "marketing");
        let dry = send(&client, &[("dry_run", "true")]);
        assert_eq!(dry["figures"]["companies_new"], 2, "{dry}");
        assert!(companies(app).is_empty());
        let sent = send(&client, &[]);
        let id = sent["batch_id"]
            .as_i64()
            .unwrap_or_else(|| panic!("{sent}"));
        app.run_jobs();
        let told = client.api(&format!("/imports/{id}")).expect(200).json();
        assert_eq!(
            (&told["state"], &told["figures"]["rows_valid"]),
            (&json!("done"), &json!(2))
        );
        assert_eq!(
            told["figures"]["companies_new"],
            dry["figures"]["companies_new"]
        );
        let late = client.api_post(&format!("/imports/{id}/cancel"), &json!({}));
        assert_eq!((late.status, late.code().as_str()), (409, "batch_settled"));
        client
            .api_post(&format!("/imports/{id}/undo"), &json!({}))
            .expect(202);
        app.run_jobs();
        let told = client.api(&format!("/imports/{id}")).expect(200).json();
        assert_eq!(told["state"], "undone");
        assert!(companies(app).is_empty());
    });
}

#[test]
fn a_lead_is_placed_like_a_row_and_comes_once() {
    each_backend(|app| {
        let client = app.user("mia", "marketing");
        let lead = json!({
            "channel": "AD", "source": "官网表单", "legal_ground": "inquiry",
            "company": "苏州宏远机械有限公司", "city": "苏州", "person": "王小明", "mobile": "138 1234 0001",
        });
        let first = client.api_post("/leads", &lead).expect(201).json();
        assert_eq!(first["new_company"], true);
        let again = client.api_post("/leads", &lead).expect(200).json();
        assert_eq!(
            (&again["record_id"], &again["known"]),
            (&first["record_id"], &json!(true))
        );
        let other = json!({
            "channel": "EXPO", "source": "展会", "company": "苏州市宏远机械有限公司", "city": "苏州", "mobile": "13812340002",
        });
        let placed = client.api_post("/leads", &other).expect(201).json();
        assert_eq!(placed["company_id"], first["company_id"]);
        let company = &companies(app)[0];
        assert_eq!(company.channels, 1 | 8);
        let bad = client.api_post(
            "/leads",
            &json!({"channel": "AD", "source": "x", "company": "甲", "mobile": "1"}),
        );
        assert_eq!((bad.status, bad.code().as_str()), (422, "lead_refused"));
        let unknown = client.api_post(
            "/leads",
            &json!({"channel": "AD", "source": "x", "compny": "甲"}),
        );
        assert_eq!(
            (unknown.status, unknown.code().as_str()),
            (422, "field_unknown")
        );
        let title = unknown.json()["title"].to_string();
        assert!(title.contains("compny"), "{title}");
        let named = json!({
            "channel": "AD", "source": "网站", "company": "宁波东海电子有限公司", "name": "李思远", "mobile": "13777880123",
        });
        let placed = client.api_post("/leads", &named).expect(201).json();
        assert!(placed["contact_id"].is_number(), "{placed}");
    });
}

/// Two nodes are sent the same leads at the same time: each company and person is made once.
#[test]
fn two_nodes_that_are_sent_the_same_leads_make_each_company_once() {
    each_backend(|app| {
        let other;
        let nodes = if app.backend == canvass::platform::db::Backend::Postgres {
            other = app.second_node();
            vec![app, &other]
        } else {
            vec![app, app]
        };
        let client = app.user("mia", "marketing");
        std::thread::scope(|scope| {
            for (node, at) in nodes.iter().enumerate() {
                let client = client.at(at);
                scope.spawn(move || {
                    for n in 0..100 {
                        let lead = json!({
                            "channel": "AD", "source": format!("表单{node}"), "company": format!("苏州第{n}号机械有限公司"),
                            "city": "苏州", "person": format!("王{n}明"), "mobile": format!("138{:08}", 10_000 + n),
                        });
                        client.api_post("/leads", &lead).expect(201);
                    }
                });
            }
        });
        assert_eq!(companies(app).len(), 100);
        let persons = app.read(|conn| Ok(s::person::table.count().get_result::<i64>(conn)?));
        assert_eq!(persons, 100);
    });
}
