//! Questions, result and gaps as the templates draw them: what is known, what was typed, what may be chosen.

use chrono::{NaiveDateTime, NaiveTime, TimeDelta};
use serde_json::Value;

use super::answers::Answers;
use super::callee::{Callee, person_name};
use super::items::more_items;
use super::needs::Office;
use super::view::{Choice, Gap, OutcomeView, Questions, ResultForm};
use crate::calling::rules::Disposition;
use crate::platform::calendar::Calendar;
use crate::platform::page::PageContext;
use crate::qualifying::rules::lists::ReasonList;
use crate::qualifying::{BudgetState, SelectionStarted, Urgency};
use crate::registry::model::Field;
use crate::registry::rules::completeness::{RecordPart, colour, missing_by_value};
use crate::registry::rules::pinyin;

/// Gaps that stand as fields; the others are a line.
const MOST_GAPS: usize = 6;

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

/// What a person can type for a missing part: fields with their points. Parts that lists alone bring have none.
fn fields_of(part: RecordPart) -> &'static [(&'static str, u32, &'static str)] {
    match part {
        RecordPart::KeyMobile => &[("mobile", 10, "tel")],
        RecordPart::CreditCode => &[("credit_code", 8, "")],
        RecordPart::Industry => &[("industry", 8, "")],
        RecordPart::Headcount => &[("headcount", 8, "numeric")],
        RecordPart::KeyContact => &[("person_name", 8, ""), ("title", 0, "")],
        RecordPart::Region => &[("region", 6, "")],
        RecordPart::Switchboard => &[("phone", 6, "tel")],
        RecordPart::PresentSystem => &[
            ("present_system", 6, ""),
            ("present_system_year", 0, "numeric"),
        ],
        RecordPart::Address => &[("address", 4, "")],
        RecordPart::Revenue => &[("revenue", 4, "decimal")],
        RecordPart::KeyEmail => &[("email", 4, "email")],
        RecordPart::PcCount => &[("pc_count", 3, "numeric")],
        RecordPart::Name => &[("name", 10, "")],
        // The decider is asked in the middle column; the head of IT or finance is a person of their own.
        RecordPart::Decider | RecordPart::ItOrFinance | RecordPart::Source => &[],
    }
}

fn add_gaps(ctx: &PageContext, callee: &Callee, answers: &Answers, form: &mut ResultForm) {
    let Some(company) = &callee.company else {
        return;
    };
    let points = company.completeness;
    form.has_gaps = true;
    form.completeness = points;
    form.completeness_kind = colour(points);
    form.completeness_label = ctx.t1("screen-completeness", "n", points);
    let missing = missing_by_value(company.missing);
    let mut rest = Vec::new();
    for part in &missing {
        let fields = fields_of(*part);
        let is_asked_elsewhere =
            fields.is_empty() || (fields[0].0 == "mobile" && callee.people.is_empty());
        if is_asked_elsewhere || form.gaps.len() >= MOST_GAPS {
            if *part != RecordPart::Source {
                rest.push(format!("{} +{}", ctx.t(part.key()), part.points()));
            }
            continue;
        }
        for (field, points, mode) in fields {
            form.gaps
                .push(gap(ctx, callee, answers, field, *points, mode));
        }
    }
    let lacking: Vec<String> = callee
        .lacking
        .iter()
        .map(|what| ctx.t(what.key()))
        .collect();
    if !lacking.is_empty() {
        form.lacking = ctx.t1("lacking-list", "list", lacking.join(&ctx.t("assign-and")));
    }
    if !rest.is_empty() {
        form.more_gaps = ctx.t1(
            "screen-gap-more",
            "list",
            rest.join(&ctx.t("company-comma")),
        );
    }
    let needed = callee.points_needed;
    form.completeness_say = match missing.first() {
        None => ctx.t("screen-completeness-full"),
        Some(part) if points >= needed => {
            let then = points + part.points() as i32;
            ctx.t3(
                "screen-completeness-enough",
                "part",
                ctx.t(part.key()),
                "n",
                then,
                "needed",
                needed,
            )
        }
        Some(part) => ctx.t2(
            "screen-completeness-short",
            "part",
            ctx.t(part.key()),
            "short",
            needed - points,
        ),
    };
}

fn gap(
    ctx: &PageContext,
    callee: &Callee,
    answers: &Answers,
    field: &'static str,
    points: u32,
    mode: &'static str,
) -> Gap {
    let value = answers.get(&format!("f-{field}")).to_owned();
    let name = callee
        .people
        .first()
        .map(|(_, person)| person_name(person))
        .unwrap_or_default();
    let placeholder = match field {
        "mobile" => ctx.t1("screen-gap-mobile", "name", name),
        "credit_code" => ctx.t("screen-gap-credit"),
        "present_system_year" => ctx.t("screen-gap-year"),
        "person_name" => ctx.t("screen-gap-person"),
        "revenue" => ctx.t("screen-gap-revenue"),
        _ => String::new(),
    };
    Gap {
        field,
        label: ctx.t(&format!("screen-field-{}", field.replace('_', "-"))),
        points,
        value,
        mode,
        placeholder,
        options: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_are_found_by_initials_and_english() {
        let words = find_words(Disposition::DoNotCall);
        assert!(words.contains("do not call"), "{words}");
    }

    #[test]
    fn every_field_of_a_gap_has_a_name() {
        use crate::platform::i18n::Lang;
        for part in RecordPart::ALL {
            for (field, ..) in fields_of(*part) {
                let key = format!("screen-field-{}", field.replace('_', "-"));
                assert!(Lang::ALL.iter().all(|lang| lang.knows(&key)), "{key}");
            }
        }
    }
}
