//! Which bodies are bytes and which are text.

/// The binary media types of an API; `*` stands for any part of one.
///
/// Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings.html>
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct MediaTypes(Vec<(String, String)>);

impl MediaTypes {
    /// Reads the list; the error is the entry that is none.
    pub(super) fn parse<'t>(list: impl IntoIterator<Item = &'t str>) -> Result<Self, String> {
        let mut types = Vec::new();
        for text in list {
            // Where a list is a map's keys, as in a patch of the API, the slash is written `~1`.
            types.push(parts(&text.replace("~1", "/")).ok_or(text)?);
        }
        Ok(Self(types))
    }

    /// Whether the value of a `Content-Type` or an `Accept` names one of them. Of several only the first
    /// counts, and a `*` of the client's own stands for nothing but itself.
    pub(super) fn contain(&self, header: Option<&str>) -> bool {
        let first = header.and_then(|value| value.split(',').next());
        let Some((kind, subtype)) = first.and_then(parts) else {
            return false;
        };
        let fits = |pattern: &str, part: &str| pattern == "*" || pattern == part;
        self.0.iter().any(|(known_kind, known_subtype)| {
            fits(known_kind, &kind) && fits(known_subtype, &subtype)
        })
    }
}

/// `Image/JPEG; q=0.9` is `image` and `jpeg`.
fn parts(text: &str) -> Option<(String, String)> {
    let text = text.split(';').next()?.trim().to_ascii_lowercase();
    let (kind, subtype) = text.split_once('/')?;
    (!kind.is_empty() && !subtype.is_empty()).then(|| (kind.to_owned(), subtype.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::MediaTypes;

    #[test]
    fn wildcards_are_the_apis_only() {
        let types = MediaTypes::parse(["image/*", "application~1pdf"]).expect("types");
        for (header, expected) in [
            ("image/jpeg", true),
            ("IMAGE/PNG; q=0.8", true),
            ("image/webp,text/html", true),
            ("text/html,image/webp", false),
            ("image/*", true),
            ("*/*", false),
            ("application/pdf", true),
            ("application/json", false),
            ("image", false),
            ("", false),
        ] {
            assert_eq!(types.contain(Some(header)), expected, "{header}");
        }
        assert!(!types.contain(None));
        let all = MediaTypes::parse(["*/*"]).expect("types");
        assert!(all.contain(Some("a/b")) && !all.contain(None));
        assert_eq!(MediaTypes::parse(["image"]), Err("image".to_owned()));
    }
}
