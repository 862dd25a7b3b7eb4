//! The digits of a number as they are written: groups, brackets, extension.

/// Groups beyond this, or digits beyond twice this, are no phone number.
const MOST_GROUPS: usize = 16;

/// Digits in groups, and what was found behind them.
#[derive(Debug, Default)]
pub(super) struct Scan<'a> {
    /// All digits without separators.
    pub digits: String,
    /// A `+` stood in front.
    pub plus: bool,
    /// Extension behind a marker such as `转` or `#`.
    pub ext: Option<&'a str>,
    /// `****` or `×` inside the digits.
    pub masked: bool,
    /// What follows the number.
    pub rest: &'a str,
    starts: [Group; MOST_GROUPS],
    groups: usize,
}

/// Where a group of digits begins, and what stands before it.
#[derive(Debug, Default, Clone, Copy)]
struct Group {
    start: usize,
    spaced: bool,
    dashed: bool,
}

impl Scan<'_> {
    /// Length of the first of several groups; none when all digits stand together.
    pub fn first_group(&self) -> Option<&str> {
        (self.groups > 1).then(|| &self.digits[..self.starts[1].start])
    }

    /// Digits before and after the last dash, when the last group may be an extension.
    pub fn dashed_tail(&self) -> Option<(&str, &str)> {
        let last = self.starts[..self.groups]
            .last()
            .filter(|last| last.dashed && self.groups > 1)?;
        let (head, tail) = self.digits.split_at(last.start);
        (tail.len() <= 6).then_some((head, tail))
    }

    /// Where the digits may be cut in two numbers: at a space.
    pub fn cuts(&self) -> impl DoubleEndedIterator<Item = usize> {
        self.starts[..self.groups]
            .iter()
            .skip(1)
            .filter(|group| group.spaced)
            .map(|group| group.start)
    }

    fn digit(&mut self, c: char, between: Between) -> bool {
        if between.any || self.digits.is_empty() {
            if self.groups == MOST_GROUPS {
                return false;
            }
            self.starts[self.groups] = Group {
                start: self.digits.len(),
                spaced: between.spaced,
                dashed: between.dashed,
            };
            self.groups += 1;
        }
        self.digits.push(c);
        self.digits.len() <= 2 * MOST_GROUPS
    }
}

/// The separators since the last digit.
#[derive(Default, Clone, Copy)]
struct Between {
    any: bool,
    spaced: bool,
    dashed: bool,
}

/// Where the first number of a text begins: a digit, or a `+` or bracket in front of one.
pub(super) fn number_start(text: &str) -> Option<usize> {
    let digit = text.find(|c: char| c.is_ascii_digit())?;
    let lead = text[..digit].trim_end_matches(['(', '+', ' ', '[', '（']);
    let opening = text[lead.len()..digit].find(['+', '(', '[']);
    Some(opening.map_or(digit, |at| lead.len() + at))
}

/// Reads a number from the start of a text (see [`number_start`]).
pub(super) fn scan(text: &str) -> Scan<'_> {
    let mut scan = Scan {
        digits: String::with_capacity(20),
        ..Scan::default()
    };
    let mut between = Between::default();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let next = at + c.len_utf8();
        match c {
            '0'..='9' => {
                if !scan.digit(c, between) {
                    break;
                }
                between = Between::default();
            }
            '+' if scan.digits.is_empty() => scan.plus = true,
            // A trunk zero that is only dialled inside the country: `+86 (0)512`.
            '(' if !scan.digits.is_empty() && text[at..].starts_with("(0)") => {
                between.any = true;
                at += "(0)".len();
                continue;
            }
            ' ' | '\t' | '\u{a0}' => {
                between = Between {
                    any: true,
                    spaced: true,
                    ..between
                }
            }
            '~' if scan.digits.len() >= 7 && is_range(&text[at..]) => break,
            '-' | '‐'..='―' | '−' | '_' | '~' | 'ー' => {
                between = Between {
                    any: true,
                    dashed: true,
                    ..between
                }
            }
            '(' | ')' | '[' | ']' | '.' | '·' | '\'' => between.any = true,
            _ => break,
        }
        at = next;
    }
    scan.rest = &text[at..];
    tail(&mut scan);
    scan
}

/// `5771234~6` are three lines: the first one counts.
fn is_range(rest: &str) -> bool {
    let after = rest.trim_start_matches(['~', ' ']);
    let length = after.bytes().take_while(u8::is_ascii_digit).count();
    (1..=2).contains(&length) && !after[length..].starts_with(['~', '-'])
}

/// Extension or mask behind the digits.
fn tail(scan: &mut Scan<'_>) {
    let rest = scan.rest;
    let Some(first) = rest.chars().next() else {
        return;
    };
    if matches!(first, '×' | '✕' | '●' | '○' | '█' | '?' | '•' | '※') {
        scan.masked = true;
    }
    let Some(after) = marker(rest) else {
        return;
    };
    // `****` and `xxxx` hide digits; a single one announces an extension.
    if matches!(first, '*' | 'x' | 'X') && after.starts_with(['*', 'x', 'X']) {
        scan.masked = true;
        return;
    }
    let body = after.trim_start_matches([' ', '.', ':', '=', '#', '-', '(', '号', '為', '为']);
    let length = body.bytes().take_while(u8::is_ascii_digit).count();
    if (1..=6).contains(&length) {
        scan.ext = Some(&body[..length]);
        scan.rest = body[length..].trim_start_matches(')');
    } else if length == 0 {
        scan.rest = body;
    }
}

/// The text behind an extension marker.
fn marker(rest: &str) -> Option<&str> {
    const MARKERS: [&str; 15] = [
        "转分机",
        "轉分機",
        "转",
        "轉",
        "分机",
        "分機",
        "内线",
        "內線",
        "extension",
        "extn",
        "ext",
        "x",
        "#",
        "*",
        ";ext",
    ];
    let rest = rest.trim_start_matches([' ', '(', ',']);
    let found = MARKERS.iter().find(|marker| {
        let bytes = marker.as_bytes();
        rest.len() >= bytes.len() && rest.as_bytes()[..bytes.len()].eq_ignore_ascii_case(bytes)
    })?;
    let after = &rest[found.len()..];
    // `x` begins a word as well.
    (*found != "x" || !after.starts_with(|c: char| c.is_alphabetic() && c != 'x' && c != 'X'))
        .then_some(after)
}
