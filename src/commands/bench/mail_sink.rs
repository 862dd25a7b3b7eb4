//! A mail server that takes everything and keeps nothing but sums.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use memchr::memmem;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;

#[derive(Default)]
struct Taken {
    letters: AtomicUsize,
    bytes: AtomicUsize,
}

/// The server; it ends when it is dropped.
pub(super) struct Sink {
    pub(super) port: u16,
    taken: Arc<Taken>,
    _runtime: Runtime,
}

impl Sink {
    pub(super) fn start() -> anyhow::Result<Self> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("bench-sink")
            .enable_all()
            .build()?;
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0"))?;
        let port = listener.local_addr()?.port();
        let taken = Arc::new(Taken::default());
        let all = taken.clone();
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let taken = all.clone();
                // A sender that hangs up ends the talk.
                tokio::spawn(async move { talk(stream, &taken).await.ok() });
            }
        });
        Ok(Self {
            port,
            taken,
            _runtime: runtime,
        })
    }

    /// Bytes of a letter on average.
    pub(super) fn mean_bytes(&self) -> usize {
        let letters = self.taken.letters.load(Ordering::Relaxed);
        self.taken.bytes.load(Ordering::Relaxed) / letters.max(1)
    }
}

/// A connection, and what has come over it.
struct Talk {
    stream: TcpStream,
    buffer: Vec<u8>,
    /// So much of it was read.
    read: usize,
    /// Answers that have not left.
    answers: String,
}

async fn talk(stream: TcpStream, taken: &Taken) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut talk = Talk {
        stream,
        buffer: Vec::with_capacity(16 << 10),
        read: 0,
        answers: String::new(),
    };
    talk.say("220 sink\r\n").await?;
    loop {
        let line = talk.until(b"\r\n").await?;
        let verb = line.get(..4).unwrap_or_default().to_ascii_uppercase();
        match verb.as_slice() {
            b"EHLO" => {
                talk.say("250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n")
                    .await?
            }
            b"DATA" => {
                talk.say("354 go on\r\n").await?;
                let bytes = talk.until(b"\r\n.\r\n").await?.len();
                talk.say("250 ok\r\n").await?;
                taken.take(bytes);
            }
            b"QUIT" => return talk.say("221 bye\r\n").await,
            _ => talk.say("250 ok\r\n").await?,
        }
    }
}

impl Taken {
    fn take(&self, bytes: usize) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        self.letters.fetch_add(1, Ordering::Relaxed);
    }
}

impl Talk {
    /// Answers leave together, once everything that came is read.
    async fn say(&mut self, text: &str) -> std::io::Result<()> {
        self.answers.push_str(text);
        if self.read < self.buffer.len() {
            return Ok(());
        }
        self.stream.write_all(self.answers.as_bytes()).await?;
        self.answers.clear();
        Ok(())
    }

    /// Everything up to an end, and the end.
    async fn until(&mut self, end: &[u8]) -> std::io::Result<&[u8]> {
        if self.read == self.buffer.len() {
            self.buffer.clear();
            self.read = 0;
        }
        let from = self.read;
        loop {
            if let Some(at) = memmem::find(&self.buffer[from..], end) {
                self.read = from + at + end.len();
                return Ok(&self.buffer[from..self.read]);
            }
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
        }
    }
}
