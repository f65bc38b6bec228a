//! How a distribution shows a bucket who it is.

use serde::Serialize;

use crate::cfn::{Handle, Id, Resource, Value};

/// How a distribution shows a private bucket who it is: it signs every request.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudfront-originaccesscontrol.html>
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct OriginAccessControl {
    origin_access_control_config: OriginAccessControlConfig,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct OriginAccessControlConfig {
    name: Value<String>,
    origin_access_control_origin_type: &'static str,
    signing_behavior: &'static str,
    signing_protocol: &'static str,
}

impl OriginAccessControl {
    /// For buckets. The name is the account's own, at most 64 characters.
    #[must_use]
    pub fn s3(name: impl Into<Value<String>>) -> Self {
        Self {
            origin_access_control_config: OriginAccessControlConfig {
                name: name.into(),
                origin_access_control_origin_type: "s3",
                signing_behavior: "always",
                signing_protocol: "sigv4",
            },
        }
    }
}

impl Resource for OriginAccessControl {
    const TYPE: &'static str = "AWS::CloudFront::OriginAccessControl";
}

impl Handle<OriginAccessControl> {
    /// The control's id (`Ref`).
    #[must_use]
    pub fn id(&self) -> Value<Id<OriginAccessControl>> {
        self.reference()
    }
}
