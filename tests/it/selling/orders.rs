//! Whatever happens in whatever order, a company has one open hand-over at most, and every invariant holds.

use canvass::flows::merge_companies::{merge, unmerge};
use canvass::platform::db::Backend;
use canvass::platform::error::AppError;
use canvass::qualifying::Grade;
use canvass::selling::actions::{self, book};
use canvass::selling::jobs;
use chrono::TimeDelta;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use super::build::{invariants_hold, suzhou, territory, tick, try_open};
use crate::app::{Client, TestApp};
use crate::postgres;

/// Sequences of events, and how long each is.
const SEQUENCES: u64 = 6;
const EVENTS: usize = 40;

struct World {
    app: TestApp,
    manager: Client,
    agent: Client,
    reps: Vec<Client>,
    companies: Vec<i64>,
    handovers: Vec<i64>,
    merges: Vec<i64>,
}

impl World {
    fn new(backend: Backend) -> Self {
        let app = TestApp::on(backend);
        let (manager, agent) = (app.user("gu", "manager"), app.user("lin", "agent"));
        let marketing = app.user("shen", "marketing");
        let reps: Vec<Client> = ["xu", "zhou", "he"]
            .map(|name| app.user(name, "rep"))
            .to_vec();
        territory(&app, &manager, &reps[0], &["320500"], &[]);
        territory(&app, &manager, &reps[1], &["320500"], &[]);
        territory(&app, &manager, &reps[2], &["320000"], &[]);
        let companies = (1..=4)
            .map(|n| suzhou(&marketing, &format!("苏州砚川{n}机械有限公司"), n))
            .collect();
        Self {
            app,
            manager,
            agent,
            reps,
            companies,
            handovers: Vec::new(),
            merges: Vec::new(),
        }
    }

    /// One event; what is refused is refused in words and changes nothing.
    fn step(&mut self, dice: &mut StdRng) -> String {
        let company = self.companies[dice.random_range(0..self.companies.len())];
        let rep = self.reps[dice.random_range(0..self.reps.len())].clone();
        let handover = match self.handovers.len() {
            0 => 0,
            n => self.handovers[dice.random_range(0..n)],
        };
        let now = self.app.now();
        let db = self.app.db.clone();
        let manager = self.manager.actor.clone();
        let (what, outcome): (String, Result<(), AppError>) = match dice.random_range(0..16) {
            0 | 1 => {
                let opened = try_open(&self.app, &self.agent, company, Grade::A);
                if let Ok(id) = &opened {
                    self.handovers.push(*id);
                }
                (format!("open {company}"), opened.map(|_| ()))
            }
            2 | 3 => (
                format!("accept {handover} by {}", rep.actor.name),
                db.write_blocking(move |conn| {
                    let book = book(conn)?;
                    actions::accept(conn, now, &rep.actor, &book, handover).map(|_| ())
                }),
            ),
            4 => (
                format!("reject {handover} by {}", rep.actor.name),
                db.write_blocking(move |conn| {
                    let book = book(conn)?;
                    actions::reject(conn, now, &rep.actor, &book, handover, "不合适").map(|_| ())
                }),
            ),
            5 | 6 => {
                let hours = dice.random_range(1..60);
                self.app.advance(TimeDelta::hours(hours));
                tick(&self.app);
                (format!("{hours} hours"), Ok(()))
            }
            7 => {
                let other = self.companies[dice.random_range(0..self.companies.len())];
                let actor = self.manager.actor.clone();
                let joined =
                    db.write_blocking(move |conn| merge(conn, now, &actor, company, other, None));
                if let Ok(id) = &joined {
                    self.merges.push(*id);
                }
                (format!("merge {company} into {other}"), joined.map(|_| ()))
            }
            8 => match self.merges.pop() {
                None => ("nothing".into(), Ok(())),
                Some(id) => {
                    let actor = self.manager.actor.clone();
                    let parted =
                        db.write_blocking(move |conn| unmerge(conn, now, &actor, id).map(|_| ()));
                    (format!("unmerge {id}"), parted)
                }
            },
            9 => (
                format!("release {company}"),
                db.write_blocking(move |conn| {
                    let book = book(conn)?;
                    actions::release(conn, now, &rep.actor, &book, company, "不跟了")
                }),
            ),
            10 => (
                format!("{company} is given to {}", rep.actor.name),
                db.write_blocking(move |conn| {
                    let book = book(conn)?;
                    actions::give(conn, now, &manager, &book, company, rep.actor.id())
                }),
            ),
            11 => (
                format!("{} registers {company}", rep.actor.name),
                db.write_blocking(move |conn| {
                    let book = book(conn)?;
                    actions::register(conn, now, &rep.actor, &book, company, "ERP").map(|_| ())
                }),
            ),
            12 => {
                let place = ["320500", "320000", "310000"][dice.random_range(0..3)];
                territory(&self.app, &self.manager, &rep, &[place], &[]);
                (format!("{} gets {place}", rep.actor.name), Ok(()))
            }
            13 => {
                let deputy = self.reps[dice.random_range(0..self.reps.len())].actor.id();
                let (from, to) = (now.date(), now.date() + TimeDelta::days(3));
                (
                    format!("{} is on leave, {deputy} stands in", rep.actor.name),
                    db.write_blocking(move |conn| {
                        let days = (from, to);
                        let away = rep.actor.id();
                        actions::send_on_leave(conn, now, &manager, away, Some(deputy), days)
                            .map(|_| ())
                    }),
                )
            }
            14 => {
                jobs::tidy(&self.app.db).expect("it tidies");
                ("a look at what is idle".into(), Ok(()))
            }
            _ => (
                format!("claim {company} by {}", rep.actor.name),
                db.write_blocking(move |conn| {
                    let book = book(conn)?;
                    actions::claim(conn, now, &rep.actor, &book, company).map(|_| ())
                }),
            ),
        };
        if let Err(error) = outcome {
            assert!(error.refusal().is_some(), "{what}: {error}");
            return format!("{what} (refused: {error})");
        }
        what
    }
}

#[test]
fn one_open_hand_over_whatever_the_order_of_events() {
    let is_there = postgres::is_available();
    for seed in 0..SEQUENCES {
        let backend = match seed % 3 == 2 && is_there {
            true => Backend::Postgres,
            false => Backend::Sqlite,
        };
        let mut dice = StdRng::seed_from_u64(seed);
        let mut world = World::new(backend);
        let mut told = Vec::new();
        for _ in 0..EVENTS {
            told.push(world.step(&mut dice));
            invariants_hold(&world.app, &format!("seed {seed}: {}", told.join(", ")));
        }
    }
}
