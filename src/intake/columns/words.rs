//! What a heading means, by the words it is or holds.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::dictionary::WORDS;
use super::field::Field;
use crate::registry::rules::script::{fold, normalise};

/// What a heading was recognised by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Recognised {
    pub field: Field,
    pub word: &'static str,
    /// The heading is this word, not only something that holds it.
    pub exact: bool,
}

/// No heading is longer, in characters.
pub(crate) const LONGEST_HEADING: usize = 40;

/// No word with its number and spaces takes more bytes.
const LONGEST_WORD: usize = 64;

static INDEX: LazyLock<HashMap<&'static str, Field>> = LazyLock::new(|| {
    WORDS
        .iter()
        .flat_map(|(field, words)| words.iter().map(|word| (*word, *field)))
        .collect()
});

/// What a heading means.
pub(crate) fn recognise(heading: &str) -> Option<Recognised> {
    if heading.len() > LONGEST_HEADING * 4 || heading.chars().count() > LONGEST_HEADING {
        return None;
    }
    let heading = without_number(&normalise(heading)).to_owned();
    let (outside, inside) = bracketed(&heading);
    let (whole, outside, inside) = (folded(&heading), folded(&outside), folded(&inside));
    if let Some(found) = exact(&whole)
        .or_else(|| combined(&heading))
        .or_else(|| exact(&outside))
    {
        return Some(found);
    }
    asked_for_a_time(&whole)
        .or_else(|| within(&outside))
        .or_else(|| short_word(&heading))
        .or_else(|| exact(&inside))
        .or_else(|| within(&whole))
}

/// `贵公司计划什么时候更换系统？` asks for a time, whatever it is about; when somebody may be rung is talk.
fn asked_for_a_time(text: &str) -> Option<Recognised> {
    const ASKING: [&str; 4] = ["什么时候", "何时", "多久", "多长时间"];
    let word = ASKING.into_iter().find(|word| text.contains(word))?;
    let is_about_calls = ["方便", "联系", "电话", "回访"]
        .iter()
        .any(|about| text.contains(about));
    let field = if is_about_calls {
        Field::Remark
    } else {
        Field::Timeline
    };
    Some(Recognised {
        field,
        word,
        exact: false,
    })
}

/// Words of three letters count where they stand alone: `Fax at home`.
fn short_word(heading: &str) -> Option<Recognised> {
    heading
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| word.len() == 3)
        .filter_map(|word| exact(&word.to_ascii_lowercase()))
        .find(|found| {
            found.field.is_phone()
                || matches!(found.field, Field::Fax | Field::Extension | Field::Postcode)
        })
}

/// The cell is exactly a known heading. Asked for every row, so anything long is none.
pub(crate) fn is_heading_word(cell: &str) -> bool {
    if cell.len() > LONGEST_WORD {
        return false;
    }
    exact(&folded(without_number(&normalise(cell)))).is_some()
}

/// Letters and digits only: `E-mail:` is `email`.
fn folded(text: &str) -> String {
    fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

fn exact(text: &str) -> Option<Recognised> {
    INDEX.get_key_value(text).map(|(word, field)| Recognised {
        field: *field,
        word,
        exact: true,
    })
}

/// `公司/联系人`, `电话/传真`: two meanings in one column.
fn combined(heading: &str) -> Option<Recognised> {
    let parts: Vec<&str> = heading
        .split(['/', '、', '及', '和', '&', '或', '+', '|'])
        .collect();
    if parts.len() < 2 {
        return None;
    }
    let meanings: Vec<Recognised> = parts
        .iter()
        .filter_map(|part| exact(&folded(part)))
        .collect();
    let has = |field: Field| meanings.iter().any(|meaning| meaning.field == field);
    let word = meanings.first()?.word;
    let means = |field: Field| {
        let one = |part: &&str| exact(&folded(part)).or_else(|| within(&folded(part)));
        let mut found = parts.iter().filter_map(one);
        found.find(|meaning| meaning.field == field)
    };
    // `业务对接人/职务`: the name is read, and the title behind it.
    if let (Some(person), Some(_)) = (means(Field::Person), means(Field::Title))
        && !has(Field::Company)
    {
        return Some(person);
    }
    match () {
        () if has(Field::Company) && has(Field::Person) => Some(Recognised {
            field: Field::CompanyAndPerson,
            word,
            exact: true,
        }),
        // `姓名/电话`: the name is read, and the number behind it.
        () if has(Field::Person) && (has(Field::Phone) || has(Field::Mobile)) => Some(Recognised {
            field: Field::Person,
            word,
            exact: true,
        }),
        () if has(Field::Phone) || (has(Field::Mobile) && has(Field::Fax)) => Some(Recognised {
            field: Field::Phone,
            word,
            exact: true,
        }),
        () => meanings.into_iter().next(),
    }
}

/// The word that ends last says what it is (`公司电话` is a phone), the longer one of two.
fn within(text: &str) -> Option<Recognised> {
    if text.is_empty() {
        return None;
    }
    let mut best: Option<(usize, usize, Recognised)> = None;
    for (word, field) in INDEX.iter() {
        let latin = word.is_ascii();
        if word.chars().count() < if latin { 4 } else { 2 } {
            continue;
        }
        let Some(at) = text.rfind(word) else { continue };
        let key = (at + word.len(), word.len());
        if best.is_none_or(|(end, length, _)| key > (end, length)) {
            best = Some((
                key.0,
                key.1,
                Recognised {
                    field: *field,
                    word,
                    exact: false,
                },
            ));
        }
    }
    best.map(|(_, _, found)| found)
}

/// `1、您的姓名`, `Q3. Phone`: without the number of the question.
fn without_number(heading: &str) -> &str {
    let heading = heading.trim_start_matches(['*', '＊', ' ']);
    let digits = heading
        .trim_start_matches(['Q', 'q', '第'])
        .trim_start_matches(|c: char| c.is_ascii_digit());
    if digits.len() == heading.len() {
        return heading;
    }
    let rest = digits.trim_start_matches(['、', '.', '．', ')', '）', ':', '：', ' ', '题']);
    if rest.len() < digits.len() && !rest.is_empty() {
        rest
    } else {
        heading
    }
}

/// What stands outside and inside of brackets.
fn bracketed(heading: &str) -> (String, String) {
    let (mut outside, mut inside, mut depth) = (String::new(), String::new(), 0_u32);
    for c in heading.chars() {
        match c {
            '(' | '（' | '[' | '【' => depth += 1,
            ')' | '）' | ']' | '】' => depth = depth.saturating_sub(1),
            _ if depth > 0 => inside.push(c),
            _ => outside.push(c),
        }
    }
    (outside, inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_of_three_kinds_are_understood() {
        let field = |heading: &str| recognise(heading).map(|found| found.field);
        for (heading, expected) in [
            ("公司名称", Field::Company),
            ("公司名稱", Field::Company),
            ("Company Name", Field::Company),
            ("2、公司名称", Field::Company),
            ("聯絡人", Field::Person),
            ("1、您的姓名", Field::Person),
            ("稱謂", Field::Title),
            ("行動電話", Field::Mobile),
            ("5、公司电话（选填）", Field::Phone),
            ("E-mail", Field::Email),
            ("統一編號", Field::CreditCode),
            ("郵遞區號", Field::Postcode),
            ("8、计划什么时候上线？", Field::Timeline),
            ("9、预算大概多少？", Field::Budget),
            ("11、谁来拍板？", Field::Decider),
            ("12、现在用什么系统？", Field::PresentSystem),
            ("13、其他想说的", Field::Remark),
            ("主营产品及备注", Field::Remark),
            ("公司/联系人", Field::CompanyAndPerson),
            ("电话/传真", Field::Phone),
            ("电话(含区号)", Field::Phone),
            ("*手机号码", Field::Mobile),
            ("单位名称", Field::Company),
            ("員工人數", Field::Headcount),
            ("提交答卷时间", Field::Date),
            ("Phone No.", Field::Phone),
            ("对接人", Field::Person),
            ("Company Name 公司名稱", Field::Company),
            ("Tel. 電話(含分機)", Field::Phone),
            ("Name & Phone", Field::Person),
            ("联系人及电话", Field::Person),
            ("Fax at home", Field::Fax),
            ("跟进情况", Field::Remark),
            ("First Name", Field::GivenName),
            ("姓", Field::Surname),
            ("分機號碼", Field::Extension),
            ("Business Phone Ext.", Field::Extension),
            ("企业联系人及职务", Field::Person),
            ("业务对接人/职位", Field::Person),
            ("5.贵公司计划什么时候更换系统？", Field::Timeline),
            ("您什么时候方便接电话？", Field::Remark),
            ("8.主要想解决的问题（多选）", Field::Need),
        ] {
            assert_eq!(field(heading), Some(expected), "{heading}");
        }
        assert_eq!(
            field("第十八届华东国际工业装备博览会 参展单位联络表").filter(|f| *f == Field::Phone),
            None
        );
        assert_eq!(field("王小明"), None);
    }

    #[test]
    fn every_word_is_folded_and_means_one_thing() {
        let mut seen = HashMap::new();
        for (field, words) in WORDS {
            for word in *words {
                assert_eq!(folded(word), *word);
                assert_eq!(seen.insert(*word, *field), None, "{word} stands twice");
            }
        }
    }
}
