//! Text in URLs: `%20`, `+`, and back.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};

/// The bytes behind `%` signs; none where a `%` is not followed by two hexadecimal digits.
pub(super) fn percent_decoded(text: &str) -> Option<Vec<u8>> {
    let is_whole = |part: &str| {
        let digits = part.as_bytes().get(..2);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    let mut parts = text.split('%').skip(1);
    parts
        .all(is_whole)
        .then(|| percent_decode_str(text).collect())
}

/// Text behind `%` signs; none where that is no UTF-8.
pub(super) fn percent_decoded_text(text: &str) -> Option<String> {
    String::from_utf8(percent_decoded(text)?).ok()
}

/// What [`s3_path`] writes behind `%` signs.
const S3_PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'/');

/// A path of S3 as Signature Version 4 writes it: everything but unreserved characters and the slash
/// behind `%` signs.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html>
pub(super) fn s3_path(bytes: &[u8]) -> String {
    percent_encode(bytes, S3_PATH).to_string()
}

/// The names and values of a query, in their order. A `+` is a space; a `;` parts like a `&`, as API
/// Gateway's documentation warns.
///
/// Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html>
pub(super) fn query_pairs(query: &str) -> Vec<(String, String)> {
    let decoded = |text: &str| {
        let text = text.replace('+', " ");
        match percent_decoded(&text) {
            Some(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            None => text,
        }
    };
    query
        .split(['&', ';'])
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{percent_decoded_text, query_pairs, s3_path};

    #[test]
    fn decodes_text_only() {
        assert_eq!(
            percent_decoded_text("%72esiz%65+").as_deref(),
            Some("resize+")
        );
        assert_eq!(percent_decoded_text("%F0%9f%98%80").as_deref(), Some("😀"));
        assert_eq!(percent_decoded_text("a%2Fb").as_deref(), Some("a/b"));
        for text in ["a%", "a%7", "a%zz", "a%+1", "%ff", "%é"] {
            assert_eq!(percent_decoded_text(text), None, "{text}");
        }
    }

    #[test]
    fn writes_paths_as_s3_signs_them() {
        assert_eq!(
            s3_path("a b+c/é%20~(1).jpg".as_bytes()),
            "a%20b%2Bc/%C3%A9%2520~%281%29.jpg"
        );
    }

    #[test]
    fn reads_a_query_as_a_form() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            query_pairs("a=1&a=b+c%2B&&%C3%A9;x=y=z&bad=%zz"),
            [
                pair("a", "1"),
                pair("a", "b c+"),
                pair("é", ""),
                pair("x", "y=z"),
                pair("bad", "%zz")
            ]
        );
        assert_eq!(query_pairs(""), []);
    }
}
