//! What roles may do.

use serde_json::Value as Json;

use super::template::{Template, alternatives};
use super::text::Text;

/// An action that a role allows on a thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Grant {
    /// The action as the policy writes it: `s3:PutObject`, `s3:*`.
    pub(super) action: String,
    /// The resource as the policy writes it.
    pub(super) on: Text,
}

/// The logical id of the role that a property names, where the template has it.
pub(super) fn role<'a>(template: &Template<'a>, property: &Json) -> Option<&'a str> {
    alternatives(property)
        .into_iter()
        .find_map(|role| template.identify_whole(role))
}

/// What a role may do, by itself and by the policies of buckets. Only ever too much: what is denied and every
/// condition counts for nothing, what a bucket allows to a role it allows to each, and what cannot be read (a role
/// or a policy that is not in the template) allows everything.
pub(super) fn all_grants(template: &Template<'_>, property: &Json) -> Vec<Grant> {
    let mut grants = grants(template, property);
    for (_, policy) in template.of_type("AWS::S3::BucketPolicy") {
        for statement in alternatives(&policy["PolicyDocument"]["Statement"]) {
            let principal = &statement["Principal"];
            if principal.is_string() || principal.get("AWS").is_some() {
                grants.extend(allowed(template, statement));
            }
        }
    }
    grants
}

/// What a role allows by itself.
pub(super) fn grants(template: &Template<'_>, property: &Json) -> Vec<Grant> {
    let everything = |words: &str| Grant {
        action: "*".to_owned(),
        on: Text::unknown(words),
    };
    let role = role(template, property);
    let Some((_, role)) = template
        .of_type("AWS::IAM::Role")
        .find(|(id, _)| Some(*id) == role)
    else {
        return vec![everything("its role, which is not in the template")];
    };
    let mut grants = Vec::new();
    if !alternatives(&role["ManagedPolicyArns"]).is_empty() {
        grants.push(everything("a managed policy, which is not in the template"));
    }
    for policy in alternatives(&role["Policies"]) {
        for statement in alternatives(&policy["PolicyDocument"]["Statement"]) {
            grants.extend(allowed(template, statement));
        }
    }
    grants
}

fn allowed(template: &Template<'_>, statement: &Json) -> Vec<Grant> {
    if statement["Effect"] != "Allow" {
        return Vec::new();
    }
    let any = Json::String("*".to_owned());
    // What is allowed except for something is as good as everything.
    let of = |property| match alternatives(&statement[property]) {
        none if none.is_empty() => vec![&any],
        some => some,
    };
    let mut grants = Vec::new();
    for action in of("Action") {
        for on in of("Resource") {
            grants.push(Grant {
                action: action.as_str().unwrap_or("*").to_owned(),
                on: template.text(on),
            });
        }
    }
    grants
}

impl Grant {
    /// Whether the action is among those of the grant, which may have wildcards.
    pub(super) fn allows(&self, action: &str) -> bool {
        fits_wildcards(
            self.action.to_ascii_lowercase().as_bytes(),
            action.to_ascii_lowercase().as_bytes(),
        )
    }
}

/// Whether a pattern with `*` and `?` fits a text.
pub(crate) fn fits_wildcards(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern, text) {
        ([], []) => true,
        ([b'*', rest @ ..], _) => {
            (0..=text.len()).any(|taken| fits_wildcards(rest, &text[taken..]))
        }
        ([b'?', pattern @ ..], [_, text @ ..]) => fits_wildcards(pattern, text),
        ([a, pattern @ ..], [b, text @ ..]) => a == b && fits_wildcards(pattern, text),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_are_matched_as_iam_does() {
        for (pattern, action, expected) in [
            ("s3:PutObject", "s3:PutObject", true),
            ("S3:putobject", "s3:PutObject", true),
            ("s3:Put*", "s3:PutObject", true),
            ("s3:*Object", "s3:PutObject", true),
            ("s3:?utObject", "s3:PutObject", true),
            ("*", "s3:PutObject", true),
            ("s3:PutObjectAcl", "s3:PutObject", false),
            ("s3:PutObject", "s3:PutObjectAcl", false),
            ("sqs:*", "s3:PutObject", false),
        ] {
            let grant = Grant {
                action: pattern.to_owned(),
                on: Text::literal("*"),
            };
            assert_eq!(grant.allows(action), expected, "{pattern} and {action}");
        }
    }
}
