//! What is looked for when somebody is erased, in texts that anybody may have written: names, numbers in whatever writing,
//! mail addresses.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::email::quotes;

/// What stands where something was cut out.
pub const CUT: &str = "■";
/// Country codes whose numbers are also written without.
const COUNTRIES: [&str; 14] = [
    "86", "852", "853", "886", "1", "44", "49", "33", "39", "61", "65", "81", "82", "91",
];
/// Between two digits of one number stand so many separators at most.
const GAP: usize = 3;

/// Names and values of one person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sought {
    /// As they are written; other people may have the same.
    pub names: Vec<String>,
    /// In E.164.
    pub numbers: Vec<String>,
    /// In lower case.
    pub mails: Vec<String>,
    /// WeChat and QQ.
    pub handles: Vec<String>,
}

impl Sought {
    /// A number or an address of theirs stands in a text: nobody else has it.
    pub fn is_in(&self, text: &str) -> bool {
        !self.values_in(text).is_empty()
    }

    /// A name of theirs stands in a text, which somebody else may have as well.
    pub fn is_named_in(&self, text: &str) -> bool {
        self.names
            .iter()
            .any(|name| !words_in(text, name).is_empty())
    }

    /// A text, or a JSON document, without their numbers and addresses; none where there are none in it.
    pub fn without_values(&self, text: &str) -> Option<String> {
        cut_from(text, &|part| self.values_in(part))
    }

    /// The same without names as well: for texts that are known to speak of them.
    pub fn without_any(&self, text: &str) -> Option<String> {
        cut_from(text, &|part| self.anything_in(part))
    }

    /// [`Self::without_any`] of a value of JSON; whether something was in it.
    pub fn cut(&self, value: &mut Value) -> bool {
        cut_value(value, &|part| self.anything_in(part))
    }

    fn values_in(&self, text: &str) -> Vec<Range<usize>> {
        let mut found: Vec<Range<usize>> = Vec::new();
        for mail in &self.mails {
            found.extend(mails_in(text, mail));
        }
        if !self.numbers.is_empty() {
            let digits = digits_of(text);
            for number in &self.numbers {
                found.extend(numbers_in(text, &digits, number));
            }
        }
        found
    }

    fn anything_in(&self, text: &str) -> Vec<Range<usize>> {
        let mut found = self.values_in(text);
        for word in self.names.iter().chain(&self.handles) {
            found.extend(words_in(text, word));
        }
        found
    }
}

type Finder<'a> = &'a dyn Fn(&str) -> Vec<Range<usize>>;

fn cut_from(text: &str, find: Finder<'_>) -> Option<String> {
    if text.starts_with(['{', '['])
        && let Ok(mut value) = serde_json::from_str::<Value>(text)
    {
        return cut_value(&mut value, find).then(|| value.to_string());
    }
    cut_text(text, find)
}

fn cut_value(value: &mut Value, find: Finder<'_>) -> bool {
    match value {
        Value::String(text) => match cut_text(text, find) {
            Some(cut) => {
                *text = cut;
                true
            }
            None => false,
        },
        Value::Number(number) => {
            let is_theirs = !find(&number.to_string()).is_empty();
            if is_theirs {
                *value = Value::Null;
            }
            is_theirs
        }
        Value::Array(items) => items
            .iter_mut()
            .fold(false, |any, item| cut_value(item, find) | any),
        Value::Object(map) => {
            let named: Vec<String> = map
                .keys()
                .filter(|key| !find(key).is_empty())
                .cloned()
                .collect();
            for key in &named {
                map.remove(key);
            }
            map.values_mut()
                .fold(!named.is_empty(), |any, item| cut_value(item, find) | any)
        }
        Value::Null | Value::Bool(_) => false,
    }
}

fn cut_text(text: &str, find: Finder<'_>) -> Option<String> {
    let mut found = find(text);
    if found.is_empty() {
        return None;
    }
    found.sort_by_key(|range| (range.start, range.end));
    let (mut left, mut at) = (String::with_capacity(text.len()), 0);
    for range in found {
        if range.start >= at {
            left.push_str(&text[at..range.start]);
            left.push_str(CUT);
        }
        at = at.max(range.end);
    }
    left.push_str(&text[at..]);
    Some(left)
}

/// Where a word stands by itself; one of Chinese signs stands anywhere, since nothing parts them.
fn words_in(text: &str, word: &str) -> Vec<Range<usize>> {
    if word.chars().nth(1).is_none() {
        return Vec::new();
    }
    let is_latin = |c: char| c.is_alphanumeric() && (c as u32) < 0x2e80;
    let (first, last) = (word.chars().next(), word.chars().next_back());
    let ends_apart = |edge: Option<char>, beside: Option<char>| {
        !(edge.is_some_and(is_latin) && beside.is_some_and(is_latin))
    };
    places(text, word)
        .filter(|range| {
            ends_apart(first, text[..range.start].chars().next_back())
                && ends_apart(last, text[range.end..].chars().next())
        })
        .collect()
}

fn mails_in(text: &str, mail: &str) -> Vec<Range<usize>> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "._%+-".contains(c);
    places(text, mail)
        .filter(|range| {
            let mut back = text[..range.start].chars().rev();
            let before = back.next();
            let first = text[range.start..].chars().next();
            let is_inside = before == Some('\'') && !quotes(back.next(), first);
            let mut behind = text[range.end..].chars();
            let next = behind.next();
            let goes_on = match next {
                Some('.') => behind.next().is_some_and(|c| c.is_ascii_alphanumeric()),
                Some(c) => c.is_ascii_alphanumeric() || c == '-',
                None => false,
            };
            !before.is_some_and(is_part) && !is_inside && !goes_on
        })
        .collect()
}

/// Where a text stands in another one, whatever the case of Latin letters.
fn places(text: &str, sought: &str) -> impl Iterator<Item = Range<usize>> {
    // Lower-cased this way, every sign keeps its place.
    let (lower, sought) = (text.to_ascii_lowercase(), sought.to_ascii_lowercase());
    let found: Vec<Range<usize>> = match sought.is_empty() {
        true => Vec::new(),
        false => lower
            .match_indices(&sought)
            .map(|(at, part)| at..at + part.len())
            .collect(),
    };
    found.into_iter()
}

/// A digit with its place.
#[derive(Debug, Clone, Copy)]
struct Digit {
    value: u8,
    from: usize,
    to: usize,
}

fn digits_of(text: &str) -> Vec<Digit> {
    let digit = |(from, c): (usize, char)| {
        let value = match c {
            '0'..='9' => c as u32 - '0' as u32,
            '０'..='９' => c as u32 - '０' as u32,
            _ => return None,
        };
        Some(Digit {
            value: b'0' + u8::try_from(value).ok()?,
            from,
            to: from + c.len_utf8(),
        })
    };
    text.char_indices().filter_map(digit).collect()
}

fn numbers_in(text: &str, digits: &[Digit], number: &str) -> Vec<Range<usize>> {
    let whole = number.trim_start_matches('+');
    let mut forms = vec![(whole, "")];
    for code in COUNTRIES {
        if let Some(rest) = whole.strip_prefix(code).filter(|rest| rest.len() >= 7) {
            forms.push((rest, code));
        }
    }
    let one = |(form, code)| form_in(text, digits, form, code);
    forms.into_iter().flat_map(one).collect()
}

/// Where the digits of a number stand, in groups or not. Digits that touch it are its country's or its trunk's, or it is
/// part of another number.
fn form_in(text: &str, digits: &[Digit], form: &str, code: &str) -> Vec<Range<usize>> {
    let form = form.as_bytes();
    let mut found = Vec::new();
    for (at, window) in digits.windows(form.len().max(1)).enumerate() {
        let is_it = window
            .iter()
            .zip(form)
            .all(|(digit, wanted)| digit.value == *wanted);
        if !is_it
            || !window
                .windows(2)
                .all(|pair| are_grouped(text, pair[0], pair[1]))
        {
            continue;
        }
        let end = window[window.len() - 1].to;
        if digits
            .get(at + window.len())
            .is_some_and(|next| next.from == end)
        {
            continue;
        }
        let mut first = at;
        while first > 0 && digits[first - 1].to == digits[first].from {
            first -= 1;
        }
        let prefix: Vec<u8> = digits[first..at].iter().map(|digit| digit.value).collect();
        if is_prefix(&prefix, code) {
            let start = digits[first].from;
            let plus = text[..start].ends_with('+');
            found.push(start - usize::from(plus)..end);
        }
    }
    found
}

fn is_prefix(touching: &[u8], code: &str) -> bool {
    let known = match code {
        "" => vec![String::new(), "00".into()],
        code => vec![
            String::new(),
            "0".into(),
            code.to_owned(),
            format!("00{code}"),
            format!("{code}0"),
        ],
    };
    known.iter().any(|one| one.as_bytes() == touching)
}

/// Two digits of one number stand side by side or a separator apart.
fn are_grouped(text: &str, a: Digit, b: Digit) -> bool {
    let between = &text[a.to..b.from];
    between.chars().count() <= GAP
        && between
            .chars()
            .all(|c| " \u{a0}\u{3000}-–—‐.·()（）/".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chen() -> Sought {
        Sought {
            names: vec!["陈立群".into(), "Chen Liqun".into()],
            numbers: vec!["+8613905129876".into()],
            mails: vec!["chen@hongyuan.cn".into()],
            handles: vec!["chenlq_88".into()],
        }
    }

    #[test]
    fn a_number_is_found_in_every_writing() {
        for (text, left) in [
            ("手机13905129876，下午打", "手机■，下午打"),
            ("+86 139-0512-9876", "■"),
            ("+8613905129876;x", "■;x"),
            ("008613905129876", "■"),
            ("013905129876", "■"),
            ("１３９０５１２９８７６", "■"),
            ("2026-09-22 139 0512 9876", "2026-09-22 ■"),
            ("139 05 12 98 76 / 139.0512.9876", "■ / ■"),
        ] {
            assert_eq!(chen().without_values(text).as_deref(), Some(left), "{text}");
        }
        for text in [
            "",
            "139051298760",
            "7713905129876",
            "13905129875",
            "139——————05129876",
            "订单 20139051298761",
        ] {
            assert_eq!(chen().without_values(text), None, "{text}");
        }
    }

    #[test]
    fn an_address_is_found_whole() {
        for (text, left) in [
            ("写给 Chen@Hongyuan.cn.", "写给 ■."),
            ("<chen@hongyuan.cn>,x", "<■>,x"),
            ("邮箱'chen@hongyuan.cn'", "邮箱'■'"),
            ("Mail.'chen@hongyuan.cn'", "Mail.'■'"),
        ] {
            assert_eq!(chen().without_values(text).as_deref(), Some(left), "{text}");
        }
        for text in [
            "wuchen@hongyuan.cn",
            "o'chen@hongyuan.cn",
            "chen@hongyuan.cn.net",
            "chen@hongyuan.cnc",
        ] {
            assert_eq!(chen().without_values(text), None, "{text}");
        }
    }

    #[test]
    fn names_go_where_a_text_speaks_of_them() {
        let text = "联系陈立群（Chen Liqun，微信 chenlq_88），Chen Liqunhua 是别人";
        assert_eq!(chen().without_values(text), None);
        assert_eq!(
            chen().without_any(text).as_deref(),
            Some("联系■（■，微信 ■），Chen Liqunhua 是别人")
        );
        assert!(chen().is_named_in(text) && !chen().is_in(text));
        let single = Sought {
            names: vec!["陈".into()],
            ..Sought::default()
        };
        assert_eq!(single.without_any("陈列"), None, "one sign says too little");
    }

    #[test]
    fn json_stays_json() {
        let text = r#"{"note":"陈立群\nchen@hongyuan.cn","tel":13905129876,"+8613905129876":"bad","n":[1,"+8613905129876"]}"#;
        let left = chen().without_any(text).expect("something goes");
        let value: Value = serde_json::from_str(&left).expect("JSON");
        assert_eq!(value["note"], "■\n■");
        assert_eq!(value["tel"], Value::Null);
        assert_eq!(value["n"], serde_json::json!([1, "■"]));
        assert_eq!(value.get("+8613905129876"), None);
        assert_eq!(chen().without_any(r#"{"note":"别人"}"#), None);
    }
}
