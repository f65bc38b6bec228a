//! From nothing to a served API.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Instant;

use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::deploy::{DeployError, Deployment};
use super::engine::{AccessError, Answer, Engine, MINISTACK_VERSION};
use super::gateway::{Api, Exchange, Gateway, Route, Server, listen};
use super::storage::Storage;
use super::{LocalError, Reporter};
use crate::package::Package;
use crate::resources::lambda::Architecture;

/// Where the function's package goes. The stack only learns its name through a parameter.
const CODE_BUCKET: &str = "iac-local-code";

/// What to run.
#[derive(Debug, Clone)]
pub struct Options {
    /// Name of the stack, and of the folder that its template is in.
    pub stack: String,
    /// Folder with a folder for every stack.
    pub generated: PathBuf,
    /// Python with `MiniStack`.
    pub python: PathBuf,
    /// Port of the engine; any free one if there is none.
    pub engine_port: Option<u16>,
    /// The function's executable.
    pub bootstrap: PathBuf,
    /// Parameters of the stack, beside those for the code.
    pub parameters: BTreeMap<String, String>,
    /// Port of the API; 0 for any free one.
    pub port: u16,
}

/// A running system. Dropping it ends everything.
#[derive(Debug)]
pub struct Session {
    // The server goes before the engine that it needs.
    server: Server,
    /// Requests to the API, as they are answered.
    pub exchanges: UnboundedReceiver<Exchange>,
    /// The engine.
    pub engine: Engine,
    /// The stack in it.
    pub deployment: Deployment,
    /// Its buckets.
    pub storage: Storage,
    /// The stack's outputs.
    pub outputs: BTreeMap<String, String>,
    /// The stack's parameters.
    pub parameters: BTreeMap<String, String>,
    /// The API's methods.
    pub routes: Vec<Route>,
    stack: String,
}

impl Session {
    /// Starts an engine, deploys the stack and serves its API.
    ///
    /// # Errors
    /// Any step fails; nothing is left running then.
    pub async fn start(options: &Options, reporter: &Reporter) -> Result<Self, LocalError> {
        // What can be wrong on this machine comes first: it is known at once.
        let template = read_template(options)?;
        let listener = listen(options.port).await?;
        let bootstrap = options.bootstrap.clone();
        let package = async {
            // Compressing takes about as long as the engine's start.
            let packaging =
                move || Package::from_executable(&bootstrap, Architecture::of_this_machine());
            let package = tokio::task::spawn_blocking(packaging).await;
            Ok(package.map_err(|error| LocalError::Runtime(error.into()))??)
        };
        // A bad executable ends the engine's start as well.
        let engine = start_engine(options, reporter);
        let (package, mut engine) = tokio::try_join!(package, engine)?;
        match set_up(options, reporter, &mut engine, &template, &package).await {
            Ok(deployment) => Self::serve(options, reporter, engine, deployment, listener).await,
            Err(error) => Err(error.keeping_log_of(&mut engine, *reporter)),
        }
    }

    async fn serve(
        options: &Options,
        reporter: &Reporter,
        mut engine: Engine,
        deployment: Deployment,
        listener: tokio::net::TcpListener,
    ) -> Result<Self, LocalError> {
        let (observer, exchanges) = unbounded_channel();
        let set_up = async {
            let stack = deployment.deployed().await?;
            let api = Api::of_stack(&stack)?;
            let outputs = deployment.outputs().await?;
            let routes = api.routes().collect();
            let gateway = Gateway::new(api, engine.access().clone(), observer);
            Ok::<_, LocalError>((stack.parameters, routes, gateway, outputs))
        };
        let (parameters, routes, gateway, outputs) = match set_up.await {
            Ok(ready) => ready,
            Err(error) => return Err(error.keeping_log_of(&mut engine, *reporter)),
        };
        let server = Server::start(listener, gateway)?;
        let storage = Storage::new(engine.access());
        Ok(Self {
            server,
            exchanges,
            engine,
            deployment,
            storage,
            outputs,
            parameters,
            routes,
            stack: options.stack.clone(),
        })
    }

    /// Where the API is: `http://127.0.0.1:8080`.
    pub fn url(&self) -> String {
        format!("http://{}", self.server.address)
    }

    /// Posts JSON to a method of the API, with what lets a client in.
    ///
    /// # Errors
    /// The API does not answer. A refusal is an [`Answer`].
    pub async fn call(&self, route: &Route, body: String) -> Result<Answer, AccessError> {
        let access = self.engine.access();
        let mut headers = vec![("content-type", "application/json")];
        headers.extend(route.api_key.as_deref().map(|key| ("x-api-key", key)));
        let signature = route.signed.then_some(("execute-api", &access.credentials));
        access
            .post_to(
                self.server.address,
                &route.path,
                signature,
                &headers,
                body.into(),
            )
            .await
    }

    /// An output of the stack.
    ///
    /// # Errors
    /// It has no such output.
    pub fn output(&self, name: &str) -> Result<&str, LocalError> {
        let missing = || DeployError::NoOutput {
            stack: self.stack.clone(),
            output: name.to_owned(),
        };
        Ok(self.outputs.get(name).ok_or_else(missing)?)
    }

    /// The first method that takes a POST.
    ///
    /// # Errors
    /// There is none.
    pub fn post_route(&self) -> Result<&Route, LocalError> {
        let missing = || DeployError::NoOutput {
            stack: self.stack.clone(),
            output: "a POST method".to_owned(),
        };
        Ok(self
            .routes
            .iter()
            .find(|route| route.method == "POST")
            .ok_or_else(missing)?)
    }

    /// Ends everything, in order.
    pub async fn stop(self) {
        self.server.stop().await;
        drop(self.engine);
    }
}

fn read_template(options: &Options) -> Result<String, LocalError> {
    let path = options.generated.join(&options.stack).join("template.yaml");
    let template = match std::fs::read_to_string(&path) {
        Ok(template) => template,
        Err(source) => return Err(DeployError::Template { path, source }.into()),
    };
    match serde_yaml::from_str(&template) {
        Ok(read) => check_parameters(options, &read)?,
        Err(source) => return Err(DeployError::NoTemplate { path, source }.into()),
    }
    Ok(template)
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

async fn start_engine(options: &Options, reporter: &Reporter) -> Result<Engine, LocalError> {
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

async fn set_up(
    options: &Options,
    reporter: &Reporter,
    engine: &mut Engine,
    template: &str,
    package: &Package,
) -> Result<Deployment, LocalError> {
    let storage = Storage::new(engine.access());
    let key = format!("{}.zip", package.sha256);
    storage.create_bucket(CODE_BUCKET).await?;
    storage.put(CODE_BUCKET, &key, package.zip.clone()).await?;
    reporter.fact(
        "code-uploaded",
        json!({"bucket": CODE_BUCKET, "key": key, "bytes": package.zip.len(), "architecture": package.architecture.to_string()}),
        &format!("The function is packaged: {} of {}", size(package.zip.len() as u64), options.bootstrap.display()),
    );
    let mut parameters = options.parameters.clone();
    parameters
        .entry("CodeBucket".to_owned())
        .or_insert_with(|| CODE_BUCKET.to_owned());
    parameters.entry("CodeKey".to_owned()).or_insert(key);

    let start = Instant::now();
    let deployment = Deployment::new(engine.access(), &options.stack);
    let change_set = deployment.propose(template, &parameters).await?;
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
    Ok(deployment)
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
