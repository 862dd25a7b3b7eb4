//! The page behind the link of a letter: what somebody gets from us, and how they end it. Made for people who have no
//! account here; looking at it changes nothing, since scanners of mail open every link.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

use super::shown::mailbox;
use crate::consent::by_link::Closed;
use crate::consent::{Way, Ways};
use crate::outreach::actions::optout::Choice;
use crate::platform::error::{AppResult, Refusal};
use crate::platform::i18n::{Arg, Lang};
use crate::platform::office::Office;
use crate::platform::page::{PageContext, html, html_with};
use crate::platform::problem::{Told, tell};

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Shown {
    /// Token of the link.
    pub token: String,
    /// Who writes: the office.
    pub office: String,
    /// The address that is meant.
    pub address: Option<String>,
    /// What is closed.
    pub closed: Closed,
    /// Whether something was just chosen.
    pub is_done: bool,
    /// Of a trial letter: nothing can be chosen.
    pub is_trial: bool,
}

#[derive(Template)]
#[template(path = "outreach/optout.html")]
struct OptOutPage {
    ctx: PageContext,
    shown: Shown,
    address: Option<String>,
}

impl OptOutPage {
    fn all(&self) -> Ways {
        self.shown.closed.by_link.union(self.shown.closed.otherwise)
    }
    /// No letter comes any more.
    fn no_mail(&self) -> bool {
        self.all().has(Way::Mail)
    }
    fn wants(&self, what: &str) -> bool {
        !self.all().has(way(what))
    }
    /// Closed by what they told us in another way: no box of this page opens it.
    fn is_fixed(&self, what: &str) -> bool {
        self.shown.closed.otherwise.has(way(what))
    }
    fn has_fixed(&self) -> bool {
        ["news", "greetings", "calls"]
            .iter()
            .any(|what| self.is_fixed(what))
    }
}

fn way(what: &str) -> Way {
    match what {
        "news" => Way::News,
        "greetings" => Way::Greeting,
        _ => Way::Call,
    }
}

/// The page.
pub fn page(ctx: PageContext, shown: Shown) -> AppResult<HttpResponse> {
    html(&OptOutPage {
        // Whoever has the link sees which address is meant, but does not learn it.
        address: shown.address.as_deref().map(|it| mailbox(it, false)),
        ctx,
        shown,
    })
}

/// What is said in one language about a link that leads to nobody.
struct Said {
    lang: &'static str,
    title: String,
    told: Told,
    /// Whom to write to on paper; empty where the office has not said where it is.
    write: String,
}

impl Said {
    fn of(lang: Lang, title: &str, refusal: &Refusal, office: &Office) -> Self {
        let write = office.address_in(lang).map(|address| {
            let named = office.sender_in(lang).into_iter().chain([address]);
            let place = named.collect::<Vec<_>>().join(" · ");
            lang.text_with("optout-bad-write", &[("place", Arg::Text(place))])
        });
        Self {
            lang: lang.code(),
            title: lang.text(title),
            told: tell(lang, refusal),
            write: write.unwrap_or_default(),
        }
    }
}

#[derive(Template)]
#[template(path = "outreach/optout_bad.html")]
struct BadLinkPage {
    ctx: PageContext,
    office: String,
    said: Vec<Said>,
}

/// The page of a link that nobody can read. Whose it is nobody knows either: it is said in both languages what to do
/// instead, and nothing leads into the program, where the reader has no account.
pub fn bad_link(ctx: PageContext, refusal: &Refusal, office: &Office) -> AppResult<HttpResponse> {
    to_nobody(ctx, "optout-bad", refusal, office)
}

/// The page of a link of ours whose person and letter are gone, as after somebody was erased: nothing can be chosen. It
/// is no mistake of whoever sends it, so a mail program that asked for an end of mail is not told to try again.
pub fn nobody(ctx: PageContext, office: &Office) -> AppResult<HttpResponse> {
    let gone = Refusal {
        status: StatusCode::OK,
        code: "link_of_nobody",
        args: Vec::new(),
    };
    to_nobody(ctx, "optout-nobody", &gone, office)
}

fn to_nobody(
    ctx: PageContext,
    title: &str,
    refusal: &Refusal,
    office: &Office,
) -> AppResult<HttpResponse> {
    let mut said: Vec<Said> = Lang::ALL
        .into_iter()
        .map(|lang| Said::of(lang, title, refusal, office))
        .collect();
    said.sort_by_key(|one| one.lang != ctx.lang());
    let page = BadLinkPage {
        office: office
            .sender_in(ctx.language)
            .unwrap_or_default()
            .to_owned(),
        said,
        ctx,
    };
    html_with(refusal.status, &page)
}

/// Reads what a form, or the button of a mail program (RFC 8058), sent: as a form or in parts, without cookie and token.
/// A program that says nothing more than POST means the same: no scanner does that.
pub fn choice(body: &[u8]) -> Option<Choice> {
    let text = String::from_utf8_lossy(body);
    if text.trim().is_empty() {
        return Some(Choice::NoMail);
    }
    if text.contains("List-Unsubscribe") && text.contains("One-Click") {
        return Some(Choice::NoMail);
    }
    let sent: Vec<&str> = text.split('&').collect();
    let has = |pair: &str| sent.contains(&pair);
    match (has("choice=none"), has("choice=these")) {
        (true, _) => Some(Choice::NoMail),
        (_, true) => Some(Choice::These {
            news: has("news=yes"),
            greetings: has("greetings=yes"),
            calls: has("calls=yes"),
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mail_programs_and_forms_are_understood() {
        let parts = "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n";
        let these = Choice::These {
            news: true,
            greetings: false,
            calls: false,
        };
        for (body, read) in [
            ("List-Unsubscribe=One-Click", Some(Choice::NoMail)),
            (parts, Some(Choice::NoMail)),
            ("choice=none", Some(Choice::NoMail)),
            ("choice=these&news=yes", Some(these)),
            ("", Some(Choice::NoMail)),
            ("unsubscribe", None),
        ] {
            assert_eq!(choice(body.as_bytes()), read, "{body}");
        }
    }
}
