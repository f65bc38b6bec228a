//! Steps that bring a stack into a state in which it can be deployed, and words for those that none does.

use std::collections::BTreeSet;

use aws_sdk_cloudformation::types::StackStatus;
use serde_json::json;

use super::{DeployError, Deployer, Options};
use crate::aws::cloudformation::{
    DeleteOptions, Described, Operation, OperationKind, Situation, StackEvent,
};
use crate::aws::follow::Recap;
use crate::aws::{AwsError, Interrupt};

/// Events that are looked through for what is stuck: more than any stack here has in one operation.
const EVENTS: usize = 500;

impl Deployer {
    /// What others have proposed stays with them until the stack is made, which deletes it.
    pub(super) async fn tell_reviews(&self, described: &Described) -> Result<(), AwsError> {
        let listed = self
            .account
            .cloudformation()
            .list_change_sets()
            .stack_name(&described.name)
            .into_paginator()
            .items()
            .send()
            .collect::<Result<Vec<_>, _>>()
            .await;
        let action = format!("list the change sets of the stack `{}`", described.name);
        let listed = listed.map_err(|error| AwsError::of(action, self.client.place(), &error))?;
        let names: Vec<_> = listed
            .iter()
            .filter_map(|it| it.change_set_name())
            .collect();
        let others = if names.is_empty() {
            "It has none any more.".to_owned()
        } else {
            format!(
                "Change sets: {}. They go when the stack is made.",
                names.join(", ")
            )
        };
        self.reporter.fact(
            "in-review",
            json!({"stack": described.name, "changeSets": names}),
            &format!(
                "{} is not made yet: somebody proposed it, and left the proposal as it is. {others}",
                described.name
            ),
        );
        Ok(())
    }

    /// A stack that was never complete holds nothing that anybody could have put there on purpose.
    pub(super) async fn delete_failed(
        &self,
        described: &Described,
        options: &Options,
        interrupt: &mut Interrupt,
    ) -> Result<Operation, AwsError> {
        let name = &described.name;
        let mut text = format!("The creation of {name} failed ({}).", described.status);
        let mut facts = json!({"stack": name, "status": described.status});
        if let Some(operation) = self.client.last_operation().await? {
            let recap = Recap::of(&self.client, &operation).await?;
            if let Some(cause) = &recap.cause {
                text = format!("{text} {}: {}", cause.logical_id, cause.message);
                facts["cause"] = json!(cause);
            }
        }
        text = format!("{text}\nSuch a stack can only be deleted. It was never complete.");
        self.reporter.fact("rolled-back", facts, &text);
        let question = format!("Delete what is left of {name}, and go on?");
        self.consent(options, &question, interrupt).await?;
        self.client.delete(&DeleteOptions::default()).await
    }

    /// A rollback that failed is continued, without what it is told to skip.
    pub(super) async fn continue_rollback(
        &self,
        described: &Described,
        options: &Options,
        interrupt: &mut Interrupt,
    ) -> Result<Operation, AwsError> {
        let failed = self
            .failed_since(&StackStatus::UpdateRollbackInProgress)
            .await?;
        let skip = &options.skip;
        let way_on = if skip.is_empty() {
            let skip = failed
                .iter()
                .map(|event| format!("--skip {}", event.logical_id));
            let skip = skip.collect::<Vec<_>>().join(" ");
            format!("Remove the cause, then go on; or leave these as they are with {skip}.")
        } else {
            format!("Without {}, which stay as they are.", skip.join(", "))
        };
        let text = format!(
            "An update of {} failed, and so did the way back ({}).{}\n{way_on}",
            described.name,
            described.status,
            lines(&failed)
        );
        let resources: Vec<_> = failed
            .iter()
            .map(|event| event.logical_id.clone())
            .collect();
        self.reporter.fact(
            "rollback-failed",
            json!({"stack": described.name, "resources": resources, "skip": skip}),
            &text,
        );
        let question = "Continue the rollback, and deploy then?";
        self.consent(options, question, interrupt).await?;
        self.client.continue_rollback(skip).await
    }

    /// An update that was left as it was when it failed is undone.
    pub(super) async fn roll_back(
        &self,
        described: &Described,
        options: &Options,
        interrupt: &mut Interrupt,
    ) -> Result<Operation, AwsError> {
        let name = &described.name;
        let text = format!(
            "An update of {name} failed and was left half done ({}), as somebody asked for.",
            described.status
        );
        self.reporter
            .fact("update-failed", json!({"stack": name}), &text);
        let question = "Undo it, and deploy then?";
        self.consent(options, question, interrupt).await?;
        let mark = self.client.mark().await?;
        let begun = self.account.cloudformation().rollback_stack();
        let begun = begun.stack_name(&described.id).send().await;
        let action = format!("roll back the stack `{name}`");
        begun.map_err(|error| AwsError::of(action, self.client.place(), &error))?;
        Ok(Operation {
            stack_id: described.id.clone(),
            kind: OperationKind::Rollback,
            mark,
        })
    }

    /// Why a stack needs a person, and what the person does.
    pub(super) async fn stuck(&self, described: &Described) -> Result<DeployError, AwsError> {
        let (name, options) = (&described.name, self.connection.options());
        let remedy = match &described.situation {
            Situation::DeleteFailed => {
                let failed = self.failed_since(&StackStatus::DeleteInProgress).await?;
                format!(
                    "its deletion failed on{}\nOnce the cause is gone, `iac destroy {name}{options}` deletes the \
                     rest; then it can be deployed again",
                    lines(&failed)
                )
            }
            Situation::ImportRollbackFailed => {
                "an import failed, and so did the way back. CloudFormation cannot go on by itself: look at its \
                 resources in the console"
                    .to_owned()
            }
            _ => "this program does not know this state. A newer one may".to_owned(),
        };
        Ok(DeployError::Stuck {
            stack: name.clone(),
            status: described.status.clone(),
            remedy,
        })
    }

    /// The resources that failed since the stack began with something last, each once.
    async fn failed_since(&self, status: &StackStatus) -> Result<Vec<StackEvent>, AwsError> {
        let mut events = self.client.newest_events(EVENTS, |_| true).await?;
        let begins = |event: &StackEvent| event.stack_status().as_ref() == Some(status);
        if let Some(at) = events.iter().rposition(begins) {
            events.drain(..at);
        }
        let mut ids = BTreeSet::new();
        events.retain(|event| {
            event.is_failure() && !event.is_of_stack() && ids.insert(event.logical_id.clone())
        });
        Ok(events)
    }
}

/// What failed and why, a line each.
fn lines(failed: &[StackEvent]) -> String {
    let lines = failed.iter().map(|event| {
        let reason = event.reason.as_deref().unwrap_or("no reason given");
        format!(
            "\n  {} ({}): {reason}",
            event.logical_id, event.resource_type
        )
    });
    lines.collect::<Vec<_>>().concat()
}
