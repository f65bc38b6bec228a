//! The environment variables of the functions: written by the stack, read by the function.

/// Name of the bucket of originals. `resize-image` reads from no other one; `presign-upload` and
/// `upload-image` put uploads there.
pub const SOURCE_BUCKET: &str = "SOURCE_BUCKET";
/// Name of the bucket of results: written by `resize-image`, read by `presign-upload`.
pub const RESIZED_BUCKET: &str = "RESIZED_BUCKET";
/// Largest width of a result, in pixels. Of `resize-image`.
pub const MAX_WIDTH: &str = "MAX_WIDTH";
/// Largest height of a result, in pixels. Of `resize-image`.
pub const MAX_HEIGHT: &str = "MAX_HEIGHT";
/// Largest original, in millions of pixels; 100 unless set. Of `resize-image`.
pub const MAX_MEGAPIXELS: &str = "MAX_MEGAPIXELS";
/// The `Cache-Control` of results; nothing sets none. Of `resize-image`.
pub const CACHE_CONTROL: &str = "CACHE_CONTROL";
/// What the keys of results start with; ends in `/`. Of `resize-image` and `presign-upload`.
pub const OUTPUT_PREFIX: &str = "OUTPUT_PREFIX";
/// What the keys of originals start with; ends in `/`. Other objects are left alone, and the key of a result
/// is the original's with [`OUTPUT_PREFIX`] in its place. Not set: every object is an original, and the
/// prefix of results goes before its whole key. Of `resize-image` and `presign-upload`.
pub const INPUT_PREFIX: &str = "INPUT_PREFIX";
/// Name of the table that describes images. Not set: none is kept. Of `resize-image` (optional) and
/// `read-metadata`.
pub const METADATA_TABLE: &str = "METADATA_TABLE";
/// Name of the table's index by upload time. Of `read-metadata`.
pub const TABLE_INDEX: &str = "TABLE_INDEX";
/// What the keys of uploads start with; ends in `/`. Of `presign-upload` and `upload-image`.
pub const UPLOAD_PREFIX: &str = "UPLOAD_PREFIX";
/// Origins whose pages may call the API, such as `https://example.com`, with commas between them; `*` is
/// any, and nothing is none. Of the functions behind an API.
pub const ALLOWED_ORIGINS: &str = "ALLOWED_ORIGINS";
/// Largest upload, in bytes. Of `presign-upload` and `upload-image`.
pub const MAX_UPLOAD_BYTES: &str = "MAX_UPLOAD_BYTES";
/// How long a pre-signed URL is valid, in seconds. Of `presign-upload`.
pub const URL_EXPIRES_SECONDS: &str = "URL_EXPIRES_SECONDS";
