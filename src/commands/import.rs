//! `canvass import`: lists into the registry, each file a batch that can be taken back.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::Args;
use clap::builder::FalseyValueParser;
use serde_json::{Value, json};

use super::follow::{index_search, run_job};
use super::{Common, actor_of};
use crate::accounts::Actor;
use crate::flows::import_job::rehearse;
use crate::flows::receive_file::{confirm, receive_file};
use crate::intake::actions as intake;
use crate::intake::model::{
    Batch, BatchKind, Figures, NewBatch, NewSource, ReadOptions, Source, StoredPlan,
};
use crate::intake::{FileSource, HeaderRow, Mapping, SheetChoice};
use crate::platform::calendar::zone;
use crate::platform::clock;
use crate::platform::db::Db;
use crate::platform::error::AppError;
use crate::platform::i18n::Lang;
use crate::platform::office;
use crate::registry::rules::fold::source_rank;
use crate::registry::rules::phone::Home;

#[derive(Debug, Args)]
pub(super) struct ImportArgs {
    /// Lists: CSV, TSV, workbooks, web tables, vCards
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Channel the list came by
    #[arg(long, env = "CANVASS_CHANNEL", value_parser = Source::CHANNELS)]
    channel: String,
    /// Name of the list or event [default: the name of the file]
    #[arg(long, env = "CANVASS_SOURCE")]
    source: Option<String>,
    /// What the list cost, in whole units of the office's currency
    #[arg(long, env = "CANVASS_COST")]
    cost: Option<f64>,
    /// What its rows are
    #[arg(long, env = "CANVASS_KIND", default_value = "leads", value_parser = ["leads", "customers", "suppressions"])]
    kind: String,
    /// When the list was made [default: today]
    #[arg(long, env = "CANVASS_COLLECTED_ON")]
    collected_on: Option<NaiveDate>,
    /// E-mail address of who imports it
    #[arg(long, env = "CANVASS_USER")]
    user: Option<String>,
    /// Why its people may be reached; without it nobody of them may be called
    #[arg(long, env = "CANVASS_LEGAL_GROUND", value_parser = ["consent", "contract", "inquiry", "card_exchange", "public_source", "referral"])]
    legal_ground: Option<String>,
    /// Encoding of a text
    #[arg(long, env = "CANVASS_ENCODING", default_value = "auto")]
    encoding: String,
    /// Number or name of the sheet, or all [default: the first that holds a list]
    #[arg(long, env = "CANVASS_SHEET")]
    sheet: Option<SheetChoice>,
    /// Row of the headings: auto, none, or its number
    #[arg(long, env = "CANVASS_HEADER_ROW", default_value = "auto")]
    header_row: String,
    /// What the columns are: auto, or a JSON file
    #[arg(long, env = "CANVASS_MAPPING", default_value = "auto")]
    mapping: String,
    /// Read rows anew that are known already
    #[arg(long, env = "CANVASS_REMAP", value_parser = FalseyValueParser::new())]
    remap: bool,
    /// The batch whose rows this file corrects
    #[arg(long, env = "CANVASS_CORRECTION_OF")]
    correction_of: Option<i64>,
    /// Only say what would come of it
    #[arg(long, env = "CANVASS_DRY_RUN", value_parser = FalseyValueParser::new())]
    dry_run: bool,
}

pub(super) fn run(common: &Common, args: &ImportArgs) -> anyhow::Result<()> {
    let options = args.options()?;
    let db = common.open()?;
    let actor = actor_of(&db, args.user.as_deref())?;
    let mut told = Vec::new();
    let mut refused = Vec::new();
    for file in &args.files {
        let new = args.batch_for(file, &options);
        let done = if args.dry_run {
            dry_run(&db, file, new)?
        } else {
            import(&db, &actor, file, new)?
        };
        if let Some(why) = done.plan.refusal(Lang::En) {
            refused.push(format!("{}: {} {}", done.file, why.text, why.remedy));
        }
        if !common.json {
            println!("{}", done.line());
        }
        told.push(done.to_json());
    }
    if common.json {
        println!("{}", serde_json::to_string(&told)?);
    }
    if !args.dry_run {
        index_search(&db)?;
    }
    anyhow::ensure!(
        refused.is_empty(),
        "cannot be read as a list: {}",
        refused.join("; ")
    );
    Ok(())
}

impl ImportArgs {
    fn options(&self) -> anyhow::Result<ReadOptions> {
        let mapping = match self.mapping.as_str() {
            "auto" => None,
            file => {
                let text =
                    std::fs::read_to_string(file).map_err(|e| anyhow::anyhow!("{file}: {e}"))?;
                Some(Mapping::from_json(&text).map_err(|e| anyhow::anyhow!("{file}: {e}"))?)
            }
        };
        let header_row = match self.header_row.as_str() {
            "auto" => None,
            "none" => Some(HeaderRow::None),
            row => Some(HeaderRow::At(row.parse().map_err(|_| {
                anyhow::anyhow!("--header-row is auto, none or a number")
            })?)),
        };
        let encoding = Some(self.encoding.clone()).filter(|name| name != "auto");
        Ok(ReadOptions {
            encoding,
            delimiter: None,
            sheet: self.sheet.clone(),
            header_row,
            mapping,
            remap: self.remap,
            ..ReadOptions::default()
        })
    }

    fn batch_for(&self, file: &Path, options: &ReadOptions) -> NewBatch {
        let file_name = name_of(file);
        NewBatch {
            source: NewSource {
                channel: self.channel.clone(),
                name: self.source.clone().unwrap_or_else(|| file_name.clone()),
                cost_minor: self.cost.map(|units| (units * 100.0).round() as i64),
                currency: None,
                ground: self.legal_ground.clone(),
                collected_on: self.collected_on,
            },
            kind: BatchKind::parse(&self.kind).unwrap_or(BatchKind::Leads),
            file_name,
            options: options.clone(),
            collected_on: self.collected_on,
            correction_of: self.correction_of,
        }
    }
}

fn name_of(file: &Path) -> String {
    file.file_name().map_or_else(
        || "list".to_owned(),
        |name| name.to_string_lossy().into_owned(),
    )
}

/// What came of one file.
struct Told {
    file: String,
    batch_id: Option<i64>,
    plan: StoredPlan,
    figures: Figures,
}

fn import(db: &Db, actor: &Actor, file: &Path, new: NewBatch) -> anyhow::Result<Told> {
    let opened = File::open(file).map_err(|e| anyhow::anyhow!("{}: {e}", file.display()))?;
    let batch = receive_file(db, actor, new, std::io::BufReader::new(opened))?;
    let job = confirm(db, actor, batch.id)?;
    let status = run_job(db, job, &batch.file_name)?;
    let (batch, _) = db.read_blocking(|conn| intake::batch(conn, batch.id))?;
    let plan = batch.plan();
    if plan.unreadable.is_none() {
        anyhow::ensure!(
            status.state == "done",
            "the import of {} ended as {}: {}",
            batch.file_name,
            status.state,
            status.error.unwrap_or_default()
        );
    }
    Ok(Told {
        file: batch.file_name.clone(),
        batch_id: Some(batch.id),
        plan,
        figures: batch.figures(),
    })
}

/// The same reading and placing on a batch that is never stored.
fn dry_run(db: &Db, file: &Path, new: NewBatch) -> anyhow::Result<Told> {
    let list = FileSource::new(file).map_err(|e| anyhow::anyhow!("{}: {e}", file.display()))?;
    let (now, office) =
        db.read_blocking(|conn| Ok::<_, AppError>((clock::now(conn)?, office::load(conn)?)))?;
    let (channel, name) = (new.source.channel.clone(), new.source.name.clone());
    let known = db.read_blocking(|conn| intake::known_source(conn, &channel, &name))?;
    let source = known.unwrap_or_else(|| Source {
        id: -1,
        rank: source_rank(new.kind.code(), &channel, new.source.ground.as_deref()),
        channel,
        name,
        kind: new.kind.code().into(),
        ground: new.source.ground.clone(),
        collected_on: new.collected_on,
        cost_minor: new.source.cost_minor,
        currency: None,
        companies: 0,
        created_at: now,
    });
    let plan = StoredPlan {
        options: ReadOptions {
            home: Home::of(&office.country),
            ..new.options.clone()
        },
        ..StoredPlan::default()
    };
    let batch = Batch {
        id: -1,
        source_id: source.id,
        kind: new.kind.code().into(),
        file_name: new.file_name.clone(),
        file_hash: Vec::new(),
        state: "draft".into(),
        mapping: Some(serde_json::to_string(&plan)?),
        figures: None,
        collected_on: Some(
            new.collected_on
                .unwrap_or_else(|| zone::local_date(office.tz(), now)),
        ),
        correction_of: new.correction_of,
        job_id: None,
        actor_id: None,
        started_at: now,
        finished_at: None,
        undone_at: None,
    };
    let (plan, figures) = rehearse(db, &list, batch, source)?;
    Ok(Told {
        file: new.file_name,
        batch_id: None,
        plan,
        figures,
    })
}

impl Told {
    fn to_json(&self) -> Value {
        let plan = self.plan.plan.as_ref();
        let sheet = plan.and_then(|plan| plan.sheets.first());
        let mapping: BTreeMap<String, &str> = sheet
            .map(|sheet| {
                let named = sheet.columns.iter().enumerate().map(|(at, field)| {
                    let heading = sheet.headings.get(at).filter(|heading| !heading.is_empty());
                    (
                        heading.cloned().unwrap_or_else(|| (at + 1).to_string()),
                        field.code(),
                    )
                });
                named.collect()
            })
            .unwrap_or_default();
        let figures = &self.figures;
        json!({
            "file": self.file,
            "batch_id": self.batch_id,
            "encoding": plan.map(|plan| plan.reading.encoding.as_str()).filter(|name| !name.is_empty()),
            "header_row": sheet.and_then(|sheet| sheet.header_row),
            "mapping": mapping,
            "unreadable": self.plan.unreadable,
            "rows_total": figures.rows_total,
            "rows_valid": figures.rows_valid,
            "rows_rejected": figures.rows_rejected,
            "rows_known": figures.rows_known,
            "rows_corrected": figures.rows_corrected,
            "rows_gone": figures.rows_gone,
            "reasons": figures.reasons,
            "companies_new": figures.companies_new,
            "companies_matched": figures.companies_matched,
            "contacts_new": figures.contacts_new,
            "reviews_opened": figures.reviews_opened,
            "suppressed": figures.suppressed,
            "seconds": (figures.seconds * 1000.0).round() / 1000.0,
        })
    }

    fn line(&self) -> String {
        let figures = &self.figures;
        let batch = self
            .batch_id
            .map_or_else(|| "dry run".to_owned(), |id| format!("batch {id}"));
        format!(
            "{}: {batch}, {} rows, {} valid, {} rejected; {} new companies, {} matched, {} new contacts; {:.1} s",
            self.file,
            figures.rows_total,
            figures.rows_valid,
            figures.rows_rejected,
            figures.companies_new,
            figures.companies_matched,
            figures.contacts_new,
            figures.seconds
        )
    }
}
