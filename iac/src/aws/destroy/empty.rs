//! Emptying a bucket: every version of every object, and every delete marker.

use aws_sdk_s3::Client;
use aws_sdk_s3::error::ProvideErrorMetadata as _;
use aws_sdk_s3::types::{Delete, ObjectIdentifier};

use super::DestroyError;
use crate::aws::AwsError;

/// What is known of a bucket's content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Content {
    /// Nothing, or no bucket.
    Nothing,
    /// Something.
    Something,
    /// What it is may not be looked at, for this reason.
    Unknown(String),
}

/// A bucket by its name, for requests and for words.
#[derive(Debug, Clone, Copy)]
pub(super) struct BucketClient<'b> {
    pub(super) client: &'b Client,
    /// Where requests go, in words.
    pub(super) place: &'b str,
    pub(super) name: &'b str,
    pub(super) logical_id: &'b str,
}

impl BucketClient<'_> {
    /// Looks whether there is anything in it.
    ///
    /// # Errors
    /// S3 does not answer.
    pub(super) async fn content(&self) -> Result<Content, AwsError> {
        let listed = self.client.list_object_versions().bucket(self.name);
        match listed.max_keys(1).send().await {
            Ok(page) if page.versions().is_empty() && page.delete_markers().is_empty() => {
                Ok(Content::Nothing)
            }
            Ok(_) => Ok(Content::Something),
            Err(error) if error.code() == Some("NoSuchBucket") => Ok(Content::Nothing),
            Err(error) => match self.failed("look into", &error) {
                AwsError::Refused { reason, .. } => Ok(Content::Unknown(reason)),
                error => Err(error),
            },
        }
    }

    /// Deletes everything in it, a thousand versions at a time; `told` hears how many are gone. Says how
    /// many there were.
    ///
    /// # Errors
    /// S3 refuses or does not answer, or does not delete something.
    pub(super) async fn empty(&self, told: impl Fn(usize)) -> Result<usize, AwsError> {
        let mut gone = 0;
        // What is listed is deleted, so the first page is always the next one.
        loop {
            let listed = self.client.list_object_versions().bucket(self.name);
            let page = match listed.send().await {
                Err(error) if error.code() == Some("NoSuchBucket") => return Ok(gone),
                page => page.map_err(|error| self.failed("list", &error))?,
            };
            let versions = page.versions().iter();
            let versions = versions.map(|it| (it.key(), it.version_id()));
            let markers = page.delete_markers().iter();
            let markers = markers.map(|it| (it.key(), it.version_id()));
            let named = versions.chain(markers).filter_map(|(key, version)| {
                let named = ObjectIdentifier::builder().key(key?);
                named
                    .set_version_id(version.map(str::to_owned))
                    .build()
                    .ok()
            });
            let named: Vec<_> = named.collect();
            if named.is_empty() {
                return Ok(gone);
            }
            let count = named.len();
            self.delete(named).await?;
            gone += count;
            told(gone);
        }
    }

    async fn delete(&self, named: Vec<ObjectIdentifier>) -> Result<(), AwsError> {
        let Ok(named) = Delete::builder()
            .set_objects(Some(named))
            .quiet(true)
            .build()
        else {
            return Ok(());
        };
        let deleted = self.client.delete_objects().bucket(self.name).delete(named);
        let deleted = deleted.send().await;
        let deleted = deleted.map_err(|error| self.failed("empty", &error))?;
        let Some(first) = deleted.errors().first() else {
            return Ok(());
        };
        let reason = first
            .message()
            .or(first.code())
            .unwrap_or("no reason given");
        Err(DestroyError::Stays {
            bucket: self.logical_id.to_owned(),
            count: deleted.errors().len(),
            key: first.key().unwrap_or_default().to_owned(),
            reason: reason.to_owned(),
        }
        .into())
    }

    fn failed<E>(&self, action: &str, error: &aws_sdk_s3::error::SdkError<E>) -> AwsError
    where
        E: aws_sdk_s3::error::ProvideErrorMetadata + std::error::Error + 'static,
    {
        let action = format!("{action} the bucket {}", self.logical_id);
        AwsError::of(action, self.place, error)
    }
}
