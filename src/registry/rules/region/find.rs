//! Recognising places in text.

use std::borrow::Cow;

use super::table::{TABLE, letters};
use super::{Place, PlaceLevel};
use crate::registry::rules::script::{is_ideograph, normalise, simplified_alike};

/// No name of the table has more characters that could be looked up with profit.
const LONGEST_NAME: usize = 12;

/// What may follow a place in the middle of an address and make it the name of a street or house instead.
const STREET: [char; 9] = ['路', '街', '道', '巷', '弄', '桥', '楼', '厦', '大'];

/// How generously short names are taken.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    /// The cell holds a place and nothing else: any name counts.
    Cell,
    /// Text that begins with a place: districts and counties only by their full name.
    Start,
    /// Inside other text: county-level cities too only by their full name.
    Inside,
}

/// The place that a cell names: `苏州`, `江苏省苏州市`, `蘇州`, `浙江宁波`, `Suzhou`, `Suzhou, Jiangsu`.
pub fn by_name(text: &str) -> Option<&'static Place> {
    let normal = normalise(text);
    let simple = simplified_alike(&normal);
    if !simple.chars().any(is_ideograph) {
        return by_english(&simple);
    }
    let tight: Cow<'_, str> = if simple.contains([' ', '-', '/', ',', '·']) {
        Cow::Owned(simple.chars().filter(|c| is_ideograph(*c)).collect())
    } else {
        simple
    };
    // `南通市莱贝莱印刷` begins with a place, but names a company.
    let (place, bytes) = chain(&tight, Reading::Cell)?;
    (bytes == tight.len()).then_some(place)
}

/// The place a text begins with, and how many bytes of it name the place. `江苏省苏州市吴中区…` is read to its end.
pub fn at_start_of(text: &str) -> Option<(&'static Place, usize)> {
    chain(&simplified_alike(text), Reading::Start)
}

/// The city that a name begins with: `苏州宏远` but not `江苏宏远`.
pub fn city_at_start_of(text: &str) -> Option<&'static Place> {
    at_start_of(text)
        .map(|(place, _)| place)
        .filter(|place| place.area.is_some())
}

/// The deepest place named anywhere in a text, such as an address. A province or prefecture beats a lone county.
pub fn anywhere_in(text: &str) -> Option<&'static Place> {
    let normal = normalise(text);
    let simple = simplified_alike(&normal);
    if !simple.chars().any(is_ideograph) {
        return by_english(&simple);
    }
    let mut county = None;
    for (at, c) in simple.char_indices() {
        if !is_ideograph(c) {
            continue;
        }
        match chain(&simple[at..], Reading::Inside) {
            Some((place, _)) if place.level != PlaceLevel::County || at == 0 => return Some(place),
            Some((place, _)) => county = county.or(Some(place)),
            None => {}
        }
    }
    county
}

/// Reads province, prefecture and county that follow each other.
fn chain(text: &str, reading: Reading) -> Option<(&'static Place, usize)> {
    let lead = if text.starts_with("中国") && text.len() > "中国".len() {
        "中国".len()
    } else {
        0
    };
    let (mut place, mut end) = match link(&text[lead..], None, reading) {
        Some((place, length)) => (place, lead + length),
        None if lead > 0 => return link(text, None, reading),
        None => return None,
    };
    while let Some((deeper, length)) = link(&text[end..], Some(place), reading) {
        (place, end) = (deeper, end + length);
    }
    Some((place, end))
}

/// The longest name at the start of the text that lies inside `above`.
fn link(text: &str, above: Option<&Place>, reading: Reading) -> Option<(&'static Place, usize)> {
    if above.is_some_and(|place| matches!(place.level, PlaceLevel::County | PlaceLevel::State)) {
        return None;
    }
    let mut ends = [0; LONGEST_NAME];
    let mut count = 0;
    for (at, c) in text.char_indices().take(LONGEST_NAME) {
        if !is_ideograph(c) {
            break;
        }
        ends[count] = at + c.len_utf8();
        count += 1;
    }
    for end in ends[..count].iter().skip(1).rev() {
        let (name, rest) = text.split_at(*end);
        let Some(candidates) = TABLE.by_zh.get(name) else {
            continue;
        };
        let mut places = candidates.iter().map(|index| TABLE.place(*index));
        let found = match above {
            Some(above) => places.find(|place| above.level < place.level && above.contains(place)),
            None => head(candidates, reading, name),
        };
        let inner = above.is_some() && reading == Reading::Cell;
        match found {
            Some(place) if inner || counts(place, name, rest, reading) => {
                return Some((place, *end));
            }
            // `朝阳区` may lie in several cities, but it is not the city 朝阳.
            None if above.is_none() && places.any(|place| place.full == name) => return None,
            _ => {}
        }
    }
    None
}

/// What a name means when nothing stands before it. Several counties of one name mean none.
fn head(candidates: &[u16], reading: Reading, name: &str) -> Option<&'static Place> {
    let first = TABLE.place(*candidates.first()?);
    let is_district = first.level == PlaceLevel::County && !first.is_city();
    if is_district && (candidates.len() > 1 || reading != Reading::Cell && name != first.full) {
        return None;
    }
    (!first.is_abroad() || reading == Reading::Cell).then_some(first)
}

/// A short name counts unless it is part of a street's name, or too shallow evidence for the way of reading.
fn counts(place: &Place, name: &str, rest: &str, reading: Reading) -> bool {
    if name == place.full {
        return true;
    }
    let behind = rest
        .strip_prefix(['东', '西', '南', '北', '中'])
        .unwrap_or(rest);
    let is_street =
        reading != Reading::Cell && (rest.starts_with(STREET) || behind.starts_with(['路', '街']));
    match place.level {
        PlaceLevel::County if !place.is_city() => reading == Reading::Cell,
        PlaceLevel::County => reading != Reading::Inside && !is_street,
        _ => !is_street,
    }
}

/// The deepest place among the words of an English text; a province or country beside it decides between namesakes.
fn by_english(text: &str) -> Option<&'static Place> {
    let words: Vec<String> = text
        .split([',', ';', '(', ')', '/', '\n', '–', '|'])
        .flat_map(|part| [letters(part), letters(&without_kind(part))])
        .filter(|word| !word.is_empty())
        .collect();
    let lists: Vec<&Vec<u16>> = words
        .iter()
        .filter_map(|word| TABLE.by_en.get(word))
        .collect();
    let meant = |list: &Vec<u16>| {
        let around = |place: &Place| {
            lists
                .iter()
                .filter(|other| {
                    other.iter().any(|up| {
                        TABLE.place(*up).level < place.level && TABLE.place(*up).contains(place)
                    })
                })
                .count()
        };
        let mut best = TABLE.place(*list.first()?);
        for place in list.iter().map(|index| TABLE.place(*index)) {
            if around(place) > around(best) {
                best = place;
            }
        }
        let is_evident = match best.level {
            // A district's pinyin alone is too weak: many words sound like one.
            PlaceLevel::County => best.is_city() || around(best) > 0,
            // `Victoria, London, UK` is not in Australia.
            PlaceLevel::State => around(best) > 0 || lists.len() == 1,
            _ => true,
        };
        is_evident.then_some(best)
    };
    let mut best: Option<&'static Place> = None;
    for place in lists.iter().filter_map(|list| meant(list)) {
        if best.is_none_or(|old| old.level < place.level) {
            best = Some(place);
        }
    }
    best.or_else(|| by_english_word(text))
}

/// A single word of a longer text, from its end: `88 Xinghu Street Suzhou 215000`.
fn by_english_word(text: &str) -> Option<&'static Place> {
    let words: Vec<&str> = text
        .split(|c: char| !c.is_alphabetic() && c != '\'')
        .filter(|word| word.len() > 3)
        .collect();
    words.iter().rev().find_map(|word| {
        let place = TABLE.place(*TABLE.by_en.get(&letters(word))?.first()?);
        (place.is_city() && place.level != PlaceLevel::County
            || place.level == PlaceLevel::Province)
            .then_some(place)
    })
}

fn without_kind(part: &str) -> String {
    let lower = part.trim().to_lowercase();
    let kinds = [
        " city",
        " province",
        " shi",
        " sheng",
        " district",
        " county",
        ", china",
        " prc",
        " p.r. china",
        " china",
    ];
    let short = kinds.iter().find_map(|kind| lower.strip_suffix(kind));
    short.map_or_else(String::new, str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn code(place: Option<&'static Place>) -> &'static str {
        place.map_or("-", |place| place.code)
    }

    #[test]
    fn cells_name_places() {
        for (text, expected) in [
            ("苏州", "320500"),
            ("苏州市", "320500"),
            ("江苏省苏州市", "320500"),
            ("蘇州", "320500"),
            ("Suzhou", "320500"),
            ("昆山", "320583"),
            ("江苏苏州", "320500"),
            ("浙江宁波", "330200"),
            ("广东深圳", "440300"),
            ("上海市", "310000"),
            ("江苏 苏州", "320500"),
            ("江苏省-苏州市-昆山市", "320583"),
            ("苏州市吴中区", "320506"),
            ("苏州吴中", "320506"),
            ("臺北市", "710100"),
            ("新北市", "711100"),
            ("台中", "710400"),
            ("桃園縣", "711400"),
            ("福建泉州", "350500"),
            ("吉林", "220000"),
            ("吉林市", "220200"),
            ("吉林吉林", "220200"),
            ("慈溪市", "330282"),
            ("中国江苏苏州", "320500"),
            ("Xi'an", "610100"),
            ("XIAN", "610100"),
            ("Taizhou, Jiangsu", "321200"),
            ("Suzhou, Anhui", "341300"),
            ("Suzhou City, Jiangsu Province, China", "320500"),
            ("Germany", "DE"),
            ("德国", "DE"),
            ("China", "CN"),
            ("California", "US-CA"),
            ("美国加州", "US-CA"),
            ("Perth, Western Australia, Australia", "AU-WA"),
            ("Atlanta, Georgia, USA", "US-GA"),
            ("Georgia", "GE"),
            ("Victoria, London, UK", "GB"),
            ("Hong Kong", "810000"),
            ("Kaohsiung", "710200"),
            ("New Taipei City", "711100"),
            ("Kunshan", "320583"),
            ("长兴", "330522"),
            ("深圳福田", "440304"),
            ("内蒙古包头", "150200"),
            ("襄樊", "420600"),
            ("", "-"),
            ("朝阳区", "-"),
            ("啊啊", "-"),
            ("海外", "-"),
            ("12", "-"),
        ] {
            assert_eq!(code(by_name(text)), expected, "{text}");
        }
    }

    #[test]
    fn names_begin_with_places() {
        for (text, expected, rest) in [
            ("苏州宏远机械", "320500", "宏远机械"),
            ("苏州市宏远机械", "320500", "宏远机械"),
            ("江苏省苏州市宏远", "320500", "宏远"),
            ("江苏宏远", "320000", "宏远"),
            ("昆山顺业", "320583", "顺业"),
            ("廈門森博卡", "350200", "森博卡"),
            ("张家港保税区长江", "320582", "保税区长江"),
            ("上海宝山钢铁", "310000", "宝山钢铁"),
            ("中国石化", "-", "中国石化"),
            ("浙江德阳五金", "330000", "德阳五金"),
            ("宏远机械", "-", "宏远机械"),
            ("泰和机械", "-", "泰和机械"),
            ("苏州市吴中区光福镇", "320506", "光福镇"),
            ("湖州长兴电子", "330500", "长兴电子"),
            ("南京路步行街", "-", "南京路步行街"),
        ] {
            let found = at_start_of(text);
            assert_eq!(code(found.map(|(place, _)| place)), expected, "{text}");
            assert_eq!(&text[found.map_or(0, |(_, end)| end)..], rest, "{text}");
        }
    }

    #[test]
    fn addresses_hold_places() {
        for (text, expected) in [
            ("江苏省苏州市虎丘区人民路522号1楼", "320505"),
            ("高雄市岡山區振興路218號", "710200"),
            ("中国上海市闵行区东环路1614号", "310112"),
            ("地址：浙江省宁波市鄞州区友谊路", "330212"),
            ("人民路东方大厦 3 楼", "-"),
            ("南京西路88号", "-"),
            ("园区星湖街 苏州", "320500"),
            (
                "No. 88 Xinghu Street, Suzhou Industrial Park, Suzhou, Jiangsu, China",
                "320500",
            ),
            ("Kunshan", "320583"),
        ] {
            assert_eq!(code(anywhere_in(text)), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "\\PC*", han in "[苏州市江省上海中国路区山县 a-z,]*") {
            for text in [&text, &han] {
                let _ = (by_name(text), anywhere_in(text));
                if let Some((_, end)) = at_start_of(text) {
                    prop_assert!(text.is_char_boundary(end));
                }
            }
        }
    }
}
