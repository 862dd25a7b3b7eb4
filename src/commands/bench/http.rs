//! The real server on a port of its own, and a browser without eyes.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::mpsc::channel;
use std::time::Duration;

use actix_web::dev::ServerHandle;

use crate::platform::config::{HttpConfig, OfficeConfig};
use crate::platform::db::Db;
use crate::platform::http;
use crate::platform::mailer::{MailConfig, Mailer};

/// A server that ends when it is dropped.
pub(super) struct Served {
    address: String,
    handle: ServerHandle,
}

impl Served {
    pub(super) fn start(db: &Db) -> anyhow::Result<Self> {
        let (tell, told) = channel();
        let db = db.clone();
        std::thread::Builder::new()
            .name("bench-server".into())
            .spawn(move || {
                let folder = std::env::temp_dir();
                let mailer = Mailer::new(&MailConfig::default(), &folder, None)?;
                actix_web::rt::System::new().block_on(async move {
                    let listening =
                        http::listen(&db, &config(), &OfficeConfig::default(), &mailer)?;
                    // Whoever waits for it has given up where this fails.
                    let _ = tell.send((listening.url, listening.server.handle()));
                    listening.server.await.map_err(anyhow::Error::from)
                })
            })?;
        let (url, handle) = told.recv_timeout(Duration::from_secs(20))?;
        let address = url.trim_start_matches("http://").to_owned();
        Ok(Self { address, handle })
    }

    /// The page as the user of this session sees it; anything but 200 is an error.
    pub(super) fn get(&self, path: &str, cookie: &str) -> anyhow::Result<usize> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_nodelay(true)?;
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: {}\r\nCookie: canvass_session={cookie}\r\nAccept-Language: zh-CN\r\nConnection: close\r\n\r\n",
            self.address
        )?;
        let mut answer = Vec::with_capacity(64 << 10);
        stream.read_to_end(&mut answer)?;
        let status = answer.get(9..12).unwrap_or_default();
        anyhow::ensure!(
            status == b"200",
            "{path} answered {}",
            String::from_utf8_lossy(status)
        );
        Ok(answer.len())
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        drop(self.handle.stop(false));
    }
}

fn config() -> HttpConfig {
    HttpConfig {
        listen: "127.0.0.1:0".into(),
        public_url: None,
        workers: None,
        role: "all".into(),
        trusted_proxies: Vec::new(),
        tls_cert: None,
        tls_key: None,
    }
}
