//! What an e-mail address and a password must be like. Length carries the strength; nothing is asked about symbols.

use crate::platform::error::{AppError, AppResult};

/// Fewest characters of a password.
pub const PASSWORD_LENGTH: usize = 10;
/// Most characters: beyond it, hashing would be the attacker's lever.
const PASSWORD_LIMIT: usize = 200;
/// A password with fewer different characters is a pattern.
const DIFFERENT: usize = 5;
/// Longest e-mail address and longest name.
const TEXT_LIMIT: usize = 200;

/// Passwords of ten characters and more that are tried first everywhere, and their stems.
const COMMON: [&str; 40] = [
    "password",
    "passw0rd",
    "p@ssw0rd",
    "p@ssword",
    "1234567890",
    "0123456789",
    "0987654321",
    "9876543210",
    "1q2w3e4r5t",
    "q1w2e3r4t5",
    "1qaz2wsx3edc",
    "qwertyuiop",
    "qwerty1234",
    "qwerty12345",
    "qwerty123456",
    "asdfghjkl",
    "zxcvbnm123",
    "abcd123456",
    "abc1234567",
    "abc123456789",
    "a123456789",
    "123456789a",
    "1234567891",
    "123456abcd",
    "123123123",
    "woaini1314",
    "woaini520",
    "woaini1314520",
    "5201314520",
    "1314520520",
    "iloveyou",
    "administrator",
    "admin12345",
    "admin123456",
    "letmein123",
    "welcome123",
    "changeme123",
    "canvass123",
    "canvass2026",
    "football123",
];

/// An e-mail address as it is stored: trimmed, lower case. Refused unless it can be one.
pub fn clean_email(text: &str) -> AppResult<String> {
    let email = text.trim().to_lowercase();
    let fault = || AppError::invalid("email_malformed", "email");
    let (local, domain) = email.split_once('@').ok_or_else(fault)?;
    let is_odd = |c: char| c.is_whitespace() || c.is_control() || "<>()[],;:\\\"@".contains(c);
    if local.is_empty()
        || domain.is_empty()
        || email.chars().count() > TEXT_LIMIT
        || local.contains(is_odd)
        || domain.contains(is_odd)
        || domain.starts_with('.')
        || domain.ends_with('.')
    {
        return Err(fault());
    }
    Ok(email)
}

/// A person's name as it is stored.
pub fn clean_name(text: &str) -> AppResult<String> {
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match name.chars().count() {
        0 => Err(AppError::invalid("name_empty", "name")),
        n if n > TEXT_LIMIT => Err(AppError::invalid("name_too_long", "name")),
        _ => Ok(name),
    }
}

/// A number as people write it in a letter: it is read by people and not dialled by us. Empty is none.
pub fn clean_phone(text: &str) -> AppResult<Option<String>> {
    let phone = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_one = |c: char| c.is_ascii_digit() || "+-() 转.ext".contains(c);
    match phone.chars().count() {
        0 => Ok(None),
        n if n > 40 || !phone.chars().all(is_one) => {
            Err(AppError::invalid("own_phone_wrong", "phone"))
        }
        _ => Ok(Some(phone)),
    }
}

/// Refuses a password that would be guessed, and says why.
pub fn check_password(password: &str, email: &str) -> AppResult<()> {
    let refuse = |code| Err(AppError::invalid(code, "password"));
    let length = password.chars().count();
    if length < PASSWORD_LENGTH {
        return refuse("password_too_short")
            .map_err(|e| e.with("least", PASSWORD_LENGTH).with("length", length));
    }
    if length > PASSWORD_LIMIT {
        return refuse("password_too_long").map_err(|e| e.with("most", PASSWORD_LIMIT));
    }
    let plain = password.trim().to_lowercase();
    let (email, local) = (email.to_lowercase(), email.split('@').next().unwrap_or(""));
    let rest = plain.replace(&local.to_lowercase(), "");
    if plain == email || (local.chars().count() >= 4 && rest.chars().count() < 4) {
        return refuse("password_is_email");
    }
    if is_pattern(&plain) || is_common(&plain) {
        return refuse("password_common");
    }
    Ok(())
}

/// A common one, alone or with a tail of digits and marks.
fn is_common(plain: &str) -> bool {
    let stem = plain.trim_end_matches(|c: char| c.is_ascii_digit() || c.is_ascii_punctuation());
    COMMON
        .iter()
        .any(|common| plain == *common || (stem.len() >= 7 && stem == *common))
}

/// Few different characters, one step up or down all along, or a short piece again and again.
fn is_pattern(plain: &str) -> bool {
    let chars: Vec<char> = plain.chars().collect();
    let different: std::collections::HashSet<_> = chars.iter().collect();
    let steps: Vec<i64> = chars
        .windows(2)
        .map(|pair| i64::from(u32::from(pair[1])) - i64::from(u32::from(pair[0])))
        .collect();
    let is_run = steps.iter().all(|s| *s == 1) || steps.iter().all(|s| *s == -1);
    let repeats = (1..=chars.len() / 3)
        .any(|size| chars.iter().enumerate().all(|(i, c)| *c == chars[i % size]));
    different.len() < DIFFERENT || is_run || repeats
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(password: &str) -> &'static str {
        match check_password(password, "xiaoman.lin@chenglan.example") {
            Ok(()) => "",
            Err(error) => error.refusal().map_or("internal", |r| r.code),
        }
    }

    #[test]
    fn a_long_password_of_ones_own_is_taken() {
        for good in [
            "纸鸢飞过三号码头的早晨",
            "correct horse battery",
            "Lq7-teahouse-41",
            "miaomiao.eats.at.5",
        ] {
            assert_eq!(fault(good), "", "{good}");
        }
    }

    #[test]
    fn a_guessable_one_is_refused_with_its_reason() {
        for (password, code) in [
            ("short", "password_too_short"),
            ("九个字的密码不够长", "password_too_short"),
            (&"x".repeat(201), "password_too_long"),
            ("xiaoman.lin@chenglan.example", "password_is_email"),
            ("Xiaoman.Lin26", "password_is_email"),
            ("Password2026!", "password_common"),
            ("1234567890", "password_common"),
            ("aaaaaaaaaaaa", "password_common"),
            ("abcabcabcabc", "password_common"),
            ("abcdefghijklm", "password_common"),
            ("woaini1314520", "password_common"),
        ] {
            assert_eq!(fault(password), code, "{password}");
        }
    }

    #[test]
    fn an_address_is_stored_in_one_spelling() {
        assert_eq!(
            clean_email(" Fang@Chenglan.EXAMPLE ").expect("an address"),
            "fang@chenglan.example"
        );
        for bad in ["", "fang", "@b", "a@", "a b@c.d", "a@b@c", "a@.c"] {
            assert!(clean_email(bad).is_err(), "{bad}");
        }
    }
}
