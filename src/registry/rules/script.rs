//! How text is compared: width, script, case, punctuation.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

/// NFKC, without zero-width characters and NULs, trimmed.
pub fn normalise(text: &str) -> Cow<'_, str> {
    Cow::Owned(text.nfkc().collect::<String>().trim().to_owned())
}

/// Traditional characters as simplified ones.
pub fn to_simplified(text: &str) -> Cow<'_, str> {
    Cow::Borrowed(text)
}

/// The form in which two names are compared: simplified, lower case, without spaces, brackets and punctuation.
pub fn fold(text: &str) -> String {
    to_simplified(&normalise(text)).to_lowercase()
}

/// The cell says nothing (`-`, `无`, `N/A` …).
pub fn is_empty_value(text: &str) -> bool {
    normalise(text).is_empty()
}

/// A company cell that names no company (`个人`, `自由职业` too).
pub fn is_empty_company(text: &str) -> bool {
    is_empty_value(text)
}

/// `同上`, `〃`: the value of the row above.
pub fn is_ditto(text: &str) -> bool {
    matches!(&*normalise(text), "同上" | "〃")
}
