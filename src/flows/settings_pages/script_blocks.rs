//! The steps of a script as the form offers them, and as agents will see them.

use crate::calling::model::{Branch, Step};
use crate::platform::page::PageContext;

/// Branches of a step that the form offers.
pub(super) const BRANCHES: usize = 3;
/// What a step may ask for, in the order of the form; codes of registry fields.
const QUESTIONS: [&str; 16] = [
    "urgency",
    "needs",
    "need_text",
    "need_users",
    "budget_state",
    "budget_max",
    "decider",
    "decision_process",
    "selection_started",
    "vendors",
    "key_evaluation",
    "present_system",
    "present_system_year",
    "satisfaction",
    "headcount",
    "email",
];
/// Tests that a branch can make.
const TESTS: [&str; 10] = [
    "urgency in M1,M3",
    "urgency in M4_6,M7_12",
    "urgency in GT12,NOPLAN",
    "urgency in UNKNOWN",
    "selection_started = yes",
    "selection_started in no,unknown",
    "budget_state in approved,applying",
    "budget_state in none,unknown",
    "satisfaction in 1,2,3",
    "satisfaction in 4,5",
];

/// A step of the form.
pub(super) struct StepBlock {
    pub place: usize,
    pub step: Step,
    pub is_new: bool,
    pub questions: Vec<Choice>,
    pub branches: Vec<BranchBlock>,
}

pub(super) struct Choice {
    pub value: String,
    pub label: String,
    pub selected: bool,
}

pub(super) struct BranchBlock {
    pub tests: Vec<Choice>,
    pub targets: Vec<Choice>,
}

/// A step as agents see it.
pub(super) struct Shown {
    pub place: usize,
    pub title: String,
    pub say: String,
    pub questions: Vec<String>,
    pub leads: Vec<String>,
}

/// The block of one step; `is_new` is the empty one at the end.
pub(super) fn block(
    ctx: &PageContext,
    steps: &[Step],
    n: usize,
    step: Step,
    is_new: bool,
) -> StepBlock {
    let mut codes: Vec<String> = QUESTIONS.iter().map(|q| (*q).to_owned()).collect();
    codes.extend(
        step.questions
            .iter()
            .filter(|q| !QUESTIONS.contains(&q.as_str()))
            .cloned(),
    );
    let questions = codes.into_iter().map(|code| Choice {
        label: question(ctx, &code),
        selected: step.questions.contains(&code),
        value: code,
    });
    let branches = (0..BRANCHES).map(|b| {
        let branch = step.next.get(b).cloned().unwrap_or_default();
        branch_block(ctx, steps, &branch)
    });
    StepBlock {
        place: n + 1,
        questions: questions.collect(),
        branches: branches.collect(),
        step,
        is_new,
    }
}

fn branch_block(ctx: &PageContext, steps: &[Step], branch: &Branch) -> BranchBlock {
    let mut tests = vec![""];
    tests.extend(TESTS);
    if !tests.contains(&branch.when.as_str()) {
        tests.push(&branch.when);
    }
    let choice = |when: &&str| Choice {
        value: (*when).to_owned(),
        label: test(ctx, when),
        selected: *when == branch.when,
    };
    let targets = steps.iter().enumerate().map(|(n, step)| Choice {
        value: step.id.clone(),
        label: named(ctx, n, step),
        selected: step.id == branch.step,
    });
    BranchBlock {
        tests: tests.iter().map(choice).collect(),
        targets: targets.collect(),
    }
}

/// `2 · 了解现状`.
fn named(ctx: &PageContext, n: usize, step: &Step) -> String {
    let title = if step.title.is_empty() {
        step.say.chars().take(12).collect()
    } else {
        step.title.clone()
    };
    ctx.t2("settings-script-step-named", "n", n + 1, "title", title)
}

/// A test in words; one that somebody sent by the API and the form does not offer is shown as written.
fn test(ctx: &PageContext, when: &str) -> String {
    match TESTS.iter().position(|known| *known == when) {
        _ if when.is_empty() => ctx.t("settings-script-always"),
        Some(n) => ctx.t(&format!("settings-script-test-{n}")),
        None => ctx.t1("settings-script-test-own", "when", when),
    }
}

fn question(ctx: &PageContext, code: &str) -> String {
    if QUESTIONS.contains(&code) {
        ctx.code("settings-script-ask", code)
    } else {
        ctx.t1("settings-script-test-own", "when", code)
    }
}

/// One step of the preview.
pub(super) fn shown(ctx: &PageContext, steps: &[Step], n: usize, step: &Step) -> Shown {
    let leads = step.next.iter().filter_map(|branch| {
        let to = steps.iter().position(|s| s.id == branch.step)?;
        Some(ctx.t2(
            "settings-script-leads",
            "when",
            test(ctx, &branch.when),
            "step",
            named(ctx, to, &steps[to]),
        ))
    });
    Shown {
        place: n + 1,
        title: step.title.clone(),
        say: step.say.clone(),
        questions: step.questions.iter().map(|q| question(ctx, q)).collect(),
        leads: leads.collect(),
    }
}
