//! Which pieces of an issue concern somebody: by language, industry and grade. Nobody gets an issue without one.

use crate::outreach::model::NewsItem;
use crate::qualifying::Grade;

/// What a choice needs to know of a piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemTags {
    /// Its id.
    pub id: i64,
    /// `zh-CN` or `en`.
    pub language: String,
    /// Prefixes of GB/T 4754 (`C`, `C34`, `I65`); none: every industry.
    pub industries: Vec<String>,
    /// Grades; none: every grade.
    pub grades: Vec<Grade>,
}

impl ItemTags {
    /// The tags of a stored piece.
    pub fn of(item: &NewsItem) -> Self {
        Self {
            id: item.id,
            language: item.language.clone(),
            industries: serde_json::from_str(&item.industries).unwrap_or_default(),
            grades: serde_json::from_str(&item.grades).unwrap_or_default(),
        }
    }

    /// Whether it concerns a company of this industry and grade.
    pub fn concerns(&self, industry: Option<&str>, grade: Option<Grade>) -> bool {
        let of_industry = self.industries.is_empty()
            || industry.is_some_and(|code| self.industries.iter().any(|p| is_within(code, p)));
        let of_grade =
            self.grades.is_empty() || grade.is_some_and(|grade| self.grades.contains(&grade));
        of_industry && of_grade
    }
}

/// Whether an industry lies within another one: `C34` within `C` and within itself.
fn is_within(code: &str, prefix: &str) -> bool {
    code.starts_with(prefix)
}

/// The pieces for one reader, in the order of the issue. Nobody gets pieces in a language that is not their own.
pub fn choose<'a>(
    items: &'a [ItemTags],
    language: &str,
    industry: Option<&str>,
    grade: Option<Grade>,
) -> Vec<&'a ItemTags> {
    items
        .iter()
        .filter(|item| item.language == language && item.concerns(industry, grade))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(id: i64, language: &str, industries: &[&str], grades: &[Grade]) -> ItemTags {
        ItemTags {
            id,
            language: language.to_owned(),
            industries: industries.iter().map(|i| (*i).to_owned()).collect(),
            grades: grades.to_vec(),
        }
    }

    fn ids(chosen: &[&ItemTags]) -> Vec<i64> {
        chosen.iter().map(|item| item.id).collect()
    }

    #[test]
    fn everybody_gets_what_concerns_them_in_the_order_of_the_issue() {
        let issue = [
            item(1, "zh-CN", &[], &[]),
            item(2, "zh-CN", &["C"], &[]),
            item(3, "zh-CN", &["C34", "I65"], &[Grade::B]),
            item(4, "en", &[], &[]),
        ];
        for (language, industry, grade, wanted) in [
            ("zh-CN", Some("C34"), Some(Grade::B), vec![1, 2, 3]),
            ("zh-CN", Some("C34"), Some(Grade::C), vec![1, 2]),
            ("zh-CN", Some("C35"), Some(Grade::B), vec![1, 2]),
            ("zh-CN", Some("I65"), Some(Grade::B), vec![1, 3]),
            ("zh-CN", None, Some(Grade::B), vec![1]),
            ("zh-CN", None, None, vec![1]),
            ("en", Some("C34"), Some(Grade::B), vec![4]),
        ] {
            let chosen = choose(&issue, language, industry, grade);
            assert_eq!(ids(&chosen), wanted, "{language} {industry:?} {grade:?}");
        }
    }

    #[test]
    fn whoever_has_no_piece_gets_none() {
        let issue = [item(1, "zh-CN", &["C34"], &[Grade::B])];
        assert!(choose(&issue, "zh-CN", Some("F51"), Some(Grade::B)).is_empty());
        assert!(choose(&issue, "zh-CN", Some("C34"), Some(Grade::D)).is_empty());
        assert!(choose(&issue, "en", Some("C34"), Some(Grade::B)).is_empty());
        assert!(choose(&[], "en", None, None).is_empty());
    }

    #[test]
    fn a_section_takes_its_divisions_in_and_nothing_else() {
        for (code, prefix, within) in [
            ("C34", "C", true),
            ("C34", "C34", true),
            ("C349", "C34", true),
            ("C", "C34", false),
            ("C3", "C34", false),
            ("D34", "C", false),
        ] {
            assert_eq!(is_within(code, prefix), within, "{code} {prefix}");
        }
    }
}
