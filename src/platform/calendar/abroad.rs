//! The countries without a pack: which zones they have and when people rest there, as the table `zones.txt` says.

use std::collections::HashMap;
use std::sync::LazyLock;

use chrono_tz::Tz;

use super::holidays::Weekend;
use super::regions::CalendarId;

/// One zone in one country.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Abroad {
    /// What a queue entry there carries.
    pub id: CalendarId,
    /// ISO 3166-1.
    pub country: &'static str,
    /// The parts of the country that have the zone, ISO 3166-2 without the country; empty: all that stand nowhere else.
    pub parts: &'static str,
    /// The zone.
    pub zone: Tz,
    /// When people rest.
    pub weekend: Weekend,
}

/// All of them, by country.
pub fn all() -> &'static [Abroad] {
    &TABLE.lines
}

/// Where a country with its part lies: `AU-WA`, `DE`. A part that the table does not name has the clock of the country;
/// none: nobody knows the country.
pub fn of_region(code: &str) -> Option<&'static Abroad> {
    let country = code.split_once('-').map_or(code, |(country, _)| country);
    let at = TABLE.by_code.get(code).or(TABLE.by_code.get(country))?;
    TABLE.lines.get(*at)
}

/// The one that has a zone: none is in two countries.
pub fn of_zone(zone: Tz) -> Option<&'static Abroad> {
    TABLE.lines.get(*TABLE.by_zone.get(&zone)?)
}

struct Table {
    lines: Vec<Abroad>,
    by_code: HashMap<String, usize>,
    by_zone: HashMap<Tz, usize>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let text = include_str!("zones.txt").lines();
    let lines: Vec<Abroad> = text.filter_map(read).collect();
    let numbered = || lines.iter().enumerate();
    Table {
        by_code: numbered()
            .flat_map(|(at, line)| codes(line).into_iter().map(move |code| (code, at)))
            .collect(),
        by_zone: numbered().map(|(at, line)| (line.zone, at)).collect(),
        lines,
    }
});

/// The regions of a line.
fn codes(line: &Abroad) -> Vec<String> {
    let country = line.country;
    match line.parts {
        "" => vec![country.to_owned()],
        parts => parts
            .split(' ')
            .map(|part| format!("{country}-{part}"))
            .collect(),
    }
}

/// A line; none of a remark. A test reads all of them.
fn read(line: &'static str) -> Option<Abroad> {
    let mut fields = line.split('\t');
    let id = fields.next()?.parse().ok()?;
    let (country, parts, zone) = (fields.next()?, fields.next()?, fields.next()?);
    Some(Abroad {
        id: CalendarId(id),
        country,
        parts,
        zone: zone.parse().ok()?,
        weekend: fields
            .next()
            .map_or_else(Weekend::default, Weekend::of_names),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use chrono::Weekday;

    use super::*;

    #[test]
    fn every_line_is_read_and_means_one_thing() {
        let written = include_str!("zones.txt").lines();
        let written = written.filter(|line| !line.starts_with('#')).count();
        assert_eq!(all().len(), written);
        let ids: HashSet<i32> = all().iter().map(|line| line.id.0).collect();
        let zones: HashSet<Tz> = all().iter().map(|line| line.zone).collect();
        assert_eq!((ids.len(), zones.len()), (written, written));
        for pair in all().windows(2) {
            let is_next = pair[0].country == pair[1].country;
            assert_eq!(is_next, pair[1].id.0 == pair[0].id.0 + 1, "{:?}", pair[1]);
        }
        let packs = CalendarId::FIXED.map(|(id, zone, _)| (id.0, zone));
        for (id, zone) in packs {
            assert!(!ids.contains(&id) && !zones.contains(&zone), "{zone}");
        }
    }

    #[test]
    fn regions_have_their_clock() {
        for (region, id, zone) in [
            ("DE", 27600, "Europe/Berlin"),
            ("JP", 39200, "Asia/Tokyo"),
            ("JP-13", 39200, "Asia/Tokyo"),
            ("SG", 70200, "Asia/Singapore"),
            ("AU", 3600, "Australia/Sydney"),
            ("AU-NSW", 3600, "Australia/Sydney"),
            ("AU-VIC", 3600, "Australia/Sydney"),
            ("AU-QLD", 3601, "Australia/Brisbane"),
            ("AU-SA", 3602, "Australia/Adelaide"),
            ("AU-NT", 3603, "Australia/Darwin"),
            ("AU-WA", 3604, "Australia/Perth"),
            ("CA-ON", 12400, "America/Toronto"),
            ("CA-BC", 12401, "America/Vancouver"),
            ("CA-NL", 12406, "America/St_Johns"),
            ("BR-AM", 7601, "America/Manaus"),
            ("RU-PRI", 64308, "Asia/Vladivostok"),
            ("MX-SON", 48402, "America/Hermosillo"),
            ("ID-BA", 36001, "Asia/Makassar"),
            ("KZ", 39800, "Asia/Almaty"),
        ] {
            let found = of_region(region).map(|line| (line.id.0, line.zone.name()));
            assert_eq!(found, Some((id, zone)), "{region}");
        }
        assert!(of_region("CN").is_none() && of_region("XX").is_none());
    }

    #[test]
    fn people_rest_on_the_days_of_their_country() {
        use Weekday::{Fri, Sat, Sun, Thu};
        for (country, days) in [
            ("DE", vec![Sat, Sun]),
            ("AE", vec![Sat, Sun]), // since 2022
            ("SA", vec![Fri, Sat]),
            ("EG", vec![Fri, Sat]),
            ("IL", vec![Fri, Sat]),
            ("IR", vec![Thu, Fri]),
            ("BN", vec![Fri, Sun]),
            ("NP", vec![Sat]),
        ] {
            let weekend = of_region(country).unwrap().weekend;
            let week = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Thu, Fri, Sat, Sun];
            let rest: Vec<Weekday> = week.into_iter().filter(|day| weekend.has(*day)).collect();
            assert_eq!(rest, days, "{country}");
        }
    }
}
