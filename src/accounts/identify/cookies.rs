//! The session's cookie, and the message that survives one redirect.

use actix_web::cookie::{Cookie, SameSite};
use actix_web::{HttpRequest, HttpResponse};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{FLASH_COOKIE, SESSION_COOKIE};
use crate::platform::page::Flash;
use crate::platform::peer;

/// The cookie of a session. The database decides when it ends, so the browser keeps it for as long as it may.
pub(in crate::accounts) fn session_cookie(request: &HttpRequest, value: String) -> Cookie<'static> {
    Cookie::build(SESSION_COOKIE, value)
        .path("/")
        .http_only(true)
        .secure(peer::is_https(request))
        .same_site(SameSite::Lax)
        .max_age(actix_web::cookie::time::Duration::days(400))
        .finish()
}

/// What takes the session's cookie away.
pub(in crate::accounts) fn no_session_cookie() -> Cookie<'static> {
    let mut cookie = Cookie::build(SESSION_COOKIE, "").path("/").finish();
    cookie.make_removal();
    cookie
}

/// The session cookie that a request carries.
pub(in crate::accounts) fn cookie_of(request: &HttpRequest) -> Option<String> {
    request.cookie(SESSION_COOKIE).map(|c| c.value().to_owned())
}

pub(super) fn decode_flash(value: &str) -> Option<Flash> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(value).ok()?).ok()
}

/// 303 to `to`, where `flash` is shown once.
pub fn redirect_with(to: &str, flash: &Flash) -> HttpResponse {
    let value = serde_json::to_vec(flash)
        .map(|json| URL_SAFE_NO_PAD.encode(json))
        .unwrap_or_default();
    let cookie = Cookie::build(FLASH_COOKIE, value)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .finish();
    HttpResponse::SeeOther()
        .insert_header(("Location", to))
        .cookie(cookie)
        .finish()
}
