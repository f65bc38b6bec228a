//! The stacks: what is deployed, with the options chosen for it.

mod resize_api;

pub use resize_api::{ResizeApi, Workflow};

use crate::cfn::{ModelError, Template};

/// A stack in the list.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// The stack's name: its folder under `generated/`.
    pub name: &'static str,
    /// What it is, in a line.
    pub summary: &'static str,
    build: fn() -> Result<Template, ModelError>,
}

/// Every stack. Options are chosen here.
pub const STACKS: &[Entry] = &[Entry {
    name: ResizeApi::NAME,
    summary: "POST /resize starts a state machine that fits an image of S3 in 720x720",
    build: || ResizeApi::default().template(),
}];

impl Entry {
    /// Builds the stack's template.
    ///
    /// # Errors
    /// What the model refuses.
    pub fn template(&self) -> Result<Template, ModelError> {
        (self.build)()
    }
}

/// The stack of a name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Entry> {
    STACKS.iter().find(|entry| entry.name == name)
}
