//! The functions of a template.

use serde_json::Value;
use thiserror::Error;

use crate::resources::lambda::Architecture;

/// A function of a template, whose code comes in through parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StackFunction {
    /// The name of its executable, which is the end of its own.
    pub executable: String,
    /// The parameter that names the bucket of its zip.
    pub bucket_parameter: String,
    /// The parameter that names the zip in it.
    pub key_parameter: String,
    /// What the zip has to be built for.
    pub built_for: BuiltFor,
}

/// What a function's code has to be built for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BuiltFor {
    /// This processor.
    Always(Architecture),
    /// The one that this parameter names.
    Parameter(String),
}

/// A function that does not say which code it wants.
#[derive(Debug, Error)]
#[error(
    "the function {function} does not say which executable it is: that is read from a FunctionName \
     `${{AWS::StackName}}-EXECUTABLE`, a Code.S3Bucket and a Code.S3Key that are parameters, and an \
     architecture that is one or a parameter"
)]
pub struct UnclearFunction {
    /// Logical id.
    pub function: String,
}

/// The functions of a template whose code is not in it.
///
/// # Errors
/// One does not say which executable it is.
pub fn functions(template: &Value) -> Result<Vec<StackFunction>, UnclearFunction> {
    let resources = template["Resources"].as_object().into_iter().flatten();
    resources
        .filter(|(_, resource)| resource["Type"] == "AWS::Lambda::Function")
        .map(|(id, resource)| (id, &resource["Properties"]))
        .filter(|(_, properties)| properties["Code"].get("S3Key").is_some())
        .map(|(id, properties)| {
            function(properties).ok_or_else(|| UnclearFunction {
                function: id.clone(),
            })
        })
        .collect()
}

fn function(properties: &Value) -> Option<StackFunction> {
    let parameter = |value: &Value| value["Ref"].as_str().map(str::to_owned);
    let name = properties["FunctionName"]["Fn::Sub"].as_str()?;
    let code = &properties["Code"];
    Some(StackFunction {
        executable: name.strip_prefix("${AWS::StackName}-")?.to_owned(),
        bucket_parameter: parameter(&code["S3Bucket"])?,
        key_parameter: parameter(&code["S3Key"])?,
        built_for: built_for(&properties["Architectures"])?,
    })
}

/// Lambda's own default is `x86_64`.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html#cfn-lambda-function-architectures>
fn built_for(architectures: &Value) -> Option<BuiltFor> {
    let Some(architecture) = architectures.get(0) else {
        return Some(BuiltFor::Always(Architecture::X86_64));
    };
    match (architecture.as_str(), architecture["Ref"].as_str()) {
        (Some(name), _) => Architecture::named(name).map(BuiltFor::Always),
        (None, Some(parameter)) => Some(BuiltFor::Parameter(parameter.to_owned())),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{BuiltFor, StackFunction, functions};
    use crate::resources::lambda::Architecture;
    use crate::stacks::STACKS;

    fn template(name: &Value, key: &Value, architectures: &Value) -> Value {
        json!({"Resources": {"F": {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "FunctionName": name,
                "Architectures": architectures,
                "Code": {"S3Bucket": {"Ref": "CodeBucket"}, "S3Key": key},
            },
        }}})
    }

    #[test]
    fn reads_executable_parameters_and_processor() {
        let name = json!({"Fn::Sub": "${AWS::StackName}-presign-upload"});
        let key = json!({"Ref": "PresignUploadCodeKey"});
        let named = BuiltFor::Parameter("Architecture".to_owned());
        for (architectures, built_for) in [
            (json!([{"Ref": "Architecture"}]), named),
            (json!(["arm64"]), BuiltFor::Always(Architecture::Arm64)),
            (json!(null), BuiltFor::Always(Architecture::X86_64)),
        ] {
            let expected = StackFunction {
                executable: "presign-upload".to_owned(),
                bucket_parameter: "CodeBucket".to_owned(),
                key_parameter: "PresignUploadCodeKey".to_owned(),
                built_for,
            };
            let template = template(&name, &key, &architectures);
            assert_eq!(functions(&template).expect("functions"), [expected]);
        }
    }

    #[test]
    fn refuses_a_function_that_is_not_clear() {
        let name = json!({"Fn::Sub": "${AWS::StackName}-presign-upload"});
        let key = json!({"Ref": "K"});
        for (name, key, architecture) in [
            (&json!("x"), &key, "arm64"),
            (&name, &json!("k.zip"), "arm64"),
            (&name, &key, "sparc"),
        ] {
            let template = template(name, key, &json!([architecture]));
            let error = functions(&template).expect_err("refused").to_string();
            assert!(error.contains("the function F"), "{error}");
        }
        let inline = json!({"Resources": {"F": {
            "Type": "AWS::Lambda::Function", "Properties": {"Code": {"ZipFile": "x"}},
        }}});
        assert_eq!(functions(&inline).expect("functions"), []);
    }

    #[test]
    fn every_function_of_the_stacks_is_clear() {
        for stack in STACKS {
            let template = stack.template().expect("a stack");
            let functions = functions(template.document()).expect("functions");
            let mut programs = functions.iter().map(|function| &function.executable);
            assert!(
                programs.any(|name| name == "resize-image"),
                "{}",
                stack.name
            );
        }
    }
}
