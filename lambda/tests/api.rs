//! The real processes of the functions behind the APIs.

mod support;

#[path = "api/metadata.rs"]
mod metadata;
#[path = "api/presign.rs"]
mod presign;
#[path = "api/proxy.rs"]
mod proxy;
#[path = "api/upload.rs"]
mod upload;
