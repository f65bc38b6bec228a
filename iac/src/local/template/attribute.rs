//! `Fn::GetAtt`, for attributes that follow from the physical id.

use serde_json::Value;

use super::{DeployedStack, ResolveError, resolve};

pub(super) fn get(
    stack: &DeployedStack,
    resource: &str,
    attribute: &str,
) -> Result<String, ResolveError> {
    let physical_id = stack
        .physical_ids
        .get(resource)
        .ok_or_else(|| ResolveError::UnknownName(resource.to_owned()))?;
    let definition = &stack.template["Resources"][resource];
    let kind = definition["Type"].as_str().unwrap_or_default();
    let (account, region) = (&stack.pseudo.account_id, &stack.pseudo.region);
    Ok(match (kind, attribute) {
        ("AWS::IAM::Role", "Arn") => {
            let path = match &definition["Properties"]["Path"] {
                Value::Null => "/".to_owned(),
                path => resolve::text(stack, path, 0)?,
            };
            format!("arn:aws:iam::{account}:role{path}{physical_id}")
        }
        ("AWS::Lambda::Function", "Arn") => {
            format!("arn:aws:lambda:{region}:{account}:function:{physical_id}")
        }
        ("AWS::Logs::LogGroup", "Arn") => {
            format!("arn:aws:logs:{region}:{account}:log-group:{physical_id}:*")
        }
        ("AWS::DynamoDB::Table", "Arn") => {
            format!("arn:aws:dynamodb:{region}:{account}:table/{physical_id}")
        }
        ("AWS::S3::Bucket", "Arn") => format!("arn:aws:s3:::{physical_id}"),
        // The physical id of a queue is its URL.
        ("AWS::SQS::Queue", "QueueName") => last_part(physical_id, '/'),
        ("AWS::SQS::Queue", "Arn") => {
            let name = last_part(physical_id, '/');
            format!("arn:aws:sqs:{region}:{account}:{name}")
        }
        ("AWS::ApiGateway::RestApi", "RestApiId")
        | ("AWS::SNS::Topic", "TopicArn")
        | ("AWS::SQS::Queue", "QueueUrl")
        | ("AWS::StepFunctions::StateMachine", "Arn") => physical_id.clone(),
        ("AWS::StepFunctions::StateMachine", "Name") => last_part(physical_id, ':'),
        _ => {
            return Err(ResolveError::UnknownAttribute {
                resource: resource.to_owned(),
                attribute: attribute.to_owned(),
                kind: kind.to_owned(),
            });
        }
    })
}

fn last_part(text: &str, separator: char) -> String {
    text.rsplit(separator).next().unwrap_or(text).to_owned()
}
