//! The numbers of a rule set that an office changes, each with its bounds: form, page and refusal read the same table.

use crate::platform::settings::Setting;

/// One number of a rule set.
#[derive(Debug)]
pub struct Number<T: 'static> {
    /// Stable name: field of the form and end of the key of its sentence.
    pub name: &'static str,
    /// What is counted, the end of the key of its unit.
    pub unit: &'static str,
    /// The least that makes sense.
    pub least: i64,
    /// The most that makes sense.
    pub most: i64,
    /// Reads it.
    pub read: fn(&T) -> i64,
    /// Writes one within the bounds.
    pub write: fn(&mut T, i64),
}

/// A number of this unit is typed in whole ones and kept in tenths.
pub const TENTHS: &str = "person_days";

impl<T> Number<T> {
    /// As a person types it.
    pub fn typed(&self, rules: &T) -> String {
        let value = (self.read)(rules);
        match self.unit == TENTHS {
            true => format!("{}.{}", value / 10, value % 10),
            false => value.to_string(),
        }
    }

    /// A bound as a person types it.
    pub fn bound(&self, bound: i64) -> i64 {
        if self.unit == TENTHS {
            bound / 10
        } else {
            bound
        }
    }

    /// What somebody typed, if it lies within the bounds.
    pub fn value(&self, typed: &str) -> Option<i64> {
        let value = match self.unit == TENTHS {
            true => tenths(typed)?,
            false => typed.parse().ok()?,
        };
        (self.least..=self.most).contains(&value).then_some(value)
    }
}

/// `8`, `8.` and `8.0` are eighty tenths.
fn tenths(typed: &str) -> Option<i64> {
    let (whole, part) = typed.split_once('.').unwrap_or((typed, "0"));
    let is_one_digit = part.len() <= 1 && part.bytes().all(|b| b.is_ascii_digit());
    let whole: i64 = whole.parse().ok().filter(|n| (0..1_000).contains(n))?;
    is_one_digit.then(|| whole * 10 + part.parse::<i64>().unwrap_or(0))
}

/// A rule set that is made of numbers.
pub trait Numbers: Setting + 'static {
    /// All of them, in the order of the page.
    const NUMBERS: &'static [Number<Self>];

    /// Whether the numbers agree with each other; the code of what does not.
    fn agree(&self) -> Result<(), &'static str> {
        Ok(())
    }
}

/// Puts what was typed into a rule set; the first number out of its bounds is answered.
pub fn put<T: Numbers>(
    rules: &mut T,
    typed: impl Fn(&str) -> Option<String>,
) -> Result<(), &'static Number<T>> {
    for number in T::NUMBERS {
        if let Some(text) = typed(number.name) {
            (number.write)(rules, number.value(&text).ok_or(number)?);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::selling::rules::capacity::CapacityRules;
    use crate::selling::rules::pool::PoolRules;
    use crate::selling::rules::service::ServiceRules;

    /// What ships is typed and read back as it is, and both bounds are allowed while what lies beyond is not.
    fn holds<T: Numbers + PartialEq + std::fmt::Debug + Clone>() {
        let shipped = T::default();
        assert_eq!(shipped.agree(), Ok(()));
        for number in T::NUMBERS {
            let mut read = shipped.clone();
            put(&mut read, |name| {
                (name == number.name).then(|| number.typed(&shipped))
            })
            .unwrap_or_else(|n| panic!("{} is refused as it ships", n.name));
            assert_eq!(read, shipped, "{}", number.name);
            for (value, is_allowed) in [
                (number.least, true),
                (number.most, true),
                (number.most + 1, false),
            ] {
                (number.write)(&mut read, value);
                let typed = number.typed(&read);
                let is_kept = (number.read)(&read) == value;
                assert_eq!(
                    is_kept && number.value(&typed) == Some(value),
                    is_allowed,
                    "{} {value}",
                    number.name
                );
            }
        }
        let refused = put(&mut shipped.clone(), |_| Some("many".into()));
        assert!(refused.is_err());
    }

    #[test]
    fn every_number_is_typed_and_read_within_its_bounds() {
        holds::<ServiceRules>();
        holds::<PoolRules>();
        holds::<CapacityRules>();
    }

    #[test]
    fn days_are_typed_with_one_decimal() {
        for (typed, read) in [
            ("8", Some(80)),
            ("3.5", Some(35)),
            ("0.5", Some(5)),
            ("3.55", None),
            ("-1", None),
            ("", None),
        ] {
            assert_eq!(tenths(typed), read, "{typed}");
        }
    }
}
