//! What every page needs besides its own data: language, theme, navigation, flash, and how times are shown.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeZone};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::assets;
use super::error::AppResult;
use super::i18n::{Arg, Lang};

/// The part of a page that does not depend on which page it is. Templates read it as `ctx`.
#[derive(Debug, Clone)]
pub struct PageContext {
    /// Language of every sentence.
    pub language: Lang,
    /// Token that every form sends back as `csrf`.
    pub csrf: String,
    /// Who is signed in.
    pub viewer: Option<Viewer>,
    /// What this person may open, in groups.
    pub nav: Vec<NavGroup>,
    /// One message from the request before.
    pub flash: Option<Flash>,
    /// `light`, `dark`, or empty for the system's.
    pub theme_name: String,
    /// Office zone; every time on a page is shown in it.
    pub zone: Tz,
    /// Now, UTC.
    pub now: NaiveDateTime,
    /// The shown time where the clock is a rehearsal one.
    pub rehearsal: Option<String>,
    /// Path and query of this request, for the language links.
    pub path: String,
}

/// Who looks at the page.
#[derive(Debug, Clone)]
pub struct Viewer {
    /// Full name.
    pub name: String,
    /// First character, for the avatar.
    pub initial: String,
    /// The roles in words.
    pub roles_label: String,
}

/// A titled part of the navigation.
#[derive(Debug, Clone)]
pub struct NavGroup {
    /// Localised title; the first group has none.
    pub title: Option<String>,
    /// Its pages.
    pub items: Vec<NavItem>,
}

/// One page of the navigation.
#[derive(Debug, Clone)]
pub struct NavItem {
    /// Address.
    pub href: &'static str,
    /// Localised name.
    pub label: String,
    /// Symbol of the icon sprite.
    pub icon: &'static str,
    /// Letter after G.
    pub key: &'static str,
    /// Whether this page is it.
    pub current: bool,
    /// A number beside it, such as open tasks.
    pub count: Option<i64>,
}

/// A message that survives one redirect.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct Flash {
    /// `good`, `info`, `warn` or `bad`.
    pub kind: String,
    /// The sentence, already in the language of the person.
    pub text: String,
    /// What the toast can take back.
    pub undo: Option<UndoAction>,
}

/// An action that can be taken back for some seconds by one key.
#[derive(Debug, Clone, Serialize, Deserialize, PartialEq, Eq)]
pub struct UndoAction {
    /// Where to POST.
    pub href: String,
    /// How long the toast stays.
    pub seconds: u32,
}

impl Flash {
    /// A message of `kind` without an undo.
    pub fn new(kind: &str, text: impl Into<String>) -> Self {
        Self {
            kind: kind.to_owned(),
            text: text.into(),
            undo: None,
        }
    }
}

impl PageContext {
    /// `zh-CN` or `en`.
    pub fn lang(&self) -> &'static str {
        self.language.code()
    }
    /// `light`, `dark` or empty.
    pub fn theme(&self) -> &str {
        &self.theme_name
    }
    /// A sentence without arguments.
    pub fn t(&self, key: &str) -> String {
        self.language.text(key)
    }
    /// A sentence with one argument.
    pub fn t1(&self, key: &str, name: &str, value: impl Into<Arg>) -> String {
        self.language.text_with(key, &[(name, value.into())])
    }
    /// A sentence with two arguments.
    pub fn t2(
        &self,
        key: &str,
        n1: &str,
        v1: impl Into<Arg>,
        n2: &str,
        v2: impl Into<Arg>,
    ) -> String {
        self.language
            .text_with(key, &[(n1, v1.into()), (n2, v2.into())])
    }
    /// A sentence with three arguments.
    #[allow(clippy::too_many_arguments)] // three pairs, as a template writes them
    pub fn t3(
        &self,
        key: &str,
        n1: &str,
        v1: impl Into<Arg>,
        n2: &str,
        v2: impl Into<Arg>,
        n3: &str,
        v3: impl Into<Arg>,
    ) -> String {
        self.language
            .text_with(key, &[(n1, v1.into()), (n2, v2.into()), (n3, v3.into())])
    }
    /// A sentence whose key ends in a stable code: `ctx.code("urgency", "M1")` is `urgency-M1`.
    /// Underscores of the code become hyphens.
    pub fn code(&self, prefix: &str, code: &str) -> String {
        self.language
            .text(&format!("{prefix}-{}", code.replace('_', "-")))
    }
    /// Address of an asset with its fingerprint.
    pub fn asset(&self, name: &str) -> String {
        assets::href(name)
    }
    /// This page in another language.
    pub fn in_language(&self, code: &str) -> String {
        let (path, query) = self.path.split_once('?').unwrap_or((&self.path, ""));
        let mut pairs: Vec<&str> = query
            .split('&')
            .filter(|p| !p.is_empty() && !p.starts_with("lang="))
            .collect();
        let lang = format!("lang={code}");
        pairs.push(&lang);
        format!("{path}?{}", pairs.join("&"))
    }
    fn local(&self, at: &NaiveDateTime) -> NaiveDateTime {
        self.zone.from_utc_datetime(at).naive_local()
    }
    /// Date and minute in the office zone; the year only when it is another one.
    pub fn datetime(&self, at: &NaiveDateTime) -> String {
        format!("{} {}", self.day(self.local(at).date()), self.time(at))
    }
    /// The day of an instant in the office zone.
    pub fn date_of(&self, at: &NaiveDateTime) -> String {
        self.day(self.local(at).date())
    }
    /// A calendar day.
    pub fn date(&self, day: &NaiveDate) -> String {
        self.day(*day)
    }
    /// Hour and minute in the office zone.
    pub fn time(&self, at: &NaiveDateTime) -> String {
        self.local(at).format("%H:%M").to_string()
    }
    /// Machine-readable UTC, for `<time datetime>`.
    pub fn iso(&self, at: &NaiveDateTime) -> String {
        format!("{}Z", at.format("%Y-%m-%dT%H:%M:%S"))
    }
    fn day(&self, day: NaiveDate) -> String {
        let this_year = self.local(&self.now).year() == day.year();
        match (self.language, this_year) {
            (Lang::Zh, true) => format!("{}月{}日", day.month(), day.day()),
            (Lang::Zh, false) => format!("{}年{}月{}日", day.year(), day.month(), day.day()),
            (Lang::En, true) => day.format("%-d %b").to_string(),
            (Lang::En, false) => day.format("%-d %b %Y").to_string(),
        }
    }
    /// A whole number with thousands separators.
    pub fn number(&self, n: impl WholeNumber) -> String {
        group_digits(n.whole())
    }
    /// Money of minor units, e.g. `90000` `CNY` → `¥900`.
    pub fn money(&self, minor: &i64, currency: &str) -> String {
        money(*minor, currency)
    }
}

/// Money of minor units, with the sign of its currency.
pub fn money(minor: i64, currency: &str) -> String {
    let sign = match currency {
        "CNY" => "¥",
        "USD" => "$",
        "EUR" => "€",
        "GBP" => "£",
        _ => "",
    };
    let whole = group_digits(i128::from(minor / 100));
    let cents = minor.rem_euclid(100);
    let tail = if cents == 0 {
        String::new()
    } else {
        format!(".{cents:02}")
    };
    if sign.is_empty() {
        format!("{currency} {whole}{tail}")
    } else {
        format!("{sign}{whole}{tail}")
    }
}

/// What [`PageContext::number`] shows; templates pass references as often as values.
pub trait WholeNumber {
    /// The number itself.
    fn whole(&self) -> i128;
}

/// Every integer that a page shows.
macro_rules! whole_numbers {
    ($($kind:ty),*) => {$(
        impl WholeNumber for $kind {
            fn whole(&self) -> i128 {
                *self as i128
            }
        }
    )*};
}
whole_numbers!(i16, i32, i64, u8, u16, u32, u64, usize);

impl<N: WholeNumber> WholeNumber for &N {
    fn whole(&self) -> i128 {
        (**self).whole()
    }
}

fn group_digits(n: i128) -> String {
    let digits = n.unsigned_abs().to_string();
    let mut out = String::with_capacity(digits.len() * 4 / 3 + 1);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    if n < 0 { format!("-{out}") } else { out }
}

/// Renders a page with status 200.
pub fn html(page: &impl askama::Template) -> AppResult<HttpResponse> {
    html_with(StatusCode::OK, page)
}

/// Renders a page with a status, e.g. 422 for a form with errors.
pub fn html_with(status: StatusCode, page: &impl askama::Template) -> AppResult<HttpResponse> {
    let body = page
        .render()
        .map_err(|e| anyhow::anyhow!("a page could not be rendered: {e}"))?;
    Ok(HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .body(body))
}

/// 303 to another page, as after every form.
pub fn see_other(to: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header(("Location", to))
        .finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_stand_in_groups_of_three() {
        for (n, text) in [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (-1234567, "-1,234,567"),
        ] {
            assert_eq!(group_digits(n), text);
        }
    }
}
