//! What people call an occasion: by its code, or by its name in either language.

use super::catalogue::Occasion;
use super::silence::Silence;
use crate::platform::i18n::Lang;

/// What stands behind the name of a day and tells no two of them apart.
const ENDINGS: [&str; 4] = ["节", "节日", "festival", "day"];

/// The code of an occasion or a day of silence, by whatever somebody calls it; what is no name stays as it was said.
pub fn code_called(said: &str) -> String {
    let known = Occasion::ALL
        .iter()
        .map(|one| (one.code(), one.key()))
        .chain(Silence::ALL.iter().map(|one| (one.code(), one.key())));
    let wanted = bare(said);
    for (code, key) in known {
        let is_it = |name: &str| bare(name) == wanted;
        if is_it(code) || Lang::ALL.iter().any(|lang| is_it(&lang.text(key))) {
            return code.to_owned();
        }
    }
    said.trim().to_owned()
}

/// Letters and digits alone, without the ending.
fn bare(name: &str) -> String {
    let name: String = name
        .to_lowercase()
        .chars()
        .filter(|c| c.is_alphanumeric())
        .collect();
    let ending = ENDINGS.iter().find_map(|ending| name.strip_suffix(ending));
    match ending {
        Some(rest) if !rest.is_empty() => rest.to_owned(),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_known_by_its_code_and_by_its_names() {
        for (said, code) in [
            ("mid_autumn", "mid_autumn"),
            ("中秋", "mid_autumn"),
            ("中秋节", "mid_autumn"),
            ("Mid-Autumn Festival", "mid_autumn"),
            ("mid-autumn", "mid_autumn"),
            ("春节", "spring_festival"),
            ("国庆节", "national_day"),
            ("清明", "qingming"),
            ("清明节", "qingming"),
            ("寒衣", "hanyi"),
            ("生日", "birthday"),
            ("mid_autumn_national_day", "mid_autumn_national_day"),
            (" groundhog day ", "groundhog day"),
        ] {
            assert_eq!(code_called(said), code, "{said}");
        }
    }

    #[test]
    fn no_two_days_have_one_name() {
        for lang in Lang::ALL {
            let keys = Occasion::ALL.iter().map(|one| (one.code(), one.key()));
            for (code, key) in keys {
                assert_eq!(code_called(&lang.text(key)), code);
            }
        }
    }
}
