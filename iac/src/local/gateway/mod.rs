//! API Gateway on this machine: a REST API as it was deployed, in front of the engine.
//!
//! The engine keeps no mapping templates and validates no bodies, so this does what API Gateway does
//! between a client and Step Functions, S3 or a function. It knows only what is in the deployed template; what it does not
//! implement it refuses at start, naming it, because a part silently left out would pass here and not on AWS.

mod admit;
mod api;
mod body;
mod context;
mod encoding;
mod handle;
mod integrate;
mod media_type;
mod parameters;
mod path;
mod read;
mod request;
mod respond;
mod selector;
mod server;
mod signature;
mod throttle;
mod validate;

use std::net::SocketAddr;

use thiserror::Error;

use super::engine::AccessError;
use super::template::ResolveError;

pub use api::{Api, Route};
pub use handle::{Exchange, Gateway};
pub use server::{Server, listen};

/// Why the API cannot be served.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum GatewayError {
    /// The stack has no REST API, or several.
    #[error("the stack has {0} REST APIs with a stage, and `iac local` serves one")]
    NotOneApi(usize),
    /// A value of the template cannot be resolved.
    #[error("cannot resolve {place}")]
    Resolve {
        /// Where.
        place: String,
        /// Why.
        #[source]
        source: ResolveError,
    },
    /// Parts of the API that are wrong, or that the gateway does not have.
    #[error("the API uses what `iac local` cannot run:\n{}", list(.0))]
    Unsupported(Vec<String>),
    /// The port is taken or may not be used.
    #[error("cannot listen on {address}; another program may use port {}: end it, or choose another port with --port (0 takes a free one)", address.port())]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The engine does not answer.
    #[error(transparent)]
    Engine(#[from] AccessError),
}

fn list(problems: &[String]) -> String {
    problems
        .iter()
        .map(|problem| format!("  - {problem}"))
        .collect::<Vec<_>>()
        .join("\n")
}
