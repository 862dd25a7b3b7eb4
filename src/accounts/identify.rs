//! Who asks: reads the session cookie or the API token of every request, once, and hands it to the handlers.

use std::future::{Ready, ready};

use actix_web::body::{BoxBody, MessageBody};
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::Next;
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, web};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{NaiveDateTime, TimeDelta};

use super::gate::Gate;
use super::model::{Actor, User};
use super::navigation::navigation;
use super::queries;
use super::rules::{Object, Verb, require};
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::CsrfToken;
use crate::platform::i18n::Lang;
use crate::platform::office::Office;
use crate::platform::page::{Flash, PageContext, Viewer, see_other};
use crate::platform::secret;
use crate::platform::settings;

/// Name of the session cookie.
pub const SESSION_COOKIE: &str = "canvass_session";
/// Remembers the language of a visitor; users have theirs in the database.
pub const LANGUAGE_COOKIE: &str = "canvass_lang";
/// Token of the forms a visitor may send before logging in.
const VISITOR_COOKIE: &str = "canvass_visitor";
const FLASH_COOKIE: &str = "canvass_flash";
/// A session ends this long after it was last seen.
pub(super) const SESSION_DAYS: i64 = 14;
/// "Last seen" is written at most this often.
const SEEN_EVERY: TimeDelta = TimeDelta::minutes(5);

/// What was found out about a request before its handler ran.
#[derive(Debug, Clone)]
struct Identity {
    user: Option<User>,
    /// The API token that was sent.
    token_id: Option<i64>,
    context: PageContext,
    now: NaiveDateTime,
}

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

/// The middleware: finds out who asks and in which language, and puts it into the request.
pub async fn identify(
    db: web::Data<Db>,
    gate: web::Data<Gate>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let path = request.path();
    if path.starts_with("/assets/") || path == "/healthz" || path == "/readyz" || path == "/metrics"
    {
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    let is_first_run = path == "/first-run" || path.starts_with("/api/");
    let asked = Asked::read(&request);
    let (had_flash, chosen) = (asked.flash.is_some(), asked.chosen_language);
    let is_visitor = asked.visitor.is_none();
    let identity = find(&db, asked).await?;
    let (csrf, signed_in) = (identity.context.csrf.clone(), identity.user.is_some());
    request.extensions_mut().insert(CsrfToken(csrf.clone()));
    request.extensions_mut().insert(identity);
    let secure = request.connection_info().scheme() == "https";
    let mut response = if signed_in || is_first_run || gate.has_users(&db).await? {
        next.call(request).await?.map_into_boxed_body()
    } else {
        request.into_response(see_other("/first-run"))
    };
    let answer = response.response_mut();
    if had_flash && answer.status() == StatusCode::OK {
        let _ = answer.add_removal_cookie(&Cookie::build(FLASH_COOKIE, "").path("/").finish());
    }
    if let Some(lang) = chosen {
        let _ = answer.add_cookie(
            &Cookie::build(LANGUAGE_COOKIE, lang.code())
                .path("/")
                .max_age(actix_web::cookie::time::Duration::days(365))
                .same_site(SameSite::Lax)
                .finish(),
        );
    }
    if is_visitor && !signed_in {
        let _ = answer.add_cookie(
            &Cookie::build(VISITOR_COOKIE, csrf)
                .path("/")
                .http_only(true)
                .secure(secure)
                .same_site(SameSite::Lax)
                .finish(),
        );
    }
    Ok(response)
}

/// What a request says about itself.
struct Asked {
    cookie: Option<String>,
    bearer: Option<String>,
    visitor: Option<String>,
    flash: Option<Flash>,
    chosen_language: Option<Lang>,
    remembered_language: Option<Lang>,
    browser_language: Option<Lang>,
    path: String,
}

impl Asked {
    fn read(request: &ServiceRequest) -> Self {
        let cookie = |name: &str| request.cookie(name).map(|c| c.value().to_owned());
        let header = |name: &str| request.headers().get(name).and_then(|v| v.to_str().ok());
        let query = request.query_string();
        let chosen = query
            .split('&')
            .find_map(|p| p.strip_prefix("lang="))
            .and_then(Lang::parse);
        Self {
            cookie: cookie(SESSION_COOKIE),
            bearer: header("Authorization")
                .and_then(|h| h.strip_prefix("Bearer "))
                .map(|t| t.trim().to_owned()),
            visitor: cookie(VISITOR_COOKIE).filter(|v| v.len() >= 24),
            flash: cookie(FLASH_COOKIE).and_then(|v| decode_flash(&v)),
            chosen_language: chosen,
            remembered_language: cookie(LANGUAGE_COOKIE).as_deref().and_then(Lang::parse),
            browser_language: header("Accept-Language").and_then(Lang::from_accept),
            path: if query.is_empty() {
                request.path().to_owned()
            } else {
                format!("{}?{query}", request.path())
            },
        }
    }
}

struct Found {
    user: Option<User>,
    csrf: Option<String>,
    seen: Option<Seen>,
    token_id: Option<i64>,
    clock: clock::Reading,
    office: Office,
}

enum Seen {
    Session(Vec<u8>),
    Token(i64),
}

async fn find(db: &Db, asked: Asked) -> AppResult<Identity> {
    let (cookie, bearer) = (asked.cookie.clone(), asked.bearer.clone());
    let found = db
        .read(move |conn| look_up(conn, cookie.as_deref(), bearer.as_deref()))
        .await?;
    let now = found.clock.now;
    if let Some(seen) = found.seen {
        db.write(move |conn| write_seen(conn, &seen, now)).await?;
    }
    if let (Some(user), Some(lang)) = (&found.user, asked.chosen_language)
        && user.language.as_deref() != Some(lang.code())
    {
        let id = user.id;
        db.write(move |conn| {
            queries::choose_language(conn, id, lang.code()).map_err(AppError::from)
        })
        .await?;
    }
    let language = asked
        .chosen_language
        .or_else(|| {
            found
                .user
                .as_ref()
                .and_then(|u| u.language.as_deref())
                .and_then(Lang::parse)
        })
        .or(asked.remembered_language)
        .or(asked.browser_language)
        .unwrap_or_else(|| found.office.lang());
    let csrf = found
        .csrf
        .or(asked.visitor)
        .unwrap_or_else(secret::random_token);
    let context = context(
        found.user.as_ref(),
        language,
        csrf,
        asked.flash,
        &found.office,
        &found.clock,
        asked.path,
    );
    Ok(Identity {
        user: found.user,
        token_id: found.token_id,
        context,
        now,
    })
}

fn look_up(conn: &mut Conn, cookie: Option<&str>, bearer: Option<&str>) -> AppResult<Found> {
    let clock = clock::read(conn)?;
    let office = settings::load::<Office>(conn)?.value;
    let mut found = Found {
        user: None,
        csrf: None,
        seen: None,
        token_id: None,
        clock,
        office,
    };
    let is_stale = |at: Option<NaiveDateTime>| at.is_none_or(|at| clock.now - at > SEEN_EVERY);
    if let Some(token) = bearer {
        if let Some((user, id, used_at)) = queries::user_of_token(conn, &secret::hash(token))? {
            found.user = Some(user);
            found.token_id = Some(id);
            found.seen = is_stale(used_at).then_some(Seen::Token(id));
        }
    } else if let Some(cookie) = cookie {
        let hash = secret::hash(cookie);
        if let Some(live) = queries::live_session(conn, &hash, clock.now)? {
            found.user = Some(live.user);
            found.csrf = Some(live.csrf);
            found.seen = is_stale(Some(live.seen_at)).then_some(Seen::Session(hash));
        }
    }
    Ok(found)
}

fn write_seen(conn: &mut Conn, seen: &Seen, now: NaiveDateTime) -> AppResult<()> {
    match seen {
        Seen::Session(hash) => {
            queries::session_was_seen(conn, hash, now, now + TimeDelta::days(SESSION_DAYS))?
        }
        Seen::Token(id) => queries::token_was_used(conn, *id, now)?,
    }
    Ok(())
}

#[allow(clippy::too_many_arguments)] // the parts of a context, each from another place
fn context(
    user: Option<&User>,
    language: Lang,
    csrf: String,
    flash: Option<Flash>,
    office: &Office,
    clock: &clock::Reading,
    path: String,
) -> PageContext {
    let viewer = user.map(|u| Viewer {
        name: u.name.clone(),
        initial: u
            .name
            .chars()
            .next()
            .unwrap_or('?')
            .to_uppercase()
            .collect(),
        roles_label: u
            .actor()
            .roles
            .iter()
            .map(|r| language.text(&format!("role-{}", r.code())))
            .collect::<Vec<_>>()
            .join(" · "),
    });
    let nav = user
        .map(|u| navigation(&u.actor(), language, &path))
        .unwrap_or_default();
    let mut context = PageContext {
        language,
        csrf,
        viewer,
        nav,
        flash,
        theme_name: user.and_then(|u| u.theme.clone()).unwrap_or_default(),
        zone: office.tz(),
        now: clock.now,
        rehearsal: None,
        path,
    };
    context.rehearsal = clock.rehearsal.then(|| context.datetime(&clock.now));
    context
}

fn identity(request: &HttpRequest) -> AppResult<Identity> {
    let found = request.extensions().get::<Identity>().cloned();
    found.ok_or_else(|| {
        AppError::Internal(anyhow::anyhow!(
            "a route outside the identifying middleware"
        ))
    })
}

/// The context of the present request, for error pages.
pub fn context_of(request: &HttpRequest) -> Option<PageContext> {
    identity(request).ok().map(|i| i.context)
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
                if !crate::platform::form::same(sent, &found.context.csrf) {
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

/// The cookie of a session. The database decides when it ends, so the browser keeps it for as long as it may.
pub(super) fn session_cookie(request: &HttpRequest, value: String) -> Cookie<'static> {
    Cookie::build(SESSION_COOKIE, value)
        .path("/")
        .http_only(true)
        .secure(crate::platform::peer::is_https(request))
        .same_site(SameSite::Lax)
        .max_age(actix_web::cookie::time::Duration::days(400))
        .finish()
}

/// What takes the session's cookie away.
pub(super) fn no_session_cookie() -> Cookie<'static> {
    let mut cookie = Cookie::build(SESSION_COOKIE, "").path("/").finish();
    cookie.make_removal();
    cookie
}

/// The session cookie that a request carries.
pub(super) fn cookie_of(request: &HttpRequest) -> Option<String> {
    request.cookie(SESSION_COOKIE).map(|c| c.value().to_owned())
}

fn decode_flash(value: &str) -> Option<Flash> {
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
