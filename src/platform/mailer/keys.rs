//! The keys that sign links in mail. They outlive machines: a link of an old letter has to work for years.
//!
//! One node keeps them as files of the data directory, made at first need. Several nodes share them by the environment:
//! `CANVASS_LINK_KEY`, or a file named by `CANVASS_LINK_KEY_FILE`, as `1:BASE64,2:BASE64` of 32 bytes each. The key with
//! the highest number signs; all of them are read.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use anyhow::Context;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use rand::RngCore;
use sha2::Sha256;

/// Bytes of a signature: half of the hash is far more than anybody can guess.
pub const SIGNATURE: usize = 16;
const SECRET: usize = 32;

/// Keys by number.
#[derive(Clone)]
pub struct Ring {
    keys: BTreeMap<u8, [u8; SECRET]>,
}

/// Without the secrets.
impl std::fmt::Debug for Ring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Ring").field(&self.keys.keys()).finish()
    }
}

impl Ring {
    /// Reads `1:BASE64,2:BASE64`; lines part keys as well.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        let mut keys = BTreeMap::new();
        for one in text.split([',', '\n', '\r']).map(str::trim) {
            if one.is_empty() {
                continue;
            }
            let wrong = || "a link key is written NUMBER:BASE64, the number from 1 to 255";
            let (id, secret) = one.split_once(':').with_context(wrong)?;
            let id: u8 = id.trim().parse().with_context(wrong)?;
            anyhow::ensure!(id > 0, wrong());
            keys.insert(id, secret_of(secret)?);
        }
        anyhow::ensure!(!keys.is_empty(), "no link key is given");
        Ok(Self { keys })
    }

    /// A ring of one key, for tests and trials.
    pub fn of(secret: [u8; SECRET]) -> Self {
        Self {
            keys: BTreeMap::from([(1, secret)]),
        }
    }

    /// The number of the key that signs now.
    pub fn current(&self) -> u8 {
        self.keys.keys().next_back().copied().unwrap_or_default()
    }

    /// The numbers of all keys, the newest first.
    pub fn numbers(&self) -> impl Iterator<Item = u8> + '_ {
        self.keys.keys().rev().copied()
    }

    /// What a key makes of these bytes; nothing where there is no such key.
    pub fn sign(&self, id: u8, bytes: &[u8]) -> Option<[u8; SIGNATURE]> {
        let whole = self.hash(id, bytes)?.finalize().into_bytes();
        whole.first_chunk().copied()
    }

    /// Whether a key made this signature; takes the same time for right and wrong ones.
    pub fn is_signed(&self, id: u8, bytes: &[u8], signature: &[u8]) -> bool {
        let hash = self
            .hash(id, bytes)
            .filter(|_| signature.len() == SIGNATURE);
        hash.is_some_and(|hash| hash.verify_truncated_left(signature).is_ok())
    }

    fn hash(&self, id: u8, bytes: &[u8]) -> Option<Hmac<Sha256>> {
        let mut hash = Hmac::<Sha256>::new_from_slice(self.keys.get(&id)?).ok()?;
        hash.update(bytes);
        Some(hash)
    }
}

static RINGS: LazyLock<Mutex<HashMap<PathBuf, Arc<Ring>>>> = LazyLock::new(Mutex::default);

/// The keys of a data directory, or those of the environment. They are read once.
pub fn ring(data: &Path) -> anyhow::Result<Arc<Ring>> {
    let mut rings = RINGS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(ring) = rings.get(data) {
        return Ok(ring.clone());
    }
    let ring = Arc::new(match given()? {
        Some(text) => Ring::parse(&text)?,
        None => kept(&data.join("keys"))?,
    });
    rings.insert(data.to_owned(), ring.clone());
    Ok(ring)
}

/// Whether the keys come from the environment, as several nodes need.
pub fn are_shared() -> bool {
    given().is_ok_and(|given| given.is_some())
}

fn given() -> anyhow::Result<Option<String>> {
    if let Some(file) = std::env::var_os("CANVASS_LINK_KEY_FILE") {
        let file = PathBuf::from(file);
        let text = fs::read_to_string(&file);
        return Ok(Some(
            text.with_context(|| format!("cannot read {}", file.display()))?,
        ));
    }
    Ok(std::env::var("CANVASS_LINK_KEY")
        .ok()
        .filter(|text| !text.trim().is_empty()))
}

/// The files of a folder; the first key is made where there is none.
fn kept(folder: &Path) -> anyhow::Result<Ring> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut keys = read(folder)?;
    if keys.is_empty() {
        make(folder, 1)?;
        keys = read(folder)?;
    }
    anyhow::ensure!(!keys.is_empty(), "no link key in {}", folder.display());
    Ok(Ring { keys })
}

fn read(folder: &Path) -> anyhow::Result<BTreeMap<u8, [u8; SECRET]>> {
    let mut keys = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().map(|name| name.to_string_lossy());
        let id = name.as_deref().and_then(|name| {
            let id = name.strip_prefix("link-")?.strip_suffix(".key")?;
            id.parse::<u8>().ok().filter(|id| *id > 0)
        });
        if let Some(id) = id {
            let text = fs::read_to_string(&path)?;
            let secret = secret_of(&text).with_context(|| path.display().to_string())?;
            keys.insert(id, secret);
        }
    }
    Ok(keys)
}

/// Another process may make it at the same moment: the file appears whole, and the first one stays.
fn make(folder: &Path, id: u8) -> anyhow::Result<()> {
    let mut secret = [0_u8; SECRET];
    rand::rng().fill_bytes(&mut secret);
    let mut file = tempfile::NamedTempFile::new_in(folder)?; // readable by its owner alone
    file.write_all(STANDARD.encode(secret).as_bytes())?;
    file.write_all(b"\n")?;
    file.as_file().sync_all()?;
    match file.persist_noclobber(folder.join(format!("link-{id}.key"))) {
        Err(error) if error.error.kind() != std::io::ErrorKind::AlreadyExists => {
            Err(error.error.into())
        }
        _ => Ok(()),
    }
}

fn secret_of(text: &str) -> anyhow::Result<[u8; SECRET]> {
    let bytes = STANDARD
        .decode(text.trim())
        .ok()
        .and_then(|bytes| bytes.try_into().ok());
    bytes.with_context(|| format!("a link key is {SECRET} bytes in base64"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_kept_for_its_owner() {
        let folder = tempfile::tempdir().expect("a folder");
        let first = kept(folder.path()).expect("made");
        let again = kept(folder.path()).expect("read");
        assert_eq!(first.current(), 1);
        assert_eq!(first.sign(1, b"x"), again.sign(1, b"x"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let file = fs::metadata(folder.path().join("link-1.key")).expect("a file");
            assert_eq!(file.permissions().mode() & 0o777, 0o600);
        }
        make(folder.path(), 1).expect("the first one stays");
        assert_eq!(
            kept(folder.path()).expect("read").sign(1, b"x"),
            first.sign(1, b"x")
        );
    }

    #[test]
    fn a_new_key_signs_and_the_old_one_is_still_read() {
        let key = |byte: u8| STANDARD.encode([byte; SECRET]);
        let old = Ring::parse(&format!("1:{}", key(1))).expect("a ring");
        let both = Ring::parse(&format!("1:{},\n2:{}\n", key(1), key(2))).expect("a ring");
        assert_eq!((old.current(), both.current()), (1, 2));
        let signed = old.sign(1, b"x").expect("signed");
        assert!(both.is_signed(1, b"x", &signed));
        assert!(!both.is_signed(2, b"x", &signed) && !both.is_signed(1, b"y", &signed));
        assert!(!both.is_signed(1, b"x", &signed[..8]) && !both.is_signed(9, b"x", &signed));
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for text in ["", "abc", "1:abc", "0:AAAA", "300:AAAA"] {
            assert!(Ring::parse(text).is_err(), "{text}");
        }
    }
}
