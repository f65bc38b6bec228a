//! Whose certificates the functions believe.
//!
//! Reading the hundred and more roots of the runtime's image is half of a start, and the endpoints of AWS
//! need five of them. Those are compiled in: they change with a build, not with the image.

use aws_smithy_http_client::tls::{TlsContext, TrustStore};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use super::variables::{ConfigError, Variables};

/// Source: <https://www.amazontrust.com/repository/>, which asks for all five.
const AMAZON_ROOTS: &[u8] = include_bytes!("amazon-roots.pem");

/// The AWS tools' name for a file of roots to believe in place of all others.
///
/// Source: <https://docs.aws.amazon.com/sdkref/latest/guide/feature-gen-config.html>
const BUNDLE: &str = "AWS_CA_BUNDLE";

/// How the regions of the partition `aws` start, by the SDK's own list of partitions. Of the other partitions
/// only `aws-us-gov` has Amazon's roots for certain.
const AREAS: [&str; 9] = ["us", "eu", "ap", "sa", "ca", "me", "af", "il", "mx"];

/// Who vouches for servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Roots {
    /// Amazon Trust Services.
    Amazon,
    /// Whoever the image believes; `SSL_CERT_FILE` and `SSL_CERT_DIR` say so elsewhere.
    Image,
}

impl Roots {
    /// Amazon's for the endpoints that are known to have them, and otherwise the image's.
    fn of(region: &str, has_other_endpoint: bool) -> Self {
        let words: Vec<_> = region.split('-').collect();
        let is_amazons = match words[..] {
            [area, _, _] => AREAS.contains(&area),
            ["us", "gov", _, _] => true,
            _ => false,
        };
        if is_amazons && !has_other_endpoint {
            Self::Amazon
        } else {
            Self::Image
        }
    }
}

/// What to believe when calling this region, or whatever endpoint is named in place of AWS.
///
/// # Errors
///
/// `AWS_CA_BUNDLE` names a file that cannot be read, or that holds anything but certificates.
pub(super) fn context(
    variables: &Variables,
    region: &str,
    has_other_endpoint: bool,
) -> Result<TlsContext, ConfigError> {
    let store = match variables.optional(BUNDLE)? {
        Some(path) => TrustStore::empty().with_pem_certificate(bundle(&path)?),
        None => match Roots::of(region, has_other_endpoint) {
            Roots::Amazon => TrustStore::empty().with_pem_certificate(AMAZON_ROOTS),
            Roots::Image => TrustStore::default(),
        },
    };
    let context = TlsContext::builder().with_trust_store(store).build();
    context.map_err(|error| ConfigError {
        variable: BUNDLE,
        problem: format!("cannot be used: {error}"),
    })
}

/// A file of roots, each of which is one: the SDK would panic.
fn bundle(path: &str) -> Result<Vec<u8>, ConfigError> {
    let refuse = |problem: String| ConfigError {
        variable: BUNDLE,
        problem: format!("is {path:?}, {problem}"),
    };
    let pem =
        std::fs::read(path).map_err(|error| refuse(format!("which cannot be read: {error}")))?;
    match check(&pem) {
        Ok(0) => Err(refuse(
            "which holds no certificate in PEM format".to_owned(),
        )),
        Ok(_) => Ok(pem),
        Err(problem) => Err(refuse(problem)),
    }
}

/// How many roots there are, or which is none.
fn check(pem: &[u8]) -> Result<usize, String> {
    let mut store = RootCertStore::empty();
    for (index, certificate) in CertificateDer::pem_slice_iter(pem).enumerate() {
        let number = index + 1;
        let certificate =
            certificate.map_err(|error| format!("whose certificate {number} is cut: {error}"))?;
        store
            .add(certificate)
            .map_err(|error| format!("whose certificate {number} is none: {error}"))?;
    }
    Ok(store.len())
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use sha2::{Digest as _, Sha256};

    use super::*;

    #[test]
    fn amazons_roots_are_believed_where_aws_has_them() {
        for region in ["eu-central-1", "us-east-1", "mx-central-1", "us-gov-west-1"] {
            assert_eq!(Roots::of(region, false), Roots::Amazon, "{region}");
            assert_eq!(Roots::of(region, true), Roots::Image, "{region}");
        }
        for region in [
            "cn-north-1",
            "us-iso-east-1",
            "eu-isoe-west-1",
            "eusc-de-east-1",
            "nz-north-1",
            "local",
            "",
        ] {
            assert_eq!(Roots::of(region, false), Roots::Image, "{region}");
        }
    }

    /// By the SHA-256 of each certificate, as Mozilla's list of roots has them.
    #[test]
    fn amazons_roots_are_the_five_that_amazon_names() {
        let found = CertificateDer::pem_slice_iter(AMAZON_ROOTS).map(|certificate| {
            let digest = Sha256::digest(certificate.expect("a certificate"));
            digest[..8]
                .iter()
                .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
        });
        let expected = [
            "8ecde6884f3d87b1",
            "1ba5b2aa8c65401a",
            "18ce6cfe7bf14e60",
            "e35d28419ed02025",
            "568d6905a2c88708",
        ];
        assert_eq!(found.collect::<Vec<_>>(), expected);
        assert_eq!(check(AMAZON_ROOTS), Ok(5));
    }

    #[test]
    fn a_bundle_that_is_none_says_why() {
        let problem = |path: &str| {
            let variables = Variables::of(&[(BUNDLE, path)]);
            let error = context(&variables, "eu-central-1", false).expect_err(path);
            assert_eq!(error.variable, BUNDLE);
            error.problem
        };
        assert!(problem("/nowhere/roots.pem").contains("/nowhere/roots.pem"));
        assert!(problem("/").contains("cannot be read"));
        let begin = "-----BEGIN CERTIFICATE-----\n";
        let end = "-----END CERTIFICATE-----\n";
        let amazons = String::from_utf8_lossy(AMAZON_ROOTS);
        for (text, said) in [
            (String::new(), "no certificate in PEM format"),
            ("hello".to_owned(), "no certificate in PEM format"),
            (format!("{begin}{end}"), "certificate 1 is none"),
            (
                format!("{amazons}{begin}aGk=\n{end}"),
                "certificate 6 is none",
            ),
            (format!("{begin}aGk=\n"), "certificate 1 is cut"),
            (format!("{begin}%\n{end}"), "certificate 1 is cut"),
        ] {
            let mut file = tempfile::NamedTempFile::new().expect("a file");
            file.write_all(text.as_bytes()).expect("written");
            let problem = problem(file.path().to_str().expect("UTF-8"));
            assert!(problem.contains(said), "{problem}");
        }
    }

    #[test]
    fn a_bundle_of_roots_is_taken() {
        let mut file = tempfile::NamedTempFile::new().expect("a file");
        file.write_all(AMAZON_ROOTS).expect("written");
        let path = file.path().to_str().expect("UTF-8");
        let variables = Variables::of(&[(BUNDLE, path)]);
        context(&variables, "eu-central-1", false).expect("taken");
    }
}
