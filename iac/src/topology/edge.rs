//! Who does what on what.

use super::node::AlarmCondition;
use super::text::Text;

/// Something that one end does, or may do, on the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    /// Who does it.
    pub from: End,
    /// On what.
    pub to: End,
    /// What it is.
    pub relation: Relation,
}

/// An end of an edge.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    /// Who uploads and calls the API.
    Client,
    /// Who looks at results.
    Viewer,
    /// Who runs the stack.
    Operator,
    /// A node, by its logical id.
    Node(String),
}

impl End {
    /// A node.
    #[must_use]
    pub fn node(id: &str) -> Self {
        Self::Node(id.to_owned())
    }
}

/// What an edge is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Relation {
    /// A client calls a method of an API.
    Call {
        /// The HTTP method.
        verb: String,
        /// The path with the stage.
        path: String,
    },
    /// A method of an API calls what is behind it.
    Integration {
        /// The HTTP method.
        verb: String,
        /// The path without the stage.
        path: String,
        /// The action.
        action: String,
        /// On what part of the target.
        part: Text,
    },
    /// A role allows an action.
    May {
        /// The logical id of the role.
        role: String,
        /// The action.
        action: String,
        /// On what part of the target: the keys of objects, an index.
        part: Text,
    },
    /// A bucket tells of an event.
    Notification {
        /// The event.
        event: String,
        /// What keys start with.
        prefix: Text,
        /// What keys end with.
        suffix: Text,
    },
    /// What an asynchronous call that failed for good goes to.
    OnFailure {
        /// How often it is tried in all.
        attempts: u32,
    },
    /// An alarm watches a metric.
    Watch(AlarmCondition),
    /// A distribution fetches from a bucket.
    Origin,
    /// A viewer fetches from a distribution.
    View,
    /// A browser puts objects with URLs that were signed for it.
    BrowserUpload,
    /// Who has a URL that a function signed does what the function may do.
    Signed {
        /// The logical id of the function.
        by: String,
        /// The action.
        action: String,
        /// The keys of objects.
        part: Text,
    },
    /// A person starts a state machine that nothing in the stack starts.
    StartByHand,
}
