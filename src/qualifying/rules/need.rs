//! Whether a need is known at least roughly: one need of the list, or four characters of text.

/// The shortest text that says something.
const ROUGH_TEXT: usize = 4;

/// The longest text that is kept.
const LONGEST_TEXT: usize = 4_000;

/// Why a need is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NeedFault {
    /// A code that is not on the list.
    UnknownCode,
    /// More users than any company has, or less than one.
    Users,
    /// Too much text.
    TooLong,
}

impl NeedFault {
    /// Stable code; the sentence is `error-<code>`.
    pub fn code(self) -> &'static str {
        match self {
            Self::UnknownCode => "need_unknown_code",
            Self::Users => "need_users",
            Self::TooLong => "need_too_long",
        }
    }
}

/// Refuses a need that cannot be kept; `known` is the list of codes that the office uses.
pub fn check_need(
    codes: &[&str],
    text: &str,
    users: Option<i64>,
    known: &[&str],
) -> Result<(), NeedFault> {
    if codes.iter().any(|code| !known.contains(code)) {
        return Err(NeedFault::UnknownCode);
    }
    if users.is_some_and(|users| !(1..=1_000_000).contains(&users)) {
        return Err(NeedFault::Users);
    }
    if text.chars().count() > LONGEST_TEXT {
        return Err(NeedFault::TooLong);
    }
    Ok(())
}

/// Whether the need is known at least roughly.
pub fn is_rough_need(codes: usize, text: &str) -> bool {
    codes > 0 || text.chars().filter(|sign| !sign.is_whitespace()).count() >= ROUGH_TEXT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_code_or_four_characters_are_rough() {
        for (codes, text, rough) in [
            (0, "", false),
            (0, "报价慢", false),
            (0, "报价太慢", true),
            (0, " a b c ", false),
            (0, "stock", true),
            (1, "", true),
        ] {
            assert_eq!(is_rough_need(codes, text), rough, "{codes} {text}");
        }
    }

    #[test]
    fn needs_that_cannot_be_are_refused() {
        let known = ["quotation", "stock"];
        assert_eq!(check_need(&["stock"], "", Some(20), &known), Ok(()));
        assert_eq!(
            check_need(&["wings"], "", None, &known),
            Err(NeedFault::UnknownCode)
        );
        assert_eq!(check_need(&[], "", Some(0), &known), Err(NeedFault::Users));
        assert_eq!(
            check_need(&[], &"长".repeat(4_001), None, &known),
            Err(NeedFault::TooLong)
        );
    }
}
