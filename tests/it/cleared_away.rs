//! What the night clears away: raw rows that nobody needs any more, and figures in more rows than they need.

use canvass::accounts::Actor;
use canvass::flows::upkeep;
use canvass::intake::actions::{self as intake, ReportedRow};
use canvass::platform::clock;
use canvass::platform::db::Backend;
use canvass::schema::{call_figure, entry_figure};
use chrono::TimeDelta;
use diesel::prelude::*;
use serde_json::json;

use crate::app::{TestApp, each_backend};
use crate::calling::build::{a_company, call, campaign, companies, invariants_hold, next};
use crate::check;
use crate::intake::EXPO;

/// The next night, and all that it has to do.
fn sleep(app: &TestApp, days: i64) {
    upkeep::ask(&app.db).expect("the night is asked for");
    app.advance(TimeDelta::days(days));
    app.run_jobs();
}

/// The lines of an import as they are kept.
fn lines(app: &TestApp, batch: i64) -> Vec<String> {
    let rows = app.read(|conn| {
        let found: Option<(_, Vec<ReportedRow>)> = intake::report_after(conn, batch, (-1, -1))?;
        Ok(found.map(|(_, rows)| rows).unwrap_or_default())
    });
    rows.into_iter().map(|row| row.raw).collect()
}

#[test]
fn raw_rows_that_were_rejected_or_taken_back_are_dropped_after_half_a_year() {
    each_backend(|app| {
        let list = |name: &str, n: u32| {
            format!(
                "公司,城市,联系人,手机\n{name},苏州,王晓,139051200{n}\n无号机械有限公司,苏州,李默,\n"
            )
        };
        let stays = EXPO.import(app, &list("青禾机械有限公司", 11));
        let goes = EXPO.import(app, &list("白鹭电气有限公司", 12));
        sleep(app, 100);
        app.write(move |conn| {
            let now = clock::now(conn)?;
            intake::ask_undo(conn, now, &Actor::system(), goes)
        });
        app.run_jobs();
        assert!(lines(app, goes).iter().all(|line| !line.is_empty()));
        sleep(app, 81);
        let kept = lines(app, stays);
        assert!(
            kept[1].contains("青禾机械") && kept[2].is_empty(),
            "{kept:?}"
        );
        let kept = lines(app, goes);
        assert!(
            kept[1].contains("白鹭电气") && kept[2].is_empty(),
            "{kept:?}"
        );
        sleep(app, 100);
        assert!(lines(app, stays)[1].contains("青禾机械"));
        assert_eq!(lines(app, goes), ["", "", ""]);
        check::hold(app, canvass::intake::checks::INVARIANTS);
    });
}

#[test]
fn the_figures_of_a_campaign_are_those_of_its_queue_whoever_counted() {
    each_backend(|app| {
        let (manager, li) = (app.user("wang", "manager"), app.user("li", "agent"));
        let all = (1..=5).map(|n| a_company(&format!("宏远机械{n}厂"), n));
        companies(app, all.collect());
        let (id, _) = campaign(&manager, "秋季回访");
        for n in 0..2 {
            call(&li, id, ["no_answer", "no_need"][n], json!({}));
        }
        // Another node counts beside this one.
        let node = (app.backend == Backend::Postgres).then(|| app.second_node());
        let li = node.as_ref().map_or_else(|| li.clone(), |node| li.at(node));
        next(&li, id).expect("an entry");
        invariants_hold(app);
        let said = manager.api(&format!("/campaigns/{id}")).expect(200).json();
        assert_eq!(
            (&said["total"], &said["calls"], &said["entries"]["ready"]),
            (&json!(5), &json!(2), &json!(2))
        );
        sleep(app, 1);
        invariants_hold(app);
        let left: i64 = app.read(|conn| {
            let entries: i64 = entry_figure::table
                .filter(entry_figure::counter.ne(0))
                .count()
                .get_result(conn)?;
            let calls: i64 = call_figure::table
                .filter(call_figure::counter.ne(0).or(call_figure::n.eq(0)))
                .count()
                .get_result(conn)?;
            Ok(entries + calls)
        });
        assert_eq!(left, 0);
    });
}
