//! Company size by head-count.

use super::script::normalise;

/// A size class and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DerivedSize {
    /// 1 `<20`, 2 `20–99`, 3 `100–299`, 4 `300–999`, 5 `≥1000`.
    pub class: i16,
    /// The exact number of heads, where the text gives one.
    pub headcount: Option<i32>,
    /// What in the text led to it.
    pub because: String,
}

/// The class of a head-count.
pub fn class_of(headcount: i32) -> i16 {
    match headcount {
        ..20 => 1,
        20..100 => 2,
        100..300 => 3,
        300..1000 => 4,
        _ => 5,
    }
}

/// The size that a text such as `100-299人` or `约500` speaks of. Of a range the middle decides.
pub fn derive(text: &str) -> Option<DerivedSize> {
    let text = normalise(text);
    let numbers = numbers(&text);
    let because = text.clone().into_owned();
    match numbers.as_slice() {
        [] => None,
        [one] => {
            let below = ["以下", "以内", "少于", "小于", "<", "under", "less"]
                .iter()
                .any(|w| text.contains(w));
            let above = [
                "以上", "多于", "大于", "超过", ">", "≥", "+", "over", "more",
            ]
            .iter()
            .any(|w| text.contains(w));
            let class = if below {
                class_of(one - 1)
            } else {
                class_of(*one)
            };
            Some(DerivedSize {
                class,
                headcount: (!below && !above).then_some(*one),
                because,
            })
        }
        [low, high, ..] => Some(DerivedSize {
            class: class_of(low / 2 + high / 2),
            headcount: None,
            because,
        }),
    }
}

fn numbers(text: &str) -> Vec<i32> {
    let mut found = Vec::new();
    let mut digits = String::new();
    for c in text.chars().chain(std::iter::once(' ')) {
        match c {
            '0'..='9' => digits.push(c),
            ',' if !digits.is_empty() => {}
            '万' if !digits.is_empty() => {
                found.extend(
                    digits
                        .parse::<i32>()
                        .ok()
                        .and_then(|n| n.checked_mul(10_000)),
                );
                digits.clear();
            }
            _ => {
                found.extend(digits.parse::<i32>().ok());
                digits.clear();
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_become_classes() {
        for (text, class, headcount) in [
            ("320人", 4, Some(320)),
            ("约500", 4, Some(500)),
            ("100-299人", 3, None),
            ("20人以下", 1, None),
            ("1000人以上", 5, None),
            ("1,200", 5, Some(1200)),
            ("50~99", 2, None),
        ] {
            let size = derive(text).unwrap();
            assert_eq!((size.class, size.headcount), (class, headcount), "{text}");
        }
        assert_eq!(derive("不详"), None);
    }
}
