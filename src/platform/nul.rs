//! No text of ours holds a NUL: PostgreSQL stores none, and nobody means one. Lists lose it from their cells; what is
//! typed or sent loses it here, before anybody reads it.

use std::borrow::Cow;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Uri;
use actix_web::middleware::Next;

/// A form as it was sent, without `%00` and without the byte itself.
pub fn dropped_from_form(body: &[u8]) -> Cow<'_, [u8]> {
    if !body.contains(&0) && !contains(body, b"%00") {
        return Cow::Borrowed(body);
    }
    let mut clean = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some((first, behind)) = rest.split_first() {
        if let Some(behind) = rest.strip_prefix(b"%00") {
            rest = behind;
            continue;
        }
        if *first != 0 {
            clean.push(*first);
        }
        rest = behind;
    }
    Cow::Owned(clean)
}

/// A JSON document without `\u0000`. A backslash that is itself escaped begins no escape.
pub fn dropped_from_json(body: &[u8]) -> Cow<'_, [u8]> {
    if !contains(body, b"\\u0000") {
        return Cow::Borrowed(body);
    }
    let mut clean = Vec::with_capacity(body.len());
    let mut rest = body;
    while !rest.is_empty() {
        if let Some(behind) = rest.strip_prefix(b"\\u0000") {
            rest = behind;
            continue;
        }
        let taken = if rest[0] == b'\\' { 2 } else { 1 };
        let (part, behind) = rest.split_at(taken.min(rest.len()));
        clean.extend_from_slice(part);
        rest = behind;
    }
    Cow::Owned(clean)
}

fn contains(body: &[u8], what: &[u8]) -> bool {
    body.windows(what.len()).any(|part| part == what)
}

/// Takes it out of the address of a request.
pub async fn drop_from_address(
    mut request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let address = request.uri().to_string();
    if let Cow::Owned(clean) = dropped_from_form(address.as_bytes())
        && let Ok(uri) = Uri::try_from(clean)
    {
        request.match_info_mut().get_mut().update(&uri);
        request.head_mut().uri = uri;
    }
    next.call(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_loses_nothing_else() {
        let clean = |body: &str| String::from_utf8(dropped_from_form(body.as_bytes()).into_owned());
        assert_eq!(
            clean("note=a%00b\0c&x=%2500"),
            Ok("note=abc&x=%2500".into())
        );
        assert_eq!(clean("q=%E5%AE%8F"), Ok("q=%E5%AE%8F".into()));
    }

    #[test]
    fn a_document_loses_nothing_else() {
        let clean = |body: &str| String::from_utf8(dropped_from_json(body.as_bytes()).into_owned());
        assert_eq!(clean(r#"{"a":"x\u0000y"}"#), Ok(r#"{"a":"xy"}"#.into()));
        let kept = r#"{"a":"x\\u0000y\u00001"}"#;
        assert_eq!(clean(kept), Ok(r#"{"a":"x\\u0000y1"}"#.into()));
        assert_eq!(clean("\"\\"), Ok("\"\\".into()));
    }
}
