//! What CloudFormation knows of a deployed stack.

use std::collections::BTreeMap;

use aws_sdk_cloudformation::Client;
use aws_sdk_cloudformation::types::ResourceStatus;

use super::cloudformation::is_missing;
use super::{Account, AwsError};

/// A stack that is deployed.
#[derive(Debug, Clone)]
pub struct DeployedStack {
    /// Its name.
    pub name: String,
    /// Its outputs.
    pub outputs: BTreeMap<String, String>,
    /// Its resources by logical id.
    pub resources: BTreeMap<String, DeployedResource>,
}

/// A resource of a deployed stack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeployedResource {
    /// Its type, such as `AWS::SQS::Queue`.
    pub kind: String,
    /// Its name, ARN or address: whatever `Ref` yields.
    pub physical_id: String,
}

impl DeployedStack {
    /// Reads a stack by its name or ARN.
    ///
    /// # Errors
    /// There is no such stack, or CloudFormation refuses or does not answer.
    pub async fn read(account: &Account, name: &str) -> Result<Self, AwsError> {
        let client = account.cloudformation();
        let place = account.place();
        let described = client.describe_stacks().stack_name(name).send().await;
        let described = described.map_err(|error| {
            if is_missing(&error) {
                return AwsError::NoStack {
                    stack: name.to_owned(),
                    place: place.clone(),
                };
            }
            AwsError::of(format!("describe the stack `{name}`"), &place, &error)
        })?;
        let outputs = described
            .stacks()
            .iter()
            .flat_map(aws_sdk_cloudformation::types::Stack::outputs)
            .filter_map(|output| {
                let value = output.output_value()?;
                Some((output.output_key()?.to_owned(), value.to_owned()))
            })
            .collect();
        let resources = resources(&client, name, &place).await?;
        Ok(Self {
            name: name.to_owned(),
            outputs,
            resources,
        })
    }

    /// The resources of a type: logical and physical id.
    pub fn resources_of<'s>(&'s self, kind: &'s str) -> impl Iterator<Item = (&'s str, &'s str)> {
        self.resources
            .iter()
            .filter(move |(_, resource)| resource.kind == kind)
            .map(|(id, resource)| (id.as_str(), resource.physical_id.as_str()))
    }
}

/// The resources of a stack by logical id.
pub(super) async fn resources(
    client: &Client,
    stack: &str,
    place: &str,
) -> Result<BTreeMap<String, DeployedResource>, AwsError> {
    let mut resources = BTreeMap::new();
    let mut pages = client
        .list_stack_resources()
        .stack_name(stack)
        .into_paginator()
        .items()
        .send();
    while let Some(resource) = pages.next().await {
        let resource = resource.map_err(|error| {
            AwsError::of(format!("list the resources of `{stack}`"), place, &error)
        })?;
        // A deletion that failed goes on listing what is gone.
        if resource.resource_status() == Some(&ResourceStatus::DeleteComplete) {
            continue;
        }
        // A resource that is on its way in or out has no id.
        let facts = (
            resource.logical_resource_id(),
            resource.resource_type(),
            resource.physical_resource_id(),
        );
        if let (Some(id), Some(kind), Some(physical_id)) = facts {
            let deployed = DeployedResource {
                kind: kind.to_owned(),
                physical_id: physical_id.to_owned(),
            };
            resources.insert(id.to_owned(), deployed);
        }
    }
    Ok(resources)
}
