//! Rough needs: a list that the office keeps, in both languages, and its bits in `company.needs`.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::platform::error::{AppError, AppResult};
use crate::platform::i18n::Lang;
use crate::platform::settings::Setting;

/// Longest name of an entry.
const NAME_LENGTH: usize = 40;
/// Needs are bits of `company.needs`, an i64 without its sign.
const MOST_NEEDS: usize = 62;

/// A rough need that a call can find out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Need {
    /// Stable code.
    pub code: String,
    /// Its bit in `company.needs`; never given to another need.
    pub bit: u32,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
    /// Offered on the call screen; one that is not still names what was said.
    pub active: bool,
}

/// The needs in the order in which they are offered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Needs(pub Vec<Need>);

impl Setting for Needs {
    const KIND: &'static str = "needs";
}

impl Default for Needs {
    fn default() -> Self {
        let shipped = [
            ("finance", "财务", "Finance"),
            ("inventory", "库存", "Inventory"),
            ("production", "生产排程", "Production planning"),
            ("quotation", "报价与订单", "Quotations and orders"),
            ("costing", "成本核算", "Costing"),
            ("hr", "人事薪资", "HR and payroll"),
            ("quality", "质量", "Quality"),
            ("equipment", "设备", "Equipment"),
            ("purchasing", "采购", "Purchasing"),
            ("crm", "客户与销售", "Customers and sales"),
            ("integration", "系统对接", "Integration"),
            ("reports", "报表与分析", "Reports and analysis"),
        ];
        let need = |(bit, (code, zh, en)): (usize, (&str, &str, &str))| Need {
            code: code.into(),
            bit: bit as u32,
            name_zh: zh.into(),
            name_en: en.into(),
            active: true,
        };
        Self(shipped.into_iter().enumerate().map(need).collect())
    }
}

impl Needs {
    /// Those that the call screen offers.
    pub fn active(&self) -> impl Iterator<Item = &Need> {
        self.0.iter().filter(|need| need.active)
    }
    /// A bit that no need has had.
    pub fn free_bit(&self) -> Option<u32> {
        let taken: BTreeSet<u32> = self.0.iter().map(|need| need.bit).collect();
        (0..MOST_NEEDS as u32).find(|bit| !taken.contains(bit))
    }
    /// Refuses a list on which two needs are one, or one has no name.
    pub fn validate(&self) -> AppResult<()> {
        let bits: BTreeSet<u32> = self.0.iter().map(|need| need.bit).collect();
        if bits.len() != self.0.len() || self.0.len() > MOST_NEEDS {
            return Err(AppError::invalid("list_too_long", "list"));
        }
        validate_names(
            self.0
                .iter()
                .map(|n| (n.code.as_str(), n.name_zh.as_str(), n.name_en.as_str())),
        )
    }
}

impl Need {
    /// The name in the language asked for, else in the other one.
    pub fn name(&self, lang: Lang) -> &str {
        either(&self.name_zh, &self.name_en, lang)
    }
}

/// The name in the language asked for, else in the other one.
pub(crate) fn either<'a>(zh: &'a str, en: &'a str, lang: Lang) -> &'a str {
    match (lang, zh.is_empty(), en.is_empty()) {
        (Lang::Zh, false, _) | (Lang::En, _, true) => zh,
        _ => en,
    }
}

/// Refuses a list with an entry that has no name, a long one, or the code of another.
pub(crate) fn validate_names<'a>(
    entries: impl Iterator<Item = (&'a str, &'a str, &'a str)>,
) -> AppResult<()> {
    let mut codes = BTreeSet::new();
    for (code, zh, en) in entries {
        if zh.trim().is_empty() && en.trim().is_empty() {
            return Err(AppError::invalid("list_name_missing", "list"));
        }
        if zh.chars().count() > NAME_LENGTH || en.chars().count() > NAME_LENGTH {
            return Err(AppError::invalid("list_name_long", "list"));
        }
        if !codes.insert(code) {
            return Err(AppError::invalid("list_twice", "list"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ships_is_sound() {
        assert!(Needs::default().validate().is_ok());
    }

    #[test]
    fn a_bit_is_never_given_again() {
        let mut needs = Needs::default();
        needs.0[3].active = false;
        assert_eq!(needs.free_bit(), Some(12));
    }
}
