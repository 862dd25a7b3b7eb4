//! Kills while telemarketers save results: what was answered stands, and a request that is sent again counts once.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, RwLock};
use std::time::{Duration, Instant};

use canvass::platform::clock;
use canvass::platform::error::AppError;
use canvass::schema::{answer, call, call_result, event, queue_entry};
use diesel::prelude::*;
use serde_json::{Value, json};

use super::{Place, Server, each_place, moments, pause};
use crate::app::{Answer, Client, is_full_load, opening};
use crate::calling::build::campaign;

const CLIENTS: usize = 8;

/// Where the server of the moment listens, and what it answered.
struct Desk {
    base: RwLock<String>,
    campaign: i64,
    entries: usize,
    results: AtomicUsize,
    accepted: Mutex<BTreeMap<String, i64>>,
    began: Instant,
}

impl Desk {
    /// Sends a request until somebody answers it, however many servers die over it.
    fn insist(&self, token: &str, path: &str, key: &str, body: &Value) -> Answer {
        loop {
            let base = self.base.read().expect("an address").clone();
            let client = Client::of_program(&base, token);
            match client.api_post_if_alive(path, key, body) {
                Some(answer) if answer.status < 500 => return answer,
                _ => std::thread::sleep(Duration::from_millis(25)),
            }
            assert!(
                self.began.elapsed() < Duration::from_secs(400),
                "nobody answers"
            );
        }
    }

    /// Takes entries and saves results, each request under a key of its own.
    fn work(&self, who: usize, token: &str) {
        let next = format!("/campaigns/{}/next", self.campaign);
        for n in 0.. {
            if self.results.load(Ordering::SeqCst) >= self.entries {
                return;
            }
            let lease = self.insist(token, &next, &format!("next-{who}-{n}"), &json!({}));
            if lease.status == 204 {
                std::thread::sleep(Duration::from_millis(50));
                continue;
            }
            let lease = lease.expect(200).json();
            let disposition = ["no_answer", "gatekeeper", "not_interested"][n % 3];
            let body = json!({ "lease": lease["lease"], "disposition": disposition, "reason": "已有供应商" });
            let key = format!("call-{who}-{n}");
            let saved = self.insist(token, "/calls", &key, &body).expect(201).json();
            let call = saved["call_id"].as_i64().expect("a call");
            self.accepted.lock().expect("a book").insert(key, call);
            self.results.fetch_add(1, Ordering::SeqCst);
        }
    }
}

/// So many companies by a list, each with a number of its own.
fn import(place: &Place, companies: usize) {
    let mut list = String::from("公司名称,城市,电话\n");
    for n in 0..companies {
        let number = 65_000_000 + n;
        writeln!(list, "苏州第{n}号机械有限公司,苏州,0512-{number}").expect("a row");
    }
    let file = place.folder.path().join("list.csv");
    std::fs::write(&file, list).expect("the list is written");
    let file = file.to_string_lossy().into_owned();
    place.run(&[
        "import",
        &file,
        "--channel",
        "TEL",
        "--source",
        "秋季名单",
        "--legal-ground",
        "card_exchange",
    ]);
}

fn prepare(place: &Place, entries: usize) -> (i64, Vec<String>) {
    let set = place
        .open()
        .write_blocking(|conn| Ok::<_, AppError>(clock::set(conn, opening(), false)?));
    set.expect("the clock is set");
    place.user("fang", "admin");
    import(place, entries);
    let manager = place.user("wang", "manager");
    let tokens = (0..CLIENTS)
        .map(|n| place.user(&format!("agent{n}"), "agent"))
        .collect();
    let server = Server::start(place);
    let (id, filled) = campaign(&Client::of_program(&server.base, &manager), "秋季回访");
    server.kill();
    assert_eq!(filled["added"], entries, "{filled}");
    (id, tokens)
}

#[test]
fn no_result_is_lost_or_counted_twice_when_the_server_dies_over_it() {
    each_place(|place| {
        let kills = moments(6);
        // Enough that the last kill comes before the last result.
        let entries = (kills + 1) * if is_full_load() { 300 } else { 150 };
        let (campaign, tokens) = prepare(place, entries);
        let mut server = Server::start(place);
        let desk = Desk {
            base: RwLock::new(server.base.clone()),
            campaign,
            entries,
            results: AtomicUsize::default(),
            accepted: Mutex::default(),
            began: Instant::now(),
        };
        let (server, hits) = std::thread::scope(|scope| {
            let mut hits = 0;
            for (who, token) in tokens.iter().enumerate() {
                let desk = &desk;
                scope.spawn(move || desk.work(who, token));
            }
            for n in 0..kills {
                let moment = pause(200, 1_200);
                server.kill();
                let so_far = desk.results.load(Ordering::SeqCst);
                eprintln!(
                    "{:?}: kill {n} after {moment:?}, {so_far} of {entries} results",
                    place.backend
                );
                hits += usize::from(so_far < entries);
                server = Server::start(place);
                desk.base
                    .write()
                    .expect("an address")
                    .clone_from(&server.base);
            }
            (server, hits)
        });
        server.kill();
        assert!(hits > 0, "a kill fell into the middle");
        let accepted = desk.accepted.into_inner().expect("a book");
        nothing_lost_nothing_twice(place, campaign, &accepted);
        place.is_sound();
        eprintln!(
            "{:?}: {} results over {kills} kills",
            place.backend,
            accepted.len()
        );
    });
}

fn nothing_lost_nothing_twice(place: &Place, campaign: i64, accepted: &BTreeMap<String, i64>) {
    type Kept = (i64, Option<i64>, Option<i64>);
    let read = place.open().read_blocking(|conn| {
        let calls: Vec<Kept> = call::table
            .filter(call::campaign_id.eq(campaign))
            .select((call::id, call::entry_id, call::result_id))
            .load(conn)?;
        let versions: Vec<i64> = call_result::table.select(call_result::call_id).load(conn)?;
        let events: Vec<Option<i64>> = event::table
            .filter(event::kind.eq("call.recorded"))
            .select(event::object_id)
            .load(conn)?;
        let open: i64 = queue_entry::table
            .filter(queue_entry::state.eq_any(["ready", "leased"]))
            .count()
            .get_result(conn)?;
        let answers: Vec<(String, i32)> = answer::table
            .filter(answer::idem_key.like("call-%"))
            .select((answer::idem_key, answer::status))
            .load(conn)?;
        Ok::<_, AppError>((calls, versions, events, open, answers))
    });
    let (calls, versions, events, open, answers) = read.expect("read");
    let answered: BTreeSet<i64> = accepted.values().copied().collect();
    assert_eq!(
        answered.len(),
        accepted.len(),
        "each key has a call of its own"
    );
    let kept: BTreeSet<i64> = calls.iter().map(|(id, ..)| *id).collect();
    assert_eq!(kept, answered, "what was answered is what is there");
    assert!(calls.iter().all(|(_, _, result)| result.is_some()));
    let entries: BTreeSet<Option<i64>> = calls.iter().map(|(_, entry, _)| *entry).collect();
    assert_eq!(entries.len(), calls.len(), "every entry was called once");
    assert_eq!(versions.len(), calls.len(), "every call has one result");
    assert_eq!(events.len(), calls.len(), "every result was told once");
    assert_eq!(open, 0, "every entry has moved");
    let keys: BTreeSet<String> = answers
        .into_iter()
        .filter(|(_, status)| *status == 201)
        .map(|(key, _)| key)
        .collect();
    let sent: BTreeSet<String> = accepted.keys().cloned().collect();
    assert_eq!(keys, sent, "every key has its answer");
}
