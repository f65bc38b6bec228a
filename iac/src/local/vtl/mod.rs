//! Renders the mapping templates of an API, for the part of Velocity that this project writes.
//!
//! API Gateway runs Apache Velocity 1.7 with `$input`, `$util`, `$context` and `$stageVariables` around
//! it. A wrong guess here would make a template pass on this machine and break on AWS, so whatever is
//! not certain to be the same there is refused when the template is parsed, with its position and name.
//! `tests/local_velocity.rs` compares the rest with the real Velocity, byte for byte.
//!
//! Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html>

mod ast;
mod escape;
mod java_number;
mod json_path;
mod parser;
mod regex;
mod render;

pub use ast::Template;
pub use escape::escape_java_script;
pub use parser::{CONTEXT, ParseError};
pub use render::{Message, RenderError};
