//! PostgreSQL connections with TLS by rustls: the five `sslmode`s of libpq, and the runtime that drives them.
use diesel::{ConnectionError, ConnectionResult};
use diesel_async::AsyncPgConnection;
use diesel_async::async_connection_wrapper::BlockOn;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{verify_server_cert_signed_by_trust_anchor, verify_server_name};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime, pem::PemObject};
use rustls::server::ParsedCertificate;
use rustls::{ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use std::error::Error;
use std::future::Future;
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::config::{Config, SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;

type AnyError = Box<dyn Error + Send + Sync>;

/// Drives every PostgreSQL connection of the process: a socket must be polled by the runtime it was opened on,
/// also while no query runs, and must outlive the actix worker that happened to open it.
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    let mut builder = Builder::new_multi_thread();
    builder
        .worker_threads(1)
        .thread_name("postgres")
        .enable_all();
    builder.build().expect("a thread for PostgreSQL")
});

/// Longest wait for connecting, TLS handshake and login together.
const CONNECT_LIMIT: Duration = Duration::from_secs(10);

/// Runs queries on the one runtime that owns all PostgreSQL sockets.
pub struct Driver;

impl BlockOn for Driver {
    fn block_on<F: Future>(&self, future: F) -> F::Output {
        RUNTIME.block_on(future)
    }
    fn get_runtime() -> Self {
        Driver
    }
}

pub(super) fn connect(url: &str) -> ConnectionResult<AsyncPgConnection> {
    let (config, tls) =
        parse(url).map_err(|e| ConnectionError::InvalidConnectionUrl(chain(&*e)))?;
    RUNTIME.block_on(async {
        let connect = async {
            let (client, connection) = config
                .connect(MakeRustlsConnect::new(tls))
                .await
                .map_err(|e| ConnectionError::BadConnection(chain(&e)))?;
            tokio::spawn(async move {
                if let Err(e) = connection.await {
                    tracing::warn!("PostgreSQL connection lost: {}", chain(&e));
                }
            });
            AsyncPgConnection::try_from(client).await
        };
        tokio::time::timeout(CONNECT_LIMIT, connect)
            .await
            .unwrap_or_else(|_| {
                Err(ConnectionError::BadConnection(format!(
                    "no answer within {CONNECT_LIMIT:?}"
                )))
            })
    })
}

/// tokio-postgres knows neither `verify-ca`, `verify-full` nor `sslrootcert`: they are taken out of the URL here.
fn parse(url: &str) -> Result<(Config, ClientConfig), AnyError> {
    let (base, query) = url.split_once('?').unwrap_or((url, ""));
    let (mut mode, mut root_file, mut rest) = ("prefer", None, Vec::new());
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        match pair.split_once('=') {
            Some(("sslmode", value)) => mode = value,
            Some(("sslrootcert", value)) => {
                root_file = Some(
                    percent_encoding::percent_decode_str(value)
                        .decode_utf8()?
                        .into_owned(),
                );
            }
            _ => rest.push(pair),
        }
    }
    let mut config: Config = format!("{base}?{}", rest.join("&"))
        .trim_end_matches('?')
        .parse()?;
    let (ssl_mode, chain_checked, name_checked) = match mode {
        "disable" => (SslMode::Disable, false, false),
        "prefer" => (SslMode::Prefer, false, false),
        "require" => (SslMode::Require, root_file.is_some(), false), // as libpq: a root file means verify-ca
        "verify-ca" => (SslMode::Require, true, false),
        "verify-full" => (SslMode::Require, true, true),
        other => {
            return Err(format!(
                "sslmode {other:?} is none of disable, prefer, require, verify-ca, verify-full"
            )
            .into());
        }
    };
    config.ssl_mode(ssl_mode);
    let trusted = if !chain_checked {
        Vec::new()
    } else if let Some(file) = &root_file {
        CertificateDer::pem_file_iter(file)
            .and_then(Iterator::collect)
            .map_err(|e| format!("sslrootcert {file}: {e}"))?
    } else {
        rustls_native_certs::load_native_certs().certs
    };
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(trusted.iter().cloned());
    if chain_checked && roots.is_empty() {
        return Err(format!(
            "sslmode={mode}: no trusted certificate in {}",
            root_file.as_deref().unwrap_or("the system's store")
        )
        .into());
    }
    let provider = Arc::new(ring::default_provider());
    let verifier = Verifier {
        provider: provider.clone(),
        roots,
        trusted,
        chain_checked,
        name_checked,
    };
    let tls = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    Ok((config, tls))
}

#[derive(Debug)]
struct Verifier {
    provider: Arc<CryptoProvider>,
    roots: RootCertStore,
    trusted: Vec<CertificateDer<'static>>,
    chain_checked: bool,
    name_checked: bool,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        _ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        // A self-signed server certificate in the root file is trusted as it is, as libpq does;
        // webpki alone refuses it with CaUsedAsEndEntity when it says CA:TRUE, as `openssl req -x509` writes.
        if self.chain_checked && !self.trusted.contains(end_entity) {
            let certificate = ParsedCertificate::try_from(end_entity)?;
            let algorithms = self.provider.signature_verification_algorithms.all;
            verify_server_cert_signed_by_trust_anchor(
                &certificate,
                &self.roots,
                intermediates,
                now,
                algorithms,
            )?;
        }
        if self.name_checked {
            verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name)?;
        }
        Ok(ServerCertVerified::assertion())
    }
    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        if !self.chain_checked {
            return Ok(HandshakeSignatureValid::assertion());
        }
        verify_tls12_signature(
            message,
            certificate,
            signature,
            &self.provider.signature_verification_algorithms,
        )
    }
    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        if !self.chain_checked {
            return Ok(HandshakeSignatureValid::assertion());
        }
        verify_tls13_signature(
            message,
            certificate,
            signature,
            &self.provider.signature_verification_algorithms,
        )
    }
    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

/// The message with its causes: tokio-postgres prints only "error performing TLS handshake" or "db error" of its own.
fn chain(error: &(dyn Error + 'static)) -> String {
    std::iter::successors(Some(error), |e: &&(dyn Error + 'static)| (*e).source())
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}
