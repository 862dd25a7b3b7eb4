//! Chinese names: place, brand, trade, legal form, branch.

use super::CompanyName;
use super::words::{BRANCHES, LEGAL_FORMS, OFFICES, is_trade, trade_of};
use crate::registry::rules::region::{self, Place, PlaceLevel};
use crate::registry::rules::script::{fold, is_han, simplified_alike};

/// Takes a name apart that has no person and former name any more.
pub(super) fn read(shown: &str) -> CompanyName {
    let plain = simplified_alike(shown);
    let (head, branch) = split_branch(without_office(&plain));
    let (bare, bracket_place) = without_brackets(head);
    let (place, rest) = place_and_rest(&bare, bracket_place);
    let (core, legal_form) = strip_legal(&rest);
    let (core, place) = match place {
        None => place_at_end(&core),
        some => (core, some),
    };
    let core = fold(&core);
    let trade = trade_of(&core).unwrap_or_default().to_owned();
    let brand = core
        .strip_suffix(trade.as_str())
        .unwrap_or(&core)
        .to_owned();
    let code = place.map(|p| p.code);
    let mut key_text = format!("{}|{core}", code.unwrap_or(""));
    if let Some(branch) = &branch {
        key_text = format!("{key_text}|{branch}");
    }
    let is_full_legal_name =
        legal_form.is_some() && !brand.is_empty() && (code.is_some() || !trade.is_empty());
    CompanyName {
        key_text,
        place: code,
        brand,
        trade,
        legal_form,
        is_full_legal_name,
        branch,
        ..CompanyName::default()
    }
}

/// `…有限公司湖州办事处` is the company.
fn without_office(text: &str) -> &str {
    let text = text.trim_end_matches(')');
    let Some(head) = OFFICES.iter().find_map(|office| text.strip_suffix(office)) else {
        return text;
    };
    match head.rfind("公司") {
        Some(at) => &head[..at + "公司".len()],
        None => without_place_behind(head).unwrap_or(head),
    }
}

/// The text before a place at its end.
fn without_place_behind(text: &str) -> Option<&str> {
    let place = (2..=4)
        .rev()
        .find_map(|n| last_chars(text, n).filter(|tail| region::by_name(tail).is_some()))?;
    (place.len() < text.len()).then(|| &text[..text.len() - place.len()])
}

/// `…有限公司湖州分公司`: the company, and the folded name of its branch.
fn split_branch(text: &str) -> (&str, Option<String>) {
    let Some(word) = BRANCHES
        .iter()
        .find(|word| text.trim_end_matches(')').ends_with(**word))
    else {
        return (text, None);
    };
    let before = &text[..text.rfind(word).unwrap_or(text.len())];
    match before.rfind("公司") {
        Some(at) => (
            &text[..at + "公司".len()],
            Some(fold(&before[at + "公司".len()..])),
        ),
        // `苏州砚川无锡办事处`: the last place names the branch.
        None => match without_place_behind(before) {
            Some(head) => (head, Some(fold(&before[head.len()..]))),
            None => (before, Some(String::new())),
        },
    }
}

fn last_chars(text: &str, n: usize) -> Option<&str> {
    let start = text.char_indices().rev().nth(n.checked_sub(1)?)?.0;
    Some(&text[start..])
}

/// The name without its brackets, and the place that stood in one: `立辉精密机械(无锡)有限公司`.
fn without_brackets(text: &str) -> (String, Option<&'static Place>) {
    let mut out = String::with_capacity(text.len());
    let mut place = None;
    let mut rest = text;
    while let Some(open) = rest.find('(') {
        let close = rest[open..].find(')').map_or(rest.len(), |n| open + n);
        let inside = rest[open + 1..close].trim();
        out.push_str(&rest[..open]);
        match region::by_name(inside).filter(|p| !p.is_abroad()) {
            Some(found) => place = place.or(Some(found)),
            None if matches!(inside, "中国" | "集团" | "大陆" | "国际") => {}
            None => out.push_str(inside),
        }
        rest = rest.get(close + 1..).unwrap_or("");
    }
    out.push_str(rest);
    (out, place)
}

fn place_and_rest(bare: &str, bracket: Option<&'static Place>) -> (Option<&'static Place>, String) {
    if let Some((place, bytes)) = region::at_start_of(bare).filter(|(p, _)| !p.is_abroad()) {
        let rest = &bare[bytes..];
        // `上海公司`, `金华火腿`: a name that is nothing but the place, or whose brand would vanish, keeps it.
        let core = strip_legal(rest).0;
        let is_brand = is_trade(&core) && sounds_like_brand(place, &bare[..bytes]);
        if core.chars().count() >= 2 && !is_brand {
            // A bracket inside the province of the first place is more exact.
            let exact = bracket.filter(|b| place.contains(b)).unwrap_or(place);
            return (Some(exact), rest.to_owned());
        }
    }
    (bracket, bare.to_owned())
}

/// `海宁家居`, `德阳五金`: a place that is a good brand, right before the trade, is more likely the brand.
fn sounds_like_brand(place: &Place, written: &str) -> bool {
    const PREFECTURES: [&str; 14] = [
        "德阳", "安阳", "安康", "朝阳", "金昌", "大同", "安顺", "泰安", "南平", "安庆", "吉安",
        "德州", "保山", "黄山",
    ];
    written == place.zh && (place.level == PlaceLevel::County || PREFECTURES.contains(&place.zh))
}

/// Brackets were dropped: `启盛供应链佛山有限公司`.
fn place_at_end(core: &str) -> (String, Option<&'static Place>) {
    let found = [3, 2].into_iter().find_map(|n| {
        let tail = last_chars(core, n)?;
        let place = region::by_name(tail)
            .filter(|p| p.level == PlaceLevel::Prefecture || p.level == PlaceLevel::Province)?;
        (core.chars().count() >= n + 3).then_some((tail.len(), place))
    });
    match found {
        Some((bytes, place)) => (core[..core.len() - bytes].to_owned(), Some(place)),
        None => (core.to_owned(), None),
    }
}

/// The legal form at the end of a name that has no person and former name any more.
pub(super) fn legal_form(shown: &str) -> Option<String> {
    strip_legal(&simplified_alike(shown)).1
}

fn strip_legal(text: &str) -> (String, Option<String>) {
    let text = text.trim_end_matches(|c: char| !is_han(c) && !c.is_alphanumeric());
    for form in LEGAL_FORMS {
        if let Some(core) = text.strip_suffix(form)
            && core.chars().count() >= 2
        {
            return (core.to_owned(), Some(form.to_owned()));
        }
    }
    // `针织厂` and `光电(广州)厂` are the same as `针织有限公司`; `老厂` is not.
    if let Some(core) = text.strip_suffix('厂')
        && trade_of(&fold(core)).is_some()
    {
        return (core.to_owned(), Some("厂".to_owned()));
    }
    (text.to_owned(), None)
}

/// A trade word ends the name, or stands before a bracketed place: `利润制衣(宁波)`.
pub(super) fn carries_trade(name: &str) -> bool {
    let core = strip_legal(&without_brackets(name).0).0;
    trade_of(&fold(&core)).is_some()
}

/// The city that begins a name, and is not its brand: `海宁家居` may stand anywhere.
pub(super) fn city(name: &str) -> Option<&'static Place> {
    let (place, bytes) = region::at_start_of(name).filter(|(place, _)| place.area.is_some())?;
    let plain = simplified_alike(name);
    let core = strip_legal(&plain[bytes..]).0;
    let is_brand = is_trade(&core) && sounds_like_brand(place, &plain[..bytes]);
    (!is_brand).then_some(place)
}
