//! What the record still lacks: the ring with its points, the fields that fill it, and what a hand-over waits for.

use super::answers::Answers;
use super::callee::{Callee, person_name};
use super::view::{Gap, RecordView, ResultForm};
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::page::PageContext;
use crate::registry::queries::load;
use crate::registry::rules::completeness::{RecordPart, colour, missing_by_value};
use crate::selling::rules::handover::Lacking;

/// Gaps that stand as fields; the others are a line.
const MOST_GAPS: usize = 6;

/// The record with what is typed on top, before a result is chosen.
pub fn as_typed(ctx: &PageContext, callee: &Callee, answers: &Answers) -> Option<RecordView> {
    let company = callee.company.as_ref()?;
    let is_typed = |part: &RecordPart| {
        let asked = fields_of(*part).iter();
        let mut needed =
            asked.filter(|(_, points, _)| *points > 0 || *part == RecordPart::PresentSystem);
        let is_filled =
            |(field, ..): &(&str, u32, &str)| !answers.get(&format!("f-{field}")).is_empty();
        !fields_of(*part).is_empty() && needed.all(is_filled)
    };
    let mut missing = missing_by_value(company.missing);
    let typed: u32 = missing
        .iter()
        .filter(|part| is_typed(part))
        .map(|part| part.points())
        .sum();
    missing.retain(|part| !is_typed(part));
    let points = company.completeness + i32::try_from(typed).unwrap_or(0);
    let has_need = answers.all("need").any(|need| !need.is_empty())
        || answers.get("need_text").chars().count() >= 4;
    let lacking = callee.lacking.iter().filter(|what| match what {
        Lacking::Completeness => points < callee.points_needed,
        Lacking::Urgency => matches!(answers.get("urgency"), "" | "UNKNOWN"),
        Lacking::Need => !has_need,
        Lacking::KeyContact => true,
    });
    let lacking: Vec<Lacking> = lacking.copied().collect();
    Some(view(ctx, points, &missing, &lacking, callee.points_needed))
}

/// The record as it is after a result was written; what a hand-over lacks is told by its next steps.
pub fn as_saved(
    conn: &mut Conn,
    ctx: &PageContext,
    callee: &Callee,
) -> AppResult<Option<RecordView>> {
    let Some(before) = &callee.company else {
        return Ok(None);
    };
    let saved = load::companies(conn, &[before.id])?.into_iter().next();
    Ok(saved.map(|company| {
        let missing = missing_by_value(company.missing);
        view(
            ctx,
            company.completeness,
            &missing,
            &[],
            callee.points_needed,
        )
    }))
}

fn view(
    ctx: &PageContext,
    points: i32,
    missing: &[RecordPart],
    lacking: &[Lacking],
    needed: i32,
) -> RecordView {
    let lacking: Vec<String> = lacking.iter().map(|what| ctx.t(what.key())).collect();
    RecordView {
        points,
        kind: colour(points),
        label: ctx.t1("screen-completeness", "n", points),
        say: say(ctx, points, missing.first().copied(), needed),
        lacking: match lacking.is_empty() {
            true => String::new(),
            false => ctx.t1("lacking-list", "list", lacking.join(&ctx.t("assign-and"))),
        },
    }
}

fn say(ctx: &PageContext, points: i32, first: Option<RecordPart>, needed: i32) -> String {
    let Some(part) = first else {
        return ctx.t("screen-completeness-full");
    };
    let name = ctx.t(part.key());
    if points < needed {
        let short = needed - points;
        return ctx.t2("screen-completeness-short", "part", name, "short", short);
    }
    let then = points + part.points() as i32;
    ctx.t3(
        "screen-completeness-enough",
        "part",
        name,
        "n",
        then,
        "needed",
        needed,
    )
}

/// Fields for what adds most, and the rest in a line.
pub fn add_gaps(ctx: &PageContext, callee: &Callee, answers: &Answers, form: &mut ResultForm) {
    let Some(company) = &callee.company else {
        return;
    };
    form.has_gaps = true;
    let mut rest = Vec::new();
    for part in &missing_by_value(company.missing) {
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
    if !rest.is_empty() {
        let list = rest.join(&ctx.t("company-comma"));
        form.more_gaps = ctx.t1("screen-gap-more", "list", list);
    }
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
