//! What is read from the stacks' templates: the facts that the pictures, the costs and the check for loops are
//! made of.

use iac::stacks;
use iac::topology::{
    Architecture, Edge, End, Function, Kind, Relation, StateMachine, Topology, Work, Workflow,
};
use serde_json::json;

fn read(stack: &str) -> Topology {
    let template = stacks::find(stack)
        .expect("a stack")
        .template()
        .expect("a stack that holds together");
    Topology::read(template.document())
}

fn function<'a>(topology: &'a Topology, id: &str) -> &'a Function {
    match topology.node(id).map(|node| &node.kind) {
        Some(Kind::Function(function)) => function,
        other => panic!("{id} is {other:?}"),
    }
}

fn machine<'a>(topology: &'a Topology, id: &str) -> &'a StateMachine {
    match topology.node(id).map(|node| &node.kind) {
        Some(Kind::StateMachine(machine)) => machine,
        other => panic!("{id} is {other:?}"),
    }
}

/// What the role of a node allows, in words.
fn may(topology: &Topology, id: &str) -> Vec<String> {
    let from = End::node(id);
    let words = |edge: &Edge| match (&edge.relation, &edge.to) {
        (Relation::May { role, action, part }, End::Node(to)) => Some(
            format!("{role}: {action} on {to} {part}")
                .trim_end()
                .to_owned(),
        ),
        _ => None,
    };
    topology.from(&from).filter_map(words).collect()
}

#[test]
fn a_function_is_read_with_what_it_costs_and_may() {
    let topology = read("single-bucket");
    let resize = function(&topology, "ResizeImageFunction");
    assert_eq!(resize.name, "resize-image");
    assert_eq!(resize.memory_size, 1769);
    assert_eq!(resize.architecture, Architecture::Arm64);
    assert_eq!(resize.timeout, 60);
    assert!(resize.reserved_concurrency.is_some_and(|limit| limit > 0));
    assert_eq!(resize.retries, 1);
    assert!(!resize.signs_urls());
    assert_eq!(
        may(&topology, "ResizeImageFunction"),
        [
            "ResizeImageRole: s3:GetObject on Bucket uploads/*",
            "ResizeImageRole: s3:GetObject on Bucket processed/*",
            "ResizeImageRole: s3:PutObject on Bucket processed/*",
            "ResizeImageRole: sqs:SendMessage on DeadLetterQueue",
            "ResizeImageRole: dynamodb:PutItem on ImageMetadata",
        ]
    );
    assert!(function(&read("upload-events"), "PresignUploadFunction").signs_urls());
}

#[test]
fn a_parameter_in_a_permission_keeps_its_name_and_its_default() {
    let topology = read("resize-api");
    let on = topology.edges.iter().find_map(|edge| match &edge.relation {
        Relation::May { action, part, .. }
            if action == "s3:PutObject" && edge.from == End::node("ResizeImageFunction") =>
        {
            Some(part)
        }
        _ => None,
    });
    let on = on.expect("a permission to put objects");
    assert_eq!(on.to_string(), "${OutputPrefix}*");
    assert_eq!(on.by_default(), "thumbs/*");
}

#[test]
fn a_workflow_is_read_with_the_states_of_a_success() {
    let topology = read("resize-api");
    let resize = machine(&topology, "ResizeImageStateMachine");
    assert_eq!(resize.workflow, Workflow::Standard);
    let names: Vec<&str> = resize.steps.iter().map(|step| step.name.as_str()).collect();
    assert_eq!(names, ["ResizeImage"]);
    assert_eq!(
        resize.steps[0].work,
        Work::Invoke("ResizeImageFunction".to_owned())
    );
    let backfill = machine(&topology, "BackfillStateMachine");
    let Work::DistributedMap { workflow, .. } = &backfill.steps[0].work else {
        panic!("{backfill:?}");
    };
    assert_eq!(*workflow, Workflow::Express);
}

#[test]
fn an_upload_is_followed_to_its_function_and_its_failure_to_the_alarm() {
    let topology = read("upload-events");
    let edge = |from: &str, to: &str, is: fn(&Relation) -> bool| {
        topology.edges.iter().any(|edge| {
            edge.from == End::node(from) && edge.to == End::node(to) && is(&edge.relation)
        })
    };
    assert!(edge("Api", "SourceBucket", |relation| matches!(
        relation,
        Relation::Integration { verb, action, part, .. }
            if verb == "PUT" && action == "s3:PutObject" && part.known() == Some("uploads/{key}")
    )));
    assert!(edge(
        "SourceBucket",
        "ResizeImageFunction",
        |relation| matches!(
            relation,
            Relation::Notification { event, prefix, .. }
                if event == "s3:ObjectCreated:*" && prefix.is_empty()
        )
    ));
    assert!(edge(
        "ResizeImageFunction",
        "DeadLetterQueue",
        |relation| matches!(relation, Relation::OnFailure { attempts: 2 })
    ));
    assert!(edge(
        "DeadLetterAlarm",
        "DeadLetterQueue",
        |relation| matches!(
            relation,
            Relation::Watch(condition)
                if condition.comparison == ">" && condition.threshold == "0"
        )
    ));
}

#[test]
fn what_a_person_would_not_draw_is_no_node() {
    for entry in stacks::STACKS {
        let topology = read(entry.name);
        for node in &topology.nodes {
            for word in [
                "LogGroup",
                "Policy",
                "Permission",
                "Deployment",
                "Stage",
                "Role",
            ] {
                assert!(!node.id.contains(word), "{} is a node", node.id);
            }
        }
    }
}

#[test]
fn what_is_not_there_is_read_as_nothing() {
    for document in [
        json!(null),
        json!({}),
        json!({ "Resources": { "A": 1, "B": {} } }),
    ] {
        let topology = Topology::read(&document);
        assert!(topology.nodes.is_empty() && topology.edges.is_empty());
    }
    // Lambda's own defaults, and a name that is made of itself.
    let topology = Topology::read(&json!({ "Resources": {
        "F": { "Type": "AWS::Lambda::Function" },
        "B": { "Type": "AWS::S3::Bucket", "Properties": { "BucketName": { "Ref": "B" } } },
    } }));
    let function = function(&topology, "F");
    assert_eq!(
        (function.memory_size, function.timeout, function.retries),
        (128, 3, 2)
    );
    assert_eq!(function.name, "F");
}
