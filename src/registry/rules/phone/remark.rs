//! Numbers in a remark: only those with a phone label are contact points.

use super::number::{digits, interpret};
use super::scan::{Scan, scan};
use super::{Phone, PhoneContext, PhoneFault};
use crate::registry::rules::region::AreaCode;
use crate::registry::rules::script::normalise;

/// What a label announces.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Label {
    Phone,
    Fax,
}

/// Chinese labels count wherever they stand; longer ones first.
const CHINESE: [(&str, Label); 22] = [
    ("传真", Label::Fax),
    ("傳真", Label::Fax),
    ("手机号码", Label::Phone),
    ("手机号", Label::Phone),
    ("手机", Label::Phone),
    ("手機號碼", Label::Phone),
    ("手機", Label::Phone),
    ("移动电话", Label::Phone),
    ("行動電話", Label::Phone),
    ("行動", Label::Phone),
    ("联系电话", Label::Phone),
    ("电话号码", Label::Phone),
    ("电话", Label::Phone),
    ("電話", Label::Phone),
    ("座机", Label::Phone),
    ("座機", Label::Phone),
    ("固话", Label::Phone),
    ("总机", Label::Phone),
    ("總機", Label::Phone),
    ("直线", Label::Phone),
    ("直線", Label::Phone),
    ("热线", Label::Phone),
];

/// Latin labels are whole words; single letters need a colon.
const LATIN: [(&str, Label); 17] = [
    ("telephone", Label::Phone),
    ("cellphone", Label::Phone),
    ("mobile", Label::Phone),
    ("handphone", Label::Phone),
    ("hotline", Label::Phone),
    ("direct", Label::Phone),
    ("phone", Label::Phone),
    ("cell", Label::Phone),
    ("mob", Label::Phone),
    ("tel", Label::Phone),
    ("fax", Label::Fax),
    ("ph", Label::Phone),
    ("hp", Label::Phone),
    ("m", Label::Phone),
    ("t", Label::Phone),
    ("p", Label::Phone),
    ("f", Label::Fax),
];

/// The numbers of a remark that carry a phone label (`手机`, `Mobile`, `M:`, `电话`, `Tel` …). A label without a
/// number says nothing; fax numbers are left out.
pub fn labelled_phones(remark: &str, context: &PhoneContext) -> Vec<Result<Phone, PhoneFault>> {
    let text = normalise(remark);
    let mut numbers = Vec::new();
    let mut at = 0;
    let mut near = None;
    let mut before = ' ';
    while let Some(c) = text[at..].chars().next() {
        let Some((label, length)) = label_at(&text[at..], before) else {
            at += c.len_utf8();
            before = c;
            continue;
        };
        let body = at + length;
        let start = body + skipped(&text[body..]);
        let (end, found) = numbers_after(&text[start..], near, context);
        // `电话/传真：` is both, so the phone label before a fax label wins: nothing was read in between.
        let is_phone = label == Label::Phone
            || text[..at].ends_with(['/', '&', '、']) && ends_with_phone(&text[..at]);
        if is_phone {
            near = found.last().and_then(|(area, _)| *area).or(near);
            numbers.extend(found.into_iter().map(|(_, number)| number));
        }
        at = if end > 0 { start + end } else { body };
        before = text[..at].chars().next_back().unwrap_or(' ');
    }
    numbers
}

fn ends_with_phone(text: &str) -> bool {
    let text = text.trim_end_matches(['/', '&', '、', ' ']);
    CHINESE.iter().chain(&LATIN).any(|(word, label)| {
        *label == Label::Phone
            && text.len() >= word.len()
            && text.as_bytes()[text.len() - word.len()..].eq_ignore_ascii_case(word.as_bytes())
    })
}

/// The label a text begins with, given the character before it.
fn label_at(text: &str, before: char) -> Option<(Label, usize)> {
    if !text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        let (word, label) = CHINESE.iter().find(|(word, _)| text.starts_with(word))?;
        return Some((*label, word.len()));
    }
    if before.is_ascii_alphanumeric() {
        return None;
    }
    let length = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (word, label) = LATIN
        .iter()
        .find(|(word, _)| word.eq_ignore_ascii_case(&text[..length]))?;
    let colon = text[length..].trim_start().starts_with([':', '.']);
    (word.len() > 1 || colon).then_some((*label, length))
}

/// What may stand between a label and its number.
fn skipped(text: &str) -> usize {
    let rest = text.trim_start_matches([
        ' ', ':', '.', '号', '码', '號', '碼', '是', '为', '=', '-', '.',
    ]);
    let rest = ["(m)", "(o)", "(微信同号)", "(办)", "(公)"]
        .iter()
        .find_map(|word| rest.strip_prefix(word))
        .unwrap_or(rest);
    text.len() - rest.trim_start_matches([' ', ':']).len()
}

type Numbers = Vec<(Option<AreaCode>, Result<Phone, PhoneFault>)>;

/// The numbers right at the start of a text, joined by `/` or `、`, and where they end.
fn numbers_after(
    text: &str,
    mut near: Option<AreaCode>,
    context: &PhoneContext,
) -> (usize, Numbers) {
    let mut found = Vec::new();
    let mut end = 0;
    loop {
        let open = text[end..].trim_start();
        let joined = found.is_empty() || open.starts_with(['/', '、']);
        let rest = open.trim_start_matches(['/', '、', ' ']);
        let opens = rest
            .trim_start_matches(['(', '+'])
            .starts_with(|c: char| c.is_ascii_digit());
        if !joined || !opens {
            return (end, found);
        }
        let scanned = scan(rest);
        if scanned.digits.len() < 5 && !scanned.masked {
            return (end, found);
        }
        end = text.len() - scanned.rest.len();
        let number = best(&scanned, near, context);
        near = number.as_ref().ok().and_then(|(area, _)| *area).or(near);
        found.push(match number {
            Ok((area, phone)) => (area, Ok(phone)),
            Err(fault) => (None, Err(fault)),
        });
    }
}

/// The number, without what follows it after a space (`手机13812345678 2楼`) if only then it is one.
fn best(
    scanned: &Scan<'_>,
    near: Option<AreaCode>,
    context: &PhoneContext,
) -> Result<(Option<AreaCode>, Phone), PhoneFault> {
    if scanned.masked {
        return Err(PhoneFault::Masked);
    }
    let whole = interpret(scanned, near, context);
    let found = whole.or_else(|fault| {
        let shorter = |cut: usize| {
            let group = scanned.first_group().filter(|group| group.len() < cut);
            digits(&scanned.digits[..cut], group, scanned.plus, near, context).ok()
        };
        scanned.cuts().rev().find_map(shorter).ok_or(fault)
    })?;
    Ok((found.area, found.phone))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{context, shown};
    use super::*;

    #[test]
    fn remarks_give_only_labelled_numbers() {
        for (remark, expected) in [
            (
                "名片：地址江苏省苏州市虎丘区人民路522号1楼 手机：191-0479-8350",
                "+8619104798350",
            ),
            (
                "名片：销售经理 手机13647594160 江苏省南京市浦口区迎宾路338号19号楼",
                "+8613647594160",
            ),
            (
                "名片信息 | Mobile: 137 1546 4975 | 传真: 0512-52826664",
                "+8613715464975",
            ),
            ("工程师；M: 13812345679；想了解MES", "+8613812345679"),
            ("预算约20万 QQ 463829175", ""),
            ("现用金蝶K3，想换", ""),
            ("第一次电话：没人接\n第二次：要资料", ""),
            ("会后请寄资料，门牌䶮园3号", ""),
            (
                "Tel: 0512-65801234 ext. 12, Fax: 0512-65801235",
                "+8651265801234;ext=12",
            ),
            ("电话/传真：0512-65801234", "+8651265801234"),
            ("传真/电话：0512-65801234", "+8651265801234"),
            ("hotel 13812345679", ""),
            ("13812345679", ""),
            ("T恤 13812345679", ""),
            (
                "电话：0512-65801234/65801235、13812345679",
                "+8651265801234 +8651265801235 +8613812345679",
            ),
            ("手机13932005443 2楼", "+8613932005443"),
            ("手机：138****5678", "Masked"),
            ("电话预约2024年再打", ""),
            ("P: +44 20 7946 0018", "+442079460018"),
            ("手机 139 3200 5443 12号楼", "+8613932005443"),
        ] {
            assert_eq!(
                shown(&labelled_phones(remark, &context(""))),
                expected,
                "{remark}"
            );
        }
    }
}
