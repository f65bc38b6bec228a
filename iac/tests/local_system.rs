//! `iac local` as a whole: the committed template in MiniStack with IAM on, the real function, real HTTP.
//!
//! One program, so that the tests share one engine.
#![cfg(all(feature = "local", target_os = "linux"))]

#[path = "page/browser.rs"]
mod browser;
#[path = "local/changed.rs"]
mod changed;
#[path = "local/direct_uploads.rs"]
mod direct_uploads;
#[path = "local/events.rs"]
mod events;
#[path = "local/express.rs"]
mod express;
#[path = "local/gateway.rs"]
mod gateway;
#[path = "local/http.rs"]
mod http;
#[path = "local/integrations.rs"]
mod integrations;
#[path = "local/media_types.rs"]
mod media_types;
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
#[path = "local/proxies.rs"]
mod proxies;
#[path = "local/requests.rs"]
mod requests;
#[path = "local/single_bucket.rs"]
mod single_bucket;
#[path = "local/skip.rs"]
mod skip;
#[path = "local/stack.rs"]
mod stack;
#[path = "local/stacks.rs"]
mod stacks;
#[path = "local/system.rs"]
mod system;
#[path = "local/tools.rs"]
mod tools;
#[path = "local/upload_events.rs"]
mod upload_events;
#[path = "local/upload_metadata.rs"]
mod upload_metadata;
#[path = "local/uploads.rs"]
mod uploads;
#[path = "support/variants.rs"]
mod variants;
