//! The bytes of a list in the database, in deflated pieces of one megabyte.

use std::io::{self, Read};

use diesel::prelude::*;
use flate2::read::DeflateDecoder;

use crate::intake::decode::source::ByteSource;
use crate::platform::db::{Conn, Db};
use crate::platform::error::AppError;
use crate::schema::upload_chunk;

pub(crate) fn insert(
    conn: &mut Conn,
    batch_id: i64,
    no: i32,
    bytes: i32,
    body: Vec<u8>,
) -> QueryResult<usize> {
    diesel::insert_into(upload_chunk::table)
        .values((
            upload_chunk::batch_id.eq(batch_id),
            upload_chunk::no.eq(no),
            upload_chunk::bytes.eq(bytes),
            upload_chunk::body.eq(body),
        ))
        .execute(conn)
}

fn sizes(conn: &mut Conn, batch_id: i64) -> QueryResult<Vec<i32>> {
    upload_chunk::table
        .filter(upload_chunk::batch_id.eq(batch_id))
        .select(upload_chunk::bytes)
        .order(upload_chunk::no)
        .load(conn)
}

fn piece(conn: &mut Conn, batch_id: i64, no: i32) -> QueryResult<Option<Vec<u8>>> {
    upload_chunk::table
        .find((batch_id, no))
        .select(upload_chunk::body)
        .first(conn)
        .optional()
}

pub(crate) fn remove(conn: &mut Conn, batch_id: i64) -> QueryResult<usize> {
    diesel::delete(upload_chunk::table.filter(upload_chunk::batch_id.eq(batch_id))).execute(conn)
}

/// An uploaded list as a source of bytes: pieces are fetched while it is read, so that memory holds one at a time.
#[derive(Clone)]
pub struct UploadSource {
    db: Db,
    batch_id: i64,
    len: u64,
}

impl UploadSource {
    /// The upload of a batch.
    pub fn new(db: &Db, batch_id: i64) -> Result<Self, AppError> {
        let sizes = db.read_blocking(|conn| Ok::<_, AppError>(sizes(conn, batch_id)?))?;
        let len = sizes
            .iter()
            .map(|bytes| u64::try_from(*bytes).unwrap_or(0))
            .sum();
        Ok(Self {
            db: db.clone(),
            batch_id,
            len,
        })
    }
}

impl ByteSource for UploadSource {
    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(Pieces {
            source: self.clone(),
            next: 0,
            piece: io::Cursor::new(Vec::new()),
        }))
    }

    fn len(&self) -> u64 {
        self.len
    }
}

struct Pieces {
    source: UploadSource,
    next: i32,
    piece: io::Cursor<Vec<u8>>,
}

impl Read for Pieces {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let count = self.piece.read(into)?;
            if count > 0 || into.is_empty() {
                return Ok(count);
            }
            let (id, no) = (self.source.batch_id, self.next);
            let packed = self
                .source
                .db
                .read_blocking(|conn| Ok::<_, AppError>(piece(conn, id, no)?));
            let Some(packed) = packed.map_err(io::Error::other)? else {
                return Ok(0);
            };
            let mut bytes = Vec::new();
            DeflateDecoder::new(&packed[..]).read_to_end(&mut bytes)?;
            self.piece = io::Cursor::new(bytes);
            self.next += 1;
        }
    }
}
