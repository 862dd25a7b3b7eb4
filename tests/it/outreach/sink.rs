//! A mail server for tests: it answers by rule, hangs up at any stage, and writes down what it took.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What a rule sees of a letter, when its recipient is named.
pub struct Seen<'a> {
    pub to: &'a str,
    /// How often this recipient was named before.
    pub before: usize,
    /// Letters named before, to whomever.
    pub n: usize,
}

impl Seen<'_> {
    pub fn domain(&self) -> &str {
        self.to.rsplit('@').next().expect("a domain")
    }
}

/// What the server does with a letter.
#[derive(Debug, Clone)]
pub enum Verdict {
    Take,
    /// Takes it after a while.
    TakeAfter(Duration),
    /// This answer to the recipient.
    Say(&'static str),
    /// This answer to the body.
    SayToBody(&'static str),
    /// Hangs up when the recipient is named.
    HangUp,
    /// Takes it, writes it down, and hangs up without an answer.
    TakeAndHangUp,
}

/// A letter that was taken.
#[derive(Debug, Clone)]
pub struct Taken {
    /// Where it comes back to.
    pub from: String,
    pub to: String,
    pub bytes: Vec<u8>,
    pub at: Instant,
}

impl Taken {
    /// The delivery that it was made for: the person in its Message-ID.
    pub fn message_id(&self) -> String {
        let text = String::from_utf8_lossy(&self.bytes);
        let line = text.lines().find(|l| l.starts_with("Message-ID: "));
        line.expect("a Message-ID").to_owned()
    }
}

type Rule = Box<dyn Fn(&Seen<'_>) -> Verdict + Send + Sync>;

#[derive(Default)]
struct Book {
    taken: Vec<Taken>,
    named: HashMap<String, usize>,
    refused: Vec<(String, Instant)>,
    n: usize,
    connections: usize,
}

/// The server; it ends with its test.
pub struct Sink {
    pub port: u16,
    book: Arc<Mutex<Book>>,
    _runtime: tokio::runtime::Runtime,
}

impl Sink {
    pub fn start(rule: impl Fn(&Seen<'_>) -> Verdict + Send + Sync + 'static) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let listener = runtime
            .block_on(TcpListener::bind("127.0.0.1:0"))
            .expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let book = Arc::new(Mutex::new(Book::default()));
        let (kept, rule) = (book.clone(), Arc::new(Box::new(rule) as Rule));
        runtime.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let habits = {
                    let mut book = kept.lock().expect("a book");
                    book.connections += 1;
                    Habits::of(book.connections)
                };
                let (book, rule) = (kept.clone(), rule.clone());
                // Whoever hangs up ends the talk; that is no fault of the server.
                tokio::spawn(async move { talk(stream, habits, &book, &rule).await.ok() });
            }
        });
        Self {
            port,
            book,
            _runtime: runtime,
        }
    }

    /// Takes everything.
    pub fn open() -> Self {
        Self::start(|_| Verdict::Take)
    }

    /// For `CANVASS_SMTP_URL`.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// What was taken so far.
    pub fn taken(&self) -> Vec<Taken> {
        self.book.lock().expect("a book").taken.clone()
    }

    /// To whom letters went so far, with the moment.
    pub fn arrived(&self) -> Vec<(String, Instant)> {
        let book = self.book.lock().expect("a book");
        let each = book
            .taken
            .iter()
            .map(|letter| (letter.to.clone(), letter.at));
        each.collect()
    }

    /// How many were taken so far.
    pub fn count(&self) -> usize {
        self.book.lock().expect("a book").taken.len()
    }

    /// Recipients that were refused, with the moment.
    pub fn refused(&self) -> Vec<(String, Instant)> {
        self.book.lock().expect("a book").refused.clone()
    }

    /// Connections so far.
    pub fn connections(&self) -> usize {
        self.book.lock().expect("a book").connections
    }

    /// How often each recipient got a letter.
    pub fn copies(&self) -> HashMap<String, usize> {
        let mut copies = HashMap::new();
        for letter in self.taken() {
            *copies.entry(letter.to).or_default() += 1;
        }
        copies
    }

    /// Nobody got two.
    #[track_caller]
    pub fn nobody_got_two(&self) {
        let twice: Vec<_> = self.copies().into_iter().filter(|(_, n)| *n > 1).collect();
        assert!(twice.is_empty(), "{twice:?}");
    }
}

/// What servers do differently. Each connection meets another one, so that every test meets them all.
struct Habits {
    /// Takes several commands at once.
    pipelines: bool,
    /// Asks for the body of a letter also where it refused the recipient, and counts as taken what comes then.
    always_asks: bool,
}

impl Habits {
    fn of(connection: usize) -> Self {
        Self {
            pipelines: !connection.is_multiple_of(3),
            always_asks: connection % 3 == 1,
        }
    }
}

async fn talk(
    stream: TcpStream,
    habits: Habits,
    book: &Mutex<Book>,
    rule: &Rule,
) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(stream);
    say(&mut stream, "220 sink").await?;
    let (mut from, mut to, mut verdict) = (String::new(), String::new(), Verdict::Take);
    let mut line = String::new();
    loop {
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let word = line.split([' ', ':']).next().unwrap_or_default();
        match word.trim().to_uppercase().as_str() {
            "EHLO" if habits.pipelines => {
                say(&mut stream, "250-sink\r\n250-PIPELINING\r\n250 8BITMIME").await?;
            }
            "EHLO" => say(&mut stream, "250-sink\r\n250 8BITMIME").await?,
            "MAIL" => {
                from = address(&line);
                say(&mut stream, "250 ok").await?;
            }
            "RCPT" => {
                to = address(&line);
                verdict = judge(book, rule, &to);
                match &verdict {
                    Verdict::HangUp => return Ok(()),
                    Verdict::Say(answer) => say(&mut stream, answer).await?,
                    _ => say(&mut stream, "250 ok").await?,
                }
            }
            "DATA" if matches!(verdict, Verdict::Say(_)) && !habits.always_asks => {
                say(&mut stream, "554 5.5.1 no valid recipients").await?;
            }
            "DATA" => {
                say(&mut stream, "354 go on").await?;
                let bytes = body(&mut stream).await?;
                if let Verdict::TakeAfter(pause) = verdict {
                    tokio::time::sleep(pause).await;
                }
                if let Verdict::SayToBody(answer) = verdict {
                    say(&mut stream, answer).await?;
                    continue;
                }
                book.lock().expect("a book").taken.push(Taken {
                    from: from.clone(),
                    to: to.clone(),
                    bytes,
                    at: Instant::now(),
                });
                if matches!(verdict, Verdict::TakeAndHangUp) {
                    return Ok(());
                }
                say(&mut stream, "250 2.0.0 Ok: queued").await?;
            }
            "QUIT" => return say(&mut stream, "221 bye").await,
            _ => say(&mut stream, "250 ok").await?,
        }
    }
}

fn judge(book: &Mutex<Book>, rule: &Rule, to: &str) -> Verdict {
    let mut book = book.lock().expect("a book");
    let n = book.n;
    book.n += 1;
    let named = book.named.entry(to.to_owned()).or_default();
    let before = *named;
    *named += 1;
    let verdict = rule(&Seen { to, before, n });
    if matches!(verdict, Verdict::Say(_) | Verdict::SayToBody(_)) {
        book.refused.push((to.to_owned(), Instant::now()));
    }
    verdict
}

fn address(line: &str) -> String {
    let inner = line
        .split('<')
        .nth(1)
        .and_then(|rest| rest.split('>').next());
    inner.unwrap_or_default().to_owned()
}

async fn say(stream: &mut BufReader<TcpStream>, text: &str) -> std::io::Result<()> {
    let line = format!("{text}\r\n");
    stream.get_mut().write_all(line.as_bytes()).await
}

/// The body up to the final dot; what comes behind it are commands.
async fn body(stream: &mut BufReader<TcpStream>) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(8 << 10);
    while !bytes.ends_with(b"\r\n.\r\n") {
        if stream.read_until(b'\n', &mut bytes).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
    bytes.truncate(bytes.len() - 3);
    Ok(bytes)
}
