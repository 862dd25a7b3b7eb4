//! Who gets a letter and who not, as a sieve: everybody first, what each reason holds back, and what is left.

use crate::outreach::actions::greetings::BY_OWNER;
use crate::outreach::model::PlanFigures;
use crate::outreach::rules::letter::by_code;
use crate::platform::page::PageContext;

/// One line of the sieve.
pub(super) struct Hold {
    pub label: String,
    /// Those whom it holds back, person by person; empty where nobody has been decided for good.
    pub href: String,
    pub n: String,
    /// Hundredths of everybody, at least one.
    pub share: i64,
    /// Where a letter cannot be written: what is missing, and for how many.
    pub fields: String,
    /// `warn`, `bad` for what a person or an address refuses.
    pub kind: &'static str,
}

/// The whole sieve.
pub(super) struct Sieve {
    pub all: String,
    pub holds: Vec<Hold>,
    pub left: String,
    pub left_share: i64,
    pub grades: String,
}

/// Reasons that are a refusal, or a mailbox that does.
const HARD: [&str; 5] = ["refused", "silenced", "bad_address", "complaint", BY_OWNER];

/// The reason that says that a field is missing; a name to greet has a reason of its own.
const LACKING: &str = "no_field";
const SALUTATION: &str = "salutation";

/// From the figures of a planning, the largest hold first; those of a kept mailing lead to the people.
pub(super) fn sieve(ctx: &PageContext, figures: &PlanFigures, mailing: Option<i64>) -> Sieve {
    let all = figures.considered().max(1);
    let share = |n: i64| match n {
        0 => 0,
        n => (n * 100 / all).clamp(1, 100),
    };
    let mut out: Vec<(&String, i64)> = figures.left_out.iter().map(|(c, n)| (c, *n)).collect();
    out.retain(|(_, n)| *n > 0);
    out.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    let hold = |(code, n): (&String, i64)| Hold {
        label: label(ctx, code),
        href: mailing.map_or_else(String::new, |id| {
            format!("/mailings/{id}/people?state=left_out&reason={code}")
        }),
        n: ctx.number(n),
        fields: match code == LACKING {
            true => lacking(ctx, figures),
            false => String::new(),
        },
        share: share(n),
        kind: match HARD.contains(&code.as_str()) {
            true => "bad",
            false => "warn",
        },
    };
    let grades = figures.grades.iter();
    let grades = grades.map(|(grade, n)| format!("{grade} {}", ctx.number(*n)));
    Sieve {
        all: ctx.number(figures.considered()),
        holds: out.into_iter().map(hold).collect(),
        left: ctx.number(figures.included),
        left_share: share(figures.included),
        grades: grades.collect::<Vec<_>>().join(" · "),
    }
}

/// The fields that are missing, the one that most lack first.
fn lacking(ctx: &PageContext, figures: &PlanFigures) -> String {
    let mut fields: Vec<(&String, &i64)> = figures.missing.iter().collect();
    fields.retain(|(field, _)| field.as_str() != SALUTATION);
    fields.sort_by_key(|(_, n)| std::cmp::Reverse(**n));
    let one = |(field, n): (&String, &i64)| {
        let meaning = by_code(field).map(|known| ctx.t(known.meaning));
        format!("{} {}", meaning.unwrap_or_default(), ctx.number(*n))
    };
    fields.into_iter().map(one).collect::<Vec<_>>().join(" · ")
}

/// What a reason is called; one that nobody named is shown under its code.
fn label(ctx: &PageContext, code: &str) -> String {
    let key = format!("audience-{}", code.replace('_', "-"));
    match ctx.language.knows(&key) {
        true => ctx.t(&key),
        false => code.replace('_', " "),
    }
}
