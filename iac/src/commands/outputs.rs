//! `iac outputs`.

use clap::Args;
use serde_json::Value;

use super::{CommandError, Outcome};
use crate::aws::cloudformation::{Output, StackClient};
use crate::aws::{Account, Connection, block_on};
use crate::output::{OutputFormat, print};

/// Print the outputs of a deployed stack.
#[derive(Debug, Clone, Args)]
#[command(after_help = EXAMPLES)]
pub struct OutputsArgs {
    /// Deployed stack
    pub name: String,
    /// Where the stack is
    #[command(flatten)]
    pub connection: Connection,
    /// `text` for people; `json` for one object, a member each
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

const EXAMPLES: &str = "\
Examples:
  iac outputs resize-api
  iac outputs resize-api --format json | jq -r .ResizeUrl

Exit codes: 0 done, 2 wrong usage, 5 AWS refuses or does not answer, or there is no such stack

Whoever runs this needs cloudformation:DescribeStacks on the stack";

/// Prints the outputs.
///
/// # Errors
/// There is no such stack, AWS refuses or does not answer, or standard output cannot be written.
pub fn run(args: &OutputsArgs) -> Result<Outcome, CommandError> {
    let stack = block_on(async {
        let account = Account::connect(&args.connection).await?;
        StackClient::new(&account, &args.name).described().await
    })?;
    print(|out| match args.format {
        OutputFormat::Text => write!(out, "{}", table(&stack.outputs, "")),
        OutputFormat::Json => {
            let outputs = stack.outputs.iter();
            let outputs = outputs.map(|output| (output.name.clone(), output.value.clone().into()));
            writeln!(out, "{:#}", Value::Object(outputs.collect()))
        }
    })?;
    Ok(Outcome::Done)
}

/// Outputs for people, a line each.
pub(super) fn table(outputs: &[Output], indent: &str) -> String {
    let width = outputs.iter().map(|output| output.name.len()).max();
    let width = width.unwrap_or_default();
    let lines = outputs
        .iter()
        .map(|output| format!("{indent}{:<width$}  {}\n", output.name, output.value));
    lines.collect()
}
