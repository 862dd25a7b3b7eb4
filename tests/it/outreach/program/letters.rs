//! A letter as it arrives: what its head says, who signs it, and what its link does.

use std::collections::BTreeSet;

use canvass::platform::clock;
use chrono::TimeDelta;
use mail_parser::MessageParser;

use super::{Program, end, mail_to, seed};
use crate::crash::{Place, Server, each_place};
use crate::outreach::sink::{Sink, Taken};

/// A key for tests alone.
const KEY: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/src/platform/mailer/dkim_test_key.pem"
);

fn signing(place: &Place, variables: &[(&str, &str)]) -> Server {
    let mut variables = variables.to_vec();
    variables.push(("CANVASS_DKIM_KEY_FILE", KEY));
    variables.push(("CANVASS_DKIM_SELECTOR", "autumn"));
    Server::with(place, &variables)
}

/// Fields of the head, unfolded, by name.
fn fields(letter: &Taken, name: &str) -> Vec<String> {
    let text = String::from_utf8(letter.bytes.clone()).expect("ASCII alone");
    let (head, _) = text.split_once("\r\n\r\n").expect("a head");
    let head = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    let begins = format!("{name}: ");
    let found = head.split("\r\n").filter_map(|l| l.strip_prefix(&begins));
    found.map(str::to_owned).collect()
}

#[track_caller]
fn once(letter: &Taken, name: &str) -> String {
    let mut all = fields(letter, name);
    assert_eq!(all.len(), 1, "{name}: {all:?}");
    all.remove(0)
}

#[test]
fn a_letter_is_signed_comes_back_to_its_own_address_and_ends_by_one_click() {
    each_place(|place| {
        place.user("fang", "admin");
        let id = seed(place, 4, "greeting", |_| "kehu.example".into());
        let sink = Sink::open();
        let program = Program::of(signing, place, Some(&sink));
        program.until_through(id, 60);
        let taken = sink.taken();
        assert_eq!(taken.len(), 4);
        for letter in &taken {
            is_clean(letter);
        }
        let different = |of: &dyn Fn(&Taken) -> String| {
            let all: BTreeSet<String> = taken.iter().map(of).collect();
            all.len()
        };
        assert_eq!(different(&|letter| once(letter, "Message-ID")), 4);
        assert_eq!(different(&|letter| letter.from.clone()), 4);
        // The office has not said its name: whoever is set up as the sender signs.
        let read = MessageParser::default().parse(&taken[0].bytes);
        let read = read.expect("a message");
        let from = read.from().and_then(|from| from.first()).expect("a sender");
        assert_eq!(from.name(), Some("澄澜软件"));
        let body = read.body_text(0).expect("text");
        assert!(body.contains("澄澜软件"), "{body}");
        // One of them clicks; the next mailing leaves them out.
        let link = once(&taken[0], "List-Unsubscribe");
        let link = link.trim_start_matches('<').trim_end_matches('>');
        let path = link
            .strip_prefix("https://canvass.example")
            .expect("our link");
        let reader = program.client("");
        reader.get(path).expect(200);
        let click = [("List-Unsubscribe", "One-Click")];
        let answer = reader.post_without_token(path, &click).expect(200);
        assert_eq!(answer.location, None, "no redirect");
        program.advance(TimeDelta::days(40));
        let next = program.write(|conn| {
            let now = clock::now(conn)?;
            mail_to(conn, now, 4, "news", |_| "kehu.example".into())
        });
        program.until_through(next, 60);
        let told = program.states(next);
        assert_eq!((told["sent"], told["withheld"]), (3, 1), "{told:?}");
        let again = sink.taken().split_off(4);
        assert!(again.iter().all(|letter| letter.to != taken[0].to));
        for letter in &again {
            let subject = once(letter, "Subject");
            let read = MessageParser::default().parse(&letter.bytes);
            let shown = read.and_then(|read| read.subject().map(str::to_owned));
            assert!(
                shown.is_some_and(|s| s.starts_with("（广告）")),
                "{subject}"
            );
        }
        end(program, place);
    });
}

/// RFC 5322, 2369, 2919, 8058 and 6376, as far as a head shows it.
#[track_caller]
fn is_clean(letter: &Taken) {
    let names = [
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "MIME-Version",
        "Content-Type",
        "List-ID",
        "Feedback-ID",
    ];
    for name in names {
        once(letter, name);
    }
    assert_eq!(once(letter, "Auto-Submitted"), "auto-generated");
    let post = once(letter, "List-Unsubscribe-Post");
    assert_eq!(post, "List-Unsubscribe=One-Click");
    assert!(once(letter, "List-Unsubscribe").starts_with("<https://"));
    assert!(letter.from.starts_with("hello+") && letter.from.ends_with("@chenglan.example"));
    let signature = once(letter, "DKIM-Signature");
    for part in [
        "a=rsa-sha256",
        "d=chenglan.example",
        "s=autumn",
        "c=relaxed/relaxed",
    ] {
        assert!(signature.contains(part), "{part}: {signature}");
    }
    let signed = signature.split(';').map(str::trim);
    let signed = signed.filter_map(|part| part.strip_prefix("h=")).next();
    let signed = signed.expect("what is signed").to_lowercase();
    let signed: BTreeSet<&str> = signed.split(':').map(str::trim).collect();
    for name in [
        "from",
        "subject",
        "list-unsubscribe",
        "list-unsubscribe-post",
        "list-id",
    ] {
        assert!(signed.contains(name), "{name}: {signed:?}");
    }
}
