//! Hashes that are stored, so they never change.

use sha2::{Digest, Sha256};

/// First 8 bytes (big endian) of SHA-256.
pub fn hash64(text: &str) -> i64 {
    let digest = Sha256::digest(text.as_bytes());
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    i64::from_be_bytes(first)
}

/// 128 bits over parts; `["ab","c"]` and `["a","bc"]` differ.
pub fn hash128<S: AsRef<str>>(parts: &[S]) -> (i64, i64) {
    let mut hasher = Sha256::new();
    for part in parts {
        let bytes = part.as_ref().as_bytes();
        hasher.update((bytes.len() as u64).to_be_bytes());
        hasher.update(bytes);
    }
    let digest = hasher.finalize();
    let (mut high, mut low) = ([0; 8], [0; 8]);
    high.copy_from_slice(&digest[..8]);
    low.copy_from_slice(&digest[8..16]);
    (i64::from_be_bytes(high), i64::from_be_bytes(low))
}
