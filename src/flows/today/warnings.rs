//! What an administrator or manager should know about the system: only what is true and can be mended.

use chrono::TimeDelta;

use crate::accounts::{Actor, Object, Role, Verb, may};
use crate::calling::{actions, day};
use crate::flows::campaign_pages::list::agent_bit;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::page::PageContext;

/// Failed jobs are told of for so many days.
const FAILED_DAYS: i64 = 3;
/// Days before a year for which its holidays have to be known.
const AHEAD_DAYS: i64 = 45;

/// A warning with where to mend it.
pub struct Warning {
    /// Colour.
    pub kind: &'static str,
    /// What.
    pub title: String,
    /// What it means.
    pub text: String,
    /// Where to go.
    pub link: Option<Link>,
}

/// A link with its text.
pub struct Link {
    /// Address.
    pub href: String,
    /// Text.
    pub text: String,
}

/// The warnings for a person.
pub fn read(conn: &mut Conn, ctx: &PageContext, actor: &Actor) -> AppResult<Vec<Warning>> {
    let mut warnings = Vec::new();
    if !actor.roles.has_any(&[Role::Admin, Role::Manager]) {
        return Ok(warnings);
    }
    let link = |verb: Verb, href: &str| {
        may(actor, verb, Object::Any).then(|| Link {
            href: href.to_owned(),
            text: ctx.t("today-warn-go"),
        })
    };
    let rules = actions::rulebook(conn)?;
    let office = rules.calendars.office();
    let today = office.date(ctx.now);
    for year in office.missing_years(today, today + TimeDelta::days(AHEAD_DAYS)) {
        warnings.push(Warning {
            kind: "warn",
            title: ctx.t1("today-warn-calendar", "year", year.to_string()),
            text: ctx.t("today-warn-calendar-why"),
            link: link(Verb::EditOffice, "/settings"),
        });
    }
    if actor.roles.has(Role::Admin) && day::agents(conn, agent_bit())?.is_empty() {
        warnings.push(Warning {
            kind: "info",
            title: ctx.t("today-warn-agents"),
            text: ctx.t("today-warn-agents-why"),
            link: link(Verb::EditUsers, "/users"),
        });
    }
    let failed = day::failed_jobs(conn, ctx.now - TimeDelta::days(FAILED_DAYS))?;
    if failed > 0 {
        warnings.push(Warning {
            kind: "bad",
            title: ctx.t1("today-warn-jobs", "n", failed),
            text: ctx.t("today-warn-jobs-why"),
            link: link(Verb::SeeImports, "/imports"),
        });
    }
    Ok(warnings)
}
