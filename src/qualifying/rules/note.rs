//! Notes that are long enough to be somebody's own words: the same twice was copied.

use crate::registry::rules::hash::hash64;

/// Shorter ones are said of many companies.
const OWN_WORDS: usize = 16;

/// What tells a note from others, whatever its blanks and stops; none where it is too short to tell.
pub fn note_key(note: &str) -> Option<i64> {
    let words: String = note
        .chars()
        .filter(|sign| sign.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect();
    (words.chars().count() >= OWN_WORDS).then(|| hash64(&words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copied_note_has_the_same_key_and_a_short_one_has_none() {
        let one = note_key("仓库有三个，每月盘点要两天，想先看库存模块。");
        assert!(one.is_some());
        assert_eq!(one, note_key(" 仓库有三个,每月盘点要两天,想先看库存模块 "));
        assert_ne!(
            one,
            note_key("仓库有两个，每月盘点要两天，想先看库存模块。")
        );
        assert_eq!(note_key("下周再打"), None);
    }
}
