//! Who may invoke a function, from the function's side.

use serde::Serialize;

use super::Function;
use crate::cfn::{Arn, Handle, Resource, Value, pseudo};
use crate::openapi::Method;
use crate::resources::apigateway::RestApi;
use crate::resources::s3::BucketName;
use crate::sub;

/// Lets a service invoke a function for one thing of this account. There is none for a whole service: with
/// it, a bucket or an API of any account could invoke the function.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-permission.html>
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Permission {
    action: &'static str,
    function_name: Value<Arn<Function>>,
    principal: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_account: Option<Value<String>>,
    source_arn: Value<String>,
}

impl Permission {
    /// S3, for a bucket of this account. The account is named as well, because the ARN of a bucket holds
    /// none: were the bucket deleted, another account could make one of its name.
    #[must_use]
    pub fn bucket(function: &Handle<Function>, bucket: &BucketName) -> Self {
        Self {
            source_account: Some(pseudo::account_id()),
            ..Self::of(function, "s3.amazonaws.com", bucket.arn().text())
        }
    }

    /// API Gateway, for one method of one path (`/images/{id}`) in one stage of an API.
    ///
    /// Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html>
    #[must_use]
    pub fn api(
        function: &Handle<Function>,
        api: &Handle<RestApi>,
        stage: &str,
        method: Method,
        path: &str,
    ) -> Self {
        // A parameter of the path stands for whatever the client writes there.
        let segments: Vec<&str> = path
            .split('/')
            .map(|segment| {
                if segment.starts_with('{') {
                    "*"
                } else {
                    segment
                }
            })
            .collect();
        let arn = sub![
            "arn:",
            pseudo::partition(),
            ":execute-api:",
            pseudo::region(),
            ":",
            pseudo::account_id(),
            ":",
            api.id(),
            format!("/{stage}/{}{}", method.as_str(), segments.join("/")),
        ];
        Self::of(function, "apigateway.amazonaws.com", arn)
    }

    fn of(function: &Handle<Function>, principal: &'static str, source_arn: Value<String>) -> Self {
        Self {
            action: "lambda:InvokeFunction",
            function_name: function.arn(),
            principal,
            source_account: None,
            source_arn,
        }
    }
}

impl Resource for Permission {
    const TYPE: &'static str = "AWS::Lambda::Permission";
}
