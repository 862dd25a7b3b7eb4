//! The steps of an import as a person walks through them, the wrong turns included.

use crate::app::{Answer, Client, TestApp, each_backend};

const LIST: &str = "公司,城市,手机\n苏州宏远机械有限公司,苏州,13812340001\n";

fn send(marketing: &Client, fields: &[(&str, &str)], file_name: &str) -> Answer {
    marketing.upload("/imports", true, fields, file_name, LIST.as_bytes())
}

fn begun(app: &TestApp, marketing: &Client) -> String {
    let fields = [
        ("channel", "EXPO"),
        ("source", "工业展"),
        ("cost", "¥90,000.50"),
    ];
    let sent = send(marketing, &fields, "list.csv").expect(303);
    let columns = sent.location.expect("the next step");
    let import = columns.trim_end_matches("/columns").to_owned();
    marketing
        .post(&format!("{import}/confirm"), &[])
        .expect(303);
    app.run_jobs();
    import
}

#[test]
fn a_wrong_form_comes_back_with_what_was_typed_and_what_is_wrong() {
    each_backend(|app| {
        let marketing = app.user("shen", "marketing");
        let typed = [("channel", "DM"), ("source", "工业展"), ("cost", "九万")];
        let page = send(&marketing, &typed, "list.csv").expect(422).body;
        for text in [
            "value=\"工业展\"",
            "value=\"九万\" aria-describedby",
            "<option value=\"DM\" selected>",
            "The cost cannot be read",
            "Choose the file again",
        ] {
            assert!(page.contains(text), "{text}: {page}");
        }
        let page = send(&marketing, &typed[..2], "").expect(422).body;
        assert!(page.contains("No file came with the import"), "{page}");
        begun(app, &marketing);
        let own = [
            ("kind", "customers"),
            ("channel", "EXPO"),
            ("source", "工业展"),
        ];
        let page = send(&marketing, &own, "list.csv").expect(409).body;
        assert!(page.contains("id=\"source-err\""), "{page}");
        let list = marketing.get("/settings/sources").expect(200).body;
        assert!(list.contains("90,000.50"), "{list}");
    });
}

#[test]
fn the_steps_of_an_import_that_has_begun_lead_to_its_own_page() {
    each_backend(|app| {
        let marketing = app.user("shen", "marketing");
        let import = begun(app, &marketing);
        for step in ["columns", "check", "confirm"] {
            let answer = marketing.get(&format!("{import}/{step}")).expect(303);
            assert_eq!(answer.location.as_deref(), Some(import.as_str()), "{step}");
        }
        let late = [("column_0", "ignore")];
        let answer = marketing
            .post(&format!("{import}/columns"), &late)
            .expect(303);
        assert_eq!(answer.location.as_deref(), Some(import.as_str()));
        marketing
            .post(&format!("{import}/confirm"), &[])
            .expect(409);
    });
}

#[test]
fn what_a_row_lost_on_its_way_stands_beside_it() {
    each_backend(|app| {
        let marketing = app.user("shen", "marketing");
        let list = "公司,城市,手机\n苏州宏\0远机械有限公司,苏州,13912340001\n苏州瑞通电子有限公司,苏州,13912340002\n";
        let fields = [("channel", "EXPO"), ("source", "工业展")];
        let sent = marketing.upload("/imports", true, &fields, "list.csv", list.as_bytes());
        let columns = sent.expect(303).location.expect("the next step");
        let import = columns.trim_end_matches("/columns");
        marketing
            .post(&format!("{import}/confirm"), &[])
            .expect(303);
        app.run_jobs();
        let page = marketing.get(&format!("{import}/rows")).expect(200).body;
        let told = page.matches("NUL characters were taken out");
        assert_eq!(told.count(), 1, "{page}");
        assert!(page.contains("苏州宏远机械有限公司"), "{page}");
    });
}
