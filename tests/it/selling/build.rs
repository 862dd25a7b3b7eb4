//! Leads that are good enough to be handed over, and what hands them over.

use canvass::flows::hand_over;
use canvass::platform::check::Depth;
use canvass::platform::error::AppResult;
use canvass::platform::mailer::{MailConfig, Mailer};
use canvass::qualifying::Grade;
use canvass::registry;
use canvass::selling::actions::{self, Opening, book};
use canvass::selling::jobs;
use canvass::selling::rules::territory::Reach;
use serde_json::{Value, json};

use crate::app::{Client, TestApp};
use crate::calling::build::{campaign, next, record};

/// A company with everything that a hand-over needs but the answers of a call.
pub fn lead(marketing: &Client, name: &str, city: &str, industry: &str, n: u32) -> i64 {
    let body = json!({
        "channel": "AD", "source": "官网表单", "legal_ground": "inquiry", "company": name, "city": city,
        "person": format!("周{n}"), "mobile": format!("1390512{:04}", 3_100 + n * 7),
        "phone": format!("0512-6580{:04}", 2_100 + n * 3), "industry": industry, "headcount": 320,
    });
    let made = marketing.api_post("/leads", &body).expect(201).json();
    made["company_id"].as_i64().expect("a company")
}

/// A maker of machines in Suzhou.
pub fn suzhou(marketing: &Client, name: &str, n: u32) -> i64 {
    lead(marketing, name, "苏州", "通用设备", n)
}

/// What a telemarketer finds out: enough for grade A.
pub fn answers() -> Value {
    json!({
        "urgency": "M3", "need": "报价太慢，要接订单", "note": "想三个月内换系统",
        "facts": { "selection_started": "yes", "decider": "总经理", "budget_state": "approved" },
    })
}

/// Calls the next company of a new campaign with a result; the answer of the call.
pub fn call(manager: &Client, agent: &Client, result: &str, more: Value) -> Value {
    let (id, _) = campaign(manager, &format!("专案{}", agent.actor.name));
    let lease = next(agent, id).expect("an entry");
    record(agent, &lease, result, more)
}

/// Draws a territory for a rep.
pub fn territory(
    app: &TestApp,
    manager: &Client,
    rep: &Client,
    regions: &[&str],
    industries: &[&str],
) {
    let own = |list: &[&str]| list.iter().map(|c| (*c).to_owned()).collect();
    let reach = Reach {
        regions: own(regions),
        industries: own(industries),
        sizes: Vec::new(),
    };
    let (actor, rep) = (manager.actor.clone(), rep.actor.id());
    let now = app.now();
    app.write(move |conn| actions::draw(conn, now, &actor, None, rep, &reach).map(|_| ()));
}

/// Hands a company over as a call would; the hand-over's id.
pub fn open(app: &TestApp, agent: &Client, root: i64, grade: Grade) -> i64 {
    try_open(app, agent, root, grade).expect("it opens")
}

/// The same, where it may be refused.
pub fn try_open(app: &TestApp, agent: &Client, root: i64, grade: Grade) -> AppResult<i64> {
    let (actor, now) = (agent.actor.clone(), app.now());
    app.db.write_blocking(move |conn| {
        let book = book(conn)?;
        let root = registry::actions::root_of(conn, root)?;
        let opening = Opening {
            group: registry::actions::group_of(conn, root)?,
            from_id: actor.user_id,
            grade: Some(grade),
            ..Opening::default()
        };
        Ok(actions::open(conn, now, &actor, &book, &opening)?.id)
    })
}

/// Lets everything happen for which the moment has come.
pub fn tick(app: &TestApp) {
    jobs::tick(&app.db).expect("the tick works");
}

/// What puts letters into the outbox.
pub fn outbox(app: &TestApp) -> Mailer {
    let url = Some("https://canvass.example/");
    Mailer::new(&MailConfig::default(), app.folder.path(), url).expect("an outbox")
}

/// What of a company is still missing.
pub fn lacking(app: &TestApp, root: i64) -> Vec<&'static str> {
    let lacking = app.read(|conn| hand_over::lacking(conn, root));
    lacking
        .unwrap_or_default()
        .iter()
        .map(|what| what.code())
        .collect()
}

/// One hand-over as a manager sees it.
pub fn seen(manager: &Client, id: i64) -> Value {
    for state in [
        "open",
        "accepted",
        "rejected",
        "pooled",
        "withdrawn",
        "parked",
    ] {
        let found = manager
            .api(&format!("/handovers?state={state}"))
            .expect(200)
            .json();
        let list = found["handovers"].as_array().cloned().unwrap_or_default();
        if let Some(one) = list.into_iter().find(|h| h["id"] == id) {
            return one;
        }
    }
    panic!("hand-over {id} is nowhere");
}

/// Every invariant of the area holds.
#[track_caller]
pub fn invariants_hold(app: &TestApp, after: &str) {
    for invariant in canvass::selling::checks::INVARIANTS {
        let broken = app.read(|conn| invariant.find(conn, Depth::All));
        assert!(
            broken.is_none(),
            "after {after}: {}: {broken:?}",
            invariant.code
        );
    }
}
