//! The names of the functions: of their executables, and behind the stack's name of the functions themselves.

/// Fits an image in a box: asked by Step Functions, or told by S3 that there is a new object.
pub const RESIZE_IMAGE: &str = "resize-image";
/// Answers `POST /uploads` and `GET /results` with pre-signed URLs.
pub const PRESIGN_UPLOAD: &str = "presign-upload";
/// Answers `POST /images`: puts the image into the source bucket.
pub const UPLOAD_IMAGE: &str = "upload-image";
/// Answers `GET /images` and `GET /images/{id}` from the metadata table.
pub const READ_METADATA: &str = "read-metadata";
