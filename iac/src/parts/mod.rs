//! Parts that stacks are composed of: a few resources that belong together, with the handles that
//! the rest of a stack needs.

mod backfill;
mod bucket;
mod cors;
mod function;
mod gateway_responses;
mod resize_states;
mod rest_api;

pub use backfill::{
    BACKFILL_PREFIX, BACKFILL_STATE_MACHINE, Backfill, BackfillSettings, BucketRef, backfill,
};
pub use bucket::private_bucket;
pub use cors::{Cors, Origin};
pub use function::{CodeLocation, FunctionSettings, Program, code_parameters, rust_function};
pub use gateway_responses::gateway_responses;
pub use resize_states::resize_states;
pub use rest_api::{Auth, RestApiPart, RestApiSettings, log_group, rest_api};
