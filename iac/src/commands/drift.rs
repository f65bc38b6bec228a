//! `iac drift`.

use std::fmt::Write as _;

use clap::Args;

use super::{CommandError, Outcome};
use crate::aws::drift::{DriftReport, detect};
use crate::aws::{Account, AwsError, Connection, Refusal, block_on};
use crate::output::{OutputFormat, print};

/// Compare a deployed stack's resources with its template, and tell what somebody changed by hand.
#[derive(Debug, Clone, Args)]
#[command(after_help = EXAMPLES)]
pub struct DriftArgs {
    /// Deployed stack
    pub name: String,
    /// Where the stack is
    #[command(flatten)]
    pub connection: Connection,
    /// `text` for people; `json` for one object
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

const EXAMPLES: &str = "\
Examples:
  iac drift resize-api
  iac drift resize-api --format json | jq '.drifted[].differences'

Exit codes: 0 what CloudFormation can compare is what the template says, 1 something is not,
2 wrong usage, 5 AWS refuses or does not answer, there is no such stack, an operation runs on it, or a
resource could not be read and nothing else differs

Whoever runs this needs cloudformation:DetectStackDrift, DescribeStackDriftDetectionStatus,
DescribeStackResourceDrifts, DescribeStacks and ListStackResources on the stack, and to read its resources";

/// Compares and prints.
///
/// # Errors
/// There is no such stack, AWS refuses or does not answer, or standard output cannot be written.
pub fn run(args: &DriftArgs) -> Result<Outcome, CommandError> {
    let report = block_on(async {
        let account = Account::connect(&args.connection).await?;
        detect(&account, &args.name).await
    })?;
    print(|out| match args.format {
        OutputFormat::Text => write!(out, "{}", text(&report)),
        OutputFormat::Json => writeln!(out, "{:#}", serde_json::json!(report)),
    })?;
    match &report.failure {
        _ if !report.drifted.is_empty() => Ok(Outcome::Different),
        Some(reason) => Err(AwsError::Refused {
            action: format!("compare all of `{}`", report.stack),
            reason: reason.clone(),
            refusal: Refusal::Final,
        }
        .into()),
        None => Ok(Outcome::Done),
    }
}

fn text(report: &DriftReport) -> String {
    let DriftReport {
        stack,
        drifted,
        in_sync,
        not_checked,
        unknown,
        ..
    } = report;
    let mut text = match drifted.len() {
        0 => format!(
            "{stack}: no drift in {} compared\n",
            resources(in_sync.len())
        ),
        count => format!(
            "{stack}: {} of {} compared differ from the template\n",
            count,
            resources(count + in_sync.len())
        ),
    };
    for resource in drifted {
        let _ = write!(
            text,
            "\n{} ({}, {})",
            resource.logical_id, resource.resource_type, resource.physical_id
        );
        text.push_str(if resource.deleted {
            " is deleted\n"
        } else {
            "\n"
        });
        for difference in &resource.differences {
            let value = |value: &Option<String>| value.clone().unwrap_or("(none)".to_owned());
            let _ = write!(
                text,
                "  {}\n    template: {}\n    actual:   {}\n",
                difference.path,
                value(&difference.expected),
                value(&difference.actual)
            );
        }
    }
    if !unknown.is_empty() || !not_checked.is_empty() {
        text.push('\n');
    }
    for resource in unknown {
        let (id, reason) = (&resource.logical_id, &resource.reason);
        let _ = writeln!(text, "Not read: {id}: {reason}");
    }
    if !not_checked.is_empty() {
        let _ = writeln!(
            text,
            "Not compared, as CloudFormation cannot: {}",
            not_checked.join(", ")
        );
    }
    if !drifted.is_empty() {
        text.push_str(
            "\nNext: put the change into the stack's code and deploy it, or undo it by hand: a deployment\n\
             leaves alone what the template says as before\n",
        );
    }
    text
}

fn resources(count: usize) -> String {
    format!(
        "{count} {}",
        if count == 1 { "resource" } else { "resources" }
    )
}
