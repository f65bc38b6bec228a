//! Amazon DynamoDB.

use serde::Serialize;

use crate::cfn::{Arn, Handle, Id, Resource, Value};
use crate::iam::Grantable;
use crate::sub;

/// An index of a table: what `dynamodb:Query` acts on.
#[derive(Debug)]
pub enum Index {}

/// A table, paid by the request, with a backup of every second of the last 35 days. It is encrypted with
/// DynamoDB's own key, as every table is that names no other.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html>
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
#[expect(
    clippy::struct_field_names,
    reason = "the fields bear CloudFormation's names"
)]
pub struct Table {
    table_name: Value<String>,
    billing_mode: &'static str,
    attribute_definitions: Vec<AttributeDefinition>,
    key_schema: Vec<KeySchema>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    global_secondary_indexes: Vec<GlobalSecondaryIndex>,
    point_in_time_recovery_specification: PointInTimeRecoverySpecification,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
struct AttributeDefinition {
    attribute_name: &'static str,
    attribute_type: &'static str,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct KeySchema {
    attribute_name: &'static str,
    key_type: &'static str,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct GlobalSecondaryIndex {
    index_name: &'static str,
    key_schema: Vec<KeySchema>,
    projection: Projection,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Projection {
    projection_type: &'static str,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
struct PointInTimeRecoverySpecification {
    point_in_time_recovery_enabled: bool,
}

impl Table {
    /// A table whose items are found by one attribute, a string.
    #[must_use]
    pub fn keyed(name: impl Into<Value<String>>, partition: &'static str) -> Self {
        let mut table = Self {
            table_name: name.into(),
            billing_mode: "PAY_PER_REQUEST",
            attribute_definitions: Vec::new(),
            key_schema: Vec::new(),
            global_secondary_indexes: Vec::new(),
            point_in_time_recovery_specification: PointInTimeRecoverySpecification {
                point_in_time_recovery_enabled: true,
            },
        };
        table.key_schema = vec![table.key(partition, "HASH")];
        table
    }

    /// Adds an index with whole items, found by one string and sorted by another.
    #[must_use]
    pub fn indexed(
        mut self,
        name: &'static str,
        partition: &'static str,
        sort: &'static str,
    ) -> Self {
        let key_schema = vec![self.key(partition, "HASH"), self.key(sort, "RANGE")];
        self.global_secondary_indexes.push(GlobalSecondaryIndex {
            index_name: name,
            key_schema,
            projection: Projection {
                projection_type: "ALL",
            },
        });
        self
    }

    /// A part of a key. Attributes of keys are defined once, and no other attribute is.
    fn key(&mut self, attribute_name: &'static str, key_type: &'static str) -> KeySchema {
        let definition = AttributeDefinition {
            attribute_name,
            attribute_type: "S",
        };
        if !self.attribute_definitions.contains(&definition) {
            self.attribute_definitions.push(definition);
        }
        KeySchema {
            attribute_name,
            key_type,
        }
    }
}

impl Resource for Table {
    const TYPE: &'static str = "AWS::DynamoDB::Table";
}

impl Handle<Table> {
    /// The table's name (`Ref`).
    #[must_use]
    pub fn name(&self) -> Value<Id<Table>> {
        self.reference()
    }

    /// The table's ARN.
    #[must_use]
    pub fn arn(&self) -> Value<Arn<Table>> {
        self.attribute("Arn")
    }

    /// An index of the table, to grant on.
    #[must_use]
    pub fn index(&self, name: &str) -> Value<Arn<Index>> {
        Value::new(sub![self.arn(), format!("/index/{name}")].expression)
    }
}

impl Grantable<Table> for Handle<Table> {
    fn granted(&self) -> Value<Arn<Table>> {
        self.arn()
    }
}
