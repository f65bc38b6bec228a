//! Events that a function failed on, given to it once more.
//!
//! A message is deleted only after Lambda has taken its event, so nothing is lost wherever this ends: at worst
//! an event is handled twice, which the functions are made for. While it is looked at, a message is hidden
//! from everybody else; one that stays in the queue is shown again at the end, and by itself after
//! [`VISIBILITY`] if this process does not come to its end.

mod queue;
mod record;

use std::collections::BTreeSet;
use std::pin::Pin;

use aws_sdk_lambda::Client as Lambda;
use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::InvocationType;
use tokio::task::JoinSet;

pub use queue::VISIBILITY;
pub use record::Record;

use self::queue::{Hidden, Message, Queue};
use super::{Account, AwsError, DeployedStack, Interrupt, Refusal};
use crate::parts::DEAD_LETTER_QUEUE;

/// How much to do.
#[derive(Debug, Clone, Copy)]
pub struct Extent {
    /// Messages at most.
    pub max: Option<u64>,
    /// Only look.
    pub dry_run: bool,
}

/// A message, and what became of it.
#[derive(Debug, Clone)]
pub struct Handled {
    /// The message's id.
    pub message: String,
    /// What it says, if that can be read.
    pub record: Option<Record>,
    /// What became of it.
    pub fate: Fate,
}

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// The function has its event again, and the queue has it no more.
    Redriven,
    /// It can be redriven.
    Shown,
    /// It is still in the queue.
    Kept {
        /// Why.
        reason: String,
    },
}

/// What became of all of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Events that the function has again.
    pub redriven: u64,
    /// Events that it could have again.
    pub shown: u64,
    /// Messages that stayed because they must.
    pub kept: u64,
    /// Whether a signal ended it early.
    pub interrupted: bool,
}

/// The dead-letter queue of a deployed stack, and the functions whose events are in it.
#[derive(Debug)]
pub struct Redrive {
    queue: Queue,
    lambda: Lambda,
    place: String,
    stack: String,
    functions: BTreeSet<String>,
    /// The events that the functions have again since this run began: one that is here once more has failed
    /// once more, and would go round for ever.
    redriven: BTreeSet<Identity>,
}

impl Redrive {
    /// The dead-letter queue of a stack.
    ///
    /// # Errors
    /// The stack has none.
    pub fn of_stack(account: &Account, stack: &DeployedStack) -> Result<Self, AwsError> {
        let queue = stack.resources.get(DEAD_LETTER_QUEUE);
        let queue = queue.ok_or_else(|| AwsError::NoPart {
            stack: stack.name.clone(),
            part: DEAD_LETTER_QUEUE.to_owned(),
            remedy: "nothing puts failed events aside there; name the stack of one of the upload systems",
        })?;
        let functions = stack.resources_of("AWS::Lambda::Function");
        Ok(Self {
            queue: Queue::new(account, &queue.physical_id),
            lambda: account.lambda(),
            place: account.place(),
            stack: stack.name.clone(),
            functions: functions.map(|(_, name)| name.to_owned()).collect(),
            redriven: BTreeSet::new(),
        })
    }

    /// How many messages there are, as far as the queue knows.
    ///
    /// # Errors
    /// SQS refuses or does not answer.
    pub async fn waiting(&self) -> Result<u64, AwsError> {
        self.queue.waiting().await
    }

    /// Goes through the queue and tells what became of each message. The first signal ends it after the
    /// messages at hand, the second at once.
    ///
    /// # Errors
    /// SQS refuses or does not answer. What is in the queue stays there.
    pub async fn run(
        &mut self,
        extent: Extent,
        interrupt: &mut Interrupt,
        mut tell: impl FnMut(&Handled),
    ) -> Result<Summary, AwsError> {
        let mut summary = Summary::default();
        let mut hidden = Hidden::default();
        let outcome = loop {
            let left = extent.max.map_or(u64::MAX, |max| {
                max.saturating_sub(summary.redriven + summary.shown + summary.kept)
            });
            if left == 0 || summary.interrupted {
                break Ok(());
            }
            // Never given up half-way: SQS hides messages before this process knows which.
            let receive = Box::pin(self.queue.receive(left));
            let messages = match to_its_end(receive, interrupt, &mut summary.interrupted).await? {
                Ok(messages) if messages.is_empty() => break Ok(()),
                Ok(messages) => messages,
                Err(error) => break Err(error),
            };
            let fresh = hidden.fresh(messages);
            // What was seen before is there again because its time is up: the round is done.
            if fresh.is_empty() || summary.interrupted {
                break Ok(());
            }
            let handle = Box::pin(self.handle(fresh, extent.dry_run));
            for handled in to_its_end(handle, interrupt, &mut summary.interrupted).await? {
                match handled.fate {
                    Fate::Redriven => {
                        summary.redriven += 1;
                        hidden.forget(&handled.message);
                    }
                    Fate::Shown => summary.shown += 1,
                    Fate::Kept { .. } => summary.kept += 1,
                }
                tell(&handled);
            }
        };
        self.queue.show(hidden).await;
        outcome.map(|()| summary)
    }

    /// Invokes the function for each message, all at once, and deletes those that it took.
    async fn handle(&mut self, messages: Vec<Message>, dry_run: bool) -> Vec<Handled> {
        let mut handled = Vec::new();
        let mut invocations = JoinSet::new();
        let mut taken = Vec::new();
        for message in messages {
            let (record, obstacle) = self.look_at(&message);
            match (record, obstacle) {
                (Some(record), None) if dry_run => handled.push(Handled {
                    message: message.id,
                    record: Some(record),
                    fate: Fate::Shown,
                }),
                (Some(record), None) => {
                    let call = invoke(self.lambda.clone(), self.place.clone(), record.clone());
                    invocations.spawn(async move { (message, record, call.await) });
                }
                (record, reason) => handled.push(Handled {
                    message: message.id,
                    record,
                    fate: Fate::Kept {
                        reason: reason.unwrap_or_default(),
                    },
                }),
            }
        }
        while let Some(joined) = invocations.join_next().await {
            // A task that panicked has told so; its message stays in the queue.
            let Ok((message, record, outcome)) = joined else {
                continue;
            };
            match outcome {
                Ok(()) => taken.push((message, record)),
                Err(error) => {
                    self.redriven.remove(&identity(&record));
                    handled.push(Handled {
                        message: message.id,
                        record: Some(record),
                        fate: Fate::Kept {
                            reason: error.to_string(),
                        },
                    });
                }
            }
        }
        let failures = self
            .queue
            .delete(taken.iter().map(|(message, _)| message))
            .await;
        handled.extend(taken.into_iter().map(|(message, record)| {
            let fate = failures.get(&message.id).map_or(Fate::Redriven, |reason| Fate::Kept {
                reason: format!(
                    "the function has its event, but it could not be deleted and will come again: {reason}"
                ),
            });
            Handled {
                message: message.id,
                record: Some(record),
                fate,
            }
        }));
        handled
    }

    /// The record of a message, and why it cannot be redriven, if it cannot.
    fn look_at(&mut self, message: &Message) -> (Option<Record>, Option<String>) {
        let record = match Record::read(&message.body) {
            Ok(record) => record,
            Err(reason) => return (None, Some(reason)),
        };
        let obstacle = if !self.functions.contains(&record.function) {
            Some(format!(
                "`{}` is no function of the stack `{}`",
                record.function, self.stack
            ))
        } else if !self.redriven.insert(identity(&record)) {
            Some(
                "its event was redriven just now, and failed again or was here twice: redrive once more when the cause is gone".to_owned(),
            )
        } else {
            None
        };
        (Some(record), obstacle)
    }
}

/// What is invoked and with what: two records that have it in common are of one event.
type Identity = (String, Option<String>, String);

fn identity(record: &Record) -> Identity {
    (
        record.function.clone(),
        record.qualifier.clone(),
        record.payload.clone(),
    )
}

/// A step that the first signal does not cut off; the second one does.
async fn to_its_end<T>(
    mut step: Pin<Box<impl Future<Output = T>>>,
    interrupt: &mut Interrupt,
    interrupted: &mut bool,
) -> Result<T, AwsError> {
    loop {
        tokio::select! {
            done = &mut step => return Ok(done),
            _ = interrupt.received() => {
                if *interrupted {
                    return Err(AwsError::Interrupted(format!(
                        "what was not finished is in the queue again after {} s",
                        VISIBILITY.as_secs()
                    )));
                }
                *interrupted = true;
            }
        }
    }
}

/// Gives a function its event, as whoever invoked it did.
async fn invoke(lambda: Lambda, place: String, record: Record) -> Result<(), AwsError> {
    let action = format!("invoke {}", record.function);
    let invoked = lambda
        .invoke()
        .function_name(&record.function)
        .set_qualifier(record.qualifier)
        .invocation_type(InvocationType::Event)
        .payload(Blob::new(record.payload))
        .send()
        .await
        .map_err(|error| AwsError::of(&action, &place, &error))?;
    match invoked.status_code() {
        202 => Ok(()),
        status => Err(AwsError::Refused {
            action,
            reason: format!("Lambda answered {status} instead of 202"),
            refusal: Refusal::Final,
        }),
    }
}
