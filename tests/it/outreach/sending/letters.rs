//! What a letter says in its head: what the standards ask for, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use canvass::outreach::rules::link::Link;
use canvass::platform::clock;
use canvass::platform::mailer::keys;
use canvass::registry::rules::hash::hash64;
use canvass::schema as s;
use diesel::prelude::*;
use mail_parser::{HeaderValue, MessageParser, PartType};

use super::{FIRST, Running, mailing_state, one_domain, start_mailing, until};
use crate::app::{TestApp, each_backend};
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

/// A company of a rep.
fn company_of(app: &TestApp, name: &'static str, owner_id: Option<i64>) -> i64 {
    app.write(move |conn| {
        let now = clock::now(conn)?;
        let id = diesel::insert_into(s::company::table)
            .values((
                s::company::root_id.eq(0_i64),
                s::company::name.eq(name),
                s::company::name_key.eq(hash64(name)),
                s::company::owner_id.eq(owner_id),
                s::company::state.eq(if owner_id.is_some() { "owned" } else { "new" }),
                s::company::winners.eq("[]"),
                s::company::created_at.eq(now),
            ))
            .returning(s::company::id)
            .get_result::<i64>(conn)?;
        diesel::update(s::company::table.find(id))
            .set(s::company::root_id.eq(id))
            .execute(conn)?;
        Ok(id)
    })
}

/// Letters that were planned for people of these companies, while the companies were this rep's.
fn planned_at(app: &TestApp, mailing: i64, owner_id: i64, companies: Vec<i64>) {
    app.write(move |conn| {
        for (n, company) in companies.into_iter().enumerate() {
            let person = FIRST + n as i64;
            let one = s::delivery::table
                .filter(s::delivery::mailing_id.eq(mailing))
                .filter(s::delivery::person_id.eq(person));
            diesel::update(one)
                .set((
                    s::delivery::company_id.eq(Some(company)),
                    s::delivery::owner_id.eq(Some(owner_id)),
                ))
                .execute(conn)?;
        }
        Ok(())
    });
}

#[test]
fn a_letter_names_whose_customer_it_is_when_it_is_written() {
    each_backend(|app| {
        let (lin, zhao) = (app.user("lin", "rep"), app.user("zhao", "rep"));
        let (lin, zhao) = (lin.actor.id(), zhao.actor.id());
        let stays = company_of(app, "苏州一公司", Some(lin));
        let merged = company_of(app, "苏州二公司", Some(lin));
        let survivor = company_of(app, "苏州三公司", Some(zhao));
        let handed_on = company_of(app, "苏州四公司", Some(lin));
        let let_go = company_of(app, "苏州五公司", Some(lin));
        let id = start_mailing(app, 5, "greeting", one_domain);
        // The fifth is at no company at all.
        planned_at(app, id, lin, vec![stays, merged, handed_on, let_go]);
        app.write(move |conn| {
            diesel::update(s::company::table.find(merged))
                .set((
                    s::company::merged_into.eq(Some(survivor)),
                    s::company::root_id.eq(survivor),
                ))
                .execute(conn)?;
            for (company, owner) in [(handed_on, Some(zhao)), (let_go, None)] {
                diesel::update(s::company::table.find(company))
                    .set(s::company::owner_id.eq(owner))
                    .execute(conn)?;
            }
            Ok(())
        });
        let sink = Sink::open();
        let running = Running::of(app, &sink);
        until("it is through", 30, || mailing_state(&app.db, id) == "done");
        drop(running);
        let answers: BTreeMap<String, Option<String>> = sink
            .taken()
            .iter()
            .map(|letter| (letter.to.clone(), answers_go_to(&letter.bytes)))
            .collect();
        let of = |n: usize| answers[&format!("chen{n}@kehu.example")].as_deref();
        assert_eq!(of(0), Some("lin@example.test"));
        assert_eq!(
            of(1),
            Some("zhao@example.test"),
            "of the company that stays"
        );
        assert_eq!(of(2), Some("zhao@example.test"), "who has it now");
        assert_eq!((of(3), of(4)), (None, None), "nobody's");
    });
}

/// The address of `Reply-To`.
fn answers_go_to(letter: &[u8]) -> Option<String> {
    let read = MessageParser::default().parse(letter)?;
    let address = read.reply_to()?.first()?.address()?;
    Some(address.to_owned())
}
