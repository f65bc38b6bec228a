//! `iac local` as a whole: the committed template in MiniStack with IAM on, the real function, real HTTP.
//!
//! One program, so that the tests share one engine.
#![cfg(all(feature = "local", target_os = "linux"))]

#[path = "local/express.rs"]
mod express;
#[path = "local/gateway.rs"]
mod gateway;
#[path = "local/http.rs"]
mod http;
#[path = "local/integrations.rs"]
mod integrations;
#[path = "local/options.rs"]
mod options;
#[path = "local/picture.rs"]
mod picture;
#[path = "local/pipeline.rs"]
mod pipeline;
#[path = "local/process.rs"]
mod process;
#[path = "local/program.rs"]
mod program;
#[path = "local/skip.rs"]
mod skip;
#[path = "local/stack.rs"]
mod stack;
#[path = "local/system.rs"]
mod system;
#[path = "local/tools.rs"]
mod tools;
#[path = "support/variants.rs"]
mod variants;
