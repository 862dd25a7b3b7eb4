//! Company names: what a cell says, and when two names mean the same company.

use super::hash::hash64;
use super::script::fold;

/// A company name, taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CompanyName {
    /// As it is shown: without person, former name and stray punctuation.
    pub shown: String,
    /// `A(原B)`: B.
    pub former: Option<String>,
    /// A person at the end of the cell: `王经理`.
    pub person: Option<String>,
    /// What is compared (the key hashes it).
    pub key_text: String,
    /// Code of the place in the name.
    pub place: Option<&'static str>,
    /// The distinguishing part, folded.
    pub brand: String,
    /// The trade words, folded.
    pub trade: String,
    /// `有限公司`, `Co., Ltd.` … as written.
    pub legal_form: Option<String>,
    /// Place or trade, and a legal form: evidence by itself.
    pub is_full_legal_name: bool,
    /// Place of the branch, folded: `苏州` of `…苏州分公司`.
    pub branch: Option<String>,
}

impl CompanyName {
    /// Takes a cell apart.
    pub fn read(cell: &str) -> Self {
        let shown = super::script::normalise(cell).into_owned();
        Self {
            key_text: fold(&shown),
            shown,
            ..Self::default()
        }
    }

    /// Equal for names that mean the same company by themselves.
    pub fn name_key(&self) -> i64 {
        hash64(&self.key_text)
    }

    /// A branch (`分公司`).
    pub fn is_branch(&self) -> bool {
        self.branch.is_some()
    }
}

/// A header-less cell that names a company.
pub fn looks_like_company(_cell: &str) -> bool {
    false
}

/// A header-less cell that names a person.
pub fn looks_like_person(_cell: &str) -> bool {
    false
}
