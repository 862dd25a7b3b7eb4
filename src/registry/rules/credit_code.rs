//! Unified social credit codes, and Taiwan's 統一編號.

/// The code in normal form, if its check character is right.
pub fn valid_credit_code(_text: &str) -> Option<String> {
    None
}

/// The 8-digit Taiwan number in normal form, if its check sum is right.
pub fn valid_taiwan_number(_text: &str) -> Option<String> {
    None
}

/// Either of the two: what may serve as a merge key.
pub fn valid_company_code(text: &str) -> Option<String> {
    valid_credit_code(text).or_else(|| valid_taiwan_number(text))
}
