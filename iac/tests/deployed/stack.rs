//! A stack in an engine of its own.

use std::path::PathBuf;
use std::process::Command;

use iac::cfn::Template;
use iac::local::functions::Executables;
use iac::local::{Options, Reporter, Session};
use iac::output::OutputFormat;
use tokio::runtime::Runtime;

use crate::{program, skip, tools};

/// A stack that is deployed until the test ends.
pub(crate) struct Stack {
    pub(crate) runtime: Runtime,
    pub(crate) session: Session,
    pub(crate) name: String,
}

/// Runs `test` with a stack of its own, or says why it cannot.
pub(crate) fn with_stack(test_name: &str, template: &Template, test: impl FnOnce(&Stack)) {
    match Stack::start(template) {
        Ok(stack) => test(&stack),
        Err(missing) => skip::skip(test_name, &missing),
    }
}

/// `iac` as someone who may do everything in the stack's engine.
pub(crate) fn command(stack: &Stack, arguments: &[&str]) -> Command {
    let mut command = program::signed_in(arguments, stack.session.engine.access());
    command.args(["--stack", &stack.name]);
    command
}

impl Stack {
    fn start(template: &Template) -> Result<Self, String> {
        let executables = Executables {
            resize_image: Some(tools::bootstrap()?),
            folder: Some(tools::functions()?),
        };
        let folder = tempfile::tempdir().expect("a folder");
        for artifact in iac::artifacts::artifacts(template) {
            let path = folder.path().join(&artifact.path);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            std::fs::write(path, artifact.content).expect("written");
        }
        let options = Options {
            stack: template.name().to_owned(),
            generated: PathBuf::from(folder.path()),
            python: tools::python()?,
            engine_port: None,
            executables,
            parameters: [("MaxWidth".to_owned(), "32".to_owned())].into(),
            port: 0,
            with_page: false,
        };
        let runtime = Runtime::new().expect("a runtime");
        let started =
            runtime.block_on(Session::start(&options, &Reporter::new(OutputFormat::Json)));
        let session =
            started.unwrap_or_else(|error| panic!("{}", iac::local::causes::with_causes(&error)));
        Ok(Self {
            runtime,
            session,
            name: template.name().to_owned(),
        })
    }

    pub(crate) fn output(&self, name: &str) -> String {
        self.session.output(name).expect("an output").to_owned()
    }

    pub(crate) fn put(&self, bucket: &str, key: &str, bytes: Vec<u8>) {
        let put = self.session.storage.put(bucket, key, bytes);
        self.runtime.block_on(put).expect("stored");
    }

    /// The bytes of an object.
    pub(crate) fn read(&self, bucket: &str, key: &str) -> Vec<u8> {
        let get = self.session.storage.get(bucket, key);
        self.runtime.block_on(get).expect("there").bytes
    }

    /// Whether a bucket has an object under a key.
    pub(crate) fn has(&self, bucket: &str, key: &str) -> bool {
        let get = self.session.storage.get(bucket, key);
        self.runtime.block_on(get).is_ok()
    }
}
