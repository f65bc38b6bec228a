//! The table with what is known of each image.

use lambda::metadata::{INDEX, attribute};

use crate::cfn::{Arn, Attributes, Handle, Stack, Value, pseudo};
use crate::resources::dynamodb::{Index, Table};
use crate::sub;

/// How a table is found things in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lookup {
    /// By an image's id.
    ById,
    /// By an image's id, and all images by upload time. Each write costs twice as much.
    ByIdAndTime,
}

/// Adds the table `ImageMetadata`, found by `ImageID`, and outputs its name. It is kept when the stack
/// goes, as the images are: under its name, so a stack of the same name cannot make it anew.
pub fn metadata_table(stack: &mut Stack, lookup: Lookup) -> Handle<Table> {
    let name = sub![pseudo::stack_name(), "-ImageMetadata"];
    let mut table = Table::keyed(name, attribute::IMAGE_ID);
    if lookup == Lookup::ByIdAndTime {
        table = table.indexed(INDEX, attribute::KIND, attribute::UPLOAD_TIME);
    }
    let table = stack.add_with("ImageMetadata", Attributes::retain_named(), table);
    stack.output(
        "MetadataTableName",
        "Table with what is known of each image",
        &table.name(),
    );
    table
}

/// The images by upload time, to grant on.
#[must_use]
pub fn by_upload_time(table: &Handle<Table>) -> Value<Arn<Index>> {
    table.index(INDEX)
}
