//! The server: what stands around every request, and the one list of all areas' routes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::{Compress, Next, from_fn};
use actix_web::{App, HttpResponse, HttpServer, body::MessageBody, web};

use super::assets;
use super::config::{HttpConfig, OfficeConfig};
use super::db::Db;
use super::error::AppError;
use super::mailer::Mailer;
use super::{nul, peer, problem};

/// Largest upload of a list, in bytes.
pub const UPLOAD_LIMIT: usize = 512 << 20;

const SECURITY_HEADERS: [(&str, &str); 7] = [
    (
        "content-security-policy",
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), microphone=(), geolocation=()",
    ),
    ("cache-control", "no-store"),
];

/// Every route of the product, area by area.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/healthz", web::get().to(healthy))
        .route("/healthz", web::head().to(healthy))
        .route("/readyz", web::get().to(ready))
        .route(
            "/assets/{fingerprint}/{name:.*}",
            web::get().to(assets::serve),
        )
        .route(
            "/assets/{fingerprint}/{name:.*}",
            web::head().to(assets::serve),
        )
        .route("/api/openapi.json", web::get().to(super::openapi::serve))
        .route("/api/openapi.json", web::head().to(super::openapi::serve))
        .configure(crate::accounts::routes)
        .configure(crate::registry::routes)
        .configure(crate::calling::routes)
        .configure(crate::consent::routes)
        .configure(crate::selling::routes)
        .configure(crate::outreach::routes)
        .configure(crate::flows::routes);
}

async fn healthy() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .body("ok\n")
}

async fn ready(db: web::Data<Db>) -> Result<HttpResponse, AppError> {
    db.read(|conn| super::clock::now(conn).map_err(AppError::from))
        .await?;
    Ok(HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .body("ready\n"))
}

async fn missing() -> Result<HttpResponse, AppError> {
    Err(AppError::not_found())
}

async fn secure(
    mut request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    peer::believe_proxies_only(&mut request);
    let is_https = peer::is_https(request.request());
    let mut response = next.call(request).await?;
    let headers = response.headers_mut();
    for (name, value) in SECURITY_HEADERS {
        let name = HeaderName::from_static(name);
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    if is_https {
        headers.insert(
            HeaderName::from_static("strict-transport-security"),
            HeaderValue::from_static("max-age=31536000"),
        );
    }
    Ok(response)
}

/// What handlers may need to know about the server they run in.
#[derive(Debug, Clone)]
pub struct Site {
    /// Address for one-time links and mails, without a slash at the end.
    pub public_url: String,
    /// Whether `public_url` was set; else it is only the address this process listens on.
    pub is_configured: bool,
    /// Proxies whose `X-Forwarded-…` headers are believed.
    pub trusted_proxies: Vec<std::net::IpAddr>,
    /// What the environment settles about the office, so that no page changes it.
    pub office: OfficeConfig,
}

/// A server that has begun to listen.
pub struct Listening {
    /// Where, e.g. `http://127.0.0.1:8080`.
    pub url: String,
    /// Ends when the server has drained.
    pub server: actix_web::dev::Server,
}

/// Binds the address and builds the server; it answers as soon as `server` is awaited or spawned.
pub fn listen(
    db: &Db,
    config: &HttpConfig,
    office: &OfficeConfig,
    mailer: &Mailer,
) -> anyhow::Result<Listening> {
    let listener = std::net::TcpListener::bind(&config.listen)
        .map_err(|e| anyhow::anyhow!("cannot listen on {}: {e}", config.listen))?;
    let scheme = if config.tls_cert.is_some() {
        "https"
    } else {
        "http"
    };
    let url = format!("{scheme}://{}", listener.local_addr()?);
    let site = Site {
        public_url: config
            .public_url
            .clone()
            .unwrap_or_else(|| url.clone())
            .trim_end_matches('/')
            .to_owned(),
        is_configured: config.public_url.is_some(),
        trusted_proxies: config.trusted_proxies.clone(),
        office: office.clone(),
    };
    let (db, site) = (web::Data::new(db.clone()), web::Data::new(site));
    let mailer = web::Data::new(mailer.clone());
    let gate = web::Data::new(crate::accounts::Gate::default());
    let server = HttpServer::new(move || {
        App::new()
            .app_data(db.clone())
            .app_data(site.clone())
            .app_data(mailer.clone())
            .app_data(gate.clone())
            .app_data(web::PayloadConfig::new(UPLOAD_LIMIT))
            .configure(routes)
            .default_service(web::to(missing))
            .wrap(from_fn(|request, next| {
                problem::explain(crate::accounts::context_of, request, next)
            }))
            .wrap(from_fn(crate::accounts::identify))
            .wrap(from_fn(secure))
            .wrap(from_fn(nul::drop_from_address))
            .wrap(Compress::default())
    })
    .workers(config.workers.unwrap_or_else(|| {
        std::thread::available_parallelism()
            .map_or(2, usize::from)
            .max(2)
    }))
    .shutdown_timeout(20);
    let server = match (&config.tls_cert, &config.tls_key) {
        (Some(cert), Some(key)) => server.listen_rustls_0_23(listener, tls(cert, key)?)?,
        _ => server.listen(listener)?,
    };
    Ok(Listening {
        url,
        server: server.run(),
    })
}

fn tls(cert: &std::path::Path, key: &std::path::Path) -> anyhow::Result<rustls::ServerConfig> {
    use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
    let chain = CertificateDer::pem_file_iter(cert)?.collect::<Result<Vec<_>, _>>()?;
    let key = PrivateKeyDer::from_pem_file(key)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    Ok(rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key)?)
}

/// A flag that background threads watch.
pub fn stop_flag() -> Arc<AtomicBool> {
    Arc::new(AtomicBool::new(false))
}

/// Sets the flag.
pub fn stop(flag: &AtomicBool) {
    flag.store(true, Ordering::Relaxed);
}
