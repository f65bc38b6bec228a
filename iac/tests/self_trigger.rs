//! Stacks that would trigger themselves are refused when they are built.

use iac::cfn::{Parameter, Resource, Stack};
use iac::resources::s3::Prefix;
use iac::stacks::SingleBucket;
use serde::Serialize;
use serde_json::{Value as Json, json};

/// A resource of which the test says every property.
macro_rules! raw {
    ($name:ident, $type:literal) => {
        #[derive(Serialize)]
        struct $name(Json);

        impl Resource for $name {
            const TYPE: &'static str = $type;
        }
    };
}

raw!(Bucket, "AWS::S3::Bucket");
raw!(Function, "AWS::Lambda::Function");
raw!(Role, "AWS::IAM::Role");
raw!(Machine, "AWS::StepFunctions::StateMachine");
raw!(BucketPolicy, "AWS::S3::BucketPolicy");
raw!(Queue, "AWS::SQS::Queue");
raw!(EventSourceMapping, "AWS::Lambda::EventSourceMapping");

/// A stack whose bucket `Images` notifies `Resize` of keys with a prefix; `Resize` may what the grants say.
struct System {
    stack: Stack,
}

impl System {
    fn new(bucket: Json, grants: &[(&str, Json)]) -> Self {
        Self::with_role(bucket, may(grants))
    }

    fn with_role(bucket: Json, role: Json) -> Self {
        let mut stack = Stack::new("test", "A test");
        stack.parameter(
            "OutputPrefix",
            Parameter::text("What results start with").default("thumbs/"),
        );
        stack.add("Images", Bucket(bucket));
        stack.add("Results", Bucket(json!({})));
        let mut system = Self { stack };
        system.function_as("Resize", role);
        system
    }

    fn function(&mut self, id: &str, grants: &[(&str, Json)]) -> &mut Self {
        self.function_as(id, may(grants))
    }

    fn function_as(&mut self, id: &str, properties: Json) -> &mut Self {
        let role = format!("{id}Role");
        self.stack.add(&role, Role(properties));
        let properties = json!({ "Role": { "Fn::GetAtt": [role, "Arn"] } });
        self.stack.add(id, Function(properties));
        self
    }

    fn machine(&mut self, id: &str, grants: &[(&str, Json)]) -> &mut Self {
        let role = format!("{id}Role");
        self.stack.add(&role, Role(may(grants)));
        let properties = json!({ "RoleArn": { "Fn::GetAtt": [role, "Arn"] } });
        self.stack.add(id, Machine(properties));
        self
    }

    /// What the model refuses, a sentence each.
    fn refused(self) -> Vec<String> {
        match self.stack.build() {
            Ok(_) => Vec::new(),
            Err(error) => error.problems.iter().map(ToString::to_string).collect(),
        }
    }
}

/// The properties of a role that allows each action on a resource.
fn may(grants: &[(&str, Json)]) -> Json {
    let statements: Vec<Json> = grants
        .iter()
        .map(|(action, on)| json!({ "Effect": "Allow", "Action": [action], "Resource": [on] }))
        .collect();
    json!({ "Policies": [{ "PolicyDocument": { "Statement": statements } }] })
}

/// A bucket that notifies `Resize` of what is created under each prefix.
fn notifies(prefixes: &[&str]) -> Json {
    let configurations: Vec<Json> = prefixes
        .iter()
        .map(|prefix| {
            let mut configuration = json!({
                "Event": "s3:ObjectCreated:*",
                "Function": { "Fn::GetAtt": ["Resize", "Arn"] },
            });
            if !prefix.is_empty() {
                configuration["Filter"]["S3Key"]["Rules"] =
                    json!([{ "Name": "prefix", "Value": prefix }]);
            }
            configuration
        })
        .collect();
    json!({ "NotificationConfiguration": { "LambdaConfigurations": configurations } })
}

fn sub(text: &str) -> Json {
    json!({ "Fn::Sub": text })
}

fn put(text: &str) -> (&'static str, Json) {
    ("s3:PutObject", sub(text))
}

#[test]
fn results_under_the_prefix_that_is_listened_to_are_refused_with_both_prefixes() {
    let system = System::new(notifies(&["up/"]), &[put("${Images.Arn}/up/loads/*")]);
    assert_eq!(
        system.refused(),
        [
            "`Images` would trigger itself: `s3:ObjectCreated:*` of a key that starts with `up/` starts `Resize`, \
             which may `s3:PutObject` on `up/loads/*`: give the two prefixes of which neither is the start of the \
             other, or put results into another bucket"
        ]
    );
}

#[test]
fn neither_prefix_may_be_the_start_of_the_other() {
    for (listens, writes, expected) in [
        ("uploads/", "processed/*", 0),
        ("uploads/", "uploads2/*", 0),
        ("uploads/", "upload*", 1),
        ("up/", "up/loads/*", 1),
        ("up/loads/", "up/*", 1),
        ("up/loads/", "up/thumbs/*", 0),
        ("uploads/", "*", 1),
        ("uploads/", "*/thumbs/*", 1),
        ("uploads/", "?ploads/a", 1),
        ("uploads/", "thumbs/uploads/*", 0),
    ] {
        let grant = put(&format!("${{Images.Arn}}/{writes}"));
        let refused = System::new(notifies(&[listens]), &[grant]).refused();
        assert_eq!(
            refused.len(),
            expected,
            "{listens} and {writes}: {refused:?}"
        );
    }
}

#[test]
fn without_a_filter_every_result_in_the_same_bucket_is_refused() {
    let system = System::new(notifies(&[""]), &[put("${Images.Arn}/thumbs/*")]);
    let refused = system.refused();
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert!(
        refused[0].contains("of any key starts `Resize`")
            && refused[0]
                .contains("let the notification listen to a prefix that results do not have"),
        "{refused:?}"
    );
}

#[test]
fn results_in_another_bucket_are_taken() {
    for on in [
        "${Results.Arn}/*",
        "${Results.Arn}/${OutputPrefix}*",
        "arn:aws:s3:::elsewhere/*",
    ] {
        let mut bucket = notifies(&[""]);
        bucket["BucketName"] = sub("${AWS::StackName}-images");
        let refused = System::new(bucket, &[put(on)]).refused();
        assert_eq!(refused, [""; 0], "{on}");
    }
}

#[test]
fn a_prefix_that_is_chosen_when_deploying_cannot_be_shown_to_be_another() {
    let grant = put("${Images.Arn}/${OutputPrefix}*");
    let refused = System::new(notifies(&["uploads/"]), &[grant]).refused();
    assert_eq!(
        refused,
        [
            "`Images` would trigger itself: `s3:ObjectCreated:*` of a key that starts with `uploads/` starts `Resize`, \
             which may `s3:PutObject` on `${OutputPrefix}*`; whether that is listened to depends on the parameter \
             `OutputPrefix`, known only when the stack is deployed: write the prefix into the stack as an option, or \
             put results into another bucket"
        ]
    );
    // What stands before the parameter decides.
    let grant = put("${Images.Arn}/processed/${OutputPrefix}*");
    assert_eq!(
        System::new(notifies(&["uploads/"]), &[grant]).refused(),
        [""; 0]
    );
    let mut bucket = notifies(&["uploads/"]);
    bucket["NotificationConfiguration"]["LambdaConfigurations"][0]["Filter"]["S3Key"]["Rules"][0]
        ["Value"] = json!({ "Ref": "OutputPrefix" });
    let refused = System::new(bucket, &[put("${Images.Arn}/processed/*")]).refused();
    assert!(
        refused.len() == 1 && refused[0].contains("the parameter `OutputPrefix`"),
        "{refused:?}"
    );
}

#[test]
fn a_bucket_is_the_same_however_it_is_named() {
    let name = "${AWS::StackName}-images-${AWS::AccountId}-${AWS::Region}";
    for on in [
        format!("arn:${{AWS::Partition}}:s3:::{name}/uploads/*"),
        format!("arn:aws:s3:::{name}/uploads/*"),
        "${Images.Arn}/uploads/*".to_owned(),
        "arn:aws:s3:::${Images}/uploads/*".to_owned(),
        "*".to_owned(),
        "arn:aws:s3:::*".to_owned(),
        "arn:aws:s3:::*/uploads/*".to_owned(),
        format!("arn:aws:s3:::{name}*"),
    ] {
        let mut bucket = notifies(&["uploads/"]);
        bucket["BucketName"] = sub(name);
        let refused = System::new(bucket, &[put(&on)]).refused();
        assert_eq!(refused.len(), 1, "{on}: {refused:?}");
        assert!(
            refused[0].contains("which may `s3:PutObject` on"),
            "{refused:?}"
        );
    }
    for on in [
        "arn:aws:s3:::${AWS::StackName}-results-${AWS::AccountId}-${AWS::Region}/uploads/*",
        "arn:aws:s3:::${AWS::StackName}-images-${AWS::AccountId}-${AWS::Region}-old/uploads/*",
    ] {
        let mut bucket = notifies(&["uploads/"]);
        bucket["BucketName"] = sub(name);
        assert_eq!(System::new(bucket, &[put(on)]).refused(), [""; 0], "{on}");
    }
}

#[test]
fn every_notification_of_a_bucket_counts() {
    let system = System::new(notifies(&["a/", "b/"]), &[put("${Images.Arn}/b/*")]);
    let refused = system.refused();
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert!(refused[0].contains("starts with `b/`"), "{refused:?}");
    let system = System::new(notifies(&["a/", "b/"]), &[put("${Images.Arn}/c/*")]);
    assert_eq!(system.refused(), [""; 0]);
}

#[test]
fn a_suffix_keeps_results_apart_where_they_end_otherwise() {
    for (writes, expected) in [("*.webp", 0), ("*.jpg", 1), ("*", 1)] {
        let mut bucket = notifies(&["uploads/"]);
        let rules = &mut bucket["NotificationConfiguration"]["LambdaConfigurations"][0]["Filter"]["S3Key"]
            ["Rules"];
        *rules = json!([{ "Name": "Suffix", "Value": ".jpg" }]);
        let grant = put(&format!("${{Images.Arn}}/{writes}"));
        let refused = System::new(bucket, &[grant]).refused();
        assert_eq!(refused.len(), expected, "{writes}: {refused:?}");
    }
}

#[test]
fn wildcards_in_actions_count_and_other_actions_do_not() {
    for (action, expected) in [
        ("s3:*", 1),
        ("s3:Put*", 1),
        ("S3:PUTOBJECT", 1),
        ("*", 1),
        ("s3:GetObject", 0),
        ("s3:DeleteObject", 0),
        ("s3:PutObjectTagging", 0),
    ] {
        let grant = (action, sub("${Images.Arn}/uploads/*"));
        let refused = System::new(notifies(&["uploads/"]), &[grant]).refused();
        assert_eq!(refused.len(), expected, "{action}: {refused:?}");
    }
    let mut bucket = notifies(&["uploads/"]);
    bucket["NotificationConfiguration"]["LambdaConfigurations"][0]["Event"] =
        json!("s3:ObjectTagging:Put");
    let grant = ("s3:PutObjectTagging", sub("${Images.Arn}/uploads/*"));
    assert_eq!(System::new(bucket, &[grant]).refused().len(), 1);
}

#[test]
fn a_state_machine_and_a_function_behind_it_are_followed() {
    let start = ("states:StartExecution", sub("${Machine}"));
    let mut system = System::new(notifies(&["uploads/"]), &[start]);
    system
        .machine(
            "Machine",
            &[("lambda:InvokeFunction", sub("${Second.Arn}:*"))],
        )
        .function("Second", &[put("${Images.Arn}/uploads/*")])
        // Nobody starts this one.
        .function("Third", &[put("${Images.Arn}/uploads/*")]);
    let refused = system.refused();
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert!(
        refused[0].contains(
            "starts `Resize`, which may start `Machine`, which may start `Second`, which may `s3:PutObject`"
        ),
        "{refused:?}"
    );
}

#[test]
fn a_state_machine_that_writes_by_itself_is_followed() {
    let start = ("states:StartExecution", sub("${Machine.Arn}"));
    let mut system = System::new(notifies(&["uploads/"]), &[start]);
    system.machine("Machine", &[put("${Images.Arn}/uploads/report/*")]);
    assert_eq!(system.refused().len(), 1);
}

#[test]
fn a_queue_on_the_way_is_followed() {
    let send = ("sqs:SendMessage", json!({ "Fn::GetAtt": ["Jobs", "Arn"] }));
    let mut system = System::new(notifies(&["uploads/"]), &[send]);
    system.function("Worker", &[put("${Images.Arn}/uploads/*")]);
    system.stack.add("Jobs", Queue(json!({})));
    assert_eq!(System::new(notifies(&["uploads/"]), &[]).refused(), [""; 0]);
    system.stack.add(
        "Mapping",
        EventSourceMapping(json!({
            "EventSourceArn": { "Fn::GetAtt": ["Jobs", "Arn"] },
            "FunctionName": { "Ref": "Worker" },
        })),
    );
    let refused = system.refused();
    assert!(
        refused.len() == 1
            && refused[0].contains("which may start `Jobs`, which may start `Worker`"),
        "{refused:?}"
    );
}

#[test]
fn two_buckets_that_trigger_each_other_are_found_from_both() {
    let mut system = System::new(notifies(&["uploads/"]), &[put("${Second.Arn}/*")]);
    let mut second = notifies(&[""]);
    second["NotificationConfiguration"]["LambdaConfigurations"][0]["Function"] =
        json!({ "Fn::GetAtt": ["Back", "Arn"] });
    system.stack.add("Second", Bucket(second));
    system.function("Back", &[put("${Images.Arn}/uploads/*")]);
    let refused = system.refused();
    assert_eq!(refused.len(), 2, "{refused:?}");
    assert!(
        refused[0].starts_with("`Images` would") && refused[0].contains("which may start `Back`"),
        "{refused:?}"
    );
    assert!(refused[1].starts_with("`Second` would"), "{refused:?}");
}

#[test]
fn a_role_that_is_not_in_the_template_could_allow_anything() {
    let mut system = System::new(notifies(&["uploads/"]), &[]);
    system.function("Other", &[]);
    assert_eq!(system.refused(), [""; 0]);

    let mut stack = Stack::new("test", "A test");
    stack.add("Images", Bucket(notifies(&["uploads/"])));
    let role = json!({ "Role": "arn:aws:iam::123456789012:role/elsewhere" });
    stack.add("Resize", Function(role));
    let refused = System { stack }.refused();
    assert!(
        refused.len() == 1 && refused[0].contains("its role, which is not in the template"),
        "{refused:?}"
    );
}

/// Neither as a permission nor as the lack of one: what it is denied for may not be the case.
#[test]
fn what_a_role_is_denied_counts_for_nothing() {
    for (granted, denied, expected) in [
        ("${Images.Arn}/thumbs/*", "${Images.Arn}/uploads/*", 0),
        ("${Images.Arn}/uploads/*", "${Images.Arn}/uploads/*", 1),
    ] {
        let mut role = may(&[put(granted), put(denied)]);
        role["Policies"][0]["PolicyDocument"]["Statement"][1]["Effect"] = json!("Deny");
        let refused = System::with_role(notifies(&["uploads/"]), role).refused();
        assert_eq!(refused.len(), expected, "{granted} {denied}: {refused:?}");
    }
}

#[test]
fn what_the_bucket_itself_allows_counts() {
    for (principal, effect, expected) in [
        (
            json!({ "AWS": { "Fn::GetAtt": ["ResizeRole", "Arn"] } }),
            "Allow",
            1,
        ),
        (json!("*"), "Allow", 1),
        (json!("*"), "Deny", 0),
        (json!({ "Service": "cloudfront.amazonaws.com" }), "Allow", 0),
    ] {
        let mut system = System::new(notifies(&["uploads/"]), &[]);
        let policy = json!({ "PolicyDocument": { "Statement": [{
            "Effect": effect,
            "Principal": principal,
            "Action": ["s3:PutObject"],
            "Resource": [sub("${Images.Arn}/*")],
        }] } });
        system.stack.add("Policy", BucketPolicy(policy));
        let refused = system.refused();
        assert_eq!(refused.len(), expected, "{principal} {effect}: {refused:?}");
    }
}

#[test]
fn a_condition_counts_by_both_of_its_sides() {
    let either = |on: &str| {
        let results = sub("${Results.Arn}/*");
        (
            "s3:PutObject",
            json!({ "Fn::If": ["Same", sub(on), results] }),
        )
    };
    let grant = either("${Images.Arn}/uploads/*");
    assert_eq!(
        System::new(notifies(&["uploads/"]), &[grant])
            .refused()
            .len(),
        1
    );
    let grant = either("${Images.Arn}/thumbs/*");
    assert_eq!(
        System::new(notifies(&["uploads/"]), &[grant]).refused(),
        [""; 0]
    );
}

#[test]
fn single_bucket_takes_prefixes_that_keep_apart_only() {
    let build = |uploads: &str, processed: &str| {
        let prefix = |text| Prefix::new(text).expect("a prefix");
        let stack = SingleBucket {
            uploads: prefix(uploads),
            processed: prefix(processed),
            ..SingleBucket::default()
        };
        match stack.template() {
            Ok(_) => Vec::new(),
            Err(error) => error.problems.iter().map(ToString::to_string).collect(),
        }
    };
    assert_eq!(build("in/", "out/"), [""; 0]);
    assert_eq!(build("images/in/", "images/out/"), [""; 0]);
    for (uploads, processed) in [("up/", "up/loads/"), ("up/loads/", "up/"), ("up/", "up/")] {
        let refused: Vec<String> = build(uploads, processed);
        assert!(
            refused.iter().any(|problem| {
                problem.contains(&format!("starts with `{uploads}`"))
                    && problem.contains(&format!("`s3:PutObject` on `{processed}*`"))
            }),
            "{uploads} and {processed}: {refused:?}"
        );
    }
}
