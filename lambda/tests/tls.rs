//! Whom the real `resize-image` believes, as an endpoint has a certificate of its own.

mod support;

use lambda::FailureName;
use support::tls::Endpoint;
use support::{Behaviour, Lambda, photo, refused};

/// Starts the function with this endpoint in place of AWS.
fn start(endpoint: &Endpoint, variables: &[(&str, Option<&str>)]) -> Lambda {
    let url = endpoint.url();
    let own = [("AWS_ENDPOINT_URL", Some(url.as_str()))];
    let lambda = Lambda::start_with(&[&own, variables].concat());
    endpoint.serve(&lambda);
    lambda.has("a.jpg", Behaviour::Object(photo(90, 60)));
    lambda
}

#[test]
fn an_endpoint_is_believed_by_the_roots_that_vouch_for_it() {
    for variable in ["AWS_CA_BUNDLE", "SSL_CERT_FILE"] {
        let endpoint = Endpoint::new();
        let lambda = start(&endpoint, &[(variable, Some(endpoint.roots()))]);
        let outcome = lambda.resize("a.jpg");
        assert!(outcome.succeeded, "{variable}: {:?}", outcome.body);
        assert_eq!(lambda.puts().len(), 1, "{variable}");
    }
}

#[test]
fn an_endpoint_that_no_root_vouches_for_is_told_nothing() {
    let (endpoint, other) = (Endpoint::new(), Endpoint::new());
    // The first of the two is who counts.
    for variables in [
        &[("AWS_CA_BUNDLE", Some(other.roots()))][..],
        &[
            ("AWS_CA_BUNDLE", Some(other.roots())),
            ("SSL_CERT_FILE", Some(endpoint.roots())),
        ],
        &[],
    ] {
        let lambda = start(&endpoint, variables);
        let outcome = lambda.resize("a.jpg");
        refused(&outcome, FailureName::StorageUnavailable, &["a.jpg"]);
        assert!(lambda.s3().requests.is_empty(), "{variables:?}");
    }
}

#[test]
fn roots_that_are_not_there_are_named_in_every_answer() {
    let endpoint = Endpoint::new();
    let mut lambda = start(&endpoint, &[("AWS_CA_BUNDLE", Some("/nowhere/roots.pem"))]);
    for _ in 0..2 {
        let said = ["AWS_CA_BUNDLE", "/nowhere/roots.pem"];
        refused(&lambda.resize("a.jpg"), FailureName::InternalError, &said);
    }
    assert!(lambda.alive());
}
