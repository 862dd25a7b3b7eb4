//! What a letter says in its head: what the standards ask for, and nothing else.

use std::collections::BTreeSet;

use canvass::outreach::rules::link::Link;
use canvass::platform::mailer::keys;
use mail_parser::{HeaderValue, MessageParser, PartType};

use super::{FIRST, Running, mailing_state, one_domain, start_mailing, until};
use crate::app::TestApp;
use crate::outreach::sink::Sink;
use canvass::platform::db::Backend;

#[test]
fn a_letter_is_clean_by_the_standards() {
    let app = TestApp::on(Backend::Sqlite);
    let sink = Sink::open();
    let id = start_mailing(&app, 3, "greeting", one_domain);
    let running = Running::of(&app, &sink);
    until("it is through", 30, || mailing_state(&app.db, id) == "done");
    drop(running);
    let mut taken = sink.taken();
    taken.sort_by(|a, b| a.to.cmp(&b.to));
    let letter = &taken[0];
    let text = String::from_utf8(letter.bytes.clone()).expect("ASCII alone");
    assert!(text.is_ascii());
    assert!(
        !text.replace("\r\n", "").contains(['\r', '\n']),
        "lines end with CR LF"
    );
    assert!(
        text.split("\r\n").all(|line| line.len() <= 998),
        "no line is too long"
    );
    let (head, _) = text.split_once("\r\n\r\n").expect("a head");
    for name in [
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "MIME-Version",
        "Auto-Submitted",
    ] {
        let n = head
            .split("\r\n")
            .filter(|l| l.starts_with(&format!("{name}: ")))
            .count();
        assert_eq!(n, 1, "{name} once: {head}");
    }
    let read = MessageParser::default()
        .parse(&letter.bytes)
        .expect("a message");
    let field = |name: &str| {
        let value = read.header(name).unwrap_or_else(|| panic!("{name}"));
        value.as_text().map(str::to_owned)
    };
    assert_eq!(
        read.message_id(),
        Some(format!("greeting.{id}.{FIRST}.0@chenglan.example").as_str())
    );
    assert_eq!(
        field("List-Unsubscribe-Post").as_deref(),
        Some("List-Unsubscribe=One-Click")
    );
    assert_eq!(field("Auto-Submitted").as_deref(), Some("auto-generated"));
    assert!(
        head.contains("\r\nList-ID: <greetings.chenglan.example>\r\n"),
        "{head}"
    );
    let link = read.header_raw("List-Unsubscribe").expect("a link").trim();
    let link = link.trim_start_matches('<').trim_end_matches('>');
    let token = link
        .strip_prefix("https://canvass.example/u/")
        .expect("our link");
    let ring = keys::ring(app.folder.path()).expect("keys");
    let meant = Link::read(&ring, token).expect("signed by us");
    assert_eq!((meant.person_id, meant.mailing_id), (FIRST, Some(id)));
    assert!(matches!(read.header("From"), Some(HeaderValue::Address(_))));
    let kinds: Vec<&str> = read
        .parts
        .iter()
        .map(|part| match part.body {
            PartType::Text(_) => "text",
            PartType::Html(_) => "html",
            PartType::Multipart(_) => "several",
            _ => "other",
        })
        .collect();
    assert_eq!(kinds, ["several", "text", "html"], "text first, then HTML");
    let body = read.body_html(0).expect("HTML");
    assert!(body.contains(link), "the same link stands in the letter");
    assert!(body.len() < 102 * 1024, "Gmail cuts nothing off");
    assert!(read.body_text(0).expect("text").contains("陈静0"));
    // Each is another one: of another person, with another link, and what comes back says which.
    let ids: BTreeSet<String> = taken.iter().map(|l| l.message_id()).collect();
    assert_eq!(ids.len(), 3);
    let returns: BTreeSet<&str> = taken.iter().map(|l| l.from.as_str()).collect();
    assert_eq!(returns.len(), 3, "{returns:?}");
    let is_marked = |to: &&str| to.starts_with("hello+") && to.ends_with("@chenglan.example");
    assert!(returns.iter().all(is_marked), "{returns:?}");
}
