//! The rhythm of grades: its page, the list of who is due, and how a part of it goes into a queue.

use canvass::accounts::Actor;
use canvass::consent::{NewOrigin, Subject, Ways};
use canvass::flows::suppress;
use canvass::outreach::rules::cadence::CadenceRules;
use canvass::outreach::rules::mail_rules::MailRules;
use canvass::platform::clock;
use canvass::platform::settings::{self, Versioned};
use canvass::qualifying::Grade;
use canvass::schema as s;
use chrono::TimeDelta;
use diesel::prelude::*;

use super::audience::{somebody, works_at};
use crate::app::{Client, TestApp, each_backend};
use crate::calling::build::campaign;

fn rules(app: &TestApp) -> Versioned<CadenceRules> {
    app.read(settings::load::<CadenceRules>)
}

/// Everything that the page sends, some of it typed anew.
fn form(app: &TestApp, typed: &[(&str, &str)]) -> Vec<(String, String)> {
    let stored = rules(app);
    let mut fields = vec![
        ("set".to_owned(), "cadence".to_owned()),
        ("version".to_owned(), stored.version.to_string()),
    ];
    for grade in Grade::ALL {
        let row = stored.value.of(*grade);
        let mut field = |name: &str, value: String| {
            fields.push((format!("{}_{name}", grade.code()), value));
        };
        let number = |n: Option<u16>| n.map_or_else(String::new, |n| n.to_string());
        field("caller", row.caller.code().to_owned());
        field("greetings", row.greetings.code().to_owned());
        field("call_days", number(row.call_days));
        field("visit_days", number(row.visit_days));
        field("news_days", number(row.news_days));
        field("at_most", number(row.at_most));
    }
    for (name, value) in typed {
        let field = fields.iter_mut().find(|(known, _)| known == name);
        field.unwrap_or_else(|| panic!("{name} is no field")).1 = (*value).to_owned();
    }
    fields
}

fn send(client: &Client, fields: &[(String, String)]) -> crate::app::Answer {
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    client.post("/settings/cadence", &fields)
}

#[test]
fn the_rhythm_is_edited_as_a_table_and_keeps_its_versions() {
    each_backend(|app| {
        let manager = app.user("wang", "manager");
        let page = manager.get("/settings/cadence").expect(200).body;
        assert!(page.contains("name=\"B_call_days\" value=\"14\""), "{page}");
        let saved = send(
            &manager,
            &form(app, &[("B_call_days", "21"), ("D_at_most", "")]),
        );
        saved.expect(303);
        let stored = rules(app);
        assert_eq!(stored.version, 1);
        assert_eq!(stored.value.of(Grade::B).call_days, Some(21));
        assert_eq!(stored.value.of(Grade::D).at_most, None);
        for (name, value) in [
            ("C_call_days", "0"),
            ("C_call_days", "often"),
            ("B_at_most", "900"),
        ] {
            let refused = send(&manager, &form(app, &[(name, value)])).expect(422);
            assert!(refused.body.contains("Nothing was saved"), "{name} {value}");
        }
        let mut old = form(app, &[]);
        old[1].1 = "0".into();
        send(&manager, &old).expect(409);
        assert_eq!(rules(app).version, 1);
        let hours = [
            ("set", "mail_rules"),
            ("version", "0"),
            ("from", "10:00"),
            ("to", "12:00"),
        ];
        manager.post("/settings/cadence", &hours).expect(303);
        let mail = app.read(settings::load::<MailRules>);
        assert!(!mail.value.complaint_holds && mail.version == 1);
        let night = [
            ("set", "mail_rules"),
            ("version", "1"),
            ("from", "02:00"),
            ("to", "04:00"),
        ];
        manager.post("/settings/cadence", &night).expect(422);
    });
}

/// The company was graded and last spoken with so many days ago.
fn spoken(app: &TestApp, company: i64, days: i64) {
    let at = app.now() - TimeDelta::days(days);
    app.write(move |conn| {
        diesel::update(s::company::table.find(company))
            .set((
                s::company::grade_at.eq(Some(at)),
                s::company::last_touch_at.eq(Some(at)),
            ))
            .execute(conn)?;
        Ok(())
    });
}

#[test]
fn who_is_due_is_listed_with_the_reason_overdue_first() {
    each_backend(|app| {
        let manager = app.user("wang", "manager");
        let (rep, other) = (app.user("lin", "rep"), app.user("zhou", "rep"));
        let own = somebody(1, "B").owner(rep.actor.id()).write(app).0;
        let later = somebody(2, "B").owner(rep.actor.id()).write(app).0;
        let others = somebody(3, "B").owner(other.actor.id()).write(app).0;
        let free = somebody(4, "D").write(app).0;
        for (company, days) in [(own, 30), (later, 3), (others, 12), (free, 120)] {
            spoken(app, company, days);
        }
        let list = rep.get("/due?method=call").expect(200).body;
        assert!(list.contains("overdue by 16 days"), "{list}");
        assert!(
            list.contains("B, last contact 30 days ago, every 14 days."),
            "{list}"
        );
        let at = |id: i64| format!("/companies/{id}\"");
        assert!(list.contains(&at(own)) && !list.contains(&at(later)));
        assert!(!list.contains(&at(others)) && !list.contains(&at(free)));
        // Another rep's list is not shown to a rep, a manager sees every one of the team, and those without a rep.
        let of_other = format!("/due?who=rep:{}", other.actor.id());
        rep.get(&of_other).expect(403);
        rep.get("/due?who=team").expect(403);
        let list = manager.get("/due?method=call").expect(200).body;
        let (first, second) = (list.find(&at(own)), list.find(&at(others)));
        assert!(
            first < second && first.is_some(),
            "the longest overdue first"
        );
        assert!(
            manager
                .get(&of_other)
                .expect(200)
                .body
                .contains(&at(others))
        );
        assert!(
            manager
                .get("/due?who=free")
                .expect(200)
                .body
                .contains(&at(free))
        );
        // B is visited every 45 days; a company graded 30 days ago is not due yet, one of 60 days is.
        spoken(app, own, 60);
        let visits = rep.get("/due?method=visit").expect(200).body;
        assert!(
            visits.contains("no visit in the 60 days since it was graded"),
            "{visits}"
        );
    });
}

#[test]
fn a_call_and_a_visit_of_one_company_are_both_listed_wherever_a_page_ends() {
    each_backend(|app| {
        let rep = app.user("lin", "rep");
        let own = |n| somebody(n, "B").owner(rep.actor.id()).write(app).0;
        // A call alone, then calls and visits of the same moment: the fiftieth line is a call, its visit is the next.
        let first = own(1);
        let both: Vec<i64> = (2..=26).map(own).collect();
        let last = both[24];
        let due = app.now() - TimeDelta::days(5);
        spoken(app, first, 30);
        app.write(move |conn| {
            diesel::update(s::company::table.filter(s::company::id.eq_any(both)))
                .set((
                    s::company::grade_at.eq(Some(due - TimeDelta::days(45))),
                    s::company::last_touch_at.eq(Some(due - TimeDelta::days(14))),
                ))
                .execute(conn)?;
            Ok(())
        });
        let page = rep.get("/due").expect(200).body;
        assert!(page.contains("50 on this page"), "{page}");
        let from = page.find("cursor=").expect("a next page");
        let cursor = page[from..].split('"').next().expect("its address");
        let page = rep.get(&format!("/due?{cursor}")).expect(200).body;
        assert!(page.contains("1 on this page"), "{page}");
        assert!(page.contains(&format!("/companies/{last}\"")), "{page}");
        assert!(page.contains("no visit in the 50 days"), "{page}");
    });
}

#[test]
fn no_visit_is_due_where_nobody_wants_one_or_the_company_rests() {
    each_backend(|app| {
        let rep = app.user("lin", "rep");
        let own = |n| somebody(n, "B").owner(rep.actor.id()).write(app);
        let [plain, no_calls, other_talks, rested] = [1, 2, 3, 4].map(own);
        let [company_silent, person_silent, rests] = [5, 6, 7].map(own);
        let (_, talks) = somebody(8, "B").write(app);
        for n in [
            &plain,
            &no_calls,
            &other_talks,
            &rested,
            &company_silent,
            &person_silent,
            &rests,
        ] {
            spoken(app, n.0, 60);
        }
        app.write(move |conn| {
            let now = clock::now(conn)?;
            works_at(conn, now, talks, other_talks.0)?;
            let origin = NewOrigin::hand(now, None);
            for (subject, ways) in [
                (Subject::company(company_silent.0), Ways::ALL),
                (Subject::person(person_silent.1), Ways::ALL),
                (Subject::person(other_talks.1), Ways::ALL),
                // Whoever wants no calls may be visited.
                (Subject::company(no_calls.0), Ways::CALL),
            ] {
                suppress::suppress(conn, now, &Actor::system(), &subject, ways, &origin)?;
            }
            for (company, days) in [(rests.0, 100), (rested.0, -1)] {
                diesel::update(s::company::table.find(company))
                    .set(s::company::rest_until.eq(Some(now + TimeDelta::days(days))))
                    .execute(conn)?;
            }
            Ok(())
        });
        let list = rep.get("/due?method=visit").expect(200).body;
        let is_due = |id: i64| list.contains(&format!("/companies/{id}\""));
        for company in [plain.0, no_calls.0, other_talks.0, rested.0] {
            assert!(is_due(company), "{company} {list}");
        }
        for company in [company_silent.0, person_silent.0, rests.0] {
            assert!(!is_due(company), "{company} {list}");
        }
        assert!(list.contains("4 on this page"), "{list}");
    });
}

#[test]
fn those_who_are_due_go_into_a_queue() {
    each_backend(|app| {
        let manager = app.user("wang", "manager");
        app.user("mei", "agent");
        let (id, _) = campaign(&manager, "D级回访");
        let company = somebody(1, "D").write(app).0;
        spoken(app, company, 120);
        // It has a number that may be called.
        app.write(move |conn| {
            diesel::update(s::company::table.find(company))
                .set(s::company::flags.eq(3))
                .execute(conn)?;
            Ok(())
        });
        let (campaign, chosen) = (id.to_string(), company.to_string());
        let fields = [
            ("campaign", campaign.as_str()),
            ("company", chosen.as_str()),
        ];
        manager.post("/due/campaign", &fields).expect(303);
        let queued: Vec<Option<i64>> = app.read(|conn| {
            Ok(s::queue_entry::table
                .filter(s::queue_entry::campaign_id.eq(id))
                .select(s::queue_entry::company_id)
                .load(conn)?)
        });
        assert_eq!(queued, [Some(company)]);
        let nobody = [("campaign", campaign.as_str())];
        manager.post("/due/campaign", &nobody).expect(303);
    });
}

#[test]
fn those_who_are_due_get_news_of_their_own() {
    each_backend(|app| {
        let marketing = app.user("shen", "marketing");
        let company = somebody(1, "D").write(app).0.to_string();
        let fields = [("company", company.as_str()), ("title", "九月新知")];
        marketing.post("/due/mailing", &fields).expect(303);
        let (name, audience): (String, String) = app.read(|conn| {
            Ok(s::mailing::table
                .select((s::mailing::name, s::mailing::audience))
                .first(conn)?)
        });
        assert_eq!(name, "九月新知");
        assert!(
            audience.contains(&format!("\"companies\":[{company}]")),
            "{audience}"
        );
        // Nobody ticked: told on the list itself, which is not lost.
        let answer = marketing.post("/due/mailing", &[]).expect(303);
        assert!(answer.told().contains("No company was chosen"));
    });
}

#[test]
fn a_complaint_is_noted_with_the_company_and_settled_as_a_task() {
    each_backend(|app| {
        let manager = app.user("wang", "manager");
        let company = somebody(1, "B").write(app).0;
        let page = format!("/companies/{company}");
        let shown = manager.get(&page).expect(200).body;
        assert!(shown.contains("A call every 14 days"), "{shown}");
        let text = [("text", "发票开错了两次")];
        manager
            .post(&format!("{page}/complaint"), &text)
            .expect(303);
        assert!(
            manager
                .get(&page)
                .expect(200)
                .body
                .contains("nothing is sent until")
        );
        let task: i64 = app.read(|conn| Ok(s::task::table.select(s::task::id).first(conn)?));
        assert!(
            manager
                .get("/")
                .expect(200)
                .body
                .contains("Complaint: settle it")
        );
        manager
            .post(&format!("/tasks/{task}/finish"), &[("note", "已重开")])
            .expect(303);
        assert!(
            !manager
                .get(&page)
                .expect(200)
                .body
                .contains("nothing is sent until it is settled.")
        );
    });
}
