//! One number for a whole audience: a dry run and the run that follows give the same, or something changed between.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use super::Verdict;

/// A chain of hashes over terms and verdicts. Where chunks begin and end changes nothing; it can be laid down between
/// two of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AudienceDigest([u8; 32]);

impl AudienceDigest {
    /// Begins with the terms: audience, versions of letters and of settings.
    pub fn of_terms(terms: &str) -> Self {
        Self(Sha256::digest(terms.as_bytes()).into())
    }

    /// The next person, by rising id.
    pub fn add(&mut self, person_id: i64, verdict: &Verdict) {
        let mut hasher = Sha256::new();
        hasher.update(self.0);
        hasher.update(person_id.to_be_bytes());
        hasher.update(serde_json::to_vec(verdict).unwrap_or_default());
        self.0 = hasher.finalize().into();
    }

    /// As text: what a mailing keeps, and what is laid down between two chunks.
    pub fn to_hex(&self) -> String {
        self.0
            .iter()
            .fold(String::with_capacity(64), |mut text, byte| {
                // Writing into a text never fails.
                let _ = write!(text, "{byte:02x}");
                text
            })
    }

    /// From what was laid down.
    pub fn from_hex(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        if text.len() != 64 || !text.is_ascii() {
            return None;
        }
        for (at, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok()?;
        }
        Some(Self(bytes))
    }
}
