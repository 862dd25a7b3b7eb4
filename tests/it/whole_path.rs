//! The whole path in a real browser: three lists come in by the pages, a campaign is filled, ten calls are made by keys
//! alone, one is taken back, and an import is undone. What is seen is asserted after every step, in both languages.

use canvass::accounts::{self, Account, Actor, Role};
use canvass::platform::clock;
use canvass::platform::db::Backend;
use canvass::platform::i18n::Lang;
use canvass::schema::{call, call_result};
use diesel::prelude::*;

use crate::app::TestApp;
use crate::browser::{CTRL, ENTER, NEXT_AT_HAND, RIGHT, Session, TAB, with_browser};

const PASSWORD: &str = "herbst-in-suzhou-26";

/// A list of the project's own samples and what the pages say about it.
struct List {
    file: &'static str,
    source: &'static str,
    channel: &'static str,
    ground: &'static str,
    lang: Lang,
    /// Column that is corrected, and to what.
    correction: (&'static str, &'static str),
    /// Rows that can be imported.
    valid: &'static str,
}

const LISTS: [List; 3] = [
    List {
        file: "expo/visitors.xlsx",
        source: "工业展",
        channel: "EXPO",
        ground: "card_exchange",
        lang: Lang::Zh,
        correction: ("column_0", "ignore"),
        valid: "66",
    },
    List {
        file: "seminar/attendees.csv",
        source: "Autumn seminar",
        channel: "EXPO",
        ground: "consent",
        lang: Lang::En,
        correction: ("column_8", "need"),
        valid: "42",
    },
    List {
        file: "phones/companies.csv",
        source: "机电名单",
        channel: "TEL",
        ground: "public_source",
        lang: Lang::Zh,
        correction: ("column_2", "city"),
        valid: "90",
    },
];

/// One call as keys: the digit of its result, then what that result asks for.
struct Script {
    digit: char,
    /// A space takes the first choice that the result asks for.
    takes_first: bool,
    urgency: Option<u8>,
    has_need: bool,
    note: &'static str,
}

const fn script(digit: char, urgency: Option<u8>, note: &'static str) -> Script {
    Script {
        digit,
        takes_first: false,
        urgency,
        has_need: urgency.is_some(),
        note,
    }
}

/// Interested, visit, call-back, information, no need, no answer, busy, front desk, then two more.
const CALLS: [Script; 10] = [
    script('1', Some(1), "月底前定"),
    script('6', None, ""),
    Script {
        takes_first: true,
        ..script('3', None, "在开会")
    },
    script('4', Some(3), "see prices"),
    script('5', Some(4), "明年"),
    script('7', None, ""),
    script('8', None, "front desk"),
    Script {
        takes_first: true,
        ..script('2', Some(2), "到厂里看")
    },
    script('6', None, ""),
    script('1', Some(0), "赶工期"),
];

struct Day<'a> {
    app: &'a TestApp,
    browser: &'a Session,
}

#[test]
fn lists_come_in_by_pages_and_are_called_by_keys_alone() {
    with_browser(|browser| async move {
        let app = TestApp::on(Backend::Sqlite);
        add_users(&app);
        let day = Day {
            app: &app,
            browser: &browser,
        };
        day.sign_in("marketing").await;
        for list in &LISTS {
            day.import(list).await;
        }
        day.sign_out().await;
        day.sign_in("manager").await;
        day.make_campaign().await;
        day.sign_out().await;
        day.sign_in("agent").await;
        day.call_ten().await;
        day.sign_out().await;
        day.sign_in("marketing").await;
        day.undo_import().await;
        assert_eq!(browser.console_errors().await, Vec::<String>::new());
    });
}

fn add_users(app: &TestApp) {
    let hash = accounts::hash_blocking(PASSWORD).expect("a hash");
    app.write(move |conn| {
        let now = clock::now(conn)?;
        for role in [Role::Marketing, Role::Manager, Role::Agent] {
            let account = Account {
                email: format!("{}@example.test", role.code()),
                name: format!("{} 一号", role.code()),
                roles: std::iter::once(role).collect(),
            };
            accounts::add_user(conn, now, &Actor::system(), &account, Some(&hash))?;
        }
        Ok(())
    });
}

impl Day<'_> {
    async fn open(&self, path: &str) {
        self.browser.open(&format!("{}{path}", self.app.base)).await;
    }

    /// Waits for a sentence of the language files.
    async fn says(&self, lang: Lang, key: &str) {
        self.browser.until_text(&lang.text(key)).await;
    }

    async fn sign_in(&self, role: &str) {
        self.open("/login?lang=zh-CN").await;
        self.browser
            .fill("#email", &format!("{role}@example.test"))
            .await;
        self.browser.fill("#password", PASSWORD).await;
        self.browser.press(ENTER).await;
        self.browser.find(".app").await;
    }

    async fn sign_out(&self) {
        let out = "document.querySelector('form[action=\"/logout\"]').requestSubmit()";
        self.browser.js(out).await;
        self.browser.find("#password").await;
    }

    async fn import(&self, list: &List) {
        let (b, lang) = (self.browser, list.lang);
        self.open(&format!("/imports/new?lang={}", lang.code()))
            .await;
        self.says(lang, "imports-nothing-yet").await;
        b.attach(
            "[type=file]",
            &format!(
                "{}/import_samples/{}",
                env!("CARGO_MANIFEST_DIR"),
                list.file
            ),
        )
        .await;
        b.choose("#channel", list.channel).await;
        b.choose("#ground", list.ground).await;
        b.fill("#source", list.source).await;
        b.click("form.card .primary").await;

        self.says(lang, "imports-columns-title").await;
        let (column, field) = list.correction;
        b.choose(&format!("[name={column}]"), field).await;
        b.click("#columns .head button").await;

        self.says(lang, "imports-issues").await;
        let back = format!(
            "fetch(document.querySelector('.steps a').href).then(a => a.text()).then(t => {{ \
            const page = new DOMParser().parseFromString(t, 'text/html'); \
            document.body.dataset.kept = page.querySelector('[name={column}]').value; }})"
        );
        b.js(&back).await;
        b.until(
            "the correction is kept",
            &format!("return document.body.dataset.kept === {field:?}"),
        )
        .await;
        b.click("a[href$='/confirm']").await;

        b.find("form[action$='/confirm']").await;
        b.until("the plan has its figure", &format!("return document.querySelector('form[action$=\"/confirm\"] button').innerText.includes({:?})", list.valid)).await;
        b.click("form[action$='/confirm'] button").await;
        self.says(lang, "imports-state-queued").await;
        self.app.run_jobs();
        self.says(lang, "imports-state-done").await;
        b.find(".tiles").await;
        b.until_text(list.valid).await;
    }

    async fn make_campaign(&self) {
        let b = self.browser;
        self.open("/campaigns/new?lang=zh-CN").await;
        b.fill("#name", "秋季降本").await;
        b.fill("#title-1", "开场").await;
        b.fill("#say-1", "您好{contact}，我是{me}。").await;
        b.chord(&[CTRL], ENTER).await;
        self.says(Lang::Zh, "fill-lead").await;
        b.click("[name=count]").await;
        self.says(Lang::Zh, "fill-would-come").await;
        b.chord(&[CTRL], ENTER).await;
        b.find("#entries tbody tr").await;
        b.until_text("秋季降本").await;
    }

    async fn call_ten(&self) {
        let b = self.browser;
        self.open("/call?lang=zh-CN").await;
        self.says(Lang::Zh, "screen-take-next").await;
        b.until("the next one is at hand", NEXT_AT_HAND).await;
        b.press(ENTER).await;
        for (n, script) in CALLS.iter().enumerate() {
            if n == 5 {
                self.open("/call?lang=en").await;
            }
            let lang = if n < 5 { Lang::Zh } else { Lang::En };
            self.call(script, lang).await;
            b.until_text(&lang.text("shell-undo")).await;
        }
        assert_eq!(self.results(), (10, 0));
        b.press('z').await;
        b.until("the result is taken back", "return !document.querySelector('[data-toast]') && Boolean(document.querySelector('.flash.good'))").await;
        assert_eq!(self.results(), (9, 1));
        let dials: i64 = self
            .app
            .read(|conn| Ok(call::table.filter(call::counts).count().get_result(conn)?));
        assert_eq!(dials, 10, "a dial that was taken back was still a dial");
    }

    /// One call from its lease to the next one.
    async fn call(&self, script: &Script, lang: Lang) {
        let b = self.browser;
        b.until("the call screen is ready", "const s = document.getElementById('softphone'); return Boolean(s) && !s.closest('[hidden]')").await;
        let token = b.js("addEventListener('pointerdown', () => document.body.dataset.touched = '1', true); return document.getElementById('result').dataset.token").await;
        b.press('d').await;
        b.until(
            "the clock runs",
            &format!(
                "return document.getElementById('phase').innerText === {:?}",
                lang.text("screen-phase-dialled")
            ),
        )
        .await;
        b.press(script.digit).await;
        b.until(
            "the result is chosen",
            &format!(
                "return document.querySelector('[data-digit=\"{}\"]').checked",
                script.digit
            ),
        )
        .await;
        if script.takes_first {
            b.press(' ').await;
            b.until(
                "a moment is chosen",
                "return Boolean(document.querySelector('[name=slot]:checked'))",
            )
            .await;
        }
        if let Some(steps) = script.urgency {
            b.press('u').await;
            b.press(' ').await;
            for _ in 0..steps {
                b.press(RIGHT).await;
            }
            b.until("the urgency is chosen", &format!("return [...document.querySelectorAll('[name=urgency]')].findIndex(r => r.checked) === {steps}")).await;
        }
        if script.has_need {
            b.press(TAB).await;
            b.press(' ').await;
            b.until(
                "a need is ticked",
                "return document.querySelectorAll('[name=need]:checked').length === 1",
            )
            .await;
        }
        if !script.note.is_empty() {
            b.press('n').await;
            b.keys(script.note).await;
            b.until(
                "the note is typed",
                &format!(
                    "return document.getElementById('call-note').value === {:?}",
                    script.note
                ),
            )
            .await;
        }
        b.chord(&[CTRL], ENTER).await;
        b.until("the next company is served", &format!("const f = document.getElementById('result'); return Boolean(f) && f.dataset.token !== {token} && document.body.dataset.touched === undefined")).await;
    }

    /// Results that stand, and results that were taken back.
    fn results(&self) -> (i64, i64) {
        self.app.read(|conn| {
            let undone = call_result::table.filter(call_result::undone_at.is_not_null());
            let undone: i64 = undone.count().get_result(conn)?;
            let all: i64 = call_result::table.count().get_result(conn)?;
            Ok((all - undone, undone))
        })
    }

    async fn undo_import(&self) {
        let b = self.browser;
        self.open("/imports/3?lang=en").await;
        b.click("form[action$='/undo'] button").await;
        b.click("#question [value=yes]").await;
        self.says(Lang::En, "imports-state-undoing").await;
        self.app.run_jobs();
        self.says(Lang::En, "imports-state-undone").await;
        self.open("/companies?lang=en").await;
        b.find("table").await;
    }
}
