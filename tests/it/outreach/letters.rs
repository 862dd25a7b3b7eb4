//! Letters written and tried by pages, on both databases.

use super::audience::somebody;
use super::mailings::{issue, issue_with_hours, readers, start, state};
use crate::app::{Client, TestApp, each_backend};

/// The form of a letter.
fn form<'a>(version: &'a str, subject: &'a str, source: &'a str) -> [(&'a str, &'a str); 5] {
    [
        ("in", "en"),
        ("version", version),
        ("name", "Mid-Autumn"),
        ("subject", subject),
        ("source", source),
    ]
}

#[test]
fn a_letter_is_saved_in_versions_and_refused_with_the_place() {
    each_backend(|app| {
        let marketing = app.user("marketing", "marketing");
        for page in ["/letters", "/letters/mid_autumn", "/letters/news?in=zh-CN"] {
            marketing.get(page).expect(200);
        }
        marketing.get("/letters/no_such_letter").expect(404);
        let save = |version: &str, source: &str| {
            marketing.post(
                "/letters/mid_autumn",
                &form(version, "Hello {{ addressee }}", source),
            )
        };
        let wrong = save("0", "Dear {{ adressee }}").expect(422);
        assert!(wrong.body.contains("adressee") && wrong.body.contains("“addressee”"));
        // The frame shows what was typed, not the version that is saved.
        assert!(wrong.body.contains("data-typed"), "{}", wrong.body);
        let broken = save("0", "<mj-section>\n<mj-colum></mj-colum></mj-section>").expect(422);
        assert!(broken.body.contains("line 2"), "{}", broken.body);
        save("0", "{{ salutation }},\n\nA full moon to you.").expect(303);
        // Somebody who still has the older version overwrites nothing, and loses nothing either.
        let late = save("0", "{{ salutation }}, mine").expect(409);
        assert!(late.body.contains("mine"));
        let told = "This letter was saved in the meantime";
        assert!(late.body.contains(told), "{}", late.body);
        save("1", "{{ salutation }},\n\nStill a full moon.").expect(303);
        let preview = marketing
            .get("/letters/mid_autumn/preview?in=en&version=1")
            .expect(200);
        assert!(
            preview.body.contains("A full moon to you."),
            "{}",
            preview.body
        );
        let missing = marketing
            .get("/letters/mid_autumn/missing?in=en")
            .expect(200);
        assert!(missing.body.contains("Nobody lacks"), "{}", missing.body);
        let copied = marketing.post("/letters", &[("of", "mid_autumn"), ("name", "Ten years")]);
        assert_eq!(
            copied.expect(303).location.as_deref(),
            Some("/letters/own_1")
        );
        marketing.get("/letters/own_1?in=zh-CN").expect(200);
    });
}

#[test]
fn a_letter_is_tried_on_a_person_and_on_oneself() {
    each_backend(|app| {
        let marketing = app.user("marketing", "marketing");
        let (_, nameless) = somebody(1, "B").name("").write(app);
        let (_, named) = somebody(2, "B").write(app);
        let look = |person: i64| {
            let path = format!("/letters/mid_autumn/preview?in=zh-CN&person={person}");
            marketing.get(&path).expect(200).body
        };
        let shown = look(named);
        assert!(shown.contains("陈立群"));
        // Whoever sees no numbers learns no mailbox by looking at a letter.
        assert!(shown.contains("p***@company2.example"), "{shown}");
        assert!(!shown.contains("person2@company2.example"), "{shown}");
        let missing = look(nameless);
        assert!(
            missing.contains("salutation") && !missing.contains("srcdoc"),
            "{missing}"
        );
        // The letter for two occasions is tried with two, on anybody.
        for person in [0, named] {
            let path = format!("/letters/joint/preview?in=en&person={person}");
            let two = marketing.get(&path).expect(200).body;
            assert!(
                two.contains("Mid-Autumn Festival and National Day fall"),
                "{two}"
            );
        }
        let lacking = marketing
            .get("/letters/mid_autumn/missing?in=zh-CN")
            .expect(200);
        // The company is called after the mailbox here, so its place in the line counts.
        assert!(lacking.body.contains(" · p***@company1.example</p>"));
        tried_on_oneself(app, &marketing);
    });
}

fn tried_on_oneself(app: &TestApp, marketing: &Client) {
    let text = form(
        "0",
        "Hello {{ addressee }}",
        "{{ salutation }},\n\nA trial.",
    );
    let page = marketing
        .post("/letters/mid_autumn/test", &text)
        .expect(200);
    assert!(
        page.body.contains("marketing@example.test"),
        "{}",
        page.body
    );
    let outbox = app.folder.path().join("outbox");
    let files = std::fs::read_dir(outbox).expect("an outbox");
    let files: Vec<_> = files.flatten().map(|entry| entry.path()).collect();
    assert_eq!(files.len(), 1, "{files:?}");
    let letter = std::fs::read(&files[0]).expect("a letter");
    let read = mail_parser::MessageParser::default()
        .parse(&letter)
        .expect("mail");
    assert_eq!(read.subject(), Some("[Trial] Hello Chen Liqun"));
    let head = String::from_utf8_lossy(&letter);
    assert!(head.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"));
    let body = read.body_text(0).expect("plain text");
    assert!(body.contains("A trial.") && body.contains("/u/"), "{body}");
}

#[test]
fn what_readers_lack_is_told_before_anything_goes() {
    each_backend(|app| {
        let marketing = app.user("marketing", "marketing");
        let rep = app.user("rep", "rep");
        somebody(1, "B").owner(rep.actor.id()).write(app);
        somebody(2, "B").write(app);
        for lang in ["zh-CN", "en"] {
            let mut text = form(
                "0",
                "Hello {{ addressee }}",
                "{{ salutation }},\n\nyours, {{ rep_name }}",
            );
            text[0].1 = lang;
            marketing.post("/letters/news", &text).expect(303);
        }
        let new = serde_json::json!({ "kind": "news", "template": "news" });
        let id = marketing.api_post("/mailings", &new).expect(201).json()["id"].clone();
        let looked = marketing.api_post(&format!("/mailings/{id}/preview"), &serde_json::json!({}));
        let figures = looked.expect(200).json()["figures"].clone();
        assert_eq!(figures["in"], 1, "{figures}");
        assert_eq!(figures["missing"]["rep_name"], 1, "{figures}");
        let page = marketing.get(&format!("/mailings/{id}/audience?count=yes&lang=en"));
        let page = page.expect(200).body;
        assert!(page.contains("The rep who has the company 1"), "{page}");
    });
}

#[test]
fn a_mailing_goes_with_the_letter_under_which_it_was_decided() {
    each_backend(|app| {
        let marketing = app.user("shen", "marketing,manager");
        let id = issue_with_hours(&marketing);
        start(&marketing, id);
        let page = || {
            let path = format!("/mailings/{id}?lang=en");
            marketing.get(&path).expect(200).body
        };
        let shown = page();
        assert!(shown.contains("/letters/news\""), "{shown}");
        assert!(!shown.contains("Take the new version"), "{shown}");
        let mut text = form(
            "0",
            "Changed: {{ issue }}",
            "{% for item in items %}{{ item.title }}{% endfor %}",
        );
        marketing.post("/letters/news", &text).expect(303);
        text[1].1 = "1";
        marketing.post("/letters/news", &text).expect(303);
        // Whoever looks learns that the new words do not go, and sees those that do.
        let shown = page();
        assert!(shown.contains("Take the new version"), "{shown}");
        assert!(shown.contains("from=0"), "{shown}");
        marketing
            .post(&format!("/mailings/{id}/plan"), &[])
            .expect(303);
        assert_eq!(state(&marketing, id), "planning");
        assert!(!page().contains("Take the new version"));
    });
}

#[test]
fn a_mailing_goes_with_a_letter_of_the_office_s_own_where_somebody_chooses_it() {
    each_backend(|app| {
        let marketing = app.user("shen", "marketing,manager");
        readers(&marketing);
        let id = issue(&marketing, &[]);
        let page = || {
            let path = format!("/mailings/{id}?lang=en");
            marketing.get(&path).expect(200).body
        };
        assert!(!page().contains("Choose another letter"), "there is one");
        let own = [("of", "news"), ("name", "Ten years")];
        marketing.post("/letters", &own).expect(303);
        let shown = page();
        assert!(shown.contains("Choose another letter"), "{shown}");
        let choose = |code: &str| {
            let path = format!("/mailings/{id}/letter");
            marketing.post(&path, &[("letter", code)]).expect(303)
        };
        // A greeting is no news.
        let told = choose("mid_autumn").told();
        assert!(told.contains("cannot go with that letter"), "{told}");
        assert_eq!(state(&marketing, id), "draft");
        choose("own_1");
        assert_eq!(state(&marketing, id), "planning");
        let shown = page();
        assert!(shown.contains("/letters/own_1\""), "{shown}");
    });
}

#[test]
fn a_mailing_that_a_program_makes_goes_with_a_letter_that_is_for_it() {
    each_backend(|app| {
        let marketing = app.user("shen", "marketing,manager");
        for (kind, occasion, template, code) in [
            ("news", None, "mid_autumn", "mailing_letter_unfit"),
            ("news", None, "nowhere", "mailing_needs_letter"),
            (
                "greeting",
                Some("mid_autumn"),
                "news",
                "mailing_letter_unfit",
            ),
            (
                "greeting",
                Some("dragon_boat"),
                "spring_festival",
                "mailing_letter_unfit",
            ),
        ] {
            let said =
                serde_json::json!({ "kind": kind, "occasion": occasion, "template": template });
            let answer = marketing.api_post("/mailings", &said).expect(422);
            assert_eq!(answer.code(), code, "{said}");
        }
        let usual = serde_json::json!({ "kind": "greeting", "occasion": "mid_autumn", "template": "mid_autumn" });
        marketing.api_post("/mailings", &usual).expect(201);
    });
}
