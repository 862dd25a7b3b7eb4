//! The link in a letter by which its reader ends mail, or chooses. It carries who and why, signed, so that it needs no
//! table and works as long as the key is kept.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::platform::mailer::keys::{Ring, SIGNATURE};

const VERSION: u8 = 1;
/// What these signatures are for, so that none fits anywhere else.
const PURPOSE: &[u8] = b"canvass link ";
/// Version, number of the key, person, mailing.
const HEAD: usize = 2 + 8 + 8;

/// What a link says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// The person as the letter was planned; 0 in a letter that somebody sent to themselves to look at.
    pub person_id: i64,
    /// The mailing.
    pub mailing_id: Option<i64>,
}

impl Link {
    /// A link that changes nothing: of a trial.
    pub const TRIAL: Self = Self {
        person_id: 0,
        mailing_id: None,
    };

    /// Whether it is one of a trial.
    pub fn is_trial(&self) -> bool {
        self.person_id == 0
    }

    /// Its token.
    pub fn token(&self, ring: &Ring) -> String {
        let mut bytes = vec![VERSION, ring.current()];
        bytes.extend(self.person_id.to_be_bytes());
        bytes.extend(self.mailing_id.unwrap_or(0).to_be_bytes());
        let signature = ring.sign(ring.current(), &signed(&bytes));
        bytes.extend(signature.unwrap_or_default());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Its address.
    pub fn url(&self, ring: &Ring, public_url: &str) -> String {
        format!(
            "{}/u/{}",
            public_url.trim_end_matches('/'),
            self.token(ring)
        )
    }

    /// What a token says, if one of our keys signed it.
    pub fn read(ring: &Ring, token: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        if bytes.len() != HEAD + SIGNATURE || bytes[0] != VERSION {
            return None;
        }
        let (head, signature) = bytes.split_at(HEAD);
        if !ring.is_signed(head[1], &signed(head), signature) {
            return None;
        }
        let number = |from: usize| {
            let part: [u8; 8] = head.get(from..from + 8)?.try_into().ok()?;
            Some(i64::from_be_bytes(part))
        };
        Some(Self {
            person_id: number(2)?,
            mailing_id: number(10).filter(|id| *id > 0),
        })
    }
}

fn signed(head: &[u8]) -> Vec<u8> {
    [PURPOSE, head].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ring() -> Ring {
        Ring::of([7; 32])
    }

    #[test]
    fn a_link_is_short_and_stands_in_any_address() {
        let link = Link {
            person_id: 1_234_567,
            mailing_id: Some(8),
        };
        let url = link.url(&ring(), "https://a.example/");
        assert!(
            url.starts_with("https://a.example/u/") && url.len() < 80,
            "{url}"
        );
        assert!(Link::read(&Ring::of([8; 32]), &link.token(&ring())).is_none());
        assert!(Link::read(&ring(), "").is_none() && Link::read(&ring(), "umlaut-ä").is_none());
    }

    proptest! {
        #[test]
        fn what_was_signed_is_read_and_nothing_else(
            person_id in any::<i64>(),
            mailing in proptest::option::of(1..i64::MAX),
            at in 0_usize..46,
        ) {
            let link = Link { person_id, mailing_id: mailing };
            let token = link.token(&ring());
            prop_assert_eq!(Link::read(&ring(), &token), Some(link));
            let mut bent: Vec<char> = token.chars().collect();
            bent[at] = if bent[at] == 'A' { 'B' } else { 'A' };
            let bent: String = bent.into_iter().collect();
            prop_assert!(Link::read(&ring(), &bent).is_none() || bent == token);
        }
    }
}
