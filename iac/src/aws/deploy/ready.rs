//! Whatever state a stack is in, the way from there to one in which it can be deployed.

use serde_json::json;

use super::{Approval, DeployError, Deployer, Options, Refusal, ask};
use crate::aws::cloudformation::{Operation, Situation};
use crate::aws::follow::{Ending, Follow};
use crate::aws::{AwsError, Interrupt};
use crate::commands::Outcome;

/// Steps before this gives up: more than any stack needs, fewer than for ever.
const STEPS: usize = 6;

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
    pub(super) async fn consent(
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
