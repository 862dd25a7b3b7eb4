//! Whoever is at the door of a started app, a browser or a program: requests with their forms, tokens and answers.

#![allow(dead_code)] // every area uses a part of the harness

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use canvass::accounts::{Actor, Roles};
use serde_json::Value;

use crate::app::TestApp;

pub fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .timeout_global(Some(Duration::from_secs(60)))
        .build()
        .into()
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub body: String,
    pub location: Option<String>,
    pub set_cookie: Vec<String>,
    pub retry_after: Option<String>,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body)
            .unwrap_or_else(|e| panic!("no JSON ({e}): {} {}", self.status, self.body))
    }
    /// Fails with the body unless the status is `status`.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(
            self.status,
            status,
            "{}",
            self.body.chars().take(2000).collect::<String>()
        );
        self
    }
    /// The message that the next page shows once, as JSON.
    pub fn told(&self) -> String {
        let found = |cookie: &String| Some(cookie.strip_prefix("canvass_flash=")?.to_owned());
        let cookie = self.set_cookie.iter().find_map(found).expect("a message");
        let value = cookie.split(';').next().unwrap_or_default();
        let json = URL_SAFE_NO_PAD.decode(value);
        String::from_utf8(json.expect("base64")).expect("UTF-8")
    }
    /// The stable code of a problem document.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }
}

/// A browser without a screen, or a program with a token.
#[derive(Clone)]
pub struct Client {
    pub agent: ureq::Agent,
    pub base: String,
    pub cookie: Option<String>,
    pub bearer: Option<String>,
    pub csrf: String,
    pub actor: Actor,
}

impl Client {
    /// The same client, talking to another node.
    pub fn at(&self, app: &TestApp) -> Self {
        Self {
            base: app.base.clone(),
            ..self.clone()
        }
    }

    /// A program with a token, talking to a server of another process.
    pub fn of_program(base: &str, token: &str) -> Self {
        Self {
            agent: agent(),
            base: base.to_owned(),
            cookie: None,
            bearer: Some(token.to_owned()),
            csrf: String::new(),
            actor: Actor {
                user_id: None,
                team_id: None,
                roles: Roles::default(),
                name: String::new(),
            },
        }
    }

    /// The same client with another API token.
    pub fn with_token(&self, token: &str) -> Self {
        Self {
            bearer: Some(token.to_owned()),
            ..self.clone()
        }
    }

    /// GET of a page, signed in by the session.
    pub fn get(&self, path: &str) -> Answer {
        let mut request = self
            .agent
            .get(format!("{}{path}", self.base))
            .header("Accept-Language", "en");
        if let Some(cookie) = &self.cookie {
            request = request.header("Cookie", format!("canvass_session={cookie}"));
        }
        answer(request.call())
    }

    /// POST of a form with the session's token.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut pairs = vec![("csrf", self.csrf.as_str())];
        pairs.extend_from_slice(fields);
        self.post_without_token(path, &pairs)
    }

    /// POST of a form as it is.
    pub fn post_without_token(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut request = self
            .agent
            .post(format!("{}{path}", self.base))
            .header("Accept-Language", "en");
        if let Some(cookie) = &self.cookie {
            request = request.header("Cookie", format!("canvass_session={cookie}"));
        }
        answer(request.send_form(fields.iter().copied()))
    }

    /// PUT of a form, as a page's script sends it.
    pub fn put(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let request = self.agent.put(format!("{}{path}", self.base));
        answer(
            self.as_script(request, &[])
                .send_form(fields.iter().copied()),
        )
    }

    /// POST of a form with further headers, as a page's script sends it.
    pub fn post_with(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        headers: &[(&str, &str)],
    ) -> Answer {
        let request = self.agent.post(format!("{}{path}", self.base));
        answer(
            self.as_script(request, headers)
                .send_form(fields.iter().copied()),
        )
    }

    fn as_script<B>(
        &self,
        request: ureq::RequestBuilder<B>,
        headers: &[(&str, &str)],
    ) -> ureq::RequestBuilder<B> {
        let mut request = request
            .header("Accept-Language", "en")
            .header("X-CSRF", &self.csrf);
        if let Some(cookie) = &self.cookie {
            request = request.header("Cookie", format!("canvass_session={cookie}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request
    }

    /// GET of the API with the token; `path` begins behind `/api/v1`.
    pub fn api(&self, path: &str) -> Answer {
        answer(
            self.authorised(self.agent.get(format!("{}/api/v1{path}", self.base)))
                .call(),
        )
    }

    /// POST to the API.
    pub fn api_post(&self, path: &str, body: &Value) -> Answer {
        answer(
            self.authorised(self.agent.post(format!("{}/api/v1{path}", self.base)))
                .send_json(body),
        )
    }

    /// POST to the API with an `Idempotency-Key`.
    pub fn api_post_once(&self, path: &str, key: &str, body: &Value) -> Answer {
        let request = self
            .authorised(self.agent.post(format!("{}/api/v1{path}", self.base)))
            .header("Idempotency-Key", key);
        answer(request.send_json(body))
    }

    /// [`Client::api_post_once`] to a server that may die meanwhile; `None` without a whole answer.
    pub fn api_post_if_alive(&self, path: &str, key: &str, body: &Value) -> Option<Answer> {
        let request = self
            .authorised(self.agent.post(format!("{}/api/v1{path}", self.base)))
            .header("Idempotency-Key", key);
        read(request.send_json(body).ok()?)
    }

    /// PATCH to the API.
    pub fn api_patch(&self, path: &str, body: &Value) -> Answer {
        answer(
            self.authorised(self.agent.patch(format!("{}/api/v1{path}", self.base)))
                .send_json(body),
        )
    }

    /// Uploads a file with other fields to the API, or to a page when `path` begins with `/` and `page` is true.
    pub fn upload(
        &self,
        path: &str,
        page: bool,
        fields: &[(&str, &str)],
        file_name: &str,
        bytes: &[u8],
    ) -> Answer {
        const BOUNDARY: &str = "canvass-test-boundary";
        let mut body = Vec::new();
        let mut part = |head: String, content: &[u8]| {
            body.extend_from_slice(
                format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n")
                    .as_bytes(),
            );
            body.extend_from_slice(content);
            body.extend_from_slice(b"\r\n");
        };
        if page {
            part("name=\"csrf\"".into(), self.csrf.as_bytes());
        }
        for (name, value) in fields {
            part(format!("name=\"{name}\""), value.as_bytes());
        }
        part(
            format!(
                "name=\"file\"; filename=\"{file_name}\"\r\nContent-Type: application/octet-stream"
            ),
            bytes,
        );
        body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        let base = if page {
            self.base.clone()
        } else {
            format!("{}/api/v1", self.base)
        };
        let mut request = self
            .agent
            .post(format!("{base}{path}"))
            .header(
                "Content-Type",
                format!("multipart/form-data; boundary={BOUNDARY}"),
            )
            .header("Accept-Language", "en");
        if page {
            request = request.header(
                "Cookie",
                format!(
                    "canvass_session={}",
                    self.cookie.clone().unwrap_or_default()
                ),
            );
        } else {
            request = self.authorised(request);
        }
        answer(request.send(&body))
    }

    fn authorised<B>(&self, request: ureq::RequestBuilder<B>) -> ureq::RequestBuilder<B> {
        match &self.bearer {
            Some(bearer) => request.header("Authorization", format!("Bearer {bearer}")),
            None => request,
        }
    }
}

fn answer(result: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Answer {
    read(result.expect("the server answers")).expect("the answer is whole")
}

/// `None` where the body ends before its end.
fn read(mut response: ureq::http::Response<ureq::Body>) -> Option<Answer> {
    let header = |name: &str| {
        response
            .headers()
            .get(name)
            .and_then(|v| v.to_str().ok())
            .map(str::to_owned)
    };
    let (location, retry_after) = (header("location"), header("retry-after"));
    let set_cookie = response
        .headers()
        .get_all("set-cookie")
        .iter()
        .filter_map(|v| v.to_str().ok().map(str::to_owned))
        .collect();
    let status = response.status().as_u16();
    let body = response
        .body_mut()
        .with_config()
        .limit(64 << 20)
        .read_to_string()
        .ok()?;
    Some(Answer {
        status,
        body,
        location,
        set_cookie,
        retry_after,
    })
}
