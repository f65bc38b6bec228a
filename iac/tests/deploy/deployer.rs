//! Whoever has the policies of `generated/` and nothing else, on an engine that asks for them.
//!
//! It asks for what a person calls. What CloudFormation does for that person it does without asking:
//! `validators/handlers.rs` compares that with what AWS says.

use std::process::Command;

use aws_sdk_s3::primitives::ByteStream;
use iac::deployer::{Policy, policies};
use iac::stacks;
use serde_json::Value;

use crate::code::Code;
use crate::deployed::ACCOUNT;
use crate::engine::{Engine, with_engine};
use crate::program::{Ended, run};
use crate::tools;

/// Makes a user with managed policies, and an access key.
const MAKE: &str = "\
import boto3, json, sys
iam = boto3.client('iam')
_, name, *documents = sys.argv
iam.create_user(UserName=name)
for number, document in enumerate(documents):
    policy = iam.create_policy(PolicyName=f'{name}-{number}', PolicyDocument=document)['Policy']
    iam.attach_user_policy(UserName=name, PolicyArn=policy['Arn'])
key = iam.create_access_key(UserName=name)['AccessKey']
json.dump([key['AccessKeyId'], key['SecretAccessKey']], sys.stdout)";

/// A user with an access key.
struct Person {
    key: String,
    secret: String,
}

impl Person {
    /// A user who may do what some policies allow, and nothing else.
    fn new(engine: &Engine, name: &str, policies: &[Policy]) -> Self {
        let documents: Vec<_> = policies.iter().map(|it| it.document.to_string()).collect();
        let mut made = engine.bare(&tools::python().expect("an engine runs"));
        made.args(["-c", MAKE, name]).args(documents);
        let made = made.output().expect("a program");
        assert!(made.status.success(), "{made:?}");
        let key: [String; 2] = serde_json::from_slice(&made.stdout).expect("a key");
        let [key, secret] = key;
        Self { key, secret }
    }

    fn command(&self, engine: &Engine, arguments: &[&str]) -> Command {
        let mut command = engine.iac(arguments);
        command
            .env("AWS_ACCESS_KEY_ID", &self.key)
            .env("AWS_SECRET_ACCESS_KEY", &self.secret);
        command
    }

    /// Runs a command, which tells neither the account nor a secret.
    fn iac(&self, engine: &Engine, arguments: &[&str]) -> Ended {
        let ended = run(self.command(engine, arguments));
        for hidden in [ACCOUNT, &self.secret] {
            let told = format!("{}{}", ended.out, ended.errors);
            assert!(!told.contains(hidden), "it tells {hidden}: {ended:?}");
        }
        ended
    }

    /// Runs a command that must succeed.
    fn may(&self, engine: &Engine, arguments: &[&str]) -> Ended {
        let ended = self.iac(engine, arguments);
        assert_eq!(ended.code, Some(0), "{arguments:?}: {ended:?}");
        ended
    }
}

/// The policies of a stack: the deployer's, and all.
fn policies_of(stack: &str) -> (Vec<Policy>, Vec<Policy>) {
    let entry = stacks::find(stack).expect("a stack");
    let template = entry.template().expect("it holds together");
    let all = policies(&template);
    let deployers = all.iter().filter(|it| it.name.starts_with("deployer"));
    (deployers.cloned().collect(), all)
}

#[test]
fn the_deployers_policy_is_enough_and_none_is_not() {
    with_engine("the_deployers_policy_is_enough", |engine| {
        let code = Code::of_version(1);
        let zips = code.path().to_str().expect("text");
        for stack in ["resize-api", "upload-metadata"] {
            let nobody = Person::new(engine, &format!("nobody-{stack}"), &[]);
            let refused = nobody.iac(engine, &["plan", stack, "--code", zips]);
            assert_eq!(refused.code, Some(5), "{refused:?}");
            let deployer = Person::new(engine, &format!("jane-{stack}"), &policies_of(stack).0);
            // The same for another stack is not allowed: the policy is of this one.
            let other = ["deploy", stack, "--name", "other", "--yes", "--code", zips];
            assert_eq!(deployer.iac(engine, &other).code, Some(5));

            deployer.may(engine, &["plan", stack, "--code", zips]);
            deployer.may(engine, &["deploy", stack, "--yes", "--code", zips]);
            let unchanged = deployer.may(engine, &["deploy", stack, "--code", zips]);
            assert!(unchanged.out.contains("nothing to deploy"), "{unchanged:?}");
            let changed = ["--parameter", "MaxWidth=1024", "--tag", "owner=jane"];
            let changed = [&["deploy", stack, "--yes", "--code", zips][..], &changed].concat();
            deployer.may(engine, &changed);
            for command in ["status", "events", "attach"] {
                deployer.may(engine, &[command, stack, "--format", "json"]);
            }
            let outputs = run(deployer.command(engine, &["outputs", stack]));
            assert_eq!(outputs.code, Some(0), "{outputs:?}");
            let difference = deployer.iac(engine, &["diff", stack]);
            assert!(matches!(difference.code, Some(0 | 1)), "{difference:?}");
            let drift = deployer.iac(engine, &["drift", stack]);
            assert!(matches!(drift.code, Some(0 | 1)), "{drift:?}");
        }
    });
}

#[test]
fn emptying_a_bucket_takes_the_operators_policy() {
    with_engine("emptying_a_bucket_takes", |engine| {
        let code = Code::of_version(1);
        let zips = code.path().to_str().expect("text");
        let (deployers, all) = policies_of("resize-api");
        let deployer = Person::new(engine, "jane", &deployers);
        deployer.may(engine, &["deploy", "resize-api", "--yes", "--code", zips]);
        let outputs = run(deployer.command(engine, &["outputs", "resize-api", "--format", "json"]));
        let outputs: Value = serde_json::from_str(&outputs.out).expect("JSON");
        let bucket = outputs["SourceBucketName"]
            .as_str()
            .unwrap_or_else(|| panic!("a name: {outputs}"));
        let put = engine.account().s3().put_object().bucket(bucket).key("a");
        let put = put.body(ByteStream::from_static(b"a photo")).send();
        engine.runtime.block_on(put).expect("an object");

        let destroy = ["destroy", "resize-api", "--yes", "--empty", "SourceBucket"];
        let refused = deployer.iac(engine, &destroy);
        assert_eq!(refused.code, Some(5), "{refused:?}");
        assert_eq!(
            engine.status("resize-api").as_deref(),
            Some("CREATE_COMPLETE")
        );
        let operator = Person::new(engine, "joe", &all);
        operator.may(engine, &destroy);
        assert_eq!(engine.status("resize-api"), None);
    });
}
