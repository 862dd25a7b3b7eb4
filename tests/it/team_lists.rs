//! What a manager's lists show in an office of two teams: what the reps of the own team have, and what nobody has.

use canvass::platform::error::AppError;
use canvass::qualifying::Grade;
use canvass::schema as s;
use chrono::TimeDelta;
use diesel::prelude::*;
use serde_json::json;

use crate::app::{Client, TestApp, each_backend};
use crate::calling::build::{a_company, campaign, companies, next};
use crate::selling::build::{lead, open, suzhou, tick};
use crate::teams::{put, team};

/// Wang leads the north, where Xu sells; Zhou the south, where He sells.
struct Teams {
    admin: Client,
    marketing: Client,
    wang: Client,
    zhou: Client,
    xu: Client,
    he: Client,
    north: i64,
}

fn teams(app: &TestApp) -> Teams {
    let admin = app.user("ou", "admin");
    let (north, south) = (team(app, &admin, "华北组"), team(app, &admin, "华南组"));
    let of = |name: &str, role: &str, team: i64| {
        let user = app.user(name, role);
        put(&admin, &user, role, team);
        user
    };
    Teams {
        marketing: app.user("shen", "marketing"),
        wang: of("wang", "manager", north),
        zhou: of("zhou", "manager", south),
        xu: of("xu", "rep", north),
        he: of("he", "rep", south),
        admin,
        north,
    }
}

const OF_XU: &str = "宏远机械";
const OF_HE: &str = "瑞通电子";
const OF_NOBODY: &str = "砚川模具";

/// A company of Xu, one of He, one of nobody.
fn three(app: &TestApp, teams: &Teams) -> Vec<i64> {
    let builds = [OF_XU, OF_HE, OF_NOBODY].iter().zip(1..);
    let builds = builds.map(|(name, n)| a_company(name, n).graded("B"));
    let ids = companies(app, builds.collect());
    for (id, rep) in ids.clone().into_iter().zip([&teams.xu, &teams.he]) {
        let owner = rep.actor.user_id;
        app.write(move |conn| {
            diesel::update(s::company::table.find(id))
                .set((
                    s::company::owner_id.eq(owner),
                    s::company::state.eq("owned"),
                ))
                .execute(conn)
                .map_err(AppError::from)
        });
    }
    ids
}

/// Each manager sees the own team's and what nobody has, a rep the own ones, an administrator nothing of it.
#[track_caller]
fn each_sees_the_own(teams: &Teams, path: &str) {
    for (manager, own, other) in [(&teams.wang, OF_XU, OF_HE), (&teams.zhou, OF_HE, OF_XU)] {
        let page = manager.get(path).expect(200).body;
        assert!(page.contains(own), "{path} {own}: {page}");
        assert!(page.contains(OF_NOBODY), "{path}: {page}");
        assert!(!page.contains(other), "{path} {other}: {page}");
    }
    let page = teams.xu.get(path).expect(200).body;
    assert!(page.contains(OF_XU) && !page.contains(OF_NOBODY) && !page.contains(OF_HE));
    teams.admin.get(path).expect(403);
}

#[test]
fn grades_wait_for_the_manager_of_the_team() {
    each_backend(|app| {
        let t = teams(app);
        let ids = three(app, &t);
        let now = app.now();
        let proposed: Vec<i64> = app.write(move |conn| {
            use s::grade_change as g;
            let rows: Vec<_> = ids
                .iter()
                .map(|id| {
                    (
                        g::company_id.eq(*id),
                        g::before.eq("B"),
                        g::proposed.eq("C"),
                        g::reasons.eq("{}"),
                        g::state.eq("proposed"),
                        g::kind.eq("expiry"),
                        g::at.eq(now),
                    )
                })
                .collect();
            for row in rows {
                diesel::insert_into(g::table).values(row).execute(conn)?;
            }
            Ok(g::table.order(g::id).select(g::id).load(conn)?)
        });
        each_sees_the_own(&t, "/grades");
        let answer = |user: &Client, what: &str, id: i64| {
            user.post("/grades", &[("do", &format!("{what}-{id}"))])
        };
        let (of_xu, of_he, of_nobody) = (proposed[0], proposed[1], proposed[2]);
        for (user, id) in [
            (&t.zhou, of_xu),
            (&t.wang, of_he),
            (&t.he, of_xu),
            (&t.xu, of_nobody),
        ] {
            let refused = answer(user, "accept", id).expect(403).body;
            assert!(
                refused.contains("another person or another team"),
                "{refused}"
            );
        }
        // One of another team among those that are ticked: none is answered.
        let (own, other) = (of_xu.to_string(), of_he.to_string());
        let ticked = [("do", "keep"), ("id", own.as_str()), ("id", other.as_str())];
        t.wang.post("/grades", &ticked).expect(403);
        answer(&t.wang, "accept", of_xu).expect(303);
        answer(&t.he, "keep", of_he).expect(303);
        answer(&t.zhou, "keep", of_nobody).expect(303);
        let states: Vec<String> = app.read(|conn| {
            use s::grade_change as g;
            let asked = g::table.filter(g::proposed.eq("C")).order(g::id);
            Ok(asked.limit(3).select(g::state).load(conn)?)
        });
        assert_eq!(states, ["accepted", "declined", "declined"]);
    });
}

#[test]
fn contradictions_are_listed_for_the_manager_of_the_team() {
    each_backend(|app| {
        let t = teams(app);
        let ids = three(app, &t);
        let now = app.now();
        app.write(move |conn| {
            use s::contradiction as k;
            for id in ids {
                let row = (
                    k::company_id.eq(id),
                    k::code.eq("K03"),
                    k::level.eq("W"),
                    k::facts.eq("[]"),
                    k::facts_hash.eq(id),
                    k::state.eq("open"),
                    k::rule_version.eq(0),
                    k::opened_at.eq(now),
                );
                diesel::insert_into(k::table).values(row).execute(conn)?;
            }
            Ok(())
        });
        each_sees_the_own(&t, "/contradictions");
    });
}

#[test]
fn hand_overs_are_the_managers_whose_rep_has_them() {
    each_backend(|app| {
        let t = teams(app);
        let agent = app.user("lin", "agent");
        let draw = |manager: &Client, rep: &Client, region: &str| {
            let user = rep.actor.id().to_string();
            manager.post("/territories", &[("user", &user), ("region", region)])
        };
        draw(&t.wang, &t.xu, "苏州").expect(303);
        let root = suzhou(&t.marketing, "苏州砚川精密机械有限公司", 1);
        let id = open(app, &agent, root, Grade::B);
        let sees = |manager: &Client| {
            let api = manager.api("/handovers").expect(200).body;
            let page = manager.get("/handovers").expect(200).body;
            let is_listed = page.contains("砚川精密");
            assert_eq!(api.contains("砚川精密"), is_listed, "{api}");
            let one = manager.get(&format!("/handovers/{id}")).status;
            assert_eq!(one, if is_listed { 200 } else { 404 });
            is_listed
        };
        assert!(sees(&t.wang));
        assert!(!sees(&t.zhou), "it is on offer to a rep of the north");
        let page = t.zhou.get("/handovers").expect(200).body;
        assert!(!page.contains("<small class=\"num\">1</small>"), "{page}");
        let give = |manager: &Client, rep: &Client| {
            let (company, rep) = (root.to_string(), rep.actor.id().to_string());
            manager.post("/handovers/give", &[("company", &company), ("rep", &rep)])
        };
        give(&t.zhou, &t.he).expect(403);
        give(&t.wang, &t.he).expect(403);
        // Where nobody draws, it is on every manager's list.
        let free = lead(&t.marketing, "无锡瑞通电子厂", "无锡", "通用设备", 2);
        open(app, &agent, free, Grade::B);
        for manager in [&t.wang, &t.zhou] {
            let page = manager.get("/handovers?state=with_manager").expect(200);
            assert!(page.body.contains("瑞通电子"), "{}", page.body);
        }
        let page = t.zhou.get("/handovers?state=with_manager").expect(200).body;
        let option = |rep: &Client| format!("<option value=\"{}\"", rep.actor.id());
        assert!(page.contains(&option(&t.he)) && !page.contains(&option(&t.xu)));
    });
}

#[test]
fn a_rep_who_is_late_is_told_of_to_the_own_manager() {
    each_backend(|app| {
        let t = teams(app);
        let agent = app.user("lin", "agent");
        let user = t.xu.actor.id().to_string();
        t.wang
            .post("/territories", &[("user", &user), ("region", "苏州")])
            .expect(303);
        let root = suzhou(&t.marketing, "苏州砚川精密机械有限公司", 1);
        let id = open(app, &agent, root, Grade::B);
        t.xu.api_post(&format!("/handovers/{id}/accept"), &json!({}))
            .expect(200);
        app.advance(TimeDelta::days(14));
        tick(app);
        let told: Vec<i64> = app.read(|conn| {
            let late = s::notice::table.filter(s::notice::kind.eq("contact_late"));
            let late = late.order(s::notice::user_id).select(s::notice::user_id);
            Ok(late.load(conn)?)
        });
        assert_eq!(told, [t.wang.actor.id(), t.xu.actor.id()]);
    });
}

#[test]
fn registrations_and_sales_are_the_own_teams() {
    each_backend(|app| {
        let t = teams(app);
        let ids = three(app, &t);
        for (id, rep, project) in [(ids[0], &t.xu, "北方一期"), (ids[1], &t.he, "南方一期")]
        {
            let path = format!("/companies/{id}/registration");
            rep.post(&path, &[("project", project)]).expect(303);
        }
        for (manager, own, other) in [
            (&t.wang, "北方一期", "南方一期"),
            (&t.zhou, "南方一期", "北方一期"),
        ] {
            let page = manager.get("/registrations").expect(200).body;
            assert!(page.contains(own) && !page.contains(other), "{page}");
        }
        let first: i64 = app.read(|conn| {
            let all = s::registration::table.order(s::registration::id);
            Ok(all.select(s::registration::id).first(conn)?)
        });
        let path = format!("/registrations/{first}/withdraw");
        t.zhou.post(&path, &[("reason", "不做了")]).expect(404);
        let release = format!("/companies/{}/release", ids[0]);
        t.zhou.post(&release, &[("reason", "不做了")]).expect(404);
        t.wang.post(&path, &[("reason", "不做了")]).expect(303);
        t.wang.post(&release, &[("reason", "不做了")]).expect(303);
        // In the pool it is nobody's, which everybody sees.
        for manager in [&t.wang, &t.zhou] {
            assert!(manager.get("/pool").expect(200).body.contains(OF_XU));
        }
    });
}

#[test]
fn a_manager_draws_for_the_own_reps() {
    each_backend(|app| {
        let t = teams(app);
        let (xu, he) = (t.xu.actor.id().to_string(), t.he.actor.id().to_string());
        suzhou(&t.marketing, "苏州砚川精密机械有限公司", 1);
        let drawn = [("user", xu.as_str()), ("region", "苏州")];
        t.zhou.post("/territories", &drawn).expect(403);
        t.wang.post("/territories", &drawn).expect(303);
        let id: i64 = app.read(|conn| {
            let all = s::territory::table.select(s::territory::id);
            Ok(all.get_result(conn)?)
        });
        let own = [("user", he.as_str()), ("region", "苏州")];
        let path = format!("/territories/{id}");
        t.zhou.post(&path, &own).expect(403);
        t.wang.post(&path, &own).expect(403);
        t.zhou.post(&path, &[("do", "rub_out")]).expect(403);
        let away = [
            ("user", xu.as_str()),
            ("from_on", "2026-09-22"),
            ("to_on", "2026-09-30"),
        ];
        t.zhou.post("/territories/leave", &away).expect(403);
        t.wang.post("/territories/leave", &away).expect(303);
        let leave: i64 =
            app.read(|conn| Ok(s::absence::table.select(s::absence::id).get_result(conn)?));
        let back = leave.to_string();
        t.zhou
            .post("/territories/leave", &[("end", &back)])
            .expect(403);
        let page = t.zhou.get("/territories").expect(200).body;
        assert!(page.contains("another team"), "{page}");
        let (form, name) = (format!("/territories/{id}\""), ">xu<");
        assert!(!page.contains(&form) && !page.contains(name), "{page}");
        let page = t.wang.get("/territories").expect(200).body;
        assert!(page.contains(&form) && page.contains(name), "{page}");
        assert!(!page.contains("another team"), "{page}");
    });
}

#[test]
fn a_redrawn_map_moves_nothing_from_team_to_team() {
    each_backend(|app| {
        let t = teams(app);
        let ids = three(app, &t);
        let he = t.he.actor.id().to_string();
        let drawn = t
            .zhou
            .post("/territories", &[("user", &he), ("region", "苏州")])
            .expect(303);
        // The map gives Xu's company to He now, but it is not the south's to take.
        let to = drawn.location.expect("a page");
        let page = t.zhou.get(&to).expect(200).body;
        assert!(!page.contains("id=\"strangers\""), "{page}");
        let moved = [("lost", he.as_str()), ("won", &he), ("do", "move")];
        t.zhou.post("/territories/strangers", &moved).expect(303);
        let owner: Option<i64> = app.read(|conn| {
            let one = s::company::table.find(ids[0]);
            Ok(one.select(s::company::owner_id).first(conn)?)
        });
        assert_eq!(owner, t.xu.actor.user_id);
    });
}

#[test]
fn a_manager_joins_pairs_with_one_of_the_own_team() {
    each_backend(|app| {
        let t = teams(app);
        let ids = three(app, &t);
        let (of_xu, of_he, of_nobody) = (ids[0], ids[1], ids[2]);
        let second = companies(app, vec![a_company("瑞通仪表", 7)])[0];
        let he = t.he.actor.user_id;
        app.write(move |conn| {
            diesel::update(s::company::table.find(second))
                .set((s::company::owner_id.eq(he), s::company::state.eq("owned")))
                .execute(conn)
                .map_err(AppError::from)
        });
        let merge = |user: &Client, into: i64, other: i64| {
            user.api_post(
                &format!("/companies/{into}/merge"),
                &json!({ "other": other }),
            )
        };
        let undo =
            |user: &Client, id: i64| user.api_post(&format!("/merges/{id}/undo"), &json!({}));
        let compare =
            |user: &Client, a: i64, b: i64| user.get(&format!("/companies/{a}/merge?with={b}"));
        // Both are of the south.
        compare(&t.wang, of_he, second).expect(403);
        t.wang.get(&format!("/companies/{of_he}/merge")).expect(403);
        let refused = merge(&t.wang, of_he, second).expect(403);
        assert_eq!(refused.code(), "not_yours");
        let other = second.to_string();
        let form = format!("/companies/{of_he}/merge");
        t.wang.post(&form, &[("other", &other)]).expect(403);
        let done = merge(&t.zhou, of_he, second).expect(200).json();
        let id = done["merge_id"].as_i64().expect("a merge");
        assert_eq!(undo(&t.wang, id).expect(403).code(), "not_yours");
        undo(&t.zhou, id).expect(200);
        // One is of the north, or nobody's.
        compare(&t.wang, of_he, of_xu).expect(200);
        let done = merge(&t.wang, of_he, of_nobody).expect(200).json();
        undo(&t.wang, done["merge_id"].as_i64().expect("a merge")).expect(200);
        // Marketing has every list; an administrator has none.
        merge(&t.admin, of_he, second).expect(403);
        merge(&t.marketing, of_he, second).expect(200);
    });
}

#[test]
fn calls_without_a_result_hang_with_the_own_manager() {
    each_backend(|app| {
        let t = teams(app);
        let li = app.user("li", "agent");
        put(&t.admin, &li, "agent", t.north);
        companies(app, vec![a_company(OF_NOBODY, 9)]);
        let (id, _) = campaign(&t.wang, "北方回访");
        let lease = next(&li, id).expect("an entry");
        let token = lease["lease"].as_str().expect("a token");
        li.api_post(&format!("/leases/{token}/dialled"), &json!({}))
            .expect(200);
        app.advance(TimeDelta::minutes(61));
        canvass::calling::jobs::tick(&app.db).expect("the lease waits for its result");
        let hangs = |user: &Client| user.get("/").expect(200).body.contains("wrote no result");
        assert!(hangs(&li) && hangs(&t.wang));
        assert!(!hangs(&t.zhou), "it is not of the south");
    });
}
