//! Birthdays as people and lists write them: a whole date, or the day without the year.

use chrono::NaiveDate;

/// Nobody whom we write to is older.
const OLDEST: i32 = 1900;

/// `1980-05-20` or `05-20`; none where the text is no birthday. A day before the month is read only where it cannot be
/// the month.
pub fn read(text: &str) -> Option<String> {
    // A date may carry a time of day: 1980-05-20 00:00:00.
    let text = text.trim();
    let day = text.split([' ', 'T']).next().unwrap_or_default();
    let text = if day.chars().filter(char::is_ascii_digit).count() >= 3 {
        day
    } else {
        text
    };
    let parts: Vec<u32> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .map(|part| part.parse().ok())
        .collect::<Option<_>>()?;
    match parts[..] {
        [whole] if (19_000_101..=21_991_231).contains(&whole) => {
            with_year(whole / 10_000, whole / 100 % 100, whole % 100)
        }
        [year, month, day] if year > 31 => with_year(year, month, day),
        [day, month, year] if year > 31 && day > 12 => with_year(year, month, day),
        [month, day, year] if year > 31 => with_year(year, month, day),
        [month, day] => without_year(month, day),
        _ => None,
    }
}

fn with_year(year: u32, month: u32, day: u32) -> Option<String> {
    let year = i32::try_from(year).ok().filter(|year| *year >= OLDEST)?;
    Some(NaiveDate::from_ymd_opt(year, month, day)?.to_string())
}

/// 29 February is a birthday in every year.
fn without_year(month: u32, day: u32) -> Option<String> {
    let in_leap_year = NaiveDate::from_ymd_opt(2000, month, day)?;
    Some(in_leap_year.format("%m-%d").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn birthdays_are_read_in_one_form() {
        for (text, kept) in [
            ("1980-05-20", Some("1980-05-20")),
            ("1980/5/20", Some("1980-05-20")),
            ("1980年5月20日", Some("1980-05-20")),
            ("1980.05.20", Some("1980-05-20")),
            ("19800520", Some("1980-05-20")),
            ("1980-05-20 00:00:00", Some("1980-05-20")),
            ("1980-05-20T00:00:00", Some("1980-05-20")),
            ("20/05/1980", Some("1980-05-20")),
            ("5月20日", Some("05-20")),
            ("05-20", Some("05-20")),
            ("2-29", Some("02-29")),
            ("1981-02-29", None),
            ("13-40", None),
            ("0520", None),
            ("1066-10-14", None),
            ("五月", None),
            ("", None),
        ] {
            assert_eq!(read(text).as_deref(), kept, "{text}");
        }
    }
}
