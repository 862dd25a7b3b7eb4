//! The chosen greeting: when it leaves, how far it is, who gets it, and what the reps say.

use chrono::Datelike;

use super::super::shown::sees_mailboxes;
use super::super::sieve::{Sieve, sieve};
use super::super::unsigned::{Unsigned, unsigned};
use super::key;
use super::reader::{Received, received};
use super::unsure::unsure;
use super::year::{hour, is_called_off, made_on, state};
use crate::accounts::{Object, SignedIn, Verb, may, user_names};
use crate::outreach::actions::greetings::{GreetingBook, Sending};
use crate::outreach::actions::letters;
use crate::outreach::actions::mailings::may_run;
use crate::outreach::model::{ApprovalState, Mailing, MailingState};
use crate::outreach::queries;
use crate::outreach::rules::mailing_state::{Move, can};
use crate::outreach::rules::occasions::lunar_date;
use crate::platform::calendar::Country;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::i18n::{Arg, Lang};
use crate::platform::page::PageContext;

/// What a rep said about the cards to own customers.
pub(super) struct Answer {
    pub rep: String,
    pub n: i64,
    pub state: &'static str,
    pub text: String,
}

/// What is offered for it.
#[derive(Default)]
pub(super) struct Offers {
    pub make: bool,
    pub approve: bool,
    pub cancel: bool,
    pub test: bool,
    /// Everybody can be decided once more.
    pub plan: bool,
}

/// The chosen greeting.
pub(super) struct Chosen {
    pub id: Option<i64>,
    /// As addresses name it.
    pub o: String,
    pub crumb: String,
    pub title: String,
    pub lead: String,
    pub state: String,
    pub next: String,
    pub next_kind: &'static str,
    pub facts: Vec<(String, String)>,
    /// What may still change its day, or is not known about it.
    pub unsure: Vec<String>,
    pub sieve: Option<Sieve>,
    pub is_planning: bool,
    /// Its hours are over, and nothing was made.
    pub is_missed: bool,
    pub answers: Vec<Answer>,
    pub answers_lead: String,
    /// The code of its letter.
    pub letter: String,
    /// The letter as somebody receives it.
    pub received: Received,
    /// It was changed since, and goes as it was.
    pub is_outdated: bool,
    pub may: Offers,
    /// What letters do not say of who sends them, while it can still be said.
    pub unsigned: Option<Unsigned>,
    /// What is asked before it is called off.
    pub cancel_sure: String,
}

/// Everything about it.
pub(super) fn chosen(
    conn: &mut Conn,
    ctx: &PageContext,
    me: &SignedIn,
    book: &GreetingBook,
    sending: Sending,
    reader: i64,
) -> AppResult<Chosen> {
    let planned = &sending.planned;
    let mailing = sending.mailing.as_ref();
    let name = planned.greeting.name(ctx.language);
    let figures = mailing.and_then(Mailing::figures);
    let answers = match mailing {
        Some(mailing) => answers(conn, ctx, mailing.id)?,
        None => Vec::new(),
    };
    let open = answers.iter().filter(|a| a.state == "open").count();
    let (next, next_kind) = what_comes(ctx, book, &sending);
    Ok(Chosen {
        id: mailing.map(|m| m.id),
        o: key(&planned.greeting.code(), planned.on),
        crumb: crumb(ctx, &name, &sending),
        title: title(ctx, book, &sending, &name),
        lead: lead(ctx, &sending),
        state: state(ctx, &sending),
        next,
        next_kind,
        facts: facts(ctx, book, &sending),
        unsure: unsure(conn, ctx, book, &sending)?,
        sieve: figures
            .zip(mailing)
            .map(|(figures, mailing)| sieve(ctx, &figures, Some(mailing.id))),
        is_missed: mailing.is_none() && sending.moment.until <= ctx.now,
        is_planning: mailing.is_some_and(|m| m.state() == MailingState::Planning),
        answers_lead: ctx.t2("greeting-answers-lead", "n", answers.len(), "open", open),
        answers,
        letter: mailing.map_or_else(
            || planned.greeting.letter_code(),
            |mailing| mailing.letter_code.clone(),
        ),
        is_outdated: match mailing {
            Some(mailing) => letters::is_letter_outdated(conn, mailing)?,
            None => false,
        },
        received: received(conn, ctx, &sending, (reader, sees_mailboxes(&me.actor)))?,
        cancel_sure: ctx.t(match mailing.and_then(|m| m.started_at) {
            Some(_) => "mailing-cancel-sure",
            None => "greeting-cancel-sure",
        }),
        unsigned: match is_called_off(&sending) || sending.moment.until <= ctx.now {
            true => None,
            false => unsigned(conn, ctx, &me.actor)?,
        },
        may: offers(ctx, me, &sending),
    })
}

/// `中秋2026`; of days of one's own the day.
fn crumb(ctx: &PageContext, name: &str, sending: &Sending) -> String {
    let on = sending.planned.on;
    match (sending.planned.greeting.is_own_day(), ctx.language) {
        (true, _) => format!("{name} {}", ctx.date(&on)),
        (false, Lang::Zh) => format!("{name}{}", on.year()),
        (false, Lang::En) => format!("{name} {}", on.year()),
    }
}

/// `中秋贺卡，9月24日 周四 10:00寄出`.
fn title(ctx: &PageContext, book: &GreetingBook, sending: &Sending, name: &str) -> String {
    let day = sending.moment.day;
    let weekday = day.weekday().num_days_from_monday().to_string();
    let key = match (is_called_off(sending), sending.moment.until <= ctx.now) {
        (true, _) => "greeting-title-called-off",
        (false, true) => "greeting-title-past",
        (false, false) => "greeting-title",
    };
    let args: [(&str, Arg); 4] = [
        ("name", name.into()),
        ("day", ctx.date(&day).into()),
        ("weekday", ctx.code("greeting-weekday", &weekday).into()),
        ("time", hour(book, sending, sending.moment.from).into()),
    ];
    ctx.language.text_with(key, &args)
}

fn lead(ctx: &PageContext, sending: &Sending) -> String {
    let figures = sending.mailing.as_ref().and_then(Mailing::figures);
    match (figures, sending.own_days) {
        (Some(figures), _) if is_called_off(sending) => ctx.t2(
            "greeting-lead-called-off",
            "all",
            ctx.number(figures.considered()),
            "in",
            ctx.number(figures.included),
        ),
        (Some(figures), _) => ctx.t3(
            "greeting-lead",
            "all",
            ctx.number(figures.considered()),
            "in",
            ctx.number(figures.included),
            "out",
            ctx.number(figures.left_out()),
        ),
        (None, _) if sending.moment.until <= ctx.now => ctx.t("greeting-lead-missed"),
        (None, Some(own)) => ctx.t2("greeting-lead-own", "n", own.own, "moved", own.moved),
        (None, None) => ctx.t("greeting-lead-later"),
    }
}

/// What happens next, and how urgent that is.
fn what_comes(ctx: &PageContext, book: &GreetingBook, sending: &Sending) -> (String, &'static str) {
    let Some(mailing) = &sending.mailing else {
        if sending.moment.until <= ctx.now {
            return (ctx.t("greeting-next-missed"), "warn");
        }
        let day = made_on(book, sending.moment.day);
        return (ctx.t1("greeting-next-made", "day", ctx.date(&day)), "info");
    };
    let by = mailing
        .approve_by
        .map(|at| ctx.datetime(&at))
        .unwrap_or_default();
    let is_fair = mailing.approve_by < mailing.send_until;
    let leaves = mailing
        .send_from
        .map(|at| ctx.datetime(&at))
        .unwrap_or_default();
    match mailing.state() {
        MailingState::Draft => (ctx.t("greeting-next-draft"), "warn"),
        MailingState::Planning => (ctx.t("greeting-next-planning"), "info"),
        MailingState::Planned if !is_anybody(mailing) => (ctx.t("greeting-next-nobody"), "warn"),
        MailingState::Planned if is_fair && book.rules.goes_unasked => {
            (ctx.t1("greeting-next-by-itself", "by", by), "info")
        }
        MailingState::Planned => (ctx.t("greeting-next-needs-you"), "warn"),
        MailingState::Scheduled => (ctx.t1("greeting-next-scheduled", "at", leaves), "good"),
        MailingState::Sending => (ctx.t("greeting-next-sending"), "good"),
        MailingState::Paused => (ctx.t("greeting-next-paused"), "warn"),
        MailingState::Done => (ctx.t("greeting-next-done"), "good"),
        MailingState::Cancelled => {
            let why = mailing
                .pause_reason()
                .map(|r| ctx.code("mail-pause", r.code()));
            (
                why.unwrap_or_else(|| ctx.t("greeting-next-cancelled")),
                "warn",
            )
        }
    }
}

/// Whether somebody gets it, as it was decided.
fn is_anybody(mailing: &Mailing) -> bool {
    mailing
        .figures()
        .is_some_and(|figures| figures.included > 0)
}

/// Its day, its hours, whom it is for.
fn facts(ctx: &PageContext, book: &GreetingBook, sending: &Sending) -> Vec<(String, String)> {
    let planned = &sending.planned;
    let lang = ctx.language;
    let days: Vec<String> = planned
        .days
        .iter()
        .map(|(occasion, day)| {
            let lunar = lunar_date(*day)
                .filter(|_| lang == Lang::Zh && !occasion.is_own_day())
                .map(|lunar| format!(" {}", lunar.full(lang)));
            let day = format!("{}{}", ctx.date(day), lunar.unwrap_or_default());
            match planned.days.len() {
                1 => day,
                _ => format!("{} {day}", ctx.t(occasion.key())),
            }
        })
        .collect();
    let hours = format!(
        "{}–{}",
        hour(book, sending, sending.moment.from),
        hour(book, sending, sending.moment.until)
    );
    let grades: Vec<&str> = book
        .rules
        .grades(&planned.greeting)
        .iter()
        .map(|g| g.code())
        .collect();
    let mut facts = vec![
        (ctx.t("greeting-fact-day"), days.join(" · ")),
        (
            ctx.t("greeting-fact-hours"),
            ctx.t1("greeting-fact-hours-local", "hours", hours),
        ),
        (ctx.t("greeting-fact-grades"), grades.join(" · ")),
    ];
    if planned.countries.len() < Country::ALL.len() {
        let names: Vec<String> = planned.countries.iter().map(|c| ctx.t(c.key())).collect();
        facts.push((ctx.t("greeting-fact-countries"), names.join(" · ")));
    }
    if let Some(mailing) = &sending.mailing
        && let Some(at) = mailing.approved_at
    {
        facts.push((ctx.t("greeting-fact-approved"), ctx.datetime(&at)));
    }
    facts
}

fn answers(conn: &mut Conn, ctx: &PageContext, id: i64) -> AppResult<Vec<Answer>> {
    let found = queries::answers(conn, id)?;
    let ids: Vec<i64> = found.iter().map(|(user, _)| *user).collect();
    let names = user_names(conn, &ids)?;
    let counts = queries::owners(conn, id)?;
    Ok(found
        .into_iter()
        .map(|(user, code)| {
            let state = ApprovalState::from_code(&code).unwrap_or(ApprovalState::Open);
            Answer {
                rep: names.get(&user).cloned().unwrap_or_default(),
                n: counts
                    .iter()
                    .find(|(id, _)| *id == user)
                    .map_or(0, |(_, n)| *n),
                state: state.code(),
                text: ctx.t(state.key()),
            }
        })
        .collect())
}

fn offers(ctx: &PageContext, me: &SignedIn, sending: &Sending) -> Offers {
    let is_past = sending.moment.until <= ctx.now;
    let Some(mailing) = &sending.mailing else {
        return Offers {
            make: may(&me.actor, Verb::RunMailings, Object::Any) && !is_past,
            ..Offers::default()
        };
    };
    if !may_run(&me.actor, mailing) {
        return Offers::default();
    }
    let is_off = mailing.state() == MailingState::Cancelled;
    Offers {
        make: is_off && !is_past,
        approve: can(mailing.state(), Move::Approve) && is_anybody(mailing) && !is_past,
        cancel: can(mailing.state(), Move::Cancel),
        test: !is_off,
        plan: can(mailing.state(), Move::AskPlan),
    }
}
