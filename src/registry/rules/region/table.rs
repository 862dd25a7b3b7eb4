//! The embedded table of places and its indexes.
//!
//! A line of `places.txt`: code, full name, characters of the short name, English name, area code with the length of
//! local numbers (`0512=8`; `0532~8`: 7 and 8 are both taken), separated by tabs; each place after its parent.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::{AreaCode, Place, PlaceLevel};

/// Other names of a place. The first five are only written in Latin letters.
const OTHER_NAMES: [(&str, &str); 35] = [
    ("peking", "110000"),
    ("canton", "440100"),
    ("hongkong", "810000"),
    ("macao", "820000"),
    ("tientsin", "120000"),
    ("newtaipeicity", "711100"),
    ("hsinchucity", "710800"),
    ("taichungcity", "710400"),
    ("taoyuancity", "711400"),
    ("tainancity", "710300"),
    ("kaohsiungcity", "710200"),
    ("taipeicity", "710100"),
    ("huhehaote", "150100"),
    ("haerbin", "230100"),
    ("wulumuqi", "650100"),
    ("usa", "US"),
    ("uk", "GB"),
    ("england", "GB"),
    ("korea", "KR"),
    ("greatbritain", "GB"),
    ("america", "US"),
    ("holland", "NL"),
    ("uae", "AE"),
    ("czechrepublic", "CZ"),
    ("台北县", "711100"),
    ("桃园县", "711400"),
    ("高雄县", "710200"),
    ("台南县", "710300"),
    ("台中县", "710400"),
    ("台湾", "710000"),
    ("内蒙", "150000"),
    ("香港", "810000"),
    ("澳门", "820000"),
    ("襄樊", "420600"),
    ("加州", "US-CA"),
];

/// Which of several cities of one pinyin is meant when nothing else tells.
const BETTER_KNOWN: [&str; 10] = [
    "320500", "350100", "331000", "360900", "610800", "210700", "320583", "330681", "320482",
    "330382",
];

/// All places and the ways to find them; indexes point into `places`.
pub(super) struct Table {
    pub places: Vec<Place>,
    pub by_code: HashMap<&'static str, u16>,
    /// Chinese names, short and full, in simplified script; the better known place first.
    pub by_zh: HashMap<&'static str, Vec<u16>>,
    /// English names, lower case letters only.
    pub by_en: HashMap<String, Vec<u16>>,
    /// Mainland area codes by trunk.
    pub areas: HashMap<&'static str, AreaCode>,
}

impl Table {
    pub fn place(&'static self, index: u16) -> &'static Place {
        &self.places[usize::from(index)]
    }
}

pub(super) static TABLE: LazyLock<Table> = LazyLock::new(load);

fn load() -> Table {
    let mut table = Table {
        places: Vec::with_capacity(3600),
        by_code: HashMap::new(),
        by_zh: HashMap::new(),
        by_en: HashMap::new(),
        areas: HashMap::new(),
    };
    let text = include_str!("places.txt");
    text.lines().for_each(|line| table.add(line));
    for (name, code) in OTHER_NAMES {
        if let Some(index) = table.by_code.get(code).copied() {
            let known = if name.is_ascii() {
                table.by_en.entry(name.to_owned()).or_default()
            } else {
                table.by_zh.entry(name).or_default()
            };
            if !known.contains(&index) {
                known.push(index);
            }
        }
    }
    let places = &table.places;
    let lists = table.by_zh.values_mut().chain(table.by_en.values_mut());
    lists.for_each(|list| list.sort_by_key(|index| rank(&places[usize::from(*index)])));
    table
}

/// What a bare name means first.
fn rank(place: &Place) -> (u8, usize, &'static str) {
    let depth = match place.level {
        PlaceLevel::Province => 0,
        PlaceLevel::Prefecture => 1,
        PlaceLevel::Country => 2,
        PlaceLevel::State => 3,
        PlaceLevel::County if place.is_city() => 4,
        PlaceLevel::County => 5,
    };
    let known = BETTER_KNOWN
        .iter()
        .position(|code| *code == place.code)
        .unwrap_or(BETTER_KNOWN.len());
    (depth, known, place.code)
}

impl Table {
    fn add(&mut self, line: &'static str) {
        let mut fields = line.split('\t');
        let (Some(code), Some(full), Some(short), Some(en)) =
            (fields.next(), fields.next(), fields.next(), fields.next())
        else {
            return;
        };
        let level = level_of(code);
        let short_chars: usize = short.parse().unwrap_or(usize::MAX);
        let end = full
            .char_indices()
            .nth(short_chars)
            .map_or(full.len(), |(at, _)| at);
        let own = fields
            .next()
            .and_then(|spec| area_of(spec, code.starts_with("71")));
        let area = own.or_else(|| self.inherited_area(code, level));
        if let Some(area) = own.filter(|area| !area.taiwan) {
            self.areas.insert(area.trunk, area);
        }
        let index = self.places.len() as u16;
        let zh = &full[..end];
        self.by_code.insert(code, index);
        self.by_zh.entry(full).or_default().push(index);
        if zh != full {
            self.by_zh.entry(zh).or_default().push(index);
        }
        self.by_en.entry(letters(en)).or_default().push(index);
        self.places.push(Place {
            code,
            level,
            zh,
            full,
            en,
            area,
        });
    }

    fn inherited_area(&self, code: &str, level: PlaceLevel) -> Option<AreaCode> {
        if level != PlaceLevel::County {
            return None;
        }
        let parents = [format!("{}00", &code[..4]), format!("{}0000", &code[..2])];
        let parent = parents
            .iter()
            .find_map(|parent| self.by_code.get(parent.as_str()))?;
        self.places[usize::from(*parent)].area
    }
}

fn level_of(code: &str) -> PlaceLevel {
    if code.len() == 2 {
        PlaceLevel::Country
    } else if code.contains('-') {
        PlaceLevel::State
    } else if code.ends_with("0000") {
        PlaceLevel::Province
    } else if code.ends_with("00") {
        PlaceLevel::Prefecture
    } else {
        PlaceLevel::County
    }
}

fn area_of(spec: &'static str, taiwan: bool) -> Option<AreaCode> {
    let at = spec.find(['=', '~'])?;
    let local = spec[at + 1..].parse().ok()?;
    Some(AreaCode {
        trunk: &spec[..at],
        local,
        either_length: spec[at..].starts_with('~'),
        taiwan,
    })
}

/// The lower-case letters of a name.
pub(super) fn letters(name: &str) -> String {
    super::super::script::fold(name)
}
