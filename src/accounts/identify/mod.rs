//! Who asks: reads the session cookie or the API token of every request, once, and hands it to the handlers.

mod cookies;
mod extractors;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::cookie::{Cookie, SameSite};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpRequest, web};
use chrono::{NaiveDateTime, TimeDelta};

pub use cookies::redirect_with;
pub(super) use cookies::{cookie_of, no_session_cookie, session_cookie};
pub use extractors::{ApiUser, SignedIn, Visitor};

use cookies::decode_flash;

use super::gate::Gate;
use super::model::User;
use super::navigation::navigation;
use super::queries;
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::CsrfToken;
use crate::platform::i18n::Lang;
use crate::platform::office::Office;
use crate::platform::page::{Flash, PageContext, Viewer, see_other};
use crate::platform::{peer, secret, settings};

/// Name of the session cookie.
pub const SESSION_COOKIE: &str = "canvass_session";
/// Remembers the language of a visitor; users have theirs in the database.
pub const LANGUAGE_COOKIE: &str = "canvass_lang";
/// Token of the forms a visitor may send before logging in.
const VISITOR_COOKIE: &str = "canvass_visitor";
const FLASH_COOKIE: &str = "canvass_flash";
/// A session ends this long after it was last seen.
pub(in crate::accounts) const SESSION_DAYS: i64 = 14;
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
    // Outside of the pages that tell of a fault: without this line nobody would read why.
    let identity = find(&db, asked)
        .await
        .inspect_err(|why| tracing::error!("who asks cannot be looked up: {why:?}"))?;
    let (csrf, signed_in) = (identity.context.csrf.clone(), identity.user.is_some());
    request.extensions_mut().insert(CsrfToken(csrf.clone()));
    request.extensions_mut().insert(identity);
    let secure = peer::is_https(request.request());
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
