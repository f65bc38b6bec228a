//! The steps of a start: the template, the engine, the code, the stack.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;

use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::deploy::{DeployError, Deployment};
use super::engine::{Engine, MINISTACK_VERSION};
use super::functions::FunctionsError;
use super::gateway::GatewayError;
use super::session::Options;
use super::storage::Storage;
use super::{LocalError, Reporter};
use crate::bundle::{self, StackFunction};
use crate::package::Package;

/// Where the functions' packages go. The stack only learns its name through a parameter.
const CODE_BUCKET: &str = "iac-local-code";

/// The parameter with the origins of websites that may use the API and upload.
const ORIGINS: &str = "AllowedOrigins";

/// A template as it was read.
pub(super) struct Source {
    text: String,
    read: Value,
    pub(super) functions: Vec<StackFunction>,
}

/// The port that the API will be served on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Origin(u16);

impl Origin {
    pub(super) fn of(listener: &TcpListener) -> Result<Self, LocalError> {
        let address = listener.local_addr();
        let address = address.map_err(|source| GatewayError::Listen {
            address: ([127, 0, 0, 1], 0).into(),
            source,
        })?;
        Ok(Self(address.port()))
    }

    /// Both names of this machine are origins of their own to a browser.
    fn both(self) -> String {
        format!("http://127.0.0.1:{0},http://localhost:{0}", self.0)
    }
}

pub(super) fn read_template(options: &Options) -> Result<Source, LocalError> {
    let path = options.generated.join(&options.stack).join("template.yaml");
    let text = match std::fs::read_to_string(&path) {
        Ok(template) => template,
        Err(source) => return Err(DeployError::Template { path, source }.into()),
    };
    let read: Value = match serde_yaml::from_str(&text) {
        Ok(read) => read,
        Err(source) => return Err(DeployError::NoTemplate { path, source }.into()),
    };
    check_parameters(options, &read)?;
    if options.with_page && !signs_uploads(&read) {
        return Err(LocalError::NoPage(options.stack.clone()));
    }
    Ok(Source {
        functions: bundle::functions(&read).map_err(FunctionsError::from)?,
        text,
        read,
    })
}

/// Whether the stack's API has what the page uploads by.
fn signs_uploads(template: &Value) -> bool {
    let resources = template["Resources"].as_object().into_iter().flatten();
    resources
        .filter(|(_, resource)| resource["Type"] == "AWS::ApiGateway::RestApi")
        .any(|(_, api)| api["Properties"]["Body"]["paths"]["/uploads"]["post"].is_object())
}

/// The engine takes any name without a word, and a value would then go nowhere.
fn check_parameters(options: &Options, template: &Value) -> Result<(), LocalError> {
    let known: Vec<&str> = template["Parameters"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, _)| name.as_str())
        .collect();
    let mut given = options.parameters.keys();
    match given.find(|name| !known.contains(&name.as_str())) {
        None => Ok(()),
        Some(name) => Err(LocalError::UnknownParameter {
            stack: options.stack.clone(),
            name: name.clone(),
            known: known.join(", "),
        }),
    }
}

pub(super) async fn start_engine(
    options: &Options,
    reporter: &Reporter,
) -> Result<Engine, LocalError> {
    let start = Instant::now();
    let engine = Engine::start(&options.python, options.engine_port).await?;
    let (endpoint, milliseconds) = (engine.access().endpoint(), elapsed(start));
    reporter.fact(
        "engine-started",
        json!({
            "engine": "MiniStack",
            "version": MINISTACK_VERSION,
            "endpoint": endpoint,
            "pid": engine.process_id(),
            "log": engine.log(),
            "milliseconds": milliseconds,
        }),
        &format!("MiniStack {MINISTACK_VERSION} runs at {endpoint} ({milliseconds} ms)"),
    );
    Ok(engine)
}

/// Uploads the code and deploys the stack. Parameters that are not given and that a run knows get their
/// values here.
pub(super) async fn deploy(
    options: &Options,
    reporter: &Reporter,
    engine: &Engine,
    source: &Source,
    code: &[((&StackFunction, PathBuf), Package)],
    origin: Origin,
) -> Result<Deployment, LocalError> {
    let mut parameters = options.parameters.clone();
    let mut give = |name: &str, value: String| {
        let has = source.read["Parameters"].get(name).is_some();
        if has && !parameters.contains_key(name) {
            parameters.insert(name.to_owned(), value);
        }
    };
    give("CodeBucket", CODE_BUCKET.to_owned());
    if let Some((_, package)) = code.first() {
        give("Architecture", package.architecture.to_string());
    }
    give(ORIGINS, origin.both());
    let storage = Storage::new(engine.access());
    storage.create_bucket(CODE_BUCKET).await?;
    for ((function, path), package) in code {
        let key = format!("{}.zip", package.sha256);
        storage.put(CODE_BUCKET, &key, package.zip.clone()).await?;
        let (name, bytes) = (&function.executable, package.zip.len());
        reporter.fact(
            "code-uploaded",
            json!({"function": name, "bucket": CODE_BUCKET, "key": key, "bytes": bytes, "architecture": package.architecture.to_string()}),
            &format!("{name} is packaged: {} of {}", size(bytes as u64), path.display()),
        );
        give(&function.key_parameter, key);
    }
    let deployment = Deployment::new(engine.access(), &options.stack);
    execute(options, reporter, &deployment, &source.text, &parameters).await?;
    Ok(deployment)
}

async fn execute(
    options: &Options,
    reporter: &Reporter,
    deployment: &Deployment,
    template: &str,
    parameters: &BTreeMap<String, String>,
) -> Result<(), LocalError> {
    let start = Instant::now();
    let change_set = deployment.propose(template, parameters).await?;
    for change in &change_set.changes {
        reporter.progress(&format!(
            "{} {} ({})",
            change.action, change.logical_id, change.kind
        ));
    }
    deployment
        .execute(|resource, status| reporter.progress(&format!("{resource}: {status}")))
        .await?;
    let (changes, milliseconds) = (change_set.changes.len(), elapsed(start));
    reporter.fact(
        "stack-deployed",
        json!({"stack": options.stack, "changes": changes, "milliseconds": milliseconds}),
        &format!(
            "The stack {} is deployed: {changes} resources in {milliseconds} ms",
            options.stack
        ),
    );
    Ok(())
}

/// Whole milliseconds since a moment.
pub(super) fn elapsed(start: Instant) -> u64 {
    u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// A number of bytes for people.
pub(super) fn size(bytes: u64) -> String {
    if bytes < 10_000 {
        format!("{bytes} bytes")
    } else {
        format!("{} KB", bytes.div_ceil(1000))
    }
}
