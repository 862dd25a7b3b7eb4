//! Stylesheets and modules inside the binary, under names that change with their content.

use std::collections::HashMap;
use std::sync::LazyLock;

use actix_web::{HttpRequest, HttpResponse, web};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "templates/assets"]
struct Assets;

/// One fingerprint over all files: modules import each other by plain relative names, so they change together.
static FINGERPRINT: LazyLock<String> = LazyLock::new(|| {
    use sha2::{Digest, Sha256};
    let mut names: Vec<_> = Assets::iter().collect();
    names.sort();
    let mut all = Sha256::new();
    for name in names {
        if let Some(file) = Assets::get(&name) {
            all.update(name.as_bytes());
            all.update(file.metadata.sha256_hash());
        }
    }
    all.finalize()
        .iter()
        .take(6)
        .map(|b| format!("{b:02x}"))
        .collect()
});

static FILES: LazyLock<HashMap<String, (Vec<u8>, String)>> = LazyLock::new(|| {
    Assets::iter()
        .filter_map(|name| {
            let file = Assets::get(&name)?;
            let kind = match name.rsplit('.').next() {
                Some("js") => "text/javascript; charset=utf-8".to_owned(),
                Some("css") => "text/css; charset=utf-8".to_owned(),
                _ => mime_guess::from_path(name.as_ref())
                    .first_or_octet_stream()
                    .to_string(),
            };
            Some((name.into_owned(), (file.data.into_owned(), kind)))
        })
        .collect()
});

/// Address of an asset, e.g. `/assets/3f2a…/base.css`.
pub fn href(name: &str) -> String {
    format!("/assets/{}/{name}", *FINGERPRINT)
}

/// Serves an asset; under its fingerprint it may be kept for ever.
pub async fn serve(request: HttpRequest, path: web::Path<(String, String)>) -> HttpResponse {
    let (fingerprint, name) = path.into_inner();
    let Some((body, kind)) = FILES.get(&name) else {
        return HttpResponse::NotFound().finish();
    };
    let keep = if fingerprint == *FINGERPRINT {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    let mut answer = HttpResponse::Ok();
    answer
        .content_type(kind.as_str())
        .insert_header(("Cache-Control", keep));
    if request.method() == actix_web::http::Method::HEAD {
        answer.finish()
    } else {
        answer.body(body.as_slice())
    }
}
