//! Figures and basic data that do not fit each other.

use super::{ContradictionRules, Hit};
use crate::qualifying::model::{Evidence, Fact, Grade};
use crate::registry::rules::credit_code::{valid_credit_code, valid_taiwan_number};
use crate::registry::rules::size::class_of;

/// Minor units of one CNY.
const MINOR: i64 = 100;
/// How lists and people write that there is no system.
const NO_SYSTEM: [&str; 9] = [
    "无",
    "没有",
    "没用",
    "未使用",
    "暂无",
    "手工",
    "none",
    "no",
    "no system",
];

/// K12: the money a head is out of all scale.
pub(super) fn budget_out_of_scale(evidence: &Evidence, rules: &ContradictionRules) -> Option<Hit> {
    let (from, to, currency) = &evidence.budget_amount.as_ref()?.value;
    let heads = evidence.headcount.as_ref()?.value;
    let (least, most) = rules.cny_per_head;
    if currency != "CNY" || heads <= 0 {
        return None;
    }
    let bound = |each: u32| i64::from(each) * MINOR * heads;
    let is_small = to.or(*from).is_some_and(|amount| amount < bound(least));
    let is_large = from.or(*to).is_some_and(|amount| amount > bound(most));
    Hit::warn_if(is_small || is_large)
}

/// K13: more people are to use it than there are.
pub(super) fn more_users_than_heads(evidence: &Evidence, _: &ContradictionRules) -> Option<Hit> {
    let users = evidence.need_users.as_ref()?.value;
    Hit::block_if(users > evidence.headcount.as_ref()?.value, Grade::B)
}

/// K14: the size that was given is not that of the heads.
pub(super) fn size_disagrees(evidence: &Evidence, _: &ContradictionRules) -> Option<Hit> {
    let heads = i32::try_from(evidence.headcount.as_ref()?.value).ok()?;
    let class = i64::from(class_of(heads));
    Hit::warn_if(evidence.size_class.as_ref()?.value != class)
}

/// K19: "no system", but a brand or a year of one is given.
pub(super) fn no_system_but_one(evidence: &Evidence, _: &ContradictionRules) -> Option<Hit> {
    let shown = &evidence.present_system.as_ref()?.value;
    let has_one = evidence.present_system_year.is_some() || evidence.other_system.is_some();
    Hit::warn_if(says_no_system(shown) && has_one)
}

/// Whether a text says that there is no system.
pub(crate) fn says_no_system(text: &str) -> bool {
    NO_SYSTEM.contains(&text.trim().to_lowercase().as_str())
}

/// K25: a need that this industry does not have.
pub(super) fn need_of_another_industry(
    evidence: &Evidence,
    rules: &ContradictionRules,
) -> Option<Hit> {
    let section = evidence.industry.as_ref()?.value.chars().next()?;
    let (needs, _) = evidence.need();
    let is_foreign = |need: &String| {
        let sections = rules.industries_of_need.get(need);
        sections.is_some_and(|sections| !sections.contains(section))
    };
    Hit::hint_if(needs.iter().any(is_foreign))
}

/// K26: it is closed, or its credit code fails the check.
pub(super) fn no_such_company(evidence: &Evidence, _: &ContradictionRules) -> Option<Hit> {
    let fails = evidence.credit_code.as_ref().is_some_and(|code| {
        valid_credit_code(&code.value).is_none() && valid_taiwan_number(&code.value).is_none()
    });
    let is_closed = evidence
        .last_result
        .as_ref()
        .is_some_and(|result| result.value == "closed");
    if !fails && !is_closed {
        return None;
    }
    let cited = [(fails, Fact::CreditCode), (is_closed, Fact::LastResult)];
    let facts = cited.into_iter().filter(|(is_cited, _)| *is_cited);
    Hit::warn_if(true).map(|hit| Hit {
        also: facts.filter_map(|(_, fact)| evidence.cite(fact)).collect(),
        ..hit
    })
}
