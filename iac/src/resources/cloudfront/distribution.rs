//! Distributions.

use serde::Serialize;

use super::{OriginAccessControl, ResponseHeadersPolicy};
use crate::cfn::{Arn, Handle, Id, Resource, Value, pseudo};
use crate::resources::s3::Bucket;
use crate::sub;

/// A distribution of what is in one private bucket, over HTTPS and for reading only.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudfront-distribution.html>
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Distribution {
    distribution_config: DistributionConfig,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct DistributionConfig {
    #[serde(skip_serializing_if = "Option::is_none")]
    aliases: Option<[Value<String>; 1]>,
    comment: Value<String>,
    default_cache_behavior: CacheBehavior,
    enabled: bool,
    http_version: &'static str,
    #[serde(rename = "IPV6Enabled")]
    ipv6_enabled: bool,
    origins: [Origin; 1],
    viewer_certificate: ViewerCertificate,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct CacheBehavior {
    allowed_methods: [&'static str; 2],
    cache_policy_id: &'static str,
    compress: bool,
    response_headers_policy_id: Value<Id<ResponseHeadersPolicy>>,
    target_origin_id: &'static str,
    viewer_protocol_policy: PlainHttp,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
#[expect(
    clippy::struct_field_names,
    reason = "the fields bear CloudFormation's names"
)]
struct Origin {
    domain_name: Value<String>,
    id: &'static str,
    origin_access_control_id: Value<Id<OriginAccessControl>>,
    // An empty identity is how a bucket is named that is read by an origin access control.
    #[serde(rename = "S3OriginConfig")]
    s3_origin_config: S3OriginConfig,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct S3OriginConfig {
    origin_access_identity: &'static str,
}

/// What is done with a request without TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub enum PlainHttp {
    /// It is sent on to the same address with TLS.
    #[default]
    #[serde(rename = "redirect-to-https")]
    Redirect,
    /// It is refused.
    #[serde(rename = "https-only")]
    Refuse,
}

/// Whose name and certificate a distribution bears.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
enum ViewerCertificate {
    /// CloudFront's own, `*.cloudfront.net`. It takes TLS 1.0 and later, whatever else one would write.
    #[serde(rename_all = "PascalCase")]
    CloudFront {
        cloud_front_default_certificate: bool,
    },
    /// One's own, with TLS 1.2 at least.
    #[serde(rename_all = "PascalCase")]
    Own {
        /// ARN of a certificate of AWS Certificate Manager in us-east-1.
        acm_certificate_arn: Value<String>,
        /// The oldest protocol and its ciphers.
        minimum_protocol_version: &'static str,
        /// How a client says which name it wants.
        ssl_support_method: &'static str,
    },
}

/// The managed cache policy `CachingOptimized`: the key is the path alone, kept as long as the origin
/// says or a day.
///
/// Source: <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html>
const CACHING_OPTIMIZED: &str = "658327ea-f89d-4fab-a63d-7e88639e58f6";
/// The name of the one origin within a distribution.
const ORIGIN: &str = "bucket";

impl Distribution {
    /// A distribution under CloudFront's own name.
    #[must_use]
    pub fn of_bucket(
        bucket: &Handle<Bucket>,
        access: &Handle<OriginAccessControl>,
        headers: &Handle<ResponseHeadersPolicy>,
        plain_http: PlainHttp,
        comment: impl Into<Value<String>>,
    ) -> Self {
        Self {
            distribution_config: DistributionConfig {
                aliases: None,
                comment: comment.into(),
                default_cache_behavior: CacheBehavior {
                    allowed_methods: ["GET", "HEAD"],
                    cache_policy_id: CACHING_OPTIMIZED,
                    compress: true,
                    response_headers_policy_id: headers.id(),
                    target_origin_id: ORIGIN,
                    viewer_protocol_policy: plain_http,
                },
                enabled: true,
                http_version: "http2and3",
                ipv6_enabled: true,
                origins: [Origin {
                    domain_name: bucket.regional_domain_name(),
                    id: ORIGIN,
                    origin_access_control_id: access.id(),
                    s3_origin_config: S3OriginConfig {
                        origin_access_identity: "",
                    },
                }],
                viewer_certificate: ViewerCertificate::CloudFront {
                    cloud_front_default_certificate: true,
                },
            },
        }
    }

    /// Under a name of one's own, with TLS 1.2 at least. The certificate is of AWS Certificate Manager in
    /// us-east-1, wherever the stack is.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-viewer-protocols-ciphers.html>
    #[must_use]
    pub fn under_name(mut self, name: Value<String>, certificate_arn: Value<String>) -> Self {
        self.distribution_config.aliases = Some([name]);
        self.distribution_config.viewer_certificate = ViewerCertificate::Own {
            acm_certificate_arn: certificate_arn,
            minimum_protocol_version: "TLSv1.2_2021",
            ssl_support_method: "sni-only",
        };
        self
    }
}

impl Resource for Distribution {
    const TYPE: &'static str = "AWS::CloudFront::Distribution";
}

impl Handle<Distribution> {
    /// The distribution's id (`Ref`).
    #[must_use]
    pub fn id(&self) -> Value<Id<Distribution>> {
        self.reference()
    }

    /// CloudFront's own name for it.
    #[must_use]
    pub fn domain_name(&self) -> Value<String> {
        self.attribute("DomainName")
    }

    /// The distribution's ARN.
    #[must_use]
    pub fn arn(&self) -> Value<Arn<Distribution>> {
        let arn = sub![
            "arn:",
            pseudo::partition(),
            ":cloudfront::",
            pseudo::account_id(),
            ":distribution/",
            self.id(),
        ];
        Value::new(arn.expression)
    }
}
