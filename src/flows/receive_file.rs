//! A file on its way into the database: opened as a draft, stored piece by piece in short writes.

use std::io::Read;

use sha2::{Digest, Sha256};

use crate::accounts::Actor;
use crate::intake::actions as intake;
use crate::intake::model::{Batch, NewBatch};
use crate::platform::clock;
use crate::platform::db::Db;
use crate::platform::error::{AppError, AppResult};

/// Stores a file. What follows is up to the caller: a look, or the queue.
pub fn receive_file(
    db: &Db,
    actor: &Actor,
    new: NewBatch,
    mut file: impl Read,
) -> AppResult<Batch> {
    let opened_by = actor.clone();
    let batch = db.write_blocking(move |conn| {
        let now = clock::now(conn)?;
        intake::open_batch(conn, now, &opened_by, &new)
    })?;
    let (batch_id, mut hasher, mut no) = (batch.id, Sha256::new(), 0);
    loop {
        let mut piece = Vec::with_capacity(intake::PIECE);
        let mut part = file.by_ref().take(intake::PIECE as u64);
        let count = part.read_to_end(&mut piece).map_err(anyhow::Error::from)?;
        if count == 0 {
            break;
        }
        hasher.update(&piece);
        let body = intake::deflate(&piece)?;
        db.write_blocking(move |conn| intake::add_piece(conn, batch_id, no, count, body))?;
        no += 1;
    }
    let hash = hasher.finalize().to_vec();
    db.write_blocking(move |conn| {
        intake::close_upload(conn, batch_id, hash)?;
        Ok::<_, AppError>(intake::batch(conn, batch_id)?.0)
    })
}

/// Confirms a draft. Answers the job to follow.
pub fn confirm(db: &Db, actor: &Actor, batch_id: i64) -> AppResult<i64> {
    let actor = actor.clone();
    db.write_blocking(move |conn| {
        let now = clock::now(conn)?;
        intake::queue(conn, now, &actor, batch_id)
    })
}
