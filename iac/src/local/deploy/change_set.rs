//! A change set: made, shown, executed.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_sdk_cloudformation::types::{Capability, ChangeSetStatus, ChangeSetType, Parameter};

use super::{DeployError, Deployment, refused, wait};

const NAME: &str = "iac-local";

/// What a change set will do.
#[derive(Debug, Clone)]
pub struct ChangeSet {
    /// In the order that CloudFormation gives.
    pub changes: Vec<Change>,
}

/// A change of one resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// `Add`, `Modify` or `Remove`.
    pub action: String,
    /// Logical id.
    pub logical_id: String,
    /// Resource type.
    pub kind: String,
}

impl Deployment {
    /// Makes a change set that creates the stack, and waits until CloudFormation has looked at it.
    ///
    /// # Errors
    /// CloudFormation refuses the template or the parameters.
    pub async fn propose(
        &self,
        template: &str,
        parameters: &BTreeMap<String, String>,
    ) -> Result<ChangeSet, DeployError> {
        let parameters = parameters.iter().map(|(key, value)| {
            Parameter::builder()
                .parameter_key(key)
                .parameter_value(value)
                .build()
        });
        self.client
            .create_change_set()
            .stack_name(&self.stack)
            .change_set_name(NAME)
            .change_set_type(ChangeSetType::Create)
            .template_body(template)
            .set_parameters(Some(parameters.collect()))
            .capabilities(Capability::CapabilityIam)
            .capabilities(Capability::CapabilityNamedIam)
            .send()
            .await
            .map_err(|error| refused("make a change set", &error))?;
        let start = std::time::Instant::now();
        loop {
            let described = self
                .client
                .describe_change_set()
                .stack_name(&self.stack)
                .change_set_name(NAME)
                .send()
                .await
                .map_err(|error| refused("describe the change set", &error))?;
            match described.status() {
                Some(ChangeSetStatus::CreateComplete) => {
                    let changes = described
                        .changes()
                        .iter()
                        .filter_map(|change| change.resource_change());
                    return Ok(ChangeSet {
                        changes: changes
                            .map(|change| Change {
                                action: change
                                    .action()
                                    .map(|action| action.as_str().to_owned())
                                    .unwrap_or_default(),
                                logical_id: change
                                    .logical_resource_id()
                                    .unwrap_or_default()
                                    .to_owned(),
                                kind: change.resource_type().unwrap_or_default().to_owned(),
                            })
                            .collect(),
                    });
                }
                Some(ChangeSetStatus::Failed) => {
                    let reason = described
                        .status_reason()
                        .unwrap_or("no reason given")
                        .to_owned();
                    return Err(DeployError::ChangeSet {
                        stack: self.stack.clone(),
                        reason,
                    });
                }
                status if start.elapsed() > wait::LIMIT => {
                    return Err(DeployError::Timeout {
                        stack: self.stack.clone(),
                        status: status
                            .map(|status| status.as_str().to_owned())
                            .unwrap_or_default(),
                        seconds: wait::LIMIT.as_secs(),
                    });
                }
                _ => tokio::time::sleep(Duration::from_millis(100)).await,
            }
        }
    }

    /// Executes the change set and waits for its end. `progress` hears of every resource that is done.
    ///
    /// # Errors
    /// A resource failed; the error names it with CloudFormation's reason.
    pub async fn execute(&self, progress: impl FnMut(&str, &str)) -> Result<(), DeployError> {
        self.client
            .execute_change_set()
            .stack_name(&self.stack)
            .change_set_name(NAME)
            .send()
            .await
            .map_err(|error| refused("execute the change set", &error))?;
        self.wait(progress).await
    }
}
