//! Invocations that are under way at once, of which none gets lost.

use std::collections::HashMap;
use std::fmt::Display;

use tokio::task::{Id, JoinSet};

/// Invocations, each with what it is of.
#[derive(Debug)]
pub(super) struct Underway<T, E> {
    tasks: JoinSet<Result<(), E>>,
    of: HashMap<Id, T>,
}

impl<T, E: Display + Send + 'static> Underway<T, E> {
    pub(super) fn none() -> Self {
        Self {
            tasks: JoinSet::new(),
            of: HashMap::new(),
        }
    }

    /// Starts one.
    pub(super) fn start(
        &mut self,
        of: T,
        call: impl Future<Output = Result<(), E>> + Send + 'static,
    ) {
        let task = self.tasks.spawn(call);
        self.of.insert(task.id(), of);
    }

    /// Waits for all, and tells how each ended. One that panicked may have reached the function or not.
    pub(super) async fn ended(mut self) -> Vec<(T, Result<(), String>)> {
        let mut ended = Vec::new();
        while let Some(joined) = self.tasks.join_next_with_id().await {
            let (id, outcome) = match joined {
                Ok((id, outcome)) => (id, outcome.map_err(|error| error.to_string())),
                Err(error) => {
                    let reason =
                        format!("whether the function has its event is not known: {error}");
                    (error.id(), Err(reason))
                }
            };
            ended.extend(self.of.remove(&id).map(|of| (of, outcome)));
        }
        ended
    }
}

#[cfg(test)]
mod tests {
    use super::Underway;
    use crate::aws::block_on;

    #[test]
    fn each_invocation_ends_one_that_panics_too() {
        let mut ended = block_on(async {
            let mut underway = Underway::none();
            underway.start("taken", async { Ok(()) });
            underway.start("refused", async { Err("you may not") });
            underway.start("broken", async { panic!("a fault of this program") });
            Ok(underway.ended().await)
        })
        .expect("a runtime");
        ended.sort_by_key(|(of, _)| *of);
        let [broken, refused, taken] = <[_; 3]>::try_from(ended).expect("all three");
        assert_eq!(taken, ("taken", Ok(())));
        assert_eq!(refused, ("refused", Err("you may not".to_owned())));
        let reason = broken.1.expect_err("no answer");
        for words in ["is not known", "a fault of this program"] {
            assert!(reason.contains(words), "{reason}");
        }
    }
}
