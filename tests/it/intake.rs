//! Lists in and out again: the same file twice, what is refused, several nodes at once.

use canvass::accounts::Actor;
use canvass::flows::import_job::rehearse;
use canvass::flows::receive_file::{confirm, receive_file};
use canvass::intake::actions as intake;
use canvass::intake::model::{BatchKind, Figures, NewBatch, NewSource, ReadOptions, Source};
use canvass::platform::clock;
use canvass::platform::db::{Backend, Conn, Db};
use canvass::platform::error::AppError;
use canvass::registry::model::{Company, Contact, ContactPoint, Person, Record};
use canvass::schema as s;
use diesel::prelude::*;

use crate::app::{TestApp, each_backend};

/// A list of a source, as somebody would import it.
pub struct List<'a> {
    pub channel: &'a str,
    pub source: &'a str,
    pub kind: BatchKind,
    pub ground: Option<&'a str>,
    pub collected_on: &'a str,
    pub correction_of: Option<i64>,
    pub remap: bool,
}

pub const EXPO: List<'static> = List {
    channel: "EXPO",
    source: "苏州工业展 2026",
    kind: BatchKind::Leads,
    ground: Some("card_exchange"),
    collected_on: "2026-09-01",
    correction_of: None,
    remap: false,
};

impl List<'_> {
    pub fn batch(&self, file_name: &str) -> NewBatch {
        NewBatch {
            source: NewSource {
                channel: self.channel.into(),
                name: self.source.into(),
                ground: self.ground.map(str::to_owned),
                ..NewSource::default()
            },
            kind: self.kind,
            file_name: file_name.into(),
            options: ReadOptions {
                remap: self.remap,
                ..ReadOptions::default()
            },
            collected_on: self.collected_on.parse().ok(),
            correction_of: self.correction_of,
        }
    }

    /// Stores a file and asks for its import.
    pub fn send(&self, app: &TestApp, csv: &str) -> i64 {
        self.send_to(&app.db, csv)
    }

    /// [`List::send`], without a server.
    pub fn send_to(&self, db: &Db, csv: &str) -> i64 {
        let batch = receive_file(db, &Actor::system(), self.batch("list.csv"), csv.as_bytes())
            .expect("the file is stored");
        confirm(db, &Actor::system(), batch.id).expect("the import is queued");
        batch.id
    }

    /// Imports a file to its end.
    pub fn import(&self, app: &TestApp, csv: &str) -> i64 {
        let batch = self.send(app, csv);
        app.run_jobs();
        batch
    }
}

pub fn figures(app: &TestApp, batch: i64) -> Figures {
    app.read(|conn| Ok(intake::batch(conn, batch)?.0.figures()))
}

pub fn state(app: &TestApp, batch: i64) -> String {
    app.read(|conn| Ok(intake::batch(conn, batch)?.0.state))
}

pub fn undo(app: &TestApp, batch: i64) {
    app.write(move |conn| {
        let now = clock::now(conn)?;
        intake::ask_undo(conn, now, &Actor::system(), batch)
    });
    app.run_jobs();
    assert_eq!(state(app, batch), "undone");
}

/// Everything that a person would call data, as text; batches, raw rows, logs and jobs are left out.
pub fn dump(app: &TestApp) -> Vec<String> {
    dump_of(&app.db)
}

/// [`dump`], without a server.
pub fn dump_of(db: &Db) -> Vec<String> {
    let lines = db.read_blocking(|conn| {
        let mut lines = Vec::new();
        macro_rules! all {
            ($table:ident, $model:ty) => {
                let rows = s::$table::table
                    .select(<$model>::as_select())
                    .order(s::$table::id)
                    .load::<$model>(conn)?;
                lines.extend(rows.iter().map(|row| format!("{row:?}")));
            };
        }
        all!(company, Company);
        all!(person, Person);
        all!(contact, Contact);
        all!(contact_point, ContactPoint);
        all!(record, Record);
        all!(source, Source);
        let carried = s::record_batch::table
            .order((s::record_batch::batch_id, s::record_batch::row_no))
            .load::<(i64, i32, i32, i64)>(conn)?;
        lines.extend(carried.iter().map(|row| format!("{row:?}")));
        let silenced = s::suppression::table
            .filter(s::suppression::ways.gt(0))
            .select(s::suppression::subject)
            .order(s::suppression::subject)
            .load::<String>(conn)?;
        lines.extend(silenced);
        Ok::<_, AppError>(lines)
    });
    lines.expect("the read works")
}

fn count(app: &TestApp, what: impl FnOnce(&mut Conn) -> QueryResult<i64>) -> i64 {
    app.read(|conn| Ok(what(conn)?))
}

pub fn companies(app: &TestApp) -> i64 {
    count(app, |conn| {
        s::company::table
            .filter(s::company::merged_into.is_null())
            .count()
            .get_result(conn)
    })
}

pub fn company_named(app: &TestApp, name: &str) -> Company {
    app.read(|conn| {
        Ok(s::company::table
            .filter(s::company::name.eq(name))
            .select(Company::as_select())
            .first(conn)?)
    })
}

pub const THREE: &str = "公司,城市,联系人,手机,电话,员工人数\n\
    苏州宏远机械有限公司,苏州,王小明,13812340001,0512-65801234转801,320\n\
    苏州宏远机械有限公司,苏州,李芳,13812340002,,\n\
    无锡德昌电子有限公司,无锡,赵强,13912340003,0510-85551234,80\n\
    ,无锡,无名,,,\n\
    苏州宏远机械有限公司,苏州,王小明,13812340001,,\n";

#[test]
fn a_list_becomes_companies_contacts_and_numbers() {
    each_backend(|app| {
        let batch = EXPO.import(app, THREE);
        let found = figures(app, batch);
        assert_eq!(state(app, batch), "done");
        assert_eq!(
            (found.rows_total, found.rows_valid, found.rows_rejected),
            (5, 4, 1)
        );
        assert_eq!((found.companies_new, found.contacts_new), (2, 3));
        assert_eq!(found.reasons.get("duplicate_in_file"), Some(&1));
        let company = company_named(app, "苏州宏远机械有限公司");
        assert_eq!(company.headcount, Some(320));
        assert_eq!(company.size_class, Some(4));
        assert_eq!(company.channels, 8);
        assert_eq!(company.flags & 3, 3, "a good number, with a ground");
        assert!(company.completeness > 30, "{}", company.completeness);
        let records = count(app, |conn| s::record::table.count().get_result(conn));
        assert_eq!(records, 4, "one record a valid row");
    });
}

#[test]
fn the_dry_run_says_what_the_run_does() {
    each_backend(|app| {
        EXPO.import(app, "公司,手机\n苏州宏远机械有限公司,13812340009\n");
        let draft = receive_file(
            &app.db,
            &Actor::system(),
            EXPO.batch("list.csv"),
            THREE.as_bytes(),
        )
        .expect("stored");
        let source = app.read(|conn| Ok(intake::batch(conn, draft.id)?.1));
        let before = dump(app);
        let (_, said) = rehearse(&app.db, &THREE.as_bytes().to_vec(), draft.clone(), source)
            .expect("rehearsed");
        assert_eq!(dump(app), before, "a rehearsal writes nothing");
        confirm(&app.db, &Actor::system(), draft.id).expect("queued");
        app.run_jobs();
        let done = figures(app, draft.id);
        assert_eq!(
            Figures {
                seconds: 0.0,
                ..said
            },
            Figures {
                seconds: 0.0,
                ..done
            }
        );
    });
}

#[test]
fn the_same_file_again_adds_nothing() {
    each_backend(|app| {
        EXPO.import(app, THREE);
        let before = dump(app);
        let again = EXPO.import(app, THREE);
        assert_eq!(figures(app, again).rows_known, 4);
        assert_eq!(figures(app, again).companies_new, 0);
        let strip = |lines: Vec<String>| {
            lines
                .into_iter()
                .filter(|line| !line.starts_with('('))
                .collect::<Vec<_>>()
        };
        assert_eq!(strip(dump(app)), strip(before));
    });
}

#[test]
fn a_register_silences_numbers_and_its_undo_lets_them_speak() {
    each_backend(|app| {
        EXPO.import(app, THREE);
        let before = dump(app);
        let register = List {
            source: "拒接名单",
            channel: "TEL",
            kind: BatchKind::Suppressions,
            ground: None,
            ..EXPO
        };
        let batch = register.import(
            app,
            "号码,备注\n13812340001,投诉\n13812340002,\n13812340001,\n",
        );
        assert_eq!(figures(app, batch).suppressed, 2);
        assert!(dump(app).contains(&"+8613812340002".to_owned()));
        undo(app, batch);
        let after: Vec<String> = dump(app)
            .into_iter()
            .filter(|line| !line.contains("拒接名单"))
            .collect();
        assert_eq!(after, before);
    });
}

/// Two nodes are sent the same 500 leads at once: 500 companies, whoever comes first.
#[test]
fn two_nodes_with_the_same_leads_make_each_company_once() {
    each_backend(|app| {
        let rows: String = (0..500)
            .map(|n| format!("苏州第{n}号机械有限公司,苏州,王{n},138{:08}\n", 10_000 + n))
            .collect();
        let csv = format!("公司,城市,联系人,手机\n{rows}");
        let other = List {
            source: "另一份名单",
            ..EXPO
        };
        let (first, second) = (EXPO.send(app, &csv), other.send(app, &csv));
        let node = (app.backend == Backend::Postgres).then(|| app.second_node());
        std::thread::scope(|scope| {
            scope.spawn(|| app.run_jobs());
            scope.spawn(|| node.as_ref().unwrap_or(app).run_jobs());
        });
        app.run_jobs();
        assert_eq!(
            (state(app, first), state(app, second)),
            ("done".into(), "done".into())
        );
        assert_eq!(companies(app), 500);
        let new = figures(app, first).companies_new + figures(app, second).companies_new;
        assert_eq!(new, 500);
        let persons = count(app, |conn| s::person::table.count().get_result(conn));
        assert_eq!(persons, 500);
    });
}

#[test]
fn a_file_that_is_no_list_is_refused_as_a_whole() {
    each_backend(|app| {
        let batch = receive_file(
            &app.db,
            &Actor::system(),
            EXPO.batch("photo.xlsx"),
            &b"PK\x03\x04 this is no workbook"[..],
        )
        .expect("stored");
        confirm(&app.db, &Actor::system(), batch.id).expect("queued");
        app.run_jobs();
        assert_eq!(state(app, batch.id), "failed");
        assert_eq!(
            figures(app, batch.id).reasons.get("unreadable_file"),
            Some(&1)
        );
        let rows = app.read(|conn| intake::report_after(conn, batch.id, (-1, -1)));
        let (_, rows) = rows.expect("one line");
        assert_eq!(
            (rows[0].outcome.row_no, rows[0].outcome_code()),
            (0, "rejected")
        );
    });
}

#[test]
fn companies_are_found_by_characters_initials_and_digits() {
    each_backend(|app| {
        EXPO.import(app, THREE);
        app.run_jobs();
        let company = company_named(app, "苏州宏远机械有限公司").id;
        for text in [
            "宏远",
            "宏遠機械",
            "hyjx",
            "szhy",
            "0001",
            "13812340001",
            "0512-6580",
            "王小明",
        ] {
            let found = app.read(|conn| canvass::registry::search::find(conn, text, 10));
            assert_eq!(found, [company], "{text}");
        }
        assert!(
            app.read(|conn| canvass::registry::search::find(conn, "不存在", 10))
                .is_empty()
        );
    });
}

#[test]
fn every_row_is_reported_with_its_record() {
    each_backend(|app| {
        let batch = EXPO.import(app, THREE);
        let (_, rows) = app
            .read(|conn| intake::report_after(conn, batch, (-1, -1)))
            .expect("a chunk");
        let told: Vec<(u64, &str, usize)> = rows
            .iter()
            .map(|row| (row.outcome.row_no, row.outcome_code(), row.phones().len()))
            .collect();
        assert_eq!(
            told,
            [
                (1, "skipped", 0),
                (2, "valid", 2),
                (3, "valid", 1),
                (4, "valid", 2),
                (5, "rejected", 0),
                (6, "valid", 1),
            ]
        );
        assert!(
            rows[1]
                .phones()
                .contains(&"+8651265801234;ext=801".to_owned())
        );
        assert_eq!(rows[1].company, rows[5].company);
        assert_eq!(rows[1].person, rows[5].person);
    });
}
