//! The environment variables of `resize-image`: written by the stack, read by the function.

/// Name of the only bucket the function reads from. A request for another one is refused.
pub const SOURCE_BUCKET: &str = "SOURCE_BUCKET";
/// Name of the bucket the function writes to.
pub const RESIZED_BUCKET: &str = "RESIZED_BUCKET";
/// Largest width of a result, in pixels.
pub const MAX_WIDTH: &str = "MAX_WIDTH";
/// Largest height of a result, in pixels.
pub const MAX_HEIGHT: &str = "MAX_HEIGHT";
/// What the keys of results start with; ends in `/`.
pub const OUTPUT_PREFIX: &str = "OUTPUT_PREFIX";
