//! The role of an integration.

use aws_sdk_s3::config::Credentials;

use super::IntegrationError;
use crate::local::engine::{Access, Answer};

/// Takes on the role as API Gateway does, once for every request: a permission that was just taken away
/// is gone at once.
pub(super) async fn assume(
    role_arn: &str,
    access: &Access,
    session: &str,
) -> Result<Credentials, IntegrationError> {
    let body = format!(
        "Action=AssumeRole&Version=2011-06-15&RoleArn={role_arn}&RoleSessionName={session}"
    );
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let Answer { status, body, .. } = access
        .post("sts", &access.credentials, &headers, body.into())
        .await?;
    let text = String::from_utf8_lossy(&body);
    let field = |name: &str| {
        Some(
            text.split_once(&format!("<{name}>"))?
                .1
                .split_once('<')?
                .0
                .to_owned(),
        )
    };
    match (
        field("AccessKeyId"),
        field("SecretAccessKey"),
        field("SessionToken"),
    ) {
        (Some(key), Some(secret), token @ Some(_)) if status.is_success() => {
            Ok(Credentials::new(key, secret, token, None, "assumed role"))
        }
        _ => Err(IntegrationError::AssumeRole {
            role_arn: role_arn.to_owned(),
            answer: text.into_owned(),
        }),
    }
}
