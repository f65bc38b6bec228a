//! A plan, and the change set behind it. A plan that is shown and a plan that is carried out are made here.

use std::collections::BTreeMap;

use super::code::Code;
use super::parameters::{self, Sources, Values};
use super::{Before, DeployError, Deployer, names};
use crate::aws::artifacts::State;
use crate::aws::cloudformation::{ChangeSet, ChangeSetRequest, Pending, Proposed, Situation};
use crate::aws::{AwsError, Interrupt};
use crate::plan::{Plan, PlanKind, Proposal, Side};

/// A plan, and what carries it out.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) plan: Plan,
    /// `None` if the stack is already what it shall be.
    pub(super) change_set: Option<ChangeSet>,
    pub(super) code: Code,
    pub(super) before: Option<Before>,
}

impl Deployer {
    /// Makes a change set and reads what it does. The stack is in a state in which that can be.
    pub(super) async fn draft(&self, interrupt: &mut Interrupt) -> Result<Draft, AwsError> {
        let target = &self.target;
        names::check(
            &target.template,
            &target.name,
            &self.account_id,
            self.account.region(),
        )?;
        let before = self.before().await?;
        let code = Code::find(target, before.as_ref(), &self.account, &self.account_id).await?;
        let values = parameters::values(
            &target.template,
            Sources {
                given: &target.parameters,
                code: &code.values,
                deployed: before.as_ref().map(|before| &before.described.parameters),
                deployed_template: before.as_ref().map(|before| &before.side.template),
            },
        )?;
        let none = BTreeMap::new();
        let tags_before = before
            .as_ref()
            .map_or(&none, |before| &before.described.tags);
        let tags = target.tags_after(tags_before);
        let request = ChangeSetRequest {
            template: target.text.clone(),
            parameters: values.request.clone(),
            tags: tags.clone(),
            role_arn: target.role_arn.clone(),
            description: format!("iac: {}", target.model),
        };
        let pending = self.client.begin_proposal(&request).await?;
        let proposed = self.finish(&pending, interrupt).await?;
        let change_set = match proposed {
            Proposed::Changes(change_set) => Some(change_set),
            Proposed::Nothing => None,
        };
        let role_before = before
            .as_ref()
            .and_then(|before| before.described.role_arn.clone());
        let proposal = Proposal {
            stack: target.name.clone(),
            model: target.model.to_owned(),
            region: self.account.region().to_owned(),
            account: self.account_id.clone(),
            kind: match &before {
                None => PlanKind::Create,
                Some(_) => PlanKind::Update,
            },
            changes: change_set
                .as_ref()
                .map(|it| it.changes.clone())
                .unwrap_or_default(),
            deployed: before.as_ref().map(|before| before.side.clone()),
            tags_before: tags_before.clone(),
            tags_after: tags,
            role_arn: target.role_arn.clone().or(role_before),
            proposed: Side {
                template: target.template.clone(),
                template_text_sha256: target.sha256(),
                parameters: values.effective.clone(),
            },
        };
        let mut plan = Plan::new(proposal);
        let notes = notes(&code, &values, change_set.as_ref()).into_iter();
        let quiet = notes.map(|note| note.replace(&self.account_id, "${AWS::AccountId}"));
        plan.notes.extend(quiet);
        Ok(Draft {
            plan,
            change_set,
            code,
            before,
        })
    }

    /// The stack as it is deployed; `None` if there is none, or one that has nothing in it.
    async fn before(&self) -> Result<Option<Before>, AwsError> {
        let Some(described) = self.client.describe().await? else {
            return Ok(None);
        };
        if matches!(described.situation, Situation::Absent | Situation::InReview) {
            return Ok(None);
        }
        let text = self.client.template().await?;
        let side = Side::read(&text, &described.parameters);
        let side = side.map_err(|source| DeployError::Template {
            stack: described.name.clone(),
            source,
        })?;
        Ok(Some(Before { described, side }))
    }

    /// Waits for CloudFormation's answer. Whoever interrupts leaves nothing behind.
    async fn finish(
        &self,
        pending: &Pending,
        interrupt: &mut Interrupt,
    ) -> Result<Proposed, AwsError> {
        let finished = tokio::select! {
            proposed = self.client.finish_proposal(pending) => proposed,
            _ = interrupt.received() => Err(AwsError::Interrupted("nothing was changed".to_owned())),
        };
        // One that failed is gone already.
        if !matches!(finished, Ok(_) | Err(AwsError::ChangeSet { .. }))
            && let Err(error) = self.client.withdraw_pending(pending).await
        {
            self.left_behind(&error);
        }
        finished
    }
}

/// What a reviewer should know of the whole.
fn notes(code: &Code, values: &Values, change_set: Option<&ChangeSet>) -> Vec<String> {
    let mut notes = values.notes.clone();
    if let Some(artifacts) = &code.artifacts
        && artifacts.state() == State::Missing
        && change_set.is_some()
    {
        notes.push(format!(
            "There is no bucket yet that code is deployed from. The stack {} with it is made first: a private, \
             encrypted, versioned bucket and its policy (generated/bootstrap/template.yaml). It stays, whatever \
             becomes of this deployment.",
            artifacts.name()
        ));
    }
    let warnings = change_set.map(|change_set| change_set.warnings.as_slice());
    let warnings = warnings.unwrap_or_default().iter();
    notes.extend(warnings.map(|finding| format!("CloudFormation warns: {finding}")));
    notes
}
