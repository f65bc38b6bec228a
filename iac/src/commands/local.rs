//! `iac local`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use super::Outcome;
use crate::local::engine::Engine;
use crate::local::functions::Executables;
use crate::local::introduction::introduce;
use crate::local::{LocalError, Options, Reporter, Session, Signals, browser, demo, storage};
use crate::output::OutputFormat;
use crate::project;

/// Where the API is served, so that a call can be repeated from the shell's history.
const DEFAULT_PORT: u16 = 8080;

/// The system chooses.
const FREE_PORT: u16 = 0;

/// Run the whole system on this machine: no AWS account, no Docker.
///
/// Starts MiniStack on loopback with an environment of its own, deploys the stack's template unmodified
/// through a change set, runs the real function, and serves the REST API as API Gateway would. Everything
/// ends with this command.
#[derive(Debug, Clone, Args)]
#[command(after_help = EXAMPLES)]
pub struct LocalArgs {
    /// Stack to run
    #[arg(long, default_value = "resize-api")]
    pub stack: String,
    /// Folder that `iac synth` writes to [default: generated/ of the project you are in]
    #[arg(long, value_name = "DIR")]
    pub generated: Option<PathBuf>,
    /// Python with MiniStack; `make venv` makes it [default: .venv/bin/python of the project
    /// you are in]
    #[arg(long, value_name = "PATH")]
    pub python: Option<PathBuf>,
    /// Executable of resize-image, built for this machine [default: as of the other functions]
    #[arg(long, value_name = "PATH")]
    pub bootstrap: Option<PathBuf>,
    /// Folder with the functions' executables, built for this machine [default: the folder of this
    /// program, or target/release]
    #[arg(long, value_name = "DIR")]
    pub functions: Option<PathBuf>,
    /// Port of the API on 127.0.0.1; 0 takes a free one [default: 8080; a free one with --demo]
    #[arg(long)]
    pub port: Option<u16>,
    /// Port of the engine on 127.0.0.1 [default: a free one]
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    pub engine_port: Option<u16>,
    /// Parameter of the stack; may be given several times
    #[arg(long = "parameter", value_name = "KEY=VALUE")]
    pub parameters: Vec<String>,
    /// Put a file into the source bucket under its own name; may be given several times
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub upload: Vec<PathBuf>,
    /// Serve a page at / of the API's origin that uploads images and shows the results, and open it in the
    /// browser
    #[arg(long, conflicts_with = "demo")]
    pub open: bool,
    /// Send this photo through the system, tell what happens, and end
    #[arg(long, value_name = "FILE")]
    pub demo: Option<PathBuf>,
    /// Where the demo's result goes [default: target/demo/ of the project you are in]
    #[arg(long, value_name = "DIR")]
    pub demo_out: Option<PathBuf>,
    /// `text` for people; `json` for one object a line, each with an `event`: starting, engine-started,
    /// code-uploaded, stack-deployed, uploaded, serving, request, demo-signed, demo-uploaded,
    /// demo-started, demo-succeeded, demo-finished, kept, stopped
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

const EXAMPLES: &str = "\
Examples:
  iac local                                 serve the API on port 8080 until Ctrl-C
  iac local --demo photo.jpg                send a photo through the system, and end
  iac local --upload a.jpg b.png --port 0   with two files in the source bucket, on a free port
  iac local --parameter MaxWidth=320        with smaller results
  iac local --stack upload-events --open    with a page that uploads, in the browser
  iac local --format json                   the same, for a program: one object a line

Exit codes: 0 ended as asked, 2 wrong usage, 4 a file or a port cannot be used,
5 the engine or the deployment failed, 6 the demo failed,
130 interrupted before the API was served";

/// Runs the command until it is done or interrupted.
///
/// # Errors
/// See [`LocalError`]; its `exit_code` is the process's.
pub fn run(args: &LocalArgs) -> Result<Outcome, LocalError> {
    let reporter = Reporter::new(args.format);
    let options = options(args)?;
    check_files(args)?;
    reporter.fact(
        "starting",
        json!({"stack": args.stack}),
        &format!("Starting {} on this machine ...", args.stack),
    );
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(LocalError::Runtime)?;
    runtime.block_on(session(args, &options, &reporter))?;
    Ok(Outcome::Done)
}

fn options(args: &LocalArgs) -> Result<Options, LocalError> {
    let mut parameters = BTreeMap::new();
    for text in &args.parameters {
        let Some((name, value)) = text.split_once('=') else {
            return Err(LocalError::Parameter(text.clone()));
        };
        if parameters
            .insert(name.to_owned(), value.to_owned())
            .is_some()
        {
            return Err(LocalError::ParameterTwice(name.to_owned()));
        }
    }
    Ok(Options {
        stack: args.stack.clone(),
        generated: args
            .generated
            .clone()
            .unwrap_or_else(|| project::path("generated")),
        python: args
            .python
            .clone()
            .unwrap_or_else(|| project::path(".venv/bin/python")),
        engine_port: args.engine_port,
        executables: Executables {
            resize_image: args.bootstrap.clone(),
            folder: args.functions.clone(),
        },
        parameters,
        port: args.port.unwrap_or(match args.demo {
            // The demo calls the API itself: nobody has to know where it is.
            Some(_) => FREE_PORT,
            None => DEFAULT_PORT,
        }),
        with_page: args.open,
    })
}

/// Every file for the source bucket is there, and each has a key of its own.
fn check_files(args: &LocalArgs) -> Result<(), LocalError> {
    let mut keys = BTreeMap::new();
    for file in args.upload.iter().chain(&args.demo) {
        storage::check(file)?;
        let key = storage::key_of(file)?;
        if let Some(first) = keys.insert(key, file) {
            return Err(LocalError::SameKey {
                first: first.clone(),
                second: file.clone(),
                key: key.to_owned(),
            });
        }
    }
    Ok(())
}

async fn session(
    args: &LocalArgs,
    options: &Options,
    reporter: &Reporter,
) -> Result<(), LocalError> {
    let mut signals = Signals::new()?;
    let mut session = signals
        .or(Box::pin(Session::start(options, reporter)))
        .await?;
    let outcome = signals
        .or(Box::pin(prepare(args, &session, reporter)))
        .await;
    let outcome = match (outcome, &args.demo) {
        (Ok(()), None) => serve(&mut signals, &mut session, reporter).await,
        (outcome, _) => outcome,
    };
    let outcome = outcome.map_err(|error| error.keeping_log_of(&mut session.engine, *reporter));
    session.stop().await;
    if outcome.is_ok() {
        reporter.fact("stopped", json!({}), "Everything has ended.");
    }
    outcome
}

/// Uploads, and the demo if there is one.
async fn prepare(
    args: &LocalArgs,
    session: &Session,
    reporter: &Reporter,
) -> Result<(), LocalError> {
    for file in &args.upload {
        let bucket = session.output("SourceBucketName")?;
        let key = session.storage.upload(bucket, file).await?;
        reporter.fact(
            "uploaded",
            json!({"file": file, "bucket": bucket, "key": key}),
            &format!("{} is s3://{bucket}/{key}", file.display()),
        );
    }
    if let Some(photo) = &args.demo {
        let folder = args
            .demo_out
            .clone()
            .unwrap_or_else(|| project::path("target/demo"));
        return demo::run(session, reporter, photo, &folder).await;
    }
    let page = args.open.then(|| format!("{}/", session.url()));
    introduce(session, reporter, page.as_deref()).await?;
    if let Some(page) = page {
        browser::open(&page, reporter);
    }
    Ok(())
}

/// Serves until a signal comes or the engine ends.
async fn serve(
    signals: &mut Signals,
    session: &mut Session,
    reporter: &Reporter,
) -> Result<(), LocalError> {
    loop {
        tokio::select! {
            () = signals.received() => return Ok(()),
            () = watch(&mut session.engine) => session.engine.check()?,
            Some(exchange) = session.exchanges.recv() => {
                let failure = exchange.failure.as_deref().map(|failure| format!("\n  {failure}")).unwrap_or_default();
                reporter.fact(
                    "request",
                    json!({"request": exchange.request, "status": exchange.status.as_u16(), "requestId": exchange.request_id, "milliseconds": u64::try_from(exchange.milliseconds).ok(), "failure": exchange.failure}),
                    &format!("{} -> {} ({} ms, request {}){failure}", exchange.request, exchange.status.as_u16(), exchange.milliseconds, exchange.request_id),
                );
            }
        }
    }
}

/// Returns when the engine has ended.
async fn watch(engine: &mut Engine) {
    while engine.check().is_ok() {
        tokio::time::sleep(std::time::Duration::from_millis(250)).await;
    }
}
