//! `resize-image`: fits an image in one or several boxes.
//!
//! It is asked by Step Functions (`request`), or told by S3 that there is a new object (`batch`, `once`).
//! Both end in the same resize, and in a record in the metadata table if there is one.

mod answer;
mod batch;
mod config;
mod error;
mod notes;
mod once;
mod record;
mod request;
mod s3_event;
mod target;

use std::collections::HashMap;
use std::time::Duration;

use crate::ResizeResult;
use crate::engine::{self, Options};
use crate::result::Status;
use crate::worker::Resizer;

use super::account::Account;
use super::result_key::MAX_KEY_BYTES;
use super::storage::{Put, Storage, When, location};
use super::table::Table;
use super::variables::{ConfigError, Variables};

pub use answer::answer;
pub use batch::BatchResult;
pub use config::Config;
pub use error::FunctionError;
use target::Target;

/// The longest work on one object. Lambda ends the function after 60 s, without a name for what happened and
/// without a record of it.
const LONGEST: Duration = Duration::from_secs(50);

/// The function, set up once and asked many times.
#[derive(Debug)]
pub struct Function {
    config: Config,
    storage: Storage,
    table: Option<Table>,
    engine: Resizer,
}

/// A resized image and what to say of it.
struct Resized {
    bytes: Vec<u8>,
    result: ResizeResult,
}

impl Function {
    /// A function for this process's environment.
    ///
    /// # Errors
    ///
    /// The first environment variable that is missing or wrong.
    pub fn from_env(variables: &Variables, engine: Resizer) -> Result<Self, ConfigError> {
        let config = Config::from_env(variables)?;
        let account = Account::from_env(variables)?;
        let table = config
            .metadata_table
            .clone()
            .map(|name| Table::new(&account, variables, name))
            .transpose()?;
        Ok(Self {
            config,
            storage: Storage::new(&account, variables)?,
            table,
            engine,
        })
    }

    /// Makes results of an image, in the order of the targets.
    fn fit(
        &self,
        (bucket, key): (&str, &str),
        source: &[u8],
        targets: &[Target],
        request_id: &str,
    ) -> Result<Vec<Resized>, FunctionError> {
        let outputs: Vec<_> = targets.iter().map(|target| target.output).collect();
        let options = Options {
            limits: self.config.limits,
            allow_truncated: targets.iter().all(|target| target.allow_truncated),
        };
        // The function serves one request at a time: there is nothing else this thread could do.
        let resized = self
            .engine
            .resize(source, &outputs, &options)
            .map_err(|cause| FunctionError::Image {
                object: location(bucket, key),
                cause,
            })?;
        for note in &resized.notes {
            tracing::warn!(request_id, bucket, key, note, "something was left out");
        }
        let share = rounded_down(resized.share);
        let describe = |(target, thumbnail): (&Target, engine::Thumbnail)| Resized {
            result: ResizeResult {
                status: Status::Success,
                bucket: self.config.resized_bucket.clone(),
                image_key: target.key.clone(),
                format: thumbnail.format.name().to_owned(),
                content_type: thumbnail.format.content_type().to_owned(),
                width: thumbnail.width,
                height: thumbnail.height,
                bytes: thumbnail.bytes.len() as u64,
                computed: true,
                source_format: resized.format.name().to_owned(),
                source_width: resized.width,
                source_height: resized.height,
                source_bytes: source.len() as u64,
                animated: resized.animated,
                share,
            },
            bytes: thumbnail.bytes,
        };
        Ok(targets.iter().zip(resized.results).map(describe).collect())
    }

    /// What to write of a result.
    fn put<'a>(
        &'a self,
        result: &'a ResizeResult,
        metadata: HashMap<String, String>,
        when: When<'a>,
    ) -> Put<'a> {
        Put {
            bucket: &result.bucket,
            key: &result.image_key,
            content_type: &result.content_type,
            cache_control: self.config.cache_control.as_deref(),
            metadata,
            when,
        }
    }
}

/// A share with four digits that is 1 only for the whole.
fn rounded_down(share: f64) -> f64 {
    (share.clamp(0.0, 1.0) * 10_000.0).floor() / 10_000.0
}

/// The outcome of some work on an object, unless it takes longer than there is time for it.
async fn in_time<T>(
    (bucket, key): (&str, &str),
    work: impl Future<Output = Result<T, FunctionError>>,
) -> Result<T, FunctionError> {
    tokio::time::timeout(LONGEST, work)
        .await
        .unwrap_or_else(|_| {
            Err(FunctionError::Slow {
                object: location(bucket, key),
                seconds: LONGEST.as_secs(),
            })
        })
}

/// The key of an original's result, however long.
///
/// # Errors
///
/// What is wrong with the original's key.
fn usual_key(key: &str, config: &Config) -> Result<String, String> {
    let bytes = key.len();
    if !(1..=MAX_KEY_BYTES).contains(&bytes) {
        return Err(format!(
            "key: it has {bytes} bytes; a key has 1 to {MAX_KEY_BYTES}"
        ));
    }
    let keys = &config.result_keys;
    keys.of(key).ok_or_else(|| {
        let prefix = keys.input_prefix.as_deref().unwrap_or_default();
        format!("key: {key:?} is no original; those start with {prefix:?}")
    })
}

/// The same, unless it is too long for a key.
///
/// # Errors
///
/// What is wrong with the original's key.
fn output_key(key: &str, config: &Config) -> Result<String, String> {
    let output_key = usual_key(key, config)?;
    let bytes = output_key.len();
    if bytes > MAX_KEY_BYTES {
        let prefix = &config.result_keys.output_prefix;
        return Err(format!(
            "key: with the prefix {prefix:?} the result's key has {bytes} bytes; a key has at most \
             {MAX_KEY_BYTES}"
        ));
    }
    Ok(output_key)
}
