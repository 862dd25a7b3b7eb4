//! An assignment in words, made when somebody reads it, from what was recorded.

use super::assign::{Decision, Inputs, Why};
use super::territory::{Reach, Spot};
use crate::platform::i18n::{Arg, Lang};
use crate::registry::rules::{industry, region};

/// The sentences of a decision, in the order of its reasoning.
pub fn explain(lang: Lang, inputs: &Inputs, decision: &Decision) -> Vec<String> {
    decision
        .why
        .iter()
        .map(|why| one(lang, inputs, decision, why))
        .collect()
}

/// The whole reasoning in one line: to whom, because of what.
pub fn in_one_line(lang: Lang, inputs: &Inputs, decision: &Decision) -> String {
    let why = explain(lang, inputs, decision).join(lang.text("assign-and").as_str());
    match decision.rep.and_then(|id| name_of(inputs, id)) {
        Some(name) => lang.text_with(
            "assign-to",
            &[("name", Arg::from(name)), ("why", Arg::from(&why))],
        ),
        None => lang.text_with("assign-to-manager", &[("why", Arg::from(&why))]),
    }
}

fn name_of(inputs: &Inputs, id: i64) -> Option<&String> {
    inputs
        .reps
        .iter()
        .find(|rep| rep.user_id == id)
        .map(|rep| &rep.name)
}

fn one(lang: Lang, inputs: &Inputs, decision: &Decision, why: &Why) -> String {
    let with = |key: &str, name: &str, value: Arg| lang.text_with(key, &[(name, value)]);
    match why {
        Why::MostSpecific { territory, .. } => {
            let drawn = inputs.territories.iter().find(|t| t.id == *territory);
            let place = drawn.map_or_else(String::new, |t| matched(lang, &t.reach, &inputs.spot));
            let others = inputs
                .territories
                .iter()
                .filter(|t| t.id != *territory && t.reach.takes(&inputs.spot).is_some())
                .count();
            let key = match others {
                0 => "assign-only",
                _ => "assign-most-specific",
            };
            with(key, "place", Arg::from(&place))
        }
        Why::Overlap { names } => with(
            "assign-overlap",
            "names",
            Arg::from(&names.join(lang.text("assign-name-and").as_str())),
        ),
        Why::LightestLoad { load } => {
            let rep = decision.rep.and_then(|id| name_of(inputs, id));
            lang.text_with(
                "assign-lightest",
                &[
                    ("name", Arg::from(rep.map_or("", String::as_str))),
                    ("n", Arg::from(*load)),
                ],
            )
        }
        Why::RoundRobin => lang.text("assign-in-turn"),
        Why::Away { name } => with("assign-away", "name", Arg::from(name)),
        Why::Deputy { name } => with("assign-deputy", "name", Arg::from(name)),
        Why::Had { name } => with("assign-had", "name", Arg::from(name)),
        Why::NoTerritory => lang.text("assign-no-territory"),
        Why::NobodyLeft => lang.text("assign-nobody-left"),
        Why::ByHand => lang.text("assign-by-hand"),
        Why::SwitchedOff { name } => with("assign-switched-off", "name", Arg::from(name)),
    }
}

/// What of a territory took the spot in: `苏州 × 通用设备制造业`.
fn matched(lang: Lang, reach: &Reach, spot: &Spot) -> String {
    let deepest = |bound: &[String], value: Option<&String>| {
        let value = value?;
        bound
            .iter()
            .filter(|code| {
                let place = region::by_code(code).map_or(code.as_str(), |p| p.prefix());
                value.starts_with(place) || value.starts_with(code.as_str())
            })
            .max_by_key(|code| code.trim_end_matches('0').len())
            .cloned()
    };
    let mut parts = Vec::new();
    if let Some(code) = deepest(&reach.regions, spot.region.as_ref()) {
        parts.push(place(lang, &code));
    }
    if let Some(code) = deepest(&reach.industries, spot.industry.as_ref()) {
        parts.push(trade(lang, &code));
    }
    if let (false, Some(size)) = (reach.sizes.is_empty(), spot.size) {
        parts.push(heads(lang, size));
    }
    if parts.is_empty() {
        return lang.text("territory-everything");
    }
    parts.join(" × ")
}

/// What a territory binds, in words.
pub fn reach(lang: Lang, reach: &Reach) -> String {
    let list = |names: Vec<String>| names.join(lang.text("assign-name-and").as_str());
    let mut parts = Vec::new();
    if !reach.regions.is_empty() {
        parts.push(list(reach.regions.iter().map(|c| place(lang, c)).collect()));
    }
    if !reach.industries.is_empty() {
        parts.push(list(
            reach.industries.iter().map(|c| trade(lang, c)).collect(),
        ));
    }
    if !reach.sizes.is_empty() {
        parts.push(list(reach.sizes.iter().map(|s| heads(lang, *s)).collect()));
    }
    match parts.is_empty() {
        true => lang.text("territory-everything"),
        false => parts.join(" × "),
    }
}

/// A place by its code.
pub fn place(lang: Lang, code: &str) -> String {
    region::by_code(code).map_or_else(
        || code.to_owned(),
        |p| if lang == Lang::Zh { p.zh } else { p.en }.to_owned(),
    )
}

/// An industry by its code.
pub fn trade(lang: Lang, code: &str) -> String {
    industry::by_code(code).map_or_else(
        || code.to_owned(),
        |i| if lang == Lang::Zh { i.zh } else { i.en }.to_owned(),
    )
}

/// A size class: `100–299人`.
pub fn heads(lang: Lang, class: i32) -> String {
    let names = ["<20", "20–99", "100–299", "300–999", "≥1000"];
    let at = usize::try_from(class - 1).unwrap_or(0).min(names.len() - 1);
    lang.text_with("territory-heads", &[("size", Arg::from(names[at]))])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::selling::rules::assign::{RepFacts, decide};
    use crate::selling::rules::territory::Territory;

    #[test]
    fn an_assignment_is_told_in_both_languages() {
        let bound = |regions: &[&str], industries: &[&str]| Reach {
            regions: regions.iter().map(|c| (*c).to_owned()).collect(),
            industries: industries.iter().map(|c| (*c).to_owned()).collect(),
            sizes: Vec::new(),
        };
        let rep = |user_id, name: &str| RepFacts {
            user_id,
            name: name.into(),
            load: 3,
            last_offer: None,
            is_away: false,
            deputy: None,
        };
        let inputs = Inputs {
            spot: Spot {
                region: Some("320583".into()),
                industry: Some("C34".into()),
                size: Some(4),
            },
            territories: vec![
                Territory {
                    id: 1,
                    user_id: 7,
                    reach: bound(&["320500", "320200"], &["C34"]),
                },
                Territory {
                    id: 2,
                    user_id: 8,
                    reach: bound(&["320000"], &[]),
                },
            ],
            reps: vec![rep(7, "许嘉树"), rep(8, "周明远")],
            ..Inputs::default()
        };
        let decision = decide(&inputs);
        let zh = in_one_line(Lang::Zh, &inputs, &decision);
        assert!(
            zh.contains("许嘉树") && zh.contains("苏州 × 通用设备制造业"),
            "{zh}"
        );
        let en = in_one_line(Lang::En, &inputs, &decision);
        assert!(en.contains("许嘉树") && en.contains("Suzhou"), "{en}");
    }
}
