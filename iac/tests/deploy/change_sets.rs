//! Change sets as AWS answers them: on many pages, with values, refused early; and executions whose
//! answer is lost.

use std::time::Duration;

use iac::aws::AwsError;
use iac::aws::cloudformation::{
    ChangeSet, ChangeSetRequest, OperationKind, ParameterValue, Proposed, StackClient,
};
use iac::plan::{Action, Evaluation, PlanKind, PolicyAction, Recreation, Replacement};
use tokio::runtime::Runtime;

use crate::film::stack;
use crate::recorded::{Recorded, Reply, Request, STACK};

const CHANGE_SET: &str = "arn:aws:cloudformation:eu-west-1:123456789012:changeSet/iac-1/2a";

fn request() -> ChangeSetRequest {
    ChangeSetRequest {
        template: "Resources: {}".to_owned(),
        parameters: vec![
            (
                "MaxWidth".to_owned(),
                ParameterValue::Value("32".to_owned()),
            ),
            ("Secret".to_owned(), ParameterValue::Previous),
        ],
        tags: [("owner".to_owned(), "jane".to_owned())].into(),
        role_arn: Some("arn:aws:iam::123456789012:role/deployer".to_owned()),
        description: "From a test".to_owned(),
    }
}

fn created() -> Reply {
    Reply::Result(format!("<Id>{CHANGE_SET}</Id><StackId>{STACK}</StackId>"))
}

fn change_set(status: &str, reason: &str, rest: &str) -> Reply {
    Reply::Result(format!(
        "<ChangeSetId>{CHANGE_SET}</ChangeSetId><StackId>{STACK}</StackId><Status>{status}</Status>\
         <StatusReason>{reason}</StatusReason>{rest}"
    ))
}

fn runtime() -> Runtime {
    Runtime::new().expect("a runtime")
}

fn propose(recorded: &Recorded) -> Result<Proposed, AwsError> {
    runtime().block_on(recorded.stack().propose(&request()))
}

/// The member of a request whose answer decides.
fn member<'r>(requests: &'r [Request], action: &str, name: &str) -> Option<&'r str> {
    let request = requests.iter().find(|request| request.action == action)?;
    request.members.get(name).map(String::as_str)
}

#[test]
fn every_page_is_read_with_its_values() {
    let recorded = Recorded::start(|request| {
        match request.action.as_str() {
        "DescribeStacks" => Reply::Result(stack("UPDATE_COMPLETE")),
        "CreateChangeSet" => created(),
        "DescribeEvents" => Reply::Result(
            "<OperationEvents><member><EventId>1</EventId><OperationId>o</OperationId>\
             <EventType>VALIDATION_ERROR</EventType><LogicalResourceId>Album</LogicalResourceId>\
             <ResourceType>AWS::S3::Bucket</ResourceType><ValidationFailureMode>WARN</ValidationFailureMode>\
             <ValidationName>BUCKET_EMPTINESS_VALIDATION</ValidationName>\
             <ValidationStatus>FAILED</ValidationStatus>\
             <ValidationStatusReason>The bucket is not empty.</ValidationStatusReason>\
             <ValidationPath>/Resources/Album</ValidationPath></member></OperationEvents>"
                .to_owned(),
        ),
        "DescribeChangeSet" if request.members.contains_key("NextToken") => change_set(
            "CREATE_COMPLETE",
            "",
            "<Changes><member><Type>Resource</Type><ResourceChange><Action>Remove</Action>\
             <LogicalResourceId>Album</LogicalResourceId><ResourceType>AWS::S3::Bucket</ResourceType>\
             <PhysicalResourceId>album</PhysicalResourceId><PolicyAction>Delete</PolicyAction>\
             <BeforeContext>{\"Properties\":{}}</BeforeContext></ResourceChange></member></Changes>",
        ),
        "DescribeChangeSet" => change_set(
            "CREATE_COMPLETE",
            "",
            "<Parameters><member><ParameterKey>MaxWidth</ParameterKey><ParameterValue>32</ParameterValue></member>\
             <member><ParameterKey>Secret</ParameterKey><ParameterValue>****</ParameterValue></member></Parameters>\
             <Changes><member><Type>Resource</Type><ResourceChange><Action>Modify</Action>\
             <LogicalResourceId>Table</LogicalResourceId><ResourceType>AWS::DynamoDB::Table</ResourceType>\
             <PhysicalResourceId>photos-table</PhysicalResourceId><Replacement>True</Replacement>\
             <PolicyAction>ReplaceAndRetain</PolicyAction><Scope><member>Properties</member></Scope>\
             <Details><member><Target><Attribute>Properties</Attribute><Name>TableName</Name>\
             <RequiresRecreation>Always</RequiresRecreation><Path>/Properties/TableName</Path>\
             <BeforeValue>old</BeforeValue><AfterValue></AfterValue></Target><Evaluation>Static</Evaluation>\
             <ChangeSource>ParameterReference</ChangeSource><CausingEntity>MaxWidth</CausingEntity></member></Details>\
             </ResourceChange></member></Changes><NextToken>2</NextToken>",
        ),
        other => panic!("nobody asks for {other}"),
    }
    });
    let Proposed::Changes(changes) = propose(&recorded).expect("a proposal") else {
        panic!("there are changes");
    };
    assert_eq!(changes.kind, PlanKind::Update);
    assert_eq!(changes.parameters["MaxWidth"], "32");
    assert_eq!(changes.parameters["Secret"], "****");
    let [table, album] = changes.changes.as_slice() else {
        panic!("two changes: {changes:?}");
    };
    assert_eq!(table.action, Action::Modify);
    assert_eq!(table.replacement, Replacement::True);
    assert_eq!(table.policy_action, Some(PolicyAction::ReplaceAndRetain));
    let detail = &table.details[0];
    assert_eq!(detail.path.as_deref(), Some("/Properties/TableName"));
    assert_eq!(detail.before.as_deref(), Some("old"));
    assert_eq!(detail.requires_recreation, Some(Recreation::Always));
    assert_eq!(detail.evaluation, Some(Evaluation::Static));
    assert_eq!(detail.causing_entity.as_deref(), Some("MaxWidth"));
    assert_eq!(album.action, Action::Remove);
    assert_eq!(album.policy_action, Some(PolicyAction::Delete));
    assert_eq!(album.before_context.as_deref(), Some("{\"Properties\":{}}"));
    assert_eq!(changes.warnings.len(), 1);
    assert_eq!(changes.warnings[0].mode, "WARN");

    let asked = recorded.requests();
    let sent = |name: &str| member(&asked, "CreateChangeSet", name);
    assert_eq!(sent("ChangeSetType"), Some("UPDATE"));
    assert_eq!(sent("Capabilities.member.1"), Some("CAPABILITY_IAM"));
    assert_eq!(sent("Parameters.member.2.UsePreviousValue"), Some("true"));
    assert_eq!(sent("Tags.member.1.Value"), Some("jane"));
    assert_eq!(
        sent("RoleARN"),
        Some("arn:aws:iam::123456789012:role/deployer")
    );
    assert_eq!(sent("ClientToken"), sent("ChangeSetName"));
    assert_eq!(
        member(&asked, "DescribeChangeSet", "IncludePropertyValues"),
        Some("true")
    );
    assert_eq!(
        member(&asked, "DescribeEvents", "ChangeSetName"),
        Some(CHANGE_SET)
    );
}

/// A change set of a stack that is not there, and that CloudFormation refuses early.
fn refused_early(details: Reply) -> Recorded {
    let mut deleted = false;
    Recorded::start(move |request| match request.action.as_str() {
        "DescribeStacks" if request.members["StackName"] == "photos" || deleted => Reply::Refusal(
            400,
            "ValidationError",
            "Stack with id photos does not exist",
        ),
        "DescribeStacks" => Reply::Result(stack("REVIEW_IN_PROGRESS")),
        "CreateChangeSet" => created(),
        "DescribeChangeSet" => change_set(
            "FAILED",
            "The following hook(s)/validation failed: [AWS::EarlyValidation::ResourceExistenceCheck]. To \
             troubleshoot Early Validation errors, use the DescribeEvents API for detailed failure information.",
            "",
        ),
        "DescribeEvents" => details.clone(),
        "DeleteChangeSet" => Reply::Result(String::new()),
        "ListChangeSets" => Reply::Result("<Summaries/>".to_owned()),
        "DeleteStack" => {
            deleted = true;
            Reply::Result(String::new())
        }
        other => panic!("nobody asks for {other}"),
    })
}

#[test]
fn what_is_refused_early_says_where_and_leaves_nothing() {
    let recorded = refused_early(Reply::Result(
        "<OperationEvents><member><EventId>2</EventId><OperationId>o</OperationId>\
         <EventType>STACK_EVENT</EventType><OperationStatus>FAILED</OperationStatus></member>\
         <member><EventId>1</EventId><OperationId>o</OperationId><EventType>VALIDATION_ERROR</EventType>\
         <LogicalResourceId>Album</LogicalResourceId><ResourceType>AWS::S3::Bucket</ResourceType>\
         <ValidationFailureMode>FAIL</ValidationFailureMode><ValidationName>NAME_CONFLICT_VALIDATION</ValidationName>\
         <ValidationStatus>FAILED</ValidationStatus><ValidationStatusReason>Resource of type 'AWS::S3::Bucket' \
         with identifier 'album' already exists.</ValidationStatusReason>\
         <ValidationPath>/Resources/Album/Properties/BucketName</ValidationPath></member></OperationEvents>"
            .to_owned(),
    ));
    let error = propose(&recorded).expect_err("it is refused");
    assert_eq!(error.exit_code(), 5);
    let says = "CloudFormation refuses the changes to `photos`: The following hook(s)/validation failed: \
                [AWS::EarlyValidation::ResourceExistenceCheck].";
    assert!(error.to_string().starts_with(says), "{error}");
    let finding = "\n  /Resources/Album/Properties/BucketName: Resource of type 'AWS::S3::Bucket' with \
                   identifier 'album' already exists. (NAME_CONFLICT_VALIDATION FAILED)";
    assert!(error.to_string().ends_with(finding), "{error}");
    let actions = recorded.actions();
    for action in ["DeleteChangeSet", "DeleteStack"] {
        assert!(
            actions.iter().any(|asked| asked == action),
            "{action}: {actions:?}"
        );
    }
}

#[test]
fn who_may_not_ask_for_details_is_told_the_reason() {
    for refusal in [
        Reply::Refusal(
            403,
            "AccessDenied",
            "not authorized to perform: cloudformation:DescribeEvents",
        ),
        Reply::Refusal(
            400,
            "InvalidAction",
            "Could not find operation DescribeEvents",
        ),
    ] {
        let recorded = refused_early(refusal);
        let error = propose(&recorded).expect_err("it is refused").to_string();
        assert!(
            error.contains("AWS::EarlyValidation::ResourceExistenceCheck"),
            "{error}"
        );
        assert!(
            !error.contains("DescribeEvents\n"),
            "the details are not the error: {error}"
        );
    }
}

#[test]
fn nothing_to_change_is_no_error_and_leaves_nothing() {
    for reason in [
        "The submitted information didn't contain changes. Submit different information to create a change set.",
        "No updates are to be performed.",
    ] {
        let recorded = Recorded::start(move |request| match request.action.as_str() {
            "DescribeStacks" => Reply::Result(stack("CREATE_COMPLETE")),
            "CreateChangeSet" => created(),
            "DescribeChangeSet" => change_set("FAILED", reason, ""),
            "DeleteChangeSet" => Reply::Result(String::new()),
            other => panic!("nobody asks for {other}"),
        });
        let proposed = propose(&recorded).expect("an answer");
        assert!(matches!(proposed, Proposed::Nothing), "{proposed:?}");
        assert_eq!(
            recorded.actions().last().map(String::as_str),
            Some("DeleteChangeSet")
        );
    }
}

#[test]
fn a_change_set_that_takes_its_time_is_waited_for() {
    let mut looks = 0;
    let recorded = Recorded::start(move |request| match request.action.as_str() {
        "DescribeStacks" => Reply::Result(stack("CREATE_COMPLETE")),
        "CreateChangeSet" => created(),
        "DescribeChangeSet" => {
            looks += 1;
            match looks {
                1 => change_set("CREATE_PENDING", "", ""),
                2 => change_set("CREATE_IN_PROGRESS", "", ""),
                3..=7 => Reply::Refusal(400, "Throttling", "Rate exceeded"),
                _ => change_set("CREATE_COMPLETE", "", ""),
            }
        }
        "DescribeEvents" => Reply::Result("<OperationEvents/>".to_owned()),
        other => panic!("nobody asks for {other}"),
    });
    let proposed = propose(&recorded).expect("a proposal");
    assert!(matches!(proposed, Proposed::Changes(_)), "{proposed:?}");
}

fn ready() -> ChangeSet {
    ChangeSet {
        arn: CHANGE_SET.to_owned(),
        stack_id: STACK.to_owned(),
        kind: PlanKind::Update,
        changes: Vec::new(),
        parameters: [].into(),
        warnings: Vec::new(),
    }
}

fn event(id: &str, status: &str, token: &str) -> String {
    format!(
        "<member><StackId>{STACK}</StackId><StackName>photos</StackName><EventId>{id}</EventId>\
         <LogicalResourceId>photos</LogicalResourceId><PhysicalResourceId>{STACK}</PhysicalResourceId>\
         <ResourceType>AWS::CloudFormation::Stack</ResourceType><ResourceStatus>{status}</ResourceStatus>\
         <Timestamp>2026-01-01T00:00:00Z</Timestamp><ClientRequestToken>{token}</ClientRequestToken></member>"
    )
}

fn execute(stack: &StackClient) -> Result<iac::aws::cloudformation::Operation, AwsError> {
    runtime().block_on(stack.execute(&ready()))
}

#[test]
fn an_execution_whose_answer_is_lost_is_not_begun_twice() {
    let mut token = None;
    let recorded = Recorded::start(move |request| match request.action.as_str() {
        "DescribeStackEvents" => {
            let begun = token.as_deref();
            let begun = begun.map(|token| event("new", "UPDATE_IN_PROGRESS", token));
            let old = event("old", "CREATE_COMPLETE", "other");
            Reply::Result(format!(
                "<StackEvents>{}{old}</StackEvents>",
                begun.unwrap_or_default()
            ))
        }
        "ExecuteChangeSet" => {
            let first = token.is_none();
            token.clone_from(&request.members.get("ClientRequestToken").cloned());
            assert_eq!(request.members["DisableRollback"], "false");
            if first {
                Reply::HangUp
            } else {
                Reply::Refusal(
                    400,
                    "InvalidChangeSetStatus",
                    "ChangeSet is in EXECUTE_IN_PROGRESS status",
                )
            }
        }
        other => panic!("nobody asks for {other}"),
    });
    let operation = execute(&recorded.stack()).expect("it runs");
    assert_eq!(operation.kind, OperationKind::Update);
    assert_eq!(operation.stack_id, STACK);
    let requests = recorded.requests();
    let mut tokens: Vec<_> = requests
        .iter()
        .filter_map(|request| request.members.get("ClientRequestToken"))
        .collect();
    assert!(tokens.len() >= 2, "{requests:?}");
    tokens.dedup();
    assert_eq!(tokens.len(), 1, "all attempts are one request");
}

#[test]
fn an_execution_that_is_refused_is_refused() {
    let recorded = Recorded::start(|request| match request.action.as_str() {
        "DescribeStackEvents" => {
            let old = event("old", "CREATE_COMPLETE", "other");
            Reply::Result(format!("<StackEvents>{old}</StackEvents>"))
        }
        _ => Reply::Refusal(
            400,
            "InvalidChangeSetStatus",
            "ChangeSet is in OBSOLETE status",
        ),
    });
    let error = execute(&recorded.stack()).expect_err("it is refused");
    assert_eq!(error.exit_code(), 5);
    assert!(error.to_string().contains("OBSOLETE"), "{error}");
}

#[test]
fn when_nobody_answers_it_says_that_it_may_have_begun() {
    let mut looks = 0;
    let recorded = Recorded::start(move |request| match request.action.as_str() {
        "DescribeStackEvents" if looks == 0 => {
            looks += 1;
            let old = event("old", "CREATE_COMPLETE", "other");
            Reply::Result(format!("<StackEvents>{old}</StackEvents>"))
        }
        _ => Reply::HangUp,
    });
    let stack = recorded.stack().with_patience(Duration::from_millis(1));
    let error = execute(&stack).expect_err("nobody answers");
    assert_eq!(error.exit_code(), 11);
    let says = "whether it has begun is not known. `iac status photos` tells";
    assert!(error.to_string().contains(says), "{error}");
}

#[test]
fn a_rollback_is_continued_without_what_is_skipped() {
    let recorded = Recorded::start(|request| match request.action.as_str() {
        "DescribeStacks" => Reply::Result(stack("UPDATE_ROLLBACK_FAILED")),
        "DescribeStackEvents" => {
            let last = event("last", "UPDATE_ROLLBACK_FAILED", "other");
            Reply::Result(format!("<StackEvents>{last}</StackEvents>"))
        }
        "ContinueUpdateRollback" => Reply::Result(String::new()),
        other => panic!("nobody asks for {other}"),
    });
    let stack = recorded.stack();
    let skip = ["ResizeRole".to_owned(), "Table".to_owned()];
    let operation = runtime().block_on(stack.continue_rollback(&skip));
    let operation = operation.expect("it goes on");
    assert_eq!(operation.kind, OperationKind::ContinueRollback);
    let asked = recorded.requests();
    let sent = |name: &str| member(&asked, "ContinueUpdateRollback", name);
    assert_eq!(sent("StackName"), Some(STACK));
    assert_eq!(sent("ResourcesToSkip.member.1"), Some("ResizeRole"));
    assert_eq!(sent("ResourcesToSkip.member.2"), Some("Table"));
}
