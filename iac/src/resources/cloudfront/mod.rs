//! Amazon CloudFront.

mod distribution;
mod origin_access;
mod response_headers;

pub use distribution::{Distribution, PlainHttp};
pub use origin_access::OriginAccessControl;
pub use response_headers::ResponseHeadersPolicy;
