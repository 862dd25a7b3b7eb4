//! How a number is shown, hidden and looked for.

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat};

use super::{Phone, PhoneKind};
use crate::registry::rules::region::mainland_area;
use crate::registry::rules::script::normalise;

impl Phone {
    /// The number as it was stored.
    pub fn stored(e164: &str, ext: Option<&str>) -> Self {
        Self {
            e164: e164.to_owned(),
            ext: ext.map(str::to_owned),
            kind: kind_of(e164),
            area_inferred: false,
        }
    }

    /// `138****5678`, for those who may not see the number.
    pub fn masked(&self) -> String {
        if let Some(mobile) = self
            .e164
            .strip_prefix("+86")
            .filter(|_| self.kind == PhoneKind::Mobile)
        {
            return format!("{}****{}", &mobile[..3], &mobile[7..]);
        }
        let (lead, local) = self.parts();
        let shown = local.len().saturating_sub(4).max(local.len() / 2);
        let between = if lead.starts_with('+') { " " } else { "-" };
        format!("{lead}{between}****{}", &local[shown..])
    }

    /// As people of its country write it: `0512-6580 1234 #801`, `138 1234 5678`, `+44 20 7946 0018`.
    pub fn pretty(&self) -> String {
        let mut text = self.pretty_number();
        if let Some(ext) = &self.ext {
            text.push_str(" #");
            text.push_str(ext);
        }
        text
    }

    fn pretty_number(&self) -> String {
        if self.kind == PhoneKind::International || self.e164.starts_with("+85") {
            let parsed = PHONE_NUMBER_UTIL.parse(&self.e164, None);
            return parsed.map_or_else(
                |_| self.e164.clone(),
                |number| {
                    number
                        .format_as(PhoneNumberFormat::International)
                        .into_owned()
                },
            );
        }
        let (lead, local) = self.parts();
        let middle = local.len().saturating_sub(4);
        let (front, back) = local.split_at(middle);
        match self.kind {
            PhoneKind::Mobile if lead.starts_with("09") => {
                format!("{lead}-{}-{}", &local[..3], &local[3..])
            }
            PhoneKind::Mobile => format!("{lead} {front} {back}"),
            PhoneKind::Service => format!("{lead}-{front}-{back}"),
            _ => format!("{lead}-{front} {back}"),
        }
    }

    /// The leading code as it is dialled at home, and the rest.
    fn parts(&self) -> (String, &str) {
        let number = self.e164.as_str();
        if let Some(national) = number.strip_prefix("+86") {
            let (lead, trunk) = match self.kind {
                PhoneKind::Landline => (
                    mainland_area(&format!("0{national}")).map_or(3, |area| area.trunk.len() - 1),
                    "0",
                ),
                _ => (3, ""),
            };
            let (lead, local) = national.split_at(lead.min(national.len()));
            return (format!("{trunk}{lead}"), local);
        }
        if let Some(national) = number.strip_prefix("+886") {
            let lead = match self.kind {
                PhoneKind::Mobile | PhoneKind::Service => 3,
                _ if ["37", "49", "82", "89"]
                    .iter()
                    .any(|code| national.starts_with(code)) =>
                {
                    2
                }
                _ => 1,
            };
            let (lead, local) = national.split_at(lead.min(national.len()));
            return (format!("0{lead}"), local);
        }
        let (lead, local) = number.split_at(number.len().min(4));
        (lead.to_owned(), local)
    }
}

/// The kind of a number in E.164, without judging it again.
fn kind_of(e164: &str) -> PhoneKind {
    let begins = |prefixes: &[&str]| prefixes.iter().any(|prefix| e164.starts_with(prefix));
    if begins(&["+86400", "+86800", "+886800"]) {
        PhoneKind::Service
    } else if e164.starts_with("+861") && e164.len() == 14
        || begins(&["+8869", "+8525", "+8526", "+8527", "+8529", "+8536"])
    {
        PhoneKind::Mobile
    } else if begins(&["+86", "+886", "+852", "+853"]) && !e164.starts_with("+88")
        || e164.starts_with("+886")
    {
        PhoneKind::Landline
    } else {
        PhoneKind::International
    }
}

/// The digits to look for when somebody searches by a number: without country code and trunk zero. Nothing if the
/// text is no number, or too short to be worth a search.
pub fn digits_query(text: &str) -> Option<String> {
    let text = normalise(text);
    let part = |c: char| {
        c.is_ascii_digit() || matches!(c, ' ' | '-' | '(' | ')' | '+' | '.' | '–' | '*' | '#')
    };
    if !text.chars().all(part) {
        return None;
    }
    let spoken = text.split(['#', '*']).next().unwrap_or_default();
    let digits: String = spoken.chars().filter(char::is_ascii_digit).collect();
    let mut rest = digits.as_str();
    if text.starts_with('+') || rest.starts_with("00") || rest.len() >= 12 {
        rest = rest.strip_prefix("00").unwrap_or(rest);
        rest = rest
            .strip_prefix("886")
            .or_else(|| rest.strip_prefix("86"))
            .unwrap_or(rest);
    }
    let rest = rest.trim_start_matches('0');
    (rest.len() >= 3).then(|| rest.to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::parse_one;
    use super::super::tests::context;
    use super::*;

    #[test]
    fn numbers_are_shown_and_hidden() {
        for (cell, pretty, masked) in [
            ("13812345679", "138 1234 5679", "138****5679"),
            ("0512-65801234转801", "0512-6580 1234 #801", "0512-****1234"),
            ("021-65801234", "021-6580 1234", "021-****1234"),
            ("0572-7588554", "0572-758 8554", "0572-****8554"),
            ("400-658-7509", "400-658-7509", "400-****7509"),
            ("0912-640-636", "0912-640-636", "0912-****636"),
            ("02-2345-6789", "02-2345 6789", "02-****6789"),
            ("+852 2345 6789", "+852 2345 6789", "+852 ****6789"),
            ("+44 20 7946 0018", "+44 20 7946 0018", "+442 ****0018"),
        ] {
            let phone = parse_one(cell, &context("")).expect("a number");
            assert_eq!(
                (phone.pretty().as_str(), phone.masked().as_str()),
                (pretty, masked)
            );
            let again = Phone::stored(&phone.e164, phone.ext.as_deref());
            assert_eq!(again, phone);
            assert_eq!(
                again.key(),
                parse_one(&phone.e164, &context(""))
                    .map(|p| p.key())
                    .unwrap_or_default()
            );
            assert_eq!(
                parse_one(&phone.to_string(), &context("")).as_ref(),
                Ok(&phone)
            );
        }
        for (text, digits) in [
            ("138 1234", Some("1381234")),
            ("+86 512-6580", Some("5126580")),
            ("0512 65801234#801", Some("51265801234")),
            ("苏州", None),
            ("12", None),
            ("8613812345679", Some("13812345679")),
        ] {
            assert_eq!(digits_query(text).as_deref(), digits);
        }
    }
}
