//! A run watched in a browser: it counts by itself, is held with a reason, and goes on.

use canvass::outreach::model::DeliveryState;
use canvass::platform::db::Backend;

use super::mailings::{issue, put_first, readers, start, state};
use crate::app::TestApp;
use crate::browser::{give_passwords, log_in, with_browser};

#[test]
fn a_run_is_watched_held_and_let_go_on() {
    let app = TestApp::on(Backend::Sqlite);
    let marketing = app.user("shen", "marketing,manager");
    readers(&marketing);
    let id = issue(&marketing, &[]);
    start(&marketing, id);
    give_passwords(&app);
    with_browser(|browser| async move {
        log_in(&browser, &app, "shen").await;
        let page = format!("{}/mailings/{id}", app.base);
        browser.open(&page).await;
        browser.find("#run[data-poll]").await;
        browser
            .js("document.body.dataset.old = 'yes'; return true")
            .await;
        // One letter is taken; the other waits, so that the mailing does not end meanwhile.
        put_first(&app, id, DeliveryState::Sent);
        let counts = "return document.querySelector('#run .tile a').textContent === '1' && document.body.dataset.old === 'yes'";
        browser
            .until("the figures follow by themselves", counts)
            .await;
        browser.click("button[popovertarget=pause-why]").await;
        browser.fill("#pause-why #reason", "第二条写错了").await;
        browser.click("#pause-why button").await;
        browser.until_text("已暂停：第二条写错了").await;
        assert_eq!(state(&marketing, id), "paused");
        browser.click("form[action$='/resume'] button").await;
        browser.until_text("正在寄出").await;
        assert_eq!(state(&marketing, id), "sending");
        // Who is in it, person by person, and one person's letters.
        browser.open(&format!("{page}/people?state=sent")).await;
        browser.click("tbody tr th a").await;
        browser.until_text("九月新知").await;
        assert_eq!(browser.console_errors().await, Vec::<String>::new());
    });
}
