//! An engine without any stack in it.

use std::process::Command;

use aws_config::{BehaviorVersion, Region};
use aws_sdk_cloudformation::types::ResourceSignalStatus;
use iac::aws::cloudformation::{ChangeSet, ChangeSetRequest, Described, Proposed, StackClient};
use iac::aws::{Account, AwsError};
use iac::local::engine::REGION;
use tokio::runtime::Runtime;

use crate::{program, skip, tools};

/// An engine that runs until the test ends.
pub(crate) struct Engine {
    pub(crate) runtime: Runtime,
    engine: iac::local::engine::Engine,
}

/// Runs `test` with an engine of its own, or says why it cannot.
pub(crate) fn with_engine(test_name: &str, test: impl FnOnce(&Engine)) {
    match tools::python() {
        Ok(python) => {
            let runtime = Runtime::new().expect("a runtime");
            let started = iac::local::engine::Engine::start(&python, None);
            let engine = runtime.block_on(started).expect("an engine");
            test(&Engine { runtime, engine });
        }
        Err(missing) => skip::skip(test_name, &missing),
    }
}

impl Engine {
    /// Its address.
    pub(crate) fn endpoint(&self) -> String {
        self.engine.access().endpoint()
    }

    /// What nobody is told.
    pub(crate) fn secret(&self) -> &str {
        self.engine.access().credentials.secret_access_key()
    }

    /// `iac` as someone who may do everything here.
    pub(crate) fn iac(&self, arguments: &[&str]) -> Command {
        program::signed_in(arguments, self.engine.access())
    }

    /// Another program, in the same place as the same person.
    pub(crate) fn bare(&self, program: &std::path::Path) -> Command {
        let access = self.engine.access();
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("AWS_ENDPOINT_URL", access.endpoint())
            .env("AWS_DEFAULT_REGION", REGION)
            .env("AWS_ACCESS_KEY_ID", access.credentials.access_key_id())
            .env(
                "AWS_SECRET_ACCESS_KEY",
                access.credentials.secret_access_key(),
            );
        command
    }

    /// The same as an account.
    pub(crate) fn account(&self) -> Account {
        let config = aws_config::SdkConfig::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new(REGION))
            .endpoint_url(self.endpoint())
            .credentials_provider(
                aws_sdk_cloudformation::config::SharedCredentialsProvider::new(
                    self.engine.access().credentials.clone(),
                ),
            )
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .build();
        Account::of(config).expect("a region")
    }

    /// A stack, which may not be there.
    pub(crate) fn stack(&self, name: &str) -> StackClient {
        StackClient::new(&self.account(), name)
    }

    pub(crate) fn describe(&self, name: &str) -> Option<Described> {
        let stack = self.stack(name);
        self.runtime.block_on(stack.describe()).expect("an answer")
    }

    pub(crate) fn status(&self, name: &str) -> Option<String> {
        self.describe(name).map(|stack| stack.status)
    }

    /// Proposes a template as a stack.
    pub(crate) fn propose(&self, name: &str, template: &str) -> Result<Proposed, AwsError> {
        let request = ChangeSetRequest {
            template: template.to_owned(),
            parameters: Vec::new(),
            tags: [("owner".to_owned(), "photos".to_owned())].into(),
            role_arn: None,
            description: "a test".to_owned(),
        };
        self.runtime.block_on(self.stack(name).propose(&request))
    }

    /// Begins to make a stack what a template says.
    pub(crate) fn begin(&self, name: &str, template: &str) -> ChangeSet {
        let Proposed::Changes(changes) = self.propose(name, template).expect("a proposal") else {
            panic!("{name} is what it shall be already");
        };
        let executed = self.stack(name);
        self.runtime
            .block_on(executed.execute(&changes))
            .expect("executed");
        changes
    }

    /// Makes a stack what a template says, and gives its status.
    pub(crate) fn deploy(&self, name: &str, template: &str) -> String {
        self.begin(name, template);
        let ended = program::run(self.iac(&["attach", name, "--format", "json"]));
        ended.event("finished")["status"]
            .as_str()
            .expect("a status")
            .to_owned()
    }

    /// Tells a resource that waits how it goes on.
    pub(crate) fn signal(&self, stack: &str, resource: &str, status: ResourceSignalStatus) {
        let signal = self
            .account()
            .cloudformation()
            .signal_resource()
            .stack_name(stack)
            .logical_resource_id(resource)
            .unique_id("test")
            .status(status);
        self.runtime.block_on(signal.send()).expect("signalled");
    }
}
