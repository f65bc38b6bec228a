//! Ctrl-C and its relatives, for a command whose work goes on without it.

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::AwsError;

/// SIGINT, SIGTERM and SIGHUP, taken over so that the command can say what goes on.
#[derive(Debug)]
pub struct Interrupt([Signal; 3]);

impl Interrupt {
    /// Takes the signals over.
    ///
    /// # Errors
    /// The system refuses.
    pub fn new() -> Result<Self, AwsError> {
        let take = |kind| signal(kind).map_err(AwsError::Runtime);
        Ok(Self([
            take(SignalKind::interrupt())?,
            take(SignalKind::terminate())?,
            take(SignalKind::hangup())?,
        ]))
    }

    /// Waits for one of them.
    pub async fn received(&mut self) {
        let [interrupt, terminate, hang_up] = &mut self.0;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hang_up.recv() => {}
        }
    }

    /// Runs a step that a signal ends early. `meanwhile` says what goes on and what to do about it.
    ///
    /// # Errors
    /// Those of the step, or [`AwsError::Interrupted`].
    pub async fn or<T>(
        &mut self,
        step: impl Future<Output = Result<T, AwsError>>,
        meanwhile: impl FnOnce() -> String,
    ) -> Result<T, AwsError> {
        tokio::select! {
            result = step => result,
            () = self.received() => Err(AwsError::Interrupted(meanwhile())),
        }
    }
}
