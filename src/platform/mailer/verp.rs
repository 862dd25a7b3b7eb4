//! Return addresses: one for each delivery, so that what comes back names it whatever else it forgets to say.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Bytes of the signature, in hexadecimal twice as many characters.
const SIGNED: usize = 4;
/// RFC 4648 without the letters that look alike in capitals only: addresses lose their case on the way.
const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// `b+<delivery in base32>.<signature>@<domain>`.
pub fn return_address(delivery_id: i64, key: &[u8], domain: &str) -> String {
    let id = base32(delivery_id);
    let signature = signature(&id, key);
    format!("b+{id}.{signature}@{domain}")
}

/// The delivery that a return address names, if we made it.
pub fn delivery_of(address: &str, keys: &[&[u8]]) -> Option<i64> {
    let local = address.split('@').next()?.to_lowercase();
    let (id, signed) = local.strip_prefix("b+")?.split_once('.')?;
    let is_ours = keys.iter().any(|key| signature(id, key) == signed);
    if is_ours { number(id) } else { None }
}

fn signature(id: &str, key: &[u8]) -> String {
    // A key of any length is a key.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return String::new();
    };
    mac.update(b"return:");
    mac.update(id.as_bytes());
    let bytes = mac.finalize().into_bytes();
    bytes
        .iter()
        .take(SIGNED)
        .map(|b| format!("{b:02x}"))
        .collect()
}

fn base32(id: i64) -> String {
    let mut rest = id.unsigned_abs();
    let mut digits = Vec::new();
    loop {
        digits.push(char::from(LETTERS[(rest % 32) as usize]));
        rest /= 32;
        if rest == 0 {
            break;
        }
    }
    digits.iter().rev().collect()
}

fn number(text: &str) -> Option<i64> {
    text.bytes().try_fold(0_i64, |so_far, letter| {
        let digit = LETTERS.iter().position(|l| *l == letter)?;
        so_far.checked_mul(32)?.checked_add(digit as i64)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_return_address_names_its_delivery_whatever_its_case() {
        for id in [0, 1, 31, 32, 7_654_321, i64::MAX] {
            let address = return_address(id, b"key", "bounce.example");
            assert!(address.len() < 64 && address.ends_with("@bounce.example"));
            assert_eq!(delivery_of(&address, &[b"old", b"key"]), Some(id));
            assert_eq!(delivery_of(&address.to_uppercase(), &[b"key"]), Some(id));
        }
    }

    #[test]
    fn an_address_that_we_did_not_make_names_nothing() {
        let address = return_address(7, b"key", "bounce.example");
        assert_eq!(delivery_of(&address, &[b"other"]), None);
        assert_eq!(delivery_of(&address.replace("b+h", "b+i"), &[b"key"]), None);
        assert_eq!(delivery_of("b+.@a", &[b"key"]), None);
        assert_eq!(delivery_of("hello@a.example", &[b"key"]), None);
    }
}
