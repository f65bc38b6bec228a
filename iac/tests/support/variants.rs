//! Every stack with each of its options.

use iac::cfn::{ModelError, Template};
use iac::parts::{ApiOptions, Auth, Cdn, CdnDomain, Cors, Lifecycle, Origin};
use iac::resources::cloudfront::PlainHttp;
use iac::resources::lambda::Architecture;
use iac::resources::s3::{Aging, Prefix, StorageClass};
use iac::stacks::{ResizeApi, SingleBucket, UploadEvents, UploadMetadata, Uploads, Workflow};

/// A name for the option, and the template with it. The first one is the default.
type Variants = Vec<(&'static str, Template)>;

/// Each stack under its name.
pub(crate) fn all() -> Vec<(&'static str, Variants)> {
    vec![
        (ResizeApi::NAME, resize_api()),
        (UploadEvents::NAME, upload_events()),
        (UploadMetadata::NAME, upload_metadata()),
        (SingleBucket::NAME, single_bucket()),
    ]
}

fn build<T>(
    options: impl IntoIterator<Item = (&'static str, T)>,
    template: fn(&T) -> Result<Template, ModelError>,
) -> Variants {
    let built = |(name, options)| {
        let template = template(&options);
        (name, template.expect("a stack that holds together"))
    };
    options.into_iter().map(built).collect()
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

/// Moved, then removed; old versions too.
fn short() -> Lifecycle {
    Lifecycle {
        objects: Some(Aging::TransitionThenExpire {
            to: StorageClass::GlacierInstantRetrieval,
            after_days: 1,
            expire_days_later: 90,
        }),
        old_versions: Some(Aging::Expire { after_days: 7 }),
        ..Lifecycle::originals()
    }
}

fn resize_api() -> Variants {
    let default = ResizeApi::default;
    #[rustfmt::skip]
    let options = [
        ("default", default()),
        ("auth-api-key", ResizeApi { auth: Auth::ApiKey, ..default() }),
        ("auth-iam", ResizeApi { auth: Auth::Iam, ..default() }),
        ("cors-origin", ResizeApi { cors: Cors::Origin(origin()), ..default() }),
        ("cors-any-origin", ResizeApi { cors: Cors::AnyOrigin, ..default() }),
        ("x86-64", ResizeApi { architecture: Architecture::X86_64, ..default() }),
        ("express", ResizeApi { workflow: Workflow::Express, ..default() }),
        ("no-backfill", ResizeApi { backfill: None, ..default() }),
    ];
    build(options, ResizeApi::template)
}

fn upload_events() -> Variants {
    let default = UploadEvents::default;
    let own_domain = Cdn {
        plain_http: PlainHttp::Refuse,
        domain: CdnDomain::Own,
    };
    // As large as the template gets.
    let everything = UploadEvents {
        api: api(Auth::ApiKey),
        cdn: Some(own_domain),
        originals: short(),
        results: short(),
        ..default()
    };
    #[rustfmt::skip]
    let options = [
        ("default", default()),
        ("presigned", UploadEvents { uploads: Uploads::Presigned, ..default() }),
        ("direct", UploadEvents { uploads: Uploads::Direct, ..default() }),
        ("auth-api-key", UploadEvents { api: api(Auth::ApiKey), ..default() }),
        ("auth-iam", UploadEvents { api: api(Auth::Iam), ..default() }),
        ("origin", UploadEvents { api: origins(vec![origin()]), ..default() }),
        ("no-origin", UploadEvents { api: origins(Vec::new()), ..default() }),
        ("x86-64", UploadEvents { architecture: Architecture::X86_64, ..default() }),
        ("lifecycle", UploadEvents { originals: short(), results: short(), ..default() }),
        ("cdn", UploadEvents { cdn: Some(Cdn::default()), ..default() }),
        ("cdn-own-domain", UploadEvents { cdn: Some(own_domain), ..default() }),
        ("limits", UploadEvents { max_upload_bytes: 1 << 20, url_expires_seconds: 60, ..default() }),
        ("unbounded", UploadEvents { reserved_concurrency: None, ..default() }),
        ("no-backfill", UploadEvents { backfill: None, ..default() }),
        ("everything", everything),
    ];
    build(options, UploadEvents::template)
}

fn upload_metadata() -> Variants {
    let default = UploadMetadata::default;
    #[rustfmt::skip]
    let options = [
        ("default", default()),
        ("auth-api-key", UploadMetadata { api: api(Auth::ApiKey), ..default() }),
        ("auth-iam", UploadMetadata { api: api(Auth::Iam), ..default() }),
        ("origin", UploadMetadata { api: origins(vec![origin()]), ..default() }),
        ("x86-64", UploadMetadata { architecture: Architecture::X86_64, ..default() }),
        ("lifecycle", UploadMetadata { originals: short(), results: short(), ..default() }),
        ("unbounded", UploadMetadata { reserved_concurrency: None, ..default() }),
        ("no-backfill", UploadMetadata { backfill: None, ..default() }),
    ];
    build(options, UploadMetadata::template)
}

fn single_bucket() -> Variants {
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
    #[rustfmt::skip]
    let options = [
        ("default", default()),
        ("auth-api-key", SingleBucket { api: api(Auth::ApiKey), ..default() }),
        ("auth-iam", SingleBucket { api: api(Auth::Iam), ..default() }),
        ("origin", SingleBucket { api: origins(vec![origin()]), ..default() }),
        ("x86-64", SingleBucket { architecture: Architecture::X86_64, ..default() }),
        ("prefixes", prefixes),
        ("lifecycle", lifecycle),
        ("unbounded", SingleBucket { reserved_concurrency: None, ..default() }),
        ("no-backfill", SingleBucket { backfill: None, ..default() }),
    ];
    build(options, SingleBucket::template)
}
