//! Forms of pages: a typed body that is only read when its `csrf` field (or `X-CSRF` header) is the session's.

use std::future::{Ready, ready};
use std::ops::{Deref, DerefMut};
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use serde::de::DeserializeOwned;

use super::error::AppError;
use super::nul::dropped_from_form;

/// The token of the present session, put into the request by whoever identified it.
#[derive(Debug, Clone)]
pub struct CsrfToken(pub String);

/// Largest form of a page; files have a door of their own.
const FORM_LIMIT: usize = 1 << 20;

/// A form whose token has been checked.
#[derive(Debug)]
pub struct Form<T>(pub T);

impl<T> Deref for Form<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}
impl<T> DerefMut for Form<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Form<T> {
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, AppError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let bytes = web::Bytes::from_request(&request, payload);
        Box::pin(async move {
            let body = bytes
                .await
                .map_err(|_| AppError::bad_request("form_unreadable"))?;
            if body.len() > FORM_LIMIT {
                return Err(AppError::bad_request("form_too_large"));
            }
            let body = dropped_from_form(&body);
            check_token(&request, &body)?;
            let value = serde_html_form(&body)?;
            Ok(Self(value))
        })
    }
}

fn serde_html_form<T: DeserializeOwned>(body: &[u8]) -> Result<T, AppError> {
    let text = std::str::from_utf8(body).map_err(|_| AppError::bad_request("form_unreadable"))?;
    web::Query::<T>::from_query(text)
        .map(web::Query::into_inner)
        .map_err(|e| {
            tracing::debug!("form not understood: {e}");
            AppError::bad_request("form_unreadable").with("detail", e)
        })
}

/// All `name=value` pairs of a checked form, in order: for forms with repeated or open-ended fields.
#[derive(Debug)]
pub struct Pairs(pub Vec<(String, String)>);

impl Pairs {
    /// The first value of `name`, trimmed; `None` when it is absent or empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.trim())
            .filter(|v| !v.is_empty())
    }
    /// Every value of `name`.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0
            .iter()
            .filter(move |(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    }
}

impl FromRequest for Pairs {
    type Error = AppError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, AppError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let form = Form::<Vec<(String, String)>>::from_request(request, payload);
        Box::pin(async move { form.await.map(|form| Self(form.0)) })
    }
}

/// The token check alone, for handlers that read their body themselves (uploads send it as `X-CSRF`
/// or as the first field).
#[derive(Debug)]
pub struct ExpectedCsrf(pub String);

impl FromRequest for ExpectedCsrf {
    type Error = AppError;
    type Future = Ready<Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(match request.extensions().get::<CsrfToken>() {
            Some(token) => Ok(Self(token.0.clone())),
            None => Err(AppError::forbidden()),
        })
    }
}

fn check_token(request: &HttpRequest, body: &[u8]) -> Result<(), AppError> {
    let expected = request.extensions().get::<CsrfToken>().map(|t| t.0.clone());
    let expected = expected.ok_or_else(AppError::forbidden)?;
    let header = request
        .headers()
        .get("X-CSRF")
        .and_then(|v| v.to_str().ok())
        .map(str::to_owned);
    let sent = header.or_else(|| {
        let pairs =
            web::Query::<Vec<(String, String)>>::from_query(std::str::from_utf8(body).ok()?)
                .ok()?;
        pairs
            .into_inner()
            .into_iter()
            .find(|(name, _)| name == "csrf")
            .map(|(_, value)| value)
    });
    if sent.is_some_and(|sent| same(&sent, &expected)) {
        Ok(())
    } else {
        Err(AppError::refuse(
            actix_web::http::StatusCode::FORBIDDEN,
            "form_outdated",
        ))
    }
}

/// Compares without telling by its time where the difference is.
pub fn same(a: &str, b: &str) -> bool {
    a.len() == b.len()
        && a.bytes()
            .zip(b.bytes())
            .fold(0, |acc, (x, y)| acc | (x ^ y))
            == 0
}
