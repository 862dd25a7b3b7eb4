//! How a refusal looks: a page with a sentence and a remedy, or an RFC 9457 problem document for programs.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use askama::Template;
use serde_json::json;

use super::error::{AppError, Refusal};
use super::i18n::{Arg, Lang};
use super::page::PageContext;

impl ResponseError for AppError {
    fn status_code(&self) -> StatusCode {
        self.refusal()
            .map_or(StatusCode::INTERNAL_SERVER_ERROR, |r| r.status)
    }
    /// A bare answer; [`explain`] replaces it, since only there the language is known.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::build(self.status_code()).finish()
    }
}

#[derive(Template)]
#[template(path = "platform/error.html")]
struct ErrorPage {
    ctx: PageContext,
    status: u16,
    title: String,
    text: String,
    remedy: String,
    /// Whoever reads it has no account here: nothing leads into the program.
    is_outside: bool,
}

/// Pages for people outside begin with this: what the links in letters lead to.
const OUTSIDE: &str = "/u/";

/// What is said about a refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What happened, in one sentence.
    pub text: String,
    /// What to do about it.
    pub remedy: String,
}

/// The sentence of a refusal with its remedy behind it, in a language.
pub fn in_words(lang: Lang, refusal: &Refusal) -> String {
    let told = tell(lang, refusal);
    format!("{} {}", told.text, told.remedy)
}

/// The sentence of a refusal and its remedy, in a language.
pub fn tell(lang: Lang, refusal: &Refusal) -> Told {
    let code = refusal.code.replace('_', "-");
    let args: Vec<(&str, Arg)> = refusal
        .args
        .iter()
        .map(|(n, v)| (*n, argument(lang, n, v)))
        .collect();
    let key = format!("error-{code}");
    let remedy = format!("error-{code}-remedy");
    Told {
        text: lang.text_with(&key, &args),
        remedy: if lang.knows(&remedy) {
            lang.text_with(&remedy, &args)
        } else {
            lang.text("error-remedy-any")
        },
    }
}

/// `field` is a stable name and shown in words; everything else is shown as it is.
fn argument(lang: Lang, name: &str, value: &str) -> Arg {
    let key = format!("field-{}", value.replace('_', "-"));
    if name == "field" && lang.knows(&key) {
        Arg::Text(lang.text(&key))
    } else {
        Arg::Text(value.to_owned())
    }
}

/// Turns every error of a handler into a page or a problem document in the language of the person.
pub async fn explain(
    context_of: fn(&HttpRequest) -> Option<PageContext>,
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let answer = match next.call(request).await {
        Ok(answer) => answer.map_into_boxed_body(),
        Err(error) => return Err(error),
    };
    let Some(error) = answer.response().error().map(|e| {
        (
            e.as_error::<AppError>().map(summary),
            e.as_response_error().status_code(),
        )
    }) else {
        return Ok(answer);
    };
    let (request, _) = answer.into_parts();
    let refusal = match error {
        (Some(Some(refusal)), _) => refusal,
        (Some(None), _) => Refusal {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            code: "internal",
            args: Vec::new(),
        },
        (None, StatusCode::NOT_FOUND) => Refusal {
            status: StatusCode::NOT_FOUND,
            code: "not_found",
            args: Vec::new(),
        },
        (None, status) => Refusal {
            status,
            code: "bad_request",
            args: Vec::new(),
        },
    };
    let response = answer_for(&request, context_of(&request), &refusal);
    Ok(ServiceResponse::new(request, response))
}

fn summary(error: &AppError) -> Option<Refusal> {
    match error {
        AppError::Refused(refusal) => Some((**refusal).clone()),
        AppError::Internal(fault) => {
            tracing::error!("fault: {fault:#}");
            None
        }
    }
}

/// The answer to a refusal: problem document under `/api`, log-in for a stranger, else a page.
pub fn answer_for(
    request: &HttpRequest,
    context: Option<PageContext>,
    refusal: &Refusal,
) -> HttpResponse {
    let mut answer = body_for(request, context, refusal);
    let seconds = refusal.args.iter().find(|(name, _)| *name == "seconds");
    let wait = seconds.and_then(|(_, seconds)| HeaderValue::from_str(seconds).ok());
    if let Some(wait) = wait {
        answer.headers_mut().insert(header::RETRY_AFTER, wait);
    }
    if answer.status() == StatusCode::UNAUTHORIZED {
        let bearer = HeaderValue::from_static("Bearer");
        answer
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, bearer);
    }
    answer
}

/// What stands above a refusal: only a fault of the program is one.
fn title_of(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "problem-missing",
        status if status.is_client_error() => "problem-refused",
        _ => "error-title",
    }
}

fn body_for(
    request: &HttpRequest,
    context: Option<PageContext>,
    refusal: &Refusal,
) -> HttpResponse {
    let lang = context.as_ref().map(|c| c.language).unwrap_or_default();
    let told = tell(lang, refusal);
    if request.path().starts_with("/api/") {
        let mut body = json!({
            "type": "about:blank", "title": told.text, "status": refusal.status.as_u16(), "detail": told.remedy, "code": refusal.code,
        });
        for (name, value) in &refusal.args {
            body[*name] = json!(value);
        }
        return HttpResponse::build(refusal.status)
            .content_type("application/problem+json")
            .json(body);
    }
    let is_partial = request.headers().contains_key("X-Partial");
    if refusal.code == "not_signed_in" && !is_partial {
        let next = percent_encoding::utf8_percent_encode(
            request.uri().path_and_query().map_or("/", |p| p.as_str()),
            percent_encoding::NON_ALPHANUMERIC,
        );
        return super::page::see_other(&format!("/login?next={next}"));
    }
    let Some(ctx) = context else {
        return HttpResponse::build(refusal.status)
            .content_type("text/plain; charset=utf-8")
            .body(told.text);
    };
    if is_partial {
        return HttpResponse::build(refusal.status)
            .content_type("text/plain; charset=utf-8")
            .body(format!("{} {}", told.text, told.remedy));
    }
    let page = ErrorPage {
        title: ctx.t(title_of(refusal.status)),
        ctx,
        status: refusal.status.as_u16(),
        text: told.text,
        remedy: told.remedy,
        is_outside: request.path().starts_with(OUTSIDE),
    };
    super::page::html_with(refusal.status, &page)
        .unwrap_or_else(|_| HttpResponse::build(refusal.status).finish())
}
