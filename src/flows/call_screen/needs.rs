//! The lists that an office keeps for the call screen, as choices in the language of the page.

use super::view::Choice;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::page::PageContext;
use crate::platform::settings;
use crate::qualifying::rules::lists::{Needs, ReasonList, Reasons};

/// See the module.
#[derive(Debug, Clone, Default)]
pub struct Office {
    /// Rough needs.
    pub needs: Needs,
    /// Reasons, list by list.
    pub reasons: Reasons,
}

impl Office {
    /// Reads the lists in force.
    pub fn read(conn: &mut Conn) -> AppResult<Self> {
        Ok(Self {
            needs: settings::load::<Needs>(conn)?.value,
            reasons: settings::load::<Reasons>(conn)?.value,
        })
    }

    /// The needs that are asked for; `is_chosen` by code.
    pub fn need_choices(&self, ctx: &PageContext, is_chosen: impl Fn(&str) -> bool) -> Vec<Choice> {
        let choice = |need: &crate::qualifying::rules::lists::Need| {
            Choice::new(&need.code, need.name(ctx.language), is_chosen(&need.code))
        };
        self.needs.active().map(choice).collect()
    }

    /// The reasons of a list.
    pub fn reason_choices(&self, ctx: &PageContext, list: ReasonList, chosen: &str) -> Vec<Choice> {
        let active = self
            .reasons
            .list(list)
            .iter()
            .filter(|reason| reason.active);
        active
            .map(|reason| {
                Choice::new(
                    &reason.code,
                    reason.name(ctx.language),
                    reason.code == chosen,
                )
            })
            .collect()
    }

    /// A reason in words; a code that is gone is shown as it is.
    pub fn reason_name(&self, ctx: &PageContext, list: ReasonList, code: &str) -> String {
        self.reasons.name(list, code, ctx.language)
    }

    /// Needs in words, from the numbers or codes that a record keeps.
    pub fn need_names(&self, ctx: &PageContext, stored: &serde_json::Value) -> String {
        let items = stored.as_array().map_or(&[][..], Vec::as_slice);
        let name = |item: &serde_json::Value| {
            let by_bit = item
                .as_u64()
                .and_then(|bit| self.needs.0.iter().find(|n| u64::from(n.bit) == bit));
            let by_code = || {
                item.as_str()
                    .and_then(|code| self.needs.0.iter().find(|n| n.code == code))
            };
            by_bit
                .or_else(by_code)
                .map(|need| need.name(ctx.language).to_owned())
        };
        let separator = if ctx.lang() == "en" { ", " } else { "、" };
        items
            .iter()
            .filter_map(name)
            .collect::<Vec<_>>()
            .join(separator)
    }
}
