//! The script of a campaign as the screen says it: names filled in, steps with what they ask and where they lead.

use super::callee::Callee;
use super::view::StepView;
use crate::calling::model::Script;
use crate::platform::page::PageContext;

/// The steps of a script for a company and the person who is asked for.
pub fn steps(
    ctx: &PageContext,
    script: Option<&Script>,
    callee: &Callee,
    contact: &str,
) -> Vec<StepView> {
    let Some(script) = script else {
        return Vec::new();
    };
    let me = ctx
        .viewer
        .as_ref()
        .map(|v| v.name.clone())
        .unwrap_or_default();
    let company = callee.name(ctx);
    let all = script.steps();
    let is_one = all.len() == 1;
    all.into_iter()
        .enumerate()
        .map(|(n, step)| StepView {
            title: match step.title {
                title if title.is_empty() && !is_one => (n + 1).to_string(),
                title => title,
            },
            say: said(&step.say, contact, &company, &me),
            questions: step.questions.join(" "),
            next: serde_json::to_string(&step.next).unwrap_or_default(),
            id: step.id,
        })
        .collect()
}

/// The words with names filled in and marked, escaped for HTML.
fn said(text: &str, contact: &str, company: &str, me: &str) -> String {
    let mark = |class: &str, value: &str| format!("<b{class}>{}</b>", escaped(value));
    escaped(text)
        .replace("{contact}", &mark(" data-contact", contact))
        .replace("{company}", &mark("", company))
        .replace("{me}", &mark("", me))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_filled_in_and_nothing_else_becomes_markup() {
        let text = said("您好{contact}，<i>我是</i>{me}", "陈\"经理", "甲", "林");
        assert_eq!(
            text,
            "您好<b data-contact>陈&quot;经理</b>，&lt;i&gt;我是&lt;/i&gt;<b>林</b>"
        );
    }
}
