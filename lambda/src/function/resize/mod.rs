//! `resize-image`: fits an image in a box.
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

use crate::ResizeResult;
use crate::engine::{self, Options, Output};
use crate::result::Status;

use super::account::Account;
use super::result_key::MAX_KEY_BYTES;
use super::storage::{Storage, location};
use super::table::Table;
use super::variables::{ConfigError, Variables};

pub use answer::answer;
pub use batch::BatchResult;
pub use config::Config;
pub use error::FunctionError;

/// The function, set up once and asked many times.
#[derive(Debug)]
pub struct Function {
    config: Config,
    storage: Storage,
    table: Option<Table>,
    options: Options,
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
    pub fn from_env(variables: &Variables) -> Result<Self, ConfigError> {
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
            options: Options::default(),
        })
    }

    /// Fits an image in the box.
    fn fit(
        &self,
        (bucket, key): (&str, &str),
        source: &[u8],
        output_key: String,
    ) -> Result<Resized, FunctionError> {
        let output = Output {
            bounds: self.config.bounds,
            ..Output::default()
        };
        // The function serves one request at a time: there is nothing else this thread could do.
        let mut resized = engine::resize(source, &[output], &self.options).map_err(|cause| {
            FunctionError::Image {
                object: location(bucket, key),
                cause,
            }
        })?;
        let thumbnail = resized.results.remove(0);
        let result = ResizeResult {
            status: Status::Success,
            bucket: self.config.resized_bucket.clone(),
            image_key: output_key,
            format: thumbnail.format.name().to_owned(),
            content_type: thumbnail.format.content_type().to_owned(),
            width: thumbnail.width,
            height: thumbnail.height,
            bytes: thumbnail.bytes.len() as u64,
            source_width: resized.width,
            source_height: resized.height,
            source_bytes: source.len() as u64,
        };
        let bytes = thumbnail.bytes;
        Ok(Resized { bytes, result })
    }
}

/// The key of an original's result.
///
/// # Errors
///
/// What is wrong with the original's key.
fn output_key(key: &str, config: &Config) -> Result<String, String> {
    let bytes = key.len();
    if !(1..=MAX_KEY_BYTES).contains(&bytes) {
        return Err(format!(
            "key: it has {bytes} bytes; a key has 1 to {MAX_KEY_BYTES}"
        ));
    }
    let keys = &config.result_keys;
    let output_key = keys.of(key).ok_or_else(|| {
        let prefix = keys.input_prefix.as_deref().unwrap_or_default();
        format!("key: {key:?} is no original; those start with {prefix:?}")
    })?;
    let bytes = output_key.len();
    if bytes > MAX_KEY_BYTES {
        let prefix = &keys.output_prefix;
        return Err(format!(
            "key: with the prefix {prefix:?} the result's key has {bytes} bytes; a key has at most \
             {MAX_KEY_BYTES}"
        ));
    }
    Ok(output_key)
}
