//! The card of the six key items, and what contradicts itself among them.

use super::facts::{Book, Fact as FactView};
use crate::flows::contradictions;
use crate::platform::db::Conn;
use crate::platform::error::AppResult;
use crate::platform::page::PageContext;
use crate::qualifying::actions::{Unsettled, evidence_of, grading, unsettled};
use crate::qualifying::model::{ContradictionCode, Evidence, Fact, Found, KeyItem};
use crate::qualifying::pages::{ContradictionView, Teller};
use crate::qualifying::rules::{Man, asks_again};
use crate::registry::model::{Company, Field};

/// The card.
pub(super) struct KeyItems {
    pub items: Vec<KeyItemView>,
    /// Money, authority and need: code, name, whether it is there.
    pub man: Vec<(&'static str, String, Option<bool>)>,
}

/// A key item as it is drawn.
pub(super) struct KeyItemView {
    pub name: String,
    pub facts: Vec<FactView>,
    /// The question that finds it out where nothing is known, or that asks again.
    pub ask: Option<String>,
    /// What of it contradicts itself: code and title.
    pub clashes: Vec<(&'static str, String)>,
}

/// The card of what contradicts itself.
pub(super) struct Clashes {
    pub found: Vec<ContradictionView>,
    /// What nobody can tell, with the names of the facts that are missing.
    pub silent: Vec<(String, String)>,
}

/// The fields of a key item, in the order in which they are shown.
fn fields(item: KeyItem) -> &'static [Field] {
    match item {
        KeyItem::Schedule => &[Field::Urgency, Field::SignBy, Field::GoLive],
        KeyItem::Budget => &[
            Field::BudgetState,
            Field::BudgetMin,
            Field::BudgetMax,
            Field::BudgetYear,
        ],
        KeyItem::Requirement => &[Field::Needs, Field::NeedText, Field::NeedUsers],
        KeyItem::Decision => &[
            Field::Decider,
            Field::DecisionProcess,
            Field::SelectionStarted,
        ],
        KeyItem::Competition => &[Field::Vendors],
        KeyItem::KeyEvaluation => &[Field::KeyEvaluation],
    }
}

/// Reads both cards of a company.
pub(super) fn cards(
    conn: &mut Conn,
    ctx: &PageContext,
    book: &Book<'_>,
    company: &Company,
) -> AppResult<(KeyItems, Clashes)> {
    let rules = grading(conn)?;
    let known = evidence_of(conn, &rules, ctx.now, company.id, None)?;
    let state = unsettled(&rules, &known);
    let listed = [Fact::Need, Fact::Vendors].map(|fact| known.evidence.cite(fact));
    let teller = Teller::of_page(conn, ctx, &rules.needs, [])?;
    let [needs, vendors] = listed.map(|cited| cited.map(|one| teller.value(&one.value)));
    let mut items = items(ctx, book, company, &known.evidence, &state.found);
    for fact in items.iter_mut().flat_map(|item| &mut item.facts) {
        let words = match fact.code {
            "needs" => &needs,
            "vendors" => &vendors,
            _ => continue,
        };
        if let Some(words) = words.as_ref().filter(|_| !fact.is_blank) {
            fact.value.clone_from(words);
        }
    }
    let items = KeyItems {
        items,
        man: Man::ALL
            .iter()
            .map(|one| (one.code(), ctx.t(one.key()), one.of(&known.evidence)))
            .collect(),
    };
    let clashes = Clashes {
        found: contradictions::views(conn, ctx, &rules, &state.found)?,
        silent: silent(ctx, &state),
    };
    Ok((items, clashes))
}

fn items(
    ctx: &PageContext,
    book: &Book<'_>,
    company: &Company,
    evidence: &Evidence,
    found: &[Found],
) -> Vec<KeyItemView> {
    let explained = book.explained();
    let currency = company.currency.as_deref().unwrap_or("CNY");
    let view = |item: &KeyItem| {
        let facts = book.facts(ctx, &explained, fields(*item), currency);
        let cites = |one: &&Found| one.facts.iter().any(|c| item.facts().contains(&c.fact));
        KeyItemView {
            name: ctx.t(item.key()),
            ask: question(ctx, *item, facts.iter().all(|fact| fact.is_blank), evidence),
            clashes: found
                .iter()
                .filter(cites)
                .map(|one| (one.code.code(), ctx.t(one.code.key())))
                .collect(),
            facts,
        }
    };
    KeyItem::ALL.iter().map(view).collect()
}

/// What to ask of a key item, if there is something.
fn question(
    ctx: &PageContext,
    item: KeyItem,
    is_unknown: bool,
    evidence: &Evidence,
) -> Option<String> {
    if is_unknown {
        return Some(ctx.t(&item.question_key()));
    }
    let promised = evidence.sign_by.as_ref().map(|known| known.value);
    let asks = item == KeyItem::Schedule && asks_again(evidence);
    promised
        .filter(|_| asks)
        .map(|by| ctx.t1("urgency-ask-again", "by", ctx.date(&by)))
}

fn silent(ctx: &PageContext, state: &Unsettled) -> Vec<(String, String)> {
    let one = |(code, missing): &(ContradictionCode, Vec<Fact>)| {
        let names: Vec<String> = missing.iter().map(|fact| ctx.t(fact.key())).collect();
        let names = names.join(&ctx.t("company-comma"));
        (format!("{} {}", code.code(), ctx.t(code.key())), names)
    };
    state.silent.iter().map(one).collect()
}
