//! Asking again, for a run that takes hours and does not depend on who asks.

use std::time::{Duration, Instant};

use crate::aws::AwsError;

/// A run is looked at soon after its start, because a small one ends soon, and then every two seconds.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// The pauses between looks.
#[derive(Debug)]
pub(super) struct Pauses(Duration);

impl Pauses {
    pub(super) const fn new() -> Self {
        Self(FIRST_PAUSE)
    }

    /// Waits for the next look, longer each time.
    pub(super) async fn next(&mut self) {
        tokio::time::sleep(self.0).await;
        self.0 = (self.0 * 2).min(LONGEST_PAUSE);
    }
}

/// Asks until there is an answer, as long as what is in the way may pass: the network is away, there are too
/// many requests, the service has a fault.
///
/// # Errors
/// What does not pass, at once; what passes, after this time.
pub(super) async fn insist<T>(
    longest: Duration,
    mut ask: impl AsyncFnMut() -> Result<T, AwsError>,
) -> Result<T, AwsError> {
    let since = Instant::now();
    let mut pauses = Pauses::new();
    loop {
        match ask().await {
            Err(error) if error.is_transient() && since.elapsed() < longest => pauses.next().await,
            outcome => return outcome,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::insist;
    use crate::aws::{AwsError, Refusal, block_on};

    /// How often it is asked by someone who waits this long, if the third answer is a good one.
    fn asked(longest: Duration, error: fn() -> AwsError) -> (u32, Result<(), AwsError>) {
        let mut times = 0;
        let outcome = block_on(insist(longest, async || {
            times += 1;
            if times < 3 { Err(error()) } else { Ok(()) }
        }));
        (times, outcome)
    }

    fn busy() -> AwsError {
        AwsError::Busy {
            action: "look".to_owned(),
            reason: "Rate exceeded".to_owned(),
        }
    }

    fn refused() -> AwsError {
        AwsError::Refused {
            action: "look".to_owned(),
            reason: "you may not".to_owned(),
            refusal: Refusal::Final,
        }
    }

    #[test]
    fn what_may_pass_is_waited_for_and_not_for_ever() {
        let (times, outcome) = asked(Duration::MAX, busy);
        assert!(outcome.is_ok());
        assert_eq!(times, 3);
        let (times, outcome) = asked(Duration::ZERO, busy);
        assert!(outcome.is_err());
        assert_eq!(times, 1);
        let (times, outcome) = asked(Duration::MAX, refused);
        assert!(outcome.is_err());
        assert_eq!(times, 1);
    }
}
