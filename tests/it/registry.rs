//! Companies and persons: saying and taking back, adding by hand, joining and parting.

use canvass::accounts::Actor;
use canvass::platform::clock;
use canvass::platform::db::Conn;
use canvass::registry::actions::{self as registry, Created, NewByHand};
use canvass::registry::model::{Company, ContactPoint, Field, NewSaid, Person, PointState, Said};
use canvass::schema as s;
use diesel::prelude::*;
use serde_json::json;

use crate::app::{TestApp, each_backend};
use crate::intake::{EXPO, List};

fn add(app: &TestApp, said: Said) -> Created {
    app.write(move |conn| {
        let now = clock::now(conn)?;
        let new = NewByHand {
            said,
            even_if_known: false,
        };
        registry::create_company_by_hand(conn, now, &Actor::system(), &new)
    })
}

fn company(app: &TestApp, id: i64) -> Company {
    app.read(|conn| Ok(load(conn, id)?))
}

fn load(conn: &mut Conn, id: i64) -> QueryResult<Company> {
    s::company::table
        .find(id)
        .select(Company::as_select())
        .first(conn)
}

fn hongyuan() -> Said {
    Said::new()
        .with(Field::Name, "苏州宏远机械有限公司")
        .with(Field::Region, "320500")
        .with(Field::PersonName, "王小明")
        .with(Field::Mobile, vec!["+8613812340001"])
}

#[test]
fn a_company_added_by_hand_is_not_added_twice() {
    each_backend(|app| {
        let Created::Made {
            company_id: Some(id),
            contact_id: Some(contact),
            ..
        } = add(app, hongyuan())
        else {
            panic!("made")
        };
        assert_eq!(
            add(app, hongyuan()),
            Created::Known {
                company_ids: vec![id]
            }
        );
        let made = company(app, id);
        assert_eq!(made.name, "苏州宏远机械有限公司");
        assert_eq!(made.flags & 1, 1);
        let again = app.write(move |conn| {
            let now = clock::now(conn)?;
            let said = Said::new()
                .with(Field::PersonName, "王小明")
                .with(Field::Title, "采购经理");
            registry::create_contact_by_hand(conn, now, &Actor::system(), Some(id), &said)
        });
        assert!(matches!(again, Created::Made { contact_id: Some(same), .. } if same == contact));
    });
}

#[test]
fn what_a_call_said_is_taken_back_with_its_number_states() {
    each_backend(|app| {
        let Created::Made {
            company_id: Some(id),
            contact_id: Some(contact),
            ..
        } = add(app, hongyuan())
        else {
            panic!("made")
        };
        let before = company(app, id);
        app.advance(chrono::TimeDelta::minutes(5));
        let record = app.write(move |conn| {
            let now = clock::now(conn)?;
            let said = Said::new()
                .with(Field::Headcount, 320)
                .with(Field::Role, "decider")
                .with(Field::Email, vec!["wang@hongyuan.cn"])
                .with(Field::PointStates, json!({"+8613812340001": "not_theirs"}));
            registry::say(
                conn,
                now,
                &Actor::system(),
                NewSaid::call(7, Some(id), Some(contact), said),
            )
        });
        let after = company(app, id);
        assert_eq!(after.headcount, Some(320));
        assert_eq!(after.flags & 1, 0, "no good number any more");
        let person =
            app.read(|conn| Ok(s::person::table.select(Person::as_select()).first(conn)?));
        assert_eq!(
            (person.mobile, person.email.as_deref()),
            (None, Some("wang@hongyuan.cn"))
        );
        app.write(move |conn| {
            let now = clock::now(conn)?;
            registry::withdraw(conn, now, &Actor::system(), record)
        });
        assert_eq!(company(app, id), before);
        let points = app.read(|conn| {
            Ok(s::contact_point::table
                .select(ContactPoint::as_select())
                .load(conn)?)
        });
        assert_eq!(points.len(), 1);
        assert_eq!(points[0].state(), PointState::Good);
    });
}

#[test]
fn not_theirs_survives_the_next_import() {
    each_backend(|app| {
        EXPO.import(
            app,
            "公司,城市,联系人,手机\n苏州宏远机械有限公司,苏州,王小明,13812340001\n",
        );
        let point = app.read(|conn| {
            Ok(s::contact_point::table
                .select(s::contact_point::id)
                .first::<i64>(conn)?)
        });
        app.write(move |conn| {
            let now = clock::now(conn)?;
            registry::set_point_state(conn, now, point, PointState::NotTheirs, None)
        });
        let other = List {
            source: "另一份名单",
            ..EXPO
        };
        other.import(
            app,
            "公司,城市,联系人,手机\n苏州宏远机械有限公司,苏州,王小明,13812340001\n",
        );
        let state = app.read(|conn| {
            Ok(s::contact_point::table
                .find(point)
                .select(s::contact_point::state)
                .first::<String>(conn)?)
        });
        assert_eq!(state, "not_theirs");
    });
}

#[test]
fn parted_companies_are_as_they_were() {
    each_backend(|app| {
        EXPO.import(
            app,
            "公司,城市,联系人,手机,员工人数\n\
             苏州宏远机械有限公司,苏州,王小明,13812340001,320\n\
             苏州鸿源机械有限公司,苏州,王小明,13812340001,200\n\
             苏州鸿源机械有限公司,苏州,李芳,13812340002,\n",
        );
        let all = || {
            app.read(|conn| {
                Ok(s::company::table
                    .select(Company::as_select())
                    .order(s::company::id)
                    .load::<Company>(conn)?)
            })
        };
        let persons = || {
            app.read(|conn| {
                Ok(s::person::table
                    .select(Person::as_select())
                    .order(s::person::id)
                    .load::<Person>(conn)?)
            })
        };
        let (before, people) = (all(), persons());
        assert_eq!(
            (before.len(), people.len()),
            (2, 2),
            "a shared mobile joins persons, never companies"
        );
        let (into, from) = (before[0].id, before[1].id);
        let merge = app.write(move |conn| {
            let now = clock::now(conn)?;
            registry::merge_companies(conn, now, &Actor::system(), from, into, None)
        });
        let joined = all();
        assert_eq!(
            (joined[1].root_id, joined[1].merged_into),
            (into, Some(into))
        );
        assert_eq!(joined[0].flags & 8, 8);
        assert_eq!(joined[0].headcount, Some(320), "the first row of the day");
        let group = app.read(|conn| registry::group_of(conn, into));
        assert_eq!(group, [into, from]);
        let found = app.read(|conn| canvass::registry::search::find(conn, "鸿源", 10));
        assert_eq!(found, [into], "found by the name of what was merged");
        app.write(move |conn| {
            let now = clock::now(conn)?;
            registry::unmerge(conn, now, &Actor::system(), merge)
        });
        assert_eq!(all(), before);
        assert_eq!(persons(), people);
        let found = app.read(|conn| canvass::registry::search::find(conn, "鸿源", 10));
        assert_eq!(found, [from]);
    });
}

#[test]
fn list_rows_since_a_merge_go_home_when_it_is_undone() {
    each_backend(|app| {
        EXPO.import(
            app,
            "公司,城市,联系人,手机\n苏州宏远机械有限公司,苏州,王小明,13812340001\n苏州鸿源机械有限公司,苏州,李芳,13812340002\n",
        );
        let ids = app.read(|conn| {
            Ok(s::company::table
                .select(s::company::id)
                .order(s::company::id)
                .load::<i64>(conn)?)
        });
        let (into, from) = (ids[0], ids[1]);
        let merge = app.write(move |conn| {
            let now = clock::now(conn)?;
            registry::merge_companies(conn, now, &Actor::system(), from, into, None)
        });
        app.advance(chrono::TimeDelta::hours(1));
        let other = List {
            source: "另一份名单",
            collected_on: "2026-09-20",
            ..EXPO
        };
        other.import(
            app,
            "公司,城市,联系人,手机,员工人数\n苏州鸿源机械有限公司,苏州,周杰,13812340003,70\n",
        );
        let rows = |id: i64| {
            app.read(|conn| {
                Ok(s::record::table
                    .filter(s::record::company_id.eq(id))
                    .count()
                    .get_result::<i64>(conn)?)
            })
        };
        let parted = app.write(move |conn| {
            let now = clock::now(conn)?;
            registry::unmerge(conn, now, &Actor::system(), merge)
        });
        assert_eq!(parted.stayed, Vec::<i64>::new());
        assert_eq!((rows(into), rows(from)), (1, 2));
        assert_eq!(
            (company(app, into).headcount, company(app, from).headcount),
            (None, Some(70))
        );
    });
}
