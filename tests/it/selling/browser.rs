//! The whole way in a browser: a map with an overlap and a gap, three offers that go as foretold, a sale, the pool.

use canvass::platform::db::Backend;
use canvass::qualifying::Grade;
use canvass::registry::actions::take_away;
use chrono::TimeDelta;

use super::build::{invariants_hold, lead, open, seen, suzhou, tick};
use crate::app::{Client, TestApp};
use crate::browser::{Session, give_passwords, log_in, press, with_browser};

pub(super) struct Stage {
    pub app: TestApp,
    pub manager: Client,
    pub agent: Client,
    pub marketing: Client,
    pub xu: Client,
    pub zhou: Client,
}

pub(super) fn stage() -> Stage {
    let app = TestApp::on(Backend::Sqlite);
    let stage = Stage {
        manager: app.user("gu", "manager"),
        agent: app.user("lin", "agent"),
        marketing: app.user("shen", "marketing"),
        xu: app.user("xu", "rep"),
        zhou: app.user("zhou", "rep"),
        app,
    };
    give_passwords(&stage.app);
    stage
}

pub(super) async fn draw(
    browser: &Session,
    app: &TestApp,
    rep: &Client,
    region: &str,
    industry: &str,
) {
    browser.open(&format!("{}/territories", app.base)).await;
    let id = rep.actor.id();
    browser
        .js(&format!(
            "document.querySelector('#new select').value = '{id}'; return true"
        ))
        .await;
    browser.fill("#new #region", region).await;
    browser.fill("#new #industry", industry).await;
    press(browser, "#new button.primary").await;
    browser.until_text("已保存").await;
}

/// What the page says about a company that has not been handed over.
pub(super) async fn foretold(browser: &Session, app: &TestApp, root: i64) -> String {
    browser
        .open(&format!("{}/territories?company={root}", app.base))
        .await;
    browser.find(".tried").await;
    let text = browser
        .js("return document.querySelector('.tried').innerText.split('\\n').pop()")
        .await;
    text.as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_map_three_offers_a_sale_and_the_pool() {
    with_browser(|browser| async move {
        let s = stage();
        let companies: Vec<i64> = (1..=3)
            .map(|n| suzhou(&s.marketing, &format!("苏州砚川{n}机械有限公司"), n))
            .collect();
        lead(&s.marketing, "无锡拓岚设备有限公司", "无锡", "通用设备", 9);
        log_in(&browser, &s.app, "gu").await;
        draw(&browser, &s.app, &s.xu, "苏州", "制造业").await;
        draw(&browser, &s.app, &s.zhou, "苏州", "制造业").await;
        browser.find("#matrix .cell.overlap").await;
        browser.find("#matrix .cell.gap").await;
        browser.until_text("3家重叠：xu、zhou").await;
        browser.until_text("1家没人负责").await;

        let mut offers = Vec::new();
        for root in &companies {
            let told = foretold(&browser, &s.app, *root).await;
            let id = open(&s.app, &s.agent, *root, Grade::A);
            browser
                .open(&format!("{}/handovers/{id}", s.app.base))
                .await;
            browser.until_text(&told).await;
            assert!(told.starts_with("归"), "{told}");
            offers.push((
                id,
                *root,
                seen(&s.manager, id)["rep"]["name"]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned(),
            ));
        }
        let reps: Vec<&str> = offers.iter().map(|(.., rep)| rep.as_str()).collect();
        assert_eq!(reps, ["xu", "zhou", "xu"], "in turn, by load");

        // The first is accepted from today's page, the second comes back, the third is left alone.
        log_in(&browser, &s.app, "xu").await;
        let first = offers[0].0;
        press(
            &browser,
            &format!("tr[data-handover='{first}'] form[action$='/accept'] button"),
        )
        .await;
        browser.until_text("已接收：苏州砚川1机械有限公司").await;
        log_in(&browser, &s.app, "zhou").await;
        let second = offers[1].0;
        browser.js(&format!("document.querySelector('#reject-{second} textarea').value = '总部在上海采购'; return true")).await;
        press(&browser, &format!("#reject-{second} button")).await;
        browser.until_text("已退回").await;
        log_in(&browser, &s.app, "lin").await;
        browser.until_text("总部在上海采购").await;
        s.app.advance(TimeDelta::hours(6) + TimeDelta::minutes(1));
        tick(&s.app);
        log_in(&browser, &s.app, "gu").await;
        browser
            .open(&format!("{}/handovers?state=lapsed", s.app.base))
            .await;
        browser.until_text("苏州砚川3机械有限公司").await;
        assert_eq!(seen(&s.manager, offers[2].0)["rep"]["name"], "zhou");

        log_in(&browser, &s.app, "xu").await;
        walk_to_signature(&browser, &s.app, companies[0]).await;
        claim_eleven(&browser, &s).await;
        invariants_hold(&s.app, "the whole way");
    });
}

async fn walk_to_signature(browser: &Session, app: &TestApp, root: i64) {
    let steps: [(&str, &[(&str, &str)]); 7] = [
        ("first_visit", &[("with", "周工")]),
        ("exchange", &[("with", "周工"), ("need", "报价要快")]),
        ("demo", &[("with", "周工"), ("pleased", "三分钟出报价")]),
        ("quotation", &[("amount", "680000")]),
        (
            "objections",
            &[("doubt", "换系统停产"), ("answer", "分批切换")],
        ),
        ("negotiation", &[("with", "总经理"), ("open", "付款")]),
        ("signing", &[("amount", "660000")]),
    ];
    for (stage, answers) in steps {
        browser
            .open(&format!("{}/companies/{root}/sale", app.base))
            .await;
        browser
            .js("document.querySelectorAll('details').forEach(d => { d.open = true }); return true")
            .await;
        for (name, text) in answers {
            browser
                .fill(&format!("[data-stage={stage}] [name={name}]"), text)
                .await;
        }
        if stage == "signing" {
            browser.js("document.querySelector('[data-stage=signing] [value=yes]').checked = true; return true").await;
        }
        press(browser, &format!("[data-stage={stage}] button.primary")).await;
        browser.until_text("已保存").await;
    }
    browser.until_text("已签约 · 签约 · ¥660,000").await;
}

async fn claim_eleven(browser: &Session, s: &Stage) {
    for n in 0..11u32 {
        let root = lead(
            &s.marketing,
            &format!("常州柏铸{n}阀门有限公司"),
            "常州",
            "通用设备",
            20 + n,
        );
        let now = s.app.now();
        s.app.write(move |conn| take_away(conn, now, root, true));
        if n < 9 {
            s.xu.post("/pool/claim", &[("company", root.to_string().as_str())])
                .expect(303);
        }
    }
    browser.open(&format!("{}/pool", s.app.base)).await;
    press(browser, "form[action='/pool/claim'] button").await;
    browser.until_text("已领取：常州柏铸").await;
    press(browser, "form[action='/pool/claim'] button").await;
    browser.until_text("今天已领10家").await;
}
