//! Whatever state a stack is in, the way from there to one in which it can be deployed.

use std::collections::BTreeSet;

use aws_sdk_cloudformation::types::StackStatus;
use serde_json::json;

use super::{Approval, DeployError, Deployer, Options, Refusal, ask};
use crate::aws::cloudformation::{
    DeleteOptions, Described, Operation, OperationKind, Situation, StackEvent,
};
use crate::aws::follow::{Ending, Follow, Recap};
use crate::aws::{AwsError, Interrupt};
use crate::commands::Outcome;

/// Steps before this gives up: more than any stack needs, fewer than for ever.
const STEPS: usize = 6;
/// Events that are looked through for what is stuck: more than any stack here has in one operation.
const EVENTS: usize = 500;

/// What came of the way.
#[derive(Debug)]
pub(super) enum Way {
    /// The stack can be deployed.
    Ready,
    /// A step on the way ended otherwise, and so does the command.
    Ended(Outcome),
}

impl Deployer {
    /// Takes the steps that lead to a stack which can be deployed. Each is told, and asked for where it
    /// changes anything.
    pub(super) async fn make_ready(
        &self,
        options: &Options,
        interrupt: &mut Interrupt,
    ) -> Result<Way, AwsError> {
        for _ in 0..STEPS {
            let Some(described) = self.client.describe().await? else {
                return Ok(Way::Ready);
            };
            let operation = match &described.situation {
                Situation::Absent | Situation::Ready => return Ok(Way::Ready),
                Situation::InReview => {
                    self.tell_reviews(&described).await?;
                    return Ok(Way::Ready);
                }
                Situation::Busy(_) => {
                    if let Way::Ended(outcome) = self.attach(options, interrupt).await? {
                        return Ok(Way::Ended(outcome));
                    }
                    continue;
                }
                Situation::RolledBack => self.delete_failed(&described, options, interrupt).await?,
                Situation::UpdateRollbackFailed => {
                    self.continue_rollback(&described, options, interrupt)
                        .await?
                }
                Situation::UpdateFailed => self.roll_back(&described, options, interrupt).await?,
                Situation::DeleteFailed
                | Situation::ImportRollbackFailed
                | Situation::Unknown(_) => return Err(self.stuck(&described).await?.into()),
            };
            if let Way::Ended(outcome) = self.follow(operation, interrupt).await? {
                return Ok(Way::Ended(outcome));
            }
        }
        Err(self.not_ready("others keep changing it: try again later"))
    }

    /// Whether a change set can be made now; the words for it where not.
    pub(super) async fn can_be_planned(&self) -> Result<(), AwsError> {
        let Some(described) = self.client.describe().await? else {
            return Ok(());
        };
        let (name, options) = (&self.target.name, self.connection.options());
        match &described.situation {
            Situation::Absent | Situation::InReview | Situation::Ready => Ok(()),
            Situation::Busy(_) => Err(self.not_ready(&format!(
                "an operation runs ({}). `iac attach {name}{options}` follows it",
                described.status
            ))),
            Situation::RolledBack => Err(self.not_ready(&format!(
                "its creation failed ({}), and it can only be deleted: {} offers that, and so does `iac destroy \
                 {name}{options}`",
                described.status,
                self.deploy_command()
            ))),
            Situation::UpdateFailed | Situation::UpdateRollbackFailed => {
                Err(self.not_ready(&format!(
                    "its last update is only half undone ({}): {} offers to go on with that",
                    described.status,
                    self.deploy_command()
                )))
            }
            Situation::DeleteFailed | Situation::ImportRollbackFailed | Situation::Unknown(_) => {
                Err(self.stuck(&described).await?.into())
            }
        }
    }

    fn not_ready(&self, reason: &str) -> AwsError {
        DeployError::NotReady {
            stack: self.target.name.clone(),
            reason: reason.to_owned(),
        }
        .into()
    }

    fn deploy_command(&self) -> String {
        let (model, name) = (self.target.model, &self.target.name);
        let named = if name == model {
            String::new()
        } else {
            format!(" --name {name}")
        };
        format!("`iac deploy {model}{named}{}`", self.connection.options())
    }

    /// What others have proposed stays with them until the stack is made, which deletes it.
    async fn tell_reviews(&self, described: &Described) -> Result<(), AwsError> {
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

    /// An operation that somebody else began comes to its end first.
    async fn attach(&self, options: &Options, interrupt: &mut Interrupt) -> Result<Way, AwsError> {
        let name = &self.target.name;
        let Some(operation) = self.client.last_operation().await? else {
            return Ok(Way::Ready);
        };
        let text = format!(
            "Another {} of {name} runs. This deployment comes after it:",
            operation.kind.noun()
        );
        self.reporter.fact(
            "waiting",
            json!({"stack": name, "for": operation.kind.noun()}),
            &text,
        );
        let mut follow = Follow::new(
            &self.client,
            &self.connection,
            self.reporter.format(),
            interrupt,
        );
        let ending = follow.until_end(operation).await?;
        // How it ended is that operation's affair; what can be done now is looked at next.
        follow.conclude(&ending)?;
        let question = format!("Plan the deployment of {name} now?");
        self.consent(options, &question, interrupt).await?;
        Ok(Way::Ready)
    }

    /// A stack that was never complete holds nothing that anybody could have put there on purpose.
    async fn delete_failed(
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
    async fn continue_rollback(
        &self,
        described: &Described,
        options: &Options,
        interrupt: &mut Interrupt,
    ) -> Result<Operation, AwsError> {
        let failed = self
            .failed_since(&StackStatus::UpdateRollbackInProgress)
            .await?;
        let mut text = format!(
            "An update of {} failed, and so did the way back ({}).",
            described.name, described.status
        );
        for event in &failed {
            text.push_str(&format!("\n  {}", line(event)));
        }
        let skip = &options.skip;
        text.push_str(&if skip.is_empty() {
            let skip = failed
                .iter()
                .map(|event| format!(" --skip {}", event.logical_id));
            format!(
                "\nRemove the cause, then go on; or leave these as they are with{}.",
                skip.collect::<String>()
            )
        } else {
            format!("\nWithout {}, which stay as they are.", skip.join(", "))
        });
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
    async fn roll_back(
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
    async fn stuck(&self, described: &Described) -> Result<DeployError, AwsError> {
        let (name, options) = (&described.name, self.connection.options());
        let remedy = match &described.situation {
            Situation::DeleteFailed => {
                let failed = self.failed_since(&StackStatus::DeleteInProgress).await?;
                let lines: String = failed.iter().map(|event| format!("\n  {}", line(event))).collect();
                format!(
                    "its deletion failed on{lines}\nOnce the cause is gone, `iac destroy {name}{options}` deletes \
                     the rest; then it can be deployed again"
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

    /// Follows a step. What does not succeed ends the command with its own words.
    async fn follow(
        &self,
        operation: Operation,
        interrupt: &mut Interrupt,
    ) -> Result<Way, AwsError> {
        let mut follow = Follow::new(
            &self.client,
            &self.connection,
            self.reporter.format(),
            interrupt,
        );
        let ending = follow.until_end(operation).await?;
        let outcome = follow.conclude(&ending)?;
        Ok(match ending {
            Ending::Succeeded | Ending::Deleted => Way::Ready,
            _ => Way::Ended(outcome),
        })
    }

    /// Whether a step is taken: whoever approved the deployment approved what leads there.
    async fn consent(
        &self,
        options: &Options,
        question: &str,
        interrupt: &mut Interrupt,
    ) -> Result<(), AwsError> {
        if options.approval != Approval::Ask {
            return Ok(());
        }
        let refusal = if !ask::is_possible(self.reporter.format()) {
            Refusal::Question(question.to_owned())
        } else if ask::ask(question, interrupt).await? {
            return Ok(());
        } else {
            Refusal::Person
        };
        Err(DeployError::Refused(refusal).into())
    }
}

fn line(event: &StackEvent) -> String {
    let reason = event.reason.as_deref().unwrap_or("no reason given");
    format!("{} ({}): {reason}", event.logical_id, event.resource_type)
}
