//! Reading items.

use aws_sdk_dynamodb::types::AttributeValue;

use super::{Item, Table, TableError};

const GET: &str = "dynamodb:GetItem";
const QUERY: &str = "dynamodb:Query";

/// A part of an index, from its end.
#[derive(Debug)]
pub struct Query<'a> {
    /// Name of the index.
    pub index: &'a str,
    /// Its partition key, and the value of that.
    pub partition: (&'a str, &'a str),
    /// The key behind which to go on.
    pub start: Option<Item>,
    /// Most items.
    pub limit: u32,
}

/// Some items, newest first.
#[derive(Debug, Default)]
pub struct Page {
    /// The items.
    pub items: Vec<Item>,
    /// The key behind which there may be more.
    pub last: Option<Item>,
}

impl Table {
    /// The item with this key, if there is one.
    ///
    /// # Errors
    ///
    /// Each [`TableError`].
    pub async fn get(&self, key: (&str, &str)) -> Result<Option<Item>, TableError> {
        let call = self
            .client
            .get_item()
            .table_name(&self.name)
            .key(key.0, AttributeValue::S(key.1.to_owned()))
            .send();
        let read = Box::pin(async {
            call.await
                .map(|answer| answer.item)
                .map_err(|error| TableError::of(GET, &self.name, error))
        });
        self.in_time(GET, read).await
    }

    /// The next items of an index, in descending order.
    ///
    /// # Errors
    ///
    /// Each [`TableError`].
    pub async fn query(&self, query: Query<'_>) -> Result<Page, TableError> {
        let (name, value) = query.partition;
        let call = self
            .client
            .query()
            .table_name(&self.name)
            .index_name(query.index)
            .key_condition_expression("#partition = :partition")
            .expression_attribute_names("#partition", name)
            .expression_attribute_values(":partition", AttributeValue::S(value.to_owned()))
            .set_exclusive_start_key(query.start)
            .scan_index_forward(false)
            .limit(query.limit.try_into().unwrap_or(i32::MAX))
            .send();
        let read = Box::pin(async {
            call.await
                .map(|answer| Page {
                    items: answer.items.unwrap_or_default(),
                    last: answer.last_evaluated_key,
                })
                .map_err(|error| TableError::of(QUERY, &self.name, error))
        });
        self.in_time(QUERY, read).await
    }
}
