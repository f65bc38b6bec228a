//! What a request asks for, made out: the box, the format and the key of each result.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use super::{Config, FunctionError, output_key, usual_key};
use crate::engine::{self, Bounds, DEFAULT_QUALITY, MAX_RESULT_SIDE, Output};
use crate::fit::Fit;
use crate::format::Format;
use crate::function::result_key::MAX_KEY_BYTES;
use crate::request::{MAX_SIZES, SizeRequest};
use crate::{ResizeRequest, function::storage::location};

/// A result that is to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    /// Its key.
    pub(super) key: String,
    /// What the engine is asked.
    pub(super) output: Output,
    /// Whether an original that breaks off is taken.
    pub(super) allow_truncated: bool,
}

impl Target {
    /// What the function makes when nothing is asked for.
    pub(super) fn usual(key: String, config: &Config) -> Self {
        Self {
            key,
            output: Output {
                bounds: config.bounds,
                ..Output::default()
            },
            allow_truncated: false,
        }
    }

    /// Digits that are others whenever the result's bytes may be: by what is asked for, or by a new
    /// version of the engine. The original's place is among it, so that a result is known as one of
    /// this very object.
    pub(super) fn digest(&self, (bucket, key): (&str, &str)) -> String {
        let Output {
            bounds,
            fit,
            format,
            quality,
            progressive,
        } = self.output;
        let asked = serde_json::json!([
            engine::VERSION,
            bucket,
            key,
            bounds.max_width,
            bounds.max_height,
            fit,
            format.map(Format::name),
            quality,
            progressive,
            self.allow_truncated,
        ]);
        let digest = Sha256::digest(asked.to_string());
        digest
            .iter()
            .take(16)
            .fold(String::new(), |mut text, byte| {
                // Writing to a string cannot fail.
                let _ = write!(text, "{byte:02x}");
                text
            })
    }
}

/// Checks what the API's model cannot say, and again what it can, and says what to make.
///
/// # Errors
///
/// Another bucket than the source's, or what is wrong with the request, naming the field.
pub(super) fn targets(
    request: &ResizeRequest,
    config: &Config,
) -> Result<Vec<Target>, FunctionError> {
    let ResizeRequest { bucket, key, .. } = request;
    if *bucket != config.source_bucket {
        return Err(FunctionError::BucketNotAllowed {
            bucket: bucket.clone(),
        });
    }
    let made_out = if config.is_result(bucket, key) {
        let object = location(bucket, key);
        Err(format!(
            "key: {object} is a result of this function; resizing results would never end"
        ))
    } else {
        make_out(request, config)
    };
    made_out.map_err(|reason| FunctionError::InvalidRequest { reason })
}

fn make_out(request: &ResizeRequest, config: &Config) -> Result<Vec<Target>, String> {
    // Whatever keys the results have, the original's must be one.
    let usual = usual_key(&request.key, config)?;
    let target = |place: &str, size: &SizeRequest, folder: bool| -> Result<Target, String> {
        let asked = Asked { place, size };
        let output = asked.output(config)?;
        let key = match &size.output_key {
            Some(key) => asked.own_key(key, config)?,
            None if folder => asked.key_in_folder(&usual, size, output.bounds, config)?,
            None => output_key(&request.key, config)?,
        };
        Ok(Target {
            key,
            output,
            allow_truncated: request.allow_truncated,
        })
    };
    let Some(sizes) = &request.sizes else {
        return Ok(vec![target("", &request.size(), false)?]);
    };
    if !(1..=MAX_SIZES).contains(&sizes.len()) {
        let count = sizes.len();
        return Err(format!(
            "sizes: there are {count}; 1 to {MAX_SIZES} are made"
        ));
    }
    if request.output_key.is_some() {
        return Err(
            "outputKey: there are sizes; give each of them a key of its own instead".to_owned(),
        );
    }
    let others = request.size();
    let mut keys = BTreeSet::new();
    let targets = sizes.iter().enumerate().map(|(index, size)| {
        let place = format!("sizes[{index}].");
        let target = target(&place, &size.or(&others), true)?;
        if keys.insert(target.key.clone()) {
            return Ok(target);
        }
        Err(format!(
            "{place}outputKey: another of the sizes has the key {:?} too; give one of them another",
            target.key
        ))
    });
    targets.collect()
}

/// One result of a request.
struct Asked<'a> {
    /// What stands before the names of its fields.
    place: &'a str,
    size: &'a SizeRequest,
}

impl Asked<'_> {
    fn output(&self, config: &Config) -> Result<Output, String> {
        let SizeRequest {
            width,
            height,
            fit,
            format,
            quality,
            progressive,
            ..
        } = *self.size;
        let place = self.place;
        for (name, side) in [("width", width), ("height", height)] {
            if side.is_some_and(|side| !(1..=MAX_RESULT_SIDE).contains(&side)) {
                let side = side.unwrap_or_default();
                return Err(format!(
                    "{place}{name}: it is {side}; a side has 1 to {MAX_RESULT_SIDE} pixels"
                ));
            }
        }
        if let Some(quality) = quality.filter(|quality| !(1..=100).contains(quality)) {
            return Err(format!(
                "{place}quality: it is {quality}; there are 1 to 100"
            ));
        }
        let fit = fit.unwrap_or_default();
        let bounds = match (width, height) {
            (None, None) => config.bounds,
            (Some(_), Some(_)) => self.bounds(),
            _ if fit == Fit::Inside => self.bounds(),
            (given, _) => {
                let missing = if given.is_some() { "height" } else { "width" };
                return Err(format!(
                    "{place}{missing}: it is not given; every fit but `inside` needs both sides of the box"
                ));
            }
        };
        Ok(Output {
            bounds,
            fit,
            format,
            quality: quality.unwrap_or(DEFAULT_QUALITY),
            progressive: progressive.unwrap_or(false),
        })
    }

    /// The box that is asked for; a side that is not is free.
    fn bounds(&self) -> Bounds {
        Bounds {
            max_width: self.size.width.unwrap_or(MAX_RESULT_SIDE),
            max_height: self.size.height.unwrap_or(MAX_RESULT_SIDE),
        }
    }

    /// A key that the request chose. The function's role may write under the prefix only.
    fn own_key(&self, key: &str, config: &Config) -> Result<String, String> {
        let prefix = &config.result_keys.output_prefix;
        let rest = key.strip_prefix(prefix.as_str());
        if rest.is_none_or(str::is_empty) {
            return Err(format!(
                "{}outputKey: {key:?} is no result; those start with {prefix:?}",
                self.place
            ));
        }
        self.short_enough(key.to_owned())
    }

    /// The key of one of several: the usual one, with a folder named after the box. A free side is left out.
    fn key_in_folder(
        &self,
        usual: &str,
        size: &SizeRequest,
        bounds: Bounds,
        config: &Config,
    ) -> Result<String, String> {
        let prefix = &config.result_keys.output_prefix;
        let rest = usual.strip_prefix(prefix.as_str()).unwrap_or(usual);
        let free = |side: Option<u32>, other: Option<u32>, bound: u32| match (side, other) {
            (None, Some(_)) => String::new(),
            _ => bound.to_string(),
        };
        let width = free(size.width, size.height, bounds.max_width);
        let height = free(size.height, size.width, bounds.max_height);
        self.short_enough(format!("{prefix}{width}x{height}/{rest}"))
    }

    fn short_enough(&self, key: String) -> Result<String, String> {
        let bytes = key.len();
        if bytes <= MAX_KEY_BYTES {
            return Ok(key);
        }
        Err(format!(
            "{}outputKey: the result's key has {bytes} bytes; a key has at most {MAX_KEY_BYTES}",
            self.place
        ))
    }
}

#[cfg(test)]
mod tests;
