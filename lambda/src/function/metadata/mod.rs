//! `read-metadata`: what is known of images, one by its id or all of them a page at a time, newest first.

mod cursor;
mod record;

use aws_sdk_dynamodb::types::AttributeValue;

use super::account::Account;
use super::api::{Answer, Endpoint, Refusal, Request};
use super::table::{Item, Query, Table};
use super::variables::{ConfigError, Variables};
use crate::ApiErrorName;
use crate::environment::{METADATA_TABLE, TABLE_INDEX};
use crate::metadata::attribute::{IMAGE_ID, KIND, UPLOAD_TIME};
use crate::metadata::{self, DEFAULT_PAGE, ImagePage, MAX_PAGE};

use cursor::{Cursor, Listing};

/// Hexadecimal digits of an image's id.
const ID_LENGTH: usize = 32;

/// The function, set up once and asked many times.
#[derive(Debug)]
pub struct ReadMetadata {
    table: Table,
    index: String,
    listing: Listing,
}

impl Endpoint for ReadMetadata {
    fn from_env(variables: &Variables) -> Result<Self, ConfigError> {
        let account = Account::from_env(variables)?;
        let name = variables.required(METADATA_TABLE)?;
        let index = variables.required(TABLE_INDEX)?;
        Ok(Self {
            listing: Listing::new(&[&name, &index, metadata::KIND]),
            table: Table::new(&account, variables, name)?,
            index,
        })
    }

    async fn answer(&self, request: &Request) -> Result<Answer, Refusal> {
        match (request.method.as_str(), request.resource.as_str()) {
            ("GET", "/images") => self.list(request).await,
            ("GET", "/images/{id}") => self.one(request).await,
            (method, resource) => Err(Refusal::no_such_resource(method, resource)),
        }
    }
}

impl ReadMetadata {
    async fn one(&self, request: &Request) -> Result<Answer, Refusal> {
        let id = request.path_parameter("id").unwrap_or_default();
        let is_id =
            id.len() == ID_LENGTH && id.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'));
        let item = if is_id {
            self.table.get((IMAGE_ID, id)).await?
        } else {
            None
        };
        let item = item.ok_or_else(|| {
            Refusal::new(
                ApiErrorName::NotFound,
                "there is nothing about such an image: if it was uploaded just now, ask again in a moment",
            )
        })?;
        let record = record::of(&item)
            .map_err(|attribute| Refusal::internal(format!("the item {id} has no {attribute}")))?;
        Ok(Answer::json(200, &record, id))
    }

    async fn list(&self, request: &Request) -> Result<Answer, Refusal> {
        let limit = limit(request)?;
        let start = match request.query("cursor")? {
            None => None,
            Some(text) => Some(self.listing.read(text).map(key_of).ok_or_else(|| {
                Refusal::invalid(
                    "the cursor is none of this listing: send one as it was answered, or none",
                )
            })?),
        };
        let query = Query {
            index: &self.index,
            partition: (KIND, metadata::KIND),
            start,
            // One more tells whether there is another page.
            limit: limit + 1,
        };
        let mut page = self.table.query(query).await?;
        let shown = limit as usize;
        let cursor = if page.items.len() > shown {
            page.items.truncate(shown);
            page.items.last().and_then(Cursor::of)
        } else {
            page.last.as_ref().and_then(Cursor::of)
        };
        let images = page.items.iter().filter_map(|item| {
            record::of(item)
                .inspect_err(|attribute| tracing::warn!(attribute, "left out an item without it"))
                .ok()
        });
        let page = ImagePage {
            images: images.collect(),
            cursor: cursor.map(|cursor| self.listing.write(&cursor)),
        };
        Ok(Answer::json(200, &page, ""))
    }
}

fn limit(request: &Request) -> Result<u32, Refusal> {
    let Some(text) = request.query("limit")? else {
        return Ok(DEFAULT_PAGE);
    };
    let digits = text.bytes().all(|digit| digit.is_ascii_digit());
    text.parse()
        .ok()
        .filter(|limit| digits && (1..=MAX_PAGE).contains(limit))
        .ok_or_else(|| {
            Refusal::invalid(format!("limit: {text:?} is no number from 1 to {MAX_PAGE}"))
        })
}

/// Where in the index a cursor stands.
fn key_of(cursor: Cursor) -> Item {
    [
        (IMAGE_ID, cursor.id),
        (KIND, metadata::KIND.to_owned()),
        (UPLOAD_TIME, cursor.upload_time),
    ]
    .map(|(name, value)| (name.to_owned(), AttributeValue::S(value)))
    .into()
}
