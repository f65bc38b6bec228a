//! Buckets that invoke functions.
//!
//! The engine delivers events to any function. On AWS a bucket with a notification is not even made if
//! the function has no permission for it yet, so that is checked here, before anything is served.
//!
//! Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html>

use serde_json::Value;
use thiserror::Error;

use super::permission::permissions;
use super::template::{DeployedStack, ResolveError};

/// Why AWS would not make a bucket.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum NotificationError {
    /// The function may not be invoked by it.
    #[error(
        "no AWS::Lambda::Permission lets s3.amazonaws.com invoke {function} for the bucket {bucket}, so AWS \
         would not make the bucket"
    )]
    NotAllowed {
        /// Logical id of the bucket.
        bucket: String,
        /// ARN of the function.
        function: String,
    },
    /// It may be, but perhaps not in time.
    #[error(
        "the bucket {bucket} does not depend on the permission {permission}, so AWS may make the bucket \
         first, and refuse its notification: add a DependsOn"
    )]
    NotInTime {
        /// Logical id of the bucket.
        bucket: String,
        /// Logical id of the permission.
        permission: String,
    },
    /// A value of the template cannot be resolved.
    #[error("cannot resolve the notifications of {bucket}")]
    Resolve {
        /// Logical id of the bucket.
        bucket: String,
        /// Why.
        #[source]
        source: ResolveError,
    },
}

/// Looks at every bucket of a stack.
///
/// # Errors
/// AWS would not make one of them.
pub(super) fn check(stack: &DeployedStack) -> Result<(), NotificationError> {
    for (id, properties) in stack.resources_of("AWS::S3::Bucket") {
        let resolve = |value: &Value| {
            let resolved = stack.resolve(value);
            resolved.map_err(|source| NotificationError::Resolve {
                bucket: id.to_owned(),
                source,
            })
        };
        let configurations = resolve(&properties["NotificationConfiguration"])?.unwrap_or_default();
        let lambdas = configurations["LambdaConfigurations"].as_array();
        for lambda in lambdas.into_iter().flatten() {
            let function = lambda["Function"].as_str().unwrap_or_default();
            let name = stack.physical_ids.get(id).map_or("", String::as_str);
            let source = format!("arn:aws:s3:::{name}");
            let found = permissions(stack, function, "s3.amazonaws.com", &source);
            let found = found.map_err(|source| NotificationError::Resolve {
                bucket: id.to_owned(),
                source,
            })?;
            let Some(first) = found.first() else {
                return Err(NotificationError::NotAllowed {
                    bucket: id.to_owned(),
                    function: function.to_owned(),
                });
            };
            let waits_for = &stack.template["Resources"][id]["DependsOn"];
            let is_in_time = found.iter().any(|permission| match waits_for {
                Value::Array(all) => all.iter().any(|one| one == permission),
                one => one == permission,
            });
            if !is_in_time {
                return Err(NotificationError::NotInTime {
                    bucket: id.to_owned(),
                    permission: (*first).to_owned(),
                });
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{NotificationError, check};
    use crate::local::template::{DeployedStack, Pseudo};

    fn stack(permission: &Value, depends_on: &Value) -> DeployedStack {
        let ids = [
            ("Photos", "photos"),
            ("Resize", "s-resize"),
            ("MayInvoke", "p-1"),
        ];
        let function = json!({"Fn::GetAtt": ["Resize", "Arn"]});
        DeployedStack {
            template: json!({"Resources": {
                "Resize": {"Type": "AWS::Lambda::Function"},
                "MayInvoke": {"Type": "AWS::Lambda::Permission", "Properties": permission},
                "Photos": {"Type": "AWS::S3::Bucket", "DependsOn": depends_on, "Properties": {
                    "NotificationConfiguration": {"LambdaConfigurations": [
                        {"Event": "s3:ObjectCreated:*", "Function": function}]}}},
            }}),
            parameters: [].into(),
            physical_ids: ids
                .map(|(id, physical)| (id.to_owned(), physical.to_owned()))
                .into(),
            exports: [].into(),
            api_keys: [].into(),
            pseudo: Pseudo {
                account_id: "000000000000".to_owned(),
                region: "us-east-1".to_owned(),
                stack_name: "s".to_owned(),
                stack_id: "x".to_owned(),
            },
        }
    }

    #[test]
    fn a_bucket_needs_its_permission_and_in_time() {
        let permission = |source: &str| {
            json!({
                "Action": "lambda:InvokeFunction", "FunctionName": {"Ref": "Resize"},
                "Principal": "s3.amazonaws.com", "SourceArn": source, "SourceAccount": {"Ref": "AWS::AccountId"},
            })
        };
        let right = permission("arn:aws:s3:::photos");
        for depends_on in [json!("MayInvoke"), json!(["Other", "MayInvoke"])] {
            assert!(check(&stack(&right, &depends_on)).is_ok());
        }
        for depends_on in [Value::Null, json!(["Other"])] {
            let error = check(&stack(&right, &depends_on)).expect_err("refused");
            assert!(
                matches!(error, NotificationError::NotInTime { .. }),
                "{error}"
            );
        }
        let wrong = permission("arn:aws:s3:::other");
        let error = check(&stack(&wrong, &json!("MayInvoke"))).expect_err("refused");
        assert!(
            matches!(error, NotificationError::NotAllowed { .. }),
            "{error}"
        );
    }
}
