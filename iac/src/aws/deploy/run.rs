//! A deployment from its beginning to its end.

use std::collections::BTreeSet;
use std::io::IsTerminal as _;

use serde_json::json;

use super::approval::{Decision, decide};
use super::draft::Draft;
use super::ready::Way;
use super::{Approval, DeployError, Deployer, Refusal, ask};
use crate::aws::cloudformation::{ChangeSet, Operation};
use crate::aws::follow::{Follow, FollowArgs};
use crate::aws::{AwsError, Interrupt};
use crate::commands::Outcome;

/// How a deployment goes.
#[derive(Debug, Clone)]
pub struct Options {
    /// Who approves.
    pub approval: Approval,
    /// Resources whose data may go, by logical id.
    pub allowed_losses: BTreeSet<String>,
    /// Resources that a continued rollback leaves as they are.
    pub skip: Vec<String>,
    /// Whether it is followed to its end.
    pub detach: bool,
    /// How it is followed.
    pub follow: FollowArgs,
}

impl Deployer {
    /// Deploys.
    ///
    /// # Errors
    /// See [`DeployError`]; CloudFormation or S3 refuse or do not answer.
    pub async fn deploy(&self, options: &Options) -> Result<Outcome, AwsError> {
        let mut interrupt = Interrupt::new()?;
        if let Way::Ended(outcome) = self.make_ready(options, &mut interrupt).await? {
            return Ok(outcome);
        }
        let mut draft = self.draft(&mut interrupt).await?;
        let Some(change_set) = draft.change_set.clone() else {
            return self.unchanged(&draft).await;
        };
        self.show(&draft);
        let begun = Box::pin(self.begin(&mut draft, &change_set, options, &mut interrupt)).await;
        let operation = match begun {
            Ok(operation) => operation,
            Err(error) => {
                // Whether it began is not known only then; nothing is to be withdrawn from what runs.
                if !matches!(error, AwsError::Lost { .. }) {
                    self.withdraw(&change_set).await;
                }
                return Err(error);
            }
        };
        if options.detach {
            self.detached();
            return Ok(Outcome::Done);
        }
        let mut follow = Follow::new(
            &self.client,
            &self.connection,
            self.reporter.format(),
            &mut interrupt,
        )
        .with(options.follow);
        let ending = follow.until_end(operation).await?;
        let outcome = follow.conclude(&ending);
        let ended = self.end(&draft, &ending).await;
        match (outcome, ended) {
            (Ok(Outcome::Done), Err(error)) => Err(error),
            (outcome, _) => outcome,
        }
    }

    /// Everything between the plan and its execution.
    async fn begin(
        &self,
        draft: &mut Draft,
        change_set: &ChangeSet,
        options: &Options,
        interrupt: &mut Interrupt,
    ) -> Result<Operation, AwsError> {
        self.approve(draft, options, interrupt).await?;
        if let Some(artifacts) = &mut draft.code.artifacts {
            artifacts
                .ensure(
                    &self.target.bootstrap,
                    self.target.role_arn.as_deref(),
                    &self.connection,
                    self.reporter,
                    interrupt,
                )
                .await?;
        }
        let deliver = Box::pin(draft.code.deliver(&self.account, self.reporter));
        interrupt
            .or(deliver, || {
                "nothing was changed but the artifact bucket".to_owned()
            })
            .await?;
        self.open(draft).await?;
        let executed = self.client.execute(change_set).await;
        if let Err(error) = &executed
            && !matches!(error, AwsError::Lost { .. })
        {
            self.close(draft).await?;
        }
        match executed {
            Err(error) if is_outdated(&error) => Err(DeployError::Outdated {
                stack: self.target.name.clone(),
            }
            .into()),
            executed => executed,
        }
    }

    fn show(&self, draft: &Draft) {
        let color = console::colors_enabled() && std::io::stdout().is_terminal();
        let text = draft.plan.text(color);
        let facts = draft.plan.json();
        self.reporter
            .fact("plan", json!({"plan": facts}), text.trim_end());
    }

    async fn approve(
        &self,
        draft: &Draft,
        options: &Options,
        interrupt: &mut Interrupt,
    ) -> Result<(), AwsError> {
        let can_ask = ask::is_possible(self.reporter.format());
        let decision = decide(
            &draft.plan,
            &options.approval,
            &options.allowed_losses,
            can_ask,
        );
        let refusal = match decision {
            Decision::Go => return Ok(()),
            Decision::Refuse(refusal) => refusal,
            Decision::Ask => {
                let question = format!("\nDeploy {}?", self.target.name);
                if ask::ask(&question, interrupt).await? {
                    return Ok(());
                }
                Refusal::Person
            }
        };
        Err(DeployError::Refused(refusal).into())
    }

    fn detached(&self) {
        let command = format!(
            "iac attach {}{}",
            self.target.name,
            self.connection.options()
        );
        let text = format!(
            "The deployment of {} goes on. Follow it:\n  {command}\nDeploy again when it has ended: that \
             protects what holds data from deletion.",
            self.target.name
        );
        self.reporter
            .fact("detached", json!({"attach": command}), &text);
    }
}

/// Whether a change set was made of a stack that has changed since: it is out of date then, or gone.
fn is_outdated(error: &AwsError) -> bool {
    let AwsError::Refused { reason, .. } = error else {
        return false;
    };
    ["OBSOLETE", "ChangeSetNotFound"]
        .iter()
        .any(|word| reason.contains(word))
}

#[cfg(test)]
mod tests {
    use super::{AwsError, is_outdated};
    use crate::aws::Refusal;

    #[test]
    fn change_sets_of_a_stack_that_has_changed_are_told_apart() {
        let refused = |reason: &str| AwsError::Refused {
            action: "execute the change set of the stack `photos`".to_owned(),
            reason: reason.to_owned(),
            refusal: Refusal::Final,
        };
        for (reason, outdated) in [
            (
                "InvalidChangeSetStatus: ChangeSet [arn] cannot be executed in its current execution status of \
                 [OBSOLETE]",
                true,
            ),
            ("ChangeSetNotFound: ChangeSet [arn] does not exist", true),
            (
                "AccessDenied: not authorized to perform: cloudformation:ExecuteChangeSet",
                false,
            ),
        ] {
            assert_eq!(is_outdated(&refused(reason)), outdated, "{reason}");
        }
    }
}
