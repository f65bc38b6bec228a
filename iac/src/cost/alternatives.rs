//! The same stack with another option: what a person can switch.

use crate::cfn::{ModelError, Template};
use crate::parts::{Cdn, Lifecycle};
use crate::resources::lambda::Architecture;
use crate::resources::s3::Aging;
use crate::stacks::{ResizeApi, SingleBucket, UploadEvents, UploadMetadata, Workflow};

/// An option.
#[derive(Debug, Clone, Copy)]
pub struct Alternative {
    /// The option as the code has it.
    pub option: &'static str,
    /// Why it costs something else, and what else it changes.
    pub why: &'static str,
    /// It is compared with at least so many downloads of each result: without any, some options cost nothing.
    pub downloads: u64,
    build: fn() -> Result<Template, ModelError>,
}

impl Alternative {
    /// Builds the stack with the option.
    ///
    /// # Errors
    /// What the model refuses.
    pub fn template(&self) -> Result<Template, ModelError> {
        (self.build)()
    }
}

/// The options of a stack that change what it costs.
#[must_use]
pub fn alternatives(stack: &str) -> &'static [Alternative] {
    match stack {
        ResizeApi::NAME => RESIZE_API,
        UploadEvents::NAME => UPLOAD_EVENTS,
        UploadMetadata::NAME => UPLOAD_METADATA,
        SingleBucket::NAME => SINGLE_BUCKET,
        _ => &[],
    }
}

const fn x86(build: fn() -> Result<Template, ModelError>) -> Alternative {
    Alternative {
        option: "architecture: Architecture::X86_64",
        why: "a GB-second on Intel or AMD costs a quarter more than on Graviton; the function has to be built for it",
        downloads: 0,
        build,
    }
}

const fn expire(option: &'static str, build: fn() -> Result<Template, ModelError>) -> Alternative {
    Alternative {
        option,
        why: "originals are paid by the day; what is removed cannot be resized again",
        downloads: 0,
        build,
    }
}

/// A week, for those who need originals no longer once they are resized.
const WEEK: Aging = Aging::Expire { after_days: 7 };

const fn a_week() -> Lifecycle {
    Lifecycle {
        objects: Some(WEEK),
        ..Lifecycle::originals()
    }
}

const RESIZE_API: &[Alternative] = &[
    Alternative {
        option: "workflow: Workflow::Express",
        why: "Standard is paid by the state that an execution enters, repeated tries included; Express by the execution, its time and its memory. What is lost: an Express execution has no history, cannot be described or stopped, may run twice, and ends after five minutes",
        downloads: 0,
        build: || {
            ResizeApi {
                workflow: Workflow::Express,
                ..ResizeApi::default()
            }
            .template()
        },
    },
    x86(|| {
        ResizeApi {
            architecture: Architecture::X86_64,
            ..ResizeApi::default()
        }
        .template()
    }),
];

const UPLOAD_EVENTS: &[Alternative] = &[
    expire(
        "originals: Lifecycle { objects: Some(Aging::Expire { after_days: 7 }), .. }",
        || {
            UploadEvents {
                originals: a_week(),
                ..UploadEvents::default()
            }
            .template()
        },
    ),
    Alternative {
        option: "cdn: Some(Cdn::default())",
        why: "CloudFront is paid by the request and by the GB, S3 by the GB alone, at a higher price; small results cost about the same from either, and come from nearer. CloudFront gives 1 TB and 10,000,000 requests a month for nothing, which is not counted here",
        downloads: 1,
        build: || {
            UploadEvents {
                cdn: Some(Cdn::default()),
                ..UploadEvents::default()
            }
            .template()
        },
    },
    x86(|| {
        UploadEvents {
            architecture: Architecture::X86_64,
            ..UploadEvents::default()
        }
        .template()
    }),
];

const UPLOAD_METADATA: &[Alternative] = &[
    expire(
        "originals: Lifecycle { objects: Some(Aging::Expire { after_days: 7 }), .. }",
        || {
            UploadMetadata {
                originals: a_week(),
                ..UploadMetadata::default()
            }
            .template()
        },
    ),
    x86(|| {
        UploadMetadata {
            architecture: Architecture::X86_64,
            ..UploadMetadata::default()
        }
        .template()
    }),
];

const SINGLE_BUCKET: &[Alternative] = &[
    expire("originals: Some(Aging::Expire { after_days: 7 })", || {
        SingleBucket {
            originals: Some(WEEK),
            ..SingleBucket::default()
        }
        .template()
    }),
    x86(|| {
        SingleBucket {
            architecture: Architecture::X86_64,
            ..SingleBucket::default()
        }
        .template()
    }),
];
