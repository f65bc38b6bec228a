//! What a bucket tells of.

use serde::Serialize;

use super::Prefix;
use crate::cfn::{Arn, Value};
use crate::resources::lambda::Function;

/// Tells a function of every new object, however it came: `s3:ObjectCreated:*`.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-s3-bucket-lambdaconfiguration.html>
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ObjectCreated {
    event: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    filter: Option<Filter>,
    function: Value<Arn<Function>>,
}

impl ObjectCreated {
    /// Of every object.
    #[must_use]
    pub const fn tells(function: Value<Arn<Function>>) -> Self {
        Self {
            event: "s3:ObjectCreated:*",
            filter: None,
            function,
        }
    }

    /// Of objects whose keys start so, and of no other.
    #[must_use]
    pub fn under(mut self, prefix: &Prefix) -> Self {
        let rule = FilterRule {
            name: "prefix",
            value: prefix.value(),
        };
        self.filter = Some(Filter {
            s3_key: KeyFilter { rules: [rule] },
        });
        self
    }
}

#[derive(Debug, Clone, Serialize)]
struct Filter {
    #[serde(rename = "S3Key")]
    s3_key: KeyFilter,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct KeyFilter {
    rules: [FilterRule; 1],
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct FilterRule {
    name: &'static str,
    value: Value<String>,
}

/// All that a bucket tells of.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct NotificationConfiguration {
    pub(super) lambda_configurations: Vec<ObjectCreated>,
}
