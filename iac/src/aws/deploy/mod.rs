//! Deploying a stack: a change set becomes a plan, a plan that is approved is carried out, and what it does is
//! told until its end.
//!
//! ```text
//! target --> ready? --> change set --> plan --> approved? --> code --> execution --> protection
//!                           |            no: nothing is left
//!                       iac plan ends here, and leaves nothing either
//! ```

mod approval;
pub(super) mod ask;
mod code;
mod draft;
mod error;
mod mend;
mod names;
mod outcome;
mod parameters;
pub(super) mod protection;
mod ready;
mod run;
mod target;

pub use approval::{Approval, Refusal};
pub use error::DeployError;
pub use run::Options;
pub use target::{Target, TargetArgs};

use super::cloudformation::{ChangeSet, Described, StackClient};
use super::{Account, AwsError, Connection, Interrupt};
use crate::plan::{Plan, Side};
use crate::report::Reporter;

/// Plans and deploys one stack.
#[derive(Debug)]
pub struct Deployer {
    account: Account,
    account_id: String,
    target: Target,
    client: StackClient,
    connection: Connection,
    reporter: Reporter,
}

/// A stack as it is deployed.
#[derive(Debug)]
struct Before {
    described: Described,
    side: Side,
}

impl Deployer {
    /// Finds the account.
    ///
    /// # Errors
    /// There is no region, there are no credentials, or AWS does not answer.
    pub async fn connect(
        target: Target,
        connection: &Connection,
        reporter: Reporter,
    ) -> Result<Self, AwsError> {
        let account = Account::connect(connection).await?;
        Ok(Self {
            account_id: account.id().await?,
            client: StackClient::new(&account, &target.name),
            connection: connection.clone(),
            account,
            target,
            reporter,
        })
    }

    /// The plan alone. Nothing is changed, and nothing is left behind.
    ///
    /// # Errors
    /// The stack is in a state in which nothing can be planned; parameters or code are not as they should be;
    /// CloudFormation refuses or does not answer.
    pub async fn plan(&self) -> Result<Plan, AwsError> {
        let mut interrupt = Interrupt::new()?;
        self.can_be_planned().await?;
        let draft = self.draft(&mut interrupt).await?;
        if let Some(change_set) = &draft.change_set {
            self.client.withdraw(change_set).await?;
        }
        Ok(draft.plan)
    }

    /// Leaves nothing of a change set; where that fails, says so beside whatever else is to be said.
    async fn withdraw(&self, change_set: &ChangeSet) {
        if let Err(error) = self.client.withdraw(change_set).await {
            self.left_behind(&error);
        }
    }

    fn left_behind(&self, error: &AwsError) {
        let facts = serde_json::json!({"stack": self.target.name, "reason": error.to_string()});
        let text = format!(
            "A change set of {} is left behind ({error}): the next deployment deletes it",
            self.target.name
        );
        self.reporter.fact("left-behind", facts, &text);
    }
}
