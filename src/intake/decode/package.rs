//! A look into a packed workbook before anything is unpacked: is it whole, what is it, how big does it become.

use std::io::{self, Read};

use flate2::read::DeflateDecoder;

/// No part of a workbook may unpack to more than this many bytes.
const MAX_UNPACKED: u64 = 768 << 20;
/// A smaller packed part cannot get there (deflate reaches about 1,030 : 1).
const HARMLESS: usize = 512 << 10;

/// What a package holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Package {
    Xlsx,
    Xlsb,
    Ods,
    /// Some other package: a text document, a plain archive.
    Other,
}

/// Why a package is not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PackageFault {
    /// Its table of contents is missing or points outside: the file was cut off.
    Truncated,
    TooLarge,
}

struct Part<'a> {
    name: &'a [u8],
    method: u16,
    packed: &'a [u8],
}

/// Judges a package by its table of contents, and large parts by really unpacking them.
pub(crate) fn examine(bytes: &[u8]) -> Result<Package, PackageFault> {
    let parts = parts(bytes).ok_or(PackageFault::Truncated)?;
    for part in &parts {
        let used = part.name.ends_with(b".xml") || part.name.ends_with(b".bin");
        if used && part.packed.len() > HARMLESS && unpacked_size(part) > MAX_UNPACKED {
            return Err(PackageFault::TooLarge);
        }
    }
    let has = |name: &[u8]| {
        parts
            .iter()
            .any(|part| part.name.eq_ignore_ascii_case(name))
    };
    Ok(match () {
        () if has(b"xl/workbook.xml") => Package::Xlsx,
        () if has(b"xl/workbook.bin") => Package::Xlsb,
        () if parts
            .iter()
            .any(|part| part.name == b"mimetype" && part.packed.ends_with(b".spreadsheet")) =>
        {
            Package::Ods
        }
        () if parts.iter().any(|part| part.name.starts_with(b"xl/")) => Package::Xlsx,
        () => Package::Other,
    })
}

fn parts(bytes: &[u8]) -> Option<Vec<Part<'_>>> {
    let from = bytes.len().saturating_sub(22 + 0xFFFF);
    let end = (from..bytes.len().saturating_sub(21))
        .rev()
        .find(|at| bytes[*at..].starts_with(b"PK\x05\x06"))?;
    let (count, mut at) = (u16_at(bytes, end + 10)?, u32_at(bytes, end + 16)? as usize);
    let mut parts = Vec::with_capacity(usize::from(count));
    for _ in 0..count {
        if bytes.get(at..at + 4)? != b"PK\x01\x02" {
            return None;
        }
        let method = u16_at(bytes, at + 10)?;
        let packed = u32_at(bytes, at + 20)? as usize;
        let lengths = [
            u16_at(bytes, at + 28)?,
            u16_at(bytes, at + 30)?,
            u16_at(bytes, at + 32)?,
        ]
        .map(usize::from);
        let local = u32_at(bytes, at + 42)? as usize;
        let name = bytes.get(at + 46..at + 46 + lengths[0])?;
        let data = local
            + 30
            + usize::from(u16_at(bytes, local + 26)?)
            + usize::from(u16_at(bytes, local + 28)?);
        parts.push(Part {
            name,
            method,
            packed: bytes.get(data..data.checked_add(packed)?)?,
        });
        at += 46 + lengths.iter().sum::<usize>();
    }
    Some(parts)
}

/// What the table of contents says may be a lie.
fn unpacked_size(part: &Part<'_>) -> u64 {
    if part.method == 0 {
        return part.packed.len() as u64;
    }
    let mut unpacked = DeflateDecoder::new(part.packed).take(MAX_UNPACKED + 1);
    io::copy(&mut unpacked, &mut io::sink()).unwrap_or(0)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_cut_package_is_seen() {
        assert_eq!(
            examine(b"PK\x03\x04 and then nothing"),
            Err(PackageFault::Truncated)
        );
        assert_eq!(examine(b""), Err(PackageFault::Truncated));
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(mut bytes in proptest::collection::vec(any::<u8>(), 0..200), tail in any::<[u8; 18]>()) {
            bytes.extend_from_slice(b"PK\x05\x06");
            bytes.extend_from_slice(&tail);
            let _ = examine(&bytes);
        }
    }
}
