//! `/settings/office`: where the office is, and when people there work and may be called.

use actix_web::{HttpResponse, web};
use askama::Template;
use chrono::NaiveTime;

use super::history::History;
use super::{Tab, after_save, tabs};
use crate::accounts::{SignedIn, Verb};
use crate::calling::actions::follow_office;
use crate::platform::calendar::{CalendarSettings, Country, Hours, Span};
use crate::platform::clock;
use crate::platform::config::OfficeConfig;
use crate::platform::db::{Conn, Db};
use crate::platform::error::{AppError, AppResult, Refusal};
use crate::platform::form::Pairs;
use crate::platform::http::Site;
use crate::platform::i18n::Lang;
use crate::platform::log::{Change, changed};
use crate::platform::office::Office;
use crate::platform::page::{PageContext, html_with};
use crate::platform::{problem, settings};

/// Spans of a day that the form offers.
const SPANS: usize = 3;
/// Zones that are offered first; any other name of the zone table may be typed.
const ZONES: [&str; 14] = [
    "Asia/Shanghai",
    "Asia/Urumqi",
    "Asia/Hong_Kong",
    "Asia/Macau",
    "Asia/Taipei",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Europe/London",
    "Europe/Berlin",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "Australia/Sydney",
];
const CURRENCIES: [&str; 10] = [
    "CNY", "HKD", "MOP", "TWD", "USD", "EUR", "GBP", "JPY", "SGD", "AUD",
];

/// The form as stored or as typed.
#[derive(Debug, Clone, Default)]
struct OfficeForm {
    office: Office,
    working: Vec<(String, String)>,
    calling: Vec<(String, String)>,
    office_version: i32,
    calendar_version: i32,
}

#[derive(Template)]
#[template(path = "settings/office.html")]
struct OfficePage {
    ctx: PageContext,
    tabs: Vec<Tab>,
    form: OfficeForm,
    zones: [&'static str; 14],
    currencies: Vec<&'static str>,
    countries: Vec<(&'static str, String)>,
    country_name: String,
    is_shipped: bool,
    limits: String,
    fixed: OfficeConfig,
    error: Option<(String, String)>,
    history: History,
}

impl OfficePage {
    /// The sentence of the field that is wrong.
    fn wrong(&self, field: &str) -> Option<String> {
        let (wrong, text) = self.error.as_ref()?;
        (wrong == field).then(|| text.clone())
    }

    /// The key of the office's language by its own name.
    fn language_name(&self) -> &'static str {
        match self.form.office.lang() {
            Lang::Zh => "settings-language-zh",
            Lang::En => "settings-language-en",
        }
    }
}

pub(super) async fn show(
    me: SignedIn,
    db: web::Data<Db>,
    site: web::Data<Site>,
) -> AppResult<HttpResponse> {
    me.require(Verb::EditOffice)?;
    let fixed = site.office.clone();
    let page = db
        .read(move |conn| {
            let form = stored(conn)?;
            build(conn, &me, form, fixed, None)
        })
        .await?;
    html_with(actix_web::http::StatusCode::OK, &page)
}

pub(super) async fn save(
    me: SignedIn,
    db: web::Data<Db>,
    site: web::Data<Site>,
    sent: Pairs,
) -> AppResult<HttpResponse> {
    me.require(Verb::EditOffice)?;
    let fixed = site.office.clone();
    let mut form = read(&sent);
    form.office = form.office.fixed_by(&fixed);
    let (typed, actor_id) = (form.clone(), me.actor.user_id);
    let kept = db.write(move |conn| keep(conn, &typed, actor_id)).await;
    after_save(
        me.lang(),
        &db,
        "/settings/office",
        kept,
        move |conn, refusal| build(conn, &me, form, fixed, Some(refusal)),
    )
    .await
}

fn stored(conn: &mut Conn) -> AppResult<OfficeForm> {
    let office = settings::load::<Office>(conn)?;
    let calendar = settings::load::<CalendarSettings>(conn)?;
    let country = Country::of_office(&office.value);
    let hours = calendar.value.hours_of(country);
    Ok(OfficeForm {
        office: office.value,
        working: typed_spans(&hours.working),
        calling: typed_spans(&hours.calling),
        office_version: office.version,
        calendar_version: calendar.version,
    })
}

fn typed_spans(spans: &[Span]) -> Vec<(String, String)> {
    let text = |time: NaiveTime| time.format("%H:%M").to_string();
    let mut typed: Vec<_> = spans.iter().map(|s| (text(s.from), text(s.to))).collect();
    while typed.len() < SPANS {
        typed.push(Default::default());
    }
    typed
}

fn read(sent: &Pairs) -> OfficeForm {
    let text = |name: &str| sent.get(name).unwrap_or_default().to_owned();
    let spans = |name: &str| -> Vec<(String, String)> {
        let from = format!("{name}_from");
        let to = format!("{name}_to");
        sent.all(&from)
            .zip(sent.all(&to))
            .map(|(from, to)| (from.trim().to_owned(), to.trim().to_owned()))
            .collect()
    };
    OfficeForm {
        office: Office {
            name: text("name"),
            zone: text("zone"),
            language: text("language"),
            country: text("country").to_uppercase(),
            currency: text("currency").to_uppercase(),
            sender: text("sender"),
            sender_en: text("sender_en"),
            address: text("address"),
            address_en: text("address_en"),
            marks_greetings: sent.get("marks_greetings").is_some(),
        },
        working: spans("working"),
        calling: spans("calling"),
        office_version: text("office_version").parse().unwrap_or(-1),
        calendar_version: text("calendar_version").parse().unwrap_or(-1),
    }
}

/// Checks and stores; a kind that did not change keeps its version.
fn keep(conn: &mut Conn, form: &OfficeForm, actor_id: Option<i64>) -> AppResult<()> {
    let now = clock::now(conn)?;
    let office = checked(&form.office)?;
    let before = settings::load::<Office>(conn)?.value;
    let (country, was) = (Country::of_office(&office), Country::of_office(&before));
    let mut calendar = settings::load::<CalendarSettings>(conn)?.value;
    let unchanged = calendar.clone();
    // The hours on the page are those of the country that was; another country brings its own.
    if country == was {
        let hours = Hours {
            working: spans(&form.working)?,
            calling: spans(&form.calling)?,
        };
        if hours == country.pack().hours {
            calendar.hours.remove(&country);
        } else {
            calendar.hours.insert(country, hours);
        }
        calendar
            .validate()
            .map_err(|fault| AppError::invalid(fault.code(), "hours"))?;
    }
    settings::save(conn, &office, form.office_version, actor_id, now)?;
    follow_office(conn, now, &before, &office)?;
    if calendar != unchanged {
        settings::save(conn, &calendar, form.calendar_version, actor_id, now)?;
    }
    Ok(changed(conn, &Change::setting(now, actor_id, "office"))?)
}

fn checked(office: &Office) -> AppResult<Office> {
    if office.zone.parse::<chrono_tz::Tz>().is_err() {
        return Err(AppError::invalid("office_zone_unknown", "zone"));
    }
    if Lang::parse(&office.language).is_none() {
        return Err(AppError::invalid("office_language_unknown", "language"));
    }
    let is_code = |code: &str, length: usize| {
        code.len() == length && code.bytes().all(|b| b.is_ascii_uppercase())
    };
    if !is_code(&office.country, 2) {
        return Err(AppError::invalid("office_country_unknown", "country"));
    }
    if !is_code(&office.currency, 3) {
        return Err(AppError::invalid("office_currency_unknown", "currency"));
    }
    let lines = [
        ("name", &office.name, 80),
        ("sender", &office.sender, 80),
        ("sender_en", &office.sender_en, 80),
        ("address", &office.address, 200),
        ("address_en", &office.address_en, 200),
    ];
    let long = lines
        .into_iter()
        .find(|(_, text, most)| text.chars().count() > *most);
    if let Some((field, _, most)) = long {
        return Err(AppError::invalid("office_line_long", field).with("most", most));
    }
    Ok(office.clone())
}

fn spans(typed: &[(String, String)]) -> AppResult<Vec<Span>> {
    let wrong = || AppError::invalid("hours_unreadable", "hours");
    let time = |text: &str| NaiveTime::parse_from_str(text, "%H:%M").map_err(|_| wrong());
    typed
        .iter()
        .filter(|(from, to)| !(from.is_empty() && to.is_empty()))
        .map(|(from, to)| {
            Ok(Span {
                from: time(from)?,
                to: time(to)?,
            })
        })
        .collect()
}

fn build(
    conn: &mut Conn,
    me: &SignedIn,
    form: OfficeForm,
    fixed: OfficeConfig,
    refusal: Option<&Refusal>,
) -> AppResult<OfficePage> {
    let lang = me.lang();
    let country = Country::of_office(&form.office);
    let stored = settings::load::<CalendarSettings>(conn)?.value;
    let pack = country.pack();
    let limits = lang.text_with(
        "settings-hours-limits",
        &[
            (
                "from",
                pack.limits.earliest.format("%H:%M").to_string().into(),
            ),
            ("to", pack.limits.latest.format("%H:%M").to_string().into()),
        ],
    );
    let mut currencies = CURRENCIES.to_vec();
    if !currencies.contains(&pack.currency) {
        currencies.push(pack.currency);
    }
    Ok(OfficePage {
        tabs: tabs(me, "/settings/office"),
        zones: ZONES,
        currencies,
        countries: Country::ALL
            .into_iter()
            .map(|c| (c.code(), lang.text(c.key())))
            .collect(),
        country_name: lang.text(country.key()),
        is_shipped: !stored.hours.contains_key(&country),
        limits,
        fixed,
        error: refusal.map(|r| {
            let field = r.args.iter().find(|(name, _)| *name == "field");
            (
                field.map(|(_, value)| value.clone()).unwrap_or_default(),
                problem::in_words(lang, r),
            )
        }),
        history: History::of_both::<Office, CalendarSettings>(conn)?,
        form,
        ctx: me.context(),
    })
}
