//! What the generated files promise, read back from the files that people review and deploy.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use lambda::FailureName;
use serde_json::{Value as Json, json};

fn generated(name: &str) -> Json {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../generated/resize-api")
        .join(name);
    // JSON is YAML as well.
    serde_yaml::from_str(&fs::read_to_string(path).expect("a generated file")).expect("YAML")
}

fn names(errors: &Json) -> BTreeSet<&str> {
    errors
        .as_array()
        .unwrap()
        .iter()
        .map(|name| name.as_str().unwrap())
        .collect()
}

#[test]
fn only_what_is_transient_is_tried_again() {
    let machine = generated("state-machine.asl.json");
    let retry = machine["States"]["ResizeImage"]["Retry"]
        .as_array()
        .unwrap();
    assert_eq!(retry.len(), 1);
    let tried: BTreeSet<_> = names(&retry[0]["ErrorEquals"]);
    assert_eq!(
        tried,
        BTreeSet::from([
            "Lambda.AWSLambdaException",
            "Lambda.ClientExecutionTimeoutException",
            "Lambda.SdkClientException",
            "Lambda.ServiceException",
            "Lambda.TooManyRequestsException",
            "StorageUnavailable",
        ])
    );
}

#[test]
fn every_failure_of_the_function_ends_with_its_own_name_and_cause() {
    let machine = generated("state-machine.asl.json");
    let states = &machine["States"];
    let catch = states["ResizeImage"]["Catch"].as_array().unwrap();
    assert_eq!(catch.len(), 1);
    let caught: BTreeSet<_> = names(&catch[0]["ErrorEquals"]);
    assert_eq!(
        caught,
        FailureName::ALL.iter().map(|name| name.as_str()).collect()
    );
    let read = &states[catch[0]["Next"].as_str().unwrap()];
    assert_eq!(read["Parameters"]["error.$"], "$.Error");
    assert_eq!(
        read["Parameters"]["cause.$"],
        "States.StringToJson($.Cause)"
    );
    let failed = &states[read["Next"].as_str().unwrap()];
    assert_eq!(failed["Type"], "Fail");
    assert_eq!(failed["ErrorPath"], "$.error");
    assert_eq!(failed["CausePath"], "$.cause.errorMessage");
}

#[test]
fn a_body_is_checked_and_never_passed_through() {
    let api = generated("openapi.json");
    let validator = api["x-amazon-apigateway-request-validator"]
        .as_str()
        .unwrap();
    assert_eq!(
        api["x-amazon-apigateway-request-validators"][validator],
        json!({ "validateRequestBody": true, "validateRequestParameters": true })
    );
    let post = &api["paths"]["/resize"]["post"];
    assert_eq!(post["requestBody"]["required"], true);
    let integration = &post["x-amazon-apigateway-integration"];
    assert_eq!(integration["passthroughBehavior"], "never");
    let templates = integration["requestTemplates"].as_object().unwrap();
    assert_eq!(templates.keys().collect::<Vec<_>>(), ["application/json"]);
    assert_eq!(
        templates["application/json"],
        r#"{"stateMachineArn": "${ResizeImageStateMachineArn}", "input": "$util.escapeJavaScript($input.body).replaceAll("\\'","'")"}"#
    );
}

#[test]
fn failures_behind_the_api_are_no_success() {
    let api = generated("openapi.json");
    let integration = &api["paths"]["/resize"]["post"]["x-amazon-apigateway-integration"];
    let status = |pattern: &str| integration["responses"][pattern]["statusCode"].clone();
    assert_eq!(status("default"), "200");
    assert_eq!(status(r"4\d{2}"), "400");
    assert_eq!(status(r"5\d{2}"), "502");
    let gateway = api["x-amazon-apigateway-gateway-responses"]
        .as_object()
        .unwrap();
    for kind in [
        "BAD_REQUEST_BODY",
        "UNSUPPORTED_MEDIA_TYPE",
        "DEFAULT_4XX",
        "DEFAULT_5XX",
    ] {
        let body = gateway[kind]["responseTemplates"]["application/json"]
            .as_str()
            .unwrap();
        assert!(
            body.contains(r#""requestId": "$context.requestId""#),
            "{kind}: {body}"
        );
    }
    let body = gateway["BAD_REQUEST_BODY"]["responseTemplates"]["application/json"]
        .as_str()
        .unwrap();
    assert!(
        body.contains("$context.error.validationErrorString"),
        "{body}"
    );
    assert!(body.contains(r#""expected": {"bucket":"#), "{body}");
}

#[test]
fn the_stage_is_throttled_and_named_prod() {
    for stack in iac::stacks::STACKS {
        let template = stack.template().unwrap();
        let template: Json = serde_yaml::from_str(&template.to_yaml()).unwrap();
        let stage = &template["Resources"]["ApiStage"]["Properties"];
        assert_eq!(stage["StageName"], "prod", "{}", stack.name);
        let setting = &stage["MethodSettings"][0];
        assert_eq!(
            (&setting["HttpMethod"], &setting["ResourcePath"]),
            (&json!("*"), &json!("/*"))
        );
        assert!(setting["ThrottlingRateLimit"].as_u64().unwrap() > 0);
        assert!(setting["ThrottlingBurstLimit"].as_u64().unwrap() > 0);
    }
}

#[test]
fn parameters_and_outputs_are_what_people_rely_on() {
    let template = generated("template.yaml");
    let keys = |section: &str| {
        template[section]
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(
        keys("Parameters"),
        [
            "CodeBucket",
            "Architecture",
            "CodeKey",
            "MaxWidth",
            "MaxHeight",
            "MaxMegapixels",
            "CacheControl",
            "OutputPrefix",
            "LogRetentionDays",
            "AccessLogging"
        ]
    );
    assert_eq!(
        keys("Outputs"),
        [
            "ApiUrl",
            "ApiId",
            "SourceBucketName",
            "ResizedBucketName",
            "StateMachineArn",
            "FunctionName",
            "BackfillStateMachineArn"
        ]
    );
    for side in ["MaxWidth", "MaxHeight"] {
        assert_eq!(template["Parameters"][side]["Default"], 720);
    }
    assert_eq!(
        template["Parameters"]["Architecture"]["AllowedValues"],
        json!(["arm64", "x86_64"])
    );
    let function = &template["Resources"]["ResizeImageFunction"]["Properties"];
    assert_eq!(
        function["Architectures"],
        json!([{ "Ref": "Architecture" }])
    );
    assert_eq!(function["Runtime"], "provided.al2023");
    assert_eq!(
        function["Code"],
        json!({ "S3Bucket": { "Ref": "CodeBucket" }, "S3Key": { "Ref": "CodeKey" } })
    );
}
