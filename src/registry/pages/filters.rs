//! The filter of the list as it stands in the address: read, offered, and shown as chips that can be taken off.

use std::fmt::Write as _;

use chrono::NaiveDate;

use super::shown;
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::platform::page::PageContext;
use crate::platform::settings;
use crate::registry::filter::Filter;
use crate::registry::model::CHANNELS;
use crate::registry::queries::list as queries;
use crate::registry::rules::completeness::RecordPart;
use crate::registry::rules::needs::{Need, Needs, either};
use crate::registry::rules::{industry, region, urgency};

/// Criteria that a person picks from a list, with the prefix of their words.
const GRADES: [&str; 6] = ["A", "B", "C", "D", "E", "none"];
const STATES: [&str; 5] = ["new", "pool", "owned", "customer", "excluded"];

/// One choice of a select.
pub struct Choice {
    pub code: String,
    pub label: String,
}

/// A criterion with what it offers.
pub struct Pick {
    pub name: &'static str,
    pub label: String,
    pub choices: Vec<Choice>,
}

/// A criterion in force, and the address without it.
pub struct Chip {
    pub name: String,
    pub value: String,
    pub label: String,
    pub href: String,
}

/// What the address asks for: pairs in their order.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    pub pairs: Vec<(String, String)>,
}

impl Asked {
    /// Empty values say nothing; the place is read where it is a name.
    pub fn read(pairs: Vec<(String, String)>) -> Self {
        let mut kept: Vec<(String, String)> = Vec::new();
        for (name, value) in pairs {
            let value = value.trim().to_owned();
            if value.is_empty() || name == "lang" {
                continue;
            }
            let value = if name == "region" {
                region::by_name(&value).map_or(value, |place| place.code.to_owned())
            } else {
                value
            };
            if !kept.contains(&(name.clone(), value.clone())) {
                kept.push((name, value));
            }
        }
        Self { pairs: kept }
    }

    /// The first value of a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    }

    fn all(&self, name: &str) -> Vec<String> {
        self.pairs
            .iter()
            .filter(|(n, _)| n == name)
            .map(|(_, v)| v.clone())
            .collect()
    }

    fn numbers<T: std::str::FromStr>(&self, name: &str) -> Vec<T> {
        self.all(name)
            .iter()
            .filter_map(|v| v.parse().ok())
            .collect()
    }

    /// As the one filter of lists, fills and exports.
    pub fn filter(&self) -> Filter {
        Filter {
            grade: self.all("grade"),
            region: self.all("region"),
            industry: self.all("industry"),
            size: self.all("size"),
            channel: self.all("channel"),
            source: self.numbers("source"),
            owner: self.numbers("owner"),
            state: self.all("state"),
            urgency: self.all("urgency"),
            need: self.numbers("need"),
            completeness_below: self.get("completeness").and_then(|v| v.parse().ok()),
            missing: self.all("missing"),
            last_touch_before: self.get("last_touch_before").and_then(|v| v.parse().ok()),
            never_called: self.get("never_called").is_some(),
            tag: self.numbers("tag"),
        }
    }

    /// The same for what is kept and acted on: a value that cannot be read is refused there, since a criterion that is
    /// lost lets in more than was asked for.
    pub fn filter_read_whole(&self) -> AppResult<Filter> {
        for (name, value) in &self.pairs {
            let is_read = match name.as_str() {
                "source" | "owner" | "need" | "tag" => value.parse::<i64>().is_ok(),
                "completeness" => value.parse::<i32>().is_ok(),
                "last_touch_before" if value.parse::<NaiveDate>().is_err() => {
                    return Err(AppError::invalid("date_unreadable", "last_touch_before"));
                }
                _ => true,
            };
            if !is_read {
                let unknown = AppError::bad_request("filter_unknown_code");
                return Err(unknown.with("field", name).with("value", value));
            }
        }
        Ok(self.filter())
    }

    /// The address with other pairs.
    pub fn href(pairs: &[(String, String)]) -> String {
        let mut query = String::new();
        for (name, value) in pairs {
            let joint = if query.is_empty() { '?' } else { '&' };
            let _ = write!(query, "{joint}{name}={}", encoded(value));
        }
        format!("/companies{query}")
    }

    /// This address from a cursor on.
    pub fn after(&self, cursor: &str) -> String {
        let mut pairs: Vec<_> = self
            .pairs
            .iter()
            .filter(|(n, _)| n != "cursor")
            .cloned()
            .collect();
        pairs.push(("cursor".to_owned(), cursor.to_owned()));
        Self::href(&pairs)
    }

    /// Chips of every criterion in force.
    pub fn chips(&self, ctx: &PageContext, picks: &[Pick]) -> Vec<Chip> {
        let criteria = self
            .pairs
            .iter()
            .enumerate()
            .filter(|(_, (n, _))| n != "q" && n != "cursor");
        criteria
            .map(|(at, (name, value))| {
                let mut rest: Vec<_> = self.pairs.clone();
                rest.remove(at);
                rest.retain(|(n, _)| n != "cursor");
                Chip {
                    name: name.clone(),
                    value: value.clone(),
                    label: label(ctx, picks, name, value),
                    href: Self::href(&rest),
                }
            })
            .collect()
    }
}

fn label(ctx: &PageContext, picks: &[Pick], name: &str, value: &str) -> String {
    let offered = picks
        .iter()
        .find(|pick| pick.name == name)
        .and_then(|pick| {
            pick.choices
                .iter()
                .find(|choice| choice.code == value)
                .map(|choice| (pick, choice))
        });
    match (name, offered) {
        ("missing", Some((_, choice))) => {
            ctx.t1("company-filter-missing-one", "what", &choice.label)
        }
        (_, Some((_, choice))) => choice.label.clone(),
        ("region", _) => shown::place(ctx.language, value),
        ("completeness", _) => ctx.t1("company-filter-completeness-below", "n", value),
        ("never_called", _) => ctx.t("company-filter-never-called"),
        ("last_touch_before", _) => ctx.t1("company-filter-quiet-since", "day", value),
        _ => value.to_owned(),
    }
}

/// Percent-encoding of a query value.
pub(crate) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Needs by their bit; one that is no longer asked for is still what some have.
fn needs(conn: &mut Conn, ctx: &PageContext) -> AppResult<Vec<(i64, String)>> {
    let all = settings::load::<Needs>(conn)?.value;
    let named = |need: &Need| (i64::from(need.bit), need.name(ctx.language).to_owned());
    Ok(all.0.iter().map(named).collect())
}

/// Labels by their name in the language of the page.
fn tags(conn: &mut Conn, ctx: &PageContext) -> AppResult<Vec<(i64, String)>> {
    let rows = queries::tags(conn)?;
    let named = |(id, zh, en): (i64, String, Option<String>)| {
        (
            id,
            either(&zh, en.as_deref().unwrap_or_default(), ctx.language).to_owned(),
        )
    };
    Ok(rows.into_iter().map(named).collect())
}

/// What the selects offer.
pub fn picks(conn: &mut Conn, ctx: &PageContext) -> AppResult<Vec<Pick>> {
    let coded = |name: &'static str, prefix: &str, codes: &[&str]| Pick {
        name,
        label: ctx.t(&format!("company-filter-{name}")),
        choices: codes
            .iter()
            .map(|code| Choice {
                code: (*code).to_owned(),
                label: ctx.code(prefix, code),
            })
            .collect(),
    };
    let named = |name: &'static str, rows: Vec<(i64, String)>| Pick {
        name,
        label: ctx.t(&format!("company-filter-{name}")),
        choices: rows
            .into_iter()
            .map(|(id, label)| Choice {
                code: id.to_string(),
                label,
            })
            .collect(),
    };
    let sections = industry::all().iter().filter(|one| one.code.len() == 1);
    let sizes = shown::SIZES.iter().map(|code| Choice {
        code: (*code).to_owned(),
        label: ctx.t1("company-filter-heads", "size", shown::size_label(code)),
    });
    let missing = RecordPart::ALL.iter().map(|part| Choice {
        code: part.code().to_owned(),
        label: ctx.t(part.key()),
    });
    let mut all = vec![
        coded("grade", "grade", &GRADES),
        coded("state", "company-state", &STATES),
        coded("urgency", "urgency", &urgency::CODES),
        Pick {
            name: "industry",
            label: ctx.t("company-filter-industry"),
            choices: sections
                .map(|one| Choice {
                    code: one.code.to_owned(),
                    label: shown::industry_name(ctx.language, one.code),
                })
                .collect(),
        },
        Pick {
            name: "size",
            label: ctx.t("company-filter-size"),
            choices: sizes.collect(),
        },
        named("need", needs(conn, ctx)?),
        coded("channel", "channel", &CHANNELS),
        named("source", queries::sources(conn)?),
        named("owner", queries::owners(conn)?),
        named("tag", tags(conn, ctx)?),
        Pick {
            name: "missing",
            label: ctx.t("company-filter-missing"),
            choices: missing.collect(),
        },
    ];
    all.retain(|pick| !pick.choices.is_empty());
    Ok(all)
}
