//! The day of a rep: what is to be done by its reason, the agenda, what a month holds.

use canvass::registry::actions::take_away;
use canvass::schema::{appointment, callback, company, contradiction};
use chrono::{NaiveDate, TimeDelta};
use diesel::prelude::*;

use super::build::lead;
use crate::app::{Client, TestApp, each_backend};

/// A company that a rep claimed, with a grade, the days since the last contact, and when they want to sign.
fn owned(
    app: &TestApp,
    rep: &Client,
    (name, n): (&str, u32),
    (grade, days, sign_by): (&'static str, i64, Option<NaiveDate>),
) -> i64 {
    let marketing = app.user(&format!("shen{n}"), "marketing");
    let root = lead(&marketing, name, "苏州", "通用设备", n);
    let now = app.now();
    app.write(move |conn| take_away(conn, now, root, true));
    rep.post("/pool/claim", &[("company", &root.to_string())])
        .expect(303);
    app.write(move |conn| {
        let touched = now - TimeDelta::days(days);
        let row = diesel::update(company::table.find(root));
        row.set((
            company::grade.eq(Some(grade)),
            company::grade_at.eq(Some(touched)),
            company::last_touch_at.eq(Some(touched)),
            company::sign_by.eq(sign_by),
        ))
        .execute(conn)?;
        Ok(())
    });
    root
}

#[test]
fn what_grows_old_and_what_was_promised_is_named_with_its_reason() {
    each_backend(|app| {
        let rep = app.user("xu", "rep");
        let day = |text: &str| text.parse::<NaiveDate>().expect("a date");
        let old = owned(app, &rep, ("上海弥禾医疗器械有限公司", 1), ("A", 29, None));
        owned(app, &rep, ("嘉兴楚漾包装有限公司", 2), ("B", 91, None));
        owned(
            app,
            &rep,
            ("苏州霁合模具有限公司", 3),
            ("B", 1, Some(day("2026-09-20"))),
        );
        owned(
            app,
            &rep,
            ("杭州澄岳仪表有限公司", 4),
            ("B", 1, Some(day("2026-09-25"))),
        );
        owned(
            app,
            &rep,
            ("太仓璟川汽配有限公司", 5),
            ("A", 13, Some(day("2026-12-25"))),
        );
        let (me, due) = (rep.actor.user_id, app.now() + TimeDelta::hours(2));
        app.write(move |conn| {
            let row = (
                callback::company_id.eq(Some(old)),
                callback::due_at.eq(due),
                callback::owner_id.eq(me),
                callback::fallback_at.eq(due),
                callback::state.eq("open"),
                callback::at.eq(due),
            );
            diesel::insert_into(callback::table)
                .values(row)
                .execute(conn)?;
            let row = (
                contradiction::company_id.eq(old),
                contradiction::code.eq("K02"),
                contradiction::level.eq("B"),
                contradiction::facts.eq("[]"),
                contradiction::facts_hash.eq(1_i64),
                contradiction::state.eq("open"),
                contradiction::rule_version.eq(0),
                contradiction::opened_at.eq(due),
            );
            diesel::insert_into(contradiction::table)
                .values(row)
                .execute(conn)?;
            Ok(())
        });
        let page = rep.get("/").expect(200).body;
        for said in [
            "29 days without a contact that counts; on ",
            "91 days without a contact that counts; grade C is proposed.",
            "They wanted to sign by ",
            ", in 3 days.",
            "Call back at",
            "In a hurry or an A, but nobody knows who decides. Ask:",
        ] {
            assert!(page.contains(said), "{said}: {page}");
        }
        let (_, promised) = page.split_once("todo-promised").expect("a group");
        let (promised, _) = promised.split_once("</section>").expect("its end");
        assert!(
            !promised.contains("太仓璟川"),
            "december is far: {promised}"
        );
        assert!(page.contains("5 together"), "{page}");
    });
}

#[test]
fn work_inside_the_house_is_planned_and_counted() {
    each_backend(|app| {
        let rep = app.user("xu", "rep");
        let fields = [
            ("note", "晨会"),
            ("day", "2026-09-22"),
            ("time", "09:00"),
            ("minutes", "240"),
        ];
        rep.post("/appointments", &fields).expect(303);
        let page = rep.get("/").expect(200).body;
        assert!(
            page.contains("晨会") && page.contains("<b>0.0</b>/2.0"),
            "{page}"
        );
        let id: i64 =
            app.read(|conn| Ok(appointment::table.select(appointment::id).first(conn)?));
        rep.post(&format!("/appointments/{id}"), &[("do", "done")])
            .expect(303);
        let page = rep.get("/").expect(200).body;
        assert!(page.contains("<b>0.5</b>/2.0"), "half a day: {page}");
        // What cannot be read is refused and changes nothing.
        rep.post("/appointments", &[("day", "tomorrow")])
            .expect(303);
        let n = app.read(|conn| Ok(appointment::table.count().get_result::<i64>(conn)?));
        assert_eq!(n, 1);
    });
}
