//! What CloudFormation knows of a stack.

use std::collections::BTreeMap;

use aws_sdk_cloudformation::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_cloudformation::primitives::DateTime;
use aws_sdk_cloudformation::types::{Stack, StackStatus, TemplateStage};

use super::{Situation, StackClient};
use crate::aws::AwsError;
use crate::aws::stack::{self, DeployedResource};

/// A stack, as [DescribeStacks](https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Stack.html)
/// gives it.
#[derive(Debug, Clone)]
pub struct Described {
    /// Its name.
    pub name: String,
    /// Its ARN, which names it even after it is deleted and made again.
    pub id: String,
    /// Its status, such as `UPDATE_COMPLETE`.
    pub status: String,
    /// Why it has this status.
    pub status_reason: Option<String>,
    /// What the status allows.
    pub situation: Situation,
    /// The template's description.
    pub description: Option<String>,
    /// Values of parameters; those that are secret as `****`.
    pub parameters: BTreeMap<String, String>,
    /// Outputs in the order of their names.
    pub outputs: Vec<Output>,
    /// Tags of the stack.
    pub tags: BTreeMap<String, String>,
    /// The role that CloudFormation takes for this stack.
    pub role_arn: Option<String>,
    /// Whether deletion is refused.
    pub termination_protection: bool,
    /// What is known of drift; `None` if nobody ever looked.
    pub drift: Option<Drift>,
    /// When it was created.
    pub created: Option<DateTime>,
    /// When it was last updated.
    pub updated: Option<DateTime>,
}

/// An output of a stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// What it is.
    pub description: Option<String>,
}

/// How a stack differs from its template, when someone last looked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drift {
    /// `IN_SYNC`, `DRIFTED` or `UNKNOWN`.
    pub status: String,
    /// When it was looked at.
    pub checked: Option<DateTime>,
}

impl StackClient {
    /// What CloudFormation knows of the stack; `None` if there is none of this name.
    ///
    /// # Errors
    /// CloudFormation refuses or does not answer.
    pub async fn describe(&self) -> Result<Option<Described>, AwsError> {
        Ok(self.stack(&self.name).await?.as_ref().map(described))
    }

    /// The same of a stack that must be there.
    ///
    /// # Errors
    /// There is no such stack, or CloudFormation refuses or does not answer.
    pub async fn described(&self) -> Result<Described, AwsError> {
        let described = self.describe().await?;
        described.ok_or_else(|| self.no_stack())
    }

    /// The status of a stack by its ARN, even after it is deleted; `None` once it is forgotten.
    pub(crate) async fn status_of(&self, id: &str) -> Result<Option<StackStatus>, AwsError> {
        let stack = self.stack(id).await?;
        Ok(stack.and_then(|stack| stack.stack_status))
    }

    async fn stack(&self, name_or_id: &str) -> Result<Option<Stack>, AwsError> {
        let described = self.client.describe_stacks().stack_name(name_or_id);
        match described.send().await {
            Ok(described) => Ok(described
                .stacks
                .and_then(|stacks| stacks.into_iter().next())),
            Err(error) if is_missing(&error) => Ok(None),
            Err(error) => Err(self.failed("describe", &error)),
        }
    }

    /// The template, as it was sent.
    ///
    /// # Errors
    /// There is no such stack, or CloudFormation refuses or does not answer.
    pub async fn template(&self) -> Result<String, AwsError> {
        let template = self
            .client
            .get_template()
            .stack_name(&self.name)
            .template_stage(TemplateStage::Original)
            .send()
            .await
            .map_err(|error| self.failed("read the template of", &error))?;
        Ok(template.template_body.unwrap_or_default())
    }

    /// The resources by logical id, those without a physical id left out.
    ///
    /// # Errors
    /// There is no such stack, or CloudFormation refuses or does not answer.
    pub async fn resources(&self) -> Result<BTreeMap<String, DeployedResource>, AwsError> {
        stack::resources(&self.client, &self.name, &self.place).await
    }

    /// The stack of this account and region that a resource belongs to, by the resource's physical id.
    pub(crate) async fn owner_of(&self, physical_id: &str) -> Option<String> {
        let resources = self
            .client
            .describe_stack_resources()
            .physical_resource_id(physical_id)
            .send()
            .await
            .ok()?;
        let owner = resources.stack_resources().first()?.stack_name()?;
        Some(owner.to_owned())
    }

    pub(in crate::aws) fn no_stack(&self) -> AwsError {
        AwsError::NoStack {
            stack: self.name.clone(),
            place: self.place.clone(),
        }
    }

    /// What a request ended with: `action` with the stack's name behind it.
    pub(super) fn failed<E>(&self, action: &str, error: &SdkError<E>) -> AwsError
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        if is_missing(error) {
            return self.no_stack();
        }
        AwsError::of(
            format!("{action} the stack `{}`", self.name),
            &self.place,
            error,
        )
    }
}

/// CloudFormation has no error of its own for a stack that is not there.
pub(in crate::aws) fn is_missing<E: ProvideErrorMetadata>(error: &SdkError<E>) -> bool {
    error.code() == Some("ValidationError")
        && error.message().is_some_and(|message| {
            message.contains("does not exist") && message.starts_with("Stack ")
        })
}

fn described(stack: &Stack) -> Described {
    let status = stack.stack_status();
    let status = status.map_or_else(|| StackStatus::from(""), Clone::clone);
    let parameters = stack.parameters().iter().filter_map(|parameter| {
        let value = parameter.resolved_value().or(parameter.parameter_value());
        Some((parameter.parameter_key()?.to_owned(), value?.to_owned()))
    });
    let mut outputs: Vec<_> = stack.outputs().iter().filter_map(output).collect();
    outputs.sort_by(|a, b| a.name.cmp(&b.name));
    let tags = stack.tags().iter();
    let tags = tags.filter_map(|tag| Some((tag.key()?.to_owned(), tag.value()?.to_owned())));
    let drift = stack.drift_information().and_then(|drift| {
        let status = drift.stack_drift_status()?.as_str();
        (status != "NOT_CHECKED").then(|| Drift {
            status: status.to_owned(),
            checked: drift.last_check_timestamp().copied(),
        })
    });
    Described {
        name: stack.stack_name().unwrap_or_default().to_owned(),
        id: stack.stack_id().unwrap_or_default().to_owned(),
        situation: Situation::of(&status),
        status: status.as_str().to_owned(),
        status_reason: text(stack.stack_status_reason()),
        description: text(stack.description()),
        parameters: parameters.collect(),
        outputs,
        tags: tags.collect(),
        role_arn: text(stack.role_arn()),
        termination_protection: stack.enable_termination_protection().unwrap_or_default(),
        drift,
        created: stack.creation_time().copied(),
        updated: stack.last_updated_time().copied(),
    }
}

fn output(output: &aws_sdk_cloudformation::types::Output) -> Option<Output> {
    Some(Output {
        name: output.output_key()?.to_owned(),
        value: output.output_value()?.to_owned(),
        description: text(output.description()),
    })
}

/// A text that says something: engines send empty elements where AWS sends none.
pub(super) fn text(text: Option<&str>) -> Option<String> {
    text.filter(|text| !text.is_empty()).map(str::to_owned)
}
