//! The stacks: what is deployed, with the options chosen for it.

mod bootstrap;
mod resize_api;
mod single_bucket;
mod upload_events;
mod upload_metadata;

pub use bootstrap::Bootstrap;
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
    /// What it is deployed as where nobody says otherwise.
    pub stack_name: &'static str,
    /// What it is, in a line.
    pub summary: &'static str,
    build: fn() -> Result<Template, ModelError>,
}

/// Every system that takes images. Options are chosen here.
pub const STACKS: &[Entry] = &[
    Entry {
        name: ResizeApi::NAME,
        stack_name: ResizeApi::NAME,
        summary: "POST /resize starts a state machine that fits an image of S3 in 720x720",
        build: || ResizeApi::default().template(),
    },
    Entry {
        name: UploadEvents::NAME,
        stack_name: UploadEvents::NAME,
        summary: "an image uploaded by a signed URL or through the API is fitted in 720x720 as S3 tells of it",
        build: || UploadEvents::default().template(),
    },
    Entry {
        name: UploadMetadata::NAME,
        stack_name: UploadMetadata::NAME,
        summary: "POST /images stores an image, which is fitted in 500x500; GET /images tells what became of it",
        build: || UploadMetadata::default().template(),
    },
    Entry {
        name: SingleBucket::NAME,
        stack_name: SingleBucket::NAME,
        summary: "POST /upload puts an image into uploads/ of a bucket, which is fitted in 720x720 into processed/",
        build: || SingleBucket::default().template(),
    },
];

/// The stack that all others are deployed with. It takes no images, so nobody asks what those cost in it.
pub const BOOTSTRAP: Entry = Entry {
    name: Bootstrap::NAME,
    stack_name: Bootstrap::STACK_NAME,
    summary: "the bucket that the functions of all other stacks are deployed from",
    build: || Bootstrap.template(),
};

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

/// Every stack there is.
pub fn all() -> impl Iterator<Item = &'static Entry> + Clone {
    STACKS.iter().chain([&BOOTSTRAP])
}

/// The stack of a name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Entry> {
    all().find(|entry| entry.name == name)
}
