//! What the stack's environment variables say.

use crate::engine::{Bounds, Limits, MAX_RESULT_SIDE};
use crate::environment::{
    CACHE_CONTROL, MAX_HEIGHT, MAX_MEGAPIXELS, MAX_WIDTH, METADATA_TABLE, OUTPUT_PREFIX,
    RESIZED_BUCKET, SOURCE_BUCKET,
};
use crate::function::result_key::ResultKeys;
use crate::function::variables::{ConfigError, Variables};

/// The most that [`MAX_MEGAPIXELS`] may be: what sharp takes.
const MOST_MEGAPIXELS: u64 = 268;

/// The function's settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The only bucket it reads from.
    pub source_bucket: String,
    /// The bucket it writes to.
    pub resized_bucket: String,
    /// Where in it.
    pub result_keys: ResultKeys,
    /// The box a result fits in.
    pub bounds: Bounds,
    /// The most that an original may ask for.
    pub limits: Limits,
    /// The `Cache-Control` of results, if they have one.
    pub cache_control: Option<String>,
    /// Name of the table that describes images, if there is one.
    pub metadata_table: Option<String>,
}

impl Config {
    /// Reads the variables named in [`crate::environment`].
    ///
    /// # Errors
    ///
    /// The first variable that is missing or wrong; also prefixes by which results would be originals again.
    pub fn from_env(variables: &Variables) -> Result<Self, ConfigError> {
        let side = |variable| variables.number(variable, &(1..=MAX_RESULT_SIDE), "pixels");
        let config = Self {
            source_bucket: variables.required(SOURCE_BUCKET)?,
            resized_bucket: variables.required(RESIZED_BUCKET)?,
            result_keys: ResultKeys::from_env(variables)?,
            bounds: Bounds {
                max_width: side(MAX_WIDTH)?,
                max_height: side(MAX_HEIGHT)?,
            },
            limits: limits(variables)?,
            cache_control: variables.optional(CACHE_CONTROL)?,
            metadata_table: variables.optional(METADATA_TABLE)?,
        };
        if let Some(header) = &config.cache_control
            && !header.bytes().all(|byte| matches!(byte, b' '..=b'~'))
        {
            return Err(ConfigError {
                variable: CACHE_CONTROL,
                problem: format!("is {header:?}; a header has printable ASCII only"),
            });
        }
        let ResultKeys {
            input_prefix,
            output_prefix: output,
        } = &config.result_keys;
        match input_prefix {
            Some(input)
                if config.source_bucket == config.resized_bucket
                    && (input.starts_with(output) || output.starts_with(input)) =>
            {
                Err(ConfigError {
                    variable: OUTPUT_PREFIX,
                    problem: format!(
                        "is {output:?} and INPUT_PREFIX is {input:?}, in one bucket: results would be \
                         resized again; neither may start with the other"
                    ),
                })
            }
            _ => Ok(config),
        }
    }

    /// Whether this object is a result: resizing it would make another one, and so on.
    pub fn is_result(&self, bucket: &str, key: &str) -> bool {
        bucket == self.resized_bucket && key.starts_with(&self.result_keys.output_prefix)
    }
}

fn limits(variables: &Variables) -> Result<Limits, ConfigError> {
    let range = 1..=MOST_MEGAPIXELS;
    let usual = Limits::default();
    let max = variables.optional_number(MAX_MEGAPIXELS, &range, "megapixels")?;
    let max_pixels = max.map_or(usual.max_pixels, |megapixels| megapixels * 1_000_000);
    Ok(Limits {
        max_pixels,
        // A result may be as large as its original.
        max_result_pixels: usual.max_result_pixels.max(max_pixels),
        ..usual
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::environment::INPUT_PREFIX;

    fn config(changes: &[(&'static str, &str)]) -> Result<Config, ConfigError> {
        let whole = [
            (SOURCE_BUCKET, "a-bucket"),
            (RESIZED_BUCKET, "a-bucket"),
            (MAX_WIDTH, "720"),
            (MAX_HEIGHT, "720"),
            (OUTPUT_PREFIX, "thumbs/"),
        ];
        Config::from_env(&Variables::of(&[&whole, changes].concat()))
    }

    #[test]
    fn a_whole_environment() {
        let small = config(&[(MAX_HEIGHT, "480")]).expect("valid");
        assert_eq!(
            small.bounds,
            Bounds {
                max_width: 720,
                max_height: 480
            }
        );
        assert_eq!(small.result_keys.output_prefix, "thumbs/");
        assert_eq!(small.result_keys.input_prefix, None);
        assert_eq!(small.metadata_table, None);
        assert_eq!(small.limits, Limits::default());
        assert_eq!(small.cache_control, None);
        let large = config(&[(MAX_MEGAPIXELS, "268"), (CACHE_CONTROL, "max-age=60")]);
        let large = large.expect("valid");
        assert_eq!(large.limits.max_pixels, 268_000_000);
        assert_eq!(large.limits.max_result_pixels, 268_000_000);
        assert_eq!(large.cache_control.as_deref(), Some("max-age=60"));
        let little = config(&[(MAX_MEGAPIXELS, "1"), (CACHE_CONTROL, "")]).expect("valid");
        assert_eq!(little.limits.max_pixels, 1_000_000);
        assert_eq!(little.cache_control, None);
        let more = config(&[(INPUT_PREFIX, "uploads/"), (METADATA_TABLE, "images")]);
        let more = more.expect("valid");
        assert_eq!(more.result_keys.input_prefix.as_deref(), Some("uploads/"));
        assert_eq!(more.metadata_table.as_deref(), Some("images"));
    }

    #[test]
    fn the_wrong_variable_is_named() {
        for (variable, value) in [
            (MAX_WIDTH, "0"),
            (MAX_WIDTH, "wide"),
            (MAX_HEIGHT, "16384"),
            (MAX_HEIGHT, "-1"),
            (MAX_MEGAPIXELS, "0"),
            (MAX_MEGAPIXELS, "269"),
            (MAX_MEGAPIXELS, "1.5"),
            (CACHE_CONTROL, "max-age=\u{661}"),
            (OUTPUT_PREFIX, "thumbs"),
            (INPUT_PREFIX, "uploads"),
        ] {
            let error = config(&[(variable, value)]).expect_err(value);
            assert_eq!(error.variable, variable);
            assert!(error.to_string().contains(value), "{error}");
        }
    }

    #[test]
    fn in_one_bucket_neither_prefix_starts_with_the_other() {
        for input in ["thumbs/", "thumbs/in/", "thumbs/a/b/"] {
            let error = config(&[(INPUT_PREFIX, input)]).expect_err(input);
            assert!(error.to_string().contains(input), "{error}");
            let apart = config(&[(INPUT_PREFIX, input), (RESIZED_BUCKET, "another")]);
            apart.expect("two buckets");
        }
        let inside = [(INPUT_PREFIX, "all/"), (OUTPUT_PREFIX, "all/thumbs/")];
        config(&inside).expect_err("results are inside");
        config(&[(INPUT_PREFIX, "thumbs-in/")]).expect("another folder");
    }
}
