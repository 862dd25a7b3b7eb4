//! The keys of an office inside an archive: links in letters must outlive the machine, and nobody who finds the
//! archive may make such links.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io::Write;
use std::path::Path;

use argon2::Argon2;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rand::RngCore;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use serde::{Deserialize, Serialize};

use crate::platform::private_file;

/// What the keys in an archive are locked with.
#[derive(Clone)]
pub struct Passphrase(pub String);

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(…)")
    }
}

/// Key files by name, encrypted: argon2id makes the key, ChaCha20-Poly1305 locks.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Locked {
    salt: String,
    nonce: String,
    body: String,
}

/// Every file of a folder; none where there is no folder.
pub(super) fn read_folder(folder: &Path) -> anyhow::Result<BTreeMap<String, Vec<u8>>> {
    let mut found = BTreeMap::new();
    if !folder.is_dir() {
        return Ok(found);
    }
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            let name = entry.file_name().to_string_lossy().into_owned();
            found.insert(name, fs::read(entry.path())?);
        }
    }
    Ok(found)
}

pub(super) fn lock(
    keys: &BTreeMap<String, Vec<u8>>,
    passphrase: &Passphrase,
) -> anyhow::Result<Locked> {
    let (mut salt, mut nonce) = ([0_u8; 16], [0_u8; NONCE_LEN]);
    rand::rng().fill_bytes(&mut salt);
    rand::rng().fill_bytes(&mut nonce);
    let mut body = serde_json::to_vec(keys)?;
    cipher(passphrase, &salt)?
        .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut body)
        .map_err(|_| anyhow::anyhow!("the keys cannot be encrypted"))?;
    Ok(Locked {
        salt: STANDARD.encode(salt),
        nonce: STANDARD.encode(nonce),
        body: STANDARD.encode(body),
    })
}

/// None where the passphrase is another one.
pub(super) fn unlock(
    locked: &Locked,
    passphrase: &Passphrase,
) -> anyhow::Result<Option<BTreeMap<String, Vec<u8>>>> {
    let salt = STANDARD.decode(&locked.salt)?;
    let nonce = Nonce::try_assume_unique_for_key(&STANDARD.decode(&locked.nonce)?)
        .map_err(|_| anyhow::anyhow!("the keys of the archive are damaged"))?;
    let mut body = STANDARD.decode(&locked.body)?;
    let Ok(plain) = cipher(passphrase, &salt)?.open_in_place(nonce, Aad::empty(), &mut body) else {
        return Ok(None);
    };
    Ok(Some(serde_json::from_slice(plain)?))
}

fn cipher(passphrase: &Passphrase, salt: &[u8]) -> anyhow::Result<LessSafeKey> {
    let mut key = [0_u8; 32];
    Argon2::default()
        .hash_password_into(passphrase.0.as_bytes(), salt, &mut key)
        .map_err(|why| anyhow::anyhow!("the passphrase cannot be used: {why}"))?;
    let key = UnboundKey::new(&CHACHA20_POLY1305, &key)
        .map_err(|_| anyhow::anyhow!("the passphrase cannot be used"))?;
    Ok(LessSafeKey::new(key))
}

/// Puts keys beside those that are there; a key that is there stays.
pub(super) fn write_folder(folder: &Path, keys: &BTreeMap<String, Vec<u8>>) -> anyhow::Result<()> {
    fs::create_dir_all(folder)?;
    for (name, body) in keys {
        let plain = Path::new(name)
            .file_name()
            .is_some_and(|last| last == name.as_str());
        anyhow::ensure!(plain, "the archive names a key outside its folder: {name}");
        let path = folder.join(name);
        if !path.exists() {
            let mut file = private_file::create(&path)?;
            file.write_all(body)?;
            file.sync_all()?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_passphrase_opens_the_keys() {
        let keys = BTreeMap::from([("link-1.key".to_owned(), vec![1, 2, 3])]);
        let right = Passphrase("海内存知己，天涯若比邻".into());
        let locked = lock(&keys, &right).expect("locked");
        assert_eq!(unlock(&locked, &right).expect("readable"), Some(keys));
        let wrong = Passphrase("海上生明月".into());
        assert_eq!(unlock(&locked, &wrong).expect("readable"), None);
    }
}
