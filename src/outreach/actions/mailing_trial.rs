//! A letter sent to whoever writes it: that of a mailing as the first reader in their language gets it, or one that is
//! being written.

use super::letter_fields::{Trial, trial};
use super::letters::{self, LetterText};
use super::news;
use crate::accounts::User;
use crate::outreach::model::{DeliveryState, Mailing};
use crate::outreach::queries::{self, AskedDeliveries};
use crate::outreach::rules::letter::{Compiled, Item, Written, write};
use crate::outreach::rules::link::Link;
use crate::platform::clock;
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::platform::http::Site;
use crate::platform::i18n::Lang;
use crate::platform::mailer::keys::Ring;
use crate::platform::mailer::{Bulk, Mail, Mailer, Person};

/// A trial, and whether it goes by a rehearsal clock.
pub struct TrialMail {
    /// What is sent.
    pub mail: Mail,
    /// The clock is a rehearsal one: nothing leaves the house.
    pub is_rehearsal: bool,
}

/// Where the links of a letter lead, and how they are signed.
#[derive(Clone, Copy)]
pub struct Post<'a> {
    /// Signs links.
    pub ring: &'a Ring,
    /// What links begin with.
    pub url: &'a str,
    /// Domain of message ids.
    pub domain: &'a str,
    /// Who signs where the office has no name.
    pub signer: Option<&'a str>,
}

impl<'a> Post<'a> {
    /// As the letters of this server are posted.
    pub fn of(ring: &'a Ring, site: &'a Site, mailer: &'a Mailer) -> Self {
        Self {
            ring,
            url: &site.public_url,
            domain: mailer.domain(),
            signer: mailer.signer(),
        }
    }
}

/// Writes the trial of a mailing to a user. Its links change nothing.
pub fn trial_mail(
    conn: &mut Conn,
    post: Post<'_>,
    mailing: &Mailing,
    to: User,
    lang: Lang,
) -> AppResult<TrialMail> {
    let letter = letters::of_mailing(conn, mailing, lang)?;
    let person = first_reader(conn, mailing.id)?;
    let mut tried = trial(conn, post, &letter, person)?;
    if mailing.issue_id.is_some() {
        put_news(conn, mailing, lang, &mut tried)?;
    }
    mail_of(conn, post, &letter, tried, (mailing.id, to, lang))
}

/// Writes the trial of a letter, saved or not, to a user: as it would be for a person, 0 is somebody made up.
pub fn letter_mail(
    conn: &mut Conn,
    post: Post<'_>,
    letter: &LetterText,
    person: i64,
    to: User,
    lang: Lang,
) -> AppResult<TrialMail> {
    let tried = trial(conn, post, letter, person)?;
    mail_of(conn, post, letter, tried, (0, to, lang))
}

/// A letter as it was tried on somebody; what it names and they lack is told.
pub fn written(compiled: &Compiled, tried: &Trial) -> AppResult<Written> {
    write(compiled, &tried.fields).map_err(|missing| {
        AppError::invalid("letter_field_missing", "person").with("name", missing.field)
    })
}

fn mail_of(
    conn: &mut Conn,
    post: Post<'_>,
    letter: &LetterText,
    tried: Trial,
    (mailing_id, to, lang): (i64, User, Lang),
) -> AppResult<TrialMail> {
    let clock = clock::read(conn)?;
    let compiled = letters::ready(letter)?;
    let written = written(&compiled, &tried)?;
    let stamp = clock.now.and_utc().timestamp_millis();
    let subject = [("subject", written.subject.into())];
    let mail = Mail {
        name: format!("trial-{}-{stamp}", to.id),
        message_id: format!("trial.{}.{stamp}.{mailing_id}@{}", to.id, post.domain),
        from_name: Some(tried.from),
        reply_to: None,
        subject: lang.text_with("letter-test-subject", &subject),
        text: written.text,
        html: Some(written.html),
        at: clock.now,
        bulk: Some(Bulk {
            list_id: format!("trial.{}", post.domain),
            unsubscribe: Link::TRIAL.url(post.ring, post.url),
            feedback_id: "trial:canvass".to_owned(),
        }),
        return_to: None,
        to: Person::named(to.name, to.email),
    };
    Ok(TrialMail {
        mail,
        is_rehearsal: clock.rehearsal,
    })
}

/// Somebody who gets it; 0, somebody made up, before anybody is decided.
fn first_reader(conn: &mut Conn, mailing_id: i64) -> AppResult<i64> {
    let asked = AskedDeliveries {
        mailing_id,
        state: Some(DeliveryState::Queued.code().to_owned()),
        limit: 1,
        ..AskedDeliveries::default()
    };
    let first = queries::deliveries(conn, &asked)?.pop();
    Ok(first.map_or(0, |delivery| delivery.person_id))
}

/// Every piece of the language: whoever writes the issue looks at all of it.
fn put_news(conn: &mut Conn, mailing: &Mailing, lang: Lang, tried: &mut Trial) -> AppResult<()> {
    let issue = mailing.issue_id.ok_or_else(AppError::not_found)?;
    let (issue, items) = news::issue(conn, issue)?;
    let items: Vec<Item> = items
        .into_iter()
        .filter(|item| item.language == lang.code())
        .map(|item| Item {
            title: item.title,
            body: item.body,
            url: item.url,
        })
        .collect();
    if items.is_empty() {
        return Err(AppError::invalid("news_no_items_in_language", "language"));
    }
    (tried.fields.issue, tried.fields.items) = (Some(issue.title), items);
    Ok(())
}

/// The language in which a trial is written: the asked one, where the issue has pieces in it; else the other one.
pub fn language_of_trial(conn: &mut Conn, mailing: &Mailing, asked: Lang) -> AppResult<Lang> {
    let Some(issue) = mailing.issue_id else {
        return Ok(asked);
    };
    let (_, items) = news::issue(conn, issue)?;
    let has = |lang: &Lang| items.iter().any(|item| item.language == lang.code());
    if has(&asked) {
        return Ok(asked);
    }
    Ok(Lang::ALL.into_iter().find(has).unwrap_or(asked))
}
