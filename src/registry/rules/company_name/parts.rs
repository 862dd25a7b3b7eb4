//! A cell taken apart: former name, person, stray punctuation.

use super::words::{LEGAL_FORMS, trade_of};
use crate::registry::rules::person_name::{self, PersonName};
use crate::registry::rules::region;
use crate::registry::rules::script::{fold, is_han, simplified_alike};

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
