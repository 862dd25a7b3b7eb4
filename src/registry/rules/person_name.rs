//! Names of persons.

use super::hash::hash64;

/// A person's name, taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PersonName {
    /// As it is shown, without honorific: `王小明`; `王经理` stays whole where only the surname is known.
    pub shown: String,
    /// `王`.
    pub surname: Option<String>,
    /// `小明`.
    pub given: Option<String>,
    /// `经理`, `先生`, `Mr.`.
    pub honorific: Option<String>,
    /// Folded form that is compared.
    pub key_text: String,
}

impl PersonName {
    /// Takes a cell apart.
    pub fn read(cell: &str) -> Self {
        let shown = super::script::normalise(cell).into_owned();
        Self {
            key_text: super::script::fold(&shown),
            shown,
            ..Self::default()
        }
    }

    /// Equal for the same name.
    pub fn name_key(&self) -> i64 {
        hash64(&self.key_text)
    }

    /// Only a surname and an honorific are known: `王经理`.
    pub fn is_surname_only(&self) -> bool {
        self.surname.is_some() && self.given.is_none()
    }

    /// The same name, or surname + honorific of the same surname. Only evidence inside one company with the same mobile or mail.
    pub fn agrees_with(&self, other: &Self) -> bool {
        self.key_text == other.key_text
    }
}
