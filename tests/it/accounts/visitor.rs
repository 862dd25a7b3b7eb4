//! A browser that keeps cookies and sends the token of the form it last saw.

use std::collections::BTreeMap;

use crate::app::{Answer, TestApp};

pub struct Visitor {
    base: String,
    agent: ureq::Agent,
    pub cookies: BTreeMap<String, String>,
    pub csrf: String,
}

impl Visitor {
    pub fn of(app: &TestApp) -> Self {
        Self {
            base: app.base.clone(),
            agent: ureq::Agent::config_builder()
                .http_status_as_error(false)
                .max_redirects(0)
                .build()
                .into(),
            cookies: BTreeMap::new(),
            csrf: String::new(),
        }
    }

    pub fn get(&mut self, path: &str) -> Answer {
        let request = self.agent.get(format!("{}{path}", self.base));
        let request = self.with_headers(request);
        self.keep(request.call())
    }

    pub fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.csrf.clone();
        let mut pairs = vec![("csrf", csrf.as_str())];
        pairs.extend_from_slice(fields);
        let request = self.agent.post(format!("{}{path}", self.base));
        let request = self.with_headers(request);
        self.keep(request.send_form(pairs))
    }

    /// Opens the log-in, fills it in and sends it.
    pub fn log_in(&mut self, email: &str, password: &str) -> Answer {
        self.get("/login").expect(200);
        self.post("/login", &[("email", email), ("password", password)])
    }

    fn with_headers<B>(&self, request: ureq::RequestBuilder<B>) -> ureq::RequestBuilder<B> {
        let cookies: Vec<String> = self
            .cookies
            .iter()
            .map(|(n, v)| format!("{n}={v}"))
            .collect();
        request
            .header("Cookie", cookies.join("; "))
            .header("Accept-Language", "en")
    }

    fn keep(&mut self, result: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Answer {
        let mut response = result.expect("the server answers");
        let text = |value: &ureq::http::HeaderValue| value.to_str().unwrap_or("").to_owned();
        let header = |name: &str| response.headers().get(name).map(text);
        let (location, retry_after) = (header("location"), header("retry-after"));
        let set_cookie: Vec<String> = response
            .headers()
            .get_all("set-cookie")
            .iter()
            .map(text)
            .collect();
        for cookie in &set_cookie {
            let (name, rest) = cookie.split_once('=').expect("a cookie");
            let value = rest.split(';').next().unwrap_or_default();
            if rest.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let body = response.body_mut().read_to_string().unwrap_or_default();
        if let Some((_, rest)) = body.split_once("name=\"csrf\" value=\"") {
            self.csrf = rest.split('"').next().unwrap_or_default().to_owned();
        }
        Answer {
            status: response.status().as_u16(),
            body,
            location,
            set_cookie,
            retry_after,
        }
    }
}
