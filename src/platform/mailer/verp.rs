//! Return addresses: one for each delivery, so that what comes back names it whatever else it forgets to say.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Bytes of the signature, in hexadecimal twice as many characters.
const SIGNED: usize = 4;
/// RFC 4648 without the letters that look alike in capitals only: addresses lose their case on the way.
const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// Characters before the `@` at most (RFC 5321).
const LONGEST_LOCAL: usize = 64;

/// `b+<delivery in base32>.<signature>@<domain>` for a mailbox `b@<domain>`; none where it would grow too long.
pub fn return_address(delivery_id: i64, key: &[u8], mailbox: &str) -> Option<String> {
    let (local, domain) = mailbox.rsplit_once('@')?;
    let id = base32(delivery_id);
    let signature = signature(&id, key);
    let local = format!("{local}+{id}.{signature}");
    (local.len() <= LONGEST_LOCAL).then(|| format!("{local}@{domain}"))
}

/// The delivery that a return address names, if we made it.
pub fn delivery_of(address: &str, keys: &[&[u8]]) -> Option<i64> {
    let local = address.split('@').next()?.to_lowercase();
    let (id, signed) = local.rsplit_once('+')?.1.split_once('.')?;
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
            let address = return_address(id, b"key", "b@bounce.example").expect("short");
            assert!(address.len() < 64 && address.ends_with("@bounce.example"));
            assert_eq!(delivery_of(&address, &[b"old", b"key"]), Some(id));
            assert_eq!(delivery_of(&address.to_uppercase(), &[b"key"]), Some(id));
        }
    }

    #[test]
    fn any_mailbox_takes_a_mark_that_is_not_too_long() {
        let address = return_address(7, b"key", "news+cn@a.example").expect("short");
        assert!(address.starts_with("news+cn+h.") && address.ends_with("@a.example"));
        assert_eq!(delivery_of(&address, &[b"key"]), Some(7));
        let long = format!("{}@a.example", "n".repeat(60));
        assert_eq!(return_address(7, b"key", &long), None);
    }

    #[test]
    fn an_address_that_we_did_not_make_names_nothing() {
        let address = return_address(7, b"key", "b@bounce.example").expect("short");
        assert_eq!(delivery_of(&address, &[b"other"]), None);
        assert_eq!(delivery_of(&address.replace("b+h", "b+i"), &[b"key"]), None);
        assert_eq!(delivery_of("b+.@a", &[b"key"]), None);
        assert_eq!(delivery_of("hello@a.example", &[b"key"]), None);
    }
}
