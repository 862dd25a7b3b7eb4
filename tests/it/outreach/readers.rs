//! Of whom a manager may read while trying letters: of no other team's customers.

use super::audience::somebody;
use crate::app::each_backend;
use crate::teams::{put, team};

#[test]
fn another_teams_customers_are_nobody_to_a_manager() {
    each_backend(|app| {
        let (admin, marketing) = (app.user("ou", "admin"), app.user("shen", "marketing"));
        let (manager, rep) = (app.user("wang", "manager"), app.user("xu", "rep"));
        let (north, south) = (team(app, &admin, "北方"), team(app, &admin, "南方"));
        put(&admin, &manager, "manager", north);
        put(&admin, &rep, "rep", south);
        let theirs = somebody(1, "B").name("顾长风").owner(rep.actor.id());
        let (_, theirs) = theirs.write(app);
        let (_, free) = somebody(2, "B").name("沈望舒").write(app);
        let paths = |who: i64| {
            [
                format!("/persons/{who}/mail"),
                format!("/letters/mid_autumn/preview?person={who}"),
            ]
        };
        for path in paths(theirs) {
            manager.get(&path).expect(404);
            marketing.get(&path).expect(200);
        }
        for path in paths(free) {
            manager.get(&path).expect(200);
        }
        let page = |who: &crate::app::Client| who.get("/letters/mid_autumn").expect(200).body;
        assert!(page(&manager).contains("沈望舒") && !page(&manager).contains("顾长风"));
        assert!(page(&marketing).contains("顾长风"));
    });
}
