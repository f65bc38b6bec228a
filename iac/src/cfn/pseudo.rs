//! CloudFormation's pseudo parameters.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html>

use super::Value;
use super::expression::Expression;

fn pseudo(name: &str) -> Value<String> {
    Value::new(Expression::Ref(name.to_owned()))
}

/// `AWS::AccountId`: twelve digits.
#[must_use]
pub fn account_id() -> Value<String> {
    pseudo("AWS::AccountId")
}

/// `AWS::Partition`: `aws`, `aws-cn` or `aws-us-gov`.
#[must_use]
pub fn partition() -> Value<String> {
    pseudo("AWS::Partition")
}

/// `AWS::Region`.
#[must_use]
pub fn region() -> Value<String> {
    pseudo("AWS::Region")
}

/// `AWS::StackName`.
#[must_use]
pub fn stack_name() -> Value<String> {
    pseudo("AWS::StackName")
}

/// `AWS::URLSuffix`: `amazonaws.com` or the partition's own.
#[must_use]
pub fn url_suffix() -> Value<String> {
    pseudo("AWS::URLSuffix")
}

/// `AWS::NoValue`: as if the property were not there.
#[must_use]
pub fn no_value<T: ?Sized>() -> Value<T> {
    Value::new(Expression::Ref("AWS::NoValue".to_owned()))
}
