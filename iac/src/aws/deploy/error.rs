//! Why a deployment ended before its end.

use thiserror::Error;

use super::Refusal;
use crate::bundle::{BundleError, UnclearFunction};
use crate::plan::TemplateError;

/// Why a stack is not deployed, or not quite.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DeployError {
    /// A parameter that the template does not have.
    #[error("the template has no parameter `{name}`; there is {known}")]
    UnknownParameter {
        /// The name.
        name: String,
        /// The parameters there are.
        known: String,
    },
    /// A value that a parameter does not take.
    #[error("`{value}` is no value of the parameter {name}: {problem}")]
    BadValue {
        /// The parameter.
        name: String,
        /// The value.
        value: String,
        /// What it takes.
        problem: String,
    },
    /// Parameters without a value.
    #[error("no value is known of {}: give it with {}", .0.join(", "), arguments(.0))]
    NoValue(Vec<String>),
    /// A function whose code is not known.
    #[error(transparent)]
    Unclear(#[from] UnclearFunction),
    /// Zips that cannot be deployed.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// A name that resources of the stack cannot have.
    #[error("the stack cannot be called `{stack}`: {problem}")]
    Name {
        /// The name.
        stack: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A template that cannot be read.
    #[error("the template of the deployed stack `{stack}` cannot be read")]
    Template {
        /// The stack.
        stack: String,
        /// Why.
        #[source]
        source: TemplateError,
    },
    /// A stack in a state in which nothing can be planned.
    #[error("nothing can be planned for `{stack}` now: {reason}")]
    NotReady {
        /// The stack.
        stack: String,
        /// Why not, and what to do.
        reason: String,
    },
    /// A stack that needs a person.
    #[error("`{stack}` cannot be deployed as it is ({status}): {remedy}")]
    Stuck {
        /// The stack.
        stack: String,
        /// Its status.
        status: String,
        /// What is wrong, and what to do.
        remedy: String,
    },
    /// The artifact bucket cannot be used.
    #[error("the artifact bucket of `{stack}` cannot be used: {problem}")]
    Artifacts {
        /// The artifact stack.
        stack: String,
        /// Why not, and what to do.
        problem: String,
    },
    /// A zip that was named by its key and is not there.
    #[error("there is no `{key}` in the artifact bucket")]
    NoSuchKey {
        /// The key.
        key: String,
    },
    /// The plan was not approved.
    #[error("{}", refusal(.0))]
    Refused(Refusal),
    /// The stack changed after the plan was made.
    #[error(
        "`{stack}` has changed since the plan was made, so the plan was not carried out: plan again"
    )]
    Outdated {
        /// The stack.
        stack: String,
    },
}

fn arguments(names: &[String]) -> String {
    let arguments = names.iter().map(|name| format!("--parameter {name}=..."));
    arguments.collect::<Vec<_>>().join(" ")
}

fn refusal(refusal: &Refusal) -> String {
    const NOTHING: &str = "nothing was changed";
    match refusal {
        Refusal::Person => format!("{NOTHING}, as you said no"),
        Refusal::NobodyToAsk { digest } => format!(
            "{NOTHING}, as there is no terminal to ask at: say --approve {digest} to carry out exactly this plan, \
             or --yes to carry out whatever the plan is"
        ),
        Refusal::Losses { resources, digest } => format!(
            "{NOTHING}, because data would go from {}: say {} if it may, or --approve {digest} for the whole plan",
            resources.join(", "),
            resources
                .iter()
                .map(|id| format!("--allow-loss {id}"))
                .collect::<Vec<_>>()
                .join(" ")
        ),
        Refusal::OtherPlan { approved, digest } => format!(
            "{NOTHING}, because this is not the plan that was approved: its digest is {digest}, and {approved} was \
             approved. Review it and approve it anew"
        ),
        Refusal::Question(question) => {
            format!("{NOTHING}, as there is no terminal to ask at: {question} --yes says yes")
        }
    }
}

impl DeployError {
    /// The exit code: 2 wrong usage, 4 a file, 5 the account, 8 not approved, 9 another plan was approved,
    /// 10 the stack needs a person.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::UnknownParameter { .. }
            | Self::BadValue { .. }
            | Self::NoValue(_)
            | Self::Name { .. } => 2,
            Self::Unclear(_) | Self::Bundle(_) => 4,
            Self::Template { .. }
            | Self::NotReady { .. }
            | Self::Artifacts { .. }
            | Self::NoSuchKey { .. } => 5,
            Self::Refused(Refusal::OtherPlan { .. }) | Self::Outdated { .. } => 9,
            Self::Refused(_) => 8,
            Self::Stuck { .. } => 10,
        }
    }
}
