//! Advice on messages as AWS writes them.

use super::{Case, OperationKind, RootCause, advice};

fn cause(message: &str) -> RootCause {
    RootCause {
        logical_id: "Photos".to_owned(),
        resource_type: "AWS::S3::Bucket".to_owned(),
        status: "CREATE_FAILED".to_owned(),
        message: message.to_owned(),
        findings: Vec::new(),
    }
}

fn case<'c>(cause: Option<&'c RootCause>, status: &'c str) -> Case<'c> {
    Case {
        kind: OperationKind::Update,
        stack: "photos",
        status,
        options: " --region eu-west-1",
        cause,
        blocked_by: &[],
        owner: None,
        cancelled: false,
    }
}

/// Messages as AWS writes them, and what the first sentence of the advice names.
#[test]
fn well_known_causes_have_a_remedy() {
    for (message, names) in [
        (
            "album already exists in stack arn:aws:cloudformation:eu-west-1:<account>:stack/other/6a19c4b4",
            "`album` belongs to the stack `other`",
        ),
        (
            "Resource of type 'AWS::S3::Bucket' with identifier 'album' already exists.",
            "Something else has the name `album`",
        ),
        (
            "Resource handler returned message: \"album already exists (Service: S3, Status Code: 409, \
             Request ID: 6a19)\" (RequestToken: 0800, HandlerErrorCode: AlreadyExists)",
            "Something else has the name `album`",
        ),
        (
            "Resource handler returned message: \"Specified ReservedConcurrentExecutions for function \
             decreases account's UnreservedConcurrentExecution below its minimum value of [10]. (Service: \
             Lambda, Status Code: 400, Request ID: 91ab)\" (RequestToken: 6a19, HandlerErrorCode: \
             InvalidRequest)",
            "`--parameter ReservedConcurrency=N`",
        ),
        (
            "Resource handler returned message: \"CloudWatch Logs role ARN must be set in account settings \
             to enable logging (Service: ApiGateway, Status Code: 400, Request ID: 91ab)\"",
            "`--parameter AccessLogging=false`",
        ),
        (
            "Resource handler returned message: \"Error occurred while GetObject. S3 Error Code: NoSuchKey. \
             S3 Error Message: The specified key does not exist. (Service: Lambda, Status Code: 400)\"",
            "deploy again, which uploads",
        ),
        (
            "User: arn:aws:iam::<account>:user/jane is not authorized to perform: s3:CreateBucket on \
             resource: \"arn:aws:s3:::album\" because no identity-based policy allows it",
            "may not do `s3:CreateBucket`",
        ),
        (
            "Resource handler returned message: \"User with accountId: <account> is not authorized to \
             perform CreateLogGroup with Tags (Service: CloudWatchLogs, Status Code: 400)\"",
            "may not do `CreateLogGroup`",
        ),
        (
            "Resource handler returned message: \"The bucket you tried to delete is not empty (Service: S3, \
             Status Code: 409)\"",
            "only when nothing is in it",
        ),
        ("Rate exceeded", "deploy again"),
    ] {
        let cause = cause(message);
        let advice = advice(&case(Some(&cause), "UPDATE_ROLLBACK_COMPLETE"));
        assert_eq!(advice.len(), 2, "{message}: {advice:?}");
        assert!(advice[0].contains(names), "{message}: {advice:?}");
    }
    let other = cause("Internal failure");
    let advice = advice(&case(Some(&other), "UPDATE_ROLLBACK_COMPLETE"));
    assert_eq!(
        advice.len(),
        1,
        "no remedy is better than a wrong one: {advice:?}"
    );
}

#[test]
fn a_name_has_the_owner_that_cloudformation_tells() {
    let cause = cause("album already exists");
    let told = Case {
        owner: Some("archive"),
        ..case(Some(&cause), "ROLLBACK_COMPLETE")
    };
    let advice = advice(&told);
    assert!(
        advice[0].contains("`album` belongs to the stack `archive`"),
        "{advice:?}"
    );
}

#[test]
fn every_end_has_a_next_step() {
    for (status, says) in [
        (
            "ROLLBACK_COMPLETE",
            "`iac deploy STACK --name photos --region eu-west-1` offers",
        ),
        ("ROLLBACK_FAILED", "`iac destroy photos --region eu-west-1`"),
        ("CREATE_FAILED", "`iac destroy photos --region eu-west-1`"),
        ("UPDATE_ROLLBACK_COMPLETE", "as it was before"),
        ("IMPORT_ROLLBACK_COMPLETE", "as it was before"),
        ("UPDATE_FAILED", "rollback-stack --stack-name photos"),
        ("DELETE_FAILED", "`iac destroy photos --region eu-west-1`"),
        ("IMPORT_ROLLBACK_FAILED", "console"),
    ] {
        let advice = advice(&case(None, status));
        assert!(advice[0].contains(says), "{status}: {advice:?}");
    }
}

#[test]
fn what_blocks_a_rollback_can_be_skipped_by_name() {
    let blocked = [cause("gone"), cause("gone")];
    let stuck = Case {
        stack: "resize-api",
        options: "",
        blocked_by: &blocked,
        ..case(None, "UPDATE_ROLLBACK_FAILED")
    };
    let advice = advice(&stuck);
    assert!(
        advice[0].contains("continue it with `iac deploy resize-api`")
            && advice[0].contains("`iac deploy resize-api --skip Photos --skip Photos`"),
        "{advice:?}"
    );
}
