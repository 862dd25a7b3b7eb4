//! What programs are told of the API: every field that a call gives is described.

use serde_json::{Value, json};

use crate::app::{Answer, Client, TestApp, each_backend};
use crate::calling::build::{a_company, campaign, companies, next, record};
use crate::outreach::mailings::{issue, items, readers};

/// The description, and what an answer gave beyond it.
struct Description {
    document: Value,
    unknown: Vec<String>,
}

impl Description {
    fn read() -> Self {
        let document = canvass::platform::openapi::DOCUMENT;
        Self {
            document: serde_json::from_str(document).expect("JSON"),
            unknown: Vec::new(),
        }
    }

    /// Follows `$ref`, and joins what belongs together.
    fn parts(&self, schema: &Value) -> Vec<Value> {
        if let Some(target) = schema["$ref"].as_str() {
            let path = target.trim_start_matches('#');
            let found = self.document.pointer(path).expect("a schema").clone();
            return self.parts(&found);
        }
        let several = ["allOf", "oneOf"];
        match several.iter().find_map(|joint| schema[*joint].as_array()) {
            Some(all) => all.iter().flat_map(|one| self.parts(one)).collect(),
            None => vec![schema.clone()],
        }
    }

    fn compare(&mut self, at: &str, value: &Value, schemas: &[Value]) {
        let parts: Vec<Value> = schemas.iter().flat_map(|s| self.parts(s)).collect();
        if parts.iter().all(|part| part["type"].is_null()) {
            return; // anything
        }
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    let named = parts.iter().map(|part| &part["properties"][name]);
                    let mut found: Vec<Value> = named.filter(|s| !s.is_null()).cloned().collect();
                    if found.is_empty() {
                        let more = parts.iter().map(|part| &part["additionalProperties"]);
                        found = more
                            .filter(|s| !s.is_null() && **s != false)
                            .cloned()
                            .collect();
                    }
                    let at = format!("{at}.{name}");
                    if found.is_empty() {
                        self.unknown.push(at);
                    } else {
                        self.compare(&at, value, &found);
                    }
                }
            }
            Value::Array(items) => {
                let of: Vec<Value> = parts.iter().map(|part| part["items"].clone()).collect();
                for item in items {
                    self.compare(&format!("{at}[]"), item, &of);
                }
            }
            _ => {}
        }
    }

    /// Holds an answer against what is said of this call.
    fn holds(&mut self, method: &str, path: &str, answer: Answer) -> Value {
        let responses = &self.document["paths"][path][method]["responses"];
        let status = answer.status.to_string();
        let schema = responses[&status]["content"]["application/json"]["schema"].clone();
        assert!(
            !schema.is_null(),
            "{method} {path} {status}: {}",
            answer.body
        );
        let value = answer.json();
        self.compare(&format!("{method} {path} {status}: "), &value, &[schema]);
        value
    }
}

fn import(app: &TestApp, marketing: &Client) -> Answer {
    let fields = [("kind", "leads"), ("channel", "EXPO"), ("source", "工业展")];
    let list =
        "公司,城市,手机\n苏州宏远机械有限公司,苏州,13812340001\n无锡德昌电子有限公司,无锡,\n";
    let sent = marketing.upload("/imports", false, &fields, "list.csv", list.as_bytes());
    app.run_jobs();
    sent
}

#[test]
fn every_field_that_a_call_gives_is_described() {
    each_backend(|app| {
        let (manager, li) = (app.user("wang", "manager"), app.user("li", "agent"));
        let mut api = Description::read();
        let batch = api.holds("post", "/imports", import(app, &manager))["batch_id"].clone();
        let state = manager.api(&format!("/imports/{batch}"));
        api.holds("get", "/imports/{id}", state);
        let lead = json!({ "channel": "AD", "source": "官网", "legal_ground": "inquiry", "company": "常州恒新科技有限公司", "mobile": "13812340077" });
        api.holds("post", "/leads", manager.api_post("/leads", &lead));
        api.holds("post", "/leads", manager.api_post("/leads", &lead));
        let new = json!({ "name": "南通海纳纺织有限公司", "person_name": "周敏", "mobile": "13812340088" });
        let made = api.holds("post", "/companies", manager.api_post("/companies", &new));
        api.holds("post", "/companies", manager.api_post("/companies", &new));
        let id = made["id"].as_i64().expect("an id");
        let path = format!("/companies/{id}");
        api.holds(
            "patch",
            "/companies/{id}",
            manager.api_patch(&path, &json!({ "headcount": 120 })),
        );
        let graded = manager.api_post(
            &format!("{path}/grade"),
            &json!({ "grade": "C", "reason": "听同行说的" }),
        );
        api.holds("post", "/companies/{id}/grade", graded);
        api.holds("get", "/companies", manager.api("/companies"));
        companies(
            app,
            vec![a_company("宏远机械", 1).contact("陈立群", "+8613800000001")],
        );
        let (campaign, _) = campaign(&manager, "秋季回访");
        api.holds("get", "/campaigns", manager.api("/campaigns"));
        let filled = manager.api_post(&format!("/campaigns/{campaign}/fill"), &json!({}));
        api.holds("post", "/campaigns/{id}/fill", filled);
        let served = li.api_post(&format!("/campaigns/{campaign}/next"), &json!({}));
        let lease = api.holds("post", "/campaigns/{id}/next", served);
        let token = lease["lease"].as_str().expect("a token");
        for (call, path) in [
            ("heartbeat", "/leases/{lease}/heartbeat"),
            ("dialled", "/leases/{lease}/dialled"),
        ] {
            let answer = li.api_post(&format!("/leases/{token}/{call}"), &json!({}));
            api.holds("post", path, answer);
        }
        let body = json!({ "lease": token, "disposition": "interested", "urgency": "M3", "need": "报价太慢", "note": "下周再谈" });
        let done = api.holds("post", "/calls", li.api_post("/calls", &body));
        let root = lease["company"]["id"].as_i64().expect("an id");
        api.holds(
            "get",
            "/companies/{id}",
            li.api(&format!("/companies/{root}")),
        );
        let undo = format!("/calls/{}/undo", done["call_id"]);
        api.holds("post", "/calls/{id}/undo", li.api_post(&undo, &json!({})));
        let again = next(&li, campaign).expect("an entry");
        record(&li, &again, "busy", json!({}));
        api.holds(
            "get",
            "/campaigns/{id}",
            manager.api(&format!("/campaigns/{campaign}")),
        );
        let silence = json!({ "subject": "13812340099", "reason": "来信要求" });
        api.holds(
            "post",
            "/suppressions",
            manager.api_post("/suppressions", &silence),
        );
        api.holds("get", "/suppressions", manager.api("/suppressions"));
        let joined = manager.api_post(&format!("{path}/merge"), &json!({ "other": root }));
        let merge = api.holds("post", "/companies/{id}/merge", joined)["merge_id"].clone();
        let parted = manager.api_post(&format!("/merges/{merge}/undo"), &json!({}));
        api.holds("post", "/merges/{id}/undo", parted);
        api.holds("get", "/handovers", manager.api("/handovers"));
        assert!(
            api.unknown.is_empty(),
            "not in templates/openapi.json: {:#?}",
            api.unknown
        );
    });
}

#[test]
fn every_field_of_mailings_is_described() {
    each_backend(|app| {
        let marketing = app.user("shen", "marketing,manager");
        let mut api = Description::read();
        readers(&marketing);
        let when = json!({ "from": "2026-09-24T02:00:00Z", "until": "2026-09-24T03:30:00Z" });
        let new = json!({ "kind": "news", "items": items(&["C34"]), "when": when });
        let made = api.holds("post", "/mailings", marketing.api_post("/mailings", &new));
        assert_eq!(made["send_until"], "2026-09-24T03:30:00Z", "{made}");
        let id = issue(&marketing, &[]);
        let path = format!("/mailings/{id}");
        for call in ["preview", "start", "pause"] {
            let answer = marketing.api_post(&format!("{path}/{call}"), &json!({}));
            api.holds("post", &format!("/mailings/{{id}}/{call}"), answer);
        }
        api.holds("get", "/mailings/{id}", marketing.api(&path));
        let deliveries = marketing.api(&format!("/deliveries?mailing={id}"));
        let deliveries = api.holds("get", "/deliveries", deliveries);
        assert_eq!(deliveries["deliveries"].as_array().map(Vec::len), Some(2));
        let off = marketing.api_post(&format!("{path}/cancel"), &json!({}));
        api.holds("post", "/mailings/{id}/cancel", off);
        assert!(
            api.unknown.is_empty(),
            "not in templates/openapi.json: {:#?}",
            api.unknown
        );
    });
}
