//! After a deployment: what protects the stack's data, what the stack tells, and what to do next.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};

use super::draft::Draft;
use super::{Deployer, protection};
use crate::aws::AwsError;
use crate::aws::artifacts::State;
use crate::aws::cloudformation::{Described, Output};
use crate::aws::follow::Ending;
use crate::commands::Outcome;
use crate::stacks::ResizeApi;

impl Deployer {
    /// Nothing was to be done: the stack is told of as if it had just been deployed.
    pub(super) async fn unchanged(&self, draft: &Draft) -> Result<Outcome, AwsError> {
        let name = &self.target.name;
        let text = format!("{name} is already what it shall be: nothing to deploy");
        let digest = draft.plan.digest();
        self.reporter
            .fact("unchanged", json!({"stack": name, "digest": digest}), &text);
        // What runs now is what the next update goes back to if it fails.
        let artifacts = draft.code.artifacts.as_ref();
        if artifacts.is_some_and(|artifacts| artifacts.state() == State::There) {
            draft.code.deliver(&self.account, self.reporter).await?;
        }
        if let Some(before) = &draft.before {
            self.protect(&before.described).await?;
            self.tell_outputs(&before.described);
        }
        Ok(Outcome::Done)
    }

    /// Opens the stack's policy for what the plan does to data, now that this is approved.
    pub(super) async fn open(&self, draft: &Draft) -> Result<(), AwsError> {
        let losses: BTreeSet<_> = draft
            .plan
            .losses()
            .map(|it| it.logical_id.clone())
            .collect();
        match &draft.before {
            Some(before) if !losses.is_empty() => {
                protection::open(&self.client, &before.side.template, &losses).await
            }
            _ => Ok(()),
        }
    }

    /// Closes it again over what holds data in the stack as it was.
    pub(super) async fn close(&self, draft: &Draft) -> Result<(), AwsError> {
        match &draft.before {
            Some(before) if draft.plan.losses().next().is_some() => {
                protection::close(&self.client, &before.side.template).await
            }
            _ => Ok(()),
        }
    }

    /// What is to be done once the operation has ended, however it has.
    pub(super) async fn end(&self, draft: &Draft, ending: &Ending) -> Result<(), AwsError> {
        match ending {
            Ending::Succeeded => {
                let described = self.client.described().await?;
                self.protect(&described).await?;
                self.tell_outputs(&described);
                self.tell_next(&described);
                Ok(())
            }
            Ending::RolledBack(_) | Ending::Stuck(_) => self.close(draft).await,
            Ending::Deleted | Ending::Detached => Ok(()),
        }
    }

    async fn protect(&self, described: &Described) -> Result<(), AwsError> {
        let is_protected = described.termination_protection;
        let protected = protection::protect(&self.client, &self.target.template, is_protected);
        if protected.await? {
            let text = format!(
                "{} holds data: its deletion is refused from now on",
                described.name
            );
            self.reporter
                .fact("protected", json!({"stack": described.name}), &text);
        }
        Ok(())
    }

    /// The outputs, without those that name the account: what is printed here ends up in logs that many
    /// read.
    fn tell_outputs(&self, described: &Described) {
        let is_quiet = |output: &&Output| !output.value.contains(&self.account_id);
        let (told, quiet): (Vec<_>, Vec<_>) = described.outputs.iter().partition(is_quiet);
        let width = told
            .iter()
            .map(|output| output.name.len())
            .max()
            .unwrap_or_default();
        let mut lines: Vec<String> = told
            .iter()
            .map(|output| format!("  {:<width$}  {}", output.name, output.value))
            .collect();
        if !quiet.is_empty() {
            let names: Vec<_> = quiet.iter().map(|output| output.name.as_str()).collect();
            let command = format!(
                "iac outputs {}{}",
                described.name,
                self.connection.options()
            );
            lines.push(format!(
                "  {}: `{command}` (they name the account)",
                names.join(", ")
            ));
        }
        if lines.is_empty() {
            return;
        }
        let outputs: Map<String, Json> = told
            .iter()
            .map(|output| (output.name.clone(), json!(output.value)))
            .collect();
        let text = format!("\nOutputs\n{}", lines.join("\n"));
        self.reporter
            .fact("outputs", json!({"outputs": outputs}), &text);
    }

    fn tell_next(&self, described: &Described) {
        let (name, options) = (&described.name, self.connection.options());
        let command = if self.target.model == ResizeApi::NAME {
            format!("iac resize photo.jpg --stack {name}{options}")
        } else {
            format!("iac status {name}{options}")
        };
        self.reporter.fact(
            "next",
            json!({"command": command}),
            &format!("\nNext: {command}"),
        );
    }
}
