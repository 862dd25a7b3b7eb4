//! Company size by head-count.

/// A size class and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DerivedSize {
    /// 1 `<20`, 2 `20–99`, 3 `100–299`, 4 `300–999`, 5 `≥1000`.
    pub class: i16,
    /// The exact number of heads, where the text gives one.
    pub headcount: Option<i32>,
    /// What in the text led to it.
    pub because: String,
}

/// The class of a head-count.
pub fn class_of(headcount: i32) -> i16 {
    match headcount {
        ..20 => 1,
        20..100 => 2,
        100..300 => 3,
        300..1000 => 4,
        _ => 5,
    }
}

/// The size that a text such as `100-299人` or `约500` speaks of.
pub fn derive(_text: &str) -> Option<DerivedSize> {
    None
}
