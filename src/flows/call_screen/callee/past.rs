//! What happened with them, newest first.

use super::{Callee, PAST};
use crate::flows::call_screen::view::Happened;
use crate::platform::page::PageContext;

impl Callee {
    /// What happened, newest first.
    pub fn history(&self, ctx: &PageContext) -> Vec<Happened> {
        let called = self.calls.iter().map(|call| {
            let result = match call.disposition.as_deref() {
                Some(code) => ctx.code("disposition", code),
                None => ctx.t("today-call-no-result"),
            };
            let with = call
                .person
                .as_deref()
                .map(|p| format!(" → {p}"))
                .unwrap_or_default();
            (
                call.at,
                format!("{result} · {}{with}", call.agent),
                call.note.clone().unwrap_or_default(),
                call.note.is_some(),
            )
        });
        let listed = self.listed.iter().map(|(kind, at, list)| {
            let title = match list {
                Some(name) => ctx.t1("screen-history-list", "name", name),
                None if kind == "edit" => ctx.t("screen-history-edit"),
                None => ctx.t("screen-history-hand"),
            };
            (*at, title, String::new(), false)
        });
        let mut all: Vec<_> = called.chain(listed).collect();
        all.sort_by_key(|past| std::cmp::Reverse(past.0));
        all.truncate(PAST as usize);
        all.into_iter()
            .map(|(at, title, text, is_key)| Happened {
                day: crate::platform::calendar::zone::to_local(ctx.zone, at)
                    .format("%m-%d")
                    .to_string(),
                iso: ctx.iso(&at),
                title,
                text,
                is_key,
            })
            .collect()
    }
}
