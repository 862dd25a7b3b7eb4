//! A cell taken apart: former name, person, stray punctuation.

use super::words::{LEGAL_FORMS, trade_of};
use crate::registry::rules::person_name::{self, PersonName};
use crate::registry::rules::region;
use crate::registry::rules::script::{fold, is_han, simplified_alike};

/// Words in brackets behind a name that say what it is to the list's owner, not what it is called.
const TAGS: [&str; 9] = [
    "新",
    "总部",
    "总公司",
    "总店",
    "VIP",
    "vip",
    "已签约",
    "签约",
    "未签约",
];

/// The Chinese name, and the English one behind it: `苏州宏远机械有限公司 / Hongyuan Machinery Co., Ltd.`.
pub(super) fn split_english(text: &str) -> (&str, Option<&str>) {
    let Some(last) = text.char_indices().rev().find(|(_, c)| is_han(*c)) else {
        return (text, None);
    };
    let end = last.0 + last.1.len_utf8();
    let close = usize::from(text[end..].starts_with(')'));
    let (chinese, tail) = text.split_at(end + close);
    let english =
        tail.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '.' | '(' | ')'));
    let words = english.split_whitespace().count();
    let letters = english.chars().filter(|c| c.is_alphabetic()).count();
    // A short tail is a tag (`VIP`) or part of the name.
    if words < 2 || letters < 8 || english.contains('@') {
        return (text, None);
    }
    (chinese, Some(english))
}

/// Without marks of the list's owner (`【已签约】`, `(老客户)`, ` VIP`, `*`) and the department (`-采购部`).
pub(super) fn untagged(text: &str) -> String {
    let mut name = text.trim().to_owned();
    while let (Some(open), Some(close)) = (name.find('【'), name.find('】'))
        && open < close
    {
        name.replace_range(open..close + '】'.len_utf8(), "");
    }
    loop {
        let end = name.trim_end_matches(['*', '#', ' ', '★', '☆']).len();
        name.truncate(end);
        let kept = tag_start(&name).or_else(|| department_start(&name));
        match kept {
            Some(at) if at > 0 => name.truncate(at),
            _ => return name,
        }
    }
}

/// Where a tag at the end begins.
fn tag_start(name: &str) -> Option<usize> {
    if let Some(head) = name
        .strip_suffix("VIP")
        .or_else(|| name.strip_suffix("vip"))
    {
        return head.ends_with([' ', '-', '_']).then_some(head.len());
    }
    let inner = name.strip_suffix(')')?;
    let open = inner.rfind('(')?;
    let tag = simplified_alike(inner[open + 1..].trim());
    let copy = !tag.is_empty() && tag.len() <= 2 && tag.bytes().all(|byte| byte.is_ascii_digit());
    let class = tag.ends_with('级') && tag.chars().count() == 2;
    let is_tag = copy || class || TAGS.contains(&&*tag) || tag.ends_with("客户");
    is_tag.then_some(open)
}

/// Where a department behind a dash or behind the legal form begins: `…有限公司-采购部`.
fn department_start(name: &str) -> Option<usize> {
    let head = name.strip_suffix('部')?;
    let start = head.rfind(['-', '—', '–', ' ', '_']).or_else(|| {
        let at = head.rfind("公司")? + "公司".len();
        Some(at)
    })?;
    let word = head[start..].trim_start_matches(['-', '—', '–', ' ', '_']);
    ((1..=4).contains(&word.chars().count())
        && word.chars().all(is_han)
        && !word.ends_with(['总', '總', '业', '業', '分']))
    .then_some(start)
}

/// `A(原B)`, `A(原名:B)`, `A(formerly B)`: A and B.
pub(super) fn split_former(text: &str) -> (String, Option<String>) {
    const WORDS: [&str; 7] = [
        "原名",
        "曾用名",
        "前身为",
        "前身",
        "原",
        "formerly",
        "former",
    ];
    for (open, _) in text.match_indices('(') {
        let close = text[open..].find(')').map_or(text.len(), |n| open + n);
        let inside = text[open + 1..close].trim();
        let lower = inside.to_lowercase();
        let Some(word) = WORDS.iter().find(|w| lower.starts_with(**w)) else {
            continue;
        };
        let former = inside[word.len()..]
            .trim_start_matches([':', '：', ' ', '为'])
            .trim();
        if former.chars().count() >= 2 {
            let rest = format!("{}{}", &text[..open], text.get(close + 1..).unwrap_or(""));
            return (rest.trim().to_owned(), Some(former.to_owned()));
        }
    }
    (text.to_owned(), None)
}

/// A person behind the name: in brackets, after a space, or right after the legal form.
pub(super) fn split_person(text: &str) -> (String, Option<String>) {
    let text = text.trim_end_matches(|c: char| {
        c.is_whitespace() || matches!(c, '。' | '.' | ',' | '、' | ';')
    });
    if let Some(inner) = text.strip_suffix(')')
        && let Some(open) = inner.rfind('(')
    {
        let (head, person) = (inner[..open].trim_end(), inner[open + 1..].trim());
        if !head.is_empty() && is_person(person, true) {
            return (head.to_owned(), Some(person.to_owned()));
        }
    }
    if let Some((head, tail)) = text.rsplit_once(char::is_whitespace) {
        let (head, is_whole) = (head.trim_end(), legal_end(head.trim_end()).is_some());
        if head.chars().any(is_han) && is_person(tail, is_whole) {
            return (head.to_owned(), Some(tail.to_owned()));
        }
    }
    if let Some(end) = legal_end_inside(text) {
        let tail = &text[end..];
        if is_person(tail, true) {
            return (text[..end].to_owned(), Some(tail.to_owned()));
        }
    }
    (text.to_owned(), None)
}

/// With `bare` a name without honorific counts too.
fn is_person(text: &str, bare: bool) -> bool {
    if !person_name::looks_like_person(text)
        || region::by_name(text).is_some()
        || trade_of(&fold(text)).is_some()
    {
        return false;
    }
    bare || PersonName::read(text).honorific.is_some()
}

/// Where the name proper ends when the text ends in a legal form.
fn legal_end(text: &str) -> Option<usize> {
    let plain = simplified_alike(text);
    LEGAL_FORMS
        .iter()
        .any(|form| plain.ends_with(form))
        .then_some(text.len())
}

/// End of the last `公司` inside the text, if something follows it.
fn legal_end_inside(text: &str) -> Option<usize> {
    let plain = simplified_alike(text);
    let end = plain.rfind("公司")? + "公司".len();
    (end < text.len()).then_some(end)
}

/// Without stray punctuation, and without spaces between Chinese characters.
pub(super) fn tidy(text: &str) -> String {
    let text = text.trim_matches(|c: char| {
        c.is_whitespace()
            || matches!(
                c,
                '。' | '.' | ',' | '，' | '、' | ';' | '；' | '·' | '*' | '"' | '“' | '”' | '\''
            )
    });
    let chars: Vec<char> = text.chars().collect();
    let joins = |c: Option<&char>| c.is_some_and(|c| is_han(*c) || matches!(c, '(' | ')'));
    let mut out = String::with_capacity(text.len());
    for (at, c) in chars.iter().enumerate() {
        let between = c.is_whitespace()
            && at > 0
            && joins(chars.get(at - 1))
            && chars[at..]
                .iter()
                .find(|n| !n.is_whitespace())
                .is_some_and(|n| joins(Some(n)));
        let doubled = c.is_whitespace() && out.ends_with(' ');
        if !between && !doubled {
            out.push(if c.is_whitespace() { ' ' } else { *c });
        }
    }
    // `Ltd.` keeps its full stop.
    if !text.chars().any(is_han) && text.len() < text.trim_end().len() + 1 && text.ends_with("Ltd")
    {
        out.push('.');
    }
    out
}
