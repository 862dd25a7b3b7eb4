//! Every sentence that is asked for exists, every one that exists is asked for, and both languages say the same.

use std::collections::{BTreeMap, BTreeSet};

use super::{code, files, read, root, shown};

/// What one language says under a key.
#[derive(Debug)]
struct Sentence {
    file: String,
    /// Names of what is filled in, e.g. `n` of `{ $n }`.
    variables: BTreeSet<String>,
    /// Other sentences and parts that it is made of.
    parts: BTreeSet<String>,
}

/// All sentences of a language, and the keys that stand more than once.
fn sentences(language: &str) -> (BTreeMap<String, Sentence>, Vec<String>) {
    let mut found = BTreeMap::new();
    let mut twice = Vec::new();
    for file in files(&root().join("templates/locales").join(language), "ftl") {
        let text = read(&file);
        let mut blocks: Vec<String> = Vec::new();
        for line in text.lines().filter(|l| !l.starts_with('#')) {
            match blocks.last_mut() {
                Some(block) if !line.starts_with(|c: char| c.is_ascii_lowercase()) => {
                    block.push_str(line);
                    block.push('\n');
                }
                _ => blocks.push(format!("{line}\n")),
            }
        }
        for (key, said) in blocks.iter().filter_map(|b| b.split_once(" =")) {
            let sentence = Sentence {
                file: shown(&file),
                variables: names_after(said, '$'),
                parts: names_after(said, '{'),
            };
            if found.insert(key.to_owned(), sentence).is_some() {
                twice.push(format!("{key} ({})", shown(&file)));
            }
        }
    }
    (found, twice)
}

/// The names that follow a sign, e.g. `n` behind `$`.
fn names_after(text: &str, sign: char) -> BTreeSet<String> {
    let ends = |c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_');
    text.split(sign)
        .skip(1)
        .filter_map(|rest| rest.trim_start().split(ends).next())
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

/// All code and templates as one text, without inline tests.
fn everything_that_speaks() -> String {
    let src = files(&root().join("src"), "rs");
    let templates = files(&root().join("templates"), "html");
    let scripts = files(&root().join("templates/assets"), "js");
    let texts = src.iter().chain(&templates).chain(&scripts);
    texts.map(|file| code(file)).collect::<Vec<_>>().join("\n")
}

#[test]
fn both_languages_say_the_same_things_with_the_same_variables() {
    let ((zh, twice_zh), (en, twice_en)) = (sentences("zh-CN"), sentences("en"));
    assert!(
        twice_zh.is_empty() && twice_en.is_empty(),
        "said twice: {twice_zh:?} {twice_en:?}"
    );
    let (keys_zh, keys_en): (BTreeSet<_>, BTreeSet<_>) = (zh.keys().collect(), en.keys().collect());
    let one_sided: Vec<_> = keys_zh.symmetric_difference(&keys_en).collect();
    assert!(one_sided.is_empty(), "only in one language: {one_sided:?}");
    let unlike: Vec<_> = zh
        .iter()
        .filter(|(key, sentence)| en[*key].variables != sentence.variables)
        .map(|(key, sentence)| format!("{key}: {:?} {:?}", sentence.variables, en[key].variables))
        .collect();
    assert!(unlike.is_empty(), "{unlike:#?}");
}

#[test]
fn every_sentence_that_is_asked_for_exists() {
    let (known, _) = sentences("zh-CN");
    let mut missing = BTreeSet::new();
    let all = files(&root().join("src"), "rs")
        .into_iter()
        .chain(files(&root().join("templates"), "html"));
    for file in all {
        let text = code(&file);
        for before in [
            "ctx.t(\"",
            "ctx.t1(\"",
            "ctx.t2(\"",
            "ctx.t3(\"",
            ".text(\"",
            ".text_with(\"",
        ] {
            for key in literals_after(&text, before) {
                if !known.contains_key(key) {
                    missing.insert(format!("{key} ({})", shown(&file)));
                }
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

/// The string literals that follow `before`.
fn literals_after<'a>(text: &'a str, before: &'a str) -> impl Iterator<Item = &'a str> {
    let rests = text.split(before).skip(1);
    rests.filter_map(|rest| rest.split('"').next())
}

/// Endings of the sentences that belong to another one.
const COMPANIONS: [&str; 4] = ["", "-remedy", "-about", "-ask"];

#[test]
fn every_sentence_that_exists_is_asked_for() {
    let text = everything_that_speaks();
    let squeezed: String = text.split_whitespace().collect();
    let literals = literals(&text);
    let codes: BTreeSet<String> = variants(&text)
        .chain(
            literals
                .iter()
                .map(|word| word.replace(['_', '.'], "-").to_lowercase()),
        )
        .collect();
    // A key is built where a stable code follows: `code("grade", …)`, `word("verb", …)`, `format!("error-{code}")`.
    let mut prefixes: BTreeSet<&str> = ["code(\"", "word(\""]
        .iter()
        .flat_map(|call| literals_after(&squeezed, call))
        .collect();
    prefixes.extend(
        literals_after(&squeezed, "format!(\"")
            .filter_map(|made| made.split_once("-{"))
            .map(|(p, _)| p),
    );
    let is_built = |key: &str| {
        let rests = prefixes
            .iter()
            .filter_map(|p| key.strip_prefix(p)?.strip_prefix('-'));
        rests.into_iter().any(|rest| {
            let rest = rest.to_lowercase();
            COMPANIONS
                .iter()
                .filter_map(|end| rest.strip_suffix(end))
                .any(|code| codes.contains(code) || code.bytes().all(|b| b.is_ascii_digit()))
        })
    };
    let (known, _) = sentences("zh-CN");
    let parts: BTreeSet<&String> = known.values().flat_map(|s| &s.parts).collect();
    let unused: Vec<_> = known
        .iter()
        .filter(|(key, _)| !literals.contains(*key) && !parts.contains(key) && !is_built(key))
        .map(|(key, sentence)| format!("{key} ({})", sentence.file))
        .collect();
    assert!(unused.is_empty(), "nobody says these: {unused:#?}");
}

#[test]
fn every_refusal_says_what_to_do() {
    let (known, _) = sentences("zh-CN");
    let is_refusal = |key: &&String| {
        key.starts_with("error-") && !["error-title", "error-remedy-any"].contains(&key.as_str())
    };
    let without: Vec<_> = known
        .keys()
        .filter(is_refusal)
        .filter(|key| !key.ends_with("-remedy") && !known.contains_key(&format!("{key}-remedy")))
        .collect();
    assert!(without.is_empty(), "refusals without a remedy: {without:?}");
}

/// Every quoted word. Quotes inside quotes make pairs uncertain, so each quote may begin a word.
fn literals(text: &str) -> BTreeSet<String> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    text.split(['"', '\'', '`'])
        .filter(|word| !word.is_empty() && word.chars().all(is_word))
        .map(str::to_owned)
        .collect()
}

/// The variants that serde turns into codes, as a key would write them: `PhoneMasked` is `phone-masked`.
fn variants(text: &str) -> impl Iterator<Item = String> {
    let enums = text.split("rename_all").skip(1);
    let lines = enums.flat_map(|rest| rest.split("\n}").next().unwrap_or_default().lines());
    lines
        .map(|line| line.trim().trim_end_matches(','))
        .filter(|word| word.starts_with(|c: char| c.is_ascii_uppercase()))
        .filter(|word| word.chars().all(|c| c.is_ascii_alphanumeric()))
        .map(|word| {
            let spelt = word.chars().flat_map(|c| {
                let dash = c.is_ascii_uppercase().then_some('-');
                dash.into_iter().chain([c.to_ascii_lowercase()])
            });
            spelt.collect::<String>().trim_start_matches('-').to_owned()
        })
}
