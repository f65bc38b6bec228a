//! Backfills of a deployed stack: started or found again, followed, and reported on.

mod counts;
mod failures;
mod patience;
mod progress;
mod report;
mod run;

pub use counts::Counts;
pub use failures::{FailedItem, Failures};
pub use progress::Progress;
pub use report::{Report, Verdict};
pub use run::{Backfill, Changes, MapRun, Run, State};
