//! The artifact stack: found, or made.

use std::collections::BTreeMap;

use serde_json::json;

use super::store::{Owner, Store};
use super::unusable;
use crate::artifacts;
use crate::aws::cloudformation::{
    Activity, ChangeSetRequest, DeleteOptions, Described, Operation, Proposed, Situation,
    StackClient,
};
use crate::aws::deploy::protection;
use crate::aws::follow::{Ending, Follow};
use crate::aws::{Account, AwsError, Connection, Interrupt};
use crate::cfn::Template;
use crate::report::Reporter;
use crate::stacks::Bootstrap;

/// Operations of others that are waited for before this gives up.
const TURNS: usize = 5;

/// The stack with the artifact bucket.
#[derive(Debug, Clone)]
pub struct ArtifactStack {
    client: StackClient,
    state: State,
    store: Store,
}

/// Whether the stack is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is.
    There,
    /// It is not, or not yet.
    Missing,
}

impl ArtifactStack {
    /// Looks for the stack. Its bucket has a name even before it is there.
    ///
    /// # Errors
    /// CloudFormation refuses or does not answer; there is a stack of this name that is something else, or
    /// that cannot be used.
    pub async fn find(account: &Account, name: &str, account_id: &str) -> Result<Self, AwsError> {
        let client = StackClient::new(account, name);
        let described = client.describe().await?;
        let bucket = described.as_ref().and_then(bucket);
        let state = match &described {
            None => State::Missing,
            Some(described) => state(described, bucket.is_some())?,
        };
        let bucket =
            bucket.unwrap_or_else(|| Bootstrap::bucket_name(name, account_id, account.region()));
        Ok(Self {
            store: Store::new(account, name, &bucket, account_id),
            client,
            state,
        })
    }

    /// The stack's name.
    pub fn name(&self) -> &str {
        self.client.name()
    }

    /// Whether it is there.
    pub const fn state(&self) -> State {
        self.state
    }

    /// Its bucket, which is there if the stack is.
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// Makes the stack if it is not there.
    ///
    /// # Errors
    /// CloudFormation refuses or does not answer, or the stack cannot be made.
    pub async fn ensure(
        &mut self,
        template: &Template,
        role_arn: Option<&str>,
        connection: &Connection,
        reporter: Reporter,
        interrupt: &mut Interrupt,
    ) -> Result<(), AwsError> {
        if self.state == State::There {
            return Ok(());
        }
        let name = self.client.name().to_owned();
        for _ in 0..TURNS {
            let described = self.client.describe().await?;
            let situation = described.as_ref().map(|described| &described.situation);
            let operation = match situation {
                Some(Situation::Busy(_)) => self.client.last_operation().await?,
                Some(Situation::RolledBack) => {
                    let text =
                        format!("The creation of {name} had failed: it is deleted and made anew");
                    reporter.fact(
                        "artifacts",
                        json!({"stack": name, "state": "deleting"}),
                        &text,
                    );
                    Some(self.client.delete(&DeleteOptions::default()).await?)
                }
                Some(Situation::Absent | Situation::InReview) | None => {
                    self.is_free().await?;
                    let text = format!("{name} is made: the bucket that code is deployed from");
                    reporter.fact(
                        "artifacts",
                        json!({"stack": name, "state": "creating"}),
                        &text,
                    );
                    match self.create(template, role_arn).await {
                        Ok(operation) => Some(operation),
                        // Somebody else began in the meantime.
                        Err(_) if self.is_under_way().await? => None,
                        Err(error) => return Err(error),
                    }
                }
                Some(_) => {
                    let found = described.as_ref().and_then(bucket);
                    if found.as_deref() != Some(self.store.bucket()) {
                        return Err(unusable(
                            &name,
                            "it is not the one that was planned with: try again",
                        ));
                    }
                    self.state = State::There;
                    return Ok(());
                }
            };
            let Some(operation) = operation else { continue };
            let mut follow = Follow::new(&self.client, connection, reporter.format(), interrupt);
            let ending = follow.until_end(operation).await?;
            follow.conclude(&ending)?;
            if let Ending::RolledBack(_) | Ending::Stuck(_) = ending {
                return Err(unusable(
                    &name,
                    "the stack could not be made; see why above",
                ));
            }
            if let Ending::Succeeded = ending {
                protection::protect(&self.client, template.document(), false).await?;
            }
        }
        Err(unusable(&name, "others keep changing it: try again later"))
    }

    async fn create(
        &self,
        template: &Template,
        role_arn: Option<&str>,
    ) -> Result<Operation, AwsError> {
        let request = ChangeSetRequest {
            template: artifacts::template(template),
            parameters: Vec::new(),
            tags: BTreeMap::new(),
            role_arn: role_arn.map(str::to_owned),
            description: "The bucket that code is deployed from".to_owned(),
        };
        match self.client.propose(&request).await? {
            Proposed::Changes(change_set) => self.client.execute(&change_set).await,
            Proposed::Nothing => Err(unusable(
                self.name(),
                "CloudFormation finds nothing to make",
            )),
        }
    }

    async fn is_under_way(&self) -> Result<bool, AwsError> {
        let described = self.client.describe().await?;
        Ok(described.is_some_and(|described| {
            !matches!(
                described.situation,
                Situation::Absent | Situation::InReview | Situation::RolledBack
            )
        }))
    }

    /// The bucket outlives its stack, and then stands in the way of the next one.
    async fn is_free(&self) -> Result<(), AwsError> {
        let problem = match self.store.owner().await? {
            None => return Ok(()),
            Some(Owner::We) => {
                "its bucket is there without the stack, which was deleted: delete the bucket too, as it holds \
                 nothing but code that is uploaded again, or name another stack with --artifacts"
            }
            Some(Owner::Somebody) => {
                "another account has a bucket of the name that it would have: name another stack with --artifacts"
            }
        };
        Err(unusable(self.name(), problem))
    }
}

fn bucket(described: &Described) -> Option<String> {
    let mut outputs = described.outputs.iter();
    let output = outputs.find(|output| output.name == Bootstrap::BUCKET_OUTPUT)?;
    Some(output.value.clone())
}

fn state(described: &Described, has_bucket: bool) -> Result<State, AwsError> {
    let refuse = |problem: &str| Err(unusable(&described.name, problem));
    match &described.situation {
        Situation::Absent
        | Situation::InReview
        | Situation::RolledBack
        | Situation::Busy(Activity::Creating) => Ok(State::Missing),
        Situation::Busy(Activity::Deleting) | Situation::DeleteFailed => {
            refuse("the stack is being deleted, or could not be: see `iac status`")
        }
        _ if has_bucket => Ok(State::There),
        _ => refuse(
            "the stack has no output BucketName, so it is another one: name one with --artifacts",
        ),
    }
}
