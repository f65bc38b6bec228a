//! Ctrl-C and its relatives.

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::LocalError;

/// The signals that end `iac local`: SIGINT, SIGTERM and SIGHUP.
#[derive(Debug)]
pub struct Signals {
    interrupt: Signal,
    terminate: Signal,
    hang_up: Signal,
}

impl Signals {
    /// Takes the signals over, so that they no longer end the process at once.
    ///
    /// # Errors
    /// The system refuses.
    pub fn new() -> Result<Self, LocalError> {
        let take = |kind| signal(kind).map_err(LocalError::Runtime);
        Ok(Self {
            interrupt: take(SignalKind::interrupt())?,
            terminate: take(SignalKind::terminate())?,
            hang_up: take(SignalKind::hangup())?,
        })
    }

    /// Waits for one of them.
    pub async fn received(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
            _ = self.hang_up.recv() => {}
        }
    }

    /// Runs a step that a signal ends early.
    ///
    /// # Errors
    /// Those of the step, or [`LocalError::Interrupted`].
    pub async fn or<T>(
        &mut self,
        step: impl Future<Output = Result<T, LocalError>>,
    ) -> Result<T, LocalError> {
        tokio::select! {
            result = step => result,
            () = self.received() => Err(LocalError::Interrupted),
        }
    }
}
