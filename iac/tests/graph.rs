//! `iac graph`: what is drawn, and how it is written.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use iac::graph::{Arrow, Drawing, Heads, Line, Style, mermaid, svg};
use iac::stacks;
use serde_json::{Value as Json, json};
use tempfile::TempDir;

mod support;
#[path = "support/variants.rs"]
mod variants;

fn drawing(stack: &str) -> Drawing {
    let template = stacks::find(stack)
        .expect("a stack")
        .template()
        .expect("a stack that holds together");
    Drawing::of(template.name(), template.document())
}

/// An arrow in a line.
fn in_words(arrow: &Arrow) -> String {
    let label: Vec<&str> = arrow.label.iter().map(Line::text).collect();
    let way = match (arrow.style, arrow.heads) {
        (Style::Call, Heads::End) => "-->",
        (Style::Call, Heads::Both) => "<->",
        (Style::Event, _) => "..>",
        (Style::Failure, _) => "!!>",
    };
    format!("{} {way} {}: {}", arrow.from, arrow.to, label.join(" | "))
}

fn arrows(drawing: &Drawing) -> Vec<String> {
    drawing.arrows.iter().map(in_words).collect()
}

#[test]
fn resize_api_is_drawn_as_a_person_would() {
    assert_eq!(
        arrows(&drawing("resize-api")),
        [
            "client --> Api: POST /prod/resize",
            "Api --> ResizeImageStateMachine: states:StartExecution",
            "ResizeImageStateMachine --> ResizeImageFunction: lambda:InvokeFunction",
            "SourceBucket --> BackfillStateMachine: s3:ListBucket",
            "BackfillStateMachine <-> ResizedBucket: s3:PutObject | s3:GetObject | backfill/*",
            "BackfillStateMachine --> ResizeImageFunction: lambda:InvokeFunction",
            "SourceBucket --> ResizeImageFunction: s3:GetObject",
            "ResizeImageFunction <-> ResizedBucket: s3:GetObject | s3:PutObject | thumbs/*",
            "operator --> BackfillStateMachine: states:StartExecution",
        ]
    );
}

#[test]
fn who_has_a_signed_url_does_what_the_function_may() {
    let arrows = arrows(&drawing("upload-events"));
    for arrow in [
        "client --> SourceBucket: s3:PutObject | uploads/* | signed by presign-upload",
        "ResizedBucket --> client: s3:GetObject | thumbs/uploads/* | signed by presign-upload",
    ] {
        assert!(arrows.iter().any(|other| other == arrow), "{arrows:#?}");
    }
    let own = |arrow: &&String| arrow.contains("PresignUploadFunction") && arrow.contains("s3:");
    assert_eq!(arrows.iter().find(own), None);
}

#[test]
fn an_event_and_what_fails_have_arrows_of_their_own() {
    let arrows = arrows(&drawing("single-bucket"));
    for arrow in [
        "Bucket ..> ResizeImageFunction: s3:ObjectCreated:* | uploads/*",
        "ResizeImageFunction !!> DeadLetterQueue: on failure | after 2 attempts",
        "DeadLetterQueue !!> DeadLetterAlarm: messages > 0",
        "ResizeImageFunction --> ImageMetadata: dynamodb:PutItem",
        "Api --> Bucket: s3:PutObject | uploads/{key}",
    ] {
        assert!(arrows.iter().any(|other| other == arrow), "{arrows:#?}");
    }
    // What goes without saying.
    for word in ["OPTIONS", "sqs:SendMessage", "Multipart", "logs:"] {
        assert!(
            !arrows.iter().any(|arrow| arrow.contains(word)),
            "{arrows:#?}"
        );
    }
}

#[test]
fn several_ways_through_an_api_are_told_apart() {
    let arrows = arrows(&drawing("upload-metadata"));
    for arrow in [
        "client --> Api: HTTPS",
        "Api --> UploadImageFunction: POST /images | lambda:InvokeFunction",
        "Api --> ReadMetadataFunction: GET /images | GET /images/{id} | lambda:InvokeFunction",
        "ImageMetadata --> ReadMetadataFunction: dynamodb:GetItem | dynamodb:Query | index/ByUploadTime",
    ] {
        assert!(arrows.iter().any(|other| other == arrow), "{arrows:#?}");
    }
}

#[test]
fn a_distribution_stands_between_the_results_and_who_looks_at_them() {
    let variants = variants::all();
    let with = variants
        .iter()
        .flat_map(|(_, variants)| variants)
        .map(|(_, template)| Drawing::of(template.name(), template.document()))
        .find(|drawing| drawing.things.iter().any(|thing| thing.id == "viewer"))
        .expect("a stack with a distribution");
    let arrows = arrows(&with);
    let ends = |from: &str, to: &str| {
        let start = format!("{from} --> ");
        arrows
            .iter()
            .any(|arrow| arrow.starts_with(&start) && arrow.contains(to))
    };
    assert!(ends("ResizedBucket", "s3:GetObject"), "{arrows:#?}");
    assert!(
        arrows
            .iter()
            .any(|arrow| arrow.ends_with("--> viewer: HTTPS")),
        "{arrows:#?}"
    );
}

#[test]
fn everything_in_every_picture_is_connected() {
    for (stack, variants) in variants::all() {
        for (name, template) in variants {
            let drawing = Drawing::of(template.name(), template.document());
            for thing in &drawing.things {
                let of = |arrow: &&Arrow| arrow.from == thing.id || arrow.to == thing.id;
                assert!(
                    drawing.arrows.iter().any(|arrow| of(&arrow)),
                    "{stack} {name}: nothing leads to {}",
                    thing.id
                );
            }
            for arrow in &drawing.arrows {
                assert!(!arrow.label.is_empty(), "{stack} {name}: {arrow:?}");
            }
        }
    }
}

/// A template in which every text that a person can choose tries to be more than text.
fn hostile() -> Json {
    let evil = "</text><script>alert(1)</script>\"--&amp;#x;\u{0}";
    json!({
        "Description": evil,
        "Resources": {
            "Api": { "Type": "AWS::ApiGateway::RestApi", "Properties": { "Body": {
                "info": { "title": evil },
                "paths": { format!("/{evil}"): { "put": { "x-amazon-apigateway-integration": {
                    "httpMethod": "PUT",
                    "uri": { "Fn::Sub": format!(
                        "arn:${{AWS::Partition}}:apigateway:${{AWS::Region}}:s3:path/${{Bucket}}/{evil}/x"
                    ) },
                } } } },
            } } },
            "Bucket": { "Type": "AWS::S3::Bucket", "Properties": {} },
            "end": { "Type": "AWS::S3::Bucket", "Properties": {} },
        },
    })
}

#[test]
fn text_stays_text_in_every_format() {
    let drawing = Drawing::of("stack", &hostile());
    assert_eq!(drawing.arrows.len(), 2, "{drawing:?}");
    let picture = svg::document(&drawing);
    assert!(!picture.contains("<script"), "{picture}");
    assert!(!picture.contains('\u{0}'));
    assert!(picture.contains("&lt;script&gt;"), "{picture}");
    let text = mermaid::flowchart(&drawing);
    assert!(
        !text.contains("<script") && !text.contains('\u{0}'),
        "{text}"
    );
    assert!(text.contains("#60;script#62;"), "{text}");
    // A word of Mermaid's is no id.
    assert!(text.contains("    end_[("), "{text}");
}

/// Whether a reader of XML takes a document, and says nothing otherwise.
#[test]
fn every_drawing_is_xml() {
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.venv/bin/python");
    if !python.exists() {
        support::skip(
            "every_drawing_is_xml",
            "there is no .venv; `make tools` makes it",
        );
        return;
    }
    let folder = TempDir::new().expect("a folder");
    let mut documents = vec![svg::document(&Drawing::of("stack", &hostile()))];
    for (_, variants) in variants::all() {
        documents.extend(variants.iter().map(|(_, template)| {
            svg::document(&Drawing::of(template.name(), template.document()))
        }));
    }
    let paths: Vec<_> = documents
        .iter()
        .enumerate()
        .map(|(index, document)| {
            let path = folder.path().join(format!("{index}.svg"));
            fs::write(&path, document).expect("a file");
            path
        })
        .collect();
    let script =
        "import sys, xml.dom.minidom\nfor path in sys.argv[1:]: xml.dom.minidom.parse(path)";
    let output = Command::new(python)
        .args(["-c", script])
        .args(&paths)
        .output()
        .expect("Python runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn a_drawing_follows_the_readers_colours_and_says_what_it_is() {
    let picture = svg::document(&drawing("resize-api"));
    for part in [
        "role=\"img\" aria-labelledby=\"title desc\"",
        "<title id=\"title\">resize-api</title>",
        "client to resize-api: POST /prod/resize.",
        "@media (prefers-color-scheme: dark)",
        "font-family: sans-serif;",
    ] {
        assert!(picture.contains(part), "{part} is missing");
    }
    for part in [
        "<image",
        "<script",
        "<foreignObject",
        "href",
        "@import",
        "url(",
    ] {
        assert!(!picture.contains(part), "{part} reaches outside");
    }
}

fn iac(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_iac"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("iac runs")
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

#[test]
fn the_committed_pictures_are_what_the_command_draws() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for (format, file) in [("mermaid", "graph.mmd"), ("svg", "graph.svg")] {
        let drawn = stdout(&iac(&root, &["graph", "resize-api", "--format", format]));
        let path = root.join("generated/resize-api").join(file);
        let committed = fs::read_to_string(path).expect("a generated file");
        // Its first line says who made it.
        let (origin, rest) = committed.split_once('\n').expect("lines");
        assert!(origin.contains("synth resize-api`"), "{origin}");
        assert_eq!(rest, drawn);
    }
}

#[test]
fn json_is_the_same_picture_for_a_program() {
    let folder = TempDir::new().expect("a folder");
    let output = iac(folder.path(), &["graph", "resize-api", "--format", "json"]);
    let picture: Json = serde_json::from_slice(&output.stdout).expect("one JSON document");
    assert_eq!(picture["name"], "resize-api");
    assert_eq!(
        picture["things"][0],
        json!({ "id": "client", "service": "person", "name": "client" })
    );
    assert_eq!(
        picture["arrows"][0],
        json!({
            "from": "client",
            "to": "Api",
            "label": [{ "kind": "action", "text": "POST /prod/resize" }],
            "style": "call",
            "heads": "end",
        })
    );
}

#[test]
fn a_file_takes_the_picture_in_place_of_standard_output() {
    let folder = TempDir::new().expect("a folder");
    let path = folder.path().join("graph.svg");
    let arguments = ["graph", "resize-api", "--format", "svg", "--out"];
    let out = path.to_str().expect("UTF-8");
    let output = iac(folder.path(), &[&arguments[..], &[out]].concat());
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(stdout(&output), "");
    assert_eq!(
        fs::read_to_string(&path).expect("a file"),
        svg::document(&drawing("resize-api"))
    );
}

#[test]
fn help_has_examples_and_exit_codes() {
    let output = iac(Path::new("."), &["graph", "--help"]);
    assert_eq!(output.status.code(), Some(0));
    for part in ["Examples:", "Exit codes:", "iac graph resize-api"] {
        assert!(stdout(&output).contains(part), "{}", stdout(&output));
    }
}

#[test]
fn exit_codes_are_as_the_help_says() {
    let folder = TempDir::new().expect("a folder");
    let run = |arguments: &[&str]| {
        let output = iac(folder.path(), arguments);
        let errors = String::from_utf8(output.stderr).expect("UTF-8");
        (output.status.code().expect("an exit code"), errors)
    };
    let (code, errors) = run(&["graph", "resize-apu"]);
    assert_eq!(code, 2);
    assert!(
        errors.starts_with("error: there is no stack `resize-apu`"),
        "{errors}"
    );
    assert_eq!(run(&["graph"]).0, 2);
    assert_eq!(run(&["graph", "resize-api", "--format", "png"]).0, 2);
    let (code, errors) = run(&["graph", "resize-api", "--out", "nowhere/graph.svg"]);
    assert_eq!(code, 4);
    assert!(
        errors.contains("nowhere/graph.svg") && errors.contains("caused by: "),
        "{errors}"
    );
}
