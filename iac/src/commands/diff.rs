//! `iac diff`.

use std::io::{self, IsTerminal as _};
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{CommandError, Outcome};
use crate::aws::cloudformation::{Described, StackClient};
use crate::aws::{Account, AwsError, Connection, Refusal, block_on};
use crate::file_error::FileError;
use crate::generated::Generated;
use crate::output::print;
use crate::plan::{Comparison, Place, Side};
use crate::stacks;

/// Show how a deployed stack differs from what is generated, value by value.
///
/// Nothing is changed, and CloudFormation is not asked what it would do: `iac plan` does that, and tells
/// which resources would be replaced.
#[derive(Debug, Clone, Args)]
#[command(after_help = EXAMPLES)]
pub struct DiffArgs {
    /// Stack of this project
    pub stack: String,
    /// Deployed stack [default: the one of the same name]
    #[arg(long)]
    pub name: Option<String>,
    /// Folder of the generated files [default: generated/ of the project you are in]
    #[arg(long, value_name = "DIR")]
    pub generated: Option<PathBuf>,
    /// Where the stack is
    #[command(flatten)]
    pub connection: Connection,
    /// `text` for people; `json` for one object; `markdown` for a comment on a pull request
    #[arg(long, value_enum, default_value_t)]
    pub format: DiffFormat,
}

/// How `iac diff` prints.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum DiffFormat {
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
  iac diff resize-api                      from what is deployed to generated/resize-api
  iac diff resize-api --name photos        the same of a stack that is deployed as `photos`
  iac diff resize-api --format json | jq -r '.changes[].logicalId'

Exit codes: 0 no difference, 1 a difference, 2 wrong usage, 4 the generated template cannot be read,
5 AWS refuses or does not answer, or there is no such stack

Whoever runs this needs cloudformation:DescribeStacks and GetTemplate on the stack";

/// Prints how the stack differs.
///
/// # Errors
/// An unknown stack, a template that cannot be read, or AWS refuses or does not answer.
pub fn run(args: &DiffArgs) -> Result<Outcome, CommandError> {
    let comparison = compare(args)?;
    let color = console::colors_enabled() && io::stdout().is_terminal();
    print(|out| match args.format {
        DiffFormat::Text => write!(out, "{}", comparison.text(color)),
        DiffFormat::Json => {
            serde_json::to_writer_pretty(&mut *out, &comparison)?;
            writeln!(out)
        }
        DiffFormat::Markdown => write!(out, "{}", comparison.markdown()),
    })?;
    Ok(if comparison.is_same() {
        Outcome::Done
    } else {
        Outcome::Different
    })
}

fn compare(args: &DiffArgs) -> Result<Comparison, CommandError> {
    let entry = stacks::find(&args.stack);
    let entry = entry.ok_or_else(|| CommandError::unknown_stack(&args.stack))?;
    let path = Generated::at(args.generated.clone()).path(&format!("{}/template.yaml", entry.name));
    let unreadable = |source| FileError::Read {
        path: path.clone(),
        source,
    };
    let generated = std::fs::read_to_string(&path).map_err(unreadable)?;
    let name = args.name.as_deref().unwrap_or(entry.stack_name);
    let (account, stack, template) = block_on(read(&args.connection, name))?;
    let deployed = Side::read(&template, &stack.parameters).map_err(|error| AwsError::Refused {
        action: format!("compare the stack `{name}`"),
        reason: crate::service_error::with_causes(&error),
        refusal: Refusal::Final,
    })?;
    // A deployment keeps the values that parameters have.
    let proposed = Side::read(&generated, &stack.parameters)
        .map_err(|error| unreadable(io::Error::new(io::ErrorKind::InvalidData, error)))?;
    let place = Place {
        stack: name,
        model: entry.name,
        region: account.region(),
        account: stack.id.split(':').nth(4).unwrap_or_default(),
    };
    Ok(Comparison::new(place, deployed, proposed))
}

async fn read(
    connection: &Connection,
    name: &str,
) -> Result<(Account, Described, String), AwsError> {
    let account = Account::connect(connection).await?;
    let client = StackClient::new(&account, name);
    let described = client.described().await?;
    let template = client.template().await?;
    Ok((account, described, template))
}
