//! Deleting a stack: what goes and what stays is shown, a person says yes, buckets are emptied that were named,
//! and the deletion is followed to its end.

mod empty;
mod error;
mod fate;
mod words;

use serde_json::json;

pub use error::DestroyError;

use self::empty::{BucketClient, Content};
use self::fate::{Fate, Leaving, fates};
use super::cloudformation::{
    Activity, DeleteOptions, Described, Operation, Situation, StackClient,
};
use super::deploy::ask;
use super::follow::{Follow, FollowArgs};
use super::{Account, AwsError, Connection, Interrupt};
use crate::commands::Outcome;
use crate::report::Reporter;

/// How a stack is deleted.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Whether it was approved beforehand.
    pub yes: bool,
    /// Buckets to empty, each by its name or its logical id.
    pub empty: Vec<String>,
    /// Resources that stay, by logical id, where a deletion failed before.
    pub retain: Vec<String>,
    /// How it is followed.
    pub follow: FollowArgs,
}

/// Deletes one stack.
#[derive(Debug)]
pub struct Destroyer {
    account: Account,
    account_id: String,
    client: StackClient,
    connection: Connection,
    reporter: Reporter,
}

impl Destroyer {
    /// Finds the account.
    ///
    /// # Errors
    /// There is no region, there are no credentials, or AWS does not answer.
    pub async fn connect(
        name: &str,
        connection: &Connection,
        reporter: Reporter,
    ) -> Result<Self, AwsError> {
        let account = Account::connect(connection).await?;
        Ok(Self {
            account_id: account.id().await?,
            client: StackClient::new(&account, name),
            account,
            connection: connection.clone(),
            reporter,
        })
    }

    /// Deletes the stack.
    ///
    /// # Errors
    /// See [`DestroyError`]; there is no such stack; CloudFormation or S3 refuse or do not answer.
    pub async fn destroy(&self, options: &Options) -> Result<Outcome, AwsError> {
        let mut interrupt = Interrupt::new()?;
        let nothing = || "nothing was changed".to_owned();
        let described = interrupt.or(self.client.described(), nothing).await?;
        let operation = match &described.situation {
            Situation::Absent => return Err(self.client.no_stack()),
            Situation::Busy(Activity::Deleting) => self.client.last_operation().await?,
            Situation::Busy(_) => return Err(self.busy(&described).into()),
            _ => Some(self.begin(&described, options, &mut interrupt).await?),
        };
        let Some(operation) = operation else {
            return Err(self.busy(&described).into());
        };
        let format = self.reporter.format();
        let mut follow = Follow::new(&self.client, &self.connection, format, &mut interrupt)
            .with(options.follow);
        let ending = follow.until_end(operation).await?;
        follow.conclude(&ending)
    }

    /// Everything before the deletion.
    async fn begin(
        &self,
        described: &Described,
        options: &Options,
        interrupt: &mut Interrupt,
    ) -> Result<Operation, AwsError> {
        let nothing = || "nothing was changed".to_owned();
        let looked = async {
            let leaving = self.leaving(options).await?;
            let emptied = self.named(&leaving, &options.empty)?;
            let unknown = self.look(&leaving, &emptied, options).await?;
            Ok((leaving, emptied, unknown))
        };
        let (leaving, emptied, unknown) = interrupt.or(looked, nothing).await?;
        self.show(described, &leaving, &emptied, &unknown);
        self.confirm(options, interrupt).await?;
        for bucket in emptied.iter().map(|index| &leaving[*index]) {
            let partly = || {
                let id = &bucket.logical_id;
                format!("{id} may be emptied in part, and the stack is as it was")
            };
            interrupt.or(self.empty(bucket), partly).await?;
        }
        let delete = DeleteOptions {
            retain: options.retain.clone(),
            role_arn: None,
        };
        if !described.termination_protection {
            return self.client.delete(&delete).await;
        }
        self.client.set_termination_protection(false).await?;
        let begun = self.client.delete(&delete).await;
        if begun.is_err() {
            // The error is what is to be told; whether the protection is back, `iac status` says.
            let _ = self.client.set_termination_protection(true).await;
        }
        begun
    }

    async fn leaving(&self, options: &Options) -> Result<Vec<Leaving>, AwsError> {
        let text = self.client.template().await?;
        let template = serde_yaml::from_str(&text).map_err(|source| DestroyError::Template {
            stack: self.client.name().to_owned(),
            source,
        })?;
        let resources = self.client.resources().await?;
        Ok(fates(&template, resources, &options.retain))
    }

    /// The buckets that were named, as places in the list. Never more than that: a name is a whole name.
    fn named(&self, leaving: &[Leaving], names: &[String]) -> Result<Vec<usize>, DestroyError> {
        let mut places = Vec::new();
        for name in names {
            let place = leaving.iter().position(|it| {
                it.is_bucket() && (it.physical_id == *name || it.logical_id == *name)
            });
            let place = place.ok_or_else(|| {
                let buckets = leaving.iter().filter(|it| it.is_bucket());
                let mut known: Vec<_> = buckets.map(|it| self.name_of(it)).collect();
                known.sort();
                DestroyError::NoSuchBucket {
                    stack: self.client.name().to_owned(),
                    bucket: name.clone(),
                    known: if known.is_empty() {
                        "none".to_owned()
                    } else {
                        known.join(", ")
                    },
                }
            })?;
            if !places.contains(&place) {
                places.push(place);
            }
        }
        Ok(places)
    }

    /// Looks into the buckets that go and that nobody said to empty. Gives those that may not be looked
    /// into.
    async fn look(
        &self,
        leaving: &[Leaving],
        emptied: &[usize],
        options: &Options,
    ) -> Result<Vec<String>, AwsError> {
        let (mut full, mut unknown) = (Vec::new(), Vec::new());
        let s3 = self.account.s3();
        for (place, resource) in leaving.iter().enumerate() {
            if resource.is_bucket() && resource.fate == Fate::Deleted && !emptied.contains(&place) {
                match self.bucket(&s3, resource).content().await? {
                    Content::Nothing => {}
                    Content::Something => full.push(resource.logical_id.clone()),
                    Content::Unknown(reason) => unknown.push(reason),
                }
            }
        }
        if full.is_empty() {
            return Ok(unknown);
        }
        let all = options.empty.iter().chain(&full);
        let all: Vec<_> = all.map(|bucket| format!("--empty {bucket}")).collect();
        let (name, connection) = (self.client.name(), self.connection.options());
        Err(DestroyError::NotEmpty {
            command: format!("iac destroy {name} {}{connection}", all.join(" ")),
            buckets: full,
        }
        .into())
    }

    async fn confirm(&self, options: &Options, interrupt: &mut Interrupt) -> Result<(), AwsError> {
        if options.yes {
            return Ok(());
        }
        let name = self.client.name();
        if !ask::is_possible(self.reporter.format()) {
            return Err(DestroyError::NobodyToAsk(name.to_owned()).into());
        }
        let question = format!("\nDelete {name}? Type its name to say yes: ");
        if ask::line(&question, interrupt).await?.trim() == name {
            return Ok(());
        }
        Err(DestroyError::NotConfirmed.into())
    }

    async fn empty(&self, bucket: &Leaving) -> Result<(), AwsError> {
        let id = &bucket.logical_id;
        let s3 = self.account.s3();
        let told = |gone| {
            self.reporter
                .progress(&format!("{id}: {gone} versions are gone"));
        };
        let gone = self.bucket(&s3, bucket).empty(told).await?;
        let text = format!("{id} is empty: {gone} versions of objects are deleted");
        self.reporter
            .fact("emptied", json!({"bucket": id, "versions": gone}), &text);
        Ok(())
    }

    fn bucket<'b>(
        &'b self,
        client: &'b aws_sdk_s3::Client,
        bucket: &'b Leaving,
    ) -> BucketClient<'b> {
        BucketClient {
            client,
            place: self.client.place(),
            name: &bucket.physical_id,
            logical_id: &bucket.logical_id,
        }
    }

    fn busy(&self, described: &Described) -> DestroyError {
        let (name, connection) = (&described.name, self.connection.options());
        DestroyError::Busy {
            stack: name.clone(),
            status: described.status.clone(),
            attach: format!("iac attach {name}{connection}"),
        }
    }
}
