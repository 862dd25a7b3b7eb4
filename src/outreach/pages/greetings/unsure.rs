//! What is not sure about the day on which a greeting leaves: years that nobody announced, countries whose holidays
//! nobody knows.

use std::collections::BTreeSet;

use super::year::is_called_off;
use crate::outreach::actions::greetings::{GreetingBook, Sending};
use crate::outreach::model::MailingState;
use crate::outreach::queries;
use crate::outreach::rules::occasions::homes;
use crate::platform::calendar::Country;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::i18n::Lang;
use crate::platform::page::PageContext;
use crate::registry::rules::region;

/// All of it, in sentences; nothing of a greeting that has left or was called off.
pub(super) fn unsure(
    conn: &mut Conn,
    ctx: &PageContext,
    book: &GreetingBook,
    sending: &Sending,
) -> AppResult<Vec<String>> {
    if is_called_off(sending) || sending.moment.until <= ctx.now {
        return Ok(Vec::new());
    }
    let mut said: Vec<String> = may_move(ctx, book, sending).into_iter().collect();
    let countries = without_holidays(conn, book, sending)?;
    if !countries.is_empty() {
        said.push(ctx.t1("greeting-no-holidays", "countries", named(ctx, &countries)));
    }
    Ok(said)
}

/// That the day goes by weekends as long as nobody has announced the holidays of its year, and until when it may become
/// another one.
fn may_move(ctx: &PageContext, book: &GreetingBook, sending: &Sending) -> Option<String> {
    let (leaves, on) = (sending.moment.day, sending.planned.on);
    let calendar = sending.planned.calendar(&book.calendars);
    let year = calendar.missing_years(leaves, on).first()?.to_string();
    let mailing = sending.mailing.as_ref();
    let is_open = |state| {
        use MailingState::{Draft, Planned, Planning};
        matches!(state, Draft | Planning | Planned)
    };
    let by = mailing.and_then(|mailing| mailing.approve_by);
    Some(match (mailing.map(|mailing| mailing.state()), by) {
        (None, _) => ctx.t1("greeting-may-move", "year", year),
        (Some(state), Some(by)) if is_open(state) && ctx.now < by => ctx.t2(
            "greeting-may-move-until",
            "year",
            year,
            "by",
            ctx.datetime(&by),
        ),
        _ => ctx.t1("greeting-may-not-move", "year", year),
    })
}

/// Countries of receivers of whose holidays nothing is known, by their codes.
fn without_holidays(
    conn: &mut Conn,
    book: &GreetingBook,
    sending: &Sending,
) -> AppResult<BTreeSet<&'static str>> {
    let planned = &sending.planned;
    // On a day of one's own few are greeted, and who they are is not decided yet.
    if planned.greeting.is_own_day() {
        return Ok(BTreeSet::new());
    }
    let regions = queries::regions_abroad(conn)?;
    let (calendars, day) = (&book.calendars, sending.moment.day);
    let homes = homes(planned, &regions, calendars, &book.office);
    let homes = homes.into_iter().map(|id| calendars.get(id));
    let unknown = homes.filter(|calendar| {
        let is_abroad = calendar.country() == Country::Other;
        is_abroad && !calendar.missing_years(day, planned.on).is_empty()
    });
    Ok(unknown.map(|calendar| calendar.place()).collect())
}

fn named(ctx: &PageContext, countries: &BTreeSet<&'static str>) -> String {
    let name = |code: &&'static str| match (region::by_code(code), ctx.language) {
        (Some(place), Lang::Zh) => place.zh.to_owned(),
        (Some(place), Lang::En) => place.en.to_owned(),
        // A zone of no country.
        (None, _) => ctx.t(Country::Other.key()),
    };
    let names: Vec<String> = countries.iter().map(name).collect();
    names.join(match ctx.language {
        Lang::Zh => "、",
        Lang::En => ", ",
    })
}
