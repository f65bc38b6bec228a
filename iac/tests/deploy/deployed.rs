//! Stacks of this project in an engine: deployed, and looked at.

use iac::aws::cloudformation::{ChangeSetRequest, Operation, ParameterValue, Proposed};
use iac::stacks::Bootstrap;
use serde_json::Value;

use crate::code::Code;
use crate::engine::Engine;
use crate::program::{Ended, run};

/// MiniStack's account.
pub(crate) const ACCOUNT: &str = "000000000000";

impl Engine {
    /// `iac deploy` with facts for a program.
    pub(crate) fn run_deploy(&self, code: &Code, arguments: &[&str]) -> Ended {
        self.run_quietly("deploy", code, arguments)
    }

    /// The plan of `iac plan`.
    pub(crate) fn plan(&self, code: &Code, arguments: &[&str]) -> Value {
        let ended = self.run_quietly("plan", code, arguments);
        assert_eq!(ended.code, Some(0), "{ended:?}");
        serde_json::from_str(&ended.out).expect("JSON")
    }

    /// A command that must not tell who is there: neither the account nor a secret.
    fn run_quietly(&self, command: &str, code: &Code, arguments: &[&str]) -> Ended {
        let folder = code.path().to_str().expect("text");
        let mut all = vec![command];
        all.extend_from_slice(arguments);
        all.extend_from_slice(&["--code", folder]);
        if !arguments.contains(&"--format") {
            all.extend_from_slice(&["--format", "json"]);
        }
        let ended = run(self.iac(&all));
        for secret in [ACCOUNT, self.secret()] {
            let told = format!("{}{}", ended.out, ended.errors);
            assert!(!told.contains(secret), "it tells {secret}: {ended:?}");
        }
        ended
    }

    /// Deploys what must succeed.
    pub(crate) fn deployed(&self, code: &Code, arguments: &[&str]) -> Ended {
        let ended = self.run_deploy(code, arguments);
        assert_eq!(ended.code, Some(0), "{ended:?}");
        ended
    }

    /// The value of a parameter.
    pub(crate) fn parameter(&self, stack: &str, name: &str) -> String {
        let described = self.describe(stack).expect("a stack");
        described.parameters[name].clone()
    }

    /// The stacks there are, with their statuses.
    pub(crate) fn stacks(&self) -> Vec<(String, String)> {
        let client = self.account().cloudformation();
        let listed = self.runtime.block_on(client.describe_stacks().send());
        let listed = listed.expect("stacks");
        let pair = |stack: &aws_sdk_cloudformation::types::Stack| {
            let status = stack.stack_status().expect("a status");
            let name = stack.stack_name().expect("a name");
            (name.to_owned(), status.as_str().to_owned())
        };
        listed.stacks().iter().map(pair).collect()
    }

    /// The names of a stack's change sets.
    pub(crate) fn change_sets(&self, stack: &str) -> Vec<String> {
        let client = self.account().cloudformation();
        let listed = client.list_change_sets().stack_name(stack).send();
        let listed = self.runtime.block_on(listed).expect("change sets");
        let names = listed.summaries().iter();
        names
            .filter_map(|it| it.change_set_name().map(str::to_owned))
            .collect()
    }

    /// What a stack's policy denies.
    pub(crate) fn protected(&self, stack: &str) -> Vec<String> {
        let policy = self.runtime.block_on(self.stack(stack).policy());
        let policy = policy.expect("an answer").unwrap_or_default();
        let policy: Value = serde_json::from_str(&policy).unwrap_or_default();
        let denied = policy["Statement"][1]["Resource"].as_array().into_iter();
        let names = denied.flatten().filter_map(Value::as_str);
        names
            .map(|name| name.replace("LogicalResourceId/", ""))
            .collect()
    }

    /// A stack that was deployed from an earlier version of its template.
    pub(crate) fn deploy_earlier(&self, name: &str, template: &Value) {
        let text = |value: &str| ParameterValue::Value(value.to_owned());
        let required = template["Parameters"].as_object().expect("parameters");
        let required = required
            .iter()
            .filter(|(_, it)| it.get("Default").is_none());
        let request = ChangeSetRequest {
            template: template.to_string(),
            parameters: required
                .map(|(name, _)| (name.clone(), text("earlier")))
                .collect(),
            tags: std::collections::BTreeMap::new(),
            role_arn: None,
            description: "an earlier version".to_owned(),
        };
        let stack = self.stack(name);
        let executed = self.runtime.block_on(async {
            let Proposed::Changes(changes) = stack.propose(&request).await? else {
                panic!("nothing to do")
            };
            stack.execute(&changes).await
        });
        let _: Operation = executed.expect("executed");
        let ended = run(self.iac(&["attach", name]));
        assert_eq!(ended.code, Some(0), "{ended:?}");
    }

    /// Makes a bucket beside all stacks.
    pub(crate) fn create_bucket(&self, name: &str) {
        let made = self.account().s3().create_bucket().bucket(name).send();
        self.runtime.block_on(made).expect("a bucket");
    }

    pub(crate) fn delete_bucket(&self, name: &str) {
        let gone = self.account().s3().delete_bucket().bucket(name).send();
        self.runtime.block_on(gone).expect("deleted");
    }

    /// What the artifact bucket has under a key.
    pub(crate) fn artifact(&self, key: &str) -> Option<Vec<u8>> {
        let get = self.account().s3().get_object();
        self.runtime.block_on(async {
            let object = get.bucket(self.artifacts()).key(key).send().await.ok()?;
            Some(object.body.collect().await.expect("bytes").to_vec())
        })
    }

    pub(crate) fn delete_artifact(&self, key: &str) {
        let gone = self.account().s3().delete_object();
        let gone = gone.bucket(self.artifacts()).key(key).send();
        self.runtime.block_on(gone).expect("deleted");
    }

    /// Begins to update a stack, and leaves it as it is if that fails.
    pub(crate) fn begin_without_rollback(&self, name: &str, template: &str) {
        let Proposed::Changes(changes) = self.propose(name, template).expect("a proposal") else {
            panic!("{name} is what it shall be already");
        };
        let execute = self.account().cloudformation().execute_change_set();
        let execute = execute.change_set_name(changes.arn).stack_name(name);
        let executed = execute.disable_rollback(true).send();
        self.runtime.block_on(executed).expect("executed");
    }

    /// The name of the artifact bucket.
    pub(crate) fn artifacts(&self) -> String {
        let region = iac::local::engine::REGION;
        Bootstrap::bucket_name(Bootstrap::STACK_NAME, ACCOUNT, region)
    }
}

/// The template of a stack of this project.
pub(crate) fn template(stack: &str) -> Value {
    let entry = iac::stacks::find(stack).expect("a stack");
    entry.template().expect("a template").document().clone()
}
