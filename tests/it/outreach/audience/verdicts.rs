//! Everybody is decided, told why, and explained by the same rules.

use std::collections::BTreeMap;

use canvass::accounts::Actor;
use canvass::consent::{self, NewOrigin, Subject, Ways};
use canvass::outreach::actions::plan;
use canvass::platform::clock;
use canvass::schema as s;
use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde_json::{Value, json};

use super::{BCD, Somebody, dry_run, mailing, mid_autumn, read_mailing, run, somebody, verdict};
use crate::app::each_backend;

#[test]
fn everybody_is_decided_and_told_why() {
    each_backend(|app| {
        let rep = app.user("lin", "rep").actor.id();
        let b = somebody(1, "B").owner(rep).write(app).1;
        let c = somebody(2, "C").ground(Some("card_exchange")).write(app).1;
        let d = somebody(3, "D").write(app).1;
        let a = somebody(4, "A").owner(rep).write(app).1;
        let e = somebody(5, "E").write(app).1;
        let bought = somebody(6, "B").ground(Some("public_source")).write(app).1;
        let unknown = somebody(7, "B").ground(None).write(app).1;
        let mute = somebody(8, "B").email("").write(app).1;
        let nameless = somebody(9, "B").name("").write(app).1;
        let (_, refused) = somebody(10, "B").write(app);
        let quoted = somebody(11, "B").owner(rep).write(app);
        let complained = somebody(12, "C").write(app);
        let ungraded = Somebody {
            grade: None,
            ..somebody(13, "B")
        }
        .write(app)
        .1;
        app.write(move |conn| {
            let now = clock::now(conn)?;
            let actor = Actor::system();
            let no = NewOrigin::hand(now, None);
            consent::suppress(
                conn,
                now,
                &actor,
                &Subject::person(refused),
                Ways::MAIL,
                &no,
            )?;
            let sale = diesel::insert_into(s::opportunity::table)
                .values((
                    s::opportunity::company_id.eq(quoted.0),
                    s::opportunity::rep_id.eq(rep),
                    s::opportunity::stage.eq("negotiation"),
                    s::opportunity::stage_at.eq(now),
                    s::opportunity::state.eq("open"),
                    s::opportunity::at.eq(now),
                ))
                .returning(s::opportunity::id)
                .get_result::<i64>(conn)?;
            diesel::insert_into(s::stage_change::table)
                .values((
                    s::stage_change::opportunity_id.eq(sale),
                    s::stage_change::stage.eq("quotation"),
                    s::stage_change::nth.eq(1),
                    s::stage_change::evidence.eq("{}"),
                    s::stage_change::at.eq(now),
                ))
                .execute(conn)?;
            diesel::update(s::company::table.find(quoted.0))
                .set(s::company::flags.eq(16))
                .execute(conn)?;
            diesel::insert_into(s::task::table)
                .values((
                    s::task::kind.eq("complaint"),
                    s::task::company_id.eq(Some(complained.0)),
                    s::task::state.eq("open"),
                    s::task::created_at.eq(now),
                ))
                .execute(conn)?;
            Ok(())
        });
        let id = mid_autumn(app);
        let dry = dry_run(app, id);
        let hash = run(app, id);
        assert_eq!(dry, (hash, 3), "the run finds what the dry run found");
        for (person, code) in [
            (b, "in"),
            (c, "in"),
            (d, "in"),
            (a, "by_hand"),
            (e, "other_grade"),
            (bought, "not_carried"),
            (unknown, "no_ground"),
            (mute, "no_address"),
            (nameless, "no_salutation"),
            (refused, "refused"),
            (quoted.1, "quotation"),
            (complained.1, "complaint"),
            (ungraded, "ungraded"),
        ] {
            assert_eq!(verdict(app, id, person), code, "{person}");
        }
        let figures: Value =
            serde_json::from_str(&read_mailing(app, id).figures.expect("figures")).expect("JSON");
        assert_eq!(figures["in"], 3);
        assert_eq!(figures["grades"], json!({ "B": 1, "C": 1, "D": 1 }));
        assert_eq!(figures["left_out"]["by_hand"], 1);
        assert_eq!(figures["missing"], json!({ "salutation": 1 }));
        // Thursday morning, the last working day before.
        let (due, until, owner): (NaiveDateTime, NaiveDateTime, Option<i64>) = app.read(|conn| {
            Ok(s::delivery::table
                .filter(s::delivery::person_id.eq(b))
                .select((
                    s::delivery::due_at.assume_not_null(),
                    s::delivery::until_at.assume_not_null(),
                    s::delivery::owner_id,
                ))
                .first(conn)?)
        });
        assert_eq!(due.to_string(), "2026-09-24 02:00:00");
        assert_eq!(until.to_string(), "2026-09-24 03:30:00");
        assert_eq!(owner, Some(rep));
    });
}

#[test]
fn d_gets_great_greetings_only() {
    each_backend(|app| {
        let (b, d) = (somebody(1, "B").write(app).1, somebody(2, "D").write(app).1);
        let great = mid_autumn(app);
        let small = mailing(
            app,
            "greeting",
            Some(("national_day", "2026-10-01")),
            json!({ "grades": BCD }),
        );
        run(app, great);
        run(app, small);
        assert_eq!(
            (verdict(app, great, b), verdict(app, great, d)),
            ("in".into(), "in".into())
        );
        assert_eq!(verdict(app, small, b), "in");
        assert_eq!(verdict(app, small, d), "great_only");
    });
}

#[test]
fn a_refusal_between_dry_run_and_run_counts_and_shows_in_the_hash() {
    each_backend(|app| {
        let (stays, goes) = (somebody(1, "B").write(app).1, somebody(2, "B").write(app).1);
        let id = mid_autumn(app);
        let (before, included) = dry_run(app, id);
        assert_eq!(included, 2);
        assert_eq!(run(app, id), before);
        assert_eq!(
            run(app, id),
            before,
            "planned again, everybody is in it once"
        );
        app.write(move |conn| {
            let now = clock::now(conn)?;
            let no = NewOrigin::hand(now, None);
            let mailbox = Subject::email("person2@company2.example");
            consent::suppress(conn, now, &Actor::system(), &mailbox, Ways::MAIL, &no).map(drop)
        });
        assert_ne!(run(app, id), before);
        assert_eq!(verdict(app, id, stays), "in");
        assert_eq!(verdict(app, id, goes), "silenced");
        let rows: i64 = app.read(|conn| Ok(s::delivery::table.count().get_result(conn)?));
        assert_eq!(rows, 2);
        let counted: Vec<(String, i64)> = app.read(|conn| {
            Ok(s::delivery_figure::table
                .select((s::delivery_figure::state, s::delivery_figure::n))
                .load(conn)?)
        });
        let mut figures: BTreeMap<String, i64> = BTreeMap::new();
        for (state, n) in counted {
            *figures.entry(state).or_insert(0) += n;
        }
        assert_eq!(
            figures,
            BTreeMap::from([("left_out".to_owned(), 1), ("queued".to_owned(), 1)])
        );
    });
}

#[test]
fn a_list_of_companies_bounds_who_is_considered() {
    each_backend(|app| {
        let inside = somebody(1, "B").write(app);
        let outside = somebody(2, "B").write(app).1;
        let audience = json!({ "grades": BCD, "companies": [inside.0] });
        let id = mailing(app, "news", None, audience);
        let dry = dry_run(app, id);
        assert_eq!(dry, (run(app, id), 1));
        assert_eq!(verdict(app, id, inside.1), "in");
        assert_eq!(verdict(app, id, outside), "nowhere");
        let audience = json!({ "grades": BCD, "filter": { "region": ["310000"] } });
        let id = mailing(app, "news", None, audience);
        assert_eq!(dry_run(app, id).1, 0);
    });
}

#[test]
fn one_person_is_explained_by_the_same_rules() {
    each_backend(|app| {
        let (_, bought) = somebody(1, "B")
            .ground(Some("public_source"))
            .name("")
            .write(app);
        let id = mid_autumn(app);
        let (mailing, now) = (read_mailing(app, id), app.now());
        let told = app.read(|conn| plan::explain(conn, now, &mailing, bought));
        let codes: Vec<&str> = told
            .expect("considered")
            .reasons
            .iter()
            .map(|reason| reason.code())
            .collect();
        assert_eq!(codes, ["not_carried", "no_salutation"]);
    });
}
