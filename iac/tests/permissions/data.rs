//! What holds data: buckets, tables, queues and logs.

use serde_json::{Value as Json, json};

use crate::read::{STACKS, of_type, template};

/// Kept; where the name is fixed, not when it was made in vain, or it would be in the way of the next try.
fn kept(stack: &str, id: &str, resource: &Json, is_named: bool) {
    let policy = if is_named {
        "RetainExceptOnCreate"
    } else {
        "Retain"
    };
    assert_eq!(resource["DeletionPolicy"], policy, "{stack} {id}");
    assert_eq!(resource["UpdateReplacePolicy"], "Retain", "{stack} {id}");
}

/// The only statements of a policy of this kind about this thing.
fn statements(template: &Json, kind: &str, place: &str, of: &Json) -> Json {
    let mut found = of_type(template, kind).filter(|(_, policy)| {
        let things = &policy["Properties"][place];
        things == of || *things == json!([of])
    });
    let (_, policy) = found.next().unwrap_or_else(|| panic!("{of} has no {kind}"));
    policy["Properties"]["PolicyDocument"]["Statement"].clone()
}

fn tls_only(actions: &str, resources: &Json) -> Json {
    json!([{
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": [actions],
        "Resource": resources,
        "Condition": { "Bool": { "aws:SecureTransport": "false" } },
    }])
}

#[test]
fn buckets_are_private_encrypted_tls_only_and_kept() {
    let mut count = 0;
    for stack in STACKS {
        let template = template(stack);
        for (id, bucket) in of_type(&template, "AWS::S3::Bucket") {
            count += 1;
            let properties = &bucket["Properties"];
            let is_named = properties.get("BucketName").is_some();
            kept(stack, id, bucket, is_named);
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
            let encryption =
                &properties["BucketEncryption"]["ServerSideEncryptionConfiguration"][0];
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
            let policy = "AWS::S3::BucketPolicy";
            let resources =
                json!([{ "Fn::GetAtt": [id, "Arn"] }, { "Fn::Sub": format!("${{{id}.Arn}}/*") }]);
            assert_eq!(
                statements(&template, policy, "Bucket", &json!({ "Ref": id })),
                tls_only("s3:*", &resources),
                "{stack} {id}"
            );
            let policy = &template["Resources"][format!("{id}Policy")];
            kept(stack, id, policy, is_named);
        }
    }
    assert_eq!(count, 7);
}

#[test]
fn only_pages_of_the_allowed_origins_put_into_a_bucket() {
    for stack in STACKS {
        let template = template(stack);
        for (id, bucket) in of_type(&template, "AWS::S3::Bucket") {
            let expected = (stack == "upload-events" && id == "SourceBucket").then(|| {
                json!({ "CorsRules": [{
                    "AllowedOrigins": { "Ref": "AllowedOrigins" },
                    "AllowedMethods": ["PUT"],
                    "AllowedHeaders": lambda::upload::UPLOAD_HEADERS,
                    "ExposedHeaders": ["ETag"],
                    "MaxAge": 600,
                }] })
            });
            let cors = bucket["Properties"].get("CorsConfiguration").cloned();
            assert_eq!(cors, expected, "{stack} {id}");
        }
    }
}

#[test]
fn the_one_bucket_is_versioned_and_tells_of_uploads_alone() {
    let template = template("single-bucket");
    let bucket = &template["Resources"]["Bucket"]["Properties"];
    assert_eq!(
        bucket["VersioningConfiguration"],
        json!({ "Status": "Enabled" })
    );
    assert_eq!(
        bucket["NotificationConfiguration"]["LambdaConfigurations"],
        json!([{
            "Event": "s3:ObjectCreated:*",
            "Filter": { "S3Key": { "Rules": [{ "Name": "prefix", "Value": "uploads/" }] } },
            "Function": { "Fn::GetAtt": ["ResizeImageFunction", "Arn"] },
        }])
    );
    assert_eq!(
        bucket["LifecycleConfiguration"]["Rules"]
            .as_array()
            .unwrap()[1..],
        [
            json!({
                "Id": "Objects uploads/",
                "Status": "Enabled",
                "Prefix": "uploads/",
                "Transitions": [{ "StorageClass": "STANDARD_IA", "TransitionInDays": 30 }],
            }),
            json!({
                "Id": "OldVersions",
                "Status": "Enabled",
                "NoncurrentVersionExpiration": { "NoncurrentDays": 30 },
                "ExpiredObjectDeleteMarker": true,
            }),
        ]
    );
}

#[test]
fn queues_are_encrypted_tls_only_and_patient() {
    let mut count = 0;
    for stack in STACKS {
        let template = template(stack);
        for (id, queue) in of_type(&template, "AWS::SQS::Queue") {
            count += 1;
            let fourteen_days = 14 * 24 * 60 * 60;
            assert_eq!(queue["Properties"]["SqsManagedSseEnabled"], true);
            assert_eq!(queue["Properties"]["MessageRetentionPeriod"], fourteen_days);
            let resources = json!([{ "Fn::GetAtt": [id, "Arn"] }]);
            let policy = "AWS::SQS::QueuePolicy";
            assert_eq!(
                statements(&template, policy, "Queues", &json!({ "Ref": id })),
                tls_only("sqs:*", &resources),
                "{stack} {id}"
            );
        }
    }
    assert_eq!(count, 3);
}

#[test]
fn tables_are_backed_up_and_kept() {
    let mut count = 0;
    for stack in STACKS {
        for (id, table) in of_type(&template(stack), "AWS::DynamoDB::Table") {
            count += 1;
            kept(stack, id, table, true);
            let properties = &table["Properties"];
            assert_eq!(properties["BillingMode"], "PAY_PER_REQUEST");
            assert_eq!(
                properties["PointInTimeRecoverySpecification"],
                json!({ "PointInTimeRecoveryEnabled": true })
            );
            // A table that says nothing is encrypted with DynamoDB's own key, which cannot be turned off.
            assert_eq!(properties.get("SSESpecification"), None);
            assert_eq!(
                properties["KeySchema"],
                json!([{ "AttributeName": "ImageID", "KeyType": "HASH" }])
            );
        }
    }
    assert_eq!(count, 2);
}

#[test]
fn log_groups_have_a_retention() {
    for (stack, count) in STACKS.into_iter().zip([2, 3, 4, 2]) {
        let template = template(stack);
        let groups: Vec<_> = of_type(&template, "AWS::Logs::LogGroup").collect();
        assert_eq!(groups.len(), count, "{stack}");
        for (id, group) in groups {
            assert_eq!(
                group["Properties"]["RetentionInDays"],
                json!({ "Ref": "LogRetentionDays" }),
                "{stack} {id}"
            );
        }
    }
}
