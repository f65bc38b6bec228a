//! The options of each stack, one by one, down to those that hold no others.
//!
//! Every struct is taken apart in full: a field that is new does not compile until it is named here, and then
//! wants a variant.

use std::fmt::Debug;

use iac::parts::{ApiOptions, Backfill, Cdn, Lifecycle};
use iac::stacks::{ResizeApi, SingleBucket, UploadEvents, UploadMetadata};

/// Options by name, with what is chosen as text.
pub(crate) type Choices = Vec<(String, String)>;

/// Something with options.
pub(crate) trait Options {
    /// All of them.
    fn choices(&self) -> Choices;
}

/// An option that holds no others.
fn one(name: &str, choice: &impl Debug) -> Choices {
    vec![(name.to_owned(), format!("{choice:?}"))]
}

/// The options of a part.
fn of(name: &str, part: &impl Options) -> Choices {
    let choices = part.choices().into_iter();
    choices
        .map(|(option, choice)| (format!("{name}.{option}"), choice))
        .collect()
}

/// Whether there is a part, and its options: without it, as they are by default.
fn of_optional<P: Options + Default>(name: &str, part: Option<&P>) -> Choices {
    let options = match part {
        Some(part) => of(name, part),
        None => of(name, &P::default()),
    };
    [one(name, &part.is_some()), options].concat()
}

/// Whether there is a bound, and its number: without it, the default's.
fn bound(name: &str, number: Option<u32>, default: Option<u32>) -> Choices {
    [
        one(name, &number.is_some()),
        one(&format!("{name}.number"), &number.or(default)),
    ]
    .concat()
}

impl Options for ResizeApi {
    fn choices(&self) -> Choices {
        let Self {
            auth,
            cors,
            architecture,
            rate_limit,
            burst_limit,
            workflow,
            backfill,
        } = self;
        [
            one("auth", auth),
            one("cors", cors),
            one("architecture", architecture),
            one("rate_limit", rate_limit),
            one("burst_limit", burst_limit),
            one("workflow", workflow),
            of_optional("backfill", backfill.as_ref()),
        ]
        .concat()
    }
}

impl Options for UploadEvents {
    fn choices(&self) -> Choices {
        let Self {
            uploads,
            api,
            architecture,
            originals,
            results,
            cdn,
            max_upload_bytes,
            url_expires_seconds,
            reserved_concurrency,
            backfill,
        } = self;
        let default = Self::default().reserved_concurrency;
        [
            one("uploads", uploads),
            of("api", api),
            one("architecture", architecture),
            of("originals", originals),
            of("results", results),
            of_optional("cdn", cdn.as_ref()),
            one("max_upload_bytes", max_upload_bytes),
            one("url_expires_seconds", url_expires_seconds),
            bound("reserved_concurrency", *reserved_concurrency, default),
            of_optional("backfill", backfill.as_ref()),
        ]
        .concat()
    }
}

impl Options for UploadMetadata {
    fn choices(&self) -> Choices {
        let Self {
            api,
            architecture,
            originals,
            results,
            reserved_concurrency,
            backfill,
        } = self;
        let default = Self::default().reserved_concurrency;
        [
            of("api", api),
            one("architecture", architecture),
            of("originals", originals),
            of("results", results),
            bound("reserved_concurrency", *reserved_concurrency, default),
            of_optional("backfill", backfill.as_ref()),
        ]
        .concat()
    }
}

impl Options for SingleBucket {
    fn choices(&self) -> Choices {
        let Self {
            api,
            architecture,
            uploads,
            processed,
            originals,
            results,
            old_versions,
            reserved_concurrency,
            backfill,
        } = self;
        let default = Self::default().reserved_concurrency;
        [
            of("api", api),
            one("architecture", architecture),
            one("uploads", uploads),
            one("processed", processed),
            one("originals", originals),
            one("results", results),
            one("old_versions", old_versions),
            bound("reserved_concurrency", *reserved_concurrency, default),
            of_optional("backfill", backfill.as_ref()),
        ]
        .concat()
    }
}

impl Options for ApiOptions {
    fn choices(&self) -> Choices {
        let Self {
            auth,
            origins,
            rate_limit,
            burst_limit,
        } = self;
        [
            one("auth", auth),
            one("origins", origins),
            one("rate_limit", rate_limit),
            one("burst_limit", burst_limit),
        ]
        .concat()
    }
}

impl Options for Backfill {
    fn choices(&self) -> Choices {
        let Self {
            max_concurrency,
            tolerated_failure_percentage,
        } = self;
        [
            one("max_concurrency", max_concurrency),
            one("tolerated_failure_percentage", tolerated_failure_percentage),
        ]
        .concat()
    }
}

impl Options for Lifecycle {
    fn choices(&self) -> Choices {
        let Self {
            abort_incomplete_uploads_after_days,
            objects,
            old_versions,
        } = self;
        [
            one(
                "abort_incomplete_uploads_after_days",
                abort_incomplete_uploads_after_days,
            ),
            one("objects", objects),
            one("old_versions", old_versions),
        ]
        .concat()
    }
}

impl Options for Cdn {
    fn choices(&self) -> Choices {
        let Self { plain_http, domain } = self;
        [one("plain_http", plain_http), one("domain", domain)].concat()
    }
}
