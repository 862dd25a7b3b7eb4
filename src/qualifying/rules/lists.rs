//! Lists that the office keeps itself, in both languages: reasons for what people decide. Rough needs stand beside the
//! companies that have them.

use serde::{Deserialize, Serialize};

use crate::platform::error::{AppError, AppResult};
use crate::platform::i18n::Lang;
use crate::platform::settings::Setting;
pub use crate::registry::rules::needs::{Need, Needs};
use crate::registry::rules::needs::{either, validate_names};

/// Entries of one list of reasons.
const MOST_REASONS: usize = 40;

/// A reason that a person can choose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// Stable code.
    pub code: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// Name in English.
    pub name_en: String,
    /// Offered; one that is not still names what was chosen.
    pub active: bool,
}

impl Reason {
    /// The name in the language asked for, else in the other one.
    pub fn name(&self, lang: Lang) -> &str {
        either(&self.name_zh, &self.name_en, lang)
    }
}

/// For what a reason is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReasonList {
    /// Why they are not interested.
    NotInterested,
    /// Why an agent skips an entry.
    Skip,
    /// Why an agent keeps another grade than proposed.
    Grade,
    /// Why an agent pauses.
    Pause,
}

impl ReasonList {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 4] = [Self::NotInterested, Self::Skip, Self::Grade, Self::Pause];

    /// Stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotInterested => "not_interested",
            Self::Skip => "skip",
            Self::Grade => "grade",
            Self::Pause => "pause",
        }
    }
    /// Reads a code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|list| list.code() == code)
    }
}

/// All lists of reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Reasons {
    /// Why they are not interested.
    pub not_interested: Vec<Reason>,
    /// Why an agent skips an entry.
    pub skip: Vec<Reason>,
    /// Why an agent keeps another grade than proposed.
    pub grade: Vec<Reason>,
    /// Why an agent pauses.
    pub pause: Vec<Reason>,
}

impl Setting for Reasons {
    const KIND: &'static str = "reasons";
}

impl Default for Reasons {
    fn default() -> Self {
        let list = |entries: &[(&str, &str, &str)]| {
            entries
                .iter()
                .map(|(code, zh, en)| Reason {
                    code: (*code).into(),
                    name_zh: (*zh).into(),
                    name_en: (*en).into(),
                    active: true,
                })
                .collect()
        };
        Self {
            not_interested: list(&[
                ("satisfied", "现有系统够用", "Content with what they have"),
                ("no_time", "没时间谈", "No time to talk"),
                ("too_dear", "觉得太贵", "Finds it too dear"),
                (
                    "bad_experience",
                    "用过，印象不好",
                    "Tried it, bad experience",
                ),
                ("develops_itself", "自己开发", "Builds its own"),
                ("other", "其他", "Other"),
            ]),
            skip: list(&[
                ("just_called", "同事刚联系过", "A colleague has just called"),
                (
                    "known_person",
                    "认识的人，另外联系",
                    "I know them and will call myself",
                ),
                ("data_wrong", "资料明显有误", "The data is plainly wrong"),
                ("language", "语言不通", "No common language"),
                ("other", "其他", "Other"),
            ]),
            grade: list(&[
                (
                    "heard_otherwise",
                    "通话里听到的不一样",
                    "The call said otherwise",
                ),
                ("known_history", "了解以前的情况", "I know their history"),
                ("decider_unsure", "决策人还不明确", "Who decides is unclear"),
                ("other", "其他", "Other"),
            ]),
            pause: list(&[
                ("break", "休息", "Break"),
                ("meal", "用餐", "Meal"),
                ("meeting", "会议或培训", "Meeting or training"),
                ("follow_up", "整理资料", "Paperwork"),
                ("other", "其他", "Other"),
            ]),
        }
    }
}

impl Reasons {
    /// One list.
    pub fn list(&self, list: ReasonList) -> &Vec<Reason> {
        match list {
            ReasonList::NotInterested => &self.not_interested,
            ReasonList::Skip => &self.skip,
            ReasonList::Grade => &self.grade,
            ReasonList::Pause => &self.pause,
        }
    }
    /// One list, to change.
    pub fn list_mut(&mut self, list: ReasonList) -> &mut Vec<Reason> {
        match list {
            ReasonList::NotInterested => &mut self.not_interested,
            ReasonList::Skip => &mut self.skip,
            ReasonList::Grade => &mut self.grade,
            ReasonList::Pause => &mut self.pause,
        }
    }
    /// The name of a reason; what is on no list is shown as it was written.
    pub fn name(&self, list: ReasonList, code: &str, lang: Lang) -> String {
        let known = self.list(list).iter().find(|reason| reason.code == code);
        known.map_or_else(|| code.to_owned(), |reason| reason.name(lang).to_owned())
    }
    /// Refuses a reason that is no longer offered; words of one's own stand for themselves.
    pub fn check(&self, list: ReasonList, given: &str, field: &'static str) -> AppResult<()> {
        let known = self
            .list(list)
            .iter()
            .find(|reason| reason.code == given.trim());
        match known {
            Some(reason) if !reason.active => {
                Err(AppError::invalid("reason_not_offered", field).with("reason", given.trim()))
            }
            _ => Ok(()),
        }
    }
    /// Refuses a list on which an entry has no name, or that offers nothing.
    pub fn validate(&self) -> AppResult<()> {
        for list in ReasonList::ALL {
            let entries = self.list(list);
            if entries.len() > MOST_REASONS {
                return Err(AppError::invalid("list_too_long", "list"));
            }
            if !entries.iter().any(|reason| reason.active) {
                return Err(AppError::invalid("list_empty", "list"));
            }
            validate_names(
                entries
                    .iter()
                    .map(|r| (r.code.as_str(), r.name_zh.as_str(), r.name_en.as_str())),
            )?;
        }
        Ok(())
    }
}

/// A stable code for a new entry: its English name in small letters, else a number; never one that is taken.
pub fn new_code(name_en: &str, taken: &dyn Fn(&str) -> bool) -> String {
    let mut base = String::new();
    for c in name_en.trim().to_ascii_lowercase().chars() {
        if c.is_ascii_alphanumeric() {
            base.push(c);
        } else if !base.is_empty() && !base.ends_with('_') {
            base.push('_');
        }
    }
    let base: String = base.trim_end_matches('_').chars().take(30).collect();
    if !base.is_empty() && !taken(&base) {
        return base;
    }
    let base = if base.is_empty() { "own" } else { &base };
    (1..)
        .map(|n| format!("{base}_{n}"))
        .find(|code| !taken(code))
        .expect("numbers do not end")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ships_is_sound() {
        assert!(Reasons::default().validate().is_ok());
    }

    #[test]
    fn names_fall_back_to_the_other_language() {
        let reason = Reason {
            code: "x".into(),
            name_zh: "太远".into(),
            name_en: String::new(),
            active: true,
        };
        assert_eq!(reason.name(Lang::En), "太远");
    }

    #[test]
    fn new_codes_are_never_taken() {
        let taken = |code: &str| code == "too_far";
        for (name, code) in [
            ("Too far!", "too_far_1"),
            ("  Other site ", "other_site"),
            ("太远", "own_1"),
        ] {
            assert_eq!(new_code(name, &taken), code);
        }
    }
}
