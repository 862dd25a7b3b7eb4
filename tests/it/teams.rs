//! An office in two teams: a manager leads one, marketing sees both, and with one team nobody notices anything.

use canvass::platform::error::AppError;
use canvass::schema as s;
use diesel::prelude::*;
use serde_json::json;

use crate::app::{Client, TestApp, each_backend};
use crate::calling::build::{a_company, call, campaign, companies, next};

/// Puts somebody into a team by the administrator's pages; the client keeps its log-in.
pub fn put(admin: &Client, user: &Client, roles: &str, team: i64) {
    let (name, team) = (&user.actor.name, team.to_string());
    let email = format!("{name}@example.test");
    let mut form = vec![("name", name.as_str()), ("email", &email), ("team", &team)];
    form.extend(roles.split(',').map(|role| ("role", role)));
    let id = user.actor.user_id.expect("an id");
    admin.post(&format!("/users/{id}"), &form).expect(303);
}

/// A new team.
pub fn team(app: &TestApp, admin: &Client, name: &str) -> i64 {
    admin.post("/teams", &[("name", name)]).expect(303);
    let name = name.to_owned();
    app.read(|conn| {
        s::team::table
            .filter(s::team::name.eq(&name))
            .select(s::team::id)
            .first(conn)
            .map_err(AppError::from)
    })
}

#[test]
fn with_one_team_nobody_sees_anything_of_it() {
    each_backend(|app| {
        let admin = app.user("ou", "admin");
        let user = app.user("li", "agent").actor.user_id.expect("an id");
        let page = admin.get(&format!("/users/{user}")).expect(200).body;
        assert!(!page.contains("name=\"team\""));
        let new = app.user("shen", "marketing").get("/campaigns/new");
        assert!(!new.expect(200).body.contains("name=\"team\""));
    });
}

#[test]
fn a_team_has_one_name_and_users() {
    each_backend(|app| {
        let (admin, li) = (app.user("ou", "admin"), app.user("li", "agent"));
        let north = team(app, &admin, "华北组");
        let twice = admin.post("/teams", &[("name", "华北组")]).expect(422);
        assert!(twice.body.contains("role=\"alert\"") && twice.body.contains("value=\"华北组\""));
        admin.post("/teams", &[("name", " ")]).expect(422);
        let rename = format!("/teams/{north}");
        admin.post(&rename, &[("name", "北方组")]).expect(303);
        put(&admin, &li, "agent", north);
        let page = admin.get("/users").expect(200).body;
        assert!(
            page.contains("北方组") && page.contains("One person"),
            "{page}"
        );
    });
}

#[test]
fn a_manager_leads_the_own_team_and_nobody_elses() {
    each_backend(|app| {
        let admin = app.user("ou", "admin");
        let (wang, li) = (app.user("wang", "manager"), app.user("li", "agent"));
        let (zhou, qian) = (app.user("zhou", "manager"), app.user("qian", "agent"));
        let shen = app.user("shen", "marketing");
        let (north, south) = (team(app, &admin, "华北组"), team(app, &admin, "华南组"));
        for (user, roles, team) in [
            (&wang, "manager", north),
            (&li, "agent", north),
            (&zhou, "manager", south),
            (&qian, "agent", south),
        ] {
            put(&admin, user, roles, team);
        }
        companies(
            app,
            vec![a_company("宏远机械", 1), a_company("瑞通电子", 2)],
        );
        let (id, _) = campaign(&wang, "北方回访");
        // Their own people see and call it.
        let (_, done) = call(&li, id, "busy", json!({}));
        let call_id = done["call_id"].as_i64().expect("a call");
        assert!(
            shen.get(&format!("/campaigns/{id}"))
                .expect(200)
                .body
                .contains("北方回访")
        );
        // The other team does not.
        assert!(!zhou.get("/campaigns").expect(200).body.contains("北方回访"));
        assert_eq!(
            zhou.api("/campaigns").expect(200).json()["campaigns"],
            json!([])
        );
        for path in ["", "/edit", "/fill", "/queue"] {
            zhou.get(&format!("/campaigns/{id}{path}")).expect(403);
        }
        zhou.post(&format!("/campaigns/{id}/state"), &[("state", "paused")])
            .expect(403);
        zhou.post(&format!("/campaigns/{id}/recycle"), &[])
            .expect(403);
        zhou.api_post(&format!("/campaigns/{id}/fill"), &json!({ "filter": {} }))
            .expect(403);
        zhou.api_post(&format!("/calls/{call_id}/undo"), &json!({ "reason": "x" }))
            .expect(403);
        qian.api_post(&format!("/campaigns/{id}/next"), &json!({}))
            .expect(403);
        assert!(next(&li, id).is_some());
        // Marketing gives a campaign to another team.
        let form = [
            ("name", "北方回访"),
            ("agents", "all"),
            ("team", &south.to_string()),
        ];
        shen.post(&format!("/campaigns/{id}/edit"), &form)
            .expect(303);
        zhou.get(&format!("/campaigns/{id}")).expect(200);
        wang.get(&format!("/campaigns/{id}")).expect(403);
    });
}

#[test]
fn a_company_of_another_teams_rep_is_not_the_managers() {
    each_backend(|app| {
        let admin = app.user("ou", "admin");
        let (wang, zhou, rep) = (
            app.user("wang", "manager"),
            app.user("zhou", "manager"),
            app.user("xu", "rep"),
        );
        let north = team(app, &admin, "华北组");
        put(&admin, &wang, "manager", north);
        put(&admin, &rep, "rep", north);
        let ids = companies(
            app,
            vec![a_company("宏远机械", 1), a_company("瑞通电子", 2)],
        );
        let (owned, free, owner) = (ids[0], ids[1], rep.actor.user_id);
        app.write(move |conn| {
            diesel::update(s::company::table.find(owned))
                .set((
                    s::company::owner_id.eq(owner),
                    s::company::state.eq("owned"),
                ))
                .execute(conn)
                .map_err(AppError::from)
        });
        for (manager, status) in [(&wang, 200), (&zhou, 404)] {
            manager.get(&format!("/companies/{owned}")).expect(status);
            manager.api(&format!("/companies/{owned}")).expect(status);
            manager.get(&format!("/companies/{free}")).expect(200);
            let list = manager.api("/companies").expect(200).body;
            assert!(list.contains("瑞通电子"), "{list}");
            assert_eq!(list.contains("宏远机械"), status == 200, "{list}");
        }
    });
}

#[test]
fn what_nobody_of_a_team_has_to_do_is_finished_by_that_team() {
    each_backend(|app| {
        let admin = app.user("ou", "admin");
        let (li, zhou) = (app.user("li", "agent"), app.user("zhou", "manager"));
        let (north, south) = (team(app, &admin, "华北组"), team(app, &admin, "华南组"));
        put(&admin, &li, "agent", north);
        put(&admin, &zhou, "manager", south);
        let ids = companies(app, vec![a_company("宏远机械", 1)]);
        let (company, now) = (ids[0], app.now());
        let task = app.write(move |conn| {
            diesel::insert_into(s::task::table)
                .values((
                    s::task::kind.eq("send_info"),
                    s::task::company_id.eq(company),
                    s::task::team_id.eq(north),
                    s::task::state.eq("open"),
                    s::task::created_at.eq(now),
                ))
                .returning(s::task::id)
                .get_result::<i64>(conn)
                .map_err(AppError::from)
        });
        let finish = format!("/tasks/{task}/finish");
        zhou.post(&finish, &[]).expect(403);
        li.post(&finish, &[("note", "已发资料")]).expect(303);
    });
}
