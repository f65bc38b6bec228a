//! What the engine knows of the deployed stack.

use std::collections::BTreeMap;

use aws_sdk_cloudformation::types::Stack;
use serde_json::Value;

use super::{DeployError, Deployment, refused};
use crate::local::engine::{ACCOUNT_ID, REGION};
use crate::local::template::{DeployedStack, Pseudo};

impl Deployment {
    pub(super) async fn describe(&self) -> Result<Stack, DeployError> {
        let answer = self
            .client
            .describe_stacks()
            .stack_name(&self.stack)
            .send()
            .await;
        let mut stacks = answer
            .map_err(|error| refused("describe the stack", &error))?
            .stacks
            .unwrap_or_default();
        stacks.pop().ok_or_else(|| DeployError::Refused {
            action: "describe the stack",
            reason: "there is none".to_owned(),
        })
    }

    /// The stack's outputs.
    ///
    /// # Errors
    /// The engine refuses or does not answer.
    pub async fn outputs(&self) -> Result<BTreeMap<String, String>, DeployError> {
        let pair = |output: &aws_sdk_cloudformation::types::Output| {
            Some((
                output.output_key()?.to_owned(),
                output.output_value()?.to_owned(),
            ))
        };
        Ok(self
            .describe()
            .await?
            .outputs()
            .iter()
            .filter_map(pair)
            .collect())
    }

    /// The template as it is deployed, with what its names stand for.
    ///
    /// # Errors
    /// The engine refuses, does not answer, or its template cannot be read.
    pub async fn deployed(&self) -> Result<DeployedStack, DeployError> {
        let stack = self.describe().await?;
        let template = self
            .client
            .get_template()
            .stack_name(&self.stack)
            .send()
            .await;
        let template = template
            .map_err(|error| refused("return the template", &error))?
            .template_body
            .unwrap_or_default();
        let template: Value = serde_yaml::from_str(&template).map_err(DeployError::Unreadable)?;
        let resources = self
            .client
            .describe_stack_resources()
            .stack_name(&self.stack)
            .send()
            .await;
        let resources = resources
            .map_err(|error| refused("list the resources", &error))?
            .stack_resources
            .unwrap_or_default();
        let physical_ids: BTreeMap<String, String> = resources
            .iter()
            .filter_map(|resource| {
                Some((
                    resource.logical_resource_id()?.to_owned(),
                    resource.physical_resource_id()?.to_owned(),
                ))
            })
            .collect();
        let exports = self.client.list_exports().send().await;
        let exports = exports
            .map_err(|error| refused("list the exports", &error))?
            .exports
            .unwrap_or_default();
        let mut api_keys = BTreeMap::new();
        for resource in &resources {
            if let (Some("AWS::ApiGateway::ApiKey"), Some(id)) =
                (resource.resource_type(), resource.physical_resource_id())
                && let Some(value) = self.api_key(id).await?
            {
                api_keys.insert(id.to_owned(), value);
            }
        }
        let parameter = |parameter: &aws_sdk_cloudformation::types::Parameter| {
            Some((
                parameter.parameter_key()?.to_owned(),
                parameter.parameter_value()?.to_owned(),
            ))
        };
        Ok(DeployedStack {
            template,
            parameters: stack.parameters().iter().filter_map(parameter).collect(),
            physical_ids,
            exports: exports
                .iter()
                .filter_map(|export| Some((export.name()?.to_owned(), export.value()?.to_owned())))
                .collect(),
            api_keys,
            pseudo: Pseudo {
                account_id: ACCOUNT_ID.to_owned(),
                region: REGION.to_owned(),
                stack_name: self.stack.clone(),
                stack_id: stack.stack_id().unwrap_or_default().to_owned(),
            },
        })
    }

    /// The value of an API key, if it is enabled.
    async fn api_key(&self, id: &str) -> Result<Option<String>, DeployError> {
        let path = format!("/apikeys/{id}?includeValue=true");
        let answer = self.access.get_signed("apigateway", &path).await?;
        let key: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        Ok(key["value"]
            .as_str()
            .filter(|_| key["enabled"] == true)
            .map(str::to_owned))
    }
}
