//! A query is for the index that it reads, and not for the whole table.

use iac::cfn::Handle;
use iac::iam::{PolicyDocument, action};
use iac::resources::dynamodb::Table;

fn policy(table: &Handle<Table>) -> PolicyDocument {
    PolicyDocument::new().grant("Read", [action::dynamodb::QUERY], table)
}

fn main() {}
