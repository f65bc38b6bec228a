//! The code of a stack: which executables its functions are, which parameters say where their zips are, and
//! the zips that `make build` wrote.

mod function;
mod zips;

pub use function::{BuiltFor, StackFunction, UnclearFunction, functions};
pub use zips::{Bundle, BundleError, Zip};
