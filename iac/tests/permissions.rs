//! What every role of the generated templates may do, read back from the files that people deploy:
//! one action or resource more or less fails.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use regex::Regex;
use serde_json::{Value as Json, json};

/// The permissions of a template: role, then action, then resource.
type Permissions = BTreeMap<String, Vec<(String, Json)>>;

fn template(stack: &str) -> Json {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../generated")
        .join(stack)
        .join("template.yaml");
    let text = std::fs::read_to_string(&path).expect("a generated template");
    serde_yaml::from_str(&text).expect("YAML")
}

/// Each role's allowed actions with their resources, sorted. Whatever else could let a role do
/// something must not be there at all.
fn permissions(template: &Json) -> Permissions {
    let mut permissions = Permissions::new();
    for (id, resource) in template["Resources"].as_object().unwrap() {
        let kind = resource["Type"].as_str().unwrap();
        assert!(
            !matches!(
                kind,
                "AWS::IAM::Policy" | "AWS::IAM::ManagedPolicy" | "AWS::IAM::RolePolicy"
            ),
            "{id} adds permissions outside of the roles"
        );
        if kind != "AWS::IAM::Role" {
            continue;
        }
        let properties = resource["Properties"].as_object().unwrap();
        assert!(
            !properties.contains_key("ManagedPolicyArns"),
            "{id} has managed policies"
        );
        let mut allowed = Vec::new();
        for policy in properties["Policies"].as_array().unwrap() {
            for statement in policy["PolicyDocument"]["Statement"].as_array().unwrap() {
                assert_eq!(statement["Effect"], "Allow", "{id}");
                assert!(
                    statement.get("NotAction").is_none() && statement.get("NotResource").is_none()
                );
                for action in statement["Action"].as_array().unwrap() {
                    for resource in statement["Resource"].as_array().unwrap() {
                        allowed.push((action.as_str().unwrap().to_owned(), resource.clone()));
                    }
                }
            }
        }
        allowed.sort_by_key(|(action, resource)| (action.clone(), resource.to_string()));
        permissions.insert(id.clone(), allowed);
    }
    permissions
}

fn may(action: &str, resource: Json) -> (String, Json) {
    (action.to_owned(), resource)
}

fn write_log(group: &str) -> [(String, Json); 3] {
    let group = json!({ "Fn::GetAtt": [group, "Arn"] });
    [
        "logs:CreateLogGroup",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
    ]
    .map(|action| may(action, group.clone()))
}

/// What a backfill may do, sorted like a role of the template.
fn backfill(results: &str, source: Json) -> Vec<(String, Json)> {
    let states = |rest: &str| json!({ "Fn::Sub": format!("arn:${{AWS::Partition}}:states:${{AWS::Region}}:${{AWS::AccountId}}:{rest}") });
    let executions = states("execution:${AWS::StackName}-BackfillStateMachine:*");
    let reports = json!({ "Fn::Sub": format!("${{{results}.Arn}}/backfill/*") });
    vec![
        may(
            "lambda:InvokeFunction",
            json!({ "Fn::GetAtt": ["ResizeImageFunction", "Arn"] }),
        ),
        may("s3:AbortMultipartUpload", reports.clone()),
        may("s3:GetObject", reports.clone()),
        may("s3:ListBucket", source),
        may("s3:ListMultipartUploadParts", reports.clone()),
        may("s3:PutObject", reports),
        may("states:DescribeExecution", executions.clone()),
        may(
            "states:StartExecution",
            states("stateMachine:${AWS::StackName}-BackfillStateMachine"),
        ),
        may("states:StopExecution", executions),
    ]
}

#[test]
fn the_roles_of_resize_api_hold_exactly_this() {
    let mut function = write_log("ResizeImageLogGroup").to_vec();
    function.push(may(
        "s3:GetObject",
        json!({ "Fn::Sub": "${SourceBucket.Arn}/*" }),
    ));
    function.push(may(
        "s3:PutObject",
        json!({ "Fn::Sub": "${ResizedBucket.Arn}/${OutputPrefix}*" }),
    ));
    let machine = vec![may(
        "lambda:InvokeFunction",
        json!({ "Fn::GetAtt": ["ResizeImageFunction", "Arn"] }),
    )];
    let mut api = write_log("ApiLogGroup").to_vec();
    api.push(may(
        "states:StartExecution",
        json!({ "Fn::GetAtt": ["ResizeImageStateMachine", "Arn"] }),
    ));
    let expected = Permissions::from([
        ("ApiRole".to_owned(), api),
        (
            "BackfillRole".to_owned(),
            backfill(
                "ResizedBucket",
                json!({ "Fn::GetAtt": ["SourceBucket", "Arn"] }),
            ),
        ),
        ("ResizeImageRole".to_owned(), function),
        ("StateMachineRole".to_owned(), machine),
    ]);
    let template = template("resize-api");
    assert_eq!(permissions(&template), expected);
    assert_eq!(template["Parameters"]["OutputPrefix"]["Default"], "thumbs/");
}

#[test]
fn a_prefix_cannot_widen_the_permission_it_stands_in() {
    let template = template("resize-api");
    let pattern = template["Parameters"]["OutputPrefix"]["AllowedPattern"]
        .as_str()
        .unwrap();
    // CloudFormation matches the whole value.
    let pattern = Regex::new(&format!("^(?:{pattern})$")).expect("a regular expression");
    for prefix in ["thumbs/", "a/b-c/", "2026/(small)/", "it's/"] {
        assert!(pattern.is_match(prefix), "{prefix} is refused");
    }
    for prefix in [
        "*/",
        "a*/",
        "?/",
        "${aws:username}/",
        "a\\/",
        "/",
        "a//",
        "a",
        "",
        "a/\n",
        "é/",
        "a b/",
    ] {
        assert!(!pattern.is_match(prefix), "{prefix:?} is let through");
    }
}

#[test]
fn each_role_is_trusted_to_the_service_that_uses_it_alone() {
    let template = template("resize-api");
    for (role, service) in [
        ("ApiRole", "apigateway.amazonaws.com"),
        ("ResizeImageRole", "lambda.amazonaws.com"),
        ("StateMachineRole", "states.amazonaws.com"),
        ("BackfillRole", "states.amazonaws.com"),
    ] {
        let trust = &template["Resources"][role]["Properties"]["AssumeRolePolicyDocument"];
        let statements = trust["Statement"].as_array().unwrap();
        assert_eq!(statements.len(), 1, "{role}");
        assert_eq!(statements[0]["Principal"], json!({ "Service": service }));
        assert_eq!(statements[0]["Action"], json!(["sts:AssumeRole"]));
        let own_account =
            json!({ "StringEquals": { "aws:SourceAccount": { "Ref": "AWS::AccountId" } } });
        let expected = (service == "states.amazonaws.com").then_some(own_account);
        assert_eq!(statements[0].get("Condition").cloned(), expected, "{role}");
    }
}

#[test]
fn buckets_are_private_encrypted_tls_only_and_kept() {
    let template = template("resize-api");
    let resources = template["Resources"].as_object().unwrap();
    let buckets: Vec<_> = resources
        .iter()
        .filter(|(_, resource)| resource["Type"] == "AWS::S3::Bucket")
        .collect();
    assert_eq!(buckets.len(), 2);
    for (id, bucket) in buckets {
        let properties = &bucket["Properties"];
        assert_eq!(bucket["DeletionPolicy"], "Retain", "{id}");
        assert_eq!(bucket["UpdateReplacePolicy"], "Retain", "{id}");
        assert_eq!(
            properties["PublicAccessBlockConfiguration"],
            json!({
                "BlockPublicAcls": true,
                "BlockPublicPolicy": true,
                "IgnorePublicAcls": true,
                "RestrictPublicBuckets": true,
            })
        );
        assert_eq!(
            properties["OwnershipControls"]["Rules"][0]["ObjectOwnership"],
            "BucketOwnerEnforced"
        );
        let encryption = &properties["BucketEncryption"]["ServerSideEncryptionConfiguration"][0];
        assert_eq!(
            encryption["ServerSideEncryptionByDefault"]["SSEAlgorithm"],
            "AES256"
        );
        let rule = &properties["LifecycleConfiguration"]["Rules"][0];
        assert_eq!(rule["Status"], "Enabled");
        assert_eq!(
            rule["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"],
            7
        );

        let policy = resources
            .values()
            .find(|resource| {
                resource["Type"] == "AWS::S3::BucketPolicy"
                    && resource["Properties"]["Bucket"] == json!({ "Ref": id })
            })
            .unwrap_or_else(|| panic!("{id} has no policy"));
        let statements = policy["Properties"]["PolicyDocument"]["Statement"]
            .as_array()
            .unwrap();
        assert_eq!(
            *statements,
            [json!({
                "Sid": "TlsOnly",
                "Effect": "Deny",
                "Principal": "*",
                "Action": ["s3:*"],
                "Resource": [{ "Fn::GetAtt": [id, "Arn"] }, { "Fn::Sub": format!("${{{id}.Arn}}/*") }],
                "Condition": { "Bool": { "aws:SecureTransport": "false" } },
            })]
        );
    }
}

#[test]
fn log_groups_have_a_retention() {
    let template = template("resize-api");
    let resources = template["Resources"].as_object().unwrap();
    let groups: Vec<_> = resources
        .values()
        .filter(|resource| resource["Type"] == "AWS::Logs::LogGroup")
        .collect();
    assert_eq!(groups.len(), 2);
    for group in groups {
        assert_eq!(
            group["Properties"]["RetentionInDays"],
            json!({ "Ref": "LogRetentionDays" })
        );
    }
}

/// A resource of a statement as the README names it: logical ids in place of their ARNs.
fn in_words(resource: &Json) -> String {
    if let Json::Array(path) = &resource["Fn::GetAtt"] {
        return path[0].as_str().unwrap().to_owned();
    }
    let text = resource["Fn::Sub"].as_str().unwrap();
    // Built where the thing itself cannot be named: kind and name are what is particular to it.
    if let Some((_, name)) = text.split_once("${AWS::AccountId}:") {
        return name.replace("${AWS::StackName}-", "");
    }
    text.replace(".Arn}", "").replace(['$', '{', '}'], "")
}

#[test]
fn the_readme_shows_the_roles_as_they_are() {
    let mut table = String::from("| Role | May | On |\n|---|---|---|\n");
    for (role, allowed) in permissions(&template("resize-api")) {
        for (action, resource) in allowed {
            writeln!(
                table,
                "| `{role}` | `{action}` | `{}` |",
                in_words(&resource)
            )
            .unwrap();
        }
    }
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let readme = std::fs::read_to_string(readme).expect("the README");
    assert!(
        readme.contains(&table),
        "the README's table of roles should be:\n{table}"
    );
}
