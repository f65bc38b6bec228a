//! Amazon CloudWatch Logs.

use serde::Serialize;

use crate::cfn::{Arn, Handle, Id, Resource, Value, pseudo};
use crate::iam::Grantable;
use crate::sub;

/// A log group.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-loggroup.html>
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct LogGroup {
    /// The name.
    pub log_group_name: Value<String>,
    /// How long events are kept, in days; one of [`RETENTION_DAYS`].
    pub retention_in_days: Value<u32>,
}

/// The retentions that CloudWatch Logs knows, in days.
///
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html>
pub const RETENTION_DAYS: [u32; 22] = [
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653,
];

impl Resource for LogGroup {
    const TYPE: &'static str = "AWS::Logs::LogGroup";
}

impl Handle<LogGroup> {
    /// The group's name (`Ref`).
    #[must_use]
    pub fn name(&self) -> Value<Id<LogGroup>> {
        self.reference()
    }

    /// The group's ARN, without the `:*` at the end of the `Arn` attribute: what a destination takes.
    #[must_use]
    pub fn arn(&self) -> Value<Arn<LogGroup>> {
        let arn = sub![
            "arn:",
            pseudo::partition(),
            ":logs:",
            pseudo::region(),
            ":",
            pseudo::account_id(),
            ":log-group:",
            self.name(),
        ];
        Value::new(arn.expression)
    }
}

impl Grantable<LogGroup> for Handle<LogGroup> {
    /// The `Arn` attribute, which ends in `:*`: the group and its streams, as a permission names them.
    fn granted(&self) -> Value<Arn<LogGroup>> {
        self.attribute("Arn")
    }
}
