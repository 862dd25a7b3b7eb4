//! A mail server that takes everything and keeps nothing but sums.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

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

/// A connection, and what came last over it.
struct Talk {
    stream: TcpStream,
    buffer: Vec<u8>,
}

async fn talk(stream: TcpStream, taken: &Taken) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut talk = Talk {
        stream,
        buffer: Vec::with_capacity(16 << 10),
    };
    talk.say("220 sink\r\n").await?;
    loop {
        let mut answers = String::new();
        let mut next = Next::Commands;
        // A sender that waits for each answer sends one line, a faster one all up to the body.
        for line in talk
            .until(b"\r\n")
            .await?
            .split_inclusive(|byte| *byte == b'\n')
        {
            let verb = line.get(..4).unwrap_or_default().to_ascii_uppercase();
            answers.push_str(match verb.as_slice() {
                b"EHLO" => "250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n",
                b"DATA" => {
                    next = Next::Body;
                    "354 go on\r\n"
                }
                b"QUIT" => {
                    next = Next::End;
                    "221 bye\r\n"
                }
                _ => "250 ok\r\n",
            });
        }
        talk.say(&answers).await?;
        match next {
            Next::Commands => {}
            Next::Body => {
                let bytes = talk.until(b"\r\n.\r\n").await?.len();
                talk.say("250 ok\r\n").await?;
                taken.take(bytes);
            }
            Next::End => return Ok(()),
        }
    }
}

/// What comes behind some commands.
enum Next {
    Commands,
    Body,
    End,
}

impl Taken {
    fn take(&self, bytes: usize) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        self.letters.fetch_add(1, Ordering::Relaxed);
    }
}

impl Talk {
    async fn say(&mut self, text: &str) -> std::io::Result<()> {
        self.stream.write_all(text.as_bytes()).await
    }

    /// Everything up to an end, and the end. Nothing comes behind it: no sender goes on before the answer to a body, or to
    /// its announcement. So nothing is searched, which would cost more than the rest of the server.
    async fn until(&mut self, end: &[u8]) -> std::io::Result<&[u8]> {
        self.buffer.clear();
        while !self.buffer.ends_with(end) {
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(std::io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(self.buffer.as_slice())
    }
}
