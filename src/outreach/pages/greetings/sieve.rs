//! Who gets a greeting and who not, as a sieve: everybody first, what each reason holds back, and what is left.

use crate::outreach::actions::greetings::BY_OWNER;
use crate::outreach::model::PlanFigures;
use crate::platform::page::PageContext;

/// One line of the sieve.
pub(super) struct Hold {
    pub code: String,
    pub label: String,
    pub n: i64,
    /// Hundredths of everybody, at least one.
    pub share: i64,
    /// `warn`, `bad` for what a person or an address refuses.
    pub kind: &'static str,
}

/// The whole sieve.
pub(super) struct Sieve {
    pub all: i64,
    pub holds: Vec<Hold>,
    pub left: i64,
    pub left_share: i64,
    pub grades: Vec<String>,
}

/// Reasons that are a refusal, or a mailbox that does.
const HARD: [&str; 5] = ["refused", "silenced", "bad_address", "complaint", BY_OWNER];

/// From the figures of a planning, the largest hold first.
pub(super) fn sieve(ctx: &PageContext, figures: &PlanFigures) -> Sieve {
    let all = figures.considered();
    let share = |n: i64| (n * 100 / all.max(1)).clamp(1, 100);
    let mut holds: Vec<Hold> = figures
        .left_out
        .iter()
        .map(|(code, n)| Hold {
            label: label(ctx, code),
            n: *n,
            share: share(*n),
            kind: if HARD.contains(&code.as_str()) {
                "bad"
            } else {
                "warn"
            },
            code: code.clone(),
        })
        .collect();
    holds.sort_by_key(|hold| std::cmp::Reverse(hold.n));
    Sieve {
        all,
        holds,
        left: figures.included,
        left_share: if figures.included == 0 {
            0
        } else {
            share(figures.included)
        },
        grades: figures
            .grades
            .iter()
            .map(|(grade, n)| format!("{grade} {}", ctx.number(*n)))
            .collect(),
    }
}

/// What a reason is called; one that nobody named is shown under its code.
fn label(ctx: &PageContext, code: &str) -> String {
    let key = format!("audience-{}", code.replace('_', "-"));
    match ctx.language.knows(&key) {
        true => ctx.t(&key),
        false => code.replace('_', " "),
    }
}
