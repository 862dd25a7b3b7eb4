//! Unified social credit codes (GB 32100-2015), and Taiwan's 統一編號.

use super::script::normalise;

/// 31 characters: digits and capitals without I O Z S V.
const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

fn value(c: char) -> Option<usize> {
    ALPHABET.find(c)
}

/// The code in normal form, if its check character is right.
///
/// `C18 = 31 − (Σ vᵢ·3^(i−1) mod 31)`, where 31 is written `0`. A letter O that must be a zero (and I a one) is read
/// so, but only when the check then passes.
pub fn valid_credit_code(text: &str) -> Option<String> {
    let bare: String = normalise(text)
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .map(|c| c.to_ascii_uppercase())
        .collect();
    if bare.len() != 18 {
        return None;
    }
    if passes(&bare) {
        return Some(bare);
    }
    let mended = bare.replace('O', "0").replace('I', "1");
    (mended != bare && passes(&mended)).then_some(mended)
}

fn passes(code: &str) -> bool {
    let Some(values) = code.chars().map(value).collect::<Option<Vec<_>>>() else {
        return false;
    };
    let mut weight = 1;
    let mut sum = 0;
    for v in &values[..17] {
        sum += v * weight;
        weight = weight * 3 % 31;
    }
    (31 - sum % 31) % 31 == values[17]
}

/// The 8-digit Taiwan number in normal form, if its check sum is right.
///
/// Digits times 1 2 1 2 1 2 4 1, digit sums added; divisible by 5 (rule since 2023), with the alternative for a 7 in
/// the seventh place.
pub fn valid_taiwan_number(text: &str) -> Option<String> {
    const WEIGHTS: [u32; 8] = [1, 2, 1, 2, 1, 2, 4, 1];
    let text = normalise(text);
    let digits: Vec<u32> = text
        .chars()
        .map(|c| c.to_digit(10))
        .collect::<Option<_>>()?;
    if digits.len() != 8 {
        return None;
    }
    let sum: u32 = digits
        .iter()
        .zip(WEIGHTS)
        .map(|(d, w)| d * w / 10 + d * w % 10)
        .sum();
    let fine = sum.is_multiple_of(5) || (digits[6] == 7 && (sum + 1).is_multiple_of(5));
    fine.then(|| text.into_owned())
}

/// Either of the two: what may serve as a merge key.
pub fn valid_company_code(text: &str) -> Option<String> {
    valid_credit_code(text).or_else(|| valid_taiwan_number(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_character_decides() {
        // The published code of the standardisation administration's own example.
        assert_eq!(
            valid_credit_code("91350100M000100Y43").as_deref(),
            Some("91350100M000100Y43")
        );
        assert_eq!(
            valid_credit_code("91350100m000100y43").as_deref(),
            Some("91350100M000100Y43")
        );
        assert_eq!(
            valid_credit_code("9135O1OOM000100Y43").as_deref(),
            Some("91350100M000100Y43")
        );
        assert_eq!(valid_credit_code("91350100M000100Y44"), None);
        assert_eq!(valid_credit_code("91350100"), None);
    }

    #[test]
    fn taiwan_numbers_have_a_check_sum() {
        assert_eq!(valid_taiwan_number("04595257").as_deref(), Some("04595257"));
        assert_eq!(valid_taiwan_number("04595253"), None);
    }
}
