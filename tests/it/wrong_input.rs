//! What people send by mistake: each time a sentence says what is wrong and what to do, in both languages, nothing is
//! lost, and nothing is half-written.

use std::process::Command;

use canvass::calling::jobs::tick;
use canvass::platform::i18n::Lang;
use canvass::registry::model::Company;
use canvass::schema::{call_result, company, contact_point, person, record};
use chrono::TimeDelta;
use diesel::prelude::*;
use serde_json::json;

use crate::app::{Answer, Client, TestApp, each_backend};
use crate::call_screen::{ready, take, token};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0\0\0\x01\0\x08\x02\0\0\0\xd3\x10?1\0\0\0\0IEND\xaeB`\x82";
const SOURCE: [(&str, &str); 3] = [
    ("channel", "EXPO"),
    ("source", "工业展"),
    ("legal_ground", "card_exchange"),
];

/// Name, bytes, and what the sentence is about.
fn no_lists() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let sample = format!(
        "{}/import_samples/expo/visitors.xlsx",
        env!("CARGO_MANIFEST_DIR")
    );
    let whole = std::fs::read(sample).expect("the sample");
    vec![
        ("empty.csv", Vec::new(), "empty-file"),
        ("photo.xlsx", PNG.to_vec(), "picture"),
        (
            "cut.xlsx",
            whole[..whole.len() * 2 / 3].to_vec(),
            "truncated-workbook",
        ),
    ]
}

/// The page in both languages says what the two keys say.
#[track_caller]
fn says(client: &Client, path: &str, status: u16, key: &str) {
    for lang in Lang::ALL {
        let page = client
            .get(&format!("{path}?lang={}", lang.code()))
            .expect(status);
        says_in(&page, lang, key);
    }
}

#[track_caller]
fn says_in(page: &Answer, lang: Lang, key: &str) {
    for key in [key.to_owned(), format!("{key}-remedy")] {
        assert!(lang.knows(&key), "{key}");
        assert!(
            page.body.contains(&lang.text(&key)),
            "{key} in {}: {}",
            lang.code(),
            page.body
        );
    }
}

fn nothing_is_written(app: &TestApp) {
    let counts: (i64, i64, i64) = app.read(|conn| {
        Ok((
            company::table.count().get_result(conn)?,
            person::table.count().get_result(conn)?,
            record::table.count().get_result(conn)?,
        ))
    });
    assert_eq!(counts, (0, 0, 0));
}

#[test]
fn a_file_that_is_no_list_says_what_it_is_and_what_to_do() {
    each_backend(|app| {
        let mia = app.user("mia", "marketing");
        for (name, bytes, what) in no_lists() {
            let key = format!("unreadable-{what}");
            let sent = mia
                .upload("/imports", true, &SOURCE, name, &bytes)
                .expect(303);
            let import = sent.location.expect("its page");
            says(&mia, &import, 200, &key);
            assert!(!import.ends_with("/columns"), "nothing can be corrected");
            let list = mia.get("/imports").expect(200).body;
            assert!(list.contains(&Lang::En.text(&key)), "{list}");
            assert!(!list.contains(&Lang::En.text("imports-state-draft")));
            let sent = mia
                .upload("/imports", false, &SOURCE, name, &bytes)
                .expect(202)
                .json();
            app.run_jobs();
            let id = &sent["batch_id"];
            let told = mia.api(&format!("/imports/{id}")).expect(200).json();
            assert_eq!(told["state"], "failed", "{told}");
            assert_eq!(told["plan"]["unreadable"], what.replace('-', "_"));
            let refusal = &told["plan"]["refusal"];
            // English was chosen last.
            assert_eq!(refusal["title"], Lang::En.text(&key));
            assert_eq!(refusal["detail"], Lang::En.text(&format!("{key}-remedy")));
            says(&mia, &format!("/imports/{id}"), 200, &key);
        }
        nothing_is_written(app);
    });
}

#[test]
fn the_command_line_says_it_too() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, bytes, what) in no_lists() {
        let file = folder.path().join(name);
        std::fs::write(&file, bytes).expect("written");
        let mut import = Command::new(env!("CARGO_BIN_EXE_canvass"));
        import
            .arg("import")
            .arg(&file)
            .args(["--channel", "EXPO", "--data"]);
        let done = import.arg(folder.path()).output().expect("it runs");
        assert_eq!(done.status.code(), Some(1));
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        let key = format!("unreadable-{what}");
        for sentence in [
            name.to_owned(),
            Lang::En.text(&key),
            Lang::En.text(&format!("{key}-remedy")),
        ] {
            assert!(said.contains(&sentence), "{sentence}: {said}");
        }
    }
}

/// One list with everything that a cell can bring.
fn a_bad_list() -> Vec<u8> {
    let long = "A".repeat(20_480);
    // 20 kB, but still no more characters than a name may have: as no index would take it.
    let wide: String = ('\u{4e00}'..).take(6_900).collect();
    let rows = [
        "公司,联系人,手机,备注".to_owned(),
        format!("{long},王小明,13812340001,"),
        "苏州宏\0远机械有限公司,李芳,13812340002,\0".to_owned(),
        "=cmd|' /C calc'!A0,,13812340003,".to_owned(),
        "=cmd|' /C calc'!A0,赵强,13812340004,".to_owned(),
        format!("无锡德昌电子有限公司,钱进,13812340005,{long}"),
        format!("{wide},孙丽,13812340006,=1+1"),
        format!("常州立新化工有限公司,周杰,{long},"),
    ];
    rows.join("\n").into_bytes()
}

#[test]
fn a_row_that_cannot_be_taken_names_its_field_and_the_others_go_in() {
    each_backend(|app| {
        let mia = app.user("mia", "marketing");
        let sent = mia
            .upload("/imports", true, &SOURCE, "list.csv", &a_bad_list())
            .expect(303);
        let columns = sent.location.expect("the next step");
        mia.get(&columns).expect(200);
        let confirm = columns.replace("columns", "confirm");
        mia.get(&confirm).expect(200);
        nothing_is_written(app);
        mia.post(&confirm, &[]).expect(303);
        app.run_jobs();
        let import = columns.replace("/columns", "");
        let told = mia.api(&import).expect(200).json();
        assert_eq!(told["state"], "done", "{told}");
        assert_eq!(
            (
                &told["figures"]["rows_valid"],
                &told["figures"]["rows_rejected"]
            ),
            (&json!(4), &json!(3)),
            "{told}"
        );
        for lang in Lang::ALL {
            let rows = mia
                .get(&format!(
                    "{import}/rows?outcome=rejected&lang={}",
                    lang.code()
                ))
                .expect(200);
            for (row, field, reason) in [
                (2, "company", "cell-too-long"),
                (4, "company", "formula-in-name"),
                (8, "mobile", "cell-too-long"),
            ] {
                assert!(rows.body.contains(&format!(">{row}</td>")), "row {row}");
                let field = lang.text(&format!("list-field-{field}"));
                let reason_key = format!("reason-{reason}");
                let said = format!(
                    "{field}{}{}",
                    if lang == Lang::Zh { "：" } else { ": " },
                    lang.text(&reason_key)
                );
                assert!(rows.body.contains(&said), "{said}");
                says_in(&rows, lang, &reason_key);
            }
        }
        let rejected = mia.get(&format!("{import}/rejected.csv")).expect(200);
        assert!(
            rejected.body.contains("'=cmd|"),
            "no formula leaves as a formula"
        );
        let (names, persons, numbers) = app.read(|conn| {
            let names: Vec<Company> = company::table
                .select(Company::as_select())
                .order(company::id)
                .load(conn)?;
            let persons: i64 = person::table.count().get_result(conn)?;
            let numbers: i64 = contact_point::table
                .filter(contact_point::kind.eq("mobile"))
                .count()
                .get_result(conn)?;
            Ok((names, persons, numbers))
        });
        assert_eq!(names[0].name, "苏州宏远机械有限公司", "without its NUL");
        assert_eq!((names.len(), persons, numbers), (3, 4, 4));
    });
}

#[test]
fn what_is_typed_or_sent_with_a_nul_is_taken_without_it() {
    each_backend(|app| {
        let (mia, li) = (app.user("mia", "marketing"), app.user("li", "agent"));
        let lead = json!({
            "channel": "AD", "source": "官网\u{0}表单", "legal_ground": "inquiry",
            "company": "苏州宏\u{0}远机械有限公司", "city": "苏州", "person": "王小明", "mobile": "13812340001",
        });
        let placed = mia.api_post("/leads", &lead).expect(201).json();
        let id = placed["company_id"].as_i64().expect("a company");
        let name: String =
            app.read(|conn| Ok(company::table.find(id).select(company::name).first(conn)?));
        assert_eq!(name, "苏州宏远机械有限公司");
        let typed = [("name", "常州\0立新化工有限公司"), ("region", "常州")];
        mia.post("/companies/new", &typed).expect(303);
        mia.get("/companies?q=%00%E5%AE%8F%E8%BF%9C").expect(200);
        mia.api("/companies?q=%00").expect(200);
        ready(app);
        let token = take(&li);
        let fields = [
            ("disposition", "no_answer"),
            ("note", "响了\0很久"),
            ("then", "stop"),
        ];
        li.post(&format!("/call/{token}/result"), &fields)
            .expect(303);
        let note: Option<String> =
            app.read(|conn| Ok(call_result::table.select(call_result::note).first(conn)?));
        assert_eq!(note.as_deref(), Some("响了很久"));
    });
}

#[test]
fn a_page_of_another_role_is_refused_with_a_remedy() {
    each_backend(|app| {
        let li = app.user("li", "agent");
        for path in [
            "/users",
            "/imports",
            "/imports/new",
            "/settings",
            "/campaigns/new",
        ] {
            says(&li, path, 403, "error-forbidden");
        }
        let refused = li.api("/imports/1").expect(403);
        assert_eq!(refused.code(), "forbidden");
        assert_eq!(
            refused.json()["detail"],
            Lang::En.text("error-forbidden-remedy")
        );
    });
}

fn notes(app: &TestApp) -> Vec<Option<String>> {
    app.read(|conn| {
        Ok(call_result::table
            .select(call_result::note)
            .order(call_result::id)
            .load(conn)?)
    })
}

#[test]
fn a_colleagues_company_is_not_mine_and_stays_theirs() {
    each_backend(|app| {
        ready(app);
        let (li, zhao) = (app.user("li", "agent"), app.user("zhao", "agent"));
        let token = take(&li);
        let fields = [("disposition", "busy"), ("then", "stop")];
        for lang in Lang::ALL {
            let path = format!("/call/{token}/result?lang={}", lang.code());
            says_in(
                &zhao.post(&path, &fields).expect(409),
                lang,
                "error-lease-lost",
            );
        }
        assert!(notes(app).is_empty());
        li.post(&format!("/call/{token}/result"), &fields)
            .expect(303);
        assert_eq!(notes(app).len(), 1);
    });
}

#[test]
fn a_result_that_comes_too_late_is_shown_again_and_can_be_recorded() {
    each_backend(|app| {
        ready(app);
        let (li, zhao) = (app.user("li", "agent"), app.user("zhao", "agent"));
        let token = take(&li);
        app.advance(TimeDelta::seconds(121));
        tick(&app.db).expect("the queue is brought up to date");
        let beat = li
            .api_post(&format!("/leases/{token}/heartbeat"), &json!({}))
            .expect(409);
        assert_eq!(beat.code(), "lease_lapsed");
        // The best entry goes to whoever asks first.
        let theirs = take(&zhao);
        let fields = [
            ("disposition", "interested"),
            ("urgency", "M3"),
            ("need_text", "要换掉旧系统"),
            ("note", "说月底前定"),
            ("then", "stop"),
        ];
        for lang in Lang::ALL {
            let path = format!("/call/{token}/result?lang={}", lang.code());
            let page = li.post(&path, &fields).expect(409);
            says_in(&page, lang, "error-lease-lost");
            for typed in [
                "说月底前定",
                "要换掉旧系统",
                "name=\"urgency\" value=\"M3\"",
            ] {
                assert!(page.body.contains(typed), "{typed}: {}", page.body);
            }
        }
        assert!(notes(app).is_empty(), "nothing is half-written");
        let late = format!("/call/{token}/late");
        li.post(&late, &fields).expect(409);
        zhao.post(&format!("/call/{theirs}/release"), &[("reason", "other")])
            .expect(303);
        li.post(&late, &fields).expect(303);
        assert_eq!(notes(app), [Some("说月底前定".to_owned())]);
    });
}

#[test]
fn a_second_tab_shows_the_same_company_and_its_result_counts_once() {
    each_backend(|app| {
        ready(app);
        let li = app.user("li", "agent");
        let first = take(&li);
        assert_eq!(take(&li), first, "the second tab shows the same");
        assert_eq!(token(&li.get("/call").expect(200)), first);
        let url = format!("/call/{first}/result");
        li.post(
            &url,
            &[
                ("disposition", "no_answer"),
                ("note", "第一页"),
                ("then", "stop"),
            ],
        )
        .expect(303);
        for lang in Lang::ALL {
            let path = format!("{url}?lang={}", lang.code());
            let again = li
                .post(&path, &[("disposition", "busy"), ("note", "第二页")])
                .expect(409);
            says_in(&again, lang, "error-call-has-result");
        }
        assert_eq!(notes(app), [Some("第一页".to_owned())]);
    });
}
