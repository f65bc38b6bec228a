//! What a person at a terminal sees of a run.

use std::collections::VecDeque;
use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use super::Counts;
use super::counts::{grouped, real};
use crate::aws::time::duration;
use crate::output::OutputFormat;

/// The time that the rate is of: short enough to follow a change, long enough to be calm.
const WINDOW: Duration = Duration::from_secs(30);

/// One line on a terminal, written over and over; nothing anywhere else, so that the log of a CI run
/// stays short.
#[derive(Debug)]
pub struct Progress {
    shown: bool,
    samples: VecDeque<(Instant, u64)>,
}

impl Progress {
    /// Shown where standard error is a terminal and a person reads.
    #[must_use]
    pub fn new(format: OutputFormat) -> Self {
        Self {
            shown: format == OutputFormat::Text && std::io::stderr().is_terminal(),
            samples: VecDeque::new(),
        }
    }

    /// Shows the counts as they are now.
    pub fn show(&mut self, counts: &Counts) {
        if self.shown {
            let line = self.line(counts, Instant::now());
            // A terminal that cannot be written to is no reason to stop following.
            let _ = write!(std::io::stderr(), "\r\x1b[2K  {line}");
        }
    }

    /// Takes the line away.
    pub fn clear(&self) {
        if self.shown {
            let _ = write!(std::io::stderr(), "\r\x1b[2K");
        }
    }

    fn line(&mut self, counts: &Counts, now: Instant) -> String {
        let ended = counts.ended();
        self.samples.push_back((now, ended));
        while self.samples.len() > 2
            && self
                .samples
                .front()
                .is_some_and(|(then, _)| now.duration_since(*then) > WINDOW)
        {
            self.samples.pop_front();
        }
        let mut line = format!("{} of {}", grouped(ended), grouped(counts.total));
        if counts.failed > 0 {
            line = format!("{line}, {} failed", grouped(counts.failed));
        }
        let Some((first, before)) = self.samples.front() else {
            return line;
        };
        let seconds = now.duration_since(*first).as_secs_f64();
        let rate = real(ended.saturating_sub(*before)) / seconds;
        if seconds > 0.0 && rate > 0.0 {
            line = format!("{line}, {rate:.1} a second");
            let left = real(counts.total.saturating_sub(ended)) / rate;
            if let Ok(left) = Duration::try_from_secs_f64(left) {
                line = format!("{line}, about {} left", duration(left));
            }
        }
        line
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Progress;
    use crate::aws::backfill::Counts;
    use crate::output::OutputFormat;

    #[test]
    fn a_line_has_counts_a_rate_and_an_estimate() {
        let mut progress = Progress::new(OutputFormat::Json);
        let counts = |succeeded| Counts {
            total: 10_000,
            succeeded,
            failed: 5,
            ..Counts::default()
        };
        let start = Instant::now();
        assert_eq!(
            progress.line(&counts(0), start),
            "5 of 10,000, 5 failed",
            "one look is no rate"
        );
        let line = progress.line(&counts(400), start + Duration::from_secs(10));
        assert_eq!(
            line,
            "405 of 10,000, 5 failed, 40.0 a second, about 3 min 59 s left"
        );
        // What was long ago no longer counts: since the second look nothing happened.
        progress.line(&counts(400), start + Duration::from_secs(35));
        let line = progress.line(&counts(400), start + Duration::from_secs(45));
        assert_eq!(line, "405 of 10,000, 5 failed");
    }
}
