//! Following an operation to its end: what it does as it does it, and a verdict that is never wrong.
//!
//! The verdict comes from AWS alone: from the stack's own events, of which each is read once, and from its
//! status. Neither this machine's clock nor how long something takes decides anything. Whatever stops the
//! following stops nothing in AWS, and the command says so.

mod advice;
mod diagnose;
mod ending;
mod history;
mod question;
mod recap;
mod screen;
mod tell;
mod watch;

use std::time::Duration;

use clap::Args;

pub use advice::deploy_command;
pub use ending::{Ending, Failure, Kept, RootCause};
pub use recap::Recap;

use self::history::{History, Verdict};
use self::screen::Screen;
use self::watch::Watch;
use super::cloudformation::{Operation, OperationKind, StackClient};
use super::{AwsError, Connection, Interrupt};
use crate::commands::Outcome;
use crate::output::OutputFormat;
use crate::report::Reporter;

/// How an operation is followed.
#[derive(Debug, Clone, Copy, Args)]
pub struct FollowArgs {
    /// Seconds without an answer from AWS after which this command ends; the operation goes on
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    pub patience: u64,
}

impl Default for FollowArgs {
    fn default() -> Self {
        Self { patience: 300 }
    }
}

/// Follows operations of one stack.
#[derive(Debug)]
pub struct Follow<'a> {
    client: &'a StackClient,
    interrupt: &'a mut Interrupt,
    format: OutputFormat,
    /// Options that say where the stack is, for command lines.
    options: String,
    patience: Duration,
    history: History,
}

impl<'a> Follow<'a> {
    /// `connection` becomes part of the command lines that are told.
    pub fn new(
        client: &'a StackClient,
        connection: &Connection,
        format: OutputFormat,
        interrupt: &'a mut Interrupt,
    ) -> Self {
        Self {
            client,
            interrupt,
            format,
            options: connection.options(),
            patience: Duration::from_secs(FollowArgs::default().patience),
            history: History::new(OperationKind::Update),
        }
    }

    /// Changes how long it bears that nobody answers.
    #[must_use]
    pub const fn with(mut self, args: FollowArgs) -> Self {
        self.patience = Duration::from_secs(args.patience);
        self
    }

    /// The command line that follows the stack's operation again.
    pub fn attach_command(&self) -> String {
        format!("iac attach {}{}", self.client.name(), self.options)
    }

    /// Tells what an operation does until it has ended, or until a person lets it go on alone.
    ///
    /// # Errors
    /// [`AwsError::Lost`]: CloudFormation refuses, or does not answer for longer than the patience lasts.
    pub async fn until_end(&mut self, operation: Operation) -> Result<Ending, AwsError> {
        self.history = History::new(operation.kind);
        let mut screen = Screen::new(self.format, self.client.name());
        let mut watch = Watch::new(
            self.client,
            &operation,
            self.interrupt,
            &mut screen,
            &mut self.history,
            self.patience,
        );
        let watched = watch.until_end().await;
        screen.finish();
        let Some(status) = watched.map_err(|error| self.lost(error))? else {
            return Ok(Ending::Detached);
        };
        let verdict = self.history.verdict(&status);
        if matches!(verdict, Verdict::Succeeded) {
            return Ok(Ending::Succeeded);
        }
        if matches!(verdict, Verdict::Deleted) {
            return Ok(Ending::Deleted);
        }
        let failure = diagnose::diagnose(
            self.client,
            &operation.stack_id,
            &self.history,
            status.as_str(),
            &self.options,
        );
        let failure = failure.await;
        Ok(match verdict {
            Verdict::RolledBack => Ending::RolledBack(failure),
            _ => Ending::Stuck(failure),
        })
    }

    /// Tells how the operation ended, and gives the outcome of the command.
    ///
    /// # Errors
    /// [`AwsError::Interrupted`] if it was left alone.
    pub fn conclude(&self, ending: &Ending) -> Result<Outcome, AwsError> {
        let reporter = Reporter::new(self.format);
        let told = tell::conclusion(self.client.name(), &self.history, ending);
        match ending {
            Ending::Detached => {
                let command = self.attach_command();
                if self.format == OutputFormat::Json {
                    reporter.fact("detached", serde_json::json!({"attach": command}), "");
                }
                return Err(AwsError::Interrupted(self.goes_on()));
            }
            _ => reporter.fact("finished", told.facts, &told.text),
        }
        Ok(match ending {
            Ending::RolledBack(_) => Outcome::Failed,
            Ending::Stuck(_) => Outcome::Stuck,
            _ => Outcome::Done,
        })
    }

    fn goes_on(&self) -> String {
        format!(
            "the {} of `{}` goes on. Follow it:\n  {}",
            self.history.kind.noun(),
            self.client.name(),
            self.attach_command()
        )
    }

    fn lost(&self, error: AwsError) -> AwsError {
        let sign_in = if error.is_signed_out() {
            "sign in again (`aws sso login`, or new keys), then follow it"
        } else {
            "follow it"
        };
        AwsError::Lost {
            stack: self.client.name().to_owned(),
            goes_on: format!(
                "it goes on in AWS, and how it ends is not known here: {sign_in}:\n  {}",
                self.attach_command()
            ),
            source: Box::new(error),
        }
    }
}
