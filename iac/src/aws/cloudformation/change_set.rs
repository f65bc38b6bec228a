//! Change sets: made, read, withdrawn.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_sdk_cloudformation::operation::describe_change_set::DescribeChangeSetOutput;
use aws_sdk_cloudformation::types::{Capability, ChangeSetStatus, ChangeSetType, Parameter, Tag};

use super::operation::token;
use super::{ChangeSet, Proposed, Situation, StackClient, Validated, patiently, proposed};
use crate::aws::AwsError;
use crate::aws::accounts::without_account_of;
use crate::plan::PlanKind;

/// A look at what is not ready, at first and at most.
const FIRST_LOOK: Duration = Duration::from_millis(50);
const LONGEST: Duration = Duration::from_secs(2);
/// How long a stack without anything in it may take to vanish.
const VANISHING: Duration = Duration::from_secs(30);

/// What a stack shall become.
#[derive(Debug, Clone)]
pub struct ChangeSetRequest {
    /// The template, at most 51,200 bytes.
    pub template: String,
    /// Parameters; those that are not named take the template's default.
    pub parameters: Vec<(String, ParameterValue)>,
    /// The stack's tags, all of them.
    pub tags: BTreeMap<String, String>,
    /// The role that CloudFormation takes; `None` keeps the stack's.
    pub role_arn: Option<String>,
    /// A sentence for whoever looks at the change set.
    pub description: String,
}

/// Where a parameter's value comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParameterValue {
    /// This one.
    Value(String),
    /// The deployed stack's.
    Previous,
}

/// A change set that CloudFormation is still looking at, or that is not wanted any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// Its ARN.
    pub arn: String,
    /// The ARN of its stack.
    pub stack_id: String,
    /// Whether it creates the stack.
    pub kind: PlanKind,
}

impl StackClient {
    /// Makes a change set and waits until CloudFormation has looked at it. A change set that fails is
    /// deleted again, and a stack that exists for its sake only. Whoever may be interrupted takes the two
    /// steps by themselves, [`begin_proposal`](Self::begin_proposal) and
    /// [`finish_proposal`](Self::finish_proposal), and withdraws what is left.
    ///
    /// # Errors
    /// CloudFormation refuses the template, the parameters or the changes
    /// ([`AwsError::ChangeSet`], with the findings of its early validation), or does not answer.
    pub async fn propose(&self, request: &ChangeSetRequest) -> Result<Proposed, AwsError> {
        let pending = self.begin_proposal(request).await?;
        self.finish_proposal(&pending).await
    }

    /// Asks for a change set: one that creates the stack where there is none, or none but a review.
    ///
    /// # Errors
    /// CloudFormation refuses the template or the parameters, or does not answer.
    pub async fn begin_proposal(&self, request: &ChangeSetRequest) -> Result<Pending, AwsError> {
        let situation = self.describe().await?.map(|stack| stack.situation);
        let kind = match situation {
            None | Some(Situation::Absent | Situation::InReview) => PlanKind::Create,
            Some(_) => PlanKind::Update,
        };
        let name = token();
        let parameters = request.parameters.iter().map(|(key, value)| {
            let parameter = Parameter::builder().parameter_key(key);
            match value {
                ParameterValue::Value(value) => parameter.parameter_value(value).build(),
                ParameterValue::Previous => parameter.use_previous_value(true).build(),
            }
        });
        let tags = request.tags.iter();
        let tags = tags.map(|(key, value)| Tag::builder().key(key).value(value).build());
        let created = self
            .client
            .create_change_set()
            .stack_name(&self.name)
            .change_set_name(&name)
            .client_token(&name)
            .change_set_type(match kind {
                PlanKind::Create => ChangeSetType::Create,
                PlanKind::Update => ChangeSetType::Update,
            })
            .description(&request.description)
            .template_body(&request.template)
            .set_parameters(Some(parameters.collect()))
            .set_tags(Some(tags.collect()))
            .set_role_arn(request.role_arn.clone())
            .capabilities(Capability::CapabilityIam)
            .send()
            .await
            .map_err(|error| self.failed("propose changes to", &error))?;
        Ok(Pending {
            arn: created.id.unwrap_or(name),
            stack_id: created.stack_id.unwrap_or_else(|| self.name.clone()),
            kind,
        })
    }

    /// Waits until CloudFormation has looked at a change set, and reads it.
    ///
    /// # Errors
    /// As [`propose`](Self::propose).
    pub async fn finish_proposal(&self, pending: &Pending) -> Result<Proposed, AwsError> {
        let mut delay = FIRST_LOOK;
        loop {
            let page = self.change_set_page(pending, None).await?;
            match page.status() {
                Some(ChangeSetStatus::CreateComplete) => {
                    return self.whole(pending, page).await.map(Proposed::Changes);
                }
                Some(ChangeSetStatus::Failed) => return self.refused(pending, &page).await,
                _ => tokio::time::sleep(delay).await,
            }
            delay = delay.mul_f64(1.5).min(LONGEST);
        }
    }

    /// The other pages, and what the validation only warns of.
    async fn whole(
        &self,
        pending: &Pending,
        first: DescribeChangeSetOutput,
    ) -> Result<ChangeSet, AwsError> {
        let mut token = first.next_token.clone();
        let mut change_set = proposed::change_set(pending, &first);
        while let Some(next) = token {
            let page = self.change_set_page(pending, Some(next)).await?;
            change_set.changes.extend(proposed::changes(&page));
            token = page.next_token;
        }
        change_set.warnings = self.findings(Validated::ChangeSet(&pending.arn)).await;
        Ok(change_set)
    }

    async fn change_set_page(
        &self,
        pending: &Pending,
        token: Option<String>,
    ) -> Result<DescribeChangeSetOutput, AwsError> {
        patiently(self.patience, async || {
            let described = self
                .client
                .describe_change_set()
                .change_set_name(&pending.arn)
                .stack_name(&pending.stack_id)
                .include_property_values(true)
                .set_next_token(token.clone())
                .send()
                .await;
            described.map_err(|error| self.failed("read the changes to", &error))
        })
        .await
    }

    /// Why a change set failed; nothing of it stays.
    async fn refused(
        &self,
        pending: &Pending,
        failed: &DescribeChangeSetOutput,
    ) -> Result<Proposed, AwsError> {
        let reason = failed.status_reason().unwrap_or("no reason given");
        let changes_nothing = reason.contains("didn't contain changes")
            || reason.contains("No updates are to be performed");
        let findings = if changes_nothing {
            Vec::new()
        } else {
            self.findings(Validated::ChangeSet(&pending.arn)).await
        };
        self.withdraw_pending(pending).await?;
        if changes_nothing {
            return Ok(Proposed::Nothing);
        }
        Err(AwsError::ChangeSet {
            stack: self.name.clone(),
            reason: without_account_of(&pending.arn, reason),
            findings,
        })
    }

    /// Deletes a change set that is not executed, and the stack if it is `REVIEW_IN_PROGRESS` and has no
    /// other change set.
    ///
    /// # Errors
    /// CloudFormation refuses or does not answer.
    pub async fn withdraw(&self, change_set: &ChangeSet) -> Result<(), AwsError> {
        let pending = Pending {
            arn: change_set.arn.clone(),
            stack_id: change_set.stack_id.clone(),
            kind: change_set.kind,
        };
        self.withdraw_pending(&pending).await
    }

    /// The same of a change set that is not ready.
    ///
    /// # Errors
    /// CloudFormation refuses or does not answer.
    pub async fn withdraw_pending(&self, pending: &Pending) -> Result<(), AwsError> {
        patiently(self.patience, async || {
            let deleted = self
                .client
                .delete_change_set()
                .change_set_name(&pending.arn)
                .stack_name(&pending.stack_id)
                .send()
                .await;
            deleted.map_err(|error| self.failed("delete the change set of", &error))
        })
        .await?;
        if pending.kind == PlanKind::Create {
            self.remove_empty(&pending.stack_id).await?;
        }
        Ok(())
    }

    /// Deletes a stack that has nothing in it, not even a change set, and waits until it is gone.
    async fn remove_empty(&self, stack_id: &str) -> Result<(), AwsError> {
        let in_review = async || {
            let status = patiently(self.patience, async || self.status_of(stack_id).await).await?;
            Ok::<_, AwsError>(
                status.is_some_and(|status| Situation::of(&status) == Situation::InReview),
            )
        };
        if !in_review().await? {
            return Ok(());
        }
        let others = self.client.list_change_sets().stack_name(stack_id);
        let others = others.send().await;
        let others = others.map_err(|error| self.failed("list the change sets of", &error))?;
        if !others.summaries().is_empty() {
            return Ok(());
        }
        let deleted = self.client.delete_stack().stack_name(stack_id).send().await;
        deleted.map_err(|error| self.failed("delete", &error))?;
        let start = std::time::Instant::now();
        let mut delay = FIRST_LOOK;
        while in_review().await? && start.elapsed() < VANISHING {
            tokio::time::sleep(delay).await;
            delay = delay.mul_f64(1.5).min(LONGEST);
        }
        Ok(())
    }
}
