//! Hashing and checking passwords: argon2id, never on the threads that answer requests, and the same work whether
//! or not there is such a user.

use std::sync::LazyLock;

use actix_web::web;
use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

use crate::platform::error::{AppError, AppResult};
use crate::platform::secret;

/// Each check takes 19 MB and some ten milliseconds of a core: more at once would only wait for each other.
static AT_ONCE: Semaphore = Semaphore::const_new(4);

/// Checked where there is no user or no password, so that the time tells nothing.
static NOBODY: LazyLock<Option<String>> =
    LazyLock::new(|| hash_blocking(&secret::random_token()).ok());

/// The PHC string of a password.
pub fn hash_blocking(password: &str) -> AppResult<String> {
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|e| AppError::Internal(anyhow::anyhow!("a password could not be hashed: {e}")))
}

/// [`hash_blocking`] off the async threads.
pub(super) async fn hash(password: String) -> AppResult<String> {
    off_thread(move || hash_blocking(&password)).await?
}

/// Whether `password` is the one of `stored`.
pub(super) async fn matches(password: String, stored: Option<String>) -> AppResult<bool> {
    off_thread(move || {
        let is_known = stored.is_some();
        let Some(hash) = stored.or_else(|| NOBODY.clone()) else {
            return false;
        };
        let fits = PasswordHash::new(&hash).is_ok_and(|hash| {
            Argon2::default()
                .verify_password(password.as_bytes(), &hash)
                .is_ok()
        });
        fits && is_known
    })
    .await
}

async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> AppResult<T> {
    let _place = AT_ONCE.acquire().await.map_err(anyhow::Error::from)?;
    web::block(work)
        .await
        .map_err(|e| AppError::Internal(e.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn only_the_right_password_of_somebody_fits() {
        let stored = hash("纸鸢飞过三号码头".into()).await.expect("a hash");
        assert!(stored.starts_with("$argon2id$"), "{stored}");
        let fits = |password: &str, stored: Option<String>| matches(password.into(), stored);
        assert!(
            fits("纸鸢飞过三号码头", Some(stored.clone()))
                .await
                .expect("checked")
        );
        assert!(
            !fits("纸鸢飞过二号码头", Some(stored))
                .await
                .expect("checked")
        );
        assert!(!fits("", None).await.expect("checked"));
    }
}
