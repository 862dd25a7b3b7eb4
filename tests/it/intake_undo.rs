//! Taking imports back and correcting them: what one row said goes, what somebody worked on stays.

use canvass::accounts::Actor;
use canvass::flows::receive_file::{confirm, receive_file};
use canvass::intake::actions as intake;
use canvass::intake::model::BatchKind;
use canvass::platform::clock;
use canvass::registry::actions as registry;
use canvass::registry::model::{Field, NewSaid, Said};
use canvass::schema as s;
use diesel::prelude::*;

use crate::app::{TestApp, each_backend};
use crate::intake::{EXPO, List, THREE, companies, company_named, dump, figures, state, undo};

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
