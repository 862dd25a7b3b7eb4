//! What a row of digits is: whose number, of which kind, complete or local.

use super::scan::Scan;
use super::{Phone, PhoneContext, PhoneFault, PhoneKind};
use crate::registry::rules::region::{AreaCode, mainland_area};

/// Country codes in use, without those that are read by their own rules (86, 886, 852, 853). One-digit codes first.
const COUNTRY_CODES: &str = " 1 7 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 \
    65 66 81 82 84 90 91 92 93 94 95 98 211 212 213 216 218 220 221 222 223 224 225 226 227 228 229 230 231 232 233 234 \
    235 236 237 238 239 240 241 242 243 244 245 246 247 248 249 250 251 252 253 254 255 256 257 258 260 261 262 263 264 \
    265 266 267 268 269 290 291 297 298 299 350 351 352 353 354 355 356 357 358 359 370 371 372 373 374 375 376 377 378 \
    379 380 381 382 383 385 386 387 389 420 421 423 500 501 502 503 504 505 506 507 508 509 590 591 592 593 594 595 596 \
    597 598 599 670 672 673 674 675 676 677 678 679 680 681 682 683 685 686 687 688 689 690 691 692 800 808 850 855 856 \
    870 878 880 881 882 883 888 960 961 962 963 964 965 966 967 968 970 971 972 973 974 975 976 977 979 992 993 994 995 \
    996 998 ";

/// Taiwan's area codes, longer ones first where they begin alike.
const TAIWAN_AREAS: [AreaCode; 13] = [
    taiwan_area("0826", 5),
    taiwan_area("0836", 5),
    taiwan_area("037", 6),
    taiwan_area("049", 7),
    taiwan_area("082", 6),
    taiwan_area("089", 6),
    taiwan_area("02", 8),
    taiwan_area("03", 7),
    taiwan_area("04", 8),
    taiwan_area("05", 7),
    taiwan_area("06", 7),
    taiwan_area("07", 7),
    taiwan_area("08", 7),
];

const fn taiwan_area(trunk: &'static str, local: u8) -> AreaCode {
    AreaCode {
        trunk,
        local,
        either_length: false,
        taiwan: true,
    }
}

/// A number, with its area code where it has one.
#[derive(Debug)]
pub(super) struct Found {
    pub phone: Phone,
    pub area: Option<AreaCode>,
}

pub(super) fn found(
    country: &str,
    national: &str,
    kind: PhoneKind,
    area: Option<AreaCode>,
) -> Found {
    let mut e164 = String::with_capacity(1 + country.len() + national.len());
    e164.push('+');
    e164.push_str(country);
    e164.push_str(national);
    Found {
        phone: Phone {
            e164,
            ext: None,
            kind,
            area_inferred: false,
        },
        area,
    }
}

/// What the scanned digits are, an extension behind the last dash included.
pub(super) fn interpret(
    scan: &Scan<'_>,
    near: Option<AreaCode>,
    context: &PhoneContext,
) -> Result<Found, PhoneFault> {
    let whole = digits(&scan.digits, scan.first_group(), scan.plus, near, context);
    let mut result = match (whole, scan.dashed_tail()) {
        (Err(fault), Some((head, tail))) if scan.ext.is_none() => {
            let group = scan.first_group().filter(|group| group.len() < head.len());
            let mut shorter = digits(head, group, scan.plus, near, context).map_err(|_| fault)?;
            shorter.phone.ext = Some(tail.to_owned());
            Ok(shorter)
        }
        (Ok(whole), Some((head, tail))) if scan.ext.is_none() => {
            Ok(without_tail(scan, head, tail, context).unwrap_or(whole))
        }
        (whole, _) => whole,
    };
    if let (Ok(found), Some(ext)) = (&mut result, scan.ext) {
        found.phone.ext = Some(ext.to_owned());
    }
    result
}

/// `0816-2331122-6`: where seven digits are as good as eight, the dash says where the number ends.
fn without_tail(scan: &Scan<'_>, head: &str, tail: &str, context: &PhoneContext) -> Option<Found> {
    let group = scan.first_group().filter(|group| group.len() < head.len());
    let mut shorter = digits(head, group, scan.plus, None, context).ok()?;
    let is_whole = shorter.area.is_some() && !shorter.phone.area_inferred;
    shorter.phone.ext = Some(tail.to_owned());
    is_whole.then_some(shorter)
}

/// What some digits are. `group` is the first of several groups.
pub(super) fn digits(
    all: &str,
    group: Option<&str>,
    plus: bool,
    near: Option<AreaCode>,
    context: &PhoneContext,
) -> Result<Found, PhoneFault> {
    if plus {
        return international(all.strip_prefix("00").unwrap_or(all)).ok_or(PhoneFault::Invalid);
    }
    if let Some(abroad) = all.strip_prefix("00") {
        return international(abroad).ok_or(PhoneFault::Invalid);
    }
    if let Some(complete) = context.home.complete(all, context.numeric_cell) {
        return Ok(complete);
    }
    if all.starts_with('0') {
        return with_trunk_zero(all, group).ok_or(PhoneFault::Invalid);
    }
    if is_mobile(all) || is_service(all) {
        return mainland(all).ok_or(PhoneFault::Invalid);
    }
    let complete = lost_zero(all, group, context).or_else(|| country_without_plus(all, group));
    complete.map_or_else(|| local(all, near.or(context.area)), Ok)
}

fn is_mobile(digits: &str) -> bool {
    digits.len() == 11 && matches!(digits.as_bytes(), [b'1', b'3'..=b'9', ..])
}

fn is_service(digits: &str) -> bool {
    digits.len() == 10 && (digits.starts_with("400") || digits.starts_with("800"))
}

/// A number behind `+` or `00`.
fn international(digits: &str) -> Option<Found> {
    for (country, reading) in [
        ("86", mainland as fn(&str) -> Option<Found>),
        ("886", taiwan),
        ("852", hong_kong),
        ("853", macau),
    ] {
        if let Some(national) = digits.strip_prefix(country) {
            return reading(national.strip_prefix('0').unwrap_or(national));
        }
    }
    if !(8..=15).contains(&digits.len()) {
        return None;
    }
    let length = (1..=3).find(|length| is_country_code(&digits[..*length]))?;
    let (country, national) = digits.split_at(length);
    (national.len() >= 5 && is_real(national))
        .then(|| found(country, national, PhoneKind::International, None))
}

fn is_country_code(code: &str) -> bool {
    COUNTRY_CODES.split(' ').any(|known| known == code)
}

/// `86…`, `886…`, `852…`, `853…` with the plus forgotten.
fn country_without_plus(all: &str, group: Option<&str>) -> Option<Found> {
    let fits = match all.len() {
        12..=14 => all.starts_with("86") || all.len() == 12 && all.starts_with("886"),
        11 => all.starts_with("886") || matches!(group, Some("852" | "853")),
        _ => false,
    };
    fits.then(|| international(all)).flatten()
}

/// A mainland number without country code and trunk zero.
fn mainland(national: &str) -> Option<Found> {
    if is_mobile(national) {
        let real = is_real(&national[3..]) && national != "13800138000";
        return real.then(|| found("86", national, PhoneKind::Mobile, None));
    }
    if is_service(national) {
        return is_real(&national[3..]).then(|| found("86", national, PhoneKind::Service, None));
    }
    let mut trunk = String::with_capacity(national.len() + 1);
    trunk.push('0');
    trunk.push_str(national);
    let area = mainland_area(&trunk)?;
    let subscriber = &trunk[area.trunk.len()..];
    (area.takes(subscriber.len()) && is_subscriber(subscriber))
        .then(|| found("86", national, PhoneKind::Landline, Some(area)))
}

/// A Taiwan number without country code and trunk zero.
pub(super) fn taiwan(national: &str) -> Option<Found> {
    let short = |kind| found("886", national, kind, None);
    if let Some(subscriber) = national.strip_prefix('9') {
        return (subscriber.len() == 8 && is_real(subscriber)).then(|| short(PhoneKind::Mobile));
    }
    if let Some(subscriber) = national.strip_prefix("800") {
        return (subscriber.len() == 6 && is_real(subscriber)).then(|| short(PhoneKind::Service));
    }
    let area = TAIWAN_AREAS.iter().find(|area| {
        let code = &area.trunk[1..];
        national.strip_prefix(code).is_some_and(|local| {
            // 彰化 has 04 too, with seven digits.
            (area.takes(local.len()) || code == "4" && local.len() == 7) && is_subscriber(local)
        })
    })?;
    Some(found("886", national, PhoneKind::Landline, Some(*area)))
}

pub(super) fn hong_kong(national: &str) -> Option<Found> {
    let kind = if national.starts_with(['5', '6', '7', '9']) {
        PhoneKind::Mobile
    } else {
        PhoneKind::Landline
    };
    (national.len() == 8 && is_real(national)).then(|| found("852", national, kind, None))
}

pub(super) fn macau(national: &str) -> Option<Found> {
    let kind = if national.starts_with('6') {
        PhoneKind::Mobile
    } else {
        PhoneKind::Landline
    };
    (national.len() == 8 && is_real(national)).then(|| found("853", national, kind, None))
}

/// A national number. Taiwan's have 9 or 10 digits, the mainland's 11 or 12, and a code that stands alone decides.
fn with_trunk_zero(all: &str, group: Option<&str>) -> Option<Found> {
    let national = &all[1..];
    let is_mainland_code = group.is_some_and(|group| {
        group.len() >= 3 && mainland_area(group).is_some_and(|area| area.trunk == group)
    });
    match all.len() {
        10 if all.starts_with("09") || all.starts_with("0800") => taiwan(national),
        9 | 10 if !is_mainland_code => taiwan(national),
        // A row of digits that begins with a mainland area code of three digits would fit Taipei too: `020` + 7.
        11 | 12 => mainland(national),
        _ => None,
    }
}

/// Ten or eleven digits that begin with the area code of the row's city: a workbook dropped the zero.
fn lost_zero(all: &str, group: Option<&str>, context: &PhoneContext) -> Option<Found> {
    if !(10..=11).contains(&all.len()) {
        return None;
    }
    let begins = |area: AreaCode| !area.taiwan && all.starts_with(&area.trunk[1..]);
    let of_city = context.area.is_some_and(begins);
    // `512-65801234`: the code stands alone, and no other city contradicts.
    let alone = context.area.is_none() && group.is_some_and(|group| (2..=3).contains(&group.len()));
    let mut found = if of_city || alone {
        mainland(all)
    } else {
        None
    }?;
    if alone
        && found
            .area
            .is_none_or(|area| group.is_none_or(|group| area.trunk[1..] != *group))
    {
        return None;
    }
    found.phone.area_inferred = true;
    Some(found)
}

/// A local number: the neighbour's area code, else the city's.
fn local(all: &str, area: Option<AreaCode>) -> Result<Found, PhoneFault> {
    // Behind 1 come mobiles and services: no line of a city begins with it.
    if !(5..=8).contains(&all.len()) || !is_subscriber(all) || all.starts_with('1') {
        return Err(PhoneFault::Invalid);
    }
    let Some(area) = area else {
        return Err(if all.len() >= 7 {
            PhoneFault::NoArea
        } else {
            PhoneFault::Invalid
        });
    };
    if !area.takes(all.len()) {
        return Err(PhoneFault::Invalid);
    }
    let mut national = String::with_capacity(12);
    national.push_str(&area.trunk[1..]);
    national.push_str(all);
    let country = if area.taiwan { "886" } else { "86" };
    let mut found = found(country, &national, PhoneKind::Landline, Some(area));
    found.phone.area_inferred = true;
    Ok(found)
}

/// Nobody's number is all one digit, or 1 to 8 in order.
pub(super) fn is_real(subscriber: &str) -> bool {
    let bytes = subscriber.as_bytes();
    bytes.iter().any(|byte| Some(byte) != bytes.first())
        && !matches!(subscriber, "12345678" | "1234567" | "87654321")
}

fn is_subscriber(digits: &str) -> bool {
    !digits.starts_with('0') && is_real(digits)
}
