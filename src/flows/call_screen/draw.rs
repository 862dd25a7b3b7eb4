//! Questions, result and gaps as the templates draw them: what is known, what was typed, what may be chosen.

use chrono::{NaiveDateTime, NaiveTime, TimeDelta};
use serde_json::Value;

use super::answers::Answers;
use super::callee::Callee;
use super::items::more_items;
use super::missing::add_gaps;
use super::needs::Office;
use super::view::{Choice, OutcomeView, Questions, ResultForm};
use crate::calling::rules::Disposition;
use crate::platform::calendar::Calendar;
use crate::platform::page::PageContext;
use crate::qualifying::rules::lists::ReasonList;
use crate::qualifying::{BudgetState, SelectionStarted, Urgency};
use crate::registry::model::Field;
use crate::registry::rules::pinyin;

/// The questions of the middle column.
pub fn questions(
    ctx: &PageContext,
    callee: &Callee,
    answers: &Answers,
    office: &Office,
) -> Questions {
    let choose =
        |name: &str, code: &str, key: &str| Choice::new(code, ctx.t(key), answers.has(name, code));
    let before = |field: Field, word: &dyn Fn(&Value) -> String| {
        callee.said(field).map_or_else(String::new, |(value, at)| {
            ctx.t2(
                "screen-before",
                "day",
                ctx.date_of(&at),
                "value",
                word(&value),
            )
        })
    };
    let plain = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let urgency_word = |value: &Value| {
        let code = value.as_str().and_then(Urgency::from_code);
        code.map_or_else(|| plain(value), |code| ctx.t(code.key()))
    };
    let needs_before = match before(Field::Needs, &|value| office.need_names(ctx, value)) {
        text if text.is_empty() => before(Field::NeedText, &plain),
        text => text,
    };
    Questions {
        urgency: Urgency::ALL
            .iter()
            .map(|u| choose("urgency", u.code(), u.key()))
            .collect(),
        urgency_before: before(Field::Urgency, &urgency_word),
        needs: office.need_choices(ctx, |code| answers.has("need", code)),
        need_text: answers.get("need_text").to_owned(),
        needs_before,
        selection: SelectionStarted::ALL
            .iter()
            .map(|s| choose("f-selection_started", s.code(), s.key()))
            .collect(),
        selection_before: before(Field::SelectionStarted, &|v| {
            ctx.code("selection", v.as_str().unwrap_or("unknown"))
        }),
        budget: BudgetState::ALL
            .iter()
            .map(|b| choose("f-budget_state", b.code(), b.key()))
            .collect(),
        budget_before: before(Field::BudgetState, &|v| {
            ctx.code("budget", v.as_str().unwrap_or("unknown"))
        }),
        decider: answers.get("f-decider").to_owned(),
        decider_before: before(Field::Decider, &plain),
        more: more_items(ctx, callee, answers),
        note: answers.get("note").to_owned(),
    }
}

/// The right column without what is foretold.
pub fn result_form(
    ctx: &PageContext,
    callee: &Callee,
    answers: &Answers,
    office: &Office,
    calendar: &Calendar,
) -> ResultForm {
    let chosen = answers.disposition();
    let outcome = |d: &Disposition| {
        let text = ctx.t(d.key());
        OutcomeView {
            code: d.code(),
            find: find_words(*d),
            checked: chosen == Some(*d),
            text,
        }
    };
    let (first, rest): (Vec<&Disposition>, Vec<&Disposition>) =
        Disposition::ALL.iter().partition(|d| d.digit().is_some());
    let grade = |code: &str, text: String| Choice::new(code, text, answers.get("grade") == code);
    let mut grades = vec![grade("", ctx.t("screen-grade-as-proposed"))];
    grades.extend(["B", "C", "D", "E"].map(|code| grade(code, code.to_owned())));
    let way = |code: &str| {
        let checked =
            answers.get("ways") == code || (code == "call" && answers.get("ways").is_empty());
        Choice::new(code, ctx.t(&format!("screen-way-{code}")), checked)
    };
    let level = |n: u8| {
        let code = n.to_string();
        Choice::new(
            &code,
            ctx.t(&format!("screen-satisfaction-{n}")),
            answers.get("f-satisfaction") == code,
        )
    };
    let mut form = ResultForm {
        error: None,
        rest_open: chosen.is_some_and(|d| d.digit().is_none()),
        first: first.into_iter().map(outcome).collect(),
        rest: rest.into_iter().map(outcome).collect(),
        slots: slots(ctx, calendar, answers),
        date: answers.get("date").to_owned(),
        time: answers.get("time").to_owned(),
        hours: ctx.t("screen-hours"),
        reasons: office.reason_choices(ctx, ReasonList::NotInterested, answers.get("reason")),
        reason: answers.get("reason").to_owned(),
        ways: ["call", "mail", "all"].map(way).to_vec(),
        sure: !answers.get("sure").is_empty(),
        email: answers.get("f-email").to_owned(),
        wechat: answers.get("f-wechat").to_owned(),
        satisfaction: (1..=5).map(level).collect(),
        successor: answers.get("successor").to_owned(),
        moved_to: answers.get("moved_to").to_owned(),
        duplicate_find: answers.get("duplicate_find").to_owned(),
        grades,
        grade_reasons: office.reason_choices(ctx, ReasonList::Grade, answers.get("grade_reason")),
        ..ResultForm::default()
    };
    add_gaps(ctx, callee, answers, &mut form);
    form
}

/// Pinyin initials of the Chinese name, the English name and the code.
fn find_words(disposition: Disposition) -> String {
    use crate::platform::i18n::Lang;
    let zh = Lang::Zh.text(disposition.key());
    let en = Lang::En.text(disposition.key());
    format!(
        "{} {zh} {en} {}",
        pinyin::initials(&zh),
        disposition.code().replace('_', " ")
    )
    .to_lowercase()
}

/// Moments that lie in open hours where they are: in an hour, this afternoon, tomorrow, the day after, next week.
fn slots(ctx: &PageContext, calendar: &Calendar, answers: &Answers) -> Vec<Choice> {
    let now = ctx.now;
    let local = calendar.local(now);
    let at = |days: i64, hour: u32| {
        let time = NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
        calendar.utc((local.date() + TimeDelta::days(days)).and_time(time))
    };
    let next_week = calendar.next_opening(at(7, 9));
    let candidates = [
        now + TimeDelta::minutes(60),
        at(0, 14),
        at(0, 16),
        at(1, 9) + TimeDelta::minutes(30),
        at(1, 14) + TimeDelta::minutes(30),
        at(2, 10),
        next_week + TimeDelta::minutes(60),
    ];
    let mut taken: Vec<NaiveDateTime> = Vec::new();
    for candidate in candidates {
        let rounded = round_up(candidate);
        let open = calendar.next_opening(rounded);
        if open > now + TimeDelta::minutes(20)
            && taken
                .iter()
                .all(|t| (*t - open).abs() >= TimeDelta::minutes(60))
        {
            taken.push(open);
        }
    }
    taken.sort_unstable();
    taken.truncate(6);
    taken
        .into_iter()
        .map(|open| {
            let wall = calendar.local(open);
            let code = wall.format("%Y-%m-%dT%H:%M").to_string();
            let day = match (wall.date() - local.date()).num_days() {
                0 => ctx.t("screen-today"),
                1 => ctx.t("screen-tomorrow"),
                _ => ctx.date(&wall.date()),
            };
            let checked = answers.get("slot") == code;
            Choice::new(code, format!("{day} {}", wall.format("%H:%M")), checked)
        })
        .collect()
}

/// Up to the next five minutes.
fn round_up(at: NaiveDateTime) -> NaiveDateTime {
    const STEP: i64 = 300;
    let seconds = at.and_utc().timestamp();
    let up = seconds.div_euclid(STEP) * STEP
        + if seconds.rem_euclid(STEP) == 0 {
            0
        } else {
            STEP
        };
    chrono::DateTime::from_timestamp(up, 0).map_or(at, |t| t.naive_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_found_by_initials_and_english() {
        let words = find_words(Disposition::DoNotCall);
        assert!(words.contains("do not call"), "{words}");
    }
}
