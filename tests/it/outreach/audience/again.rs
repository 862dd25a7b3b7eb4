//! Who must not get a letter any more when it is about to leave, by companies and persons that were merged since.

use std::collections::HashMap;

use canvass::outreach::actions::plan::since_planned;
use canvass::platform::clock;
use canvass::schema as s;
use chrono::{NaiveDateTime, TimeDelta};
use diesel::prelude::*;
use serde_json::{Value, json};

use super::{BCD, arrive, mailing, mid_autumn, run, somebody, touch, verdict};
use crate::app::{TestApp, each_backend};

/// Joins two companies, as a merge links them.
fn join_companies(app: &TestApp, from: i64, into: i64) {
    app.write(move |conn| {
        diesel::update(s::company::table.find(from))
            .set((
                s::company::merged_into.eq(Some(into)),
                s::company::root_id.eq(into),
            ))
            .execute(conn)?;
        diesel::update(s::company::table.find(into))
            .set(s::company::flags.eq(8))
            .execute(conn)?;
        note(conn, "company", from, into)
    });
}

/// The same of two persons.
fn join_persons(app: &TestApp, from: i64, into: i64) {
    app.write(move |conn| {
        diesel::update(s::person::table.find(from))
            .set((
                s::person::merged_into.eq(Some(into)),
                s::person::root_id.eq(into),
            ))
            .execute(conn)?;
        note(conn, "person", from, into)
    });
}

fn note(
    conn: &mut canvass::platform::db::Conn,
    kind: &'static str,
    from: i64,
    into: i64,
) -> canvass::platform::error::AppResult<()> {
    let now = clock::now(conn)?;
    diesel::insert_into(s::merge::table)
        .values((
            s::merge::kind.eq(kind),
            s::merge::from_id.eq(from),
            s::merge::into_id.eq(into),
            s::merge::at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

fn complain(app: &TestApp, company: i64) {
    app.write(move |conn| {
        let now = clock::now(conn)?;
        diesel::insert_into(s::task::table)
            .values((
                s::task::kind.eq("complaint"),
                s::task::company_id.eq(Some(company)),
                s::task::state.eq("open"),
                s::task::created_at.eq(now),
            ))
            .execute(conn)?;
        Ok(())
    });
}

/// The codes of why letters must not go any more, by person.
fn barred(app: &TestApp, mailing: i64) -> HashMap<i64, String> {
    let now = app.now();
    app.read(|conn| {
        let waiting: Vec<(i64, i64)> = s::delivery::table
            .filter(s::delivery::mailing_id.eq(mailing))
            .filter(s::delivery::state.eq("queued"))
            .select((s::delivery::id, s::delivery::person_id))
            .load(conn)?;
        let ids: Vec<i64> = waiting.iter().map(|(id, _)| *id).collect();
        let found = since_planned(conn, now, &ids)?.barred;
        let with_code = |(id, person): (i64, i64)| {
            let reason: Value = serde_json::from_str(found.get(&id)?).expect("JSON");
            Some((person, reason["code"].as_str()?.to_owned()))
        };
        Ok(waiting.into_iter().filter_map(with_code).collect())
    })
}

#[test]
fn what_a_merge_brings_along_counts_when_the_letter_is_about_to_leave() {
    each_backend(|app| {
        let (lin, zhao) = (app.user("lin", "rep"), app.user("zhao", "rep"));
        let (lin, zhao) = (lin.actor.id(), zhao.actor.id());
        let left_alone = somebody(1, "B").write(app).1;
        // Joined to a company that is no customer of ours; to one whose rep writes by hand; to one that stays as it is.
        let (to_e, to_a) = (somebody(2, "B").write(app), somebody(3, "C").write(app));
        let to_b = somebody(4, "C").write(app);
        let e = somebody(5, "E").write(app).0;
        let a = somebody(6, "A").owner(lin).write(app).0;
        let b = somebody(7, "B").write(app);
        // One that complained is joined, from either side.
        let (survives, goes) = (somebody(8, "B").write(app), somebody(9, "D").write(app));
        let (angry, furious) = (somebody(10, "B").write(app), somebody(11, "B").write(app));
        complain(app, angry.0);
        complain(app, furious.0);
        // The customer becomes one of a rep who wants none of these cards to go.
        let of_lin = somebody(12, "B").owner(lin).write(app);
        let of_zhao = somebody(13, "B").owner(zhao).email("").write(app).0;
        // The same by a hand-over, without any merge.
        let handed_on = somebody(16, "B").owner(lin).write(app);
        // Two who are one were met often enough together.
        let (rests, met) = (somebody(14, "C").write(app), somebody(15, "C").write(app));
        touch(app, met.1, met.0, 4, 2);
        let id = mid_autumn(app);
        run(app, id);
        assert_eq!(verdict(app, id, met.1), "capped");
        assert_eq!(barred(app, id), HashMap::new());
        app.write(move |conn| {
            diesel::insert_into(s::mailing_approval::table)
                .values((
                    s::mailing_approval::mailing_id.eq(id),
                    s::mailing_approval::user_id.eq(zhao),
                    s::mailing_approval::state.eq("declined"),
                ))
                .execute(conn)?;
            Ok(())
        });
        for (from, into) in [
            (to_e.0, e),
            (to_a.0, a),
            (to_b.0, b.0),
            (angry.0, survives.0),
            (goes.0, furious.0),
            (of_lin.0, of_zhao),
        ] {
            join_companies(app, from, into);
        }
        app.write(move |conn| {
            diesel::update(s::company::table.find(handed_on.0))
                .set(s::company::owner_id.eq(Some(zhao)))
                .execute(conn)?;
            Ok(())
        });
        join_persons(app, met.1, rests.1);
        let found = barred(app, id);
        let wanted = [
            (to_e.1, "other_grade"),
            (to_a.1, "by_hand"),
            (survives.1, "complaint"),
            (goes.1, "complaint"),
            (of_lin.1, "owner_declined"),
            (handed_on.1, "owner_declined"),
            (rests.1, "capped"),
        ];
        let wanted = wanted.map(|(person, code)| (person, code.to_owned()));
        assert_eq!(found, HashMap::from(wanted));
        assert!(!found.contains_key(&left_alone) && !found.contains_key(&b.1));
    });
}

/// Somebody approves a mailing, and its letters are due at an hour.
fn approve(app: &TestApp, id: i64, due_at: NaiveDateTime) {
    app.write(move |conn| {
        diesel::update(s::mailing::table.find(id))
            .set(s::mailing::state.eq("scheduled"))
            .execute(conn)?;
        diesel::update(s::delivery::table.filter(s::delivery::mailing_id.eq(id)))
            .set(s::delivery::due_at.eq(due_at))
            .execute(conn)?;
        Ok(())
    });
}

#[test]
fn of_two_letters_with_room_for_one_the_earlier_goes() {
    each_backend(|app| {
        let (company, person) = somebody(1, "B").write(app);
        touch(app, person, company, 4, 5);
        let first = mid_autumn(app);
        let second = mailing(
            app,
            "greeting",
            Some(("national_day", "2026-10-01")),
            json!({ "grades": BCD }),
        );
        for id in [first, second] {
            run(app, id);
            assert_eq!(verdict(app, id, person), "in");
        }
        // Five of six have arrived by now: there is room for one of the two that wait.
        touch(app, person, company, 1, 0);
        let soon = app.now() + TimeDelta::hours(1);
        let later = soon + TimeDelta::hours(1);
        let capped = || HashMap::from([(person, "capped".to_owned())]);
        // Due together, the one goes that was planned first.
        for (dues, goes, stays) in [
            ((soon, later), first, second),
            ((later, soon), second, first),
            ((soon, soon), first, second),
        ] {
            approve(app, first, dues.0);
            approve(app, second, dues.1);
            assert_eq!(barred(app, goes), HashMap::new(), "{dues:?}");
            assert_eq!(barred(app, stays), capped(), "{dues:?}");
        }
        // What is in somebody's hands already counts, whenever it was due.
        app.write(move |conn| {
            diesel::update(s::delivery::table.filter(s::delivery::mailing_id.eq(second)))
                .set(s::delivery::state.eq("claimed"))
                .execute(conn)?;
            Ok(())
        });
        assert_eq!(barred(app, first), capped());
    });
}

#[test]
fn news_that_came_into_a_shared_mailbox_holds_the_next_issue_back() {
    each_backend(|app| {
        somebody(1, "B").email("info@same.example").write(app);
        let second = somebody(2, "C").email("info@same.example").write(app).1;
        somebody(3, "C").write(app);
        // Two issues for different grades, decided before either went.
        let [of_b, of_c] =
            ["B", "C"].map(|grade| mailing(app, "news", None, json!({ "grades": [grade] })));
        run(app, of_b);
        run(app, of_c);
        assert_eq!(verdict(app, of_c, second), "in");
        assert_eq!(barred(app, of_c), HashMap::new());
        arrive(app, of_b);
        let too_soon = HashMap::from([(second, "news_too_soon".to_owned())]);
        assert_eq!(barred(app, of_c), too_soon);
    });
}
