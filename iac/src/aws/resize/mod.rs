//! One photo through a deployed stack, as whoever uses the stack would send it: into the bucket of originals,
//! through the API where there is one for it, and back from the bucket of results. Each step is timed.

mod api;
mod error;
mod wait;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use aws_sdk_s3::primitives::ByteStream;
use lambda::ResizeRequest;
use lambda::environment::{INPUT_PREFIX, OUTPUT_PREFIX};
use serde_json::json;

pub use error::ResizeError;

use super::{Account, AwsError, Connection, DeployedStack};
use crate::report::Reporter;

/// What keys of photos that this command sends begin with, behind the stack's own prefix.
const FOLDER: &str = "iac-resize";

/// What is sent, where, and where its result goes.
#[derive(Debug, Clone)]
pub struct Options {
    /// The photo.
    pub file: PathBuf,
    /// The stack.
    pub stack: String,
    /// File of the result; beside the photo if not said.
    pub out: Option<PathBuf>,
    /// Address of the API with its stage, in place of the stack's own.
    pub api: Option<String>,
    /// What to ask of the API; its bucket and key are put in.
    pub request: ResizeRequest,
    /// How long a result is waited for.
    pub limit: Duration,
}

/// A photo on its way.
#[derive(Debug)]
struct Resize<'r> {
    account: &'r Account,
    reporter: Reporter,
    stack: DeployedStack,
    options: &'r Options,
    key: String,
}

/// An object.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    bucket: String,
    key: String,
}

/// Sends a photo through a stack, and writes the result.
///
/// # Errors
/// See [`ResizeError`]; there is no such stack, it has no bucket of originals, or AWS refuses or does not
/// answer.
pub async fn resize(
    connection: &Connection,
    options: &Options,
    reporter: Reporter,
) -> Result<(), AwsError> {
    let name = options.file.file_name().and_then(|name| name.to_str());
    let name = name.ok_or_else(|| ResizeError::NoName(options.file.clone()))?;
    let bytes = std::fs::read(&options.file).map_err(|source| file(&options.file, source))?;
    let account = Account::connect(connection).await?;
    let stack = DeployedStack::read(&account, &options.stack).await?;
    let takes_requests = stack.outputs.contains_key("StateMachineArn");
    if !takes_requests && options.request != ResizeRequest::new("", "") {
        return Err(ResizeError::NoRequests(stack.name).into());
    }
    let (input, output) = prefixes(&account, &stack).await?;
    // Of its own: nobody's photo of the same name is written over.
    let own = format!("{FOLDER}/{}/{name}", uuid::Uuid::now_v7().simple());
    let resize = Resize {
        account: &account,
        reporter,
        key: format!("{}{own}", input.as_deref().unwrap_or_default()),
        stack,
        options,
    };
    let start = Instant::now();
    resize.upload(bytes).await?;
    let result = options.request.output_key.clone();
    let result = result.unwrap_or_else(|| format!("{output}{own}"));
    let place = if takes_requests {
        resize.through_api(&result).await?
    } else {
        resize.through_events(&result).await?
    };
    resize.download(&place).await?;
    let took = milliseconds(start);
    resize.reporter.fact(
        "finished",
        json!({"milliseconds": took}),
        &format!("Total: {took} ms"),
    );
    Ok(())
}

/// What the keys of originals and of results begin with, as the function is told.
async fn prefixes(
    account: &Account,
    stack: &DeployedStack,
) -> Result<(Option<String>, String), AwsError> {
    let function = output(stack, "FunctionName")?;
    let asked = account.lambda().get_function_configuration();
    let asked = asked.function_name(function).send().await;
    let action = format!("read the settings of the function {function}");
    let settings = asked.map_err(|error| AwsError::of(action, &account.place(), &error))?;
    let variables = settings.environment.and_then(|it| it.variables);
    let mut variables = variables.unwrap_or_default();
    Ok((
        variables.remove(INPUT_PREFIX),
        variables.remove(OUTPUT_PREFIX).unwrap_or_default(),
    ))
}

fn output<'s>(stack: &'s DeployedStack, name: &str) -> Result<&'s str, AwsError> {
    let value = stack.outputs.get(name).map(String::as_str);
    value.ok_or_else(|| AwsError::NoPart {
        stack: stack.name.clone(),
        part: format!("output {name}"),
        remedy: "name a stack of this project that resizes images, with --stack",
    })
}

impl Resize<'_> {
    async fn upload(&self, bytes: Vec<u8>) -> Result<(), AwsError> {
        let bucket = output(&self.stack, "SourceBucketName")?;
        let (start, length) = (Instant::now(), bytes.len());
        let put = self.account.s3().put_object().bucket(bucket).key(&self.key);
        let put = put.body(ByteStream::from(bytes)).send().await;
        let action = format!("put {} into the bucket of originals", self.key);
        put.map_err(|error| AwsError::of(action, &self.account.place(), &error))?;
        let took = milliseconds(start);
        self.reporter.fact(
            "uploaded",
            json!({"file": self.options.file, "key": self.key, "bytes": length, "milliseconds": took}),
            &format!(
                "Upload: {took} ms ({length} bytes of {}, as {})",
                self.options.file.display(),
                self.key
            ),
        );
        Ok(())
    }

    async fn download(&self, place: &Place) -> Result<(), AwsError> {
        let start = Instant::now();
        let got = self.account.s3().get_object().bucket(&place.bucket);
        let got = got.key(&place.key).send().await;
        let action = format!("get {} out of the bucket of results", place.key);
        let got = got.map_err(|error| AwsError::of(&action, &self.account.place(), &error))?;
        let bytes = got.body.collect().await;
        let bytes = bytes.map_err(|error| AwsError::Unreachable {
            action,
            place: self.account.place(),
            reason: error.to_string(),
        })?;
        let bytes = bytes.into_bytes();
        let took = milliseconds(start);
        let out = self.options.out.clone();
        let out = out.unwrap_or_else(|| beside(&self.options.file));
        std::fs::write(&out, &bytes).map_err(|source| file(&out, source))?;
        self.reporter.fact(
            "downloaded",
            json!({"key": place.key, "file": out, "bytes": bytes.len(), "milliseconds": took}),
            &format!(
                "Download: {took} ms ({} bytes, as {})",
                bytes.len(),
                out.display()
            ),
        );
        Ok(())
    }
}

/// `photo.resized.jpg` beside `photo.jpg`.
fn beside(file: &Path) -> PathBuf {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let end = file
        .extension()
        .map(|end| format!(".{}", end.to_string_lossy()));
    file.with_file_name(format!("{stem}.resized{}", end.unwrap_or_default()))
}

fn file(path: &Path, source: std::io::Error) -> ResizeError {
    ResizeError::File {
        path: path.to_owned(),
        source,
    }
}

fn milliseconds(start: Instant) -> u64 {
    u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::beside;

    #[test]
    fn the_result_is_beside_the_photo() {
        for (photo, result) in [
            ("a/photo.jpg", "a/photo.resized.jpg"),
            ("photo", "photo.resized"),
            ("/tmp/a.b.png", "/tmp/a.b.resized.png"),
        ] {
            assert_eq!(beside(Path::new(photo)), Path::new(result));
        }
    }
}
