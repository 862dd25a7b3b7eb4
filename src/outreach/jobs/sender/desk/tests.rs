use chrono::DateTime;

use std::sync::Arc;

use super::*;
use crate::outreach::jobs::sender::wire::OwnFolder;
use crate::outreach::jobs::sender::writing::Draft;
use crate::outreach::model::MailingKind;
use crate::outreach::rules::lanes::PER_CONNECTION;
use crate::platform::mailer::{Envelope, Mail, Person};

/// A letter to a domain, of a mailing.
fn parcel(id: i64, mailing_id: i64, domain: &str) -> Parcel {
    let folder = tempfile::tempdir().expect("a folder");
    let log = OwnFolder::make(folder.path()).and_then(|own| own.begin(1));
    let at = DateTime::UNIX_EPOCH.naive_utc();
    Parcel {
        claim_id: 1,
        kind: MailingKind::News,
        held: Held {
            id,
            mailing_id,
            person_id: id,
            company_id: None,
            owner_id: None,
            address: format!("chen{id}@{domain}"),
            domain: domain.into(),
            language: None,
            priority: 0,
            due_at: at,
            until_at: None,
            attempts: 0,
        },
        draft: Draft {
            mail: Mail {
                name: format!("delivery-{id}"),
                message_id: format!("news.1.{id}.0@a.example"),
                from_name: None,
                reply_to: None,
                to: Person::at(format!("chen{id}@{domain}")),
                subject: String::new(),
                text: String::new(),
                html: None,
                at,
                bulk: None,
                return_to: None,
            },
            envelope: Envelope {
                from: "hello@a.example".parse().expect("an address"),
                to: format!("chen{id}@{domain}").parse().expect("an address"),
            },
            words: None,
        },
        log: Arc::new(log.expect("a log")),
        heard: Heard::default(),
        is_rehearsal: true,
        good_until: Instant::now(),
        until: None,
        tries: 0,
    }
}

fn said(text: &str) -> Reply {
    Reply {
        code: Some(451),
        text: text.into(),
    }
}

/// Takes letters until none may leave.
fn all(desk: &mut Desk, now: Instant) -> Vec<Parcel> {
    let mut taken = Vec::new();
    while let Next::Parcel(parcel) = desk.next(0, now) {
        taken.push(*parcel);
    }
    taken
}

#[test]
fn lanes_take_turns_and_none_takes_more_than_it_is_wide() {
    let (mut desk, now) = (Desk::default(), Instant::now());
    let many = (0..50).map(|n| parcel(n, 1, "big.example"));
    desk.put(many, now);
    desk.put([parcel(90, 1, "small.example")], now);
    let taken = all(&mut desk, now);
    let domains: Vec<&str> = taken.iter().map(|p| p.held.domain.as_str()).collect();
    assert_eq!(domains, ["big.example", "small.example", "big.example"]);
    desk.answered("big.example", Answer::Taken, &said(""), 1, now);
    assert_eq!(all(&mut desk, now).len(), 1);
    assert!(!desk.is_idle());
}

#[test]
fn letters_that_may_not_leave_do_not_fill_the_desk() {
    let (mut desk, now) = (Desk::default(), Instant::now());
    desk.put((1..=300).map(|n| parcel(n, 1, "slow.example")), now);
    assert!(
        desk.is_full(now),
        "as far as anybody knows they leave at once"
    );
    assert_eq!(desk.rooms(now).of("slow.example"), 0);
    assert_eq!(desk.rooms(now).of("other.example"), UNKNOWN);
    let mut later = now;
    for _ in 0..3 {
        later += Duration::from_secs(40);
        for _ in all(&mut desk, later) {
            desk.answered(
                "slow.example",
                Answer::SlowDown,
                &said("421 slower"),
                1,
                later,
            );
        }
    }
    assert!(
        !desk.is_full(later),
        "its lane rests, so others are claimed"
    );
    let news = desk.news(later);
    assert_eq!(news.len(), 1);
    assert_eq!(news[0].2.as_deref(), Some("421 slower"));
    assert!(desk.news(later).is_empty(), "told once");
}

#[test]
fn what_comes_counts_before_its_domain_has_a_lane() {
    let (mut desk, now) = (Desk::default(), Instant::now());
    let coming = HashMap::from([("new.example".to_owned(), 150)]);
    desk.comes(&coming);
    assert_eq!(desk.rooms(now).of("new.example"), UNKNOWN - 150);
    assert_eq!(desk.rooms(now).of("other.example"), UNKNOWN);
    desk.came(&coming);
    assert_eq!(desk.rooms(now).of("new.example"), UNKNOWN);
}

#[test]
fn nothing_of_a_mailing_that_is_held_leaves() {
    let (mut desk, now) = (Desk::default(), Instant::now());
    desk.put((0..4).map(|n| parcel(n, n % 2, "a.example")), now);
    desk.hold_back(1);
    let gone = desk.withdraw(|parcel| parcel.held.mailing_id == 1);
    assert_eq!(gone.len(), 2);
    // What was claimed before the pause comes to the desk behind it.
    desk.put([parcel(9, 1, "a.example")], now);
    assert_eq!(desk.mailings(), BTreeSet::from([0, 1]));
    assert!(all(&mut desk, now).iter().all(|p| p.held.mailing_id == 0));
    let back = desk.withdraw(|_| false);
    assert_eq!(back.len(), 1, "it goes back untried");
    desk.goes_on(&BTreeSet::from([1]));
    desk.put([parcel(10, 1, "b.example")], now);
    assert_eq!(all(&mut desk, now).len(), 1);
}

#[test]
fn a_relay_that_is_away_rests_and_keeps_its_letters() {
    let (mut desk, now) = (Desk::default(), Instant::now());
    desk.put([parcel(1, 1, "a.example")], now);
    let first = all(&mut desk, now).pop().expect("a letter");
    assert!(desk.relay_fails(first, now), "the first time is told");
    assert!(all(&mut desk, now).is_empty());
    let later = now + Duration::from_secs(2);
    let again = all(&mut desk, later).pop().expect("the same letter");
    assert!(!desk.relay_fails(again, later));
    assert!(desk.relay_works(), "that it is back is told");
    assert!(!desk.relay_works());
    assert_eq!(all(&mut desk, later).len(), 1);
}

#[test]
fn a_letter_that_is_announced_lies_on_the_desk_until_its_worker_is_free() {
    let (mut desk, now) = (Desk::default(), Instant::now());
    desk.put((1..=3).map(|n| parcel(n, 1, &format!("{n}.example"))), now);
    assert!(matches!(desk.next(0, now), Next::Parcel(first) if first.held.id == 1));
    let ahead = desk.lay_ahead(0, 1, now).expect("a letter");
    assert_eq!(ahead.held.id, 2);
    assert_eq!(desk.held(|_| true).len(), 2, "a word finds it");
    assert!(matches!(desk.next(1, now), Next::Parcel(other) if other.held.id == 3));
    assert!(
        matches!(desk.next(1, now), Next::Wait(_)),
        "it is another's"
    );
    assert!(matches!(desk.next(0, now), Next::Parcel(own) if own.held.id == 2));
}

#[test]
fn a_letter_behind_a_slow_one_is_taken_by_whoever_is_free() {
    let (mut desk, now) = (Desk::default(), Instant::now());
    desk.put([parcel(1, 1, "a.example")], now);
    desk.lay_ahead(0, 1, now).expect("a letter");
    let later = now + Duration::from_millis(200);
    assert!(matches!(desk.next(1, later), Next::Parcel(late) if late.held.id == 1));
    assert!(matches!(desk.next(0, later), Next::Wait(_)));
}

#[test]
fn a_letter_that_is_announced_is_withdrawn_like_any_other() {
    let (mut desk, now) = (Desk::default(), Instant::now());
    desk.put((1..=2).map(|n| parcel(n, n, "a.example")), now);
    desk.lay_ahead(0, 1, now).expect("a letter");
    assert_eq!(desk.mailings(), BTreeSet::from([1, 2]));
    assert_eq!(desk.withdraw(|parcel| parcel.held.mailing_id == 1).len(), 1);
    assert!(matches!(desk.next(0, now), Next::Parcel(other) if other.held.id == 2));
    desk.came_back("a.example");
    assert!(desk.is_idle());
}

#[test]
fn a_letter_is_announced_only_where_its_connection_may_take_it() {
    let (mut desk, now) = (Desk::default(), Instant::now());
    desk.put([parcel(1, 1, "a.example")], now);
    assert!(desk.lay_ahead(0, PER_CONNECTION, now).is_none());
    assert!(desk.lay_ahead(0, PER_CONNECTION - 1, now).is_some());
    let (mut deaf, now) = (Desk::default(), Instant::now());
    deaf.put([parcel(1, 1, "a.example")], now);
    deaf.goes_deaf();
    assert!(deaf.lay_ahead(0, 1, now).is_none());
}
