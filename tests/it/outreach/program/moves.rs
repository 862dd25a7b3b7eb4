//! A word by link against everything that may happen to the data afterwards: a list taken back and sent again, companies
//! joined and parted, an older archive, another database.

use std::path::{Path, PathBuf};

use canvass::consent::{self, Subject, Way, Ways};
use canvass::outreach::rules::link::Link;
use canvass::platform::db::{Backend, Db};
use canvass::platform::error::AppResult;
use canvass::platform::mailer::keys;
use canvass::schema::{company, person};
use chrono::TimeDelta;
use diesel::prelude::*;
use serde_json::{Value, json};

use super::{Program, end, set_clock};
use crate::app::{Client, opening};
use crate::crash::Place;
use crate::outreach::sink::Sink;
use crate::postgres;

const HEAD: &str = "公司,城市,联系人,手机,邮箱\n";
/// Who ends mail, somebody of the same name at another company, and somebody who has nothing to do with it.
const LIST: &str = "苏州坤洋机械有限公司,苏州,周海,13905124107,zhou@kunyang.example\n\
    昆山恒远电气有限公司,昆山,周海,,hai@hengyuan.example\n\
    苏州云栖酒店有限公司,苏州,沈立,13905124114,shen@yunqi.example\n";
/// A later list: it was the same human being.
const LATER: &str = "昆山恒远电气有限公司,昆山,周海,13905124107,hai@hengyuan.example\n";
const ENDED: &str = "zhou@kunyang.example";
const SAME: &str = "hai@hengyuan.example";
const OTHER: &str = "shen@yunqi.example";

/// Imports rows by the command, beside whoever serves; the batch.
fn import(place: &Place, source: &str, rows: &str) -> String {
    let file = place.folder.path().join("list.csv");
    std::fs::write(&file, format!("{HEAD}{rows}")).expect("a list");
    let file = file.to_string_lossy().into_owned();
    let done = place.run(&[
        "import",
        &file,
        "--channel",
        "EXPO",
        "--source",
        source,
        "--legal-ground",
        "consent",
        "--json",
    ]);
    let told: Value = serde_json::from_slice(&done.stdout).expect("JSON");
    assert_eq!(told[0]["rows_rejected"], 0, "{told}");
    told[0]["batch_id"].to_string()
}

/// An archive with the keys, by the command; and the way back.
fn archive(place: &Place, what: &str, file: &Path) {
    let secret = file.with_extension("secret");
    std::fs::write(&secret, "海内存知己\n").expect("a passphrase");
    let (file, secret) = (file.to_string_lossy(), secret.to_string_lossy());
    place.run(&[what, &file, "--passphrase-file", &secret]);
}

fn person_at(db: &Db, email: &str) -> i64 {
    let found = db.read_blocking(|conn| {
        let by_mail = person::table.filter(person::email.eq(email));
        AppResult::Ok(by_mail.select(person::id).get_result(conn)?)
    });
    found.expect(email)
}

fn company_id(db: &Db, name: &str) -> i64 {
    let found = db.read_blocking(|conn| {
        let by_name = company::table.filter(company::name.eq(name));
        AppResult::Ok(by_name.select(company::id).get_result(conn)?)
    });
    found.expect(name)
}

/// Whether nothing may be mailed: to the address, or to whoever has it now.
fn is_silent(db: &Db, email: &str) -> bool {
    let found = db.read_blocking(|conn| {
        let subject = Subject::email(email);
        let ways = consent::suppressed_ways(conn, std::slice::from_ref(&subject))?;
        let by_address = ways.get(&subject).copied().unwrap_or_default();
        let roots = person::table
            .filter(person::email.eq(email))
            .select(person::root_id);
        let refused: Vec<i32> = person::table
            .filter(person::id.eq_any(roots.load::<i64>(conn)?))
            .select(person::refused)
            .load(conn)?;
        let is_closed = |ways: Ways| ways.has(Way::Greeting) && ways.has(Way::News);
        AppResult::Ok(
            is_closed(by_address) || refused.into_iter().any(|bits| is_closed(Ways(bits))),
        )
    });
    found.expect("read")
}

#[track_caller]
fn holds(db: &Db, when: &str) {
    assert!(is_silent(db, ENDED), "{when}");
    assert!(!is_silent(db, OTHER), "{when}: nobody else is silenced");
}

fn join(manager: &Client, db: &Db) -> Value {
    let one = company_id(db, "苏州坤洋机械有限公司");
    let other = company_id(db, "昆山恒远电气有限公司");
    let path = format!("/companies/{one}/merge");
    let joined = manager.api_post(&path, &json!({ "other": other }));
    joined.expect(200).json()["merge_id"].clone()
}

#[test]
fn a_word_by_link_outlives_undo_merges_archives_and_the_move_to_another_database() {
    let place = Place::on(Backend::Sqlite);
    set_clock(&place, opening());
    let batch = import(&place, "展会", LIST);
    let manager = place.user("gu", "admin,manager,marketing");
    let program = Program::start(&place, None);
    let before: PathBuf = place.folder.path().join("before.canvass");
    archive(&place, "backup", &before);
    let ring = keys::ring(place.folder.path()).expect("the keys of the program");
    let link = Link {
        person_id: person_at(&program.db, ENDED),
        mailing_id: None,
    };
    let link = format!("/u/{}", link.token(&ring));
    let click = |program: &Program| {
        let click = [("List-Unsubscribe", "One-Click")];
        program
            .client("")
            .post_without_token(&link, &click)
            .expect(200)
    };
    program.client("").get(&link).expect(200);
    assert!(!is_silent(&program.db, ENDED), "a look ends nothing");
    click(&program);
    holds(&program.db, "at once");
    // The list is taken back and comes again, beside the program.
    place.run(&["undo", &batch]);
    import(&place, "展会", LIST);
    holds(&program.db, "the list came again");
    // It turns out that the two of one name are one, and then that they are not.
    import(&place, "另一个展会", LATER);
    assert!(!is_silent(&program.db, SAME), "still another person");
    let by = program.client(&manager);
    let merge = join(&by, &program.db);
    holds(&program.db, "joined");
    let parted = by.api_post(&format!("/merges/{merge}/undo"), &json!({}));
    parted.expect(200);
    holds(&program.db, "parted");
    end(program, &place);
    // Back to what was before the click.
    archive(&place, "restore", &before);
    let program = Program::start(&place, None);
    holds(&program.db, "restored");
    let page = program.client("").get(&link).expect(200).body;
    assert!(page.contains("opted out"), "{page}");
    click(&program);
    let after = place.folder.path().join("after.canvass");
    archive(&place, "backup", &after);
    end(program, &place);
    place.is_sound();
    if !postgres::is_available() {
        eprintln!("SKIPPED: no PostgreSQL");
        return;
    }
    let there = Place::on(Backend::Postgres);
    archive(&there, "restore", &after);
    there.is_sound();
    a_greeting_leaves_them_out(&there, &manager, &link);
}

/// In the end it is letters that count.
fn a_greeting_leaves_them_out(place: &Place, manager: &str, link: &str) {
    let sink = Sink::open();
    let program = Program::start(place, Some(&sink));
    holds(&program.db, "moved");
    let page = program.client("").get(link).expect(200).body;
    assert!(
        page.contains("opted out"),
        "the old link still works: {page}"
    );
    let manager = program.client(manager);
    for name in ["苏州坤洋机械有限公司", "苏州云栖酒店有限公司"] {
        let path = format!("/companies/{}/grade", company_id(&program.db, name));
        let grade = json!({ "grade": "B", "reason": "展会上谈过" });
        manager.api_post(&path, &grade).expect(200);
    }
    let new = json!({ "kind": "greeting", "occasion": "mid_autumn" });
    let id = manager.api_post("/mailings", &new).expect(201).json()["id"]
        .as_i64()
        .expect("an id");
    // The calendar asked before the grades were known; whoever starts it, starts it as things are.
    let going = manager.api_post(&format!("/mailings/{id}/start"), &json!({}));
    assert_eq!(going.expect(200).json()["state"], "scheduled");
    program.advance(TimeDelta::days(2));
    program.until_through(id, 60);
    let told = manager.api(&format!("/deliveries?mailing={id}&state=left_out"));
    let told = told.expect(200).json();
    let codes: Vec<&str> = told["deliveries"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|one| one["reason"]["code"].as_str())
        .collect();
    assert!(
        codes.contains(&"refused") || codes.contains(&"silenced"),
        "{told}"
    );
    let went: Vec<String> = sink.taken().into_iter().map(|letter| letter.to).collect();
    assert_eq!(went, [OTHER]);
    end(program, place);
}
