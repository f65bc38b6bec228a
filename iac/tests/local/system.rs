//! One running system for all tests of a program.

use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

use iac::cfn::Template;
use iac::local::demo::{self, DemoError};
use iac::local::functions::Executables;
use iac::local::{Options, Reporter, Session};
use iac::output::OutputFormat;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::http::{self, Reply};

/// A system that runs until the test program ends.
pub(crate) struct System {
    pub(crate) runtime: Runtime,
    pub(crate) session: Session,
}

/// Runs `test` with the system, or says why it cannot.
pub(crate) fn with_system(name: &str, test: impl FnOnce(&System)) {
    static SYSTEM: OnceLock<Result<System, String>> = OnceLock::new();
    match SYSTEM.get_or_init(start) {
        Ok(system) => test(system),
        Err(missing) => crate::skip::skip(name, missing),
    }
}

fn start() -> Result<System, String> {
    System::of(crate::tools::root().join("generated"))
}

/// Runs `test` with a system of its own, whose template is this one.
pub(crate) fn with_system_of(name: &str, template: &Template, test: impl FnOnce(&System)) {
    let generated = written(template);
    match System::of(generated.path().to_owned()) {
        Ok(system) => test(&system),
        Err(missing) => crate::skip::skip(name, &missing),
    }
}

/// A folder as `iac synth` writes it.
pub(crate) fn written(template: &Template) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for artifact in iac::artifacts::artifacts(template) {
        let path = folder.path().join(&artifact.path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, artifact.content).expect("written");
    }
    folder
}

impl System {
    fn of(generated: PathBuf) -> Result<Self, String> {
        let executables = Executables {
            resize_image: Some(crate::tools::bootstrap()?),
            folder: None,
        };
        Self::start("resize-api", generated, executables, &[("MaxWidth", "320")])
    }

    /// Runs a stack whose template is in a folder.
    pub(crate) fn start(
        stack: &str,
        generated: PathBuf,
        executables: Executables,
        parameters: &[(&str, &str)],
    ) -> Result<Self, String> {
        let parameters = parameters.iter();
        let options = Options {
            stack: stack.to_owned(),
            generated,
            python: crate::tools::python()?,
            engine_port: None,
            executables,
            parameters: parameters
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            port: 0,
            with_page: false,
        };
        let runtime = Runtime::new().expect("a runtime");
        let session =
            runtime.block_on(Session::start(&options, &Reporter::new(OutputFormat::Json)));
        let session =
            session.unwrap_or_else(|error| panic!("{}", iac::local::causes::with_causes(&error)));
        Ok(Self { runtime, session })
    }

    pub(crate) fn port(&self) -> u16 {
        self.session
            .url()
            .rsplit(':')
            .next()
            .and_then(|port| port.parse().ok())
            .expect("a port")
    }

    pub(crate) fn output(&self, name: &str) -> String {
        self.session.output(name).expect("an output").to_owned()
    }

    pub(crate) fn put(&self, key: &str, bytes: Vec<u8>) {
        let bucket = self.output("SourceBucketName");
        self.runtime
            .block_on(self.session.storage.put(&bucket, key, bytes))
            .expect("stored");
    }

    /// POSTs a body as JSON.
    pub(crate) fn post(&self, body: &[u8]) -> Reply {
        self.post_as(&[("content-type", "application/json")], body)
    }

    pub(crate) fn post_as(&self, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        call(self, "POST", "/resize", headers, body)
    }

    /// Has an object resized and waits for the execution.
    pub(crate) fn resize(&self, key: &str) -> Result<Value, DemoError> {
        self.resize_with(key, &json!({}))
    }

    /// The same with options, an object.
    pub(crate) fn resize_with(&self, key: &str, options: &Value) -> Result<Value, DemoError> {
        let bucket = self.output("SourceBucketName");
        let mut request = json!({"bucket": bucket, "key": key});
        for (name, value) in options.as_object().expect("an object") {
            request[name] = value.clone();
        }
        let reply = self.post(request.to_string().as_bytes());
        assert_eq!(reply.status, 200, "{reply:?}");
        let execution = reply.json()["executionArn"]
            .as_str()
            .expect("an ARN")
            .to_owned();
        self.runtime.block_on(demo::wait(&self.session, &execution))
    }

    /// The input of an execution, as Step Functions has it.
    pub(crate) fn input_of(&self, execution: &str) -> String {
        let described = self.states("DescribeExecution", &json!({"executionArn": execution}));
        described["input"].as_str().expect("an input").to_owned()
    }

    /// Starts an execution without the API.
    pub(crate) fn start_execution(&self, machine: &str, input: &str) -> String {
        let started = self.states(
            "StartExecution",
            &json!({"stateMachineArn": machine, "input": input}),
        );
        started["executionArn"].as_str().expect("an ARN").to_owned()
    }

    fn states(&self, action: &str, request: &Value) -> Value {
        let access = self.session.engine.access();
        let target = format!("AWSStepFunctions.{action}");
        let headers = [
            ("x-amz-target", target.as_str()),
            ("content-type", "application/x-amz-json-1.0"),
        ];
        let answer = access.post(
            "states",
            &access.credentials,
            &headers,
            request.to_string().into(),
        );
        serde_json::from_slice(&self.runtime.block_on(answer).expect("an answer").body)
            .expect("JSON")
    }
}

/// Calls the API; one that is throttled tries again, because tests run side by side.
pub(crate) fn call(
    system: &System,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Reply {
    loop {
        let path = format!("/prod{path}");
        let reply = http::send(system.port(), method, &path, headers, body);
        if reply.status != 429 {
            return reply;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// The committed template.
pub(crate) fn template() -> String {
    let path = crate::tools::root().join("generated/resize-api/template.yaml");
    std::fs::read_to_string(path).expect("a template")
}
