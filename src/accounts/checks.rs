//! What must always hold about accounts, for `canvass check`.

use super::queries;
use super::rules::credentials::clean_email;
use crate::platform::check::Invariant;

/// The invariants of this area.
pub fn checks() -> Vec<Invariant> {
    vec![
        Invariant {
            code: "accounts.session_without_user",
            find: |conn| Ok(queries::sessions_without_user(conn)?),
        },
        Invariant {
            code: "accounts.session_of_disabled",
            find: |conn| Ok(queries::sessions_of_disabled(conn)?),
        },
        Invariant {
            code: "accounts.token_of_disabled",
            find: |conn| Ok(queries::tokens_of_disabled(conn)?),
        },
        Invariant {
            code: "accounts.no_administrator",
            find: |conn| {
                let lacks = queries::lacks_administrator(conn)?;
                Ok(lacks.then(|| "users".to_owned()).into_iter().collect())
            },
        },
        Invariant {
            code: "accounts.email_spelling",
            find: |conn| {
                let mut odd = queries::emails(conn)?;
                odd.retain(|email| clean_email(email).is_ok_and(|clean| clean != *email));
                odd.truncate(crate::platform::check::NAMED as usize);
                Ok(odd)
            },
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::db::{Db, Target};
    use crate::platform::error::AppResult;
    use crate::platform::i18n::Lang;

    #[test]
    fn each_invariant_has_a_sentence_and_holds_on_an_empty_database() {
        let folder = tempfile::tempdir().expect("a folder");
        let db = Db::open(&Target::new(folder.path(), None)).expect("a database");
        for invariant in checks() {
            for lang in Lang::ALL {
                assert!(lang.knows(&invariant.key()), "{}", invariant.key());
            }
            let broken: AppResult<Vec<String>> = db.read_blocking(invariant.find);
            assert_eq!(
                broken.expect("it runs"),
                Vec::<String>::new(),
                "{invariant:?}"
            );
        }
    }
}
