//! Notices by mail: whole letters in the reader's language, each once.

use std::collections::BTreeMap;

use canvass::qualifying::Grade;
use canvass::schema::users;
use canvass::selling::jobs;
use chrono::TimeDelta;
use diesel::prelude::*;
use mail_parser::MessageParser;
use serde_json::json;

use super::build::{lead, open, outbox, territory, tick};
use crate::app::{Client, TestApp, each_backend};

/// What a mail program reads: to whom, subject, text.
fn letters(app: &TestApp) -> Vec<(String, String, String)> {
    let files = std::fs::read_dir(outbox(app).outbox().folder()).expect("a folder");
    let files: BTreeMap<_, _> = files
        .flatten()
        .map(|file| {
            let name = file.file_name().to_string_lossy().into_owned();
            let number = name.trim_start_matches("notice-").trim_end_matches(".eml");
            let number: i64 = number.parse().unwrap_or_else(|_| panic!("{name}"));
            (number, std::fs::read(file.path()).expect("a letter"))
        })
        .collect();
    let read = |letter: Vec<u8>| {
        let letter = MessageParser::default().parse(&letter).expect("a letter");
        let to = letter.to().and_then(|to| to.first()?.address());
        let text = letter.body_text(0).expect("a text");
        let subject = letter.subject().expect("a subject");
        (
            to.expect("a reader").to_owned(),
            subject.to_owned(),
            text.into_owned(),
        )
    };
    files.into_values().map(read).collect()
}

fn speaks(app: &TestApp, client: &Client, language: &'static str) {
    let id = client.actor.id();
    app.write(move |conn| {
        let row = diesel::update(users::table.find(id));
        row.set(users::language.eq(Some(language))).execute(conn)?;
        Ok(())
    });
}

#[test]
fn a_letter_says_what_happened_in_the_language_of_its_reader() {
    each_backend(|app| {
        let (manager, agent) = (app.user("gu", "manager"), app.user("lin", "agent"));
        let (marketing, rep) = (app.user("shen", "marketing"), app.user("xu", "rep"));
        speaks(app, &manager, "en");
        speaks(app, &agent, "en");
        speaks(app, &rep, "zh-CN");
        territory(app, &manager, &rep, &[], &[]);
        let name = "苏州砚川精密机械有限公司";
        let root = lead(&marketing, name, "苏州", "通用设备", 1);
        let other = lead(
            &marketing,
            "无锡拓岚自动化设备有限公司",
            "无锡",
            "通用设备",
            2,
        );
        let id = open(app, &agent, root, Grade::A);
        let path = format!("/handovers/{id}/reject");
        let why = json!({ "reason": "总部在上海采购" });
        rep.api_post(&path, &why).expect(200);
        open(app, &agent, other, Grade::A);
        app.advance(TimeDelta::hours(6));
        tick(app);
        jobs::deliver(&app.db, &outbox(app)).expect("letters are written");
        jobs::deliver(&app.db, &outbox(app)).expect("and written once");
        let all = letters(app);
        let says = |n: usize, to: &str, subject: &str, text: &str| {
            let (whose, head, body) = &all[n];
            assert_eq!(whose, &format!("{to}@example.test"), "{all:?}");
            assert!(head.contains(subject) && body.contains(text), "{all:?}");
        };
        says(
            0,
            "xu",
            "扫街：苏州砚川精密机械有限公司移交给您，请在",
            "https://canvass.example/handovers",
        );
        says(
            1,
            "lin",
            "Canvass: xu gave 苏州砚川精密机械有限公司 back: 总部在上海采购",
            &format!("https://canvass.example/companies/{root}"),
        );
        says(2, "xu", "无锡拓岚自动化设备有限公司移交给您", "请在");
        let last = all.last().expect("a letter");
        assert_eq!(last.0, "gu@example.test", "{all:?}");
        assert!(
            last.1
                .contains("No rep can take 无锡拓岚自动化设备有限公司"),
            "{all:?}"
        );
        assert!(last.2.contains("/handovers?state=with_manager"), "{all:?}");
    });
}
