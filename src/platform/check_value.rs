//! Check values: what is kept of a number or an address whose person was erased. Whoever comes with the same value finds
//! it again, and nobody reads the value out of it without the keys that lie beside the database.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::db::data_here;
use super::error::{AppError, AppResult};
use super::mailer::keys::{self, Ring};

/// Makes the check values of one database.
#[derive(Debug, Clone)]
pub struct CheckValues {
    ring: Arc<Ring>,
}

impl CheckValues {
    /// Those of the database that this thread reads or writes right now.
    pub fn here() -> AppResult<Self> {
        let data = data_here().ok_or_else(|| {
            AppError::Internal(anyhow::anyhow!(
                "check values are asked for outside the doors of a database"
            ))
        })?;
        Ok(Self {
            ring: keys::ring(&data)?,
        })
    }

    /// Those of a key ring, for tests.
    pub fn of(ring: Ring) -> Self {
        Self {
            ring: Arc::new(ring),
        }
    }

    /// What stands for a value of a kind by each key, `1:…`; that of the newest key, which is written, comes first.
    pub fn all(&self, kind: &str, value: &str) -> Vec<String> {
        let bytes = format!("erased\0{kind}\0{value}");
        let one = |number: u8| {
            let signed = self.ring.sign(number, bytes.as_bytes())?;
            Some(format!("{number}:{}", URL_SAFE_NO_PAD.encode(signed)))
        };
        self.ring.numbers().filter_map(one).collect()
    }

    /// What is written for a value.
    pub fn newest(&self, kind: &str, value: &str) -> AppResult<String> {
        let first = self.all(kind, value).into_iter().next();
        first.ok_or_else(|| AppError::Internal(anyhow::anyhow!("there is no link key")))
    }
}

/// Whether a text is a check value and no number or address.
pub fn is_check_value(text: &str) -> bool {
    text.split_once(':').is_some_and(|(number, rest)| {
        number.parse::<u8>().is_ok() && URL_SAFE_NO_PAD.decode(rest).is_ok_and(|b| b.len() == 16)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::STANDARD;

    #[test]
    fn a_value_is_found_again_after_a_new_key() {
        let key = |byte: u8| STANDARD.encode([byte; 32]);
        let old = Ring::parse(&format!("1:{}", key(1))).expect("a ring");
        let both = Ring::parse(&format!("1:{},2:{}", key(1), key(2))).expect("a ring");
        let written = CheckValues::of(old)
            .newest("number", "+8613905129999")
            .expect("a value");
        let known = CheckValues::of(both);
        let all = known.all("number", "+8613905129999");
        assert!(all.contains(&written) && all[0].starts_with("2:") && all.len() == 2);
        assert!(!known.all("email", "+8613905129999").contains(&written));
        assert!(!known.all("number", "+8613905129998").contains(&written));
        assert!(!written.contains("9999"));
    }

    #[test]
    fn no_number_or_address_looks_like_a_check_value() {
        let value = CheckValues::of(Ring::of([7; 32])).newest("email", "a@b.cn");
        assert!(is_check_value(&value.expect("a value")));
        for text in ["+8613905129999", "chen@hongyuan.cn", "1:x@y.cn", "7", "1:"] {
            assert!(!is_check_value(text), "{text}");
        }
    }
}
