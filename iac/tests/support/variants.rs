//! Every stack with each of its options. `every_option_has_a_variant` holds the lists against the options
//! there are.

use iac::cfn::{ModelError, Template};
use iac::parts::{ApiOptions, Auth, Backfill, Cdn, CdnDomain, Cors, Lifecycle, Origin};
use iac::resources::cloudfront::PlainHttp;
use iac::resources::lambda::Architecture;
use iac::resources::s3::{Aging, Prefix, StorageClass};
use iac::stacks::{ResizeApi, SingleBucket, UploadEvents, UploadMetadata, Uploads, Workflow};

/// A name for what is chosen, and a stack or its template with that. The first one is the default.
pub(crate) type Variants<T> = Vec<(&'static str, T)>;

/// The templates of each stack under its name.
pub(crate) fn all() -> Vec<(&'static str, Variants<Template>)> {
    vec![
        (ResizeApi::NAME, build(resize_api(), ResizeApi::template)),
        (
            UploadEvents::NAME,
            build(upload_events(), UploadEvents::template),
        ),
        (
            UploadMetadata::NAME,
            build(upload_metadata(), UploadMetadata::template),
        ),
        (
            SingleBucket::NAME,
            build(single_bucket(), SingleBucket::template),
        ),
    ]
}

fn build<T>(
    variants: Variants<T>,
    template: fn(&T) -> Result<Template, ModelError>,
) -> Variants<Template> {
    let built = |(name, options)| {
        let template = template(&options);
        (name, template.expect("a stack that holds together"))
    };
    variants.into_iter().map(built).collect()
}

fn origin() -> Origin {
    Origin::new("https://photos.example.com").expect("an origin")
}

fn api(auth: Auth) -> ApiOptions {
    ApiOptions {
        auth,
        ..ApiOptions::default()
    }
}

fn origins(origins: Vec<Origin>) -> ApiOptions {
    ApiOptions {
        origins,
        ..ApiOptions::default()
    }
}

fn throttled() -> ApiOptions {
    ApiOptions {
        rate_limit: 100,
        burst_limit: 200,
        ..ApiOptions::default()
    }
}

/// Neither bound is the default's.
const BOUNDS: Option<Backfill> = Some(Backfill {
    max_concurrency: 200,
    tolerated_failure_percentage: 0,
});

/// Moved, then removed; old versions too; and what is unfinished soon.
fn short() -> Lifecycle {
    Lifecycle {
        abort_incomplete_uploads_after_days: 1,
        objects: Some(Aging::TransitionThenExpire {
            to: StorageClass::GlacierInstantRetrieval,
            after_days: 1,
            expire_days_later: 90,
        }),
        old_versions: Some(Aging::Expire { after_days: 7 }),
    }
}

#[rustfmt::skip]
pub(crate) fn resize_api() -> Variants<ResizeApi> {
    let default = ResizeApi::default;
    vec![
        ("default", default()),
        ("auth-api-key", ResizeApi { auth: Auth::ApiKey, ..default() }),
        ("auth-iam", ResizeApi { auth: Auth::Iam, ..default() }),
        ("cors-origin", ResizeApi { cors: Cors::Origin(origin()), ..default() }),
        ("cors-any-origin", ResizeApi { cors: Cors::AnyOrigin, ..default() }),
        ("x86-64", ResizeApi { architecture: Architecture::X86_64, ..default() }),
        ("throttle", ResizeApi { rate_limit: 100, burst_limit: 200, ..default() }),
        ("express", ResizeApi { workflow: Workflow::Express, ..default() }),
        ("backfill-bounds", ResizeApi { backfill: BOUNDS, ..default() }),
        ("no-backfill", ResizeApi { backfill: None, ..default() }),
    ]
}

#[rustfmt::skip]
pub(crate) fn upload_events() -> Variants<UploadEvents> {
    let default = UploadEvents::default;
    let own_domain = Cdn {
        plain_http: PlainHttp::Refuse,
        domain: CdnDomain::Own,
    };
    // As large as the template gets.
    let everything = UploadEvents {
        // The plan of a key has the limits as well.
        api: ApiOptions { auth: Auth::ApiKey, ..throttled() },
        cdn: Some(own_domain),
        originals: short(),
        results: short(),
        ..default()
    };
    vec![
        ("default", default()),
        ("presigned", UploadEvents { uploads: Uploads::Presigned, ..default() }),
        ("direct", UploadEvents { uploads: Uploads::Direct, ..default() }),
        ("auth-api-key", UploadEvents { api: api(Auth::ApiKey), ..default() }),
        ("auth-iam", UploadEvents { api: api(Auth::Iam), ..default() }),
        ("origin", UploadEvents { api: origins(vec![origin()]), ..default() }),
        ("no-origin", UploadEvents { api: origins(Vec::new()), ..default() }),
        ("throttle", UploadEvents { api: throttled(), ..default() }),
        ("x86-64", UploadEvents { architecture: Architecture::X86_64, ..default() }),
        ("lifecycle", UploadEvents { originals: short(), results: short(), ..default() }),
        ("cdn", UploadEvents { cdn: Some(Cdn::default()), ..default() }),
        ("cdn-own-domain", UploadEvents { cdn: Some(own_domain), ..default() }),
        ("limits", UploadEvents { max_upload_bytes: 1 << 20, url_expires_seconds: 60, ..default() }),
        ("concurrency", UploadEvents { reserved_concurrency: Some(5), ..default() }),
        ("unbounded", UploadEvents { reserved_concurrency: None, ..default() }),
        ("backfill-bounds", UploadEvents { backfill: BOUNDS, ..default() }),
        ("no-backfill", UploadEvents { backfill: None, ..default() }),
        ("everything", everything),
    ]
}

#[rustfmt::skip]
pub(crate) fn upload_metadata() -> Variants<UploadMetadata> {
    let default = UploadMetadata::default;
    vec![
        ("default", default()),
        ("auth-api-key", UploadMetadata { api: api(Auth::ApiKey), ..default() }),
        ("auth-iam", UploadMetadata { api: api(Auth::Iam), ..default() }),
        ("origin", UploadMetadata { api: origins(vec![origin()]), ..default() }),
        ("throttle", UploadMetadata { api: throttled(), ..default() }),
        ("x86-64", UploadMetadata { architecture: Architecture::X86_64, ..default() }),
        ("lifecycle", UploadMetadata { originals: short(), results: short(), ..default() }),
        ("concurrency", UploadMetadata { reserved_concurrency: Some(5), ..default() }),
        ("unbounded", UploadMetadata { reserved_concurrency: None, ..default() }),
        ("backfill-bounds", UploadMetadata { backfill: BOUNDS, ..default() }),
        ("no-backfill", UploadMetadata { backfill: None, ..default() }),
    ]
}

#[rustfmt::skip]
pub(crate) fn single_bucket() -> Variants<SingleBucket> {
    let default = SingleBucket::default;
    let prefixes = SingleBucket {
        uploads: Prefix::new("in/").expect("a prefix"),
        processed: Prefix::new("out/small/").expect("a prefix"),
        ..default()
    };
    let moved = Aging::Transition {
        to: StorageClass::IntelligentTiering,
        after_days: 1,
    };
    let lifecycle = SingleBucket {
        originals: Some(Aging::Expire { after_days: 365 }),
        results: Some(moved),
        old_versions: moved,
        ..default()
    };
    vec![
        ("default", default()),
        ("auth-api-key", SingleBucket { api: api(Auth::ApiKey), ..default() }),
        ("auth-iam", SingleBucket { api: api(Auth::Iam), ..default() }),
        ("origin", SingleBucket { api: origins(vec![origin()]), ..default() }),
        ("throttle", SingleBucket { api: throttled(), ..default() }),
        ("x86-64", SingleBucket { architecture: Architecture::X86_64, ..default() }),
        ("prefixes", prefixes),
        ("lifecycle", lifecycle),
        ("concurrency", SingleBucket { reserved_concurrency: Some(5), ..default() }),
        ("unbounded", SingleBucket { reserved_concurrency: None, ..default() }),
        ("backfill-bounds", SingleBucket { backfill: BOUNDS, ..default() }),
        ("no-backfill", SingleBucket { backfill: None, ..default() }),
    ]
}
