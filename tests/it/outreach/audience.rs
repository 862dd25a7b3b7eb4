//! Who gets a letter and who does not, in a dry run and in the run, on both databases.

use canvass::accounts::Actor;
use canvass::consent::{self, NewOrigin, Subject, Ways};
use canvass::outreach::actions::cadence::{Touched, touched};
use canvass::outreach::actions::{mailings, plan};
use canvass::outreach::model::{Mailing, MailingKind};
use canvass::platform::clock;
use canvass::registry::rules::hash::hash64;
use canvass::schema as s;
use chrono::{NaiveDate, NaiveDateTime, TimeDelta};
use diesel::prelude::*;
use serde_json::{Value, json};

use crate::app::{TestApp, each_backend};
use crate::intake::{EXPO, List};

/// Somebody at a company of their own.
#[derive(Debug, Clone)]
pub struct Somebody {
    pub name: &'static str,
    pub email: String,
    pub grade: Option<&'static str>,
    pub ground: Option<&'static str>,
    pub region: &'static str,
    pub owner_id: Option<i64>,
}

/// Somebody in Suzhou who agreed to letters.
pub fn somebody(n: u32, grade: &'static str) -> Somebody {
    Somebody {
        name: "陈立群",
        email: format!("person{n}@company{n}.example"),
        grade: Some(grade),
        ground: Some("consent"),
        region: "320500",
        owner_id: None,
    }
}

impl Somebody {
    pub fn ground(mut self, ground: Option<&'static str>) -> Self {
        self.ground = ground;
        self
    }
    pub fn email(mut self, email: &str) -> Self {
        self.email = email.to_owned();
        self
    }
    pub fn name(mut self, name: &'static str) -> Self {
        self.name = name;
        self
    }
    pub fn region(mut self, region: &'static str) -> Self {
        self.region = region;
        self
    }
    pub fn owner(mut self, owner_id: i64) -> Self {
        self.owner_id = Some(owner_id);
        self
    }

    /// Writes company, person and mailbox; their ids.
    pub fn write(self, app: &TestApp) -> (i64, i64) {
        app.write(move |conn| {
            let now = clock::now(conn)?;
            let company = diesel::insert_into(s::company::table)
                .values((
                    s::company::root_id.eq(0_i64),
                    s::company::name.eq(format!("公司 {}", self.email)),
                    s::company::name_key.eq(hash64(&self.email)),
                    s::company::grade.eq(self.grade),
                    s::company::grade_at.eq(self.grade.map(|_| now)),
                    s::company::region.eq(Some(self.region)),
                    s::company::owner_id.eq(self.owner_id),
                    s::company::state.eq(if self.owner_id.is_some() {
                        "owned"
                    } else {
                        "new"
                    }),
                    s::company::winners.eq("[]"),
                    s::company::created_at.eq(now),
                ))
                .returning(s::company::id)
                .get_result::<i64>(conn)?;
            diesel::update(s::company::table.find(company))
                .set(s::company::root_id.eq(company))
                .execute(conn)?;
            let name = Some(self.name).filter(|name| !name.is_empty());
            let email = Some(self.email).filter(|email| !email.is_empty());
            let person = diesel::insert_into(s::person::table)
                .values((
                    s::person::root_id.eq(0_i64),
                    s::person::name.eq(name),
                    s::person::email.eq(&email),
                    s::person::ground.eq(self.ground),
                    s::person::winners.eq("[]"),
                    s::person::created_at.eq(now),
                ))
                .returning(s::person::id)
                .get_result::<i64>(conn)?;
            diesel::update(s::person::table.find(person))
                .set(s::person::root_id.eq(person))
                .execute(conn)?;
            works_at(conn, now, person, company)?;
            if let Some(email) = email {
                diesel::insert_into(s::contact_point::table)
                    .values((
                        s::contact_point::owner_kind.eq(2),
                        s::contact_point::owner_id.eq(person),
                        s::contact_point::kind.eq("email"),
                        s::contact_point::value_key.eq(hash64(&email)),
                        s::contact_point::value.eq(email),
                        s::contact_point::state.eq("good"),
                        s::contact_point::inferred.eq(false),
                        s::contact_point::created_at.eq(now),
                    ))
                    .execute(conn)?;
            }
            Ok((company, person))
        })
    }
}

fn works_at(
    conn: &mut canvass::platform::db::Conn,
    now: NaiveDateTime,
    person: i64,
    company: i64,
) -> QueryResult<usize> {
    diesel::insert_into(s::contact::table)
        .values((
            s::contact::person_id.eq(person),
            s::contact::company_id.eq(Some(company)),
            s::contact::is_key.eq(true),
            s::contact::winners.eq("[]"),
            s::contact::created_at.eq(now),
        ))
        .execute(conn)
}

/// A mailing that waits for its audience, with `more` on top of its terms.
fn mailing(
    app: &TestApp,
    kind: &'static str,
    occasion: Option<(&'static str, &str)>,
    audience: Value,
) -> i64 {
    let on: Option<NaiveDate> = occasion.map(|(_, on)| on.parse().expect("a day"));
    let code = occasion.map(|(code, _)| code);
    app.write(move |conn| {
        let now = clock::now(conn)?;
        Ok(diesel::insert_into(s::mailing::table)
            .values((
                s::mailing::kind.eq(kind),
                s::mailing::occasion.eq(code),
                s::mailing::year.eq(code.map(|_| 2026)),
                s::mailing::occasion_on.eq(on),
                s::mailing::name.eq("一次寄送"),
                s::mailing::letter_code.eq("mid_autumn"),
                s::mailing::letter_versions.eq("{}"),
                s::mailing::audience.eq(audience.to_string()),
                s::mailing::rule_versions.eq("{}"),
                s::mailing::state.eq("planning"),
                s::mailing::created_at.eq(now),
                s::mailing::changed_at.eq(now),
            ))
            .returning(s::mailing::id)
            .get_result::<i64>(conn)?)
    })
}

const BCD: [&str; 3] = ["B", "C", "D"];

fn mid_autumn(app: &TestApp) -> i64 {
    mailing(
        app,
        "greeting",
        Some(("mid_autumn", "2026-09-25")),
        json!({ "grades": BCD }),
    )
}

fn news(app: &TestApp) -> i64 {
    mailing(app, "news", None, json!({ "grades": BCD }))
}

fn read_mailing(app: &TestApp, id: i64) -> Mailing {
    app.read(|conn| {
        Ok(s::mailing::table
            .find(id)
            .select(Mailing::as_select())
            .first(conn)?)
    })
}

/// Has the job decide everybody; the hash that it found.
fn run(app: &TestApp, id: i64) -> String {
    app.write(move |conn| {
        let now = clock::now(conn)?;
        diesel::update(s::mailing::table.find(id))
            .set(s::mailing::state.eq("draft"))
            .execute(conn)?;
        mailings::ask_plan(conn, now, &Actor::system(), id).map(drop)
    });
    app.run_jobs();
    let mailing = read_mailing(app, id);
    assert_eq!(mailing.state, "planned");
    mailing.audience_hash.expect("a hash")
}

/// What a dry run finds: its hash and how many are in.
fn dry_run(app: &TestApp, id: i64) -> (String, i64) {
    let mailing = read_mailing(app, id);
    let now = app.now();
    let seen = app.read(|conn| plan::preview(conn, now, &mailing));
    (seen.audience_hash, seen.figures.included)
}

/// `in`, or the code of the reason, of a person in a mailing.
fn verdict(app: &TestApp, mailing: i64, person: i64) -> String {
    let found: Option<(String, Option<String>)> = app.read(|conn| {
        Ok(s::delivery::table
            .filter(s::delivery::mailing_id.eq(mailing))
            .filter(s::delivery::person_id.eq(person))
            .select((s::delivery::state, s::delivery::reason))
            .first(conn)
            .optional()?)
    });
    let Some((state, reason)) = found else {
        return "nowhere".into();
    };
    let reason: Value = serde_json::from_str(&reason.expect("a reason")).expect("JSON");
    let code = reason["code"].as_str().expect("a code").to_owned();
    assert_eq!(state == "queued", code == "in", "{state} {code}");
    code
}

fn touch(app: &TestApp, person: i64, company: i64, times: usize, days_ago: i64) {
    app.write(move |conn| {
        let at = clock::now(conn)? - TimeDelta::days(days_ago);
        let one = Touched {
            kind: MailingKind::News,
            person_id: person,
            company_id: Some(company),
            delivery_id: 1,
            at,
        };
        touched(conn, &vec![one; times])
    });
}

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
        let figures: Vec<(String, i64)> = app.read(|conn| {
            Ok(s::delivery_figure::table
                .order(s::delivery_figure::state)
                .select((s::delivery_figure::state, s::delivery_figure::n))
                .load(conn)?)
        });
        assert_eq!(
            figures,
            [("left_out".to_owned(), 1), ("queued".to_owned(), 1)]
        );
    });
}

#[test]
fn caps_count_what_arrived_and_what_waits() {
    each_backend(|app| {
        let c = somebody(1, "C").write(app);
        let long_ago = somebody(2, "C").write(app);
        let d = somebody(3, "D").write(app);
        touch(app, c.1, c.0, 4, 20);
        touch(app, long_ago.1, long_ago.0, 4, 40);
        touch(app, d.1, d.0, 1, 3);
        let id = mid_autumn(app);
        run(app, id);
        assert_eq!(verdict(app, id, c.1), "capped");
        assert_eq!(verdict(app, id, long_ago.1), "in");
        assert_eq!(verdict(app, id, d.1), "in");
        // Approved, the greeting that waits counts as well: a second letter would be D's third.
        app.write(move |conn| {
            diesel::update(s::mailing::table.find(id))
                .set(s::mailing::state.eq("scheduled"))
                .execute(conn)?;
            Ok(())
        });
        let second = news(app);
        run(app, second);
        assert_eq!(verdict(app, second, d.1), "capped");
        assert_eq!(verdict(app, second, c.1), "capped");
        // Four touches of news 40 days ago are no reason: C reads news every 30 days.
        assert_eq!(verdict(app, second, long_ago.1), "in");
    });
}

#[test]
fn news_keeps_its_distance_and_asks_who_gave_a_card_only() {
    each_backend(|app| {
        let fresh = somebody(1, "B").write(app);
        let card = somebody(2, "B").ground(Some("card_exchange")).write(app).1;
        let old = somebody(3, "B").write(app);
        touch(app, fresh.1, fresh.0, 1, 5);
        touch(app, old.1, old.0, 1, 15);
        let id = news(app);
        run(app, id);
        assert_eq!(verdict(app, id, fresh.1), "news_too_soon");
        assert_eq!(verdict(app, id, card), "ask_first");
        assert_eq!(verdict(app, id, old.1), "in");
    });
}

#[test]
fn the_same_person_on_two_lists_gets_one_letter() {
    each_backend(|app| {
        let csv = "公司,城市,联系人,手机,邮箱\n\
            苏州宏远机械有限公司,苏州,王小明,13812340001,wangxm@hongyuan.example\n";
        EXPO.import(app, csv);
        let second = List {
            source: "昆山展会 2026",
            ..EXPO
        };
        second.import(app, csv);
        app.write(|conn| {
            diesel::update(s::company::table)
                .set(s::company::grade.eq(Some("B")))
                .execute(conn)?;
            Ok(())
        });
        let id = mid_autumn(app);
        run(app, id);
        let letters: Vec<(String, Option<String>)> = app.read(|conn| {
            Ok(s::delivery::table
                .select((s::delivery::state, s::delivery::address))
                .load(conn)?)
        });
        let mailbox = Some("wangxm@hongyuan.example".to_owned());
        assert_eq!(letters, [("queued".to_owned(), mailbox)]);
    });
}

#[test]
fn one_letter_a_mailbox_and_one_for_merged_persons() {
    each_backend(|app| {
        let d = somebody(1, "D").email("info@same.example").write(app).1;
        let b = somebody(2, "B").email("info@same.example").write(app).1;
        let late = somebody(3, "B").email("info@same.example").write(app).1;
        let root = somebody(4, "C").write(app);
        let merged = somebody(5, "C").write(app);
        app.write(move |conn| {
            diesel::update(s::person::table.find(merged.1))
                .set((
                    s::person::merged_into.eq(Some(root.1)),
                    s::person::root_id.eq(root.1),
                ))
                .execute(conn)?;
            Ok(())
        });
        // What arrived at the one that was merged away counts for the root.
        touch(app, merged.1, merged.0, 3, 2);
        touch(app, root.1, root.0, 1, 2);
        let id = mid_autumn(app);
        run(app, id);
        assert_eq!(verdict(app, id, b), "in");
        assert_eq!(verdict(app, id, d), "same_mailbox");
        assert_eq!(verdict(app, id, late), "same_mailbox");
        assert_eq!(verdict(app, id, root.1), "capped");
        assert_eq!(verdict(app, id, merged.1), "nowhere");
    });
}

#[test]
fn the_best_graded_company_counts_and_gives_zone_and_language() {
    each_backend(|app| {
        let (_, person) = somebody(1, "D").write(app);
        let (better, _) = somebody(2, "C").region("GB-LND").email("").write(app);
        app.write(move |conn| {
            let now = clock::now(conn)?;
            works_at(conn, now, person, better)?;
            Ok(())
        });
        let id = news(app);
        run(app, id);
        let (company, language, due): (Option<i64>, Option<String>, Option<NaiveDateTime>) = app
            .read(|conn| {
                Ok(s::delivery::table
                    .filter(s::delivery::person_id.eq(person))
                    .select((
                        s::delivery::company_id,
                        s::delivery::language,
                        s::delivery::due_at,
                    ))
                    .first(conn)?)
            });
        assert_eq!((company, language.as_deref()), (Some(better), Some("en")));
        // 03:00 in London: news waits for half past nine there.
        let due = due.expect("a moment").to_string();
        assert_eq!(due, "2026-09-22 08:30:00");
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
