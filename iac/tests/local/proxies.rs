//! Functions behind the gateway: what they get, and what becomes of what they give.

use serde_json::{Value, json};

use crate::gateway::{JSON, says};
use crate::http::Reply;
use crate::integrations::{BYTES, PNG, with_stack};
use crate::system::call;

fn event(reply: &Reply) -> Value {
    assert_eq!(reply.status, 200, "{reply:?}");
    reply.json()
}

#[test]
fn a_function_gets_the_whole_request() {
    with_stack("a_function_gets_the_whole_request", |system| {
        let headers = [JSON, ("x-two", "1"), ("x-two", "2"), ("te", "trailers")];
        let path = "/echo/a%2Fb+c/?q=1&q=x+y%26&flag&%C3%A9=";
        let event = event(&call(
            system,
            "POST",
            path,
            &headers,
            b"{\"a\": \"\xc3\xa9\"}",
        ));
        for (pointer, expected) in [
            ("/resource", json!("/echo/{id}")),
            ("/path", json!("/echo/a%2Fb+c/")),
            ("/httpMethod", json!("POST")),
            ("/pathParameters", json!({"id": "a%2Fb+c"})),
            (
                "/queryStringParameters",
                json!({"q": "x y&", "flag": "", "é": ""}),
            ),
            (
                "/multiValueQueryStringParameters",
                json!({"q": ["1", "x y&"], "flag": [""], "é": [""]}),
            ),
            ("/headers/x-two", json!("2")),
            ("/multiValueHeaders/x-two", json!(["1", "2"])),
            ("/headers/x-forwarded-for", json!("127.0.0.1")),
            ("/stageVariables", json!({"colour": "red"})),
            ("/requestContext/path", json!("/prod/echo/a%2Fb+c/")),
            ("/requestContext/resourcePath", json!("/echo/{id}")),
            ("/requestContext/stage", json!("prod")),
            ("/requestContext/httpMethod", json!("POST")),
            ("/requestContext/identity/sourceIp", json!("127.0.0.1")),
            ("/requestContext/identity/accessKey", json!(null)),
            ("/body", json!("{\"a\": \"é\"}")),
            ("/isBase64Encoded", json!(false)),
        ] {
            assert_eq!(
                event.pointer(pointer),
                Some(&expected),
                "{pointer} of {event}"
            );
        }
        for absent in ["te", "connection", "content-length"] {
            assert!(event["headers"].get(absent).is_none(), "{absent}: {event}");
        }
        assert_eq!(
            event["requestContext"]["requestId"].as_str().map(str::len),
            Some(36)
        );
        assert!(
            event["requestContext"]["requestTimeEpoch"].is_u64(),
            "{event}"
        );
    });
}

#[test]
fn a_function_gets_bytes_in_base64_and_nothing_as_null() {
    with_stack(
        "a_function_gets_bytes_in_base64_and_nothing_as_null",
        |system| {
            let sent = event(&call(system, "POST", "/echo/x", &[PNG], BYTES));
            assert_eq!(
                (&sent["body"], &sent["isBase64Encoded"]),
                (&json!("iVBORw0KGgr//gA="), &json!(true))
            );
            let sent = event(&call(system, "GET", "/echo/x", &[], b""));
            for field in [
                "body",
                "queryStringParameters",
                "multiValueQueryStringParameters",
            ] {
                assert_eq!(sent[field], Value::Null, "{field}");
            }
            let sent = event(&call(system, "GET", "/files/a//b%20c", &[], b""));
            assert_eq!(sent["pathParameters"], json!({"path": "a//b%20c"}));
            let sent = event(&call(system, "GET", "/echo/fixed", &[], b""));
            assert_eq!(
                (&sent["resource"], &sent["pathParameters"]),
                (&json!("/echo/fixed"), &Value::Null)
            );
        },
    );
}

#[test]
fn a_function_gives_the_whole_response() {
    with_stack("a_function_gives_the_whole_response", |system| {
        let as_it_is = |output: Value| {
            let headers = [JSON, ("accept", "image/png")];
            call(
                system,
                "POST",
                "/echo/respond",
                &headers,
                output.to_string().as_bytes(),
            )
        };
        let reply = as_it_is(json!({
            "statusCode": 202, "headers": {"X-One": "1", "Location": "images/1"},
            "multiValueHeaders": {"Set-Cookie": ["a=1", "b=2"]}, "body": "text",
        }));
        assert_eq!((reply.status, reply.body.as_str()), (202, "text"));
        assert_eq!(reply.header("location"), Some("images/1"));
        assert_eq!(
            reply.head.to_lowercase().matches("set-cookie:").count(),
            2,
            "{reply:?}"
        );
        assert_eq!(reply.header("content-type"), Some("application/json"));
        let base64 = json!({"body": "aGk=", "isBase64Encoded": true, "headers": {"content-type": "image/png"}});
        assert_eq!(as_it_is(base64.clone()).body, "hi");
        let reply = call(
            system,
            "POST",
            "/echo/respond",
            &[JSON],
            base64.to_string().as_bytes(),
        );
        assert_eq!(reply.body, "aGk=", "a client that does not ask for bytes");
    });
}

#[test]
fn a_function_that_fails_is_a_bad_gateway() {
    with_stack("a_function_that_fails_is_a_bad_gateway", |system| {
        for body in ["\"text\"", "{\"message\": \"x\"}", "{\"body\": 1}", "null"] {
            let reply = call(system, "POST", "/echo/respond", &[JSON], body.as_bytes());
            says(&reply, 502, &["Internal server error"]);
            assert_eq!(
                reply.header("x-amzn-errortype"),
                Some("InternalServerErrorException")
            );
        }
        says(
            &call(system, "POST", "/echo/raise", &[JSON], b"{}"),
            502,
            &["Internal server error"],
        );
        says(
            &call(system, "POST", "/slow", &[JSON], b"{}"),
            504,
            &["Endpoint request timed out"],
        );
    });
}

/// Base64 makes a third more of a body, and an event has to fit into 6 MB.
#[test]
fn a_body_too_large_for_lambda_is_refused() {
    with_stack("a_body_too_large_for_lambda_is_refused", |system| {
        let reply = call(system, "POST", "/echo/large", &[PNG], &vec![7; 4_800_000]);
        says(&reply, 413, &["Request Too Long"]);
        let reply = call(system, "POST", "/echo/size", &[PNG], &vec![7; 4_600_000]);
        assert_eq!((reply.status, reply.body.as_str()), (200, "6133336"));
    });
}

#[test]
fn a_validator_without_a_model_wants_json() {
    with_stack("a_validator_without_a_model_wants_json", |system| {
        says(
            &call(system, "POST", "/checked", &[PNG], BYTES),
            400,
            &["Invalid request body"],
        );
        assert_eq!(call(system, "POST", "/checked", &[JSON], b"{}").status, 200);
        assert_eq!(call(system, "POST", "/checked", &[], b"").status, 200);
    });
}
