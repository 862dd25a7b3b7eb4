//! A redrawn map, a leave, a registration and the list of stages, answered by a manager and a rep in a browser.

use canvass::qualifying::Grade;
use canvass::schema::{registration, territory};
use chrono::TimeDelta;
use diesel::prelude::*;
use serde_json::json;

use super::browser::{draw, foretold, stage};
use super::build::{invariants_hold, open, suzhou};
use crate::app::TestApp;
use crate::browser::{Session, log_in, press, with_browser};

#[test]
fn what_a_change_of_the_map_asks_and_what_protects_a_company() {
    with_browser(|browser| async move {
        let s = stage();
        let root = suzhou(&s.marketing, "苏州砚川精密机械有限公司", 1);
        let next = suzhou(&s.marketing, "苏州霁合模具有限公司", 2);
        log_in(&browser, &s.app, "gu").await;
        draw(&browser, &s.app, &s.xu, "苏州", "").await;
        let id = open(&s.app, &s.agent, root, Grade::B);
        let accepted = format!("/handovers/{id}/accept");
        s.xu.api_post(&accepted, &json!({})).expect(200);

        // A narrower territory of somebody else takes an owned company: the page asks, and moves it when told to.
        draw(&browser, &s.app, &s.zhou, "苏州", "制造业").await;
        let question = "xu名下有1家，按新的区域该归zhou";
        browser.until_text(question).await;
        press(&browser, "#strangers button[value=keep]").await;
        browser.until_text("留在原业务名下").await;
        narrow(&browser, &s.app).await;
        browser.until_text(question).await;
        press(&browser, "#strangers button[value=move]").await;
        browser.until_text("1家已交给新的业务").await;

        let told = leave(&browser, &s.app, (s.zhou.actor.id(), s.xu.actor.id()), next).await;
        assert!(told.starts_with("归xu") && told.contains("zhou"), "{told}");
        press(
            &browser,
            "form[action='/territories/leave'] button[name=end]",
        )
        .await;
        browser.until_text("已保存").await;
        let told = foretold(&browser, &s.app, next).await;
        assert!(told.starts_with("归zhou"), "back at work: {told}");
        name_a_stage(&browser, &s.app).await;

        log_in(&browser, &s.app, "zhou").await;
        registration(&browser, &s.app, root).await;
        invariants_hold(&s.app, "an afternoon at the desk");
    });
}

/// Draws the latest territory anew, by its own form in the list.
async fn narrow(browser: &Session, app: &TestApp) {
    let id: i64 = app.read(|conn| {
        let latest = territory::table.order(territory::id.desc());
        Ok(latest.select(territory::id).first(conn)?)
    });
    let form = format!("form[action='/territories/{id}']");
    open_around(browser, &form).await;
    browser
        .fill(&format!("{form} [name=industry]"), "C34")
        .await;
    press(browser, &format!("{form} button.primary")).await;
    browser.until_text("已保存").await;
}

/// Opens what hides a form.
async fn open_around(browser: &Session, form: &str) {
    browser.find(form).await;
    let open =
        format!("document.querySelector({form:?}).closest('details').open = true; return true");
    browser.js(&open).await;
}

/// Sends somebody on leave with a deputy; what the page then says about a company.
async fn leave(
    browser: &Session,
    app: &TestApp,
    (away, deputy): (i64, i64),
    company: i64,
) -> String {
    browser.open(&format!("{}/territories", app.base)).await;
    open_around(browser, "#away").await;
    browser.choose("#away", &away.to_string()).await;
    browser.choose("#deputy", &deputy.to_string()).await;
    // A date field takes keys in the order of the browser's language; its value is the same everywhere.
    for (field, day) in [("from_on", "2026-09-22"), ("to_on", "2026-09-30")] {
        browser
            .js(&format!(
                "document.querySelector('#{field}').value = '{day}'; return true"
            ))
            .await;
    }
    press(browser, "form:has(#away) button").await;
    browser.until_text("zhou休假").await;
    browser.until_text("xu代理").await;
    foretold(browser, app, company).await
}

/// A registration is made, extended in its last days, and withdrawn, each with its reason.
async fn registration(browser: &Session, app: &TestApp, root: i64) {
    let sale = format!("{}/companies/{root}/sale", app.base);
    browser.open(&sale).await;
    browser.until_text("认门").await;
    browser.fill("#project", "ERP一期").await;
    press(browser, "form[action$='/registration'] button").await;
    browser.until_text("“ERP一期”已报备，保护到").await;
    let all = format!("{}/registrations", app.base);
    browser.open(&all).await;
    browser.until_text("还有90天").await;
    let soon = app.now().date() + TimeDelta::days(10);
    let id: i64 = app.write(move |conn| {
        let row = diesel::update(registration::table);
        row.set(registration::protected_until.eq(soon))
            .execute(conn)?;
        Ok(registration::table.select(registration::id).first(conn)?)
    });
    browser.open(&all).await;
    browser.until_text("还有10天").await;
    for (what, why, told) in [
        ("extend", "客户董事会延期", "已延长"),
        ("withdraw", "客户不做了", "已撤回"),
    ] {
        browser.click(&format!("[popovertarget={what}-{id}]")).await;
        browser.fill(&format!("#{what}-{id} textarea"), why).await;
        press(browser, &format!("#{what}-{id} button")).await;
        browser.until_text(told).await;
    }
    browser.open(&format!("{all}?state=ended")).await;
    browser.until_text("客户董事会延期").await;
    browser.until_text("客户不做了").await;
}

/// The first stage gets another name, which the next sale shows.
async fn name_a_stage(browser: &Session, app: &TestApp) {
    browser.open(&format!("{}/settings/stages", app.base)).await;
    browser.fill("[name=first_visit_name_zh]", "认门").await;
    press(browser, "form[action='/settings/stages'] button.primary").await;
    browser.until_text("已保存").await;
}
