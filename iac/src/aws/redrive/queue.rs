//! Messages of a queue, hidden while they are looked at.

use std::collections::BTreeMap;
use std::time::Duration;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::{
    ChangeMessageVisibilityBatchRequestEntry, DeleteMessageBatchRequestEntry, QueueAttributeName,
};

use crate::aws::{Account, AwsError};

/// How long a message is hidden that was received: longer than the invocation of its function and its deletion
/// take with every attempt that the SDK makes (two minutes each), so that nobody else takes it meanwhile.
pub const VISIBILITY: Duration = Duration::from_mins(5);

/// SQS gives and takes at most ten at once.
const BATCH: usize = 10;

/// Seconds that SQS looks for messages. Without, it asks only some of its servers, and an empty answer would not
/// mean an empty queue.
const WAIT: i32 = 1;

/// A queue.
#[derive(Debug, Clone)]
pub(super) struct Queue {
    client: Client,
    place: String,
    url: String,
}

/// A message that is hidden from others.
#[derive(Debug, Clone)]
pub(super) struct Message {
    pub(super) id: String,
    pub(super) body: String,
    receipt: String,
}

/// The messages that this process hides: id and what shows them again.
#[derive(Debug, Default)]
pub(super) struct Hidden(BTreeMap<String, String>);

impl Hidden {
    /// Those that come for the first time. In a run longer than [`VISIBILITY`], one that stays comes again.
    pub(super) fn fresh(&mut self, messages: Vec<Message>) -> Vec<Message> {
        let mut fresh = Vec::new();
        for message in messages {
            let known = self.0.insert(message.id.clone(), message.receipt.clone());
            if known.is_none() {
                fresh.push(message);
            }
        }
        fresh
    }

    /// One that is gone.
    pub(super) fn forget(&mut self, id: &str) {
        self.0.remove(id);
    }
}

impl Queue {
    pub(super) fn new(account: &Account, url: &str) -> Self {
        Self {
            client: account.sqs(),
            place: account.place(),
            url: url.to_owned(),
        }
    }

    /// How many messages can be received, as far as the queue knows.
    pub(super) async fn waiting(&self) -> Result<u64, AwsError> {
        let name = QueueAttributeName::ApproximateNumberOfMessages;
        let answer = self
            .client
            .get_queue_attributes()
            .queue_url(&self.url)
            .attribute_names(name.clone())
            .send()
            .await
            .map_err(|error| AwsError::of("look at the queue", &self.place, &error))?;
        let number = answer
            .attributes()
            .and_then(|attributes| attributes.get(&name));
        Ok(number
            .and_then(|number| number.parse().ok())
            .unwrap_or_default())
    }

    /// The next messages, none if there are no more.
    pub(super) async fn receive(&self, at_most: u64) -> Result<Vec<Message>, AwsError> {
        let number = usize::try_from(at_most).unwrap_or(BATCH).min(BATCH);
        let answer = self
            .client
            .receive_message()
            .queue_url(&self.url)
            .set_max_number_of_messages(i32::try_from(number).ok())
            .set_visibility_timeout(i32::try_from(VISIBILITY.as_secs()).ok())
            .wait_time_seconds(WAIT)
            .send()
            .await
            .map_err(|error| AwsError::of("receive messages", &self.place, &error))?;
        let messages = answer.messages.unwrap_or_default().into_iter();
        Ok(messages
            .filter_map(|message| {
                Some(Message {
                    id: message.message_id?,
                    body: message.body.unwrap_or_default(),
                    receipt: message.receipt_handle?,
                })
            })
            .collect())
    }

    /// Deletes messages, at most ten, and gives the reasons for those that it could not.
    pub(super) async fn delete(
        &self,
        messages: impl Iterator<Item = &Message>,
    ) -> BTreeMap<String, String> {
        let messages: Vec<_> = messages.collect();
        if messages.is_empty() {
            return BTreeMap::new();
        }
        let entries: Result<Vec<_>, _> = messages
            .iter()
            .enumerate()
            .map(|(index, message)| {
                DeleteMessageBatchRequestEntry::builder()
                    .id(index.to_string())
                    .receipt_handle(&message.receipt)
                    .build()
            })
            .collect();
        let all = |reason: &str| {
            let ids = messages.iter().map(|message| message.id.clone());
            ids.map(|id| (id, reason.to_owned())).collect()
        };
        let entries = match entries {
            Ok(entries) => entries,
            Err(error) => return all(&error.to_string()),
        };
        let request = self.client.delete_message_batch().queue_url(&self.url);
        match request.set_entries(Some(entries)).send().await {
            Err(error) => all(&AwsError::of("delete messages", &self.place, &error).to_string()),
            Ok(answer) => {
                let failed = answer.failed().iter().filter_map(|failed| {
                    let message = messages.get(failed.id().parse::<usize>().ok()?)?;
                    let reason = failed.message().unwrap_or(failed.code());
                    Some((message.id.clone(), reason.to_owned()))
                });
                failed.collect()
            }
        }
    }

    /// Shows messages again. What fails here is done by time.
    pub(super) async fn show(&self, hidden: Hidden) {
        let receipts: Vec<String> = hidden.0.into_values().collect();
        for receipts in receipts.chunks(BATCH) {
            let entries: Result<Vec<_>, _> = receipts
                .iter()
                .enumerate()
                .map(|(index, receipt)| {
                    ChangeMessageVisibilityBatchRequestEntry::builder()
                        .id(index.to_string())
                        .receipt_handle(receipt)
                        .visibility_timeout(0)
                        .build()
                })
                .collect();
            let request = self.client.change_message_visibility_batch();
            let request = request.queue_url(&self.url).set_entries(entries.ok());
            if request.send().await.is_err() {
                break;
            }
        }
    }
}
