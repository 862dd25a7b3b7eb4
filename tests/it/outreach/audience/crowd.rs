//! So many people that they are looked at in chunks.

use canvass::outreach::actions::plan;
use canvass::platform::clock;
use canvass::registry::rules::hash::hash64;
use canvass::schema as s;
use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{dry_run, mid_autumn, run, verdict};
use crate::app::{TestApp, each_backend};

/// So many persons at companies of their own, in alternating grades; `i` and `i + half` share a mailbox.
fn crowd(app: &TestApp, many: i64, half: i64) {
    app.write(move |conn| {
        let numbers =
            format!("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {many})");
        for insert in [
            "INSERT INTO company (id, root_id, name, name_key, grade, region, state, winners, created_at) \
             SELECT i, i, '公司' || i, i, CASE i % 3 WHEN 0 THEN 'B' WHEN 1 THEN 'C' ELSE 'D' END, '320500', 'new', '[]', '2026-01-01 00:00:00' FROM n",
            "INSERT INTO person (id, root_id, name, ground, winners, created_at) \
             SELECT i, i, '陈' || i, 'consent', '[]', '2026-01-01 00:00:00' FROM n",
            "INSERT INTO contact (id, person_id, company_id, is_key, winners, created_at) \
             SELECT i, i, i, true, '[]', '2026-01-01 00:00:00' FROM n",
        ] {
            // PostgreSQL takes a text for an instant where it knows that it is one.
            let cast = insert.replace("'2026-01-01 00:00:00'", "CAST('2026-01-01 00:00:00' AS TIMESTAMP)");
            let sql = match conn {
                canvass::platform::db::Conn::Postgres(_) => cast,
                canvass::platform::db::Conn::Sqlite(_) => insert.to_owned(),
            };
            diesel::sql_query(format!("{numbers} {sql}")).execute(conn)?;
        }
        let ids: Vec<i64> = (1..=many).collect();
        for part in ids.chunks(2_000) {
            let rows: Vec<_> = part
                .iter()
                .map(|id| {
                    let address = format!("p{}@crowd.example", (id - 1) % half + 1);
                    (
                        s::contact_point::owner_kind.eq(2),
                        s::contact_point::owner_id.eq(*id),
                        s::contact_point::kind.eq("email"),
                        s::contact_point::value_key.eq(hash64(&address)),
                        s::contact_point::value.eq(address),
                        s::contact_point::state.eq("good"),
                        s::contact_point::inferred.eq(false),
                        s::contact_point::created_at.eq(NaiveDateTime::default()),
                    )
                })
                .collect();
            canvass::on_each!(conn => diesel::insert_into(s::contact_point::table)
                .values(&rows)
                .execute(conn))?;
        }
        Ok(())
    });
}

/// The dry run in chunks of another size.
fn in_chunks(app: &TestApp, id: i64, size: i64) -> (String, i64) {
    app.read(|conn| {
        let now = clock::now(conn)?;
        let terms = plan::Terms::of_id(conn, now, id)?;
        let mut progress = plan::Progress::begin(&terms, true);
        while !progress.is_done {
            progress = plan::look(conn, &terms, &progress, size)?.progress;
        }
        Ok((progress.digest, progress.figures.included))
    })
}

#[test]
fn it_does_not_matter_where_a_chunk_ends() {
    each_backend(|app| {
        let (many, half) = match crate::app::is_full_load() {
            true => (1_000_000, 500_000),
            false => (602, 301),
        };
        crowd(app, many, half);
        let id = mid_autumn(app);
        let began = std::time::Instant::now();
        let dry = dry_run(app, id);
        let looked = began.elapsed();
        assert_eq!(in_chunks(app, id, many / 16), dry);
        let began = std::time::Instant::now();
        assert_eq!(
            dry,
            (run(app, id), half),
            "one letter a mailbox, wherever the two stand"
        );
        eprintln!(
            "{:?}: {many} persons looked at in {looked:?}, planned in {:?}",
            app.backend,
            began.elapsed()
        );
        // Of two who share a mailbox the better grade gets the letter, of equals the first: 0 is B, 1 is C, 2 is D.
        let rank = |id: i64| (id % 3, id);
        let better = |a: i64, b: i64| if rank(b) < rank(a) { b } else { a };
        for one in [1, 2, 3, half - 1, half] {
            let other = one + half;
            let gets = better(one, other);
            assert_eq!(verdict(app, id, gets), "in", "{one} {other}");
            assert_eq!(
                verdict(app, id, one + other - gets),
                "same_mailbox",
                "{one} {other}"
            );
        }
        let figures: Vec<i64> = app.read(|conn| {
            Ok(s::delivery_figure::table
                .filter(s::delivery_figure::state.eq("queued"))
                .filter(s::delivery_figure::domain.eq("crowd.example"))
                .select(s::delivery_figure::n)
                .load(conn)?)
        });
        assert_eq!(figures.iter().sum::<i64>(), half);
    });
}
