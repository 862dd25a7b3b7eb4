//! As an agent, by keys alone: what is typed shows what contradicts itself, and a call makes a B with its reasons.

use canvass::accounts::{self, Account, Actor, Role};
use canvass::platform::clock;
use canvass::platform::db::Backend;
use canvass::schema::{company, contradiction};
use diesel::prelude::*;

use crate::app::TestApp;
use crate::browser::{CTRL, ENTER, ESC, NEXT_AT_HAND, RIGHT, Session, TAB, with_browser};
use crate::call_screen;

const PASSWORD: &str = "herbst-in-suzhou-26";

fn add_agent(app: &TestApp) {
    let hash = accounts::hash_blocking(PASSWORD).expect("a hash");
    app.write(move |conn| {
        let now = clock::now(conn)?;
        let account = Account {
            email: "agent@example.test".into(),
            name: "林小满".into(),
            roles: std::iter::once(Role::Agent).collect(),
        };
        accounts::add_user(conn, now, &Actor::system(), &account, Some(&hash))?;
        Ok(())
    });
}

/// Goes on by the tab key until a field has the focus.
async fn tab_to(b: &Session, name: &str) {
    for _ in 0..25 {
        b.press(TAB).await;
        if b.js("return document.activeElement.name").await == name {
            return;
        }
    }
    panic!("{name} is not reached by the tab key");
}

/// Waits until exactly these contradictions are on the screen.
async fn until_clashes(b: &Session, codes: &str) {
    let shown = format!(
        "return [...document.querySelectorAll('#clashes .clash .code')].map(c => c.innerText.slice(0, 3)).join(' ') === {codes:?}"
    );
    b.until(&format!("the screen tells {codes:?}"), &shown)
        .await;
}

#[test]
fn a_call_makes_a_b_with_reasons_by_keys_alone() {
    with_browser(|b| async move {
        let app = TestApp::on(Backend::Sqlite);
        call_screen::ready(&app);
        add_agent(&app);
        b.open(&format!("{}/login?lang=zh-CN", app.base)).await;
        b.fill("#email", "agent@example.test").await;
        b.fill("#password", PASSWORD).await;
        b.press(ENTER).await;
        b.find(".app").await;
        b.open(&format!("{}/call?lang=zh-CN", app.base)).await;
        b.until("the next one is at hand", NEXT_AT_HAND).await;
        b.press(ENTER).await;
        b.until("the call screen is ready", "const s = document.getElementById('softphone'); return Boolean(s) && !s.closest('[hidden]')").await;
        b.press('d').await;
        // Within three months, and nothing else is known: that is told before any result is chosen.
        b.press('u').await;
        b.press(' ').await;
        b.press(RIGHT).await;
        until_clashes(&b, "K02 K03").await;
        tab_to(&b, "need").await;
        b.press(' ').await;
        until_clashes(&b, "K02").await;
        tab_to(&b, "f-selection_started").await;
        b.press(' ').await;
        tab_to(&b, "f-decider").await;
        b.keys("姚启明").await;
        until_clashes(&b, "").await;
        b.press(ESC).await;
        b.press('1').await;
        b.until("a B is foretold with its reasons", "const f = document.getElementById('foretold'); return [...f.querySelectorAll('.grade')].at(-1).dataset.g === 'B' && f.querySelectorAll('.why li').length >= 4").await;
        b.until_text("本可到A级").await;
        b.chord(&[CTRL], ENTER).await;
        b.until(
            "the result is saved",
            "return Boolean(document.querySelector('.flash.good, [data-toast]'))",
        )
        .await;
        let graded: Vec<Option<String>> = app.read(|conn| {
            let graded = company::table.filter(company::grade.is_not_null());
            Ok(graded.select(company::grade).load(conn)?)
        });
        assert_eq!(graded, [Some("B".to_owned())]);
        let open: i64 = app.read(|conn| Ok(contradiction::table.count().get_result(conn)?));
        assert_eq!(open, 0, "what was settled while typing was never kept");
        assert_eq!(b.console_errors().await, Vec::<String>::new());
    });
}
