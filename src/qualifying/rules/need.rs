//! Whether a need is known at least roughly: one need of the list, or four characters of text.

/// The shortest text that says something.
const ROUGH_TEXT: usize = 4;

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
}
