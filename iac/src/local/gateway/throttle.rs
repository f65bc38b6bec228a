//! Throttling of a method.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// A token bucket: `burst` requests at once, refilled by `rate` a second.
///
/// Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html>
#[derive(Debug)]
pub(super) struct Limit {
    rate: f64,
    burst: f64,
    state: Mutex<(f64, Instant)>,
}

impl Limit {
    pub(super) fn new(rate: f64, burst: f64) -> Self {
        Self {
            rate,
            burst,
            state: Mutex::new((burst, Instant::now())),
        }
    }

    /// Whether one more request is let through now.
    pub(super) fn admit(&self, now: Instant) -> bool {
        // A panic cannot leave two numbers half written.
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let (tokens, since) = *state;
        let tokens = (tokens + now.saturating_duration_since(since).as_secs_f64() * self.rate)
            .min(self.burst);
        let admitted = tokens >= 1.0;
        *state = (if admitted { tokens - 1.0 } else { tokens }, now.max(since));
        admitted
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Limit;

    #[test]
    fn admits_the_burst_and_then_the_rate() {
        let limit = Limit::new(2.0, 3.0);
        let start = Instant::now();
        let admitted = |after: u64| limit.admit(start + Duration::from_millis(after));
        assert_eq!(
            [admitted(0), admitted(0), admitted(0), admitted(0)],
            [true, true, true, false]
        );
        assert_eq!(
            [admitted(400), admitted(600), admitted(700)],
            [false, true, false]
        );
    }
}
