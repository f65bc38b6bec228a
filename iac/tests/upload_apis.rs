//! What the APIs of the upload stacks promise, read back from the files that people review and deploy.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

#[path = "support/variants.rs"]
mod variants;

use std::fs;
use std::path::Path;

use iac::cfn::Template;
use iac::openapi::{
    Body, Integration, Method, OpenApi, Operation, Parameter, Response, Schema, SecurityScheme,
};
use iac::parts::gateway_responses;
use lambda::upload::UploadRequest;
use lambda::{Format, ResizeRequest};
use serde_json::{Value as Json, json};

const STACKS: [&str; 3] = ["upload-events", "upload-metadata", "single-bucket"];

fn generated(stack: &str, name: &str) -> Json {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../generated")
        .join(stack)
        .join(name);
    // JSON is YAML as well.
    serde_yaml::from_str(&fs::read_to_string(path).expect("a generated file")).expect("YAML")
}

/// Every method of a document: `GET /images`, and what is said of it.
fn methods(api: &Json) -> Vec<(String, &Json)> {
    let mut all = Vec::new();
    for (path, methods) in api["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            all.push((format!("{} {path}", method.to_uppercase()), operation));
        }
    }
    all
}

fn names(methods: &[(String, &Json)]) -> Vec<String> {
    methods.iter().map(|(name, _)| name.clone()).collect()
}

const INTEGRATION: &str = "x-amazon-apigateway-integration";
const VALIDATOR: &str = "x-amazon-apigateway-request-validator";

#[test]
fn each_stack_has_the_methods_that_it_is_drawn_with() {
    for (stack, expected) in STACKS.into_iter().zip([
        vec![
            "POST /uploads",
            "OPTIONS /uploads",
            "GET /results",
            "OPTIONS /results",
            "PUT /uploads/{key}",
            "OPTIONS /uploads/{key}",
        ],
        vec![
            "POST /images",
            "GET /images",
            "OPTIONS /images",
            "GET /images/{id}",
            "OPTIONS /images/{id}",
        ],
        vec!["POST /upload", "OPTIONS /upload"],
    ]) {
        let api = generated(stack, "openapi.json");
        assert_eq!(names(&methods(&api)), expected, "{stack}");
    }
}

#[test]
fn an_image_goes_into_s3_as_it_is_under_the_prefix_and_by_a_role_of_its_own() {
    for (stack, path, method, bucket, source, statuses) in [
        (
            "upload-events",
            "/uploads/{key}",
            "put",
            "SourceBucket",
            "method.request.path.key",
            // What is there stays: it may be what somebody else uploaded by a signed URL.
            vec![
                (r"2\d{2}", "200"),
                ("400|404", "400"),
                ("403", "415"),
                ("409|412", "409"),
                ("default", "502"),
            ],
        ),
        (
            "single-bucket",
            "/upload",
            "post",
            "Bucket",
            "method.request.querystring.filename",
            vec![
                (r"2\d{2}", "200"),
                ("400|404", "400"),
                ("403", "415"),
                ("default", "502"),
            ],
        ),
    ] {
        let api = generated(stack, "openapi.json");
        let operation = &api["paths"][path][method];
        let mut integration = operation[INTEGRATION].clone();
        let responses = integration["responses"].take();
        let mut parameters = json!({
            "integration.request.path.key": source,
            "integration.request.header.Content-Type": "method.request.header.Content-Type",
            "integration.request.header.User-Agent": "method.request.header.Content-Type",
        });
        if stack == "upload-events" {
            parameters["integration.request.header.If-None-Match"] = json!("'*'");
        }
        assert_eq!(
            integration,
            json!({
                "type": "aws",
                "httpMethod": "PUT",
                "uri": format!("arn:${{Partition}}:apigateway:${{Region}}:s3:path/${{{bucket}}}/uploads/{{key}}"),
                "credentials": "${UploadRoleArn}",
                "passthroughBehavior": "when_no_match",
                "requestParameters": parameters,
                "responses": null,
            })
        );
        // Without patterns for failures, each would come out as a success; and without the handling a
        // client that would rather have an image gets none of these.
        for (pattern, status) in &statuses {
            assert_eq!(responses[pattern]["statusCode"], *status, "{stack}");
            assert_eq!(responses[pattern]["contentHandling"], "CONVERT_TO_TEXT");
            assert!(operation["responses"].get(status).is_some(), "{status}");
        }
        assert_eq!(responses.as_object().unwrap().len(), statuses.len());
        // Asked to check a body, API Gateway refuses every binary one.
        assert_eq!(operation[VALIDATOR], "parameters");
        assert_eq!(operation.get("requestBody"), None);
        for parameter in operation["parameters"].as_array().unwrap() {
            assert_eq!(parameter["required"], true, "{stack} {parameter}");
        }
        assert_eq!(operation["parameters"][1]["name"], "Content-Type");
    }
}

#[test]
fn images_are_binary_and_parameters_are_checked_of_every_method() {
    for stack in STACKS {
        let api = generated(stack, "openapi.json");
        assert_eq!(
            api["x-amazon-apigateway-binary-media-types"],
            json!(Format::ALL.map(Format::content_type))
        );
        assert_eq!(
            api["x-amazon-apigateway-request-validators"],
            json!({
                "body": { "validateRequestBody": true, "validateRequestParameters": true },
                "parameters": { "validateRequestBody": false, "validateRequestParameters": true },
            })
        );
        assert_eq!(api[VALIDATOR], "body");
    }
}

#[test]
fn a_request_to_sign_is_checked_before_the_function_is_asked() {
    let api = generated("upload-events", "openapi.json");
    let sign = &api["paths"]["/uploads"]["post"];
    assert_eq!(sign.get(VALIDATOR), None);
    assert_eq!(
        sign["requestBody"],
        json!({
            "required": true,
            "content": { "application/json": { "schema": { "$ref": "#/components/schemas/UploadRequest" } } },
        })
    );
    let request = &api["components"]["schemas"]["UploadRequest"];
    assert_eq!(request["additionalProperties"], false);
    let key = &api["paths"]["/results"]["get"]["parameters"][0];
    assert_eq!(
        (&key["name"], &key["in"], &key["required"]),
        (&json!("key"), &json!("query"), &json!(true))
    );
}

#[test]
fn a_function_behind_a_method_is_asked_by_its_own_arn() {
    for (stack, method, function) in [
        ("upload-events", "POST /uploads", "PresignUpload"),
        ("upload-events", "OPTIONS /results", "PresignUpload"),
        ("upload-metadata", "POST /images", "UploadImage"),
        ("upload-metadata", "OPTIONS /images", "UploadImage"),
        ("upload-metadata", "GET /images", "ReadMetadata"),
        ("upload-metadata", "OPTIONS /images/{id}", "ReadMetadata"),
    ] {
        let api = generated(stack, "openapi.json");
        let methods = methods(&api);
        let (_, operation) = methods.iter().find(|(name, _)| name == method).unwrap();
        assert_eq!(
            operation[INTEGRATION],
            json!({
                "type": "aws_proxy",
                "httpMethod": "POST",
                "uri": format!("arn:${{Partition}}:apigateway:${{Region}}:lambda:path/2015-03-31/functions/${{{function}FunctionArn}}/invocations"),
            })
        );
    }
}

#[test]
fn every_refusal_names_the_problem_and_what_to_send() {
    let body = |api: &Json, kind: &str| {
        let response = &api["x-amazon-apigateway-gateway-responses"][kind];
        let text = response["responseTemplates"]["application/json"].as_str();
        let text = text.unwrap_or_else(|| panic!("no {kind}")).to_owned();
        assert!(text.contains(r#""requestId": "$context.requestId""#));
        let origin = "gatewayresponse.header.Access-Control-Allow-Origin";
        assert_eq!(
            response["responseParameters"][origin],
            "'${AllowedOrigins0}'"
        );
        text
    };
    let events = generated("upload-events", "openapi.json");
    for (kind, words) in [
        ("BAD_REQUEST_BODY", "$context.error.validationErrorString"),
        (
            "BAD_REQUEST_BODY",
            r#""filename":"string of 1 to 255 characters""#,
        ),
        (
            "BAD_REQUEST_BODY",
            "one of image/jpeg, image/png, image/webp, image/gif",
        ),
        ("BAD_REQUEST_BODY", "integer from 1 to 67108864"),
        ("BAD_REQUEST_PARAMETERS", "$context.error.messageString"),
        ("BAD_REQUEST_PARAMETERS", r#""GET /results":{"key":"#),
        (
            "BAD_REQUEST_PARAMETERS",
            r#""PUT /uploads/{key}":{"Content-Type":"#,
        ),
        ("REQUEST_TOO_LARGE", "10 MB"),
        (
            "UNSUPPORTED_MEDIA_TYPE",
            r#""message": "Send Content-Type: application/json""#,
        ),
        ("DEFAULT_5XX", "$context.error.messageString"),
    ] {
        assert!(body(&events, kind).contains(words), "{kind}: {words}");
    }
    let single = generated("single-bucket", "openapi.json");
    assert!(body(&single, "BAD_REQUEST_PARAMETERS").contains(r#""filename":"#));
}

#[test]
fn several_models_are_told_apart() {
    let json = |schema| Body::Json(schema);
    let operation =
        |name, body| Operation::new(Method::Post, name, "", Integration::mock()).body(body);
    let resize = json(Schema::of::<ResizeRequest>().expect("a model"));
    let upload = json(Schema::of::<UploadRequest>().expect("a model"));
    let paths = vec![
        ("/resize".to_owned(), vec![operation("a", resize)]),
        ("/uploads".to_owned(), vec![operation("b", upload)]),
    ];
    let api = OpenApi {
        title: "test".to_owned(),
        description: String::new(),
        version: "1".to_owned(),
        security: Some(SecurityScheme::Iam),
        gateway_responses: gateway_responses(&[], &paths),
        paths,
    };
    let document = api.document();
    let answer = &document["x-amazon-apigateway-gateway-responses"]["BAD_REQUEST_BODY"];
    let text = answer["responseTemplates"]["application/json"]
        .as_str()
        .unwrap();
    assert!(text.contains(r#""POST /resize":{"bucket":"#), "{text}");
    assert!(text.contains(r#""POST /uploads":{"filename":"#), "{text}");
    assert_eq!(document.get("x-amazon-apigateway-binary-media-types"), None);
}

#[test]
fn a_part_of_the_path_is_said_of_every_method() {
    let key = Parameter::path("key", "A key").optional();
    let get = Operation::new(Method::Get, "get", "", Integration::mock())
        .parameter(key)
        .parameter(Parameter::query("page", "A page").optional())
        .answers(Response::new(200, "", None));
    let options = Operation::new(Method::Options, "options", "", Integration::mock());
    let paths = vec![("/things/{key}".to_owned(), vec![get, options])];
    let api = OpenApi {
        title: "test".to_owned(),
        description: String::new(),
        version: "1".to_owned(),
        security: None,
        gateway_responses: gateway_responses(&[], &paths),
        paths,
    };
    let document = api.document();
    let parameters =
        |method: &str| document["paths"]["/things/{key}"][method]["parameters"].clone();
    let in_path = json!({
        "name": "key",
        "in": "path",
        "required": true,
        "description": "A key",
        "schema": { "type": "string" },
    });
    assert_eq!(parameters("options"), json!([in_path]));
    assert_eq!(parameters("get")[0], in_path);
    assert_eq!(parameters("get")[1]["required"], false);
    // Nothing that a client can leave out, so nothing to say about it.
    let answers = document["x-amazon-apigateway-gateway-responses"]
        .as_object()
        .unwrap();
    assert!(!answers.contains_key("BAD_REQUEST_PARAMETERS"));
}

fn body_of(template: &Template) -> Json {
    let resources = template.document()["Resources"].as_object().unwrap();
    resources["Api"]["Properties"]["Body"].clone()
}

#[test]
fn whoever_may_call_is_asked_of_every_method_but_the_preflight() {
    for (stack, variants) in variants::all() {
        for (option, template) in variants {
            let scheme = match option {
                "auth-api-key" | "everything" => Some("apiKey"),
                "auth-iam" => Some("sigv4"),
                _ => None,
            };
            let api = body_of(&template);
            for (name, operation) in methods(&api) {
                let secured = scheme.filter(|_| !name.starts_with("OPTIONS"));
                let expected = secured.map(|scheme| json!([{ scheme: [] }]));
                let security = operation.get("security").cloned();
                assert_eq!(security, expected, "{stack} {option} {name}");
            }
        }
    }
}

#[test]
fn an_answer_of_no_function_is_for_the_first_origin() {
    for stack in STACKS {
        let template = generated(stack, "template.yaml");
        let api = &template["Resources"]["Api"]["Properties"]["Body"];
        for (name, operation) in methods(api) {
            let responses = operation[INTEGRATION]["responses"].as_object();
            for (pattern, response) in responses.into_iter().flatten() {
                let header = "method.response.header.Access-Control-Allow-Origin";
                assert_eq!(
                    response["responseParameters"][header],
                    json!({ "Fn::Sub": [
                        "'${AllowedOrigins0}'",
                        { "AllowedOrigins0": { "Fn::Select": [0, { "Ref": "AllowedOrigins" }] } },
                    ] }),
                    "{stack} {name} {pattern}"
                );
            }
        }
    }
}

#[test]
fn parameters_and_outputs_are_what_people_rely_on() {
    let keys = |template: &Json, section: &str| {
        let section = template[section].as_object().unwrap();
        section.keys().cloned().collect::<Vec<_>>()
    };
    let has = |all: &[String], expected: &str| {
        let mut all = all.to_vec();
        let mut expected: Vec<_> = expected.split_whitespace().map(str::to_owned).collect();
        all.sort();
        expected.sort();
        assert_eq!(all, expected);
    };
    let common = "CodeBucket Architecture CodeKey MaxWidth MaxHeight MaxMegapixels CacheControl AllowedOrigins LogRetentionDays ReservedConcurrency AlarmTopicArn AccessLogging";
    let outputs = "ApiUrl ApiId FunctionName SourceBucketName ResizedBucketName DeadLetterQueueUrl BackfillStateMachineArn";
    for (stack, parameters, more, size) in [
        (
            "upload-events",
            "PresignUploadCodeKey OutputPrefix",
            "",
            720,
        ),
        (
            "upload-metadata",
            "UploadImageCodeKey ReadMetadataCodeKey OutputPrefix",
            "MetadataTableName",
            500,
        ),
        (
            "single-bucket",
            "",
            "MetadataTableName BucketName BackfillPrefix",
            720,
        ),
    ] {
        let template = generated(stack, "template.yaml");
        has(
            &keys(&template, "Parameters"),
            &format!("{common} {parameters}"),
        );
        has(&keys(&template, "Outputs"), &format!("{outputs} {more}"));
        for side in ["MaxWidth", "MaxHeight"] {
            assert_eq!(template["Parameters"][side]["Default"], size, "{stack}");
        }
        // A person finds each parameter in one group of the console.
        let groups = &template["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"];
        let mut grouped: Vec<String> = Vec::new();
        for group in groups.as_array().unwrap() {
            let members = group["Parameters"].as_array().unwrap();
            grouped.extend(members.iter().map(|name| name.as_str().unwrap().to_owned()));
        }
        has(&grouped, &keys(&template, "Parameters").join(" "));
    }
}
