//! What became of each row, kept beside the raw rows, both compressed.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::intake::{Dropped, Note, Outcome, Reason};
use crate::platform::error::AppResult;

/// What became of one row. The rows of a chunk stand in the order of the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RowOutcome {
    /// Row or physical line.
    pub row_no: u64,
    /// Taken, rejected, no data.
    pub outcome: Outcome,
    /// Why it is rejected, or what is to be said of a valid one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// Values that were left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dropped: Vec<Dropped>,
    /// How some of it was read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
}

/// Compressed JSON.
pub fn pack(value: &impl Serialize) -> AppResult<Vec<u8>> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    serde_json::to_writer(&mut encoder, value)?;
    encoder.flush().map_err(anyhow::Error::from)?;
    Ok(encoder.finish().map_err(anyhow::Error::from)?)
}

/// The way back.
pub fn unpack<T: DeserializeOwned>(bytes: &[u8]) -> AppResult<T> {
    let mut text = Vec::new();
    DeflateDecoder::new(bytes)
        .read_to_end(&mut text)
        .map_err(anyhow::Error::from)?;
    Ok(serde_json::from_slice(&text)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::SkipKind;

    #[test]
    fn outcomes_are_small_and_come_back() {
        let rows: Vec<RowOutcome> = (1..=500)
            .map(|row_no| RowOutcome {
                row_no,
                outcome: if row_no == 1 {
                    Outcome::Skipped(SkipKind::Header)
                } else {
                    Outcome::Valid
                },
                reason: None,
                dropped: Vec::new(),
                notes: Vec::new(),
            })
            .collect();
        let packed = pack(&rows).unwrap();
        assert!(packed.len() < 4_000, "{}", packed.len());
        assert_eq!(unpack::<Vec<RowOutcome>>(&packed).unwrap(), rows);
    }
}
