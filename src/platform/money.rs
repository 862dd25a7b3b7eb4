//! Amounts as people type them, in minor units.

/// `90,000.5` → 9000050.
pub fn minor(text: &str) -> Option<i64> {
    let text: String = text
        .chars()
        .filter(|c| !matches!(c, ',' | '，' | ' ' | '¥' | '￥' | '$' | '£' | '€'))
        .collect();
    let (whole, cents) = text.split_once('.').unwrap_or((&text, ""));
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if cents.len() > 2 || whole.len() > 13 || !is_digits(whole) || !is_digits(cents) {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    let cents: i64 = format!("{cents:0<2}").parse().ok()?;
    Some(whole * 100 + cents)
}

/// The amount as it stands in a field.
pub fn typed(minor: i64) -> String {
    match minor % 100 {
        0 => (minor / 100).to_string(),
        cents => format!("{}.{cents:02}", minor / 100),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_to_the_cent() {
        for (text, read) in [
            ("90,000", Some(9_000_000)),
            ("¥90000.5", Some(9_000_050)),
            ("0", Some(0)),
            ("12.345", None),
            ("-3", None),
            ("1.-5", None),
            ("nan", None),
            ("1e9", None),
            ("九万", None),
        ] {
            assert_eq!(minor(text), read, "{text}");
        }
        assert_eq!(
            (typed(9_000_050), typed(9_000_000)),
            ("90000.50".into(), "90000".into())
        );
    }
}
