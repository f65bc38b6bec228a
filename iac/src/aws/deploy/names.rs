//! Names of resources that are made of the stack's. A service refuses one that is too long only in the middle
//! of the deployment.

use serde_json::Value as Json;

use super::DeployError;

/// Type, property and most characters.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/introduction.html>
const NAMED: [(&str, &str, usize); 5] = [
    ("AWS::S3::Bucket", "BucketName", 63),
    ("AWS::Lambda::Function", "FunctionName", 64),
    ("AWS::StepFunctions::StateMachine", "StateMachineName", 80),
    ("AWS::SQS::Queue", "QueueName", 80),
    ("AWS::DynamoDB::Table", "TableName", 255),
];

/// Looks at all names of a template's resources.
pub(super) fn check(
    template: &Json,
    stack: &str,
    account: &str,
    region: &str,
) -> Result<(), DeployError> {
    let resources = template["Resources"].as_object().into_iter().flatten();
    for (id, resource) in resources {
        let named = NAMED.iter().find(|(kind, ..)| resource["Type"] == *kind);
        let Some((kind, property, most)) = named else {
            continue;
        };
        let Some(text) = resource["Properties"][property]["Fn::Sub"].as_str() else {
            continue;
        };
        let name = text
            .replace("${AWS::AccountId}", account)
            .replace("${AWS::Region}", region);
        let around = name.replace("${AWS::StackName}", "").len();
        if name.replace("${AWS::StackName}", "").contains("${") {
            continue;
        }
        let refuse = |problem: String| {
            Err(DeployError::Name {
                stack: stack.to_owned(),
                problem: format!("{id} is named after it, and {problem}"),
            })
        };
        if around + stack.len() > *most {
            return refuse(format!(
                "its name has at most {most} characters: use at most {} for the stack",
                most.saturating_sub(around)
            ));
        }
        if *kind == "AWS::S3::Bucket" && stack.contains(|c: char| c.is_ascii_uppercase()) {
            return refuse("a bucket's name has no capital letters".to_owned());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::check;
    use crate::stacks;

    fn checked(model: &str, name: &str) -> Result<(), String> {
        let template = stacks::find(model).expect("a stack").template();
        let template = template.expect("a template");
        let checked = check(template.document(), name, "123456789012", "ap-northeast-1");
        checked.map_err(|error| error.to_string())
    }

    #[test]
    fn names_that_are_too_long_are_refused_before_anything_is_made() {
        checked("resize-api", &"a".repeat(51)).expect("64 characters");
        let error = checked("resize-api", &"a".repeat(52)).expect_err("65 characters");
        assert!(
            error.contains("ResizeImageFunction is named after it"),
            "{error}"
        );
        assert!(error.contains("use at most 51 for the stack"), "{error}");

        checked("single-bucket", &"a".repeat(28)).expect("63 characters");
        let error = checked("single-bucket", &"a".repeat(29)).expect_err("64 characters");
        assert!(error.contains("Bucket is named after it"), "{error}");
        assert!(error.contains("use at most 28 for the stack"), "{error}");
    }

    #[test]
    fn buckets_have_no_capital_letters() {
        checked("resize-api", "Photos").expect("its buckets have no fixed names");
        let error = checked("upload-events", "Photos").expect_err("a capital letter");
        assert!(error.contains("no capital letters"), "{error}");
    }
}
