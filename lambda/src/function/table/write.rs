//! Writing an item.

use std::collections::HashMap;

use aws_sdk_dynamodb::operation::put_item::PutItemError;

use super::{Item, Table, TableError};

const PUT: &str = "dynamodb:PutItem";

/// What the item that is there must be like for a new one to take its place.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Condition {
    /// The expression, with a name for each attribute and value.
    ///
    /// Source: <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html>
    pub expression: String,
    /// Attributes whose names the expression may not use as they are, by `#name`.
    pub names: HashMap<String, String>,
    /// The values, by `:name`.
    pub values: Item,
}

impl Table {
    /// Writes an item if the condition holds, and says whether it did.
    ///
    /// # Errors
    ///
    /// Each [`TableError`].
    pub async fn put(&self, item: Item, condition: Condition) -> Result<bool, TableError> {
        let Condition {
            expression,
            names,
            values,
        } = condition;
        let call = self
            .client
            .put_item()
            .table_name(&self.name)
            .set_item(Some(item))
            .condition_expression(expression)
            .set_expression_attribute_names(Some(names).filter(|names| !names.is_empty()))
            .set_expression_attribute_values(Some(values).filter(|values| !values.is_empty()))
            .send();
        let write = Box::pin(async {
            match call.await {
                Ok(_) => Ok(true),
                Err(error)
                    if error
                        .as_service_error()
                        .is_some_and(PutItemError::is_conditional_check_failed_exception) =>
                {
                    Ok(false)
                }
                Err(error) => Err(TableError::of(PUT, &self.name, error)),
            }
        });
        self.in_time(PUT, write).await
    }
}
