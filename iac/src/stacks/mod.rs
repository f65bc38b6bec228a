//! The stacks: what is deployed, with the options chosen for it.

mod resize_api;
mod single_bucket;
mod upload_events;
mod upload_metadata;

pub use resize_api::{ResizeApi, Workflow};
pub use single_bucket::SingleBucket;
pub use upload_events::{UploadEvents, Uploads};
pub use upload_metadata::UploadMetadata;

use crate::cfn::{ModelError, Template};
use crate::parts::Program;
use crate::topology::{Kind, Topology};

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
pub const STACKS: &[Entry] = &[
    Entry {
        name: ResizeApi::NAME,
        summary: "POST /resize starts a state machine that fits an image of S3 in 720x720",
        build: || ResizeApi::default().template(),
    },
    Entry {
        name: UploadEvents::NAME,
        summary: "an image uploaded by a signed URL or through the API is fitted in 720x720 as S3 tells of it",
        build: || UploadEvents::default().template(),
    },
    Entry {
        name: UploadMetadata::NAME,
        summary: "POST /images stores an image, which is fitted in 500x500; GET /images tells what became of it",
        build: || UploadMetadata::default().template(),
    },
    Entry {
        name: SingleBucket::NAME,
        summary: "POST /upload puts an image into uploads/ of a bucket, which is fitted in 720x720 into processed/",
        build: || SingleBucket::default().template(),
    },
];

impl Entry {
    /// Builds the stack's template.
    ///
    /// # Errors
    /// What the model refuses.
    pub fn template(&self) -> Result<Template, ModelError> {
        (self.build)()
    }

    /// The programs of the stack's functions, in the order of the template.
    ///
    /// # Errors
    /// What the model refuses.
    pub fn programs(&self) -> Result<Vec<Program>, ModelError> {
        let topology = Topology::read(self.template()?.document());
        let functions = topology.nodes.iter().filter_map(|node| match &node.kind {
            Kind::Function(function) => Program::named(&function.name),
            _ => None,
        });
        Ok(functions.collect())
    }
}

/// The stack of a name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Entry> {
    STACKS.iter().find(|entry| entry.name == name)
}
