//! Colours and symbols.

use super::super::drawing::Service;

/// The style sheet. Colours have a contrast of at least 4.5 to their ground in both schemes.
pub(super) const SHEET: &str = "\
.ground { fill: #ffffff; stroke: #d0d7de; }
text { font-family: sans-serif; fill: #1f2328; }
.name { font-size: 13px; font-weight: 600; }
.service { font-size: 11px; font-weight: 600; }
.note { font-size: 11px; fill: #57606a; }
.action, .part { font-family: monospace; font-size: 11px; text-anchor: middle; }
.part { fill: #57606a; }
.card { fill-opacity: 0.09; stroke-width: 1.5; }
.symbol { fill: none; stroke-width: 1.5; stroke-linecap: round; stroke-linejoin: round; }
.call, .event, .failure { fill: none; stroke: #57606a; stroke-width: 1.5; }
.event { stroke-dasharray: 5 4; stroke: #8250df; }
.failure { stroke-dasharray: 5 4; stroke: #cf222e; }
.call.head { fill: #57606a; stroke: none; }
.event.head { fill: #8250df; stroke: none; }
.failure.head { fill: #cf222e; stroke: none; }
.person .card { fill: #57606a; stroke: #57606a; } .person .symbol { stroke: #57606a; }
.api .card { fill: #8250df; stroke: #8250df; } .api .symbol { stroke: #8250df; } .api .service { fill: #8250df; }
.states .card { fill: #bf3989; stroke: #bf3989; } .states .symbol { stroke: #bf3989; } .states .service { fill: #bf3989; }
.lambda .card { fill: #bc4c00; stroke: #bc4c00; } .lambda .symbol { stroke: #bc4c00; } .lambda .service { fill: #bc4c00; }
.s3 .card { fill: #1a7f37; stroke: #1a7f37; } .s3 .symbol { stroke: #1a7f37; } .s3 .service { fill: #1a7f37; }
.dynamodb .card { fill: #0969da; stroke: #0969da; } .dynamodb .symbol { stroke: #0969da; } .dynamodb .service { fill: #0969da; }
.sqs .card { fill: #9a6700; stroke: #9a6700; } .sqs .symbol { stroke: #9a6700; } .sqs .service { fill: #9a6700; }
.cloudwatch .card { fill: #cf222e; stroke: #cf222e; } .cloudwatch .symbol { stroke: #cf222e; } .cloudwatch .service { fill: #cf222e; }
.cloudfront .card { fill: #1b7c83; stroke: #1b7c83; } .cloudfront .symbol { stroke: #1b7c83; } .cloudfront .service { fill: #1b7c83; }
@media (prefers-color-scheme: dark) {
.ground { fill: #0d1117; stroke: #30363d; }
text { fill: #e6edf3; }
.note, .part { fill: #9198a1; }
.card { fill-opacity: 0.14; }
.call { stroke: #9198a1; } .call.head { fill: #9198a1; }
.event { stroke: #a371f7; } .event.head { fill: #a371f7; }
.failure { stroke: #f85149; } .failure.head { fill: #f85149; }
.person .card { fill: #9198a1; stroke: #9198a1; } .person .symbol { stroke: #9198a1; }
.api .card { fill: #a371f7; stroke: #a371f7; } .api .symbol { stroke: #a371f7; } .api .service { fill: #a371f7; }
.states .card { fill: #db61a2; stroke: #db61a2; } .states .symbol { stroke: #db61a2; } .states .service { fill: #db61a2; }
.lambda .card { fill: #f0883e; stroke: #f0883e; } .lambda .symbol { stroke: #f0883e; } .lambda .service { fill: #f0883e; }
.s3 .card { fill: #3fb950; stroke: #3fb950; } .s3 .symbol { stroke: #3fb950; } .s3 .service { fill: #3fb950; }
.dynamodb .card { fill: #58a6ff; stroke: #58a6ff; } .dynamodb .symbol { stroke: #58a6ff; } .dynamodb .service { fill: #58a6ff; }
.sqs .card { fill: #d29922; stroke: #d29922; } .sqs .symbol { stroke: #d29922; } .sqs .service { fill: #d29922; }
.cloudwatch .card { fill: #f85149; stroke: #f85149; } .cloudwatch .symbol { stroke: #f85149; } .cloudwatch .service { fill: #f85149; }
.cloudfront .card { fill: #39c5cf; stroke: #39c5cf; } .cloudfront .symbol { stroke: #39c5cf; } .cloudfront .service { fill: #39c5cf; }
}
";

/// The class of a service's colours.
pub(super) const fn class(service: Service) -> &'static str {
    match service {
        Service::Person => "person",
        Service::ApiGateway => "api",
        Service::StepFunctions => "states",
        Service::Lambda => "lambda",
        Service::S3 => "s3",
        Service::DynamoDb => "dynamodb",
        Service::Sqs => "sqs",
        Service::CloudWatch => "cloudwatch",
        Service::CloudFront => "cloudfront",
    }
}

/// The path of a service's symbol in a square of 16.
pub(super) const fn symbol(service: Service) -> &'static str {
    match service {
        // A head and shoulders.
        Service::Person => {
            "M8 8A3 3 0 1 0 8 2A3 3 0 1 0 8 8ZM2.5 14C2.5 11.5 5 10.5 8 10.5S13.5 11.5 13.5 14"
        }
        // Angle brackets with a slash.
        Service::ApiGateway => "M4.5 4.5L1 8L4.5 11.5M11.5 4.5L15 8L11.5 11.5M9.5 2.5L6.5 13.5",
        // A step, and two after it.
        Service::StepFunctions => {
            "M5.5 1.5H10.5V5.5H5.5ZM1.5 10.5H6V14.5H1.5ZM10 10.5H14.5V14.5H10ZM8 5.5V8M3.75 10.5V8H12.25V10.5"
        }
        // A lambda.
        Service::Lambda => "M3 2H5.5L12 14H14M7.5 6L3 14",
        // A bucket.
        Service::S3 => "M2 3.5C2 2 14 2 14 3.5S2 5 2 3.5L3.5 13C3.5 14.6 12.5 14.6 12.5 13L14 3.5",
        // A table.
        Service::DynamoDb => "M2 2.5H14V13.5H2ZM2 6H14M2 9.75H14M6 6V13.5",
        // Messages that wait.
        Service::Sqs => "M1.5 4.5H4.5V11.5H1.5ZM6.5 4.5H9.5V11.5H6.5ZM11.5 4.5H14.5V11.5H11.5Z",
        // A bell.
        Service::CloudWatch => {
            "M3 11.5C4.5 10 4 8 4.5 6C5 3.5 6.5 2.5 8 2.5S11 3.5 11.5 6C12 8 11.5 10 13 11.5ZM6.5 13.5C7 14.5 9 14.5 9.5 13.5"
        }
        // A globe.
        Service::CloudFront => {
            "M8 1.5A6.5 6.5 0 1 0 8 14.5A6.5 6.5 0 1 0 8 1.5ZM1.5 8H14.5M8 1.5C4.5 5 4.5 11 8 14.5M8 1.5C11.5 5 11.5 11 8 14.5"
        }
    }
}
