//! A distribution in front of a bucket.

use crate::cfn::{Handle, Parameter, Stack, Value, pseudo};
use crate::resources::cloudfront::{
    Distribution, OriginAccessControl, PlainHttp, ResponseHeadersPolicy,
};
use crate::resources::s3::Bucket;
use crate::sub;

/// The options of a distribution. The bucket stays private: nobody else reads from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cdn {
    /// What is done with a request without TLS.
    pub plain_http: PlainHttp,
    /// Under which name it is reached.
    pub domain: CdnDomain,
}

/// The name of a distribution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CdnDomain {
    /// `….cloudfront.net`. Under it CloudFront takes TLS 1.0 and later, whatever a template says.
    #[default]
    CloudFront,
    /// The one in the parameter `CdnDomainName`, with TLS 1.2 at least, and the certificate in
    /// `CdnCertificateArn`.
    Own,
}

/// Adds a distribution of a bucket, and outputs where it is.
pub fn distribution(stack: &mut Stack, cdn: Cdn, bucket: &Handle<Bucket>) -> Handle<Distribution> {
    // The names are the account's, and a stack of the same name may be in another region.
    let name = |end: &str| sub![pseudo::stack_name(), "-", end, "-", pseudo::region()];
    let access = stack.add("CdnAccess", OriginAccessControl::s3(name("results")));
    let headers = stack.add(
        "CdnHeaders",
        ResponseHeadersPolicy::of_images(name("images")),
    );
    let mut distribution = Distribution::of_bucket(
        bucket,
        &access,
        &headers,
        cdn.plain_http,
        sub!["Results of ", pseudo::stack_name()],
    );
    let own = (cdn.domain == CdnDomain::Own).then(|| own_domain(stack));
    if let Some((domain, certificate)) = own.clone() {
        distribution = distribution.under_name(domain, certificate);
    }
    let distribution = stack.add("Cdn", distribution);
    let domain = own.map_or_else(|| distribution.domain_name(), |(domain, _)| domain);
    stack.output(
        "CdnUrl",
        "Where results are: their key goes behind the slash",
        &sub!["https://", domain, "/"],
    );
    distribution
}

/// The name and the certificate.
fn own_domain(stack: &mut Stack) -> (Value<String>, Value<String>) {
    stack.parameter_group("Distribution");
    let domain = Parameter::text("Name under which results are, such as images.example.com")
        .allowed_pattern(
            "([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}",
            "is a domain name in lowercase, without https://",
        );
    let certificate =
        Parameter::text("ARN of its certificate in AWS Certificate Manager, in us-east-1")
            .allowed_pattern(
                "arn:aws[a-z-]*:acm:us-east-1:[0-9]{12}:certificate/[A-Za-z0-9-]+",
                "is the ARN of a certificate in us-east-1",
            );
    (
        stack.parameter("CdnDomainName", domain),
        stack.parameter("CdnCertificateArn", certificate),
    )
}
