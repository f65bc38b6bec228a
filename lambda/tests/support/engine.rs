//! `MiniStack` with signatures checked, for what a stub would only repeat our own idea of: pre-signed URLs and
//! the table's conditions.

use std::io::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use aws_smithy_http_client::Builder as HttpClient;
use tokio::runtime::{Builder, Runtime};

use super::http;

const REGION: &str = "us-east-1";
const KEY: &str = "iac-local";
const SECRET: &str = "a-secret-of-the-tests";

/// A running engine, and clients of it as root.
pub(crate) struct Engine {
    pub(crate) runtime: Runtime,
    pub(crate) endpoint: String,
    pub(crate) s3: aws_sdk_s3::Client,
    pub(crate) dynamodb: aws_sdk_dynamodb::Client,
}

/// Runs `test` with the engine of this test program, or says why it cannot.
pub(crate) fn with_engine(name: &str, test: impl FnOnce(&Engine)) {
    static ENGINE: OnceLock<Result<Engine, String>> = OnceLock::new();
    match ENGINE.get_or_init(start) {
        Ok(engine) => test(engine),
        Err(missing) => {
            assert!(
                std::env::var_os("CI").is_none(),
                "{name} cannot run, and in CI it must: {missing}"
            );
            // Past the test harness, which keeps what a passing test prints.
            let _ = writeln!(std::io::stderr(), "SKIPPED: {name}: {missing}");
        }
    }
}

fn start() -> Result<Engine, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let python = std::env::var_os("IAC_LOCAL_PYTHON")
        .map_or_else(|| root.join(".venv/bin/python"), PathBuf::from);
    let has_engine = Command::new(&python)
        .args(["-I", "-c", "import ministack"])
        .output()
        .is_ok_and(|output| output.status.success());
    if !has_engine {
        return Err(format!(
            "{} has no ministack; `make .venv/engine` installs it",
            python.display()
        ));
    }
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    drop(listener);
    let endpoint = format!("http://127.0.0.1:{port}");
    run(&python, port, &endpoint);
    Ok(Engine {
        runtime: Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime"),
        s3: aws_sdk_s3::Client::from_conf(
            aws_sdk_s3::Config::builder()
                .behavior_version(aws_sdk_s3::config::BehaviorVersion::latest())
                .region(aws_sdk_s3::config::Region::new(REGION))
                .credentials_provider(aws_sdk_s3::config::Credentials::new(
                    KEY, SECRET, None, None, "test",
                ))
                .http_client(HttpClient::new().build_http())
                .endpoint_url(&endpoint)
                .force_path_style(true)
                .build(),
        ),
        dynamodb: aws_sdk_dynamodb::Client::from_conf(
            aws_sdk_dynamodb::Config::builder()
                .behavior_version(aws_sdk_dynamodb::config::BehaviorVersion::latest())
                .region(aws_sdk_dynamodb::config::Region::new(REGION))
                .credentials_provider(aws_sdk_dynamodb::config::Credentials::new(
                    KEY, SECRET, None, None, "test",
                ))
                .http_client(HttpClient::new().build_http())
                .endpoint_url(&endpoint)
                .build(),
        ),
        endpoint,
    })
}

/// Starts the engine as `iac local` does: it ends with this program, and then removes its directory.
fn run(python: &Path, port: u16, endpoint: &str) {
    use std::os::unix::process::CommandExt as _;

    let directory = std::env::temp_dir().join(format!("iac-local-{}-{port}", std::process::id()));
    std::fs::create_dir(&directory).expect("a folder");
    let launch = include_str!("../../../iac/src/local/engine/launch.py");
    let mut process = Command::new(python)
        .args(["-I", "-c", launch])
        .current_dir(&directory)
        .env_clear()
        .envs([
            ("PATH", "/usr/local/bin:/usr/bin:/bin"),
            ("LANG", "C.UTF-8"),
            ("AUTH", "true"),
            ("BIND_HOST", "127.0.0.1"),
            ("AWS_ENDPOINT_URL", endpoint),
            ("AWS_ACCESS_KEY_ID", KEY),
            ("AWS_SECRET_ACCESS_KEY", SECRET),
        ])
        .env("HOME", &directory)
        .env("TMPDIR", &directory)
        .env("STATE_DIR", directory.join("state"))
        .env("GATEWAY_PORT", port.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .expect("Python starts");
    let start = Instant::now();
    let healthy = || {
        let open = std::net::TcpStream::connect(("127.0.0.1", port)).is_ok();
        open && http::fetch("GET", &format!("{endpoint}/_ministack/health"), &[], b"").status == 200
    };
    while !healthy() {
        assert!(
            start.elapsed() < Duration::from_mins(1),
            "the engine starts"
        );
        assert!(matches!(process.try_wait(), Ok(None)), "the engine ended");
        std::thread::sleep(Duration::from_millis(50));
    }
    // Its end is the end of the pipe, when this program ends.
    std::mem::forget(process);
}

impl Engine {
    /// The variables that point a function at the engine.
    pub(crate) fn variables(&self) -> [(&'static str, Option<&str>); 5] {
        [
            ("AWS_REGION", Some(REGION)),
            ("AWS_ACCESS_KEY_ID", Some(KEY)),
            ("AWS_SECRET_ACCESS_KEY", Some(SECRET)),
            ("AWS_SESSION_TOKEN", None),
            ("AWS_ENDPOINT_URL", Some(&self.endpoint)),
        ]
    }

    /// Makes a bucket.
    pub(crate) fn bucket(&self, name: &str) {
        let made = self.s3.create_bucket().bucket(name).send();
        self.runtime.block_on(made).expect("a new bucket");
    }

    /// Puts an object and returns its entity tag, without quotes.
    pub(crate) fn put(&self, bucket: &str, key: &str, bytes: Vec<u8>) -> String {
        let put = self
            .s3
            .put_object()
            .bucket(bucket)
            .key(key)
            .body(bytes.into())
            .send();
        let put = self.runtime.block_on(put).expect("stored");
        put.e_tag().expect("a tag").trim_matches('"').to_owned()
    }
}
