//! The sample lists that come with the product: tried with one click, and removed with one.

use actix_web::{HttpResponse, web};
use rust_embed::RustEmbed;
use serde::{Deserialize, Serialize};

use super::receive_file::{confirm, receive_file};
use crate::accounts::{Actor, SignedIn, Verb, redirect_with};
use crate::calling::actions::{campaign, set_campaign_state};
use crate::calling::model::CampaignState;
use crate::intake::actions as intake;
use crate::intake::model::{BatchKind, BatchState, NewBatch, NewSource, ReadOptions};
use crate::platform::clock;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult};
use crate::platform::form::Pairs;
use crate::platform::page::Flash;
use crate::platform::settings::{self, Setting};

#[derive(RustEmbed)]
#[folder = "import_samples"]
struct Files;

/// A list as it would be imported by hand.
#[derive(Debug)]
pub struct Sample {
    /// Inside `import_samples`.
    file: &'static str,
    kind: BatchKind,
    channel: &'static str,
    source: &'static str,
    ground: Option<&'static str>,
    /// In minor units.
    cost: Option<i64>,
}

/// All of them, in the order in which they are imported.
#[rustfmt::skip] // one list a line, read as a table
pub const LISTS: [Sample; 6] = [
    Sample { file: "customers/customers.csv", kind: BatchKind::Customers, channel: "OWN", source: "老客户名册", ground: Some("contract"), cost: None },
    Sample { file: "do_not_call/numbers.csv", kind: BatchKind::Suppressions, channel: "OWN", source: "免打扰登记", ground: None, cost: None },
    Sample { file: "expo/visitors.xlsx", kind: BatchKind::Leads, channel: "EXPO", source: "2026 长三角工业自动化展", ground: Some("card_exchange"), cost: Some(9_000_000) },
    Sample { file: "seminar/attendees.csv", kind: BatchKind::Leads, channel: "EXPO", source: "秋季降本研讨会", ground: Some("consent"), cost: Some(2_800_000) },
    Sample { file: "phones/companies.csv", kind: BatchKind::Leads, channel: "TEL", source: "华东机电电话名单", ground: Some("public_source"), cost: Some(600_000) },
    Sample { file: "english/leads.csv", kind: BatchKind::Leads, channel: "AD", source: "Overseas enquiries", ground: Some("inquiry"), cost: None },
];

/// What of the samples is in this database, kind `samples`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Samples {
    /// Their imports.
    pub batches: Vec<i64>,
    /// The campaign of the demo.
    pub campaign: Option<i64>,
}

impl Setting for Samples {
    const KIND: &'static str = "samples";
}

/// What is there of the samples and not taken back.
pub fn present(conn: &mut Conn) -> AppResult<Samples> {
    let mut samples = settings::load::<Samples>(conn)?.value;
    let mut live = Vec::new();
    for id in samples.batches {
        let state = intake::batch(conn, id)?.0.state();
        if !matches!(state, BatchState::Undoing | BatchState::Undone) {
            live.push(id);
        }
    }
    samples.batches = live;
    Ok(samples)
}

/// Remembers what was loaded, so that it can be removed.
pub fn remember(conn: &mut Conn, actor: &Actor, samples: &Samples) -> AppResult<()> {
    let (now, before) = (clock::now(conn)?, settings::load::<Samples>(conn)?);
    settings::save(conn, samples, before.version, actor.user_id, now)?;
    Ok(())
}

/// Sends one list into the queue of imports: its import and the job.
pub fn send(db: &Db, actor: &Actor, sample: &Sample) -> AppResult<(i64, i64)> {
    let bytes = Files::get(sample.file)
        .ok_or_else(AppError::not_found)?
        .data;
    let file_name = sample.file.rsplit('/').next().unwrap_or(sample.file);
    let new = NewBatch {
        source: NewSource {
            channel: sample.channel.into(),
            name: sample.source.into(),
            cost_minor: sample.cost,
            currency: None,
            ground: sample.ground.map(str::to_owned),
            collected_on: None,
        },
        kind: sample.kind,
        file_name: file_name.into(),
        options: ReadOptions::default(),
        collected_on: None,
        correction_of: None,
    };
    let batch = receive_file(db, actor, new, &*bytes)?;
    Ok((batch.id, confirm(db, actor, batch.id)?))
}

/// Sends every list; once is enough.
fn send_all(db: &Db, actor: &Actor) -> AppResult<()> {
    if !db.read_blocking(present)?.batches.is_empty() {
        return Err(AppError::conflict("samples_there"));
    }
    let mut samples = Samples::default();
    for list in &LISTS {
        samples.batches.push(send(db, actor, list)?.0);
        // After each: what a fault leaves behind can be removed, too.
        let (actor, sent) = (actor.clone(), samples.clone());
        db.write_blocking(move |conn| remember(conn, &actor, &sent))?;
    }
    Ok(())
}

/// Takes the lists back and closes the campaign that stands on them. Says how many lists.
fn remove_all(conn: &mut Conn, actor: &Actor) -> AppResult<usize> {
    let (now, samples) = (clock::now(conn)?, present(conn)?);
    for id in &samples.batches {
        intake::ask_undo(conn, now, actor, *id)?;
    }
    if let Some(id) = samples.campaign
        && campaign(conn, id)?.state != CampaignState::Closed.code()
    {
        set_campaign_state(conn, now, actor, id, CampaignState::Closed)?;
    }
    Ok(samples.batches.len())
}

async fn load(me: SignedIn, db: web::Data<Db>, _form: Pairs) -> AppResult<HttpResponse> {
    me.require(Verb::Import)?;
    let (actor, db) = (me.actor.clone(), db.get_ref().clone());
    web::block(move || send_all(&db, &actor))
        .await
        .map_err(anyhow::Error::from)??;
    let flash = Flash::new("info", me.lang().text("samples-loading"));
    Ok(redirect_with("/imports", &flash))
}

async fn remove(me: SignedIn, db: web::Data<Db>, _form: Pairs) -> AppResult<HttpResponse> {
    me.require(Verb::Import)?;
    let actor = me.actor.clone();
    let n = db.write(move |conn| remove_all(conn, &actor)).await?;
    let flash = Flash::new("info", me.context().t1("samples-removing", "n", n));
    Ok(redirect_with("/imports", &flash))
}

/// Routes of this flow.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .route("/samples", web::post().to(load))
        .route("/samples/remove", web::post().to(remove));
}
