//! Times and memory.

use std::time::Duration;

/// Milliseconds.
pub(super) fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// A figure as people read it: three digits behind the point are noise.
pub(super) fn rounded(figure: f64) -> f64 {
    (figure * 100.0).round() / 100.0
}

/// How long each of many things took.
#[derive(Debug, Default, Clone)]
pub(super) struct Times(Vec<Duration>);

impl Times {
    pub(super) fn add(&mut self, time: Duration) {
        self.0.push(time);
    }

    pub(super) fn append(&mut self, mut other: Self) {
        self.0.append(&mut other.0);
    }

    pub(super) fn count(&self) -> usize {
        self.0.len()
    }

    pub(super) fn total(&self) -> Duration {
        self.0.iter().sum()
    }

    /// The time within which `share` of them were done, in milliseconds; 0 if there is none.
    pub(super) fn within(&self, share: f64) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let at = (sorted.len() as f64 * share).ceil() as usize;
        sorted
            .get(at.saturating_sub(1))
            .map_or(0.0, |time| rounded(ms(*time)))
    }
}

/// Forgets the peak so far, where the system lets us.
pub(super) fn forget_peak() {
    // Without it the peak is that of the whole process: too high, never too low.
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

/// The most memory this process has held, in MB; 0 where the system does not say.
pub(super) fn peak_mb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
    rounded(kilobytes.unwrap_or(0.0) / 1_024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_times_that_were_measured() {
        let mut times = Times::default();
        assert_eq!(times.within(0.99), 0.0);
        for n in 1..=200 {
            times.add(Duration::from_millis(n));
        }
        assert_eq!(times.within(0.5), 100.0);
        assert_eq!(times.within(0.99), 198.0);
        assert_eq!(times.within(1.0), 200.0);
    }
}
