//! 中秋 2026 with the sample lists, by the program alone: nobody presses anything.

use std::collections::BTreeSet;
use std::path::Path;

use canvass::flows::demo;
use canvass::platform::clock;
use chrono::{DateTime, NaiveDateTime, Utc};
use serde_json::{Value, json};

use super::{Program, end, mailing_state, set_clock, until};
use crate::app::{Client, opening};
use crate::crash::{Place, each_place};

/// Who of the samples is B, C or D, may be greeted, keeps the day and has a mailbox.
const EXPECTED: [&str; 25] = [
    "contact0@yc0.example.com",
    "contact100@sem0.example.com",
    "contact104@sem4.example.com",
    "contact108@sem8.example.com",
    "contact10@yc10.example.com",
    "contact112@sem12.example.com",
    "contact116@sem16.example.com",
    "contact120@sem20.example.com",
    "contact124@sem24.example.com",
    "contact128@sem28.example.com",
    "contact132@sem32.example.com",
    "contact136@sem36.example.com",
    "contact140@sem40.example.com",
    "contact15@yc15.example.com",
    "contact20@yc20.example.com",
    "contact25@yc25.example.com",
    "contact30@yc30.example.com",
    "contact35@yc35.example.com",
    "contact40@yc40.example.com",
    "contact45@yc45.example.com",
    "contact50@yc50.example.com",
    "contact55@yc55.example.com",
    "contact5@yc5.example.com",
    "contact60@yc60.example.com",
    "jason@example5.org",
];

/// An instant of September 2026 in Shanghai.
fn sh(text: &str) -> NaiveDateTime {
    let text = format!("2026-09-{text}:00+08:00");
    let at = DateTime::parse_from_rfc3339(&text).expect("an instant");
    at.naive_utc()
}

/// To whom the letters in the outbox go; notices to our own people are no letters.
fn outbox(place: &Place) -> Vec<String> {
    let Ok(files) = std::fs::read_dir(place.folder.path().join("outbox")) else {
        return Vec::new();
    };
    let files = files.flatten().map(|file| file.path());
    let is_letter = |path: &Path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with("delivery-") && name.ends_with(".eml")
    };
    let mut all: Vec<String> = files
        .filter(|path| is_letter(path))
        .map(|path| to(&path))
        .collect();
    all.sort();
    all
}

fn to(letter: &Path) -> String {
    let bytes = std::fs::read(letter).expect("a letter");
    let text = String::from_utf8_lossy(&bytes).replace("\r\n ", " ");
    let line = text.lines().find(|line| line.starts_with("To: "));
    let line = line.expect("a receiver").trim_start_matches("To: ");
    let address = line.rsplit('<').next().unwrap_or(line);
    address.trim_end_matches('>').to_owned()
}

fn set_now(program: &Program, now: NaiveDateTime) {
    program.write(move |conn| Ok(clock::set(conn, now, false)?));
}

fn of_autumn(marketing: &Client) -> Value {
    let path = "/greetings/calendar?from=2026-09-20&to=2026-09-30";
    let found = marketing.api(path).expect(200).json();
    let all = found["greetings"].as_array().expect("a list").iter();
    let mut autumn = all.filter(|one| one["occasion"] == "mid_autumn");
    autumn.next().expect("it is greeted").clone()
}

#[test]
fn autumn_goes_to_exactly_the_people_of_the_samples_at_ten_o_clock() {
    each_place(|place| {
        set_clock(place, opening());
        demo::fill(&place.open()).expect("the samples");
        let token = place.run(&[
            "token",
            "add",
            "--user",
            "marketing@demo.example",
            "--name",
            "t",
        ]);
        let token = String::from_utf8_lossy(&token.stdout).trim().to_owned();
        let program = Program::start(place, None);
        let marketing = program.client(&token);
        let qingming = json!({ "kind": "greeting", "occasion": "清明" });
        let refused = marketing.api_post("/mailings", &qingming).expect(422);
        assert_eq!(refused.code(), "never_greeted_qingming");
        let autumn = of_autumn(&marketing);
        assert_eq!(autumn["sent_on"], "2026-09-24");
        assert_eq!(autumn["send_from"], "2026-09-24T02:00:00Z");
        let id = autumn["mailing"]["id"].as_i64().expect("it is made");
        // Reps may answer until the evening before; silence means yes.
        set_now(&program, sh("23T17:00"));
        until("it is approved by itself", 30, || {
            mailing_state(&program.db, id) == "scheduled"
        });
        set_now(&program, sh("24T09:58"));
        std::thread::sleep(std::time::Duration::from_millis(1_500));
        assert_eq!(outbox(place), Vec::<String>::new(), "not before its moment");
        set_now(&program, sh("24T10:00"));
        program.until_through(id, 60);
        assert_eq!(outbox(place), EXPECTED);
        everybody_is_told(&marketing, id);
        end(program, place);
    });
}

/// Who got one and when, and why everybody else did not.
fn everybody_is_told(marketing: &Client, id: i64) {
    let told = marketing.api(&format!("/deliveries?mailing={id}&limit=500"));
    let told = told.expect(200).json();
    let all = told["deliveries"].as_array().expect("a list");
    let sent: BTreeSet<&str> = all
        .iter()
        .filter(|one| one["state"] == "sent")
        .filter_map(|one| one["address"].as_str())
        .collect();
    // Marketing sees no numbers, and so no mailboxes.
    let masked = EXPECTED.map(|address| {
        let (name, domain) = address.split_once('@').expect("a mailbox");
        format!("{}***@{domain}", &name[..1])
    });
    assert_eq!(sent, masked.iter().map(String::as_str).collect());
    for one in all {
        if one["state"] == "sent" {
            let at: DateTime<Utc> = one["sent_at"]
                .as_str()
                .and_then(|at| at.parse().ok())
                .expect("a moment");
            assert!(
                (sh("24T10:00")..sh("24T11:30")).contains(&at.naive_utc()),
                "{one}"
            );
            continue;
        }
        assert_eq!(one["state"], "left_out", "{one}");
        let code = one["reason"]["code"].as_str().unwrap_or_default();
        assert!(
            ["no_address", "not_kept", "ungraded"].contains(&code),
            "{one}"
        );
        assert!(
            one["why"].as_str().is_some_and(|why| !why.is_empty()),
            "{one}"
        );
    }
}
