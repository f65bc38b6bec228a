//! What each role may do, and who may take it on.

use serde_json::{Value as Json, json};

use crate::read::{Permissions, STACKS, Stated, denials, of_type, permissions, template};

fn arn(id: &str) -> Json {
    json!({ "Fn::GetAtt": [id, "Arn"] })
}

fn sub(text: &str) -> Json {
    json!({ "Fn::Sub": text })
}

fn may(action: &str, resource: Json) -> Stated {
    (action.to_owned(), resource, Json::Null)
}

fn role(name: &str, allowed: impl IntoIterator<Item = Stated>) -> (String, Vec<Stated>) {
    (name.to_owned(), allowed.into_iter().collect())
}

/// A function's role: it writes its own log, and does what is said.
fn function(id: &str, allowed: impl IntoIterator<Item = Stated>) -> (String, Vec<Stated>) {
    let mut all = write_log(&format!("{id}LogGroup")).to_vec();
    all.extend(allowed);
    all.sort_by_key(|(action, resource, _)| (action.clone(), resource.to_string()));
    (format!("{id}Role"), all)
}

fn write_log(group: &str) -> [Stated; 3] {
    ["CreateLogGroup", "CreateLogStream", "PutLogEvents"]
        .map(|action| may(&format!("logs:{action}"), arn(group)))
}

/// What a backfill may do.
fn backfill(source: &str, results: &str, listing: Json) -> (String, Vec<Stated>) {
    let states = |rest: &str| {
        sub(&format!(
            "arn:${{AWS::Partition}}:states:${{AWS::Region}}:${{AWS::AccountId}}:{rest}"
        ))
    };
    let reports = sub(&format!("${{{results}.Arn}}/backfill/*"));
    let executions = states("execution:${AWS::StackName}-BackfillStateMachine:*");
    role(
        "BackfillRole",
        [
            may("lambda:InvokeFunction", arn("ResizeImageFunction")),
            may("s3:AbortMultipartUpload", reports.clone()),
            may("s3:GetObject", reports.clone()),
            ("s3:ListBucket".to_owned(), arn(source), listing),
            may("s3:ListMultipartUploadParts", reports.clone()),
            may("s3:PutObject", reports),
            may("states:DescribeExecution", executions.clone()),
            may(
                "states:DescribeExecution",
                states("express:${AWS::StackName}-BackfillStateMachine/Images:*"),
            ),
            may(
                "states:StartExecution",
                states("stateMachine:${AWS::StackName}-BackfillStateMachine"),
            ),
            may("states:StopExecution", executions),
        ],
    )
}

/// A bucket whose name is fixed before it is there.
fn fixed(suffix: &str, objects: &str) -> Json {
    sub(&format!(
        "arn:${{AWS::Partition}}:s3:::${{AWS::StackName}}-{suffix}-${{AWS::AccountId}}-${{AWS::Region}}/{objects}"
    ))
}

fn gives_up() -> Stated {
    may("sqs:SendMessage", arn("DeadLetterQueue"))
}

/// Compares role by role, so that a failure shows the one that is not as it should be.
fn hold(stack: &str, expected: &Permissions) {
    let found = permissions(&template(stack));
    for (role, allowed) in &found {
        assert_eq!(Some(allowed), expected.get(role), "{stack} {role}");
    }
    assert_eq!(found.len(), expected.len(), "{stack} lacks a role");
}

#[test]
fn the_roles_of_resize_api_hold_exactly_this() {
    let mut api = write_log("ApiLogGroup").to_vec();
    api.push(may("states:StartExecution", arn("ResizeImageStateMachine")));
    let results = sub("${ResizedBucket.Arn}/${OutputPrefix}*");
    let expected = Permissions::from([
        role("ApiRole", api),
        backfill("SourceBucket", "ResizedBucket", Json::Null),
        function(
            "ResizeImage",
            [
                may("s3:GetObject", results.clone()),
                may("s3:GetObject", sub("${SourceBucket.Arn}/*")),
                may("s3:PutObject", results),
            ],
        ),
        role(
            "StateMachineRole",
            [may("lambda:InvokeFunction", arn("ResizeImageFunction"))],
        ),
    ]);
    hold("resize-api", &expected);
}

#[test]
fn the_roles_of_upload_events_hold_exactly_this() {
    let results = sub("${ResizedBucket.Arn}/${OutputPrefix}*");
    let expected = Permissions::from([
        backfill("SourceBucket", "ResizedBucket", Json::Null),
        function(
            "PresignUpload",
            [
                may(
                    "s3:GetObject",
                    sub("${ResizedBucket.Arn}/${OutputPrefix}uploads/*"),
                ),
                may("s3:PutObject", sub("${SourceBucket.Arn}/uploads/*")),
            ],
        ),
        function(
            "ResizeImage",
            [
                may("s3:GetObject", fixed("source", "*")),
                may("s3:GetObject", results.clone()),
                may("s3:PutObject", results),
                gives_up(),
            ],
        ),
        role(
            "UploadRole",
            [may("s3:PutObject", sub("${SourceBucket.Arn}/uploads/*"))],
        ),
    ]);
    hold("upload-events", &expected);
}

#[test]
fn the_roles_of_upload_metadata_hold_exactly_this() {
    let results = sub("${ResizedBucket.Arn}/${OutputPrefix}*");
    let expected = Permissions::from([
        backfill("SourceBucket", "ResizedBucket", Json::Null),
        function(
            "ReadMetadata",
            [
                may("dynamodb:GetItem", arn("ImageMetadata")),
                may(
                    "dynamodb:Query",
                    sub("${ImageMetadata.Arn}/index/ByUploadTime"),
                ),
            ],
        ),
        function(
            "ResizeImage",
            [
                may("dynamodb:PutItem", arn("ImageMetadata")),
                may("s3:GetObject", fixed("source", "*")),
                may("s3:GetObject", results.clone()),
                may("s3:PutObject", results),
                gives_up(),
            ],
        ),
        function(
            "UploadImage",
            [may("s3:PutObject", sub("${SourceBucket.Arn}/uploads/*"))],
        ),
    ]);
    hold("upload-metadata", &expected);
}

#[test]
fn the_roles_of_single_bucket_hold_exactly_this() {
    let listing = json!({ "StringLike": { "s3:prefix": "uploads/*" } });
    let expected = Permissions::from([
        backfill("Bucket", "Bucket", listing),
        function(
            "ResizeImage",
            [
                may("dynamodb:PutItem", arn("ImageMetadata")),
                may("s3:GetObject", fixed("images", "uploads/*")),
                may("s3:GetObject", fixed("images", "processed/*")),
                may("s3:PutObject", fixed("images", "processed/*")),
                gives_up(),
            ],
        ),
        role(
            "UploadRole",
            [may("s3:PutObject", sub("${Bucket.Arn}/uploads/*"))],
        ),
    ]);
    hold("single-bucket", &expected);
}

/// Uploads through the API are of the eight types, said exactly so, or API Gateway did not say the type.
#[test]
fn the_roles_are_denied_exactly_this() {
    let other_types = json!({
        "StringNotLike": { "aws:UserAgent": [
            "image/jpeg", "image/png", "image/webp", "image/gif", "image/bmp",
            "image/vnd.microsoft.icon", "image/qoi", "image/tiff", "image/avif",
            "*AmazonAPIGateway_*",
        ] },
        "Null": { "aws:UserAgent": "false" },
    });
    let uploads = |bucket: &str| {
        let objects = sub(&format!("${{{bucket}.Arn}}/uploads/*"));
        let denied = ("s3:PutObject".to_owned(), objects, other_types.clone());
        Permissions::from([role("UploadRole", [denied])])
    };
    for (stack, expected) in STACKS.into_iter().zip([
        Permissions::new(),
        uploads("SourceBucket"),
        Permissions::new(),
        uploads("Bucket"),
    ]) {
        let mut found = denials(&template(stack));
        found.retain(|_, denied| !denied.is_empty());
        assert_eq!(found, expected, "{stack}");
    }
}

/// The service that uses a role.
fn user(role: &str) -> &'static str {
    match role {
        "ApiRole" | "UploadRole" => "apigateway.amazonaws.com",
        "StateMachineRole" | "BackfillRole" => "states.amazonaws.com",
        "ResizeImageRole" | "PresignUploadRole" | "UploadImageRole" | "ReadMetadataRole" => {
            "lambda.amazonaws.com"
        }
        other => panic!("nobody knows who uses {other}"),
    }
}

#[test]
fn each_role_is_trusted_to_the_service_that_uses_it_alone() {
    for stack in STACKS {
        for (id, role) in of_type(&template(stack), "AWS::IAM::Role") {
            let trust = &role["Properties"]["AssumeRolePolicyDocument"];
            let mut expected = json!({
                "Sid": "Assume",
                "Effect": "Allow",
                "Principal": { "Service": user(id) },
                "Action": ["sts:AssumeRole"],
            });
            if user(id) == "states.amazonaws.com" {
                expected["Condition"] =
                    json!({ "StringEquals": { "aws:SourceAccount": { "Ref": "AWS::AccountId" } } });
            }
            assert_eq!(trust["Statement"], json!([expected]), "{stack} {id}");
        }
    }
}
