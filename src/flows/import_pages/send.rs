//! The first step of an import: the file, and where it comes from. Nothing but a draft is stored.

use actix_multipart::Multipart;
use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::NaiveDate;

use super::upload::{Upload, receive};
use crate::accounts::{SignedIn, Verb};
use crate::flows::import_job::refuse_unreadable;
use crate::flows::receive_file::receive_file;
use crate::intake::model::{Batch, BatchKind, NewBatch, NewSource, ReadOptions, Source};
use crate::platform::calendar::zone;
use crate::platform::db::Db;
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::ExpectedCsrf;
use crate::platform::page::{PageContext, html, html_with, see_other};
use crate::platform::{money, problem};

/// Legal grounds in the order in which they are offered.
const GROUNDS: [&str; 6] = [
    "consent",
    "contract",
    "inquiry",
    "card_exchange",
    "public_source",
    "referral",
];

#[derive(Template)]
#[template(path = "intake/new.html")]
struct FilePage {
    ctx: PageContext,
    channels: [&'static str; 8],
    grounds: [&'static str; 6],
    kinds: [BatchKind; 3],
    typed: Vec<(String, String)>,
    /// The field that is wrong, and what is wrong with it.
    fault: Option<(String, String)>,
}

impl FilePage {
    fn new(me: &SignedIn, typed: Vec<(String, String)>) -> Self {
        Self {
            ctx: me.context(),
            channels: Source::CHANNELS,
            grounds: GROUNDS,
            kinds: BatchKind::ALL,
            typed,
            fault: None,
        }
    }

    fn typed(&self, name: &str) -> &str {
        let typed = self.typed.iter().find(|(n, _)| n == name);
        typed.map_or("", |(_, value)| value.as_str())
    }

    fn fault(&self, name: &str) -> Option<&str> {
        let fault = self.fault.as_ref().filter(|(field, _)| field == name);
        fault.map(|(_, text)| text.as_str())
    }
}

/// `GET /imports/new`: the file and where it comes from.
pub(super) async fn file(me: SignedIn) -> AppResult<HttpResponse> {
    me.require(Verb::Import)?;
    let today = zone::to_local(me.context().zone, me.now).date();
    let usual = [
        ("channel", "EXPO".to_owned()),
        ("collected_on", today.to_string()),
    ];
    let usual = usual.map(|(name, value)| (name.to_owned(), value));
    html(&FilePage::new(&me, usual.into()))
}

/// `POST /imports`: stores the file as a draft, or refuses one that nobody can read. What is wrong is said beside its
/// field; what was typed stays, only the file has to be chosen again.
pub(super) async fn send(
    me: SignedIn,
    db: web::Data<Db>,
    csrf: ExpectedCsrf,
    form: Multipart,
) -> AppResult<HttpResponse> {
    me.require(Verb::Import)?;
    let upload = receive(form, Some(&csrf.0)).await?;
    let typed = upload.fields.clone();
    match keep(&me, &db, upload).await {
        Ok((batch, true)) => Ok(see_other(&format!("/imports/{}", batch.id))),
        Ok((batch, false)) => Ok(see_other(&format!("/imports/{}/columns", batch.id))),
        Err(error) => again(&me, typed, error),
    }
}

/// The import, and whether its file was refused.
async fn keep(me: &SignedIn, db: &Db, upload: Upload) -> AppResult<(Batch, bool)> {
    let new = new_batch(&upload)?;
    let file = upload.into_file()?;
    let (db, actor) = (db.clone(), me.actor.clone());
    let stored = move || -> AppResult<(Batch, bool)> {
        let batch = receive_file(&db, &actor, new, file)?;
        let is_refused = refuse_unreadable(&db, batch.id)?;
        Ok((batch, is_refused))
    };
    web::block(stored)
        .await
        .map_err(|e| AppError::Internal(e.into()))?
}

fn again(me: &SignedIn, typed: Vec<(String, String)>, error: AppError) -> AppResult<HttpResponse> {
    let Some(refusal) = error.refusal() else {
        return Err(error);
    };
    let Some((_, field)) = refusal.args.iter().find(|(name, _)| *name == "field") else {
        return Err(error);
    };
    let mut page = FilePage::new(me, typed);
    page.fault = Some((field.clone(), problem::in_words(me.lang(), refusal)));
    html_with(refusal.status, &page)
}

/// What the fields of an upload say about its import.
pub(in crate::flows) fn new_batch(upload: &Upload) -> AppResult<NewBatch> {
    let kind = upload.get("kind").and_then(BatchKind::parse);
    let collected_on = upload
        .get("collected_on")
        .map(str::parse::<NaiveDate>)
        .transpose()
        .map_err(|_| AppError::invalid("day_unreadable", "collected_on"))?;
    let cost =
        |text| money::minor(text).ok_or_else(|| AppError::invalid("source_cost_wrong", "cost"));
    let cost_minor = upload.get("cost").map(cost).transpose()?;
    let ground = upload
        .get("legal_ground")
        .filter(|g| GROUNDS.contains(g))
        .map(str::to_owned);
    let stem = upload
        .file_name
        .rsplit_once('.')
        .map_or(upload.file_name.as_str(), |(stem, _)| stem);
    Ok(NewBatch {
        source: NewSource {
            channel: upload.get("channel").unwrap_or("OWN").to_owned(),
            name: upload.get("source").unwrap_or(stem).to_owned(),
            cost_minor,
            currency: None,
            ground,
            collected_on,
        },
        kind: kind.unwrap_or(BatchKind::Leads),
        file_name: upload.file_name.clone(),
        options: ReadOptions::default(),
        collected_on,
        correction_of: upload.get("correction_of").and_then(|t| t.parse().ok()),
    })
}
