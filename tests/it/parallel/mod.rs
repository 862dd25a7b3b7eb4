//! Fifty telemarketers at once on every node there is: whatever they do, an entry, a number and a company are in one
//! hand at a time, and no result is lost. What happened is judged afterwards from what the database wrote down.

mod by_hand;
mod desk;
mod hands;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use canvass::calling::jobs::start_ticking;
use canvass::calling::rules::CallingRules;
use canvass::platform::db::Backend;
use canvass::platform::settings;

use self::desk::{Desk, work};
use self::hands::{Repeats, in_two_hands, in_two_hands_by_lease};
use crate::app::{Client, TestApp, each_backend, is_full_load};
use crate::calling::build::{Build, a_company, campaign, companies, invariants_hold};

const CLIENTS: usize = 50;
/// So many companies share one switchboard.
const SHARED_BY: usize = 5;

/// Two of five companies share a switchboard; of the others every second is called on the mobile of a person.
fn to_call(entries: usize) -> Vec<Build> {
    let company = |n: usize| {
        let build = a_company(&format!("苏州第{n}号机械有限公司"), n as u32).score((n % 7) as i32);
        match n % 5 {
            0 | 1 => build.phone(Some(&switchboard(n / (SHARED_BY * 5 / 2)))),
            2 | 3 => build,
            _ => build
                .phone(None)
                .contact(&format!("王{n}"), &format!("+8613{:09}", 800_010_000 + n)),
        }
    };
    (0..entries).map(company).collect()
}

fn switchboard(n: usize) -> String {
    format!("+86512{:08}", 66_000_000 + n)
}

/// The companies in a campaign that everybody calls for. Limits are so wide that no entry waits for one.
fn prepare(app: &TestApp, manager: &Client, entries: usize) -> i64 {
    app.write(|conn| {
        let now = canvass::platform::clock::now(conn)?;
        let mut rules = CallingRules::default();
        rules.limits.number_a_day = 1_000;
        rules.limits.number_in_days.dials = 1_000;
        rules.limits.number_gap_minutes = 0;
        settings::save(conn, &rules, 0, None, now)
    });
    companies(app, to_call(entries));
    let (id, filled) = campaign(manager, "秋季回访");
    assert_eq!(filled["added"], entries, "{filled}");
    id
}

/// What the same clients do on every node, with the queue's clock ticking on each.
fn everybody_at_once(nodes: &[&TestApp], agents: &[Client], each: impl Fn(&Client) + Sync) {
    let stop = Arc::new(AtomicBool::new(false));
    let ticking: Vec<_> = nodes
        .iter()
        .map(|node| start_ticking(&node.db, &stop))
        .collect();
    std::thread::scope(|scope| {
        for (n, agent) in agents.iter().enumerate() {
            let client = agent.at(nodes[n % nodes.len()]);
            let each = &each;
            scope.spawn(move || each(&client));
        }
    });
    stop.store(true, std::sync::atomic::Ordering::Relaxed);
    for thread in ticking {
        thread.join().expect("the queue's clock stops");
    }
}

fn agents(app: &TestApp) -> Vec<Client> {
    (0..CLIENTS)
        .map(|n| app.user(&format!("agent{n}"), "agent"))
        .collect()
}

#[test]
fn fifty_clients_never_have_the_same_in_hand_and_lose_no_result() {
    let entries = if is_full_load() { 5_000 } else { 1_000 };
    each_backend(|app| {
        let second = (app.backend == Backend::Postgres).then(|| app.second_node());
        let nodes: Vec<&TestApp> = std::iter::once(app).chain(second.as_ref()).collect();
        let (manager, agents) = (app.user("wang", "manager"), agents(app));
        let campaign = prepare(app, &manager, entries);
        let desk = Desk::new(campaign, entries);
        let began = Instant::now();
        everybody_at_once(&nodes, &agents, |agent| work(agent, &desk));
        let seconds = began.elapsed().as_secs_f64();
        desk.had_no_errors();
        let kept = desk.nothing_is_lost(app);
        let by_event = in_two_hands(app, campaign);
        let by_lease = in_two_hands_by_lease(app, campaign);
        eprintln!(
            "{:?}, {} node(s), {CLIENTS} clients: {kept} results of {entries} entries in {seconds:.1} s; \
             by event {by_event:?}; by lease {by_lease:?}",
            app.backend,
            nodes.len(),
        );
        assert_eq!((by_event.repeats(), by_lease.repeats()), (0, 0));
        assert!(
            by_event.hands > entries,
            "some went through more than one hand"
        );
        assert!(
            by_event.shared_numbers > 0,
            "some numbers belong to several companies"
        );
        invariants_hold(app);
    });
}

/// The same clients taking entries the way that comes to mind first: the check must see what goes wrong.
#[test]
fn the_same_check_sees_the_repeats_of_clients_that_look_first_and_write_later() {
    each_backend(|app| {
        let second = (app.backend == Backend::Postgres).then(|| app.second_node());
        let nodes: Vec<&TestApp> = std::iter::once(app).chain(second.as_ref()).collect();
        let (manager, agents) = (app.user("wang", "manager"), agents(app));
        let campaign = prepare(app, &manager, 300);
        let (n, nodes) = (std::sync::atomic::AtomicUsize::new(0), &nodes);
        everybody_at_once(nodes, &agents, |agent| {
            let node = nodes[n.fetch_add(1, std::sync::atomic::Ordering::Relaxed) % nodes.len()];
            by_hand::work(&node.db, agent, campaign);
        });
        let seen: Repeats = in_two_hands(app, campaign);
        eprintln!("{:?}, by hand: {seen:?}", app.backend);
        assert!(
            seen.entries > 0 && seen.numbers > 0 && seen.companies > 0,
            "{seen:?}"
        );
    });
}
