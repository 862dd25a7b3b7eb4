//! Lists in and out again: the same file twice, undo, corrections, restarts, several nodes at once.

use canvass::accounts::Actor;
use canvass::flows::import_job::rehearse;
use canvass::flows::receive_file::{confirm, receive_file};
use canvass::intake::actions as intake;
use canvass::intake::model::{BatchKind, Figures, NewBatch, NewSource, ReadOptions, Source};
use canvass::platform::clock;
use canvass::platform::db::{Backend, Conn, Db};
use canvass::platform::error::AppError;
use canvass::registry::actions as registry;
use canvass::registry::model::{
    Company, Contact, ContactPoint, Field, NewSaid, Person, Record, Said,
};
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
    fn batch(&self, file_name: &str) -> NewBatch {
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

fn state(app: &TestApp, batch: i64) -> String {
    app.read(|conn| Ok(intake::batch(conn, batch)?.0.state))
}

fn undo(app: &TestApp, batch: i64) {
    app.write(move |conn| {
        let now = clock::now(conn)?;
        intake::ask_undo(conn, now, &Actor::system(), batch)
    });
    app.run_jobs();
    assert_eq!(state(app, batch), "undone");
}

/// Everything that a person would call data, as text; batches, raw rows, logs and jobs are left out.
fn dump(app: &TestApp) -> Vec<String> {
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

fn companies(app: &TestApp) -> i64 {
    count(app, |conn| {
        s::company::table
            .filter(s::company::merged_into.is_null())
            .count()
            .get_result(conn)
    })
}

fn company_named(app: &TestApp, name: &str) -> Company {
    app.read(|conn| {
        Ok(s::company::table
            .filter(s::company::name.eq(name))
            .select(Company::as_select())
            .first(conn)?)
    })
}

const THREE: &str = "公司,城市,联系人,手机,电话,员工人数\n\
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
fn an_undone_import_leaves_everything_as_before() {
    each_backend(|app| {
        EXPO.import(app, THREE);
        let before = dump(app);
        let other = List {
            source: "电话名录",
            channel: "TEL",
            ground: Some("public_source"),
            collected_on: "2026-09-10",
            ..EXPO
        };
        let batch = other.import(
            app,
            "公司,城市,联系人,手机,员工人数\n\
             苏州宏远机械有限公司,苏州,王小明,13812340001,500\n\
             苏州宏远机械有限公司,苏州,周杰,13812340077,\n\
             常州立新化工有限公司,常州,钱进,13812340088,20\n",
        );
        assert_ne!(dump(app), before);
        undo(app, batch);
        let after: Vec<String> = dump(app)
            .into_iter()
            .filter(|line| !line.contains("电话名录"))
            .collect();
        assert_eq!(after, before);
        assert_eq!(figures(app, batch).companies_removed, 1);
    });
}

#[test]
fn a_row_that_two_imports_carry_lives_while_one_of_them_does() {
    each_backend(|app| {
        let first = EXPO.import(app, THREE);
        let second = EXPO.import(app, THREE);
        let ids = |app: &TestApp| {
            app.read(|conn| {
                Ok(s::record::table
                    .select((s::record::id, s::record::batch_id))
                    .order(s::record::id)
                    .load::<(i64, Option<i64>)>(conn)?)
            })
        };
        undo(app, first);
        assert_eq!(companies(app), 2);
        assert!(ids(app).iter().all(|(_, batch)| *batch == Some(second)));
        undo(app, second);
        assert_eq!(companies(app), 0);
        assert_eq!(ids(app), []);
    });
}

#[test]
fn an_undo_keeps_what_somebody_worked_on() {
    each_backend(|app| {
        let batch = EXPO.import(app, THREE);
        let company = company_named(app, "无锡德昌电子有限公司").id;
        app.write(move |conn| {
            let now = clock::now(conn)?;
            let said = Said::new().with(Field::Headcount, 95);
            registry::say(conn, now, &Actor::system(), NewSaid::edit(company, said))
        });
        undo(app, batch);
        assert_eq!(companies(app), 1);
        let kept = company_named(app, "无锡德昌电子有限公司");
        assert_eq!(kept.headcount, Some(95));
        assert_eq!(kept.flags & 64, 64, "marked");
        assert_eq!(figures(app, batch).kept, [company]);
    });
}

#[test]
fn a_hand_edit_survives_the_next_import() {
    each_backend(|app| {
        EXPO.import(app, THREE);
        let company = company_named(app, "苏州宏远机械有限公司").id;
        let record = app.write(move |conn| {
            let now = clock::now(conn)?;
            let said = Said::new()
                .with(Field::Headcount, 410)
                .with(Field::Address, serde_json::Value::Null);
            registry::say(conn, now, &Actor::system(), NewSaid::edit(company, said))
        });
        let customers = List {
            source: "老客户",
            channel: "OWN",
            kind: BatchKind::Customers,
            collected_on: "2026-09-20",
            ..EXPO
        };
        customers.import(
            app,
            "公司,城市,员工人数,地址\n苏州宏远机械有限公司,苏州,999,苏州工业园区星湖街1号\n",
        );
        let now = company_named(app, "苏州宏远机械有限公司");
        assert_eq!((now.headcount, now.address.as_deref()), (Some(410), None));
        assert_eq!(now.state, "customer");
        app.write(move |conn| {
            let now = clock::now(conn)?;
            registry::withdraw(conn, now, &Actor::system(), record)
        });
        let now = company_named(app, "苏州宏远机械有限公司");
        assert_eq!(
            now.headcount,
            Some(999),
            "own customers come before an expo"
        );
        assert_eq!(now.address.as_deref(), Some("苏州工业园区星湖街1号"));
    });
}

#[test]
fn a_correction_replaces_the_wrong_row_and_its_undo_brings_it_back() {
    each_backend(|app| {
        let first = EXPO.import(app, THREE);
        let before = dump(app);
        let correction = List {
            correction_of: Some(first),
            ..EXPO
        };
        let batch = correction.import(
            app,
            &THREE
                .replace("13912340003", "13912340033")
                .replace(",80", ",88"),
        );
        let found = figures(app, batch);
        assert_eq!((found.rows_known, found.rows_corrected), (3, 1));
        assert_eq!(
            company_named(app, "无锡德昌电子有限公司").headcount,
            Some(88)
        );
        assert_eq!(companies(app), 2);
        let mobiles = app.read(|conn| {
            Ok(s::contact_point::table
                .filter(s::contact_point::value.like("+861391234%"))
                .select(s::contact_point::value)
                .load::<String>(conn)?)
        });
        assert_eq!(mobiles, ["+8613912340033"]);
        undo(app, batch);
        let after = dump(app);
        let point_ids = |lines: &[String]| {
            lines
                .iter()
                .filter(|line| !line.starts_with("ContactPoint"))
                .cloned()
                .collect::<Vec<_>>()
        };
        assert_eq!(point_ids(&after), point_ids(&before));
        assert_eq!(after.len(), before.len());
    });
}

#[test]
fn rows_read_anew_by_another_mapping_replace_their_first_reading() {
    each_backend(|app| {
        EXPO.import(app, THREE);
        let mut remap = List {
            remap: true,
            ..EXPO
        }
        .batch("list.csv");
        remap.options.mapping =
            canvass::intake::Mapping::from_json(r#"{"员工人数": "ignore"}"#).ok();
        let batch =
            receive_file(&app.db, &Actor::system(), remap, THREE.as_bytes()).expect("stored");
        confirm(&app.db, &Actor::system(), batch.id).expect("queued");
        app.run_jobs();
        assert_eq!(figures(app, batch.id).rows_corrected, 2);
        assert_eq!(company_named(app, "苏州宏远机械有限公司").headcount, None);
        assert_eq!(companies(app), 2);
        undo(app, batch.id);
        assert_eq!(
            company_named(app, "苏州宏远机械有限公司").headcount,
            Some(320)
        );
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
fn a_cancelled_import_stops_and_can_be_taken_back() {
    each_backend(|app| {
        let batch = EXPO.send(app, THREE);
        app.write(move |conn| {
            let now = clock::now(conn)?;
            intake::ask_cancel(conn, now, &Actor::system(), batch)
        });
        app.run_jobs();
        assert_eq!(state(app, batch), "cancelled");
        assert_eq!(companies(app), 0);
        undo(app, batch);
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
