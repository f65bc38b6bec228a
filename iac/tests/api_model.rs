//! Models made from types, and documents that stand on their own.

#[path = "support/variants.rs"]
mod variants;

use std::collections::{BTreeMap, BTreeSet};

use iac::cfn::Template;
use iac::openapi::Schema;
use iac::parts::Origin;
use iac::placeholders;
use lambda::{Fit, Format, ResizeRequest};
use schemars::JsonSchema;
use serde_json::{Value, json};

#[test]
fn the_request_type_becomes_a_draft_4_model() {
    let schema = Schema::of::<ResizeRequest>().expect("a model");
    assert_eq!(schema.name(), "ResizeRequest");
    let mut model = serde_json::to_value(&schema).unwrap();
    let fields = model["properties"].as_object_mut().unwrap();
    let size = fields["sizes"]["items"].take();
    let size = size["properties"].as_object().unwrap();
    // A size says the same of what it has, in other words.
    for (name, field) in size {
        let bare = |field: &Value| {
            let mut field = field.clone();
            field.as_object_mut().unwrap().remove("description");
            field
        };
        assert_eq!(bare(field), bare(&fields[name]), "{name}");
    }
    let names: BTreeSet<_> = size.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        BTreeSet::from([
            "fit",
            "format",
            "height",
            "outputKey",
            "progressive",
            "quality",
            "width"
        ])
    );
    for (name, field) in fields.iter_mut() {
        if !["bucket", "key"].contains(&name.as_str()) {
            let description = field.as_object_mut().unwrap().remove("description");
            assert!(description.is_some(), "{name}");
        }
    }
    assert_eq!(
        model,
        json!({
            "type": "object",
            "description": "Which image to resize, and how. Only the bucket and the key must be given.",
            "additionalProperties": false,
            "required": ["bucket", "key"],
            "properties": {
                "bucket": {
                    "type": "string",
                    "description": "Name of the bucket that holds the original: 3 to 63 characters, lowercase letters, digits, dots and hyphens.",
                    "minLength": 3,
                    "maxLength": 63,
                    "pattern": "^[a-z0-9][a-z0-9.-]*[a-z0-9]$",
                },
                "key": {
                    "type": "string",
                    "description": "Key of the original, as it is in the bucket (not URL-encoded): 1 to 1,024 bytes of UTF-8.",
                    "minLength": 1,
                    "maxLength": 1024,
                },
                "width": {"type": "integer", "minimum": 1, "maximum": 16383},
                "height": {"type": "integer", "minimum": 1, "maximum": 16383},
                "fit": {"type": "string", "enum": ["inside", "cover", "contain", "fill"]},
                "format": {"type": "string", "enum": ["jpeg", "png", "webp", "gif"]},
                "quality": {"type": "integer", "minimum": 1, "maximum": 100},
                "progressive": {"type": "boolean"},
                "outputKey": {"type": "string", "minLength": 1, "maxLength": 1024},
                "sizes": {"type": "array", "items": null, "minItems": 1, "maxItems": 16},
                "allowTruncated": {"type": "boolean"},
                "force": {"type": "boolean"},
            },
        })
    );
    let expectation = schema.expectation();
    for (name, words) in [
        ("key", "string of 1 to 1024 characters"),
        ("width", "integer from 1 to 16383"),
        ("fit", "string, one of inside, cover, contain, fill"),
        ("sizes", "array of 1 to 16 items"),
        ("force", "boolean"),
    ] {
        assert_eq!(expectation[name], words);
    }
}

/// What the API takes, the function's own type takes; and what it refuses by a schema, so does the function.
#[test]
fn the_model_and_the_type_agree_on_requests() {
    let schema = Schema::of::<ResizeRequest>().expect("a model");
    let model = serde_json::to_value(&schema).unwrap();
    let known = |properties: &Value| -> BTreeSet<String> {
        properties.as_object().unwrap().keys().cloned().collect()
    };
    let mut request = ResizeRequest::new("bucket", "key");
    request.width = Some(1);
    request.height = Some(2);
    request.fit = Some(Fit::Cover);
    request.format = Some(Format::WebP);
    request.quality = Some(3);
    request.progressive = Some(true);
    request.output_key = Some("k".to_owned());
    request.sizes = Some(vec![request.size()]);
    request.allow_truncated = true;
    request.force = true;
    let whole = serde_json::to_value(&request).unwrap();
    assert_eq!(known(&whole), known(&model["properties"]));
    assert_eq!(
        known(&whole["sizes"][0]),
        known(&model["properties"]["sizes"]["items"]["properties"])
    );
    assert_eq!(whole["format"], "webp");
    let read: ResizeRequest = serde_json::from_value(whole).expect("the same");
    assert_eq!(read, request);
    let plain = serde_json::to_value(ResizeRequest::new("b", "k")).unwrap();
    assert_eq!(plain, json!({"bucket": "b", "key": "k"}));
}

/// A type with one field, and what is said of it.
macro_rules! with_field {
    ($field:ty $(, $attribute:meta)?) => {{
        #[derive(JsonSchema)]
        #[expect(dead_code, reason = "the type is read by its schema")]
        struct Model {
            $(#[$attribute])?
            field: $field,
        }
        Schema::of::<Model>()
    }};
}

#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "the type is read by its schema")]
enum Choice {
    Text(String),
    Number(u32),
}

#[test]
fn what_a_model_cannot_say_is_refused() {
    for (model, what) in [
        (
            with_field!(f64, schemars(extend("exclusiveMinimum" = 0))),
            "`exclusiveMinimum`",
        ),
        (with_field!(Choice), "`anyOf`"),
        (with_field!(Option<String>), "that it may be null"),
        (with_field!(std::net::IpAddr), "`format: \"ip\"`"),
        (
            with_field!(String, schemars(regex(pattern = "(?P<name>a)"))),
            "`pattern: (?P<name>a)`",
        ),
    ] {
        let problem = model.expect_err(what);
        assert_eq!(problem.subject, "Model.field");
        assert!(
            problem.message.starts_with(&format!("says {what}")),
            "{problem}"
        );
    }
    let problem = with_field!(BTreeMap<String, Choice>).expect_err("an anyOf in a map");
    assert_eq!(problem.subject, "Model.field[]");
}

#[test]
fn the_bounds_of_integers_are_said() {
    let model = with_field!(u16).expect("a model");
    let model = serde_json::to_value(&model).unwrap();
    let field = &model["properties"]["field"];
    assert_eq!(
        *field,
        json!({ "type": "integer", "minimum": 0, "maximum": 65535 })
    );
}

#[test]
fn intrinsic_functions_become_placeholders_with_what_they_stand_for() {
    let (document, substitutions) = placeholders::extract(&json!({
        "arn": { "Fn::GetAtt": ["Role", "Arn"] },
        "uri": { "Fn::Sub": "arn:${AWS::Partition}:x:${Role.Arn}:${!literal}" },
        "name": { "Fn::Sub": ["${Name}-${AWS::Region}", { "Name": { "Ref": "Bucket" } }] },
        "item": { "Fn::Sub": ["'${X}'", { "X": { "Fn::Select": [0, { "Ref": "Names" }] } }] },
        "either": { "Fn::If": ["Yes", "a", "b"] },
        "plain": ["${Untouched}", 1, { "Ref": "A", "beside": "another key" }],
    }));
    assert_eq!(
        document,
        json!({
            "arn": "${RoleArn}",
            "uri": "arn:${Partition}:x:${RoleArn}:${literal}",
            "name": "${Bucket}-${Region}",
            "item": "'${Names0}'",
            "either": "${Value6}",
            "plain": ["${Untouched}", 1, { "Ref": "A", "beside": "another key" }],
        })
    );
    assert_eq!(
        json!(substitutions),
        json!({
            "RoleArn": { "Fn::GetAtt": ["Role", "Arn"] },
            "Partition": { "Ref": "AWS::Partition" },
            "Bucket": { "Ref": "Bucket" },
            "Region": { "Ref": "AWS::Region" },
            "Names0": { "Fn::Select": [0, { "Ref": "Names" }] },
            "Value6": { "Fn::If": ["Yes", "a", "b"] },
        })
    );
}

#[test]
fn an_origin_is_what_a_browser_sends() {
    for origin in ["https://photos.example.com", "http://localhost:3000"] {
        Origin::new(origin).expect("an origin");
    }
    for other in [
        "*",
        "https://",
        "https://a.example/",
        "https://A.example",
        "https://a'b",
        "ftp://a",
        "https://a:b",
        "https://a:99999",
        "https://a:1:2",
        "",
    ] {
        let problem = Origin::new(other).expect_err("no origin");
        assert_eq!(problem.subject, other);
    }
}

#[test]
fn a_deployment_has_a_new_name_for_every_api_and_the_same_for_the_same() {
    let name = |template: &Template| {
        let resources = template.document()["Resources"]
            .as_object()
            .unwrap()
            .clone();
        let mut ids = resources
            .into_iter()
            .filter(|(_, it)| it["Type"] == "AWS::ApiGateway::Deployment");
        ids.next().expect("a deployment").0
    };
    // What is neither in the API nor behind it. Origins and the processor are parameters, of which only the
    // default changes.
    let elsewhere = |stack: &str| match stack {
        "resize-api" => vec!["backfill-bounds", "no-backfill", "throttle", "x86-64"],
        "upload-events" => vec![
            "backfill-bounds",
            "cdn",
            "cdn-own-domain",
            "concurrency",
            "no-backfill",
            "no-origin",
            "origin",
            "throttle",
            "unbounded",
            "x86-64",
        ],
        "upload-metadata" => vec![
            "backfill-bounds",
            "concurrency",
            "lifecycle",
            "no-backfill",
            "origin",
            "throttle",
            "unbounded",
            "x86-64",
        ],
        _ => vec![
            "backfill-bounds",
            "concurrency",
            "no-backfill",
            "origin",
            "throttle",
            "unbounded",
            "x86-64",
        ],
    };
    for (stack, variants) in variants::all() {
        let names: BTreeMap<_, _> = variants
            .iter()
            .map(|(variant, it)| (*variant, name(it)))
            .collect();
        let same = names
            .iter()
            .filter(|(variant, name)| **variant != "default" && **name == names["default"]);
        let same: Vec<_> = same.map(|(variant, _)| *variant).collect();
        assert_eq!(same, elsewhere(stack), "{stack}");
        let distinct: BTreeSet<_> = names.values().collect();
        assert_eq!(distinct.len(), names.len() - same.len(), "{names:?}");
    }
}
