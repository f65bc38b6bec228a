//! The gateway over HTTP: what API Gateway refuses, and how.

use iac::local::template::DeployedStack;
use serde_json::{Value, json};

use crate::changed::changed;
use crate::events::at_once;
use crate::http::{Reply, raw, send};
use crate::system::with_system;

pub(crate) const JSON: (&str, &str) = ("content-type", "application/json");

pub(crate) fn says(reply: &Reply, status: u16, words: &[&str]) {
    assert_eq!(reply.status, status, "{reply:?}");
    assert_eq!(
        reply.header("content-type"),
        Some("application/json"),
        "{reply:?}"
    );
    assert!(
        reply
            .header("x-amzn-requestid")
            .is_some_and(|id| id.len() == 36),
        "{reply:?}"
    );
    let body = reply.json().to_string();
    for word in words {
        assert!(body.contains(word), "`{word}` is not in {body}");
    }
}

#[test]
fn a_body_that_does_not_fit_the_model_names_the_field() {
    with_system(
        "a_body_that_does_not_fit_the_model_names_the_field",
        |system| {
            for (body, word) in [
                (r#"{"bucket":"photos"}"#, "key"),
                (r#"{"key":"cat.jpg"}"#, "bucket"),
                ("{}", "key"),
                ("", "key"),
                (
                    r#"{"bucket":"photos","key":7}"#,
                    "/key: instance type (integer)",
                ),
                (
                    r#"{"bucket":["photos"],"key":"k"}"#,
                    "/bucket: instance type (array)",
                ),
                (
                    r#"{"bucket":"photos","key":null}"#,
                    "/key: instance type (null)",
                ),
                (r#"{"bucket":"photos","key":""}"#, "/key: string"),
                (
                    r#"{"bucket":"Photos_","key":"k"}"#,
                    "/bucket: ECMA 262 regex",
                ),
                (r#"{"bucket":"photos","key":"k","name":"mine"}"#, "name"),
                (
                    r#"{"bucket":"photos","key":"k","nested":{"deep":1}}"#,
                    "nested",
                ),
                ("[]", "array"),
                ("null", "null"),
                ("\"text\"", "string"),
                ("{", "Invalid JSON"),
                ("not json", "Invalid JSON"),
                (
                    "{\"bucket\":\"photos\",\"key\":\"a\u{0}b\"}",
                    "Invalid JSON",
                ),
                (r#"{"bucket":"photos","key":1e400}"#, ""),
            ] {
                let reply = system.post(body.as_bytes());
                says(&reply, 400, &[word]);
                assert_eq!(
                    reply.header("x-amzn-errortype"),
                    Some("BadRequestException"),
                    "{reply:?}"
                );
            }
        },
    );
}

#[test]
fn bodies_that_are_no_text_do_no_harm() {
    with_system("bodies_that_are_no_text_do_no_harm", |system| {
        let deep = "[".repeat(100_000).into_bytes();
        let wide = format!(r#"{{"bucket":"photos","key":"{}"}}"#, "x".repeat(300_000)).into_bytes();
        for body in [
            vec![0xff; 100],
            b"\x00".to_vec(),
            b"\xed\xa0\x80".to_vec(),
            deep,
            wide,
        ] {
            says(&system.post(&body), 400, &[]);
        }
    });
}

#[test]
fn the_content_type_decides() {
    with_system("the_content_type_decides", |system| {
        let body =
            json!({"bucket": system.output("SourceBucketName"), "key": "none.jpg"}).to_string();
        for accepted in [
            vec![],
            vec![JSON],
            vec![("content-type", "Application/JSON; charset=utf-8")],
        ] {
            assert_eq!(
                system.post_as(&accepted, body.as_bytes()).status,
                200,
                "{accepted:?}"
            );
        }
        // A raw call of StartExecution under another type must not get around the template.
        let machine = system.output("StateMachineArn");
        let raw_call =
            json!({"stateMachineArn": machine, "input": "{}", "name": "mine"}).to_string();
        for refused in [
            "application/x-amz-json-1.0",
            "text/plain",
            "application/json5",
            "*/*",
            "multipart/form-data",
            "\u{e9}",
        ] {
            let reply = system.post_as(&[("content-type", refused)], raw_call.as_bytes());
            says(&reply, 415, &["UNSUPPORTED_MEDIA_TYPE"]);
        }
    });
}

#[test]
fn unknown_paths_and_methods_get_what_api_gateway_says() {
    with_system(
        "unknown_paths_and_methods_get_what_api_gateway_says",
        |system| {
            for (method, path) in [
                ("GET", "/prod/resize"),
                ("DELETE", "/prod/resize"),
                ("POST", "/"),
                ("POST", "/prod"),
                ("POST", "/resize"),
                ("POST", "/prod/resize/more"),
                ("POST", "/prodresize"),
                ("POST", "/PROD/resize"),
                ("POST", "/prod/%72esize/.."),
                ("BREW", "/prod/resize"),
            ] {
                let reply = send(system.port(), method, path, &[JSON], b"{}");
                says(&reply, 403, &["MISSING_AUTHENTICATION_TOKEN"]);
            }
            let reply = send(system.port(), "HEAD", "/prod/resize", &[], b"");
            assert_eq!((reply.status, reply.body.as_str()), (403, ""));
        },
    );
}

#[test]
fn an_encoded_path_is_the_path() {
    with_system("an_encoded_path_is_the_path", |system| {
        for path in ["/prod/%72esize", "/prod/resiz%65/", "/%70rod/resize"] {
            let reply = send(system.port(), "POST", path, &[JSON], b"[]");
            says(&reply, 400, &["array"]);
        }
        for path in [
            "/prod%2Fresize",
            "/prod/resize%2F",
            "/prod/%72esize%",
            "/prod/%ff",
        ] {
            let reply = send(system.port(), "POST", path, &[JSON], b"[]");
            says(&reply, 403, &["MISSING_AUTHENTICATION_TOKEN"]);
        }
    });
}

#[test]
fn ten_kilobytes_of_headers_are_the_limit() {
    with_system("ten_kilobytes_of_headers_are_the_limit", |system| {
        for (bytes, status, word) in [
            (9_500, 400, "array"),
            (10_240, 431, "larger than 10240 bytes"),
            (60_000, 431, "larger than 10240 bytes"),
        ] {
            let value = "x".repeat(bytes);
            let headers = [JSON, ("x-long", value.as_str())];
            let reply = send(system.port(), "POST", "/prod/resize", &headers, b"[]");
            says(&reply, status, &[word]);
        }
        let path = format!("/prod/resize?{}", "x".repeat(10_240));
        let reply = send(system.port(), "POST", &path, &[JSON], b"[]");
        says(&reply, 431, &["larger than 10240 bytes"]);
    });
}

#[test]
fn ten_megabytes_are_the_limit() {
    with_system("ten_megabytes_are_the_limit", |system| {
        let limit = 10 * 1024 * 1024;
        says(&system.post(&vec![b' '; limit + 1]), 413, &["10485760"]);
        // At the limit it is read, and is no JSON.
        says(&system.post(&vec![b' '; limit]), 400, &["Invalid JSON"]);
    });
}

#[test]
fn chunks_and_kept_connections_work() {
    with_system("chunks_and_kept_connections_work", |system| {
        let head = "POST /prod/resize HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";
        let chunked = format!(
            "{head}transfer-encoding: chunked\r\nconnection: close\r\n\r\n5\r\n{{\"buc\r\n6\r\nket\":1\r\n1\r\n}}\r\n0\r\n\r\n"
        );
        says(
            &raw(system.port(), &[chunked.as_bytes()]),
            400,
            &["/bucket: instance type (integer)"],
        );
        let twice = format!(
            "{head}content-length: 2\r\n\r\n[]{head}content-length: 2\r\nconnection: close\r\n\r\n[]"
        );
        let reply = raw(system.port(), &[twice.as_bytes()]);
        assert_eq!(
            reply.body.matches("HTTP/1.1 400").count() + 1,
            2,
            "{reply:?}"
        );
        for broken in ["zz\r\n{}\r\n0\r\n\r\n", "5\r\n{}\r\n0\r\n\r\n"] {
            let request = format!("{head}transfer-encoding: chunked\r\n\r\n{broken}");
            says(
                &raw(system.port(), &[request.as_bytes()]),
                400,
                &["Bad Request"],
            );
        }
        // Wrong HTTP is refused, and the gateway lives on.
        assert_eq!(raw(system.port(), &[b"nonsense\r\n\r\n"]).status, 400);
        says(&system.post(b"[]"), 400, &["array"]);
    });
}

fn resource<'s>(stack: &'s mut DeployedStack, kind: &str) -> &'s mut Value {
    let resources = stack.template["Resources"]
        .as_object_mut()
        .expect("resources");
    &mut resources
        .values_mut()
        .find(|resource| resource["Type"] == kind)
        .expect("one")["Properties"]
}

fn post_method(stack: &mut DeployedStack) -> &mut Value {
    &mut resource(stack, "AWS::ApiGateway::RestApi")["Body"]["paths"]["/resize"]["post"]
}

#[test]
fn throttles_beyond_the_burst() {
    with_system("throttles_beyond_the_burst", |system| {
        let slow = |stack: &mut DeployedStack| {
            let settings = &mut resource(stack, "AWS::ApiGateway::Stage")["MethodSettings"][0];
            assert!(
                settings["ThrottlingBurstLimit"].is_number(),
                "the stack throttles"
            );
            (
                settings["ThrottlingBurstLimit"],
                settings["ThrottlingRateLimit"],
            ) = (json!(4), json!(0.1));
        };
        let replies = changed(system, slow, |port| {
            at_once(12, |_| send(port, "POST", "/prod/resize", &[JSON], b"[]"))
        });
        let replies = replies.expect("served");
        let throttled: Vec<_> = replies.iter().filter(|reply| reply.status == 429).collect();
        assert_eq!((throttled.len(), replies.len()), (8, 12), "{replies:?}");
        says(throttled[0], 429, &[""]);
    });
}

/// API Gateway cannot use a role that another service is for, and a role that may not start the state
/// machine gets Step Functions' refusal through the `4\d{2}` response.
#[test]
fn the_role_of_the_api_counts() {
    with_system("the_role_of_the_api_counts", |system| {
        let other_service = |stack: &mut DeployedStack| {
            let role = &mut stack.template["Resources"]["ApiRole"]["Properties"]["AssumeRolePolicyDocument"];
            role["Statement"][0]["Principal"]["Service"] = json!("lambda.amazonaws.com");
        };
        let error = changed(system, other_service, |_| ())
            .expect_err("refused")
            .to_string();
        assert!(
            error.contains("`ApiRole` does not trust apigateway.amazonaws.com"),
            "{error}"
        );

        let weaker = |stack: &mut DeployedStack| {
            // The function's role may not start executions; it is made to look right to the gateway.
            let trust =
                stack.template["Resources"]["ApiRole"]["Properties"]["AssumeRolePolicyDocument"]
                    .clone();
            stack.template["Resources"]["ResizeImageRole"]["Properties"]["AssumeRolePolicyDocument"] =
                trust;
            post_method(stack)["x-amazon-apigateway-integration"]["credentials"] =
                json!({"Fn::GetAtt": ["ResizeImageRole", "Arn"]});
        };
        let body = json!({"bucket": system.output("SourceBucketName"), "key": "k"}).to_string();
        let reply = changed(system, weaker, |port| {
            send(port, "POST", "/prod/resize", &[JSON], body.as_bytes())
        });
        says(&reply.expect("served"), 400, &["AccessDenied"]);
    });
}

#[test]
fn refuses_at_start_what_it_does_not_do() {
    with_system("refuses_at_start_what_it_does_not_do", |system| {
        type Change = fn(&mut DeployedStack);
        let cases: [(Change, &str); 9] = [
            (
                |stack| {
                    resource(stack, "AWS::ApiGateway::RestApi")["MinimumCompressionSize"] =
                        json!(0);
                },
                "`MinimumCompressionSize`",
            ),
            (
                |stack| {
                    resource(stack, "AWS::ApiGateway::RestApi")["Body"]["x-amazon-apigateway-policy"] =
                        json!({});
                },
                "`x-amazon-apigateway-policy`",
            ),
            (
                |stack| {
                    post_method(stack)["x-amazon-apigateway-integration"]["type"] =
                        json!("http_proxy");
                },
                "type `http_proxy`",
            ),
            (
                |stack| {
                    post_method(stack)["x-amazon-apigateway-integration"]["uri"] =
                        json!("arn:aws:apigateway:us-east-1:s3:action/PutObject");
                },
                "s3:action/PutObject",
            ),
            (
                |stack| {
                    post_method(stack)["x-amazon-apigateway-integration"]["contentHandling"] =
                        json!("CONVERT_TO_TEXT");
                },
                "`contentHandling`",
            ),
            (
                |stack| {
                    post_method(stack)["x-amazon-apigateway-integration"]["requestTemplates"]["application/json"] =
                        json!("#set($x = 1)");
                },
                "`#set`",
            ),
            (
                |stack| {
                    post_method(stack)["x-amazon-apigateway-integration"]["responses"]["(4|5)\\d+"] =
                        json!({"statusCode": "400"});
                },
                "the pattern is not supported",
            ),
            (
                |stack| post_method(stack)["security"] = json!([{"oauth": []}]),
                "the security scheme `oauth`",
            ),
            (
                |stack| {
                    stack.template["Resources"]["Extra"] =
                        json!({"Type": "AWS::ApiGateway::Authorizer", "Properties": {}});
                },
                "`AWS::ApiGateway::Authorizer`",
            ),
        ];
        for (change, expected) in cases {
            let error = changed(system, change, |_| ())
                .expect_err(expected)
                .to_string();
            assert!(error.contains(expected), "{expected} is not in {error}");
        }
    });
}
