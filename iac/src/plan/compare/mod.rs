//! Where two values differ, part by part.
//!
//! A state machine or the body of an API differs in a state or a path, not as a whole, and so does one
//! that is written as a JSON text.

mod array;
mod path;

use serde_json::{Map, Value as Json};

use super::values::{document, intrinsic};
pub(super) use path::{Path, Step, pointer};

/// A part that differs.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    /// Where.
    pub(super) path: Path,
    /// What is there on the first side.
    pub(super) before: Option<Json>,
    /// What is there on the second side.
    pub(super) after: Option<Json>,
}

/// The parts in which two values differ, in the order of the first value; what only the second has
/// comes last in its place.
pub(super) fn compare(before: &Json, after: &Json) -> Vec<Found> {
    let mut found = Vec::new();
    values(&Path::default(), before, after, &mut found);
    found
}

fn values(path: &Path, before: &Json, after: &Json, found: &mut Vec<Found>) {
    if before == after {
        return;
    }
    match (before, after) {
        (Json::Object(old), Json::Object(new))
            if intrinsic(before).is_none() && intrinsic(after).is_none() =>
        {
            objects(path, old, new, found);
        }
        (Json::Array(old), Json::Array(new)) => array::compare(path, old, new, found),
        _ => match (document(before), document(after)) {
            (Some(old), Some(new)) if old != new && (before.is_string() || after.is_string()) => {
                values(path, &old, &new, found);
            }
            _ => found.push(Found {
                path: path.clone(),
                before: Some(before.clone()),
                after: Some(after.clone()),
            }),
        },
    }
}

fn objects(path: &Path, old: &Map<String, Json>, new: &Map<String, Json>, found: &mut Vec<Found>) {
    for (key, before) in old {
        let path = path.key(key);
        match new.get(key) {
            Some(after) => values(&path, before, after, found),
            None => found.push(Found {
                path,
                before: Some(before.clone()),
                after: None,
            }),
        }
    }
    for (key, after) in new.iter().filter(|(key, _)| !old.contains_key(*key)) {
        found.push(Found {
            path: path.key(key),
            before: None,
            after: Some(after.clone()),
        });
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Path, value before, value after.
    fn differences(before: &Json, after: &Json) -> Vec<(String, Option<Json>, Option<Json>)> {
        let found = compare(before, after).into_iter();
        found
            .map(|found| (found.path.to_string(), found.before, found.after))
            .collect()
    }

    fn retry(attempts: u32, errors: &Json) -> Json {
        json!({ "States": { "Resize": { "Retry": [
            { "ErrorEquals": errors, "MaxAttempts": attempts, "BackoffRate": 2.0 },
        ] } } })
    }

    #[test]
    fn a_state_machine_differs_in_a_state() {
        let (old, new) = (retry(3, &json!(["A", "B"])), retry(6, &json!(["A", "B"])));
        let expected = vec![(
            "States.Resize.Retry[0].MaxAttempts".to_owned(),
            Some(json!(3)),
            Some(json!(6)),
        )];
        assert_eq!(differences(&old, &new), expected);
        // As a JSON text as well, on one side or on both.
        let text = |machine: &Json| Json::from(machine.to_string());
        assert_eq!(differences(&text(&old), &text(&new)), expected);
        assert_eq!(differences(&text(&old), &new), expected);
    }

    #[test]
    fn a_text_that_means_the_same_json_is_still_another_text() {
        let (old, new) = (json!("{\"a\":1}"), json!("{ \"a\": 1 }"));
        let expected = vec![(String::new(), Some(old.clone()), Some(new.clone()))];
        assert_eq!(differences(&old, &new), expected);
    }

    #[test]
    fn items_of_a_list_come_and_go() {
        let (old, new) = (retry(3, &json!(["A", "B"])), retry(3, &json!(["B", "C"])));
        assert_eq!(
            differences(&old, &new),
            [
                (
                    "States.Resize.Retry[0].ErrorEquals[0]".to_owned(),
                    Some(json!("A")),
                    None
                ),
                (
                    "States.Resize.Retry[0].ErrorEquals[1]".to_owned(),
                    None,
                    Some(json!("C"))
                ),
            ]
        );
    }

    #[test]
    fn statements_are_compared_by_their_names() {
        let statement = |sid: &str, action: &str| json!({ "Sid": sid, "Action": action });
        let old = json!([
            statement("Read", "s3:GetObject"),
            statement("Log", "logs:PutLogEvents")
        ]);
        let new = json!([
            statement("List", "s3:ListBucket"),
            statement("Read", "s3:*"),
            statement("Log", "logs:PutLogEvents"),
        ]);
        assert_eq!(
            differences(&old, &new),
            [
                (
                    "[Read].Action".to_owned(),
                    Some(json!("s3:GetObject")),
                    Some(json!("s3:*"))
                ),
                (
                    "[List]".to_owned(),
                    None,
                    Some(statement("List", "s3:ListBucket"))
                ),
            ]
        );
    }

    #[test]
    fn the_order_of_named_items_is_a_difference_too() {
        let (old, new) = (
            json!([{ "Id": "A" }, { "Id": "B" }]),
            json!([{ "Id": "B" }, { "Id": "A" }]),
        );
        assert_eq!(
            differences(&old, &new),
            [(
                "(order)".to_owned(),
                Some(json!(["A", "B"])),
                Some(json!(["B", "A"]))
            )]
        );
    }

    #[test]
    fn an_item_is_compared_with_the_one_it_was() {
        let (busy, other) = (json!(["TooMany"]), json!(["A", "B"]));
        let retry = |errors: &Json, attempts| json!({ "ErrorEquals": errors, "MaxAttempts": attempts, "Jitter": "FULL" });
        let old = json!([retry(&json!(["A", "TooMany", "B"]), 6)]);
        let new = json!([retry(&busy, 9), retry(&other, 3)]);
        assert_eq!(
            differences(&old, &new),
            [
                (
                    "[1].ErrorEquals[1]".to_owned(),
                    Some(json!("TooMany")),
                    None
                ),
                ("[1].MaxAttempts".to_owned(), Some(json!(6)), Some(json!(3))),
                ("[0]".to_owned(), None, Some(retry(&busy, 9))),
            ]
        );
    }

    #[test]
    fn references_are_wholes() {
        let (old, new) = (
            json!({ "R": { "Ref": "A" } }),
            json!({ "R": { "Fn::GetAtt": ["A", "Arn"] } }),
        );
        let expected = [(
            "R".to_owned(),
            Some(old["R"].clone()),
            Some(new["R"].clone()),
        )];
        assert_eq!(differences(&old, &new), expected);
    }
}
