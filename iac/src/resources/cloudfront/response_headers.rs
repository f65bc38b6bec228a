//! What a distribution adds to answers.

use serde::Serialize;

use crate::cfn::{Handle, Id, Resource, Value};

/// Headers that a distribution adds to every answer.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudfront-responseheaderspolicy.html>
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ResponseHeadersPolicy {
    response_headers_policy_config: ResponseHeadersPolicyConfig,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct ResponseHeadersPolicyConfig {
    name: Value<String>,
    security_headers_config: SecurityHeadersConfig,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct SecurityHeadersConfig {
    content_type_options: Override,
    frame_options: FrameOptions,
    referrer_policy: ReferrerPolicy,
    strict_transport_security: StrictTransportSecurity,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Override {
    r#override: bool,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct FrameOptions {
    frame_option: &'static str,
    r#override: bool,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct ReferrerPolicy {
    referrer_policy: &'static str,
    r#override: bool,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct StrictTransportSecurity {
    access_control_max_age_sec: u32,
    r#override: bool,
}

/// Two years in seconds, as browsers' preload lists ask for.
const TWO_YEARS: u32 = 2 * 365 * 24 * 60 * 60;

impl ResponseHeadersPolicy {
    /// For images that somebody else uploaded: the type is what the header says (`nosniff`), TLS from now
    /// on, no frame around it, and no word to other sites about where it was shown.
    #[must_use]
    pub fn of_images(name: impl Into<Value<String>>) -> Self {
        Self {
            response_headers_policy_config: ResponseHeadersPolicyConfig {
                name: name.into(),
                security_headers_config: SecurityHeadersConfig {
                    content_type_options: Override { r#override: true },
                    frame_options: FrameOptions {
                        frame_option: "DENY",
                        r#override: true,
                    },
                    referrer_policy: ReferrerPolicy {
                        referrer_policy: "no-referrer",
                        r#override: true,
                    },
                    strict_transport_security: StrictTransportSecurity {
                        access_control_max_age_sec: TWO_YEARS,
                        r#override: true,
                    },
                },
            },
        }
    }
}

impl Resource for ResponseHeadersPolicy {
    const TYPE: &'static str = "AWS::CloudFront::ResponseHeadersPolicy";
}

impl Handle<ResponseHeadersPolicy> {
    /// The policy's id (`Ref`).
    #[must_use]
    pub fn id(&self) -> Value<Id<ResponseHeadersPolicy>> {
        self.reference()
    }
}
