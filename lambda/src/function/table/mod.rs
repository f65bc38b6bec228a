//! The metadata table in `DynamoDB`.

mod error;
#[cfg(feature = "metadata")]
mod read;
#[cfg(feature = "resize")]
mod write;

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::BehaviorVersion;
use aws_sdk_dynamodb::types::AttributeValue;

use super::account::{Account, DYNAMODB_ENDPOINT};
use super::variables::{ConfigError, Variables};

pub use error::TableError;
#[cfg(feature = "metadata")]
pub use read::{Page, Query};
#[cfg(feature = "resize")]
pub use write::Condition;

/// An item, or a part of one, by the names in [`attribute`](crate::metadata::attribute).
pub type Item = HashMap<String, AttributeValue>;

/// A call with all its attempts and the pauses between them.
const CALL_TIMEOUT: Duration = Duration::from_secs(6);

/// One table. Made once and kept: it holds the open connections.
#[derive(Debug, Clone)]
pub struct Table {
    client: Client,
    name: String,
}

impl Table {
    /// A client for this table.
    ///
    /// # Errors
    ///
    /// `AWS_ENDPOINT_URL_DYNAMODB` is not UTF-8.
    pub fn new(
        account: &Account,
        variables: &Variables,
        name: String,
    ) -> Result<Self, ConfigError> {
        let mut config = aws_sdk_dynamodb::config::Builder::from(&account.sdk)
            .behavior_version(BehaviorVersion::latest());
        config.set_endpoint_url(account.endpoint(variables, DYNAMODB_ENDPOINT)?);
        let client = Client::from_conf(config.build());
        Ok(Self { client, name })
    }

    /// The outcome of a call, or unavailable if it takes too long. Calls come boxed, as those of S3.
    async fn in_time<T>(
        &self,
        operation: &'static str,
        call: impl Future<Output = Result<T, TableError>>,
    ) -> Result<T, TableError> {
        tokio::time::timeout(CALL_TIMEOUT, call)
            .await
            .unwrap_or_else(|_| {
                Err(TableError::Unavailable {
                    operation,
                    table: self.name.clone(),
                    cause: format!("it was not done after {} s", CALL_TIMEOUT.as_secs()).into(),
                })
            })
    }
}
