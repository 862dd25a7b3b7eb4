//! A phone cell: several numbers, labels, inherited area codes, workbook numbers.

use super::number::{Found, digits, interpret};
use super::scan::{Scan, number_start, scan};
use super::{Phone, PhoneContext, PhoneFault};
use crate::registry::rules::region::AreaCode;
use crate::registry::rules::script::{is_empty_value, normalise};

/// All numbers of a phone cell, in reading order; a cell that says nothing has none.
pub fn read_phones(cell: &str, context: &PhoneContext) -> Vec<Result<Phone, PhoneFault>> {
    let text = normalise(cell);
    let mut read = Reader {
        context,
        near: None,
        label: String::new(),
        numbers: Vec::new(),
    };
    if !is_empty_value(&text) {
        split(&text, |part| read.part(part));
        if read.numbers.is_empty() {
            read.numbers.push(Err(PhoneFault::Invalid));
        }
    }
    read.numbers
}

/// One number typed by a person: the first usable one.
pub fn parse_one(text: &str, context: &PhoneContext) -> Result<Phone, PhoneFault> {
    let mut numbers = read_phones(text, context);
    let usable = numbers.iter().position(Result::is_ok).unwrap_or(0);
    if numbers.is_empty() {
        Err(PhoneFault::Invalid)
    } else {
        numbers.swap_remove(usable)
    }
}

/// `+8651265801234;ext=801` is taken as it is; anything else is read as typed by a person.
pub fn as_given(text: &str, context: &PhoneContext) -> Result<Phone, PhoneFault> {
    let (number, ext) = match text.split_once(";ext=") {
        Some((number, ext)) => (number, Some(ext)),
        None => (text, None),
    };
    let digits = number.strip_prefix('+').unwrap_or_default();
    if (8..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(Phone::stored(number, ext));
    }
    parse_one(text, context)
}

/// Cuts a cell at what separates numbers; `;ext=` belongs to the number before it.
fn split<'a>(text: &'a str, mut each: impl FnMut(&'a str)) {
    let mut from = 0;
    for (at, c) in text.char_indices() {
        let separates = matches!(
            c,
            '/' | '、' | ';' | '\n' | '\r' | '|' | ',' | '\\' | '，' | '；'
        );
        if separates && at >= from && !text[at + c.len_utf8()..].starts_with("ext=") {
            each(&text[from..at]);
            from = at + c.len_utf8();
        }
    }
    each(&text[from..]);
}

struct Reader<'a> {
    context: &'a PhoneContext,
    near: Option<AreaCode>,
    /// Labels before a separator: `电话/传真: …`.
    label: String,
    numbers: Vec<Result<Phone, PhoneFault>>,
}

impl Reader<'_> {
    fn part(&mut self, part: &str) {
        let part = part.trim();
        if is_empty_value(part) {
            return;
        }
        if let Some(number) = workbook_number(part) {
            let context = PhoneContext {
                numeric_cell: true,
                ..self.context.clone()
            };
            return match number {
                Ok(plain) => self.keep(digits(&plain, None, false, self.near, &context)),
                Err(fault) => self.keep(Err(fault)),
            };
        }
        let mut rest = part;
        loop {
            let Some(start) = number_start(rest) else {
                if rest.len() == part.len() {
                    self.words_only(part);
                }
                return;
            };
            self.label.push_str(&rest[..start]);
            let scanned = scan(&rest[start..]);
            rest = scanned.rest;
            let more = rest.bytes().filter(u8::is_ascii_digit).count() >= 7;
            let label = std::mem::take(&mut self.label);
            if is_fax(&label) || !more && !is_phone(&label) && is_fax(rest) {
                self.numbers.push(Err(PhoneFault::Fax));
            } else {
                self.number(&scanned, &label);
            }
            if !more || scanned.masked {
                return;
            }
        }
    }

    /// `详见名片` is no number; `手机` before a separator is the label of the next one.
    fn words_only(&mut self, part: &str) {
        if is_fax(part) || is_phone(part) {
            self.label.push_str(part);
        } else {
            self.numbers.push(Err(PhoneFault::Invalid));
        }
    }

    fn number(&mut self, scanned: &Scan<'_>, label: &str) {
        if scanned.masked {
            return self.numbers.push(Err(PhoneFault::Masked));
        }
        if scanned.rest.starts_with('@') || label.contains("QQ") || label.contains("qq") {
            return self.numbers.push(Err(PhoneFault::Invalid));
        }
        match interpret(scanned, self.near, self.context) {
            Err(fault) => match two_numbers(scanned, self.context) {
                Some([one, other]) => {
                    self.keep(Ok(one));
                    self.keep(Ok(other));
                }
                None => self.keep(Err(fault)),
            },
            found => self.keep(found),
        }
    }

    fn keep(&mut self, found: Result<Found, PhoneFault>) {
        if let Ok(Found {
            area: Some(area), ..
        }) = &found
        {
            self.near = Some(*area);
        }
        self.numbers.push(found.map(|found| found.phone));
    }
}

/// Two complete numbers with nothing but a space between.
fn two_numbers(scanned: &Scan<'_>, context: &PhoneContext) -> Option<[Found; 2]> {
    let bare = PhoneContext {
        area: None,
        ..context.clone()
    };
    scanned.cuts().find_map(|cut| {
        let (one, other) = scanned.digits.split_at(cut);
        let one = digits(one, None, scanned.plus, None, &bare).ok()?;
        let mut other = digits(other, None, false, None, &bare).ok()?;
        other.phone.ext = scanned.ext.map(str::to_owned);
        Some([one, other])
    })
}

/// Whole digits of `13812345678.0`, `1.3812345678E10`; the fault of `1.38E+10`; nothing for other text.
fn workbook_number(text: &str) -> Option<Result<String, PhoneFault>> {
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (
            mantissa,
            exponent
                .strip_prefix('+')
                .unwrap_or(exponent)
                .parse::<usize>()
                .ok()?,
        ),
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !is_digits(whole) || !is_digits(fraction) || exponent > 15 {
        return None;
    }
    if exponent == 0 {
        let zeros_only = !fraction.is_empty()
            && fraction.bytes().all(|byte| byte == b'0')
            && mantissa.len() == text.len();
        return (zeros_only && whole.len() >= 7).then(|| Ok(whole.to_owned()));
    }
    if whole.len() != 1 {
        return None;
    }
    // Trailing zeros of the number are not written; three digits of eleven are what a narrow column leaves.
    let intact =
        fraction.len() >= exponent || fraction.len() >= 7 && fraction.len() + 3 >= exponent;
    if !intact {
        return Some(Err(PhoneFault::DigitsLost));
    }
    let mut digits = format!("{whole}{fraction}");
    digits.truncate(exponent + 1);
    while digits.len() <= exponent {
        digits.push('0');
    }
    Some(Ok(digits))
}

/// Labels a fax number, and no phone at the same time (`电话/传真`).
pub(super) fn is_fax(label: &str) -> bool {
    if label.is_empty() {
        return false;
    }
    let has = |word: &str| contains_ignoring_case(label, word);
    let alone = label.trim_matches(|c: char| !c.is_alphanumeric());
    (has("传真") || has("傳真") || has("fax") || alone.eq_ignore_ascii_case("f"))
        && !is_phone(label)
}

/// Labels a phone.
pub(super) fn is_phone(label: &str) -> bool {
    const WORDS: [&str; 14] = [
        "电话",
        "電話",
        "手机",
        "手機",
        "移动",
        "行動",
        "座机",
        "座機",
        "固话",
        "联系方式",
        "tel",
        "phone",
        "mob",
        "cell",
    ];
    let alone = label.trim_matches(|c: char| !c.is_alphanumeric());
    matches!(alone, "M" | "T" | "P" | "m" | "t" | "p")
        || WORDS.iter().any(|word| contains_ignoring_case(label, word))
}

fn contains_ignoring_case(text: &str, word: &str) -> bool {
    text.as_bytes()
        .windows(word.len())
        .any(|window| window.eq_ignore_ascii_case(word.as_bytes()))
}
