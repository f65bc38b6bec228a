//! Following an operation to its end: what it does as it does it, and a verdict that is never wrong.

mod ending;

pub use ending::{Ending, Failure, RootCause};

use super::cloudformation::{Operation, StackClient};
use super::{AwsError, Connection, Interrupt};
use crate::commands::Outcome;
use crate::output::OutputFormat;

/// Follows operations of one stack.
#[derive(Debug)]
pub struct Follow<'a> {
    client: &'a StackClient,
    interrupt: &'a mut Interrupt,
    format: OutputFormat,
    attach: String,
}

impl<'a> Follow<'a> {
    /// `connection` becomes part of the command line that attaches again.
    pub fn new(
        client: &'a StackClient,
        connection: &Connection,
        format: OutputFormat,
        interrupt: &'a mut Interrupt,
    ) -> Self {
        let _ = connection;
        Self {
            client,
            interrupt,
            format,
            attach: String::new(),
        }
    }

    /// Tells what an operation does until it has ended, or until a person lets it go on alone.
    ///
    /// # Errors
    /// CloudFormation refuses, or does not answer for longer than the patience lasts: see
    /// [`AwsError::Lost`].
    pub async fn until_end(&mut self, operation: Operation) -> Result<Ending, AwsError> {
        let _ = (
            operation,
            &self.client,
            &self.interrupt,
            self.format,
            &self.attach,
        );
        unimplemented!()
    }

    /// Tells how an operation ended, and gives the outcome of the command.
    ///
    /// # Errors
    /// [`AwsError::Interrupted`] if it was left alone.
    pub fn conclude(&self, ending: &Ending) -> Result<Outcome, AwsError> {
        let _ = ending;
        unimplemented!()
    }
}
