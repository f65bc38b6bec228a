//! A run of the backfill's state machine.

use std::time::{Duration, SystemTime};

use aws_sdk_sfn::Client;
use aws_sdk_sfn::operation::describe_execution::DescribeExecutionOutput;
use aws_sdk_sfn::primitives::DateTime;
use aws_sdk_sfn::types::{ExecutionStatus, MapRunStatus};
use serde_json::{Value as Json, json};

use super::patience::{Pauses, insist};
use super::{Counts, Progress};
use crate::aws::{Account, AwsError, DeployedStack};
use crate::parts::{BACKFILL_PREFIX, BACKFILL_STATE_MACHINE};

/// A run takes hours: the network of the machine that follows it may be away for some minutes, or Step
/// Functions have too much to do.
const LONGEST_ABSENCE: Duration = Duration::from_mins(10);

/// The backfill of a deployed stack.
#[derive(Debug, Clone)]
pub struct Backfill {
    client: Client,
    place: String,
    stack: DeployedStack,
    machine: String,
}

/// What a run does otherwise than the state machine says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Changes {
    /// Images at once.
    pub max_concurrency: Option<u32>,
    /// The share of images in percent that may fail.
    pub tolerated_failure_percentage: Option<u32>,
}

/// A run: an execution, and the Map Run that it starts once it is under way.
#[derive(Debug, Clone)]
pub struct Run {
    client: Client,
    place: String,
    /// The execution's ARN.
    pub execution: String,
    /// What the keys of its images start with.
    pub prefix: String,
    /// The ARN of its Map Run, once that is known.
    images: Option<String>,
}

/// How a run fares.
#[derive(Debug, Clone)]
pub struct State {
    /// Whether the execution runs, and how it ended.
    pub status: ExecutionStatus,
    /// The error it ended with.
    pub error: Option<String>,
    /// Why, in words.
    pub cause: Option<String>,
    /// When it started.
    pub started: DateTime,
    /// When it ended.
    pub stopped: Option<DateTime>,
    /// The images; none before they are listed, and where they could not be.
    pub map_run: Option<MapRun>,
}

/// The part of a run that goes through the images.
#[derive(Debug, Clone)]
pub struct MapRun {
    /// Its ARN.
    pub arn: String,
    /// Whether its settings can still be changed.
    pub is_running: bool,
    /// The images.
    pub counts: Counts,
    /// The share of images in percent that may fail.
    pub tolerated_failure_percentage: f32,
    /// Images at once.
    pub max_concurrency: i32,
}

impl Backfill {
    /// The backfill of a stack.
    ///
    /// # Errors
    /// The stack has none.
    pub fn of_stack(account: &Account, stack: DeployedStack) -> Result<Self, AwsError> {
        let machine = stack
            .resources
            .get(BACKFILL_STATE_MACHINE)
            .map(|machine| machine.physical_id.clone())
            .ok_or_else(|| AwsError::NoPart {
                stack: stack.name.clone(),
                part: BACKFILL_STATE_MACHINE.to_owned(),
                remedy: "choose the option `backfill` in iac/src/stacks/mod.rs and deploy it again",
            })?;
        Ok(Self {
            client: account.step_functions(),
            place: account.place(),
            stack,
            machine,
        })
    }

    /// The ARN of the state machine.
    pub fn machine(&self) -> &str {
        &self.machine
    }

    /// What the keys of a run start with: what is asked for, or all images of the stack.
    ///
    /// # Errors
    /// Not all keys that start so are images: they would only fail.
    pub fn prefix(&self, asked: Option<&str>) -> Result<String, AwsError> {
        let required = self.stack.outputs.get(BACKFILL_PREFIX);
        let required = required.map_or("", String::as_str);
        let prefix = asked.unwrap_or(required);
        if prefix.starts_with(required) {
            Ok(prefix.to_owned())
        } else {
            Err(AwsError::Prefix {
                stack: self.stack.name.clone(),
                prefix: prefix.to_owned(),
                required: required.to_owned(),
            })
        }
    }

    /// Starts a run.
    ///
    /// # Errors
    /// Step Functions refuses or does not answer.
    pub async fn start(&self, prefix: &str) -> Result<Run, AwsError> {
        let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        // A name of its own: a request that is repeated because its answer got lost starts nothing new.
        let name = format!(
            "iac-{}-{}",
            since_1970.unwrap_or_default().as_millis(),
            std::process::id()
        );
        let started = self
            .client
            .start_execution()
            .state_machine_arn(&self.machine)
            .name(name)
            .input(json!({ "prefix": prefix }).to_string())
            .send()
            .await
            .map_err(|error| AwsError::of("start the backfill", &self.place, &error))?;
        Ok(self.run(started.execution_arn().to_owned(), prefix.to_owned()))
    }

    /// Finds a run that was started before.
    ///
    /// # Errors
    /// There is no such execution, or it is of another state machine.
    pub async fn attach(&self, execution: &str) -> Result<Run, AwsError> {
        let run = self.run(execution.to_owned(), String::new());
        let described = run.describe().await?;
        if described.state_machine_arn() != self.machine {
            return Err(AwsError::NotOfStack {
                execution: execution.to_owned(),
                stack: self.stack.name.clone(),
                machine: described.state_machine_arn().to_owned(),
            });
        }
        let input: Json =
            serde_json::from_str(described.input().unwrap_or_default()).unwrap_or_default();
        let prefix = input["prefix"].as_str().unwrap_or_default().to_owned();
        Ok(Run { prefix, ..run })
    }

    fn run(&self, execution: String, prefix: String) -> Run {
        Run {
            client: self.client.clone(),
            place: self.place.clone(),
            execution,
            prefix,
            images: None,
        }
    }
}

impl Run {
    /// How it fares now.
    ///
    /// # Errors
    /// Step Functions refuses or does not answer.
    pub async fn state(&mut self) -> Result<State, AwsError> {
        // The execution first: where it has ended, so has its Map Run, and the counts are the last ones.
        let described = self.describe().await?;
        let map_run = self.map_run().await?;
        Ok(State {
            status: described.status().clone(),
            error: described.error().map(str::to_owned),
            cause: described.cause().map(str::to_owned),
            started: *described.start_date(),
            stopped: described.stop_date().copied(),
            map_run,
        })
    }

    /// How it fares, as soon as that can be learned.
    ///
    /// # Errors
    /// Step Functions refuses, or cannot answer for ten minutes.
    async fn look(&mut self) -> Result<State, AwsError> {
        insist(LONGEST_ABSENCE, async || self.state().await).await
    }

    /// Looks until it has ended.
    ///
    /// # Errors
    /// Step Functions refuses, or cannot answer for ten minutes.
    pub async fn follow(&mut self, progress: &mut Progress) -> Result<State, AwsError> {
        let mut pauses = Pauses::new();
        loop {
            let state = self.look().await?;
            if state.status != ExecutionStatus::Running {
                return Ok(state);
            }
            if let Some(map_run) = &state.map_run {
                progress.show(&map_run.counts);
            }
            pauses.next().await;
        }
    }

    /// Changes its settings, as soon as it has any. One that has ended meanwhile stays as it is.
    ///
    /// # Errors
    /// Step Functions refuses, or cannot answer for ten minutes.
    pub async fn change(&mut self, changes: Changes) -> Result<(), AwsError> {
        if changes == Changes::default() {
            return Ok(());
        }
        let mut pauses = Pauses::new();
        let arn = loop {
            let state = self.look().await?;
            match state.map_run {
                Some(map_run) if map_run.is_running => break map_run.arn,
                _ if state.status != ExecutionStatus::Running => return Ok(()),
                _ => pauses.next().await,
            }
        };
        let updated = insist(LONGEST_ABSENCE, async || self.update(&arn, changes).await).await;
        match updated {
            Err(_) if self.look().await?.status != ExecutionStatus::Running => Ok(()),
            outcome => outcome,
        }
    }

    async fn update(&self, map_run: &str, changes: Changes) -> Result<(), AwsError> {
        let concurrency = changes.max_concurrency.map(i32::try_from);
        let percentage = changes.tolerated_failure_percentage.map(u16::try_from);
        let updated = self
            .client
            .update_map_run()
            .map_run_arn(map_run)
            .set_max_concurrency(concurrency.and_then(Result::ok))
            .set_tolerated_failure_percentage(percentage.and_then(Result::ok).map(f32::from))
            .send()
            .await;
        updated
            .map(drop)
            .map_err(|error| AwsError::of("change the run", &self.place, &error))
    }

    async fn describe(&self) -> Result<DescribeExecutionOutput, AwsError> {
        let described = self
            .client
            .describe_execution()
            .execution_arn(&self.execution)
            .send()
            .await;
        described.map_err(|error| {
            AwsError::of(
                format!("describe the execution {}", self.execution),
                &self.place,
                &error,
            )
        })
    }

    async fn map_run(&mut self) -> Result<Option<MapRun>, AwsError> {
        if self.images.is_none() {
            let listed = self
                .client
                .list_map_runs()
                .execution_arn(&self.execution)
                .send()
                .await
                .map_err(|error| AwsError::of("list the Map Runs", &self.place, &error))?;
            let first = listed.map_runs().first();
            self.images = first.map(|map_run| map_run.map_run_arn().to_owned());
        }
        let Some(arn) = &self.images else {
            return Ok(None);
        };
        let described = self
            .client
            .describe_map_run()
            .map_run_arn(arn)
            .send()
            .await
            .map_err(|error| AwsError::of("describe the Map Run", &self.place, &error))?;
        Ok(Some(MapRun {
            arn: arn.clone(),
            is_running: *described.status() == MapRunStatus::Running,
            counts: described
                .item_counts()
                .map(Counts::from)
                .unwrap_or_default(),
            tolerated_failure_percentage: described.tolerated_failure_percentage(),
            max_concurrency: described.max_concurrency(),
        }))
    }
}
