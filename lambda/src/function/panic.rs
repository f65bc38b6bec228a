//! Panics as values.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;

use crate::causes::panic_text;

/// Runs a future to its end or to its panic, whose text comes back. The runtime would catch a panic too, and
/// name it after a Rust type. Nothing of the future is seen after its panic; what it borrowed may be half
/// changed.
///
/// # Errors
///
/// What the panic said.
pub async fn caught<T>(future: impl Future<Output = T>) -> Result<T, String> {
    let mut future = pin!(future);
    poll_fn(
        |context| match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
            Ok(poll) => poll.map(Ok),
            Err(panic) => Poll::Ready(Err(panic_text(&*panic).to_owned())),
        },
    )
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_value_and_the_next_future_runs() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("a runtime");
        runtime.block_on(async {
            let text = caught(async {
                tokio::task::yield_now().await;
                panic!("at {}", "the disco")
            });
            assert_eq!(text.await, Err::<(), _>("at the disco".to_owned()));
            assert_eq!(caught(async { 7 }).await, Ok(7));
        });
    }
}
