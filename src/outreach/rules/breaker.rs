//! When a mailing stops itself and asks: too many of the last letters were refused for good. A list that is that old or
//! wrong costs the good name of the sender.

/// Of so many letters.
pub const OF_LAST: usize = 200;
/// More than so many refused stop the mailing: 5 %.
pub const MOST_REFUSED: usize = 10;

/// The last letters of one mailing.
#[derive(Debug, Clone, Default)]
pub struct Breaker {
    last: std::collections::VecDeque<bool>,
}

impl Breaker {
    /// Notes one letter; some number of refusals when that was one too many, and then it begins anew.
    pub fn note(&mut self, was_refused: bool) -> Option<usize> {
        self.last.push_back(was_refused);
        if self.last.len() > OF_LAST {
            self.last.pop_front();
        }
        let refused = self.last.iter().filter(|refused| **refused).count();
        (refused > MOST_REFUSED).then(|| {
            self.last.clear();
            refused
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_in_twenty_is_borne_and_one_more_is_not() {
        let mut breaker = Breaker::default();
        for n in 0..2_000 {
            assert_eq!(breaker.note(n % 20 == 0), None, "{n}");
        }
        let mut breaker = Breaker::default();
        let noted: Vec<usize> = (0..11).filter_map(|_| breaker.note(true)).collect();
        assert_eq!(noted, [11]);
        assert_eq!(breaker.note(true), None, "a person let it go on");
    }
}
