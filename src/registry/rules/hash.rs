//! Hashes that are stored beside the data and compared for years: they must never change.
//!
//! All are cut from SHA-256 (big endian), which every language has at hand, and which no list can be built to collide.

use sha2::{Digest, Sha256};

/// The first 8 bytes of SHA-256 of the text.
pub fn hash64(text: &str) -> i64 {
    halves(&Sha256::digest(text.as_bytes())).0
}

/// The first 16 bytes of SHA-256 over the parts, each led by its length: `["ab","c"]` and `["a","bc"]` differ.
pub fn hash128<S: AsRef<str>>(parts: &[S]) -> (i64, i64) {
    let mut hasher = Sha256::new();
    for part in parts {
        let bytes = part.as_ref().as_bytes();
        hasher.update((bytes.len() as u64).to_be_bytes());
        hasher.update(bytes);
    }
    halves(&hasher.finalize())
}

fn halves(digest: &[u8]) -> (i64, i64) {
    let word = |from: usize| {
        digest[from..from + 8]
            .iter()
            .fold(0_u64, |sum, byte| sum << 8 | u64::from(*byte))
    };
    (word(0) as i64, word(8) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_never_change() {
        assert_eq!(hash64(""), 0xe3b0_c442_98fc_1c14_u64 as i64);
        assert_eq!(hash64("abc"), 0xba78_16bf_8f01_cfea_u64 as i64);
        assert_eq!(hash64("苏州"), hash64("苏州"));
        assert_eq!(hash128(&["a"]), hash128(&[String::from("a")]));
    }

    #[test]
    fn parts_do_not_run_together() {
        assert_ne!(hash128(&["ab", "c"]), hash128(&["a", "bc"]));
        assert_ne!(hash128(&["a", ""]), hash128(&["a"]));
        assert_ne!(hash128(&["a", "b"]), hash128(&["b", "a"]));
    }
}
