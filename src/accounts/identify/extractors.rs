//! What handlers ask for: somebody signed in, a visitor, or a program.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest, web};
use chrono::NaiveDateTime;

use super::identity;
use crate::accounts::gate::Gate;
use crate::accounts::model::Actor;
use crate::accounts::rules::{Object, Verb, require};
use crate::platform::error::{AppError, AppResult};
use crate::platform::form;
use crate::platform::i18n::Lang;
use crate::platform::page::PageContext;

/// A person signed in with a session. Pages ask for it; without one they are sent to the log-in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Who acts.
    pub actor: Actor,
    /// Now, as read at the start of the request.
    pub now: NaiveDateTime,
    context: PageContext,
}

impl SignedIn {
    /// What the page needs besides its own data.
    pub fn context(&self) -> PageContext {
        self.context.clone()
    }
    /// The person's language.
    pub fn lang(&self) -> Lang {
        self.context.language
    }
    /// 403 unless the person may.
    pub fn require(&self, verb: Verb) -> AppResult<()> {
        require(&self.actor, verb, Object::Any)
    }
}

/// Somebody who may not be signed in: log-in, first run, reset.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// Context without navigation.
    pub context: PageContext,
    /// Whether somebody is signed in already.
    pub is_signed_in: bool,
}

/// A program with an API token (or a page's own script with the session).
#[derive(Debug, Clone)]
pub struct ApiUser {
    /// Who acts.
    pub actor: Actor,
    /// Language of sentences in answers.
    pub lang: Lang,
    /// Now, as read at the start of the request.
    pub now: NaiveDateTime,
}

impl ApiUser {
    /// 403 unless the user may.
    pub fn require(&self, verb: Verb) -> AppResult<()> {
        require(&self.actor, verb, Object::Any)
    }
}

impl FromRequest for SignedIn {
    type Error = AppError;
    type Future = Ready<AppResult<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(identity(request).and_then(|found| match found.user {
            Some(user) => Ok(Self {
                actor: user.actor(),
                now: found.now,
                context: found.context,
            }),
            None => Err(AppError::refuse(StatusCode::UNAUTHORIZED, "not_signed_in")),
        }))
    }
}

impl FromRequest for Visitor {
    type Error = AppError;
    type Future = Ready<AppResult<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(identity(request).map(|found| Self {
            is_signed_in: found.user.is_some(),
            context: found.context,
        }))
    }
}

impl FromRequest for ApiUser {
    type Error = AppError;
    type Future = Ready<AppResult<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let by_cookie = request.headers().get("Authorization").is_none();
        let unsafe_call = !request.method().is_safe();
        let gate = request.app_data::<web::Data<Gate>>().cloned();
        ready(identity(request).and_then(|found| {
            let user = found
                .user
                .ok_or_else(|| AppError::refuse(StatusCode::UNAUTHORIZED, "not_signed_in"))?;
            if by_cookie && unsafe_call {
                // A page's own script: the cookie alone must not be enough.
                let sent = request
                    .headers()
                    .get("X-CSRF")
                    .and_then(|v| v.to_str().ok())
                    .unwrap_or("");
                if !form::same(sent, &found.context.csrf) {
                    return Err(AppError::refuse(StatusCode::FORBIDDEN, "form_outdated"));
                }
            }
            if let (Some(gate), Some(token_id)) = (gate, found.token_id) {
                gate.call(token_id)?;
            }
            Ok(Self {
                actor: user.actor(),
                lang: found.context.language,
                now: found.now,
            })
        }))
    }
}
