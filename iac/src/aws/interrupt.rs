//! Ctrl-C and its relatives, for a command whose work goes on without it.

use tokio::signal::unix::{self, SignalKind, signal};

use super::AwsError;

/// SIGINT, SIGTERM and SIGHUP, taken over so that the command can say what goes on.
#[derive(Debug)]
pub struct Interrupt([unix::Signal; 3]);

/// Who wants the command to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// A person, with Ctrl-C.
    Interrupt,
    /// A program, such as the one that runs a CI job.
    Terminate,
    /// The terminal, which is gone.
    HangUp,
}

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
    pub async fn received(&mut self) -> Signal {
        let [interrupt, terminate, hang_up] = &mut self.0;
        tokio::select! {
            _ = interrupt.recv() => Signal::Interrupt,
            _ = terminate.recv() => Signal::Terminate,
            _ = hang_up.recv() => Signal::HangUp,
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
            _ = self.received() => Err(AwsError::Interrupted(meanwhile())),
        }
    }
}
