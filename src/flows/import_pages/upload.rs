//! A form with a file: small fields in memory, the file on disk, whatever its size.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};

use actix_multipart::Multipart;
use futures_util::StreamExt;

use crate::platform::error::{AppError, AppResult};
use crate::platform::form::same;

/// Largest text field.
const FIELD_LIMIT: usize = 64 << 10;

/// What was sent.
pub(in crate::flows) struct Upload {
    /// Text fields as they were typed.
    pub fields: Vec<(String, String)>,
    /// Name of the file as the sender calls it; empty without one.
    pub file_name: String,
    file: Option<File>,
}

impl Upload {
    /// A text field, trimmed; `None` when it is absent or empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.trim())
            .filter(|v| !v.is_empty())
    }

    /// The file, at its beginning; gone when it is dropped.
    pub fn into_file(self) -> AppResult<File> {
        self.file
            .ok_or_else(|| AppError::invalid("import_needs_file", "file"))
    }
}

/// Reads the form. A page's token must come before the file, so that a stranger's file is not even stored; a program
/// has shown its own token before.
pub(in crate::flows) async fn receive(
    mut form: Multipart,
    csrf: Option<&str>,
) -> AppResult<Upload> {
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut file = None;
    while let Some(part) = form.next().await {
        let mut part =
            part.map_err(|e| AppError::bad_request("form_unreadable").with("detail", e))?;
        let disposition = part.content_disposition().cloned();
        let name = disposition
            .as_ref()
            .and_then(|d| d.get_name())
            .unwrap_or_default()
            .to_owned();
        let sent_as = disposition
            .as_ref()
            .and_then(|d| d.get_filename())
            .map(str::to_owned);
        if let Some(sent_as) = sent_as {
            let token = fields
                .iter()
                .find(|(n, _)| n == "csrf")
                .map(|(_, v)| v.as_str())
                .unwrap_or_default();
            if csrf.is_some_and(|csrf| !same(token, csrf)) {
                return Err(AppError::refuse(
                    actix_web::http::StatusCode::FORBIDDEN,
                    "form_outdated",
                ));
            }
            let mut spool = tempfile::tempfile().map_err(anyhow::Error::from)?;
            while let Some(bytes) = part.next().await {
                let bytes = bytes
                    .map_err(|e| AppError::bad_request("form_unreadable").with("detail", e))?;
                spool.write_all(&bytes).map_err(anyhow::Error::from)?;
            }
            spool
                .seek(SeekFrom::Start(0))
                .map_err(anyhow::Error::from)?;
            if !sent_as.is_empty() {
                file = Some((base_name(&sent_as), spool));
            }
            continue;
        }
        let mut value = Vec::new();
        while let Some(bytes) = part.next().await {
            let bytes =
                bytes.map_err(|e| AppError::bad_request("form_unreadable").with("detail", e))?;
            value.extend_from_slice(&bytes);
            if value.len() > FIELD_LIMIT {
                return Err(AppError::bad_request("form_too_large"));
            }
        }
        fields.push((name, String::from_utf8_lossy(&value).replace('\0', "")));
    }
    let (file_name, file) = file.unzip();
    Ok(Upload {
        fields,
        file_name: file_name.unwrap_or_default(),
        file,
    })
}

/// Some browsers send a path.
fn base_name(name: &str) -> String {
    name.rsplit(['/', '\\'])
        .next()
        .unwrap_or(name)
        .chars()
        .filter(|c| *c != '\0')
        .take(200)
        .collect()
}
