//! What `resize-image` is asked.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which image to resize.
///
/// The API's model is made from this type, so that the API refuses most of what the function would. The
/// function checks what a schema cannot say: bytes instead of characters, and the one bucket allowed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResizeRequest {
    /// Name of the bucket that holds the original: 3 to 63 characters, lowercase letters, digits,
    /// dots and hyphens.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>
    #[schemars(
        length(min = 3, max = 63),
        regex(pattern = "^[a-z0-9][a-z0-9.-]*[a-z0-9]$")
    )]
    pub bucket: String,
    /// Key of the original, as it is in the bucket (not URL-encoded): 1 to 1,024 bytes of UTF-8.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html>
    #[schemars(length(min = 1, max = 1024))]
    pub key: String,
}
