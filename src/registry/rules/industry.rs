//! Industries: GB/T 4754-2017 sections and divisions.

/// A section (`C`) or division (`C34`).
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Industry {
    /// `C` or `C34`.
    pub code: &'static str,
    /// 通用设备制造业.
    pub zh: &'static str,
    /// General equipment.
    pub en: &'static str,
}

/// A derived value and the words it was derived from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derived {
    /// The code.
    pub code: &'static str,
    /// What in the text led to it.
    pub because: String,
}

/// The industry with this code.
pub fn by_code(_code: &str) -> Option<&'static Industry> {
    None
}

/// All sections and divisions, in order.
pub fn all() -> &'static [Industry] {
    &[]
}

/// The industry that an industry cell or a company name speaks of.
pub fn derive(_text: &str) -> Option<Derived> {
    None
}
