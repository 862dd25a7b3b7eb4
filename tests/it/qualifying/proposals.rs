//! Grades that are proposed: by age, by changed rules; accepted singly or together, or kept.

use canvass::flows::upkeep;
use canvass::schema::{company, grade_change};
use chrono::TimeDelta;
use diesel::prelude::*;
use serde_json::json;

use super::is_sound;
use crate::app::{TestApp, each_backend};
use crate::calling::build::{a_company, companies};

/// Companies whose grade was given so many days ago.
fn graded(app: &TestApp, all: &[(&'static str, &'static str, i64)]) -> Vec<i64> {
    let builds = all
        .iter()
        .zip(1..)
        .map(|((name, grade, _), n)| a_company(name, n).graded(grade))
        .collect();
    let ids = companies(app, builds);
    let now = app.now();
    for (id, (.., days)) in ids.clone().into_iter().zip(all.to_vec()) {
        let at = now - TimeDelta::days(days);
        app.write(move |conn| {
            let old = (company::grade_at.eq(Some(at)), company::created_at.eq(at));
            diesel::update(company::table.find(id))
                .set(old)
                .execute(conn)?;
            Ok(())
        });
    }
    ids
}

fn a_night_passes(app: &TestApp) {
    upkeep::ask(&app.db).expect("the night is asked for");
    app.advance(TimeDelta::hours(20));
    app.run_jobs();
}

fn grades(app: &TestApp) -> Vec<Option<String>> {
    app.read(|conn| {
        Ok(company::table
            .order(company::id)
            .select(company::grade)
            .load(conn)?)
    })
}

fn proposals(app: &TestApp) -> Vec<(i64, i64, String, String)> {
    app.read(|conn| {
        use grade_change as g;
        Ok(g::table
            .filter(g::proposed.is_not_null())
            .order(g::id)
            .select((
                g::id,
                g::company_id,
                g::proposed.assume_not_null(),
                g::state,
            ))
            .load(conn)?)
    })
}

#[test]
fn what_grows_old_is_proposed_lower_and_answered_singly_or_together() {
    each_backend(|app| {
        let old = [
            ("甲机械", "A", 31),
            ("乙机械", "B", 91),
            ("丙机械", "C", 181),
            ("丁机械", "B", 50),
        ];
        let ids = graded(app, &old);
        a_night_passes(app);
        let manager = app.user("wang", "manager");
        let open = proposals(app);
        let proposed: Vec<(i64, &str)> =
            open.iter().map(|(_, c, to, _)| (*c, to.as_str())).collect();
        assert_eq!(proposed, [(ids[0], "B"), (ids[1], "C"), (ids[2], "D")]);
        let page = manager.get("/grades?lang=zh-CN").expect(200).body;
        assert!(
            page.contains("乙机械") && page.contains("没有有效联系"),
            "{page}"
        );
        assert!(!page.contains("丁机械"), "a warning is no proposal");
        let one = format!("accept-{}", open[0].0);
        manager.post("/grades", &[("do", &one)]).expect(303);
        let (second, third) = (open[1].0.to_string(), open[2].0.to_string());
        manager
            .post("/grades", &[("do", "keep"), ("id", &second)])
            .expect(303);
        manager
            .post(
                "/grades",
                &[("do", "accept"), ("id", &second), ("id", &third)],
            )
            .expect(303);
        let now: Vec<String> = grades(app).into_iter().flatten().collect();
        assert_eq!(
            now,
            ["B", "B", "D", "B"],
            "what was kept is not accepted later"
        );
        let told = manager
            .api(&format!("/companies/{}", ids[0]))
            .expect(200)
            .json();
        assert_eq!(told["grade_history"][0]["kind"], "expiry");
        a_night_passes(app);
        let open: Vec<i64> = proposals(app)
            .into_iter()
            .filter(|(.., state)| state == "proposed")
            .map(|(_, company, ..)| company)
            .collect();
        assert_eq!(open, [0_i64; 0], "what somebody kept is not asked again");
        is_sound(app);
    });
}

#[test]
fn a_rep_answers_for_own_companies_alone() {
    each_backend(|app| {
        let ids = graded(app, &[("甲机械", "A", 31), ("乙机械", "B", 91)]);
        let rep = app.user("xu", "rep");
        let (first, owner) = (ids[0], rep.actor.id());
        app.write(move |conn| {
            let own = (
                company::owner_id.eq(Some(owner)),
                company::state.eq("owned"),
            );
            diesel::update(company::table.find(first))
                .set(own)
                .execute(conn)?;
            Ok(())
        });
        a_night_passes(app);
        let rep = app.user("xu2", "rep").at(app);
        assert!(!rep.get("/grades").expect(200).body.contains("甲机械"));
        let open = proposals(app);
        let of_other = format!("accept-{}", open[1].0);
        rep.post("/grades", &[("do", &of_other)]).expect(403);
        app.user("li", "agent").get("/grades").expect(403);
        assert_eq!(grades(app), [Some("A".to_owned()), Some("B".to_owned())]);
    });
}

#[test]
fn other_rules_say_whom_they_would_move_before_they_are_saved() {
    each_backend(|app| {
        let manager = app.user("wang", "manager");
        let ids = graded(
            app,
            &[("甲机械", "B", 1), ("乙机械", "B", 1), ("丙机械", "D", 1)],
        );
        for (id, urgency) in ids.iter().zip(["M4_6", "M4_6", "GT12"]) {
            let said = json!({ "urgency": urgency, "need_text": "报价太慢" });
            manager
                .api_patch(&format!("/companies/{id}"), &said)
                .expect(200);
        }
        let (far, now) = (ids[2], app.now());
        app.write(move |conn| {
            use grade_change as g;
            let waits = (
                g::company_id.eq(far),
                g::proposed.eq(Some("A")),
                g::reasons.eq("[]"),
                g::state.eq("proposed"),
                g::kind.eq(Some("call")),
                g::at.eq(now),
            );
            diesel::insert_into(g::table).values(waits).execute(conn)?;
            Ok(())
        });
        let page = manager.get("/settings/grades").expect(200).body;
        assert!(page.contains("best_M4_6"), "{page}");
        let mut form = typed(&page);
        form.retain(|(name, _)| name != "best_M4_6");
        form.push(("best_M4_6".into(), "C".into()));
        let sent = |form: &[(String, String)], more: &[(&str, &str)]| {
            let mut pairs: Vec<(String, String)> = form.to_vec();
            pairs.extend(more.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())));
            let pairs: Vec<(&str, &str)> = pairs
                .iter()
                .map(|(n, v)| (n.as_str(), v.as_str()))
                .collect();
            manager.post("/settings/grades", &pairs)
        };
        let preview = sent(&form, &[("try", "1")]).expect(200).body;
        assert!(preview.contains("2 would move from B to C"), "{preview}");
        assert!(
            manager
                .get("/settings/grades")
                .expect(200)
                .body
                .contains("value=\"0\""),
            "nothing is saved"
        );
        sent(&form, &[]).expect(303);
        app.run_jobs();
        let told: Vec<(i64, String, String)> = proposals(app)
            .into_iter()
            .map(|(_, id, to, state)| (id, to, state))
            .collect();
        let told: Vec<(i64, &str, &str)> = told
            .iter()
            .map(|(id, to, state)| (*id, to.as_str(), state.as_str()))
            .collect();
        let waits = [(ids[0], "C", "proposed"), (ids[1], "C", "proposed")];
        let gone = (far, "A", "replaced");
        assert_eq!(
            told,
            [&[gone][..], &waits[..]].concat(),
            "no A by any rules"
        );
        let mut wrong = form.clone();
        wrong.push(("version".into(), "1".into()));
        wrong.retain(|(name, value)| !(name == "version" && value == "0") && name != "best_NOPLAN");
        wrong.push(("best_NOPLAN".into(), "A".into()));
        let refused = sent(&wrong, &[]).expect(422).body;
        assert!(
            refused.contains("less hurry") || refused.contains("lower urgency"),
            "{refused}"
        );
        is_sound(app);
    });
}

/// The fields of the form on a page, as a browser would send them.
fn typed(page: &str) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    let attribute = |tag: &str, name: &str| {
        let rest = tag.split(&format!(" {name}=\"")).nth(1)?;
        rest.split('"').next().map(str::to_owned)
    };
    for tag in page.split("<input").skip(1) {
        let tag = tag.split('>').next().unwrap_or_default();
        let is_off = tag.contains("type=\"checkbox\"") && !tag.contains(" checked");
        if let (Some(name), false) = (
            attribute(tag, "name"),
            is_off || tag.contains("name=\"csrf\""),
        ) {
            fields.push((name, attribute(tag, "value").unwrap_or_default()));
        }
    }
    for select in page.split("<select").skip(1) {
        let select = select.split("</select>").next().unwrap_or_default();
        let chosen = select.split("<option").find(|option| {
            option
                .split('>')
                .next()
                .is_some_and(|tag| tag.ends_with(" selected"))
        });
        if let (Some(name), Some(option)) = (attribute(select, "name"), chosen) {
            fields.push((name, attribute(option, "value").unwrap_or_default()));
        }
    }
    fields
}
