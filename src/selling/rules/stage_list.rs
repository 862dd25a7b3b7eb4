//! The office's list of stages: their names, their order, what is asked at the door of each, and which are used.

use serde::{Deserialize, Serialize};

use super::stages::{Evidence, Stage};
use crate::codes;
use crate::platform::i18n::Lang;
use crate::platform::settings::Setting;

/// One stage as the office wants it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageRule {
    /// Which.
    pub stage: Stage,
    /// Its name; empty: as it ships.
    pub name_zh: String,
    /// Its English name; empty: as it ships.
    pub name_en: String,
    /// What is asked at its door.
    pub asks: Vec<Evidence>,
    /// It may be entered more than once.
    pub repeated: bool,
    /// It is offered.
    pub active: bool,
}

/// All stages in the office's order; [`Stage::Listed`] comes before all of them and has no door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageList(pub Vec<StageRule>);

impl Default for StageList {
    fn default() -> Self {
        let doors = Stage::ALL.iter().filter(|s| **s != Stage::Listed);
        Self(
            doors
                .map(|stage| StageRule {
                    stage: *stage,
                    name_zh: String::new(),
                    name_en: String::new(),
                    asks: stage.asks().to_vec(),
                    repeated: stage.is_repeated(),
                    active: true,
                })
                .collect(),
        )
    }
}

impl Setting for StageList {
    const KIND: &'static str = "stages";
}

codes! {
    /// Why a list cannot be kept; the sentence is `error-<code>`.
    pub enum StageListFault {
        /// A stage is missing, or stands twice.
        Incomplete = "stages_incomplete" => "error-stages-incomplete",
        /// 书面报价 and 签约 are what a sale is measured by.
        Needed = "stages_needed" => "error-stages-needed",
        /// 签约 is the last, and 书面报价 before it.
        Order = "stages_order" => "error-stages-order",
        /// A stage asks for nothing, or 书面报价 and 签约 for less than they need.
        Evidence = "stages_evidence" => "error-stages-evidence",
        /// A name is too long.
        Name = "stages_name" => "error-stages-name",
    }
}

/// Longest name, in bytes.
const LONGEST: usize = 60;

impl StageList {
    /// What is set about a stage.
    pub fn rule(&self, stage: Stage) -> Option<&StageRule> {
        self.0.iter().find(|rule| rule.stage == stage)
    }

    /// How far a stage is; what has no door comes first.
    pub fn place(&self, stage: Stage) -> usize {
        let at = self.0.iter().position(|rule| rule.stage == stage);
        at.map_or(0, |at| at + 1)
    }

    /// The name of a stage: the office's own, in the other language where only that is given, else as it ships.
    pub fn name(&self, stage: Stage, lang: Lang) -> String {
        let own = self.rule(stage).map(|rule| match lang {
            Lang::Zh => [&rule.name_zh, &rule.name_en],
            Lang::En => [&rule.name_en, &rule.name_zh],
        });
        let own = own.and_then(|names| names.into_iter().find(|name| !name.is_empty()));
        own.cloned().unwrap_or_else(|| lang.text(stage.key()))
    }

    /// Whether a sale can go by this list.
    pub fn validate(&self) -> Result<(), StageListFault> {
        let doors = Stage::ALL.iter().filter(|s| **s != Stage::Listed);
        let is_there = |stage: &Stage| self.0.iter().filter(|r| r.stage == *stage).count() == 1;
        if self.0.len() + 1 != Stage::ALL.len() || !doors.clone().all(is_there) {
            return Err(StageListFault::Incomplete);
        }
        let is_active = |stage| self.rule(stage).is_some_and(|rule| rule.active);
        if !is_active(Stage::Quotation) || !is_active(Stage::Signing) {
            return Err(StageListFault::Needed);
        }
        let last = self.0.iter().rev().find(|rule| rule.active);
        if last.is_none_or(|rule| rule.stage != Stage::Signing) {
            return Err(StageListFault::Order);
        }
        let asks = |stage, what: &[Evidence]| {
            let rule = self.rule(stage);
            rule.is_some_and(|rule| what.iter().all(|one| rule.asks.contains(one)))
        };
        let signing = [Evidence::On, Evidence::Amount, Evidence::SealedFirst];
        if !asks(Stage::Quotation, &[Evidence::Amount])
            || !asks(Stage::Signing, &signing)
            || self
                .0
                .iter()
                .any(|rule| rule.active && rule.asks.is_empty())
        {
            return Err(StageListFault::Evidence);
        }
        let is_long = |rule: &StageRule| rule.name_zh.len().max(rule.name_en.len()) > LONGEST;
        match self.0.iter().any(is_long) {
            true => Err(StageListFault::Name),
            false => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(change: impl FnOnce(&mut Vec<StageRule>)) -> Result<(), StageListFault> {
        let mut list = StageList::default();
        change(&mut list.0);
        list.validate()
    }

    #[test]
    fn what_ships_is_a_list_that_a_sale_can_go_by() {
        assert_eq!(edited(|_| {}), Ok(()));
        let list = StageList::default();
        assert_eq!(list.place(Stage::Listed), 0);
        assert!(list.place(Stage::Quotation) < list.place(Stage::Signing));
        assert_eq!(list.name(Stage::FirstVisit, Lang::Zh), "初访");
    }

    #[test]
    fn a_list_keeps_what_a_sale_is_measured_by() {
        use StageListFault::{Evidence as Asks, Incomplete, Name, Needed, Order};
        assert_eq!(edited(|list| list.truncate(3)), Err(Incomplete));
        assert_eq!(edited(|list| list[1] = list[0].clone()), Err(Incomplete));
        assert_eq!(edited(|list| list[3].active = false), Err(Needed));
        assert_eq!(edited(|list| list.swap(5, 6)), Err(Order));
        assert_eq!(edited(|list| list[0].asks.clear()), Err(Asks));
        assert_eq!(edited(|list| list[3].asks = vec![Evidence::On]), Err(Asks));
        assert_eq!(edited(|list| list[0].name_zh = "访".repeat(21)), Err(Name));
        let own = edited(|list| {
            list[0].active = false;
            list[0].asks.clear();
            list.swap(1, 2);
        });
        assert_eq!(own, Ok(()));
    }

    #[test]
    fn an_own_name_is_shown_in_both_languages_where_one_is_given() {
        let mut list = StageList::default();
        list.0[0].name_zh = "首访".into();
        assert_eq!(list.name(Stage::FirstVisit, Lang::Zh), "首访");
        assert_eq!(list.name(Stage::FirstVisit, Lang::En), "首访");
        assert_eq!(list.name(Stage::Demo, Lang::En), "Demo");
    }
}
