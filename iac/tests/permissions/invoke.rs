//! Who may invoke each function, from the function's side.

use std::collections::BTreeSet;

use serde_json::{Value as Json, json};

use crate::read::{STACKS, of_type, template};

/// Function, service, source.
fn permissions(stack: &str) -> BTreeSet<(String, String, String)> {
    let of = |(id, permission): (&String, &Json)| {
        let properties = &permission["Properties"];
        assert_eq!(properties["Action"], "lambda:InvokeFunction", "{id}");
        let text = |json: &Json| json.as_str().unwrap_or_default().to_owned();
        let service = text(&properties["Principal"]);
        // The ARN of a bucket holds no account, so the account is named beside it.
        let account = json!({ "Ref": "AWS::AccountId" });
        let expected = (service == "s3.amazonaws.com").then_some(account);
        assert_eq!(properties.get("SourceAccount").cloned(), expected, "{id}");
        let function = text(&properties["FunctionName"]["Fn::GetAtt"][0]);
        let source = text(&properties["SourceArn"]["Fn::Sub"]);
        (function, service, source)
    };
    let template = template(stack);
    of_type(&template, "AWS::Lambda::Permission")
        .map(of)
        .collect()
}

fn by_bucket(suffix: &str) -> (String, String, String) {
    let arn = format!(
        "arn:${{AWS::Partition}}:s3:::${{AWS::StackName}}-{suffix}-${{AWS::AccountId}}-${{AWS::Region}}"
    );
    let function = "ResizeImageFunction";
    (function.to_owned(), "s3.amazonaws.com".to_owned(), arn)
}

fn by_api(function: &str, method_and_path: &str) -> (String, String, String) {
    let arn = format!(
        "arn:${{AWS::Partition}}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{Api}}/prod/{method_and_path}"
    );
    (
        function.to_owned(),
        "apigateway.amazonaws.com".to_owned(),
        arn,
    )
}

#[test]
fn a_function_is_invoked_by_its_bucket_and_by_its_methods_alone() {
    let presign = |rest| by_api("PresignUploadFunction", rest);
    let read = |rest| by_api("ReadMetadataFunction", rest);
    let upload = |rest| by_api("UploadImageFunction", rest);
    let expected = [
        ("resize-api", vec![]),
        (
            "upload-events",
            vec![
                by_bucket("source"),
                presign("POST/uploads"),
                presign("OPTIONS/uploads"),
                presign("GET/results"),
                presign("OPTIONS/results"),
            ],
        ),
        (
            "upload-metadata",
            vec![
                by_bucket("source"),
                upload("POST/images"),
                upload("OPTIONS/images"),
                read("GET/images"),
                read("GET/images/*"),
                read("OPTIONS/images/*"),
            ],
        ),
        ("single-bucket", vec![by_bucket("images")]),
    ];
    for (stack, expected) in expected {
        assert_eq!(
            permissions(stack),
            expected.into_iter().collect(),
            "{stack}"
        );
    }
}

#[test]
fn what_fails_twice_goes_to_the_queue_and_rings() {
    for stack in STACKS.into_iter().filter(|stack| *stack != "resize-api") {
        let template = template(stack);
        let property = |kind: &str| {
            let all: Vec<_> = of_type(&template, kind).collect();
            assert_eq!(all.len(), 1, "{stack} {kind}");
            all[0].1["Properties"].clone()
        };
        let events = property("AWS::Lambda::EventInvokeConfig");
        assert_eq!(
            events["FunctionName"],
            json!({ "Ref": "ResizeImageFunction" })
        );
        assert_eq!(events["MaximumRetryAttempts"], 1);
        assert_eq!(
            events["DestinationConfig"],
            json!({ "OnFailure": { "Destination": { "Fn::GetAtt": ["DeadLetterQueue", "Arn"] } } })
        );
        let alarm = property("AWS::CloudWatch::Alarm");
        assert_eq!(alarm["MetricName"], "ApproximateNumberOfMessagesVisible");
        assert_eq!(
            alarm["Dimensions"],
            json!([{ "Name": "QueueName", "Value": { "Fn::GetAtt": ["DeadLetterQueue", "QueueName"] } }])
        );
        assert_eq!(
            (&alarm["ComparisonOperator"], &alarm["Threshold"]),
            (&json!("GreaterThanThreshold"), &json!(0))
        );
        let function = &template["Resources"]["ResizeImageFunction"]["Properties"];
        assert_eq!(
            function["ReservedConcurrentExecutions"],
            json!({ "Ref": "ReservedConcurrency" })
        );
    }
}
