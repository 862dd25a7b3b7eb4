//! What one telemarketer does all day, and the book of all that was answered to them.

use std::collections::{BTreeMap, HashSet};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use canvass::schema::{call, call_result, event, lease, queue_entry};
use diesel::prelude::*;
use serde_json::{Value, json};

use crate::app::{Answer, Client, TestApp};

/// No run takes so long.
const PATIENCE: Duration = Duration::from_secs(540);

/// A result that was accepted.
#[derive(Debug, Clone)]
struct Accepted {
    call_id: i64,
    entry_id: i64,
    agent_id: i64,
    disposition: &'static str,
}

/// What all clients share.
pub struct Desk {
    campaign: i64,
    entries: usize,
    began: Instant,
    accepted: Mutex<Vec<Accepted>>,
    given_back: Mutex<HashSet<i64>>,
    errors: Mutex<Vec<String>>,
}

impl Desk {
    pub fn new(campaign: i64, entries: usize) -> Self {
        Self {
            campaign,
            entries,
            began: Instant::now(),
            accepted: Mutex::default(),
            given_back: Mutex::default(),
            errors: Mutex::default(),
        }
    }

    fn is_open(&self) -> bool {
        self.began.elapsed() < PATIENCE
            && self.accepted.lock().expect("a book").len() < self.entries
    }

    /// Every third entry goes back into the queue the first time it is served.
    fn gives_back(&self, entry: i64) -> bool {
        entry % 3 == 0 && self.given_back.lock().expect("a book").insert(entry)
    }

    fn fail(&self, what: &str, answer: &Answer) {
        let line = format!("{what}: {} {}", answer.status, answer.body);
        self.errors.lock().expect("a book").push(line);
    }

    pub fn had_no_errors(&self) {
        let errors = self.errors.lock().expect("a book");
        let first: Vec<&String> = errors.iter().take(10).collect();
        assert!(
            errors.is_empty(),
            "{} error answers: {first:#?}",
            errors.len()
        );
    }

    /// Every accepted result has its call, its version, its event and its moved entry, and there are no others.
    pub fn nothing_is_lost(&self, app: &TestApp) -> usize {
        let accepted = self.accepted.lock().expect("a book").clone();
        assert_eq!(accepted.len(), self.entries, "every entry has its result");
        let (calls, events, entries, ended) = app.read(|conn| {
            let calls: Vec<(i64, i64, Option<i64>, Option<String>)> = call::table
                .inner_join(call_result::table.on(call_result::id.nullable().eq(call::result_id)))
                .filter(call::campaign_id.eq(self.campaign))
                .filter(call_result::undone_at.is_null())
                .select((
                    call::id,
                    call::agent_id,
                    call::entry_id,
                    call_result::disposition,
                ))
                .load(conn)?;
            let events: Vec<Option<i64>> = event::table
                .filter(event::campaign_id.eq(self.campaign))
                .filter(event::kind.eq("call.recorded"))
                .select(event::object_id)
                .load(conn)?;
            let entries: Vec<(i64, String, Option<i64>)> = queue_entry::table
                .filter(queue_entry::campaign_id.eq(self.campaign))
                .select((
                    queue_entry::id,
                    queue_entry::state,
                    queue_entry::last_call_id,
                ))
                .load(conn)?;
            let ended: i64 = lease::table
                .filter(lease::campaign_id.eq(self.campaign))
                .filter(lease::state.eq("ended"))
                .count()
                .get_result(conn)?;
            Ok((calls, events, entries, ended))
        });
        let calls: BTreeMap<i64, _> = calls
            .into_iter()
            .map(|(id, a, e, d)| (id, (a, e, d)))
            .collect();
        let entries: BTreeMap<i64, _> =
            entries.into_iter().map(|(id, s, c)| (id, (s, c))).collect();
        for one in &accepted {
            let written = calls
                .get(&one.call_id)
                .unwrap_or_else(|| panic!("no call of {one:?}"));
            let said = (
                one.agent_id,
                Some(one.entry_id),
                Some(one.disposition.to_owned()),
            );
            assert_eq!(*written, said, "{one:?}");
            let told = events.iter().filter(|id| **id == Some(one.call_id)).count();
            assert_eq!(told, 1, "events of {one:?}");
            let (state, last_call) = &entries[&one.entry_id];
            assert!(
                state != "ready" && state != "leased",
                "{one:?} stands as {state}"
            );
            assert_eq!(*last_call, Some(one.call_id), "{one:?}");
        }
        assert_eq!(
            (calls.len(), events.len()),
            (accepted.len(), accepted.len())
        );
        assert_eq!(ended, accepted.len() as i64);
        accepted.len()
    }
}

/// Takes the next entry and records a result until there is nothing left.
pub fn work(agent: &Client, desk: &Desk) {
    let next = format!("/campaigns/{}/next", desk.campaign);
    while desk.is_open() {
        let answer = agent.api_post(&next, &json!({}));
        match answer.status {
            200 => serve(agent, desk, &answer.json()),
            204 if answer.retry_after.is_some() => std::thread::sleep(Duration::from_millis(50)),
            _ => desk.fail("next", &answer),
        }
    }
}

fn serve(agent: &Client, desk: &Desk, lease: &Value) {
    let entry = lease["entry_id"].as_i64().expect("an entry");
    let token = lease["lease"].as_str().expect("a token");
    if desk.gives_back(entry) {
        let back = agent.api_post(&format!("/leases/{token}/release"), &json!({}));
        if back.status != 204 {
            desk.fail("release", &back);
        }
        return;
    }
    if entry % 4 == 0 {
        let dialled = agent.api_post(&format!("/leases/{token}/dialled"), &json!({}));
        if dialled.status != 200 {
            desk.fail("dialled", &dialled);
        }
    }
    let (disposition, mut body) = result_of(entry, lease["phone"].as_str().unwrap_or_default());
    body["lease"] = json!(token);
    body["disposition"] = json!(disposition);
    let saved = agent.api_post("/calls", &body);
    if saved.status != 201 {
        return desk.fail(disposition, &saved);
    }
    desk.accepted.lock().expect("a book").push(Accepted {
        call_id: saved.json()["call_id"].as_i64().expect("a call"),
        entry_id: entry,
        agent_id: agent.actor.id(),
        disposition,
    });
}

/// Results as a day brings them; none silences a number that others of the list share.
fn result_of(entry: i64, phone: &str) -> (&'static str, Value) {
    let is_shared = phone.starts_with("+8651266");
    match entry % 11 {
        0 | 1 => ("no_answer", json!({})),
        2 => ("busy", json!({})),
        3 => (
            "interested",
            json!({ "urgency": "M4_6", "need": "要换掉旧系统", "note": "月底前再谈" }),
        ),
        4 => (
            "callback",
            json!({ "callback_at": "2026-09-22T16:30:00+08:00" }),
        ),
        5 => ("wrong_number", json!({})),
        6 => ("not_interested", json!({ "reason": "已有供应商" })),
        7 => ("no_need", json!({ "urgency": "NOPLAN" })),
        8 if !is_shared => ("do_not_call", json!({ "ways": "call" })),
        9 => ("refused", json!({})),
        _ => ("gatekeeper", json!({})),
    }
}
