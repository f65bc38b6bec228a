//! Who else may invoke a function: `AWS::Lambda::Permission`.
//!
//! The engine invokes a function for whoever asks. On AWS a service needs a permission that covers where
//! it calls from, so this is looked up in the template before anything is served.
//!
//! Source: <https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html>

use serde_json::Value;

use super::engine::ACCOUNT_ID;
use super::template::{DeployedStack, ResolveError};
use crate::topology::fits_wildcards;

/// The logical ids of the permissions that let a service invoke a function from a source, which is an ARN.
///
/// # Errors
/// A permission's properties cannot be resolved.
pub(super) fn permissions<'s>(
    stack: &'s DeployedStack,
    function_arn: &str,
    service: &str,
    source_arn: &str,
) -> Result<Vec<&'s str>, ResolveError> {
    let mut found = Vec::new();
    for (id, properties) in stack.resources_of("AWS::Lambda::Permission") {
        let permission = stack.resolve(properties)?.unwrap_or_default();
        if covers(&permission, function_arn, service, source_arn) {
            found.push(id);
        }
    }
    Ok(found)
}

fn covers(permission: &Value, function_arn: &str, service: &str, source_arn: &str) -> bool {
    let text = |name: &str| permission[name].as_str();
    // A name, an ARN, or a part of one: the name is the end of all.
    let name = |function: &str| function.rsplit(':').next().map(str::to_owned);
    text("FunctionName").and_then(name) == name(function_arn)
        && matches!(text("Action"), Some("lambda:InvokeFunction" | "lambda:*"))
        && text("Principal") == Some(service)
        && text("SourceArn").is_none_or(|pattern| arn_is_like(source_arn, pattern))
        && text("SourceAccount").is_none_or(|account| account == ACCOUNT_ID)
}

/// `ArnLike`: each of the six parts of an ARN by itself, where `*` stands for any text and `?` for any
/// character.
fn arn_is_like(arn: &str, pattern: &str) -> bool {
    let parts = |arn: &str| -> Vec<String> { arn.splitn(6, ':').map(str::to_owned).collect() };
    let (arn, pattern) = (parts(arn), parts(pattern));
    arn.len() == pattern.len()
        && arn
            .iter()
            .zip(&pattern)
            .all(|(part, pattern)| fits_wildcards(pattern.as_bytes(), part.as_bytes()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::covers;

    #[test]
    fn covers_the_source_that_it_names() {
        let function = "arn:aws:lambda:us-east-1:000000000000:function:s-f";
        let source = "arn:aws:execute-api:us-east-1:000000000000:api1/prod/GET/images/x";
        let permission = |name: &str, pattern: &str| {
            json!({
                "Action": "lambda:InvokeFunction", "Principal": "apigateway.amazonaws.com",
                "FunctionName": name, "SourceArn": pattern, "SourceAccount": "000000000000",
            })
        };
        let prefix = "arn:aws:execute-api:us-east-1:000000000000:api1";
        for (name, tail, expected) in [
            (function, "/prod/GET/images/*", true),
            ("s-f", "/*/GET/images/*", true),
            ("s-f", "/*", true),
            ("s-f", "/prod/GET/images/?", true),
            ("s-f", "/prod/GET/images/{id}", false),
            ("s-f", "/prod/POST/images/*", false),
            ("s-f", "/test/GET/images/*", false),
            ("s-f", "2/*", false),
            ("s-other", "/*", false),
        ] {
            let permission = permission(name, &format!("{prefix}{tail}"));
            let covered = covers(&permission, function, "apigateway.amazonaws.com", source);
            assert_eq!(covered, expected, "{permission}");
            assert!(!covers(&permission, function, "s3.amazonaws.com", source));
        }
        // A `*` stays in its part of the ARN.
        let wide = permission("s-f", "arn:aws:execute-api:*:api1/*");
        assert!(!covers(&wide, function, "apigateway.amazonaws.com", source));
        let mut foreign = permission("s-f", &format!("{prefix}/*"));
        foreign["SourceAccount"] = json!("111111111111");
        assert!(!covers(
            &foreign,
            function,
            "apigateway.amazonaws.com",
            source
        ));
    }
}
