//! Every stack with each of its options.

use iac::cfn::Template;
use iac::parts::{Auth, Cors, Origin};
use iac::resources::lambda::Architecture;
use iac::stacks::{ResizeApi, Workflow};

/// A name for the option, and the template with it.
pub(crate) fn resize_api() -> Vec<(&'static str, Template)> {
    let default = ResizeApi::default;
    let origin = Cors::Origin(Origin::new("https://photos.example.com").expect("an origin"));
    [
        ("default", default()),
        (
            "auth-api-key",
            ResizeApi {
                auth: Auth::ApiKey,
                ..default()
            },
        ),
        (
            "auth-iam",
            ResizeApi {
                auth: Auth::Iam,
                ..default()
            },
        ),
        (
            "cors-origin",
            ResizeApi {
                cors: origin,
                ..default()
            },
        ),
        (
            "cors-any-origin",
            ResizeApi {
                cors: Cors::AnyOrigin,
                ..default()
            },
        ),
        (
            "x86-64",
            ResizeApi {
                architecture: Architecture::X86_64,
                ..default()
            },
        ),
        (
            "express",
            ResizeApi {
                workflow: Workflow::Express,
                ..default()
            },
        ),
        (
            "no-backfill",
            ResizeApi {
                backfill: None,
                ..default()
            },
        ),
    ]
    .into_iter()
    .map(|(name, options)| {
        (
            name,
            options.template().expect("a stack that holds together"),
        )
    })
    .collect()
}
