//! `iac plan`.

use std::io::IsTerminal as _;

use clap::{Args, ValueEnum};

use super::deploy::target;
use super::{CommandError, Outcome};
use crate::aws::block_on;
use crate::aws::deploy::{Deployer, TargetArgs};
use crate::output::{OutputFormat, print};
use crate::report::Reporter;

/// Show what a deployment would change, with the digest that approves it. Nothing is changed.
#[derive(Debug, Clone, Args)]
#[command(after_help = EXAMPLES)]
pub struct PlanArgs {
    /// What would be deployed, as what and where
    #[command(flatten)]
    pub target: TargetArgs,
    /// `text` for people; `markdown` for a comment on a pull request; `json` for one object
    #[arg(long, value_enum, default_value_t)]
    pub format: PlanFormat,
}

/// How `iac plan` prints.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum PlanFormat {
    /// For people
    #[default]
    Text,
    /// One JSON document on standard output
    Json,
    /// For a comment of at most 65,536 characters
    Markdown,
}

const EXAMPLES: &str = "\
Examples:
  iac plan resize-api                                            what `iac deploy resize-api` would do
  iac plan resize-api --format markdown | gh pr comment 1 -F -   for a review
  iac deploy resize-api --approve $(iac plan resize-api --format json | jq -r .digest)
The functions are built before (`make build`), as the plan says which code is deployed; nothing is uploaded.

Exit codes: 0 planned, whether anything changes or not, 1 generated/ is not what the code says, 2 wrong usage,
3 the model refuses the stack, 4 a zip is missing or cannot run, 5 AWS refuses or does not answer, or nothing
can be planned now, 10 the stack needs a person, 130 interrupted

Whoever runs this needs, on the stack: cloudformation:DescribeStacks, GetTemplate, CreateChangeSet,
DescribeChangeSet, DeleteChangeSet, ListChangeSets, DescribeEvents and, where there is no stack yet, DeleteStack";

/// Prints the plan.
///
/// # Errors
/// An unknown stack, files that are not what the code says, and whatever keeps a plan from being made.
pub fn run(args: &PlanArgs) -> Result<Outcome, CommandError> {
    let target = target(&args.target)?;
    let reporter = Reporter::new(OutputFormat::Text);
    let plan = block_on(async {
        let connection = &args.target.connection;
        let deployer = Deployer::connect(target, connection, reporter).await?;
        deployer.plan().await
    })?;
    let color = console::colors_enabled() && std::io::stdout().is_terminal();
    print(|out| match args.format {
        PlanFormat::Text => write!(out, "{}", plan.text(color)),
        PlanFormat::Json => writeln!(out, "{:#}", plan.json()),
        PlanFormat::Markdown => write!(out, "{}", plan.markdown()),
    })?;
    Ok(Outcome::Done)
}
