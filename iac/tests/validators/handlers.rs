//! What AWS says that CloudFormation does for each type, against what the deployer's policies allow. The
//! schemas of the types come with cfn-lint; whoever deploys without a service role needs every permission
//! that a handler names, as far as the stacks use what it is for.
//!
//! Source: <https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html>

use std::collections::{BTreeMap, BTreeSet};

use iac::deployer;
use serde_json::Value as Json;

use crate::{asks, every_variant, python};

/// Prints the permissions of each type's handlers.
const SCRIPT: &str = "\
import json, pathlib, sys, cfnlint
types = set(json.load(sys.stdin))
permissions = {}
for file in (pathlib.Path(cfnlint.__file__).parent / 'data/schemas/resources').glob('*.json'):
    schema = json.loads(file.read_text())
    if schema.get('typeName') in types:
        permissions[schema['typeName']] = {
            name: handler.get('permissions', []) for name, handler in schema.get('handlers', {}).items()
        }
json.dump(permissions, sys.stdout)";

/// What handlers name and no stack of this project has a use for: the beginning of an action, and what it is
/// for. Whatever is read of each resource is not among them, except with a key of one's own.
const UNUSED: &[(&str, &str)] = &[
    (
        "apigateway:UpdateRestApiPolicy",
        "a resource policy of an API",
    ),
    ("dynamodb:AssociateTableReplica", "a replica"),
    ("dynamodb:BatchWriteItem", "a replica"),
    ("dynamodb:CreateTableReplica", "a replica"),
    ("dynamodb:DeleteItem", "a replica"),
    (
        "dynamodb:DeleteResourcePolicy",
        "a resource policy of a table",
    ),
    ("dynamodb:DescribeImport", "an import"),
    ("dynamodb:DisableKinesisStreamingDestination", "a stream"),
    ("dynamodb:EnableKinesisStreamingDestination", "a stream"),
    ("dynamodb:GetItem", "a replica"),
    ("dynamodb:ImportTable", "an import"),
    ("dynamodb:PutItem", "a replica"),
    ("dynamodb:PutResourcePolicy", "a resource policy of a table"),
    ("dynamodb:Query", "a replica"),
    ("dynamodb:Scan", "a replica"),
    ("dynamodb:UpdateContributorInsights", "insights"),
    ("dynamodb:UpdateItem", "a replica"),
    ("dynamodb:UpdateKinesisStreamingDestination", "a stream"),
    ("ec2:", "a function in a network"),
    ("elasticfilesystem:", "a function with a file system"),
    ("firehose:", "logs that go elsewhere"),
    ("iam:AttachRolePolicy", "a managed policy"),
    ("iam:CreateServiceLinkedRole", "a replica"),
    ("iam:DeleteRolePermissionsBoundary", "a boundary"),
    ("iam:DetachRolePolicy", "a managed policy"),
    ("iam:PutRolePermissionsBoundary", "a boundary"),
    (
        "iam:UpdateRoleDescription",
        "a description, which no role has",
    ),
    ("kinesis:", "a stream"),
    ("kms:", "a key of one's own"),
    ("lambda:AssociateRuntimeAlias", "a runtime of one's own"),
    ("lambda:DeleteFunctionCodeSigningConfig", "signed code"),
    ("lambda:GetCodeSigningConfig", "signed code"),
    ("lambda:GetLayerVersion", "a layer"),
    ("lambda:PassCapacityProvider", "instances of one's own"),
    ("lambda:PublishVersion", "a version"),
    ("lambda:PutFunctionCodeSigningConfig", "signed code"),
    (
        "lambda:PutFunctionRecursionConfig",
        "loops that are allowed",
    ),
    ("lambda:PutFunctionScalingConfig", "instances of one's own"),
    (
        "lambda:PutRuntimeManagementConfig",
        "a runtime that is held back",
    ),
    ("logs:AssociateKmsKey", "a key of one's own"),
    ("logs:CreateLogDelivery", "logs that go elsewhere"),
    ("logs:CreateLogStream", "an import"),
    ("logs:DeleteDataProtectionPolicy", "masked logs"),
    ("logs:DeleteIndexPolicy", "indexed logs"),
    ("logs:DeleteResourcePolicy", "a resource policy of logs"),
    ("logs:DescribeLogStreams", "an import"),
    ("logs:DisassociateKmsKey", "a key of one's own"),
    ("logs:PutBearerTokenAuthentication", "logs from elsewhere"),
    ("logs:PutDataProtectionPolicy", "masked logs"),
    ("logs:PutIndexPolicy", "indexed logs"),
    ("logs:PutLogEvents", "an import"),
    (
        "logs:PutLogGroupDeletionProtection",
        "a protected log group",
    ),
    ("logs:PutResourcePolicy", "a resource policy of logs"),
    (
        "s3:CreateBucketMetadataTableConfiguration",
        "tables of metadata",
    ),
    (
        "s3:DeleteBucket",
        "each setting that is not there; the bucket itself is granted",
    ),
    (
        "s3:DeleteObject",
        "metadata tables; the operator's policy has it",
    ),
    ("s3:GetObjectMetadata", "an import"),
    ("s3:PutAccelerateConfiguration", "acceleration"),
    ("s3:PutAnalyticsConfiguration", "analytics"),
    ("s3:PutBucketAbac", "access by tags"),
    ("s3:PutBucketAcl", "access lists, which are off"),
    ("s3:PutBucketLogging", "access logs of a bucket"),
    ("s3:PutBucketObjectLockConfiguration", "locked objects"),
    ("s3:PutBucketReplication", "replication"),
    ("s3:PutBucketWebsite", "a website"),
    ("s3:PutIntelligentTieringConfiguration", "tiering"),
    ("s3:PutInventoryConfiguration", "an inventory"),
    ("s3:PutMetricsConfiguration", "request metrics"),
    ("s3:PutObjectAcl", "access lists, which are off"),
    ("s3:PutObjectLockConfiguration", "locked objects"),
    ("s3:PutReplicationConfiguration", "replication"),
    ("s3:REST.PUT.OBJECT", "logs that go elsewhere"),
    ("s3:UpdateBucketMetadata", "tables of metadata"),
    ("s3files:", "a function with a file system"),
    ("s3tables:", "tables of metadata"),
];

/// Whether an action of a policy, which may end or be parted by a `*`, is that one.
fn covers(pattern: &str, action: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern.eq_ignore_ascii_case(action),
        Some((before, after)) => {
            action.len() >= before.len() + after.len()
                && action.starts_with(before)
                && action.ends_with(after)
        }
    }
}

#[test]
fn whoever_deploys_may_do_what_cloudformation_does() {
    let Some(python) = python("whoever_deploys_may_do_what_cloudformation_does") else {
        return;
    };
    let mut allowed: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut types: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, template) in every_variant() {
        for policy in deployer::policies(&template) {
            if !policy.name.starts_with("deployer-policy") {
                continue;
            }
            for statement in policy.document["Statement"].as_array().unwrap() {
                let actions = statement["Action"].as_array().unwrap().iter();
                let actions = actions.map(|action| action.as_str().unwrap().to_owned());
                allowed.entry(name.clone()).or_default().extend(actions);
            }
        }
        let resources = template.document()["Resources"].as_object().unwrap();
        for resource in resources.values() {
            let kind = resource["Type"].as_str().unwrap().to_owned();
            types.entry(kind).or_default().insert(name.clone());
        }
    }
    let kinds: Vec<_> = types.keys().collect();
    let input = serde_json::to_string(&kinds).unwrap();
    let handlers = asks(&python, &["-c", SCRIPT], &input);
    let mut used = BTreeSet::new();
    for (kind, names) in &types {
        // A policy of a queue has none: it is older than handlers.
        let Some(handlers) = handlers[kind].as_object() else {
            panic!("cfn-lint does not know {kind}");
        };
        for (handler, permissions) in handlers.iter().filter(|(handler, _)| *handler != "list") {
            for action in permissions
                .as_array()
                .into_iter()
                .flatten()
                .map(Json::as_str)
            {
                let action = action.unwrap();
                for name in names {
                    if allowed[name].iter().any(|it| covers(it, action)) {
                        continue;
                    }
                    let unused = UNUSED.iter().find(|(it, _)| action.starts_with(it));
                    let Some(unused) = unused else {
                        panic!("{name}: {kind}: {handler} takes {action}");
                    };
                    assert!(
                        handler != "read" || unused.0 == "kms:",
                        "{name}: {kind}: {action} is taken each time that one is looked at"
                    );
                    used.insert(unused.0);
                }
            }
        }
    }
    let idle: Vec<_> = UNUSED.iter().filter(|it| !used.contains(it.0)).collect();
    assert!(idle.is_empty(), "no handler takes these: {idle:?}");
}
