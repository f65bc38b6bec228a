//! Waiting for the end of a deployment.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use aws_sdk_cloudformation::types::{StackEvent, StackStatus};

use super::{DeployError, Deployment, refused};

/// A local deployment takes a second; a minute means that something hangs.
pub(super) const LIMIT: Duration = Duration::from_mins(2);

impl Deployment {
    pub(super) async fn wait(
        &self,
        mut progress: impl FnMut(&str, &str),
    ) -> Result<(), DeployError> {
        let start = Instant::now();
        let mut told = BTreeSet::new();
        loop {
            let status = self.status().await?;
            let events = self.events().await?;
            for event in events.iter().rev() {
                let (id, resource) = (
                    event.event_id().unwrap_or_default(),
                    event.logical_resource_id().unwrap_or_default(),
                );
                let outcome = event.resource_status().map_or("", |status| status.as_str());
                if told.insert(id.to_owned()) && !outcome.ends_with("_IN_PROGRESS") {
                    progress(resource, outcome);
                }
            }
            match status {
                StackStatus::CreateComplete | StackStatus::UpdateComplete => return Ok(()),
                ended if !ended.as_str().ends_with("_IN_PROGRESS") => {
                    return Err(DeployError::Failed {
                        stack: self.stack.clone(),
                        status: ended.as_str().to_owned(),
                        failures: failures(&events),
                    });
                }
                running if start.elapsed() > LIMIT => {
                    return Err(DeployError::Timeout {
                        stack: self.stack.clone(),
                        status: running.as_str().to_owned(),
                        seconds: LIMIT.as_secs(),
                    });
                }
                _ => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
    }

    async fn status(&self) -> Result<StackStatus, DeployError> {
        let stack = self.describe().await?;
        Ok(stack
            .stack_status()
            .cloned()
            .unwrap_or(StackStatus::CreateInProgress))
    }

    /// Events, the newest first.
    async fn events(&self) -> Result<Vec<StackEvent>, DeployError> {
        let answer = self
            .client
            .describe_stack_events()
            .stack_name(&self.stack)
            .send()
            .await;
        Ok(answer
            .map_err(|error| refused("list the events", &error))?
            .stack_events
            .unwrap_or_default())
    }
}

/// The oldest failure comes first: the others are mostly its consequences.
fn failures(events: &[StackEvent]) -> Vec<String> {
    let failed = |event: &&StackEvent| {
        event
            .resource_status()
            .is_some_and(|status| status.as_str().ends_with("_FAILED"))
    };
    let line = |event: &StackEvent| {
        format!(
            "  - {} ({}): {}",
            event.logical_resource_id().unwrap_or_default(),
            event.resource_type().unwrap_or_default(),
            event
                .resource_status_reason()
                .filter(|reason| !reason.is_empty())
                .unwrap_or("no reason given"),
        )
    };
    events.iter().rev().filter(failed).map(line).collect()
}
