//! The page of territories: what a redrawn map asks, what is typed again, and who stands in for whom.

use canvass::qualifying::Grade;
use canvass::schema::{absence, company, territory};
use diesel::prelude::*;
use serde_json::json;

use super::build::{invariants_hold, open, seen, suzhou};
use crate::app::{Answer, Client, TestApp, each_backend};

struct Office {
    manager: Client,
    agent: Client,
    marketing: Client,
    xu: Client,
    zhou: Client,
}

fn office(app: &TestApp) -> Office {
    Office {
        manager: app.user("gu", "manager"),
        agent: app.user("lin", "agent"),
        marketing: app.user("shen", "marketing"),
        xu: app.user("xu", "rep"),
        zhou: app.user("zhou", "rep"),
    }
}

impl Office {
    /// Draws by the form of the page.
    fn draw(&self, path: &str, rep: &Client, region: &str, industry: &str) -> Answer {
        let user = rep.actor.id().to_string();
        let fields = [
            ("user", user.as_str()),
            ("region", region),
            ("industry", industry),
        ];
        self.manager.post(path, &fields).expect(303)
    }
}

fn owners(app: &TestApp) -> Vec<Option<i64>> {
    app.read(|conn| {
        let all = company::table.order(company::id).select(company::owner_id);
        Ok(all.load(conn)?)
    })
}

#[test]
fn a_redrawn_map_asks_about_whoever_loses_something() {
    each_backend(|app| {
        let o = office(app);
        o.draw("/territories", &o.xu, "苏州", "");
        for n in 1..=2 {
            let root = suzhou(&o.marketing, &format!("苏州砚川{n}机械有限公司"), n);
            let id = open(app, &o.agent, root, Grade::B);
            o.xu.api_post(&format!("/handovers/{id}/accept"), &json!({}))
                .expect(200);
        }
        let asks = |answer: &Answer| {
            let to = answer.location.clone().expect("a page");
            let page = o.manager.get(&to).expect(200).body;
            (to, page.contains("xu has 2 that the new map gives to zhou"))
        };
        // A narrower one of somebody else takes them: the rep who loses them is asked about, not the one who was drawn.
        let drawn = o.draw("/territories", &o.zhou, "苏州", "制造业");
        let (to, is_asked) = asks(&drawn);
        assert!(is_asked, "{to}");
        let (won, lost) = (o.zhou.actor.id().to_string(), o.zhou.actor.id().to_string());
        let answer = |what: &str| {
            let fields = [("lost", lost.as_str()), ("won", won.as_str()), ("do", what)];
            o.manager
                .post("/territories/strangers", &fields)
                .expect(303);
            owners(app)
        };
        assert_eq!(answer("keep"), [o.xu.actor.user_id; 2]);
        assert_eq!(answer("move"), [o.zhou.actor.user_id; 2]);
        // Given to a third rep, a territory asks about its former one.
        let he = app.user("he", "rep");
        let id: i64 = app.read(|conn| {
            let latest = territory::table.order(territory::id.desc());
            Ok(latest.select(territory::id).first(conn)?)
        });
        let drawn = o.draw(&format!("/territories/{id}"), &he, "苏州", "制造业");
        let page = o.manager.get(drawn.location.as_deref().expect("a page"));
        let says = "zhou has 2 that the new map gives to he";
        assert!(page.expect(200).body.contains(says));
        invariants_hold(app, "a redrawn map");
    });
}

#[test]
fn what_is_refused_is_there_to_be_corrected() {
    each_backend(|app| {
        let o = office(app);
        let refused = o.draw("/territories", &o.zhou, "苏州，桃花源", "制造业");
        let again = o.manager.get(refused.location.as_deref().expect("a page"));
        let page = again.expect(200).body;
        assert!(page.contains("value=\"苏州，桃花源\""), "{page}");
        assert!(page.contains("value=\"制造业\""), "{page}");
        let drawn = app.read(|conn| Ok(territory::table.count().get_result::<i64>(conn)?));
        assert_eq!(drawn, 0);
    });
}

#[test]
fn a_deputy_takes_what_comes_while_a_rep_is_on_leave() {
    each_backend(|app| {
        let o = office(app);
        o.draw("/territories", &o.xu, "苏州", "");
        let (xu, zhou) = (o.xu.actor.id().to_string(), o.zhou.actor.id().to_string());
        let fields = [
            ("user", xu.as_str()),
            ("deputy", zhou.as_str()),
            ("from_on", "2026-09-22"),
            ("to_on", "2026-09-30"),
        ];
        // A leave that ends before it begins is shown again as it was typed, and nothing is kept.
        let mut wrong = fields;
        wrong[3].1 = "2026-09-21";
        let again = o
            .manager
            .post("/territories/leave", &wrong)
            .expect(422)
            .body;
        for kept in [
            "value=\"2026-09-22\"".to_owned(),
            "value=\"2026-09-21\"".to_owned(),
            format!("value=\"{zhou}\" selected"),
            "id=\"to_on-err\"".to_owned(),
        ] {
            assert!(again.contains(&kept), "{kept}: {again}");
        }
        o.manager.post("/territories/leave", &fields).expect(303);
        let root = suzhou(&o.marketing, "苏州砚川精密机械有限公司", 1);
        let page = o.manager.get(&format!("/territories?company={root}"));
        let page = page.expect(200).body;
        assert!(
            page.contains("To zhou") && page.contains("xu is on leave"),
            "{page}"
        );
        let id = open(app, &o.agent, root, Grade::A);
        assert_eq!(
            seen(&o.manager, id)["rep"]["name"],
            "zhou",
            "as it was foretold"
        );
        let leave: i64 = app.read(|conn| Ok(absence::table.select(absence::id).first(conn)?));
        let back = [("end", leave.to_string())];
        let back: Vec<(&str, &str)> = back.iter().map(|(k, v)| (*k, v.as_str())).collect();
        o.manager.post("/territories/leave", &back).expect(303);
        let next = suzhou(&o.marketing, "苏州霁合模具有限公司", 2);
        let id = open(app, &o.agent, next, Grade::A);
        assert_eq!(seen(&o.manager, id)["rep"]["name"], "xu", "back at work");
        invariants_hold(app, "a leave");
    });
}
