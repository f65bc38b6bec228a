//! Trying again, when nobody answers or a service is busy. The SDK tries four times within seconds; this
//! is about the minutes after that.

use std::time::{Duration, Instant};

use crate::aws::AwsError;

const FIRST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(20);

/// How long trouble is borne.
#[derive(Debug, Clone)]
pub struct Patience {
    limit: Duration,
    since: Option<Instant>,
    attempt: u32,
}

impl Patience {
    /// Patience for trouble that lasts no longer than this.
    pub const fn new(limit: Duration) -> Self {
        Self {
            limit,
            since: None,
            attempt: 0,
        }
    }

    /// The trouble is over.
    pub const fn rest(&mut self) {
        self.since = None;
        self.attempt = 0;
    }

    /// How long to wait before the next attempt; `None` once the patience is over. `jitter`, from 0 to 1,
    /// keeps many commands from asking at the same moment.
    pub fn next(&mut self, now: Instant, jitter: f64) -> Option<Duration> {
        let since = *self.since.get_or_insert(now);
        let left = self.limit.checked_sub(now.duration_since(since))?;
        if left.is_zero() {
            return None;
        }
        let longest = FIRST.saturating_mul(1 << self.attempt.min(10)).min(LONGEST);
        self.attempt += 1;
        // At least half of it: a wait of nothing is none.
        Some(
            longest
                .mul_f64(0.5 + jitter.clamp(0.0, 1.0) / 2.0)
                .min(left),
        )
    }

    /// Waits after an error that may pass.
    ///
    /// # Errors
    /// The error itself, if it will not pass or the patience is over.
    pub async fn bear(&mut self, error: AwsError) -> Result<(), AwsError> {
        if !error.is_transient() {
            return Err(error);
        }
        let Some(delay) = self.next(Instant::now(), fastrand::f64()) else {
            return Err(error);
        };
        tokio::time::sleep(delay).await;
        Ok(())
    }
}

/// Asks until there is an answer.
///
/// # Errors
/// The last error, once the patience is over; any other at once.
pub async fn patiently<T>(
    limit: Duration,
    request: impl AsyncFn() -> Result<T, AwsError>,
) -> Result<T, AwsError> {
    let mut patience = Patience::new(limit);
    loop {
        match request().await {
            Err(error) => patience.bear(error).await?,
            answer => return answer,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Patience;

    fn seconds(seconds: f64) -> Duration {
        Duration::from_secs_f64(seconds)
    }

    #[test]
    fn waits_double_up_to_twenty_seconds() {
        let mut patience = Patience::new(seconds(300.0));
        let start = Instant::now();
        let waits: Vec<_> = (0..8).filter_map(|_| patience.next(start, 1.0)).collect();
        let expected = [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 20.0, 20.0].map(seconds);
        assert_eq!(waits, expected);
    }

    #[test]
    fn jitter_takes_half_at_most() {
        let mut patience = Patience::new(seconds(300.0));
        let start = Instant::now();
        assert_eq!(patience.next(start, 0.0), Some(seconds(0.25)));
        assert_eq!(patience.next(start, 0.5), Some(seconds(0.75)));
    }

    #[test]
    fn patience_ends_and_comes_back() {
        let mut patience = Patience::new(seconds(10.0));
        let start = Instant::now();
        assert!(patience.next(start, 1.0).is_some());
        // The last attempt is made when the patience ends, not later.
        let late = start + seconds(9.9);
        for _ in 0..6 {
            assert!(patience.next(late, 1.0).expect("a wait") <= seconds(0.101));
        }
        assert_eq!(patience.next(start + seconds(10.0), 1.0), None);
        assert_eq!(patience.next(start + seconds(11.0), 1.0), None);
        patience.rest();
        assert_eq!(
            patience.next(start + seconds(12.0), 1.0),
            Some(seconds(0.5))
        );
    }
}
