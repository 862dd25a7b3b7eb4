use std::collections::BTreeMap;

use super::*;
use crate::consent::Scope;
use crate::consent::rules::{Ground, GroundTable, Purpose};
use crate::outreach::rules::cadence::CadenceRules;
use crate::outreach::rules::mail_rules::MailRules;
use crate::outreach::rules::news_choice::ItemTags;
use crate::outreach::rules::occasions::Occasion;
use crate::platform::i18n::Lang;
use crate::qualifying::Grade;

/// A mailing of mid-autumn to B, C and D.
fn greeting() -> Book {
    Book {
        purpose: Purpose::Greeting,
        is_great: true,
        grades: vec![Grade::B, Grade::C, Grade::D],
        grounds: GroundTable::default(),
        cadence: CadenceRules::default(),
        mail: MailRules::default(),
        items: None,
        needs: BTreeMap::from([
            ("zh-CN".into(), vec!["salutation"]),
            ("en".into(), vec!["salutation"]),
        ]),
        language: Lang::Zh,
    }
}

/// 端午, which D does not get.
fn small_greeting() -> Book {
    Book {
        is_great: false,
        ..greeting()
    }
}

fn news() -> Book {
    Book {
        purpose: Purpose::News,
        ..small_greeting()
    }
}

fn mailbox(address: &str, is_good: bool) -> Mailbox {
    Mailbox {
        address: address.into(),
        is_good,
    }
}

/// Somebody who gets everything.
fn person() -> PersonFacts {
    PersonFacts {
        person_id: 11,
        name: Some("陈立群".into()),
        ground: Some(Ground::Consent),
        mailboxes: vec![mailbox("chenlq@yanchuan.example", true)],
        company: Some(CompanyFacts {
            id: 5,
            grade: Some(Grade::B),
            owner_id: Some(7),
            ..CompanyFacts::default()
        }),
        ..PersonFacts::default()
    }
}

fn with(change: impl FnOnce(&mut PersonFacts)) -> PersonFacts {
    let mut facts = person();
    change(&mut facts);
    facts
}

/// The same at their company.
fn at(change: impl FnOnce(&mut CompanyFacts)) -> PersonFacts {
    with(|facts| change(facts.company.as_mut().unwrap()))
}

fn graded(grade: Grade) -> PersonFacts {
    at(|company| company.grade = Some(grade))
}

/// `in`, or the code of the reason.
fn code(facts: &PersonFacts, book: &Book) -> &'static str {
    match decide(facts, book) {
        Verdict::In(_) => "in",
        Verdict::Out(reason) => reason.code(),
    }
}

#[test]
fn a_greeting_goes_to_whom_the_table_says() {
    use Ground::{CardExchange, Contract, Inquiry, PublicSource, Referral};
    let on = |ground| with(|f| f.ground = ground);
    for (facts, verdict) in [
        (person(), "in"),
        (graded(Grade::C), "in"),
        (graded(Grade::D), "in"),
        (graded(Grade::A), "by_hand"),
        (graded(Grade::E), "other_grade"),
        (at(|c| c.grade = None), "ungraded"),
        (with(|f| f.company = None), "no_company"),
        (on(Some(Contract)), "in"),
        (on(Some(Inquiry)), "in"),
        (on(Some(CardExchange)), "in"),
        (on(Some(PublicSource)), "not_carried"),
        (on(Some(Referral)), "not_carried"),
        (on(None), "no_ground"),
        (with(|f| f.is_refused = true), "refused"),
        (with(|f| (f.is_refused, f.ground) = (true, None)), "refused"),
        (with(|f| f.silenced = Some(Scope::Email)), "silenced"),
        (with(|f| f.silenced = Some(Scope::Domain)), "silenced"),
        (with(|f| f.silenced = Some(Scope::Company)), "silenced"),
        (at(|c| c.is_abroad = true), "not_kept"),
        (at(|c| c.has_complaint = true), "complaint"),
        (at(|c| c.has_quotation = true), "quotation"),
        (
            with(|f| f.same_morning = Some(Occasion::Birthday)),
            "same_morning",
        ),
        (with(|f| f.touches = 5), "in"),
        (with(|f| f.touches = 6), "capped"),
        (with(|f| (f.touches, f.waiting) = (5, 1)), "capped"),
        (at(|c| c.touches = 6), "capped"),
        (with(|f| f.news_days_ago = Some(0)), "in"),
        (with(|f| f.mailboxes.clear()), "no_address"),
        (with(|f| f.mailboxes[0].is_good = false), "bad_address"),
        (
            with(|f| f.mailboxes.insert(0, mailbox("old@x.example", false))),
            "in",
        ),
        (
            with(|f| f.holder = Some(Holder::SameMailbox(3))),
            "same_mailbox",
        ),
        (
            with(|f| f.holder = Some(Holder::MaybeSame(3))),
            "maybe_same",
        ),
        (with(|f| f.name = None), "no_salutation"),
        (with(|f| f.name = Some("  ".into())), "no_salutation"),
        (
            with(|f| (f.name, f.name_en) = (None, Some("Chen".into()))),
            "in",
        ),
        (with(|f| f.is_too_late = true), "too_late"),
    ] {
        assert_eq!(code(&facts, &greeting()), verdict, "{facts:?}");
    }
}

#[test]
fn only_great_greetings_go_to_d() {
    for (grade, great, small) in [
        (Grade::B, "in", "in"),
        (Grade::C, "in", "in"),
        (Grade::D, "in", "great_only"),
    ] {
        assert_eq!(code(&graded(grade), &greeting()), great, "{grade:?}");
        assert_eq!(code(&graded(grade), &small_greeting()), small, "{grade:?}");
        // The calendar makes a small greeting for B and C only; D is told the same.
        let for_two = Book {
            grades: vec![Grade::B, Grade::C],
            ..small_greeting()
        };
        assert_eq!(code(&graded(grade), &for_two), small, "{grade:?}");
    }
}

#[test]
fn news_asks_for_more_than_a_greeting() {
    for (facts, verdict) in [
        (person(), "in"),
        (graded(Grade::A), "other_grade"),
        (graded(Grade::D), "in"),
        (graded(Grade::E), "other_grade"),
        (with(|f| f.ground = Some(Ground::CardExchange)), "ask_first"),
        (
            with(|f| f.ground = Some(Ground::PublicSource)),
            "not_carried",
        ),
        (with(|f| f.news_days_ago = Some(14)), "news_too_soon"),
        (with(|f| f.news_days_ago = Some(15)), "in"),
        (at(|c| c.has_quotation = true), "quotation"),
        (at(|c| c.is_abroad = true), "in"),
    ] {
        assert_eq!(code(&facts, &news()), verdict, "{facts:?}");
    }
}

#[test]
fn an_issue_goes_to_those_whom_a_piece_of_it_concerns() {
    let piece = |language: &str, industries: &[&str], grades: &[Grade]| ItemTags {
        id: 1,
        language: language.into(),
        industries: industries.iter().map(|code| (*code).into()).collect(),
        grades: grades.to_vec(),
    };
    let machines = at(|c| c.industry = Some("C34".into()));
    for (items, verdict) in [
        (vec![piece("zh-CN", &[], &[])], "in"),
        (vec![piece("zh-CN", &["C"], &[Grade::B])], "in"),
        (vec![piece("zh-CN", &["I65"], &[])], "no_item"),
        (vec![piece("zh-CN", &["C"], &[Grade::D])], "no_item"),
        (vec![piece("en", &[], &[])], "no_item"),
        (vec![], "no_item"),
    ] {
        let book = Book {
            items: Some(items),
            ..news()
        };
        assert_eq!(code(&machines, &book), verdict, "{:?}", book.items);
    }
}

#[test]
fn a_letter_goes_to_those_of_whom_it_knows_what_it_names() {
    let untitled = at(|c| (c.owner_id, c.has_title) = (None, false));
    let known = at(|c| c.has_title = true);
    for (needs, of_untitled, of_known) in [
        (vec!["salutation"], "in", "in"),
        (vec!["salutation", "title"], "no_field", "in"),
        (vec!["rep_mail"], "no_field", "in"),
        (vec!["company", "occasion"], "in", "in"),
    ] {
        let book = Book {
            needs: BTreeMap::from([("zh-CN".into(), needs)]),
            ..greeting()
        };
        assert_eq!(code(&untitled, &book), of_untitled, "{:?}", book.needs);
        assert_eq!(code(&known, &book), of_known, "{:?}", book.needs);
    }
    let book = Book {
        needs: BTreeMap::new(),
        ..greeting()
    };
    assert_eq!(
        code(&with(|f| f.name = None), &book),
        "in",
        "it greets nobody by name"
    );
}

#[test]
fn caps_go_by_the_grade() {
    for (grade, touches, verdict) in [
        (Grade::B, 5, "in"),
        (Grade::B, 6, "capped"),
        (Grade::C, 3, "in"),
        (Grade::C, 4, "capped"),
        (Grade::D, 1, "in"),
        (Grade::D, 2, "capped"),
    ] {
        let facts = PersonFacts {
            touches,
            ..graded(grade)
        };
        assert_eq!(code(&facts, &greeting()), verdict, "{grade:?} {touches}");
    }
}

#[test]
fn settings_change_the_very_next_verdict() {
    let quoted = at(|c| c.has_quotation = true);
    let mut book = greeting();
    book.mail.quotation_holds_greetings = false;
    assert_eq!(code(&quoted, &book), "in");
    assert_eq!(code(&quoted, &news()), "quotation");
    let complained = at(|c| c.has_complaint = true);
    book.mail.complaint_holds = false;
    assert_eq!(code(&complained, &book), "in");
    // Greetings of A from the system, if the office wants them and the mailing is for A too.
    let row = book.cadence.0.get_mut(&Grade::A).unwrap();
    row.greetings = Greetings::All;
    assert_eq!(code(&graded(Grade::A), &book), "other_grade");
    book.grades.push(Grade::A);
    assert_eq!(code(&graded(Grade::A), &book), "in");
    book.grades = vec![Grade::C];
    assert_eq!(code(&person(), &book), "other_grade");
}

#[test]
fn the_first_reason_that_holds_decides_and_all_can_be_listed() {
    let facts = with(|f| {
        f.ground = None;
        f.mailboxes.clear();
        f.touches = 9;
        f.name = None;
    });
    let all: Vec<&str> = reasons(&facts, &greeting())
        .iter()
        .map(Reason::code)
        .collect();
    assert_eq!(all, ["no_ground", "capped", "no_address", "no_salutation"]);
    assert_eq!(code(&facts, &greeting()), all[0]);
    assert!(reasons(&person(), &greeting()).is_empty());
    // An A who refused is not among those to whom the rep writes.
    let facts = PersonFacts {
        is_refused: true,
        ..graded(Grade::A)
    };
    assert_eq!(code(&facts, &greeting()), "refused");
}

#[test]
fn who_is_in_takes_everything_from_the_company_that_counts() {
    let facts = with(|f| {
        f.mailboxes.insert(0, mailbox("old@x.example", false));
        f.touches = 1;
        f.company.as_mut().unwrap().language = Some(Lang::En);
    });
    let Verdict::In(included) = decide(&facts, &greeting()) else {
        panic!("in");
    };
    assert_eq!(included.address, "chenlq@yanchuan.example");
    assert_eq!(included.domain(), "yanchuan.example");
    assert_eq!((included.company_id, included.owner_id), (5, Some(7)));
    assert_eq!(
        (included.grade, included.ground),
        (Grade::B, Ground::Consent)
    );
    assert_eq!((included.used.touches, included.used.at_most), (1, Some(6)));
    for (own, place, written) in [
        (None, None, "zh-CN"),
        (None, Some(Lang::En), "en"),
        (Some(Lang::Zh), Some(Lang::En), "zh-CN"),
    ] {
        let mut facts = person();
        facts.language = own;
        facts.company.as_mut().unwrap().language = place;
        assert_eq!(facts.letter_language(Lang::Zh).code(), written);
    }
}

#[test]
fn a_digest_depends_on_everybody_and_not_on_chunks() {
    let verdicts: Vec<Verdict> = [person(), graded(Grade::A), graded(Grade::C)]
        .iter()
        .map(|facts| decide(facts, &greeting()))
        .collect();
    let mut whole = AudienceDigest::of_terms("terms");
    let mut parts = AudienceDigest::of_terms("terms");
    for (id, verdict) in (1..).zip(&verdicts) {
        whole.add(id, verdict);
        parts.add(id, verdict);
        parts = AudienceDigest::from_hex(&parts.to_hex()).unwrap();
    }
    assert_eq!(whole, parts);
    let mut other = AudienceDigest::of_terms("terms");
    for (id, verdict) in (1..).zip(verdicts.iter().rev()) {
        other.add(id, verdict);
    }
    assert_ne!(whole, other);
    assert_ne!(
        AudienceDigest::of_terms("terms"),
        AudienceDigest::of_terms("other")
    );
    assert_eq!(AudienceDigest::from_hex("zz"), None);
}

#[test]
fn every_reason_has_its_words_in_both_languages_and_its_code_in_storage() {
    let ground = Ground::Referral;
    let grade = Grade::C;
    let all = [
        Reason::NoCompany,
        Reason::Ungraded,
        Reason::OtherGrade { grade },
        Reason::GreatOnly { grade },
        Reason::NotKept,
        Reason::NoGround,
        Reason::AskFirst { ground },
        Reason::NotCarried { ground },
        Reason::Refused,
        Reason::Silenced {
            scope: Scope::Email,
        },
        Reason::Complaint,
        Reason::Quotation,
        Reason::SameMorning {
            occasion: Occasion::Birthday,
        },
        Reason::Capped {
            grade,
            touches: 3,
            waiting: 1,
            at_most: 4,
        },
        Reason::NewsTooSoon { days: 3, every: 30 },
        Reason::NoAddress,
        Reason::BadAddress {
            address: "a@b.example".into(),
        },
        Reason::SameMailbox { person_id: 3 },
        Reason::MaybeSame { person_id: 3 },
        Reason::NoSalutation,
        Reason::NoField {
            field: "title".into(),
        },
        Reason::NoItem,
        Reason::TooLate,
        Reason::ByHand { owner_id: Some(7) },
    ];
    let codes: Vec<&str> = all.iter().map(Reason::code).collect();
    assert_eq!(codes, Reason::CODES);
    let more = [Scope::Domain, Scope::Company].map(|scope| Reason::Silenced { scope });
    for reason in all.iter().chain(&more) {
        let key = reason.sentence().key;
        assert!(Lang::ALL.iter().all(|lang| lang.knows(key)), "{key}");
        let key = Reason::count_key(reason.code());
        assert!(Lang::ALL.iter().all(|lang| lang.knows(&key)), "{key}");
        let stored: serde_json::Value = serde_json::from_str(&reason.to_json()).unwrap();
        assert_eq!(stored["code"], reason.code());
    }
}
