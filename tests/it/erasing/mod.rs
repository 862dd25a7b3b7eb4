//! Erasing a person: nothing that names them is left anywhere, and what they refused holds all the same.

mod again;
mod left;
mod letters;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use canvass::consent::{NewOrigin, Subject, Ways, suppressed_ways};
use canvass::flows::{self, check, merge_companies};
use canvass::platform::clock;
use canvass::platform::db::Db;
use canvass::platform::error::AppResult;
use canvass::platform::jobs::{self, JobKind, Kinds, Running, Step};
use canvass::schema as s;
use chrono::TimeDelta;
use diesel::prelude::*;
use serde_json::json;

use crate::app::{Client, TestApp, each_backend};
use crate::check::hold;
use crate::intake::{EXPO, List, company_named, undo};
use left::{NAMES, assert_gone, everything};

const FAIR: &str = "公司,城市,联系人,职务,手机,邮箱,微信,备注\n\
    苏州砚川精密机械有限公司,苏州,陈砚秋,信息部主任,13862170417,chen.yanqiu@yanchuan.example,yanqiu-0417,陈砚秋下周在会场\n\
    苏州砚川精密机械有限公司,苏州,吴明远,,13862170418,,,\n\
    无锡德昌电子有限公司,无锡,赵强,,13912345613,,,德昌也找 138 6217 0417 问过\n";
const MOBILE: &str = "+8613862170417";
const MAIL: &str = "chen.yanqiu@yanchuan.example";

/// The list, and the id of whom the tests erase.
fn listed(app: &TestApp) -> (i64, i64) {
    app.user("boss", "admin");
    let batch = EXPO.import(app, FAIR);
    (batch, person_with(app, MOBILE).expect("the person"))
}

fn person_with(app: &TestApp, mobile: &'static str) -> Option<i64> {
    app.read(|conn| {
        Ok(s::person::table
            .filter(s::person::mobile.eq(mobile))
            .select(s::person::id)
            .first(conn)
            .optional()?)
    })
}

/// Erases through the page, and lets the walk come to its end.
fn erase(app: &TestApp, manager: &Client, person: i64, ground: &str) {
    ask(manager, person, ground);
    app.run_jobs();
}

fn ask(manager: &Client, person: i64, ground: &str) {
    let fields = [("ground", ground), ("confirm", "陈砚秋")];
    let path = format!("/persons/{person}/erase");
    manager.post(&path, &fields).expect(303);
}

fn ways(app: &TestApp, subject: &Subject) -> Ways {
    let found = app.read(|conn| suppressed_ways(conn, std::slice::from_ref(subject)));
    found.get(subject).copied().unwrap_or_default()
}

#[test]
fn the_page_says_what_goes_and_takes_a_reason_and_the_name() {
    each_backend(|app| {
        let (_, person) = listed(app);
        let manager = app.user("wang", "manager");
        let company = company_named(app, "苏州砚川精密机械有限公司").id;
        let path = format!("/persons/{person}/erase");
        let seen = manager
            .get(&format!("/companies/{company}"))
            .expect(200)
            .body;
        assert!(seen.contains(&path));
        let page = manager.get(&path).expect(200).body;
        for text in [
            "陈砚秋",
            "138****0417",
            "What goes",
            "What stays",
            "article 47",
            "Type: 陈砚秋",
        ] {
            assert!(page.contains(text), "{text}: {page}");
        }
        assert!(!page.contains("13862170417") && !page.contains("6217 0417"));
        for fields in [
            [("ground", ""), ("confirm", "陈砚秋")],
            [("ground", "asked"), ("confirm", "陈砚")],
        ] {
            let again = manager.post(&path, &fields).expect(422).body;
            assert!(again.contains("nothing was erased"), "{again}");
        }
        assert_eq!(person_with(app, MOBILE), Some(person));
        for (who, status) in [("agent", 403), ("marketing", 403), ("rep", 403)] {
            let stranger = app.user(who, who);
            stranger.get(&path).expect(status);
            let fields = [("ground", "asked"), ("confirm", "陈砚秋")];
            stranger.post(&path, &fields).expect(status);
            let seen = stranger.get(&format!("/companies/{company}")).body;
            assert!(!seen.contains(&path), "{who}");
        }
        erase(app, &manager, person, "asked");
        assert_eq!(manager.get(&path).expect(409).status, 409);
        for (page, text) in [
            ("/suppressions".to_owned(), ">Erased person<"),
            (
                format!("/persons/{person}/mail"),
                "Letters to Erased person",
            ),
        ] {
            let seen = manager.get(&page).expect(200).body;
            assert!(seen.contains(text), "{page}: {seen}");
        }
        let seen = manager
            .get(&format!("/companies/{company}"))
            .expect(200)
            .body;
        assert!(!seen.contains("陈砚秋") && seen.contains("吴明远"));
        let log = app.read(|conn| {
            Ok(s::change_log::table
                .filter(s::change_log::verb.eq("erase"))
                .select((s::change_log::object_id, s::change_log::fields))
                .load::<(Option<i64>, Option<String>)>(conn)?)
        });
        assert_eq!(log, [(Some(person), None)]);
    });
}

#[test]
fn nothing_of_an_erased_person_is_left_anywhere() {
    each_backend(|app| {
        let (_, person) = listed(app);
        let manager = app.user("wang", "manager");
        let company = company_named(app, "苏州砚川精密机械有限公司").id;
        let rang = json!({
            "company": company, "phone": MOBILE, "direction": "in", "disposition": "send_info",
            "note": "陈砚秋说 138-6217-0417 打不通，写到 Chen.Yanqiu@yanchuan.example",
        });
        manager.api_post("/calls", &rang).expect(201);
        let hand = NewOrigin::hand(app.now(), Some("陈砚秋本人说的".into()));
        refuse(app, Subject::number(MOBILE), hand);
        left::write_everywhere(app, company, person);
        let before = everything(app);
        for name in NAMES {
            assert!(before.contains(name), "{name} is there before");
        }
        erase(app, &manager, person, "asked");
        assert_gone(app);
        let after = everything(app);
        for stays in ["吴明远", "13862170418", "苏州砚川精密机械有限公司", "赵强"]
        {
            assert!(after.contains(stays), "{stays}");
        }
        hold(app, &check::invariants());
        // Asked once more, it is over.
        let ended = app.read(|conn| {
            Ok(s::erasure::table
                .filter(s::erasure::ended_at.is_not_null())
                .filter(s::erasure::sought.is_null())
                .count()
                .get_result::<i64>(conn)?)
        });
        assert_eq!(ended, 1);
    });
}

fn refuse(app: &TestApp, subject: Subject, origin: NewOrigin) {
    app.write(move |conn| {
        let now = clock::now(conn)?;
        let actor = canvass::accounts::Actor::system();
        flows::suppress::suppress(conn, now, &actor, &subject, Ways::CALL, &origin)
    });
}

/// The same person on another list.
const AGAIN: &str = "公司,城市,联系人,手机,邮箱\n\
    杭州新巷软件有限公司,杭州,陈砚秋,13862170417,chen.yanqiu@yanchuan.example\n";
const OTHER: List<'static> = List {
    source: "杭州软件展 2026",
    ..EXPO
};

#[test]
fn who_asked_to_be_erased_is_not_reached_by_another_list() {
    each_backend(|app| {
        let (_, person) = listed(app);
        let manager = app.user("wang", "manager");
        let (number, mail) = (Subject::number(MOBILE), Subject::email(MAIL));
        erase(app, &manager, person, "asked");
        assert_eq!(ways(app, &number), Ways::ALL);
        OTHER.import(app, AGAIN);
        let anew = person_with(app, MOBILE).expect("a new entry");
        assert_ne!(anew, person);
        for subject in [&number, &mail] {
            assert_eq!(ways(app, subject), Ways::ALL, "{subject:?}");
        }
        let found = manager.get("/suppressions?q=13862170417").expect(200).body;
        assert!(found.contains("Erased person"), "{found}");
        let company = company_named(app, "杭州新巷软件有限公司").id;
        let page = manager
            .get(&format!("/companies/{company}"))
            .expect(200)
            .body;
        assert!(
            page.contains("/suppressions/"),
            "the page names the refusal"
        );
        hold(app, &check::invariants());
    });
}

#[test]
fn an_earlier_refusal_outlives_an_erasure_for_another_reason_and_no_new_one_comes() {
    each_backend(|app| {
        let (_, person) = listed(app);
        let manager = app.user("wang", "manager");
        let (number, mail) = (Subject::number(MOBILE), Subject::email(MAIL));
        refuse(app, number.clone(), NewOrigin::hand(app.now(), None));
        erase(app, &manager, person, "ended");
        assert_gone(app);
        OTHER.import(app, AGAIN);
        assert_eq!(ways(app, &number), Ways::CALL);
        assert_eq!(ways(app, &mail), Ways::NONE);
        assert_eq!(ways(app, &Subject::person(person)), Ways::ALL);
        hold(app, &check::invariants());
    });
}

/// The same list without the row in which somebody else names the number.
fn own_rows() -> String {
    FAIR.lines()
        .take(3)
        .map(|line| format!("{line}\n"))
        .collect()
}

#[test]
fn the_same_list_again_and_its_undo_bring_nobody_back() {
    each_backend(|app| {
        app.user("boss", "admin");
        let list = own_rows();
        let batch = EXPO.import(app, &list);
        let person = person_with(app, MOBILE).expect("the person");
        let manager = app.user("wang", "manager");
        erase(app, &manager, person, "mistake");
        EXPO.import(app, &list);
        assert_gone(app);
        hold(app, &check::invariants());
        undo(app, batch);
        assert_gone(app);
        hold(app, &check::invariants());
    });
}

#[test]
fn whoever_was_joined_is_erased_along_and_stays_so_when_parted() {
    each_backend(|app| {
        listed(app);
        OTHER.import(
            app,
            "公司,城市,联系人,手机\n苏州砚川机械设备有限公司,苏州,陈砚秋,13862170417\n",
        );
        let manager = app.user("wang", "manager");
        let one = company_named(app, "苏州砚川精密机械有限公司").id;
        let two = company_named(app, "苏州砚川机械设备有限公司").id;
        let merge = app.write(move |conn| {
            let now = clock::now(conn)?;
            let actor = canvass::accounts::Actor::system();
            merge_companies::merge(conn, now, &actor, two, one, None)
        });
        let person = person_with(app, MOBILE).expect("the person");
        erase(app, &manager, person, "ended");
        app.write(move |conn| {
            let now = clock::now(conn)?;
            let actor = canvass::accounts::Actor::system();
            merge_companies::unmerge(conn, now, &actor, merge).map(drop)
        });
        app.run_jobs();
        assert_gone(app);
        hold(app, &check::invariants());
    });
}

fn is_through(app: &TestApp) -> bool {
    let waiting = app.read(|conn| {
        Ok(s::erasure::table
            .filter(s::erasure::ended_at.is_null())
            .count()
            .get_result::<i64>(conn)?)
    });
    waiting == 0
}

#[test]
fn an_erasure_waits_for_the_import_that_needs_its_file() {
    each_backend(|app| {
        let (batch, person) = listed(app);
        let manager = app.user("wang", "manager");
        let set = |state: &'static str| {
            app.write(move |conn| {
                diesel::update(s::batch::table.find(batch))
                    .set(s::batch::state.eq(state))
                    .execute(conn)?;
                Ok(())
            });
        };
        set("running");
        erase(app, &manager, person, "asked");
        assert!(!is_through(app));
        assert!(everything(app).contains("13862170417"), "its file is there");
        set("done");
        flows::upkeep::ask(&app.db).expect("asked again");
        app.advance(TimeDelta::minutes(2));
        app.run_jobs();
        assert!(is_through(app));
        assert_gone(app);
    });
}

/// A worker that is killed after so many steps.
struct Killed {
    kinds: Kinds,
    left: AtomicUsize,
    stop: Arc<AtomicBool>,
}

impl Killed {
    fn kind(&self) -> &dyn JobKind {
        let found = self.kinds.iter().find(|kind| kind.name() == "erase");
        found.expect("the kind").as_ref()
    }
}

impl JobKind for Killed {
    fn name(&self) -> &'static str {
        "erase"
    }
    fn chunk(&self, db: &Db, job: &Running) -> AppResult<Step> {
        let step = self.kind().chunk(db, job)?;
        if self.left.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.stop.store(true, Ordering::Relaxed);
        }
        Ok(step)
    }
    fn cancel(&self, db: &Db, job: &Running) -> AppResult<()> {
        self.kind().cancel(db, job)
    }
    fn give_up(&self, db: &Db, job: &Running, error: &str) -> AppResult<()> {
        self.kind().give_up(db, job, error)
    }
}

#[test]
fn a_walk_that_is_killed_goes_on_where_it_was() {
    each_backend(|app| {
        let (_, person) = listed(app);
        let manager = app.user("wang", "manager");
        left::write_everywhere(
            app,
            company_named(app, "苏州砚川精密机械有限公司").id,
            person,
        );
        ask(&manager, person, "asked");
        assert_eq!(
            person_with(app, MOBILE),
            None,
            "the person is empty at once"
        );
        for steps in [1, 3, 9] {
            let stop = Arc::new(AtomicBool::new(false));
            let killed = Killed {
                kinds: flows::job_kinds(),
                left: AtomicUsize::new(steps),
                stop: stop.clone(),
            };
            let kinds: Kinds = Arc::new(vec![Box::new(killed)]);
            assert!(jobs::run_next(&app.db, &kinds, None, &stop).expect("it begins"));
            app.write(jobs::recover);
        }
        app.run_jobs();
        assert_gone(app);
        hold(app, &check::invariants());
    });
}
