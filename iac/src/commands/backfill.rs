//! `iac backfill`.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::Outcome;
use crate::aws::backfill::{Backfill, Changes, Failures, Progress, Report, Run, Verdict};
use crate::aws::{Account, AwsError, Connection, DeployedStack, Interrupt, block_on};
use crate::output::OutputFormat;
use crate::report::Reporter;

/// Resize the images that are already in a deployed stack's bucket.
///
/// Starts the stack's backfill and follows it to its end. The backfill runs in AWS: it goes on when this
/// command is interrupted, and --attach follows it again.
#[derive(Debug, Clone, Args)]
#[command(after_help = EXAMPLES)]
pub struct BackfillArgs {
    /// Deployed stack
    #[arg(long)]
    pub stack: String,
    /// What the keys of the images start with [default: all images of the stack]
    #[arg(long, value_name = "PREFIX", conflicts_with = "attach")]
    pub prefix: Option<String>,
    /// Images at once [default: what the stack says]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub concurrency: Option<u32>,
    /// Share of images, in percent, that may fail [default: what the stack says]
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u32).range(..=100))]
    pub tolerated_failures: Option<u32>,
    /// Start it, say how to attach, and end
    #[arg(long, conflicts_with = "attach")]
    pub detach: bool,
    /// Follow a run that was started before; with --concurrency or --tolerated-failures it is changed
    #[arg(long, value_name = "EXECUTION_ARN")]
    pub attach: Option<String>,
    /// Write the report into a file, as JSON
    #[arg(long, value_name = "FILE", conflicts_with = "detach")]
    pub report: Option<PathBuf>,
    /// Where the stack is
    #[command(flatten)]
    pub connection: Connection,
    /// `text` for people; `json` for one object a line, each with an `event`: started or attached, detached
    /// or finished; the last has the report
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

const EXAMPLES: &str = "\
Examples:
  iac backfill --stack resize-api                          resize everything in the source bucket
  iac backfill --stack resize-api --prefix photos/2025/    resize what is under a prefix
  iac backfill --stack resize-api --concurrency 200 --tolerated-failures 1 --report report.json
  iac backfill --stack resize-api --detach                 start it and leave it alone
  iac backfill --stack resize-api --attach ARN             follow it again

Exit codes: 0 done, 2 wrong usage, 4 the report cannot be written,
5 AWS refuses or does not answer, or there is no such stack or backfill,
6 the run did not come to its end, 7 more images failed than tolerated,
130 interrupted: the run goes on

Whoever runs this needs cloudformation:DescribeStacks and ListStackResources on the stack;
states:StartExecution on its BackfillStateMachine; states:DescribeExecution,
DescribeStateMachineForExecution, ListMapRuns, DescribeMapRun, UpdateMapRun and ListExecutions on its
executions and Map Runs; and s3:GetObject on backfill/* of the bucket of results";

/// Runs the command until the backfill has ended or the command is interrupted.
///
/// # Errors
/// See [`AwsError`]; its `exit_code` is the process's.
pub fn run(args: &BackfillArgs) -> Result<Outcome, AwsError> {
    block_on(session(args))
}

async fn session(args: &BackfillArgs) -> Result<Outcome, AwsError> {
    let reporter = Reporter::new(args.format);
    let mut interrupt = Interrupt::new()?;
    if let Some(path) = &args.report {
        // Better known now than after an hour. What is there stays until there is a report.
        probe(path)?;
    }
    let find = async {
        let account = Account::connect(&args.connection).await?;
        let stack = DeployedStack::read(&account, &args.stack).await?;
        let backfill = Backfill::of_stack(&account, stack)?;
        Ok((account, backfill))
    };
    let nothing = || "nothing was started".to_owned();
    let (account, backfill) = interrupt.or(Box::pin(find), nothing).await?;
    let mut run = interrupt
        .or(Box::pin(begin(args, &backfill, reporter)), || {
            if args.attach.is_some() {
                return "nothing was started, and the backfill goes on".to_owned();
            }
            format!(
                "whether the backfill was started is not known: `aws stepfunctions list-executions --state-machine-arn {}` tells",
                backfill.machine()
            )
        })
        .await?;

    let execution = run.execution.clone();
    let goes_on = || {
        format!(
            "the backfill goes on. Follow it:\n  {}\nStop it:\n  aws stepfunctions stop-execution --execution-arn {execution}",
            attach_command(args, &execution)
        )
    };
    let changes = Changes {
        max_concurrency: args.concurrency,
        tolerated_failure_percentage: args.tolerated_failures,
    };
    let lost = |error| match error {
        interrupted @ AwsError::Interrupted(_) => interrupted,
        source => AwsError::OutOfSight {
            goes_on: goes_on(),
            source: Box::new(source),
        },
    };
    let change = Box::pin(run.change(changes));
    interrupt.or(change, goes_on).await.map_err(lost)?;
    if args.detach {
        let command = attach_command(args, &execution);
        reporter.fact(
            "detached",
            json!({"executionArn": execution, "attach": command}),
            &format!("It goes on by itself. Follow it:\n  {command}"),
        );
        return Ok(Outcome::Done);
    }
    let report = interrupt
        .or(Box::pin(follow(args, &account, &mut run)), goes_on)
        .await;
    tell(args, &report.map_err(lost)?, reporter)
}

/// Starts a run, or finds the one to attach to.
async fn begin(
    args: &BackfillArgs,
    backfill: &Backfill,
    reporter: Reporter,
) -> Result<Run, AwsError> {
    let (event, run) = if let Some(execution) = &args.attach {
        ("attached", backfill.attach(execution).await?)
    } else {
        let prefix = backfill.prefix(args.prefix.as_deref())?;
        ("started", backfill.start(&prefix).await?)
    };
    let images = match run.prefix.as_str() {
        "" => "all images".to_owned(),
        prefix => format!("the images under `{prefix}`"),
    };
    reporter.fact(
        event,
        json!({"stack": args.stack, "prefix": run.prefix, "executionArn": run.execution}),
        &format!(
            "The backfill of {} goes through {images}:\n  {}",
            args.stack, run.execution
        ),
    );
    Ok(run)
}

async fn follow(args: &BackfillArgs, account: &Account, run: &mut Run) -> Result<Report, AwsError> {
    let mut progress = Progress::new(args.format);
    let followed = run.follow(&mut progress).await;
    progress.clear();
    let state = followed?;
    let failures = match &state.map_run {
        Some(map_run) if map_run.counts.failed + map_run.counts.aborted > 0 => {
            Failures::of_run(account, &run.execution, &map_run.arn).await
        }
        _ => Failures::default(),
    };
    let tolerated = args.tolerated_failures;
    Ok(Report::new(&args.stack, run, &state, tolerated, failures))
}

fn tell(args: &BackfillArgs, report: &Report, reporter: Reporter) -> Result<Outcome, AwsError> {
    reporter.fact("finished", json!(report), &report.text());
    if let Some(path) = &args.report {
        write(path, &format!("{:#}\n", json!(report)))?;
    }
    Ok(match report.verdict {
        Verdict::Done => Outcome::Done,
        Verdict::Broken => Outcome::Failed,
        Verdict::TooManyFailed => Outcome::Incomplete,
    })
}

/// The command line that follows a run again.
fn attach_command(args: &BackfillArgs, execution: &str) -> String {
    let options = args.connection.options();
    let mut command = format!(
        "iac backfill --stack {} --attach {execution}{options}",
        args.stack
    );
    if let Some(percent) = args.tolerated_failures {
        command = format!("{command} --tolerated-failures {percent}");
    }
    command
}

/// Whether the report can be written in the end.
fn probe(path: &Path) -> Result<(), AwsError> {
    let opened = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(path);
    opened.map(drop).map_err(|source| AwsError::Report {
        path: path.to_owned(),
        source,
    })
}

fn write(path: &Path, text: &str) -> Result<(), AwsError> {
    std::fs::write(path, text).map_err(|source| AwsError::Report {
        path: path.to_owned(),
        source,
    })
}
