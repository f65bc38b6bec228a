//! From nothing to a served API.

use std::collections::BTreeMap;
use std::path::PathBuf;

use axum::body::Bytes;
use axum::http::Method;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::deploy::{DeployError, Deployment};
use super::engine::{AccessError, Answer, Engine};
use super::functions::{self, Executables};
use super::gateway::{Api, Exchange, Gateway, Route, Server, listen};
use super::storage::Storage;
use super::template::DeployedStack;
use super::{LocalError, Reporter, concurrency, notifications, setup};

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
    /// Where the functions' executables are.
    pub executables: Executables,
    /// Parameters of the stack, beside those that a run knows by itself.
    pub parameters: BTreeMap<String, String>,
    /// Port of the API; 0 for any free one.
    pub port: u16,
    /// Whether the page that uploads is served too, at `/`.
    pub with_page: bool,
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
    /// CloudFormation in it, for the stack.
    pub deployment: Deployment,
    /// The stack as it is deployed.
    pub deployed: DeployedStack,
    /// Its buckets.
    pub storage: Storage,
    /// The stack's outputs.
    pub outputs: BTreeMap<String, String>,
    /// The API's methods.
    pub routes: Vec<Route>,
    stage: String,
}

impl Session {
    /// Starts an engine, deploys the stack and serves its API.
    ///
    /// # Errors
    /// Any step fails; nothing is left running then.
    pub async fn start(options: &Options, reporter: &Reporter) -> Result<Self, LocalError> {
        // What can be wrong on this machine comes first: it is known at once.
        let source = setup::read_template(options)?;
        let paths = functions::paths(&source.functions, &options.executables)?;
        let listener = listen(options.port).await?;
        // Compressing takes about as long as the engine's start. A bad executable ends the start as well.
        let package = async { Ok(functions::package(&paths).await?) };
        let engine = setup::start_engine(options, reporter);
        let (packages, mut engine) = tokio::try_join!(package, engine)?;
        let origin = setup::Origin::of(&listener)?;
        let code: Vec<_> = source.functions.iter().zip(paths).zip(packages).collect();
        let deployed = setup::deploy(options, reporter, &engine, &source, &code, origin).await;
        let served = match deployed {
            Ok(deployment) => Self::serve(options, &engine, deployment, listener).await,
            Err(error) => Err(error),
        };
        match served {
            Ok(parts) => Ok(parts.with(engine)),
            Err(error) => Err(error.keeping_log_of(&mut engine, *reporter)),
        }
    }

    async fn serve(
        options: &Options,
        engine: &Engine,
        deployment: Deployment,
        listener: TcpListener,
    ) -> Result<Served, LocalError> {
        let (observer, exchanges) = unbounded_channel();
        let deployed = deployment.deployed().await?;
        notifications::check(&deployed)?;
        concurrency::reserve(&deployed, engine.access()).await?;
        let api = Api::of_stack(&deployed)?;
        let outputs = deployment.outputs().await?;
        let routes = api.routes().collect();
        let stage = api.stage.clone();
        let gateway = Gateway::new(api, engine.access().clone(), observer);
        Ok(Served {
            server: Server::start(listener, gateway, options.with_page)?,
            exchanges,
            deployment,
            deployed,
            outputs,
            routes,
            stage,
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
        self.send(route, &route.path, "application/json", body.into())
            .await
    }

    /// Sends a request to a method of the API, with what lets a client in. The path is that of the method
    /// with its parameters filled in, and with a query where one is wanted.
    ///
    /// # Errors
    /// The API does not answer. A refusal is an [`Answer`].
    pub async fn send(
        &self,
        route: &Route,
        path: &str,
        content_type: &str,
        body: Bytes,
    ) -> Result<Answer, AccessError> {
        let access = self.engine.access();
        let method = Method::from_bytes(route.method.as_bytes()).unwrap_or_default();
        let mut headers = Vec::new();
        if !body.is_empty() {
            headers.push(("content-type", content_type));
        }
        headers.extend(route.api_key.as_deref().map(|key| ("x-api-key", key)));
        let signature = route.signed.then_some(("execute-api", &access.credentials));
        let url = format!("{}{path}", self.url());
        access
            .send_to(method, &url, signature, &headers, body)
            .await
    }

    /// An output of the stack.
    ///
    /// # Errors
    /// It has no such output.
    pub fn output(&self, name: &str) -> Result<&str, LocalError> {
        Ok(self.outputs.get(name).ok_or_else(|| self.lacks(name))?)
    }

    /// A method of the API by its path without the stage.
    ///
    /// # Errors
    /// It has no such method.
    pub fn route(&self, method: &str, path: &str) -> Result<&Route, LocalError> {
        let wanted = format!("/{}{path}", self.stage);
        let mut routes = self.routes.iter();
        let found = routes.find(|route| route.method == method && route.path == wanted);
        Ok(found.ok_or_else(|| self.lacks(&format!("{method} {path}")))?)
    }

    fn lacks(&self, name: &str) -> DeployError {
        DeployError::NoOutput {
            stack: self.deployed.pseudo.stack_name.clone(),
            output: name.to_owned(),
        }
    }

    /// Ends everything, in order.
    pub async fn stop(self) {
        self.server.stop().await;
        drop(self.engine);
    }
}

/// A [`Session`] without its engine, which goes with it only when all is well.
struct Served {
    server: Server,
    exchanges: UnboundedReceiver<Exchange>,
    deployment: Deployment,
    deployed: DeployedStack,
    outputs: BTreeMap<String, String>,
    routes: Vec<Route>,
    stage: String,
}

impl Served {
    fn with(self, engine: Engine) -> Session {
        Session {
            storage: Storage::new(engine.access()),
            server: self.server,
            exchanges: self.exchanges,
            engine,
            deployment: self.deployment,
            deployed: self.deployed,
            outputs: self.outputs,
            routes: self.routes,
            stage: self.stage,
        }
    }
}
