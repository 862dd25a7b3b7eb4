//! The rules of grading as the office keeps them: one versioned set, so that a grade names the rules it was given under.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::contradictions::ContradictionRules;
use super::expiry::ExpiryRules;
use crate::platform::error::{AppError, AppResult};
use crate::platform::settings::Setting;
use crate::qualifying::model::{Grade, GradePreset, Urgency};

/// What an A cannot be without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NeededForA {
    /// They have begun to choose.
    pub selection: bool,
    /// The need is known at least roughly.
    pub need: bool,
    /// Somebody is known to decide.
    pub decider: bool,
    /// There is a budget, or one is applied for.
    pub budget: bool,
}

impl Default for NeededForA {
    fn default() -> Self {
        Self {
            selection: true,
            need: true,
            decider: true,
            budget: true,
        }
    }
}

/// How a grade follows from the evidence, how it grows old, and what contradicts it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GradeRules {
    /// Where the numbers came from; they may have been changed since.
    pub preset: GradePreset,
    /// The best grade of each urgency.
    pub best: BTreeMap<Urgency, Grade>,
    /// What an A cannot be without.
    pub for_a: NeededForA,
    /// From so many missing things on an A becomes a C; fewer make it a B.
    pub c_from_missing: u8,
    /// A B needs at least a rough need.
    pub b_needs_need: bool,
    /// What a D outside the target market is.
    pub outside_target: Option<Grade>,
    /// When grades grow old.
    pub expiry: ExpiryRules,
    /// An expired grade is lowered by night instead of proposed; off unless somebody switches it on.
    pub lowers_by_itself: bool,
    /// Limits of the contradictions.
    pub contradictions: ContradictionRules,
}

impl Setting for GradeRules {
    const KIND: &'static str = "grade_rules";
}

impl Default for GradeRules {
    fn default() -> Self {
        Self::of(GradePreset::Project)
    }
}

impl GradeRules {
    /// The rules that ship for a kind of sale.
    pub fn of(preset: GradePreset) -> Self {
        use Grade::{A, B, C, D};
        let best = match preset {
            GradePreset::Project => [A, A, B, C, D, D],
            GradePreset::ShortCycle => [A, B, C, D, D, D],
        };
        Self {
            preset,
            best: Urgency::ALL.iter().copied().zip(best).collect(),
            for_a: NeededForA::default(),
            c_from_missing: 3,
            b_needs_need: true,
            outside_target: (preset == GradePreset::Project).then_some(Grade::E),
            expiry: ExpiryRules::default(),
            lowers_by_itself: false,
            contradictions: ContradictionRules::default(),
        }
    }

    /// The best grade that an urgency gives; none where they did not answer.
    pub fn best_of(&self, urgency: Urgency) -> Option<Grade> {
        if urgency == Urgency::Unknown {
            return None;
        }
        self.best.get(&urgency).copied()
    }

    /// Refuses rules by which less hurry would be a better lead, or that would warn too late.
    pub fn validate(&self) -> AppResult<()> {
        let grades: Vec<Grade> = Urgency::ALL
            .iter()
            .filter_map(|urgency| self.best_of(*urgency))
            .collect();
        if grades.len() + 1 != Urgency::ALL.len() || !grades.is_sorted() {
            return Err(AppError::invalid("grade_rules_order", "best"));
        }
        if !self.expiry.is_valid() {
            return Err(AppError::invalid("grade_rules_expiry", "expiry"));
        }
        if !(1..=5).contains(&self.c_from_missing) {
            return Err(AppError::invalid("grade_rules_missing", "c_from_missing"));
        }
        let (least, most) = self.contradictions.cny_per_head;
        if least >= most {
            return Err(AppError::invalid("grade_rules_per_head", "cny_per_head"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ships_is_sound_and_comes_back_from_storage() {
        for preset in GradePreset::ALL {
            let rules = GradeRules::of(*preset);
            assert!(rules.validate().is_ok());
            let stored = serde_json::to_string(&rules).unwrap();
            assert_eq!(serde_json::from_str::<GradeRules>(&stored).unwrap(), rules);
        }
        assert_eq!(
            serde_json::from_str::<GradeRules>("{}").unwrap(),
            GradeRules::default()
        );
    }

    #[test]
    fn rules_that_turn_the_order_round_are_refused() {
        let mut rules = GradeRules::default();
        rules.best.insert(Urgency::NoPlan, Grade::A);
        assert!(rules.validate().is_err());
        let mut rules = GradeRules::default();
        rules.best.remove(&Urgency::M3);
        assert!(rules.validate().is_err());
        let mut rules = GradeRules::default();
        rules.contradictions.cny_per_head = (10, 10);
        assert!(rules.validate().is_err());
    }
}
