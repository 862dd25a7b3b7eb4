//! A real Chromium, driven by keys. Without a driver the tests say loudly that they were skipped;
//! `REQUIRE_BROWSER=1` makes that a failure.
#![allow(dead_code)] // every browser test uses a part of it

use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use canvass::accounts::hash_blocking;
use canvass::platform::error::AppError;
use canvass::schema::users;
use diesel::{ExpressionMethods, RunQueryDsl};
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;

use crate::app::TestApp;

const FLAGS: [&str; 11] = [
    "--window-size=1280,900",
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--lang=zh-CN",
];
/// Longest wait for something to appear on a page.
const PATIENCE: Duration = Duration::from_secs(15);

/// One browser with an empty profile.
pub struct Browser {
    pub client: Client,
    driver: Child,
    driver_url: String,
    _profile: tempfile::TempDir,
}

/// Runs `test` with a browser, or says that it was skipped.
pub fn with_browser<F: Future<Output = ()>>(test: impl FnOnce(Session) -> F) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        match Browser::start().await {
            Some(browser) => {
                let session = Session {
                    client: browser.client.clone(),
                    driver: browser.driver_url.clone(),
                };
                test(session).await;
                browser.end().await;
            }
            None if std::env::var("REQUIRE_BROWSER").is_ok_and(|v| v == "1") => {
                panic!("REQUIRE_BROWSER=1, but chromedriver could not be started")
            }
            None => eprintln!("SKIPPED in a browser: no chromedriver"),
        }
    });
}

impl Browser {
    async fn start() -> Option<Self> {
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .ok()?
            .local_addr()
            .ok()?
            .port();
        let driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .arg("--silent")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .ok()?;
        let profile = tempfile::tempdir().ok()?;
        let mut flags: Vec<String> = FLAGS.iter().map(ToString::to_string).collect();
        flags.push(format!("--user-data-dir={}", profile.path().display()));
        let capabilities = json!({
            "browserName": "chrome",
            "goog:chromeOptions": { "args": flags },
            "goog:loggingPrefs": { "browser": "ALL" },
        });
        let patience = Instant::now();
        loop {
            let mut builder = ClientBuilder::new(HttpConnector::new());
            builder.capabilities(capabilities.as_object().cloned()?);
            let driver_url = format!("http://127.0.0.1:{port}");
            match builder.connect(&driver_url).await {
                Ok(client) => {
                    return Some(Self {
                        client,
                        driver,
                        driver_url,
                        _profile: profile,
                    });
                }
                Err(_) if patience.elapsed() < Duration::from_secs(20) => {
                    tokio::time::sleep(Duration::from_millis(200)).await
                }
                Err(why) => panic!("chromedriver runs, but no session: {why}"),
            }
        }
    }

    async fn end(self) {
        let _ = self.client.clone().close().await;
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The driver's whole group: Chromium's helpers outlive a killed driver.
        let _ = Command::new("kill")
            .args(["-9", "--", &format!("-{}", self.driver.id())])
            .status();
        let _ = self.driver.wait();
    }
}

/// What a test does with the browser.
pub struct Session {
    pub client: Client,
    driver: String,
}

impl Session {
    pub async fn open(&self, url: &str) {
        self.client.goto(url).await.expect("the page opens");
    }

    /// Clicks a button or link.
    pub async fn click(&self, css: &str) {
        let element = self.find(css).await;
        if let Err(why) = element.click().await {
            panic!("{css} cannot be clicked ({why}) on {}", self.url().await);
        }
    }

    /// Chooses an option of a select by its value.
    pub async fn choose(&self, css: &str, value: &str) {
        let select = self.find(css).await;
        select
            .select_by_value(value)
            .await
            .expect("there is such an option");
    }

    /// Attaches a file to a file field.
    pub async fn attach(&self, css: &str, path: &str) {
        let field = self.find(css).await;
        field.send_keys(path).await.expect("the field takes a file");
    }

    /// Errors that the browser's console holds since it was last asked.
    pub async fn console_errors(&self) -> Vec<String> {
        let id = self
            .client
            .session_id()
            .await
            .ok()
            .flatten()
            .expect("a session");
        // A command of Chromium's driver alone, so it is asked directly.
        let asked = ureq::post(format!("{}/session/{id}/se/log", self.driver))
            .header("Content-Type", "application/json")
            .send(json!({ "type": "browser" }).to_string());
        let text = asked
            .expect("the console is read")
            .body_mut()
            .read_to_string();
        let log: serde_json::Value =
            serde_json::from_str(&text.expect("a text")).expect("the log is JSON");
        let lines = log["value"].as_array().cloned().unwrap_or_default();
        let severe = lines.iter().filter(|line| line["level"] == "SEVERE");
        severe.map(|line| line["message"].to_string()).collect()
    }

    /// Fills a field found by CSS.
    pub async fn fill(&self, css: &str, text: &str) {
        let field = self.find(css).await;
        field.clear().await.expect("the field empties");
        field.send_keys(text).await.expect("the field takes text");
    }

    /// Waits for an element and gives it.
    pub async fn find(&self, css: &str) -> fantoccini::elements::Element {
        match self
            .client
            .wait()
            .at_most(PATIENCE)
            .for_element(Locator::Css(css))
            .await
        {
            Ok(element) => element,
            Err(why) => panic!(
                "{css} does not appear ({why}) on {}\n{}",
                self.url().await,
                self.text().await
            ),
        }
    }

    /// Presses one key, or types one character, wherever the focus is: no pointer, no element.
    pub async fn press(&self, key: char) {
        self.chord(&[], key).await;
    }

    /// Presses a key while others are held, e.g. `chord(&[CTRL], ENTER)`.
    pub async fn chord(&self, held: &[char], key: char) {
        let mut actions = KeyActions::new("keyboard".into());
        for h in held {
            actions = actions.then(KeyAction::Down { value: *h });
        }
        actions = actions
            .then(KeyAction::Down { value: key })
            .then(KeyAction::Up { value: key });
        for h in held.iter().rev() {
            actions = actions.then(KeyAction::Up { value: *h });
        }
        self.client
            .perform_actions(actions)
            .await
            .expect("keys are taken");
        tokio::time::sleep(Duration::from_millis(60)).await;
    }

    /// Types text by keys into whatever has the focus.
    pub async fn keys(&self, text: &str) {
        for c in text.chars() {
            self.press(c).await;
        }
    }

    /// The visible text of the page.
    pub async fn text(&self) -> String {
        self.js("return document.body.innerText")
            .await
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    pub async fn url(&self) -> String {
        self.client
            .current_url()
            .await
            .map(|u| u.to_string())
            .unwrap_or_default()
    }

    /// Runs a script in the page.
    pub async fn js(&self, script: &str) -> serde_json::Value {
        self.client
            .execute(script, Vec::new())
            .await
            .expect("the script runs")
    }

    /// Waits until a script returns true.
    pub async fn until(&self, what: &str, script: &str) {
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            if self
                .client
                .execute(script, Vec::new())
                .await
                .is_ok_and(|v| v == json!(true))
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(80)).await;
        }
        panic!(
            "never: {what}; at {}\n{}",
            self.url().await,
            self.text().await
        );
    }

    /// Waits until the page shows a text.
    pub async fn until_text(&self, text: &str) {
        let script = format!("return document.body.innerText.includes({})", json!(text));
        self.until(&format!("the text {text}"), &script).await;
    }
}

/// Everybody's password in a browser.
const PASSWORD: &str = "canvass-browser";

/// Gives everybody who is there the password of [`log_in`].
pub fn give_passwords(app: &TestApp) {
    let hash = hash_blocking(PASSWORD).expect("a hash");
    app.write(move |conn| {
        let all = diesel::update(users::table).set(users::password_hash.eq(Some(hash)));
        all.execute(conn).map(|_| ()).map_err(AppError::from)
    });
}

/// Logs somebody in by the page, in Chinese, whoever was there before.
pub async fn log_in(browser: &Session, app: &TestApp, name: &str) {
    browser
        .client
        .delete_all_cookies()
        .await
        .expect("no cookies");
    browser
        .open(&format!("{}/login?lang=zh-CN", app.base))
        .await;
    browser
        .fill("input[name=email]", &format!("{name}@example.test"))
        .await;
    browser.fill("input[name=password]", PASSWORD).await;
    press(browser, "form[action^='/login'] button.primary").await;
    browser.find("main h1").await;
    browser
        .until(
            "signed in",
            "return !location.pathname.startsWith('/login')",
        )
        .await;
}

/// Clicks whatever a selector finds, and waits until another page is there.
pub async fn press(browser: &Session, css: &str) {
    browser
        .js("document.body.dataset.old = 'yes'; return true")
        .await;
    browser.find(css).await;
    browser
        .js(&format!(
            "document.querySelector({css:?}).click(); return true"
        ))
        .await;
    browser.until("a new page", "return !!document.body && !document.body.dataset.old && document.readyState === 'complete'").await;
}

/// Between calls: the browser gives the button its focus a moment after the page is there.
pub const NEXT_AT_HAND: &str = "return document.activeElement?.dataset.key === 'enter'";

/// WebDriver's code points for keys without a character.
pub const CTRL: char = '\u{e009}';
pub const ENTER: char = '\u{e007}';
pub const ESC: char = '\u{e00c}';
pub const TAB: char = '\u{e004}';
pub const DOWN: char = '\u{e015}';
pub const RIGHT: char = '\u{e014}';
