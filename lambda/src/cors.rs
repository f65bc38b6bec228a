//! What a page is told of an API in a browser's preflight, by a function or by API Gateway itself.

/// The headers that a page may send to any of the APIs: a body's type, a key, a signature.
pub const REQUEST_HEADERS: &str =
    "Content-Type,X-Api-Key,Authorization,X-Amz-Date,X-Amz-Security-Token";

/// For how many seconds a browser need not ask again.
pub const MAX_AGE_SECONDS: u32 = 600;

/// The header with the origin that may read the answer.
pub const ALLOW_ORIGIN: &str = "Access-Control-Allow-Origin";
/// The header with the methods that a page may use.
pub const ALLOW_METHODS: &str = "Access-Control-Allow-Methods";
/// The header with the headers that a page may send.
pub const ALLOW_HEADERS: &str = "Access-Control-Allow-Headers";
/// The header with [`MAX_AGE_SECONDS`].
pub const MAX_AGE: &str = "Access-Control-Max-Age";
