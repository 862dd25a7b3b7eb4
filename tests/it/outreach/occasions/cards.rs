//! The word of the reps, and what time makes of silence.

use canvass::accounts::Actor;
use canvass::outreach::actions::mailings;
use canvass::outreach::model::MailingState;
use canvass::schema::{company, delivery, notice};
use diesel::prelude::*;

use super::super::audience::somebody;
use super::{answer, autumn, cards, customer, decide, let_time_pass, of_occasion, set_rules, sh};
use crate::app::{TestApp, each_backend};

#[test]
fn whoever_has_the_customers_is_asked_and_silence_means_yes() {
    each_backend(|app| {
        let (rep, other) = (app.user("xu", "rep"), app.user("li", "rep"));
        let people: Vec<i64> = (1..=3).map(|n| customer(app, n, "B", None)).collect();
        let best = customer(app, 4, "A", None);
        let_time_pass(app);
        let id = autumn(app).id;
        let me = rep.actor.id();
        let cards_of_mine: Vec<_> = people.iter().map(|who| (me, *who)).collect();
        decide(app, id, &cards_of_mine, &[(me, best)]);
        assert_eq!(answer(app, id, &rep), "open");
        let told = app.read(|conn| {
            let kinds = notice::table.order(notice::id).select(notice::kind);
            Ok(kinds.load::<String>(conn)?)
        });
        assert_eq!(told, ["cards_by_hand", "cards_asked"]);
        let page = rep.get("/cards?lang=zh-CN").expect(200).body;
        assert!(page.contains("中秋2026") && page.contains("周1"), "{page}");
        assert!(page.contains("请亲手写"), "{page}");
        // What the calendar named is named in the language of whoever reads.
        let page = rep.get("/cards?lang=en").expect(200).body;
        assert!(page.contains("Mid-Autumn Festival 2026"), "{page}");
        // What goes is seen before a word is said about it.
        let card = rep.get(&format!("/cards/{id}/letter")).expect(200).body;
        assert!(card.contains("周1") && card.contains("srcdoc"), "{card}");
        other.get(&format!("/cards/{id}/letter")).expect(404);
        // Nobody speaks for the customers of another.
        other
            .post(&format!("/cards/{id}"), &[("word", "stay")])
            .expect(404);
        app.set_now(sh("2026-09-23 17:00"));
        let_time_pass(app);
        assert_eq!(answer(app, id, &rep), "by_default");
        let found = autumn(app);
        assert_eq!(found.state, MailingState::Scheduled.code());
        assert_eq!(found.approved_by, None);
        assert_eq!(cards(app, id, "queued"), 3);
        let marketing = app.user("shen", "marketing");
        let page = marketing.get(&format!("/mailings/{id}?lang=zh-CN"));
        let page = page.expect(200).body;
        assert!(page.contains("答复截止"), "{page}");
        assert!(!page.contains("mailing-move-"), "{page}");
    });
}

#[test]
fn a_rep_takes_people_out_and_puts_them_back() {
    each_backend(|app| {
        let rep = app.user("xu", "rep");
        let people: Vec<i64> = (1..=3).map(|n| customer(app, n, "C", None)).collect();
        let_time_pass(app);
        let id = autumn(app).id;
        let mine: Vec<_> = people.iter().map(|who| (rep.actor.id(), *who)).collect();
        decide(app, id, &mine, &[]);
        let card: i64 = app.read(move |conn| {
            let mine = delivery::table.filter(delivery::mailing_id.eq(id));
            Ok(mine
                .select(diesel::dsl::min(delivery::id))
                .first::<Option<i64>>(conn)?
                .unwrap_or(0))
        });
        let at = format!("/cards/{id}");
        let one = card.to_string();
        rep.post(&at, &[("word", "stay"), ("card", &one)])
            .expect(303);
        assert_eq!(cards(app, id, "left_out"), 1);
        assert_eq!(autumn(app).figures().expect("figures").included, 2);
        rep.post(&at, &[("word", "go"), ("card", &one)]).expect(303);
        assert_eq!(cards(app, id, "queued"), 3);
        rep.post(&at, &[("word", "stay")]).expect(303);
        // Who has answered is not told any more what silence would mean.
        let page = rep.get("/cards?lang=en").expect(200).body;
        assert!(page.contains("You have answered"), "{page}");
        assert_eq!(cards(app, id, "queued"), 0);
        assert_eq!(answer(app, id, &rep), "declined");
        let figures = autumn(app).figures().expect("figures");
        assert_eq!(figures.left_out.get("owner_declined"), Some(&3));
        app.set_now(sh("2026-09-23 17:00"));
        let_time_pass(app);
        // Nobody was left: it is called off, and says so.
        let found = autumn(app);
        assert_eq!(found.state, MailingState::Cancelled.code());
        assert_eq!(found.pause_reason().expect("a reason").code(), "nobody");
        rep.post(&at, &[("word", "go")]).expect(303);
        assert_eq!(cards(app, id, "queued"), 0, "too late");
    });
}

#[test]
fn silence_may_mean_no() {
    each_backend(|app| {
        set_rules(app, |rules| rules.silence_is_yes = false);
        let (rep, other) = (app.user("xu", "rep"), app.user("li", "rep"));
        let mine = customer(app, 1, "B", None);
        let theirs = customer(app, 2, "B", None);
        let_time_pass(app);
        let id = autumn(app).id;
        let both = [(rep.actor.id(), mine), (other.actor.id(), theirs)];
        decide(app, id, &both, &[]);
        other
            .post(&format!("/cards/{id}"), &[("word", "go")])
            .expect(303);
        app.set_now(sh("2026-09-23 17:00"));
        let_time_pass(app);
        assert_eq!(answer(app, id, &rep), "by_default");
        assert_eq!(answer(app, id, &other), "approved");
        assert_eq!(
            (cards(app, id, "queued"), cards(app, id, "left_out")),
            (1, 1)
        );
        assert_eq!(autumn(app).state, MailingState::Scheduled.code());
    });
}

#[test]
fn what_nobody_approved_in_its_hours_is_skipped_never_late() {
    each_backend(|app| {
        set_rules(app, |rules| rules.goes_unasked = false);
        let rep = app.user("xu", "rep");
        let who = customer(app, 1, "B", None);
        let_time_pass(app);
        let id = autumn(app).id;
        decide(app, id, &[(rep.actor.id(), who)], &[]);
        app.set_now(sh("2026-09-24 11:29"));
        let_time_pass(app);
        assert_eq!(autumn(app).state, MailingState::Planned.code());
        app.set_now(sh("2026-09-24 11:30"));
        let_time_pass(app);
        let found = autumn(app);
        assert_eq!(found.state, MailingState::Cancelled.code());
        assert_eq!(
            found.pause_reason().expect("a reason").code(),
            "window_missed"
        );
        let_time_pass(app);
        assert_eq!(of_occasion(app, "mid_autumn").len(), 1);
    });
}

#[test]
fn a_mailing_made_too_late_waits_for_a_person() {
    each_backend(|app| {
        app.set_now(sh("2026-09-24 09:00"));
        let marketing = app.user("shen", "marketing");
        let rep = app.user("xu", "rep");
        let who = customer(app, 1, "B", None);
        let_time_pass(app);
        let id = autumn(app).id;
        decide(app, id, &[(rep.actor.id(), who)], &[]);
        app.set_now(sh("2026-09-24 10:30"));
        let_time_pass(app);
        assert_eq!(autumn(app).state, MailingState::Planned.code());
        let page = marketing.get("/greetings?lang=zh-CN").expect(200).body;
        assert!(page.contains("要有人批准才会寄出"), "{page}");
        let o = [("o", "mid_autumn.2026-09-25")];
        marketing
            .post(&format!("/greetings/{id}/approve"), &o)
            .expect(303);
        let found = autumn(app);
        assert_eq!(found.approved_by, Some(marketing.actor.id()));
    });
}

/// Has the audience of a mailing decided again, as after a change of its letter or of a setting.
fn decide_again(app: &TestApp, id: i64) {
    let now = app.now();
    app.write(move |conn| mailings::ask_plan(conn, now, &Actor::system(), id).map(drop));
    app.run_jobs();
    assert_eq!(autumn(app).state, MailingState::Planned.code());
}

/// The card to somebody: its id and state.
fn card_to(app: &TestApp, id: i64, who: i64) -> (String, String) {
    let (card, state): (i64, String) = app.read(move |conn| {
        Ok(delivery::table
            .filter(delivery::mailing_id.eq(id))
            .filter(delivery::person_id.eq(who))
            .select((delivery::id, delivery::state))
            .first(conn)?)
    });
    (card.to_string(), state)
}

#[test]
fn a_word_about_one_person_holds_when_the_audience_is_decided_again() {
    each_backend(|app| {
        let (rep, other) = (app.user("xu", "rep"), app.user("li", "rep"));
        let mine = |n| somebody(n, "B").owner(rep.actor.id()).write(app).1;
        let (stays, goes) = (mine(1), mine(2));
        let (_, of_other) = somebody(3, "B").owner(other.actor.id()).write(app);
        let_time_pass(app);
        app.run_jobs();
        let id = autumn(app).id;
        let say = |who: i64, word: &str| {
            let card = card_to(app, id, who).0;
            let fields = [("word", word), ("card", card.as_str())];
            rep.post(&format!("/cards/{id}"), &fields).expect(303);
        };
        let states = || [stays, goes, of_other].map(|who| card_to(app, id, who).1);
        say(stays, "stay");
        assert_eq!(states(), ["left_out", "queued", "queued"]);
        decide_again(app, id);
        assert_eq!(states(), ["left_out", "queued", "queued"]);
        let figures = autumn(app).figures().expect("figures");
        assert_eq!(figures.included, 2);
        assert_eq!(figures.left_out.get("owner_declined"), Some(&1));
        say(stays, "go");
        decide_again(app, id);
        assert_eq!(states(), ["queued", "queued", "queued"]);
        // None goes but one.
        let none = [("word", "stay")];
        rep.post(&format!("/cards/{id}"), &none).expect(303);
        say(goes, "go");
        decide_again(app, id);
        assert_eq!(states(), ["left_out", "queued", "queued"]);
        // A word about all takes the place of those about one.
        let all = [("word", "go")];
        rep.post(&format!("/cards/{id}"), &all).expect(303);
        say(goes, "stay");
        rep.post(&format!("/cards/{id}"), &all).expect(303);
        decide_again(app, id);
        assert_eq!(states(), ["queued", "queued", "queued"]);
        // Nobody can be asked any more; what was said holds all the same.
        say(stays, "stay");
        app.set_now(sh("2026-09-23 18:00"));
        decide_again(app, id);
        assert_eq!(states(), ["left_out", "queued", "queued"]);
    });
}

#[test]
fn the_mailbox_of_a_customer_whom_somebody_else_has_by_now_is_not_read() {
    each_backend(|app| {
        let (rep, other) = (app.user("xu", "rep"), app.user("li", "rep"));
        let (company, _) = somebody(1, "B").owner(rep.actor.id()).write(app);
        let_time_pass(app);
        app.run_jobs();
        let page = || rep.get("/cards").expect(200).body;
        assert!(page().contains(">person1@company1.example"), "{}", page());
        let owner = other.actor.id();
        app.write(move |conn| {
            diesel::update(company::table.find(company))
                .set(company::owner_id.eq(Some(owner)))
                .execute(conn)?;
            Ok(())
        });
        assert!(!page().contains(">person1@company1.example"), "{}", page());
    });
}
