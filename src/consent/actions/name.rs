//! Whom somebody means who types a number, an address, a domain or a name.

use super::erased::keys_of;
use crate::consent::model::{Scope, Subject};
use crate::consent::queries::list as queries;
use crate::platform::db::Conn;
use crate::platform::error::{AppError, AppResult};
use crate::registry::actions::home;
use crate::registry::rules::email::read_email;
use crate::registry::rules::phone::{PhoneContext, parse_one};

/// A company or person of ours whose name fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// As a subject.
    pub subject: Subject,
    /// Its name.
    pub name: String,
    /// Where the person works, or where the company is.
    pub detail: Option<String>,
}

/// Entries of the list that `text` means: by the exact subject or the name, and by parts of numbers, addresses and names.
/// All names are walked, so this is for reading only.
pub fn entries_named(conn: &mut Conn, text: &str) -> AppResult<Vec<i64>> {
    let subjects = match exact_subject(conn, text, None) {
        Ok(Some(subject)) => vec![subject],
        Ok(None) => {
            let named = named_like(conn, text, None)?;
            named.into_iter().map(|one| one.subject).collect()
        }
        Err(_) => Vec::new(),
    };
    Ok(queries::search(conn, &keys_of(&subjects)?, text)?)
}

/// Exactly who is meant by a number, an address, a domain or an id; none where `text` is a name. Looks at one row at
/// most, so that it may be asked inside a write.
pub fn exact_subject(
    conn: &mut Conn,
    text: &str,
    scope: Option<Scope>,
) -> AppResult<Option<Subject>> {
    let text = text.trim();
    if text.is_empty() {
        return Err(AppError::invalid("suppression_nobody", "subject"));
    }
    match scope.unwrap_or_else(|| scope_of(text)) {
        Scope::Number => parse_one(text, &PhoneContext::at(home(conn)?))
            .map(|phone| Some(Subject::number(&phone.e164)))
            .map_err(|_| AppError::invalid("suppression_number_wrong", "subject")),
        Scope::Email => read_email(text)
            .map(|mail| Some(Subject::email(&mail.address)))
            .ok_or_else(|| AppError::invalid("suppression_mail_wrong", "subject")),
        Scope::Domain => domain_of(text)
            .map(|domain| Some(Subject::domain(&domain)))
            .ok_or_else(|| AppError::invalid("suppression_domain_wrong", "subject")),
        named => by_id(conn, text, scope.map(|_| named)),
    }
}

/// A company or person by its id, where somebody said which of the two.
fn by_id(conn: &mut Conn, text: &str, asked: Option<Scope>) -> AppResult<Option<Subject>> {
    let (Some(scope), Ok(id)) = (asked, text.parse::<i64>()) else {
        return Ok(None);
    };
    let subject = match scope {
        Scope::Person => Subject::person(id),
        _ => Subject::company(id),
    };
    match queries::exists(conn, &subject)? {
        true => Ok(Some(subject)),
        false => Err(AppError::invalid("suppression_unknown", "subject")),
    }
}

/// Companies and persons of ours whose name holds `text`. No index leads there, all of them are walked: on SQLite
/// nobody could write meanwhile if it were asked inside a write.
pub fn named_like(conn: &mut Conn, text: &str, asked: Option<Scope>) -> AppResult<Vec<Candidate>> {
    let text = text.trim();
    let mut found = Vec::new();
    if asked != Some(Scope::Person) {
        found.extend(queries::companies_like(conn, text)?);
    }
    if asked != Some(Scope::Company) {
        found.extend(queries::persons_like(conn, text)?);
    }
    Ok(found)
}

/// What a writing looks like; a name when it looks like nothing else.
fn scope_of(text: &str) -> Scope {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    if text.starts_with('@') {
        Scope::Domain
    } else if text.contains('@') {
        Scope::Email
    } else if digits >= 5
        && !text
            .chars()
            .any(|c| c.is_alphabetic() && !"转ext".contains(c))
    {
        Scope::Number
    } else if domain_of(text).is_some() {
        Scope::Domain
    } else {
        Scope::Company
    }
}

/// `@example.com`, `http://www.example.com/x` → `example.com`.
fn domain_of(text: &str) -> Option<String> {
    let text = text.trim().to_lowercase();
    let text = text.split("://").last().unwrap_or(&text);
    let text = text.split('/').next().unwrap_or(text);
    let text = text.rsplit('@').next().unwrap_or(text);
    let text = text.strip_prefix("www.").unwrap_or(text);
    let is_label = |l: &str| {
        !l.is_empty()
            && !l.starts_with('-')
            && !l.ends_with('-')
            && l.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    let labels: Vec<&str> = text.split('.').collect();
    let top = labels.last().copied().unwrap_or("");
    let is_domain = labels.len() >= 2
        && labels.iter().all(|l| is_label(l))
        && top.chars().count() >= 2
        && !top.chars().any(|c| c.is_ascii_digit());
    is_domain.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_writing_tells_what_is_meant() {
        for (text, scope) in [
            ("138 1234 5678", Scope::Number),
            ("0512-65801234转801", Scope::Number),
            ("+86 (512) 6580-1234", Scope::Number),
            ("chen@hongyuan.cn", Scope::Email),
            ("@hongyuan.cn", Scope::Domain),
            ("hongyuan.com.cn", Scope::Domain),
            ("www.hongyuan.cn/about", Scope::Domain),
            ("苏州宏远机械有限公司", Scope::Company),
            ("Hongyuan Machinery Co., Ltd.", Scope::Company),
            ("陈立群", Scope::Company),
        ] {
            assert_eq!(scope_of(text), scope, "{text}");
        }
    }

    #[test]
    fn domains_are_cut_to_their_name() {
        for (text, domain) in [
            ("https://www.Hongyuan.cn/about", Some("hongyuan.cn")),
            ("@mail.hongyuan.cn", Some("mail.hongyuan.cn")),
            ("hongyuan", None),
            ("192.168.0.1", None),
        ] {
            assert_eq!(domain_of(text).as_deref(), domain, "{text}");
        }
    }
}
