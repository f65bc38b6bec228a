//! What other people's validators and readers say of everything that is generated, with every option.
//!
//! The tools are installed by `make tools`.

#![expect(clippy::unwrap_used, reason = "a test that panics has failed")]

#[path = "validators/handlers.rs"]
mod handlers;
#[path = "validators/parliament.rs"]
mod parliament;
mod support;
#[path = "support/variants.rs"]
mod variants;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use iac::artifacts::artifacts;
use iac::cfn::Template;
use iac::stacks::Bootstrap;
use proptest::prelude::{Strategy as _, any, prop_oneof};
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::Value as Json;
use tempfile::TempDir;

/// A file of the project.
fn project(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .join(path)
}

/// The Python with the validators, or `None` with a visible word where it is not there.
fn python(test: &str) -> Option<PathBuf> {
    tool(test, ".venv/bin/python")
}

fn tool(test: &str, path: &str) -> Option<PathBuf> {
    let path = project(path);
    if path.exists() {
        return Some(path);
    }
    support::skip(
        test,
        &format!("{} is not there; `make tools` installs it", path.display()),
    );
    None
}

/// Every variant of every stack under its name.
fn every_variant() -> Vec<(String, Template)> {
    let mut every = Vec::new();
    for (stack, variants) in variants::all() {
        for (option, template) in variants {
            every.push((format!("{stack}.{option}"), template));
        }
    }
    let bootstrap = Bootstrap.template().expect("a stack that holds together");
    every.push((Bootstrap::NAME.to_owned(), bootstrap));
    every
}

/// Every file of every variant, in folders of their own.
fn written() -> (TempDir, Vec<(String, Template, PathBuf)>) {
    let folder = TempDir::new().expect("a folder");
    let mut all = Vec::new();
    for (name, template) in every_variant() {
        let place = folder.path().join(&name);
        for artifact in artifacts(&template) {
            let path = place.join(&artifact.path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, artifact.content).expect("a file");
        }
        let files = place.join(template.name());
        all.push((name, template, files));
    }
    (folder, all)
}

fn runs_clean(command: &mut Command) {
    let output = command
        .stdin(Stdio::null())
        .output()
        .expect("the tool runs");
    assert!(
        output.status.success(),
        "{command:?}\n{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Runs a script that reads its standard input and prints JSON.
fn asks(program: &Path, arguments: &[&str], input: &str) -> Json {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the tool runs");
    child
        .stdin
        .take()
        .expect("a pipe")
        .write_all(input.as_bytes())
        .expect("the tool reads");
    let output = child.wait_with_output().expect("the tool ends");
    assert!(
        output.status.success(),
        "{} {arguments:?}",
        program.display()
    );
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn cfn_lint_finds_nothing() {
    let Some(cfn_lint) = tool("cfn_lint_finds_nothing", ".venv/bin/cfn-lint") else {
        return;
    };
    let (_folder, all) = written();
    let mut command = Command::new(cfn_lint);
    command.args([
        "--include-checks",
        "I",
        "--non-zero-exit-code",
        "informational",
        "-t",
    ]);
    command.args(
        all.iter()
            .map(|(_, _, folder)| folder.join("template.yaml")),
    );
    runs_clean(&mut command);
}

#[test]
fn asl_validator_finds_nothing() {
    let test = "asl_validator_finds_nothing";
    let Some(validator) = tool(test, "target/tools/node_modules/.bin/asl-validator") else {
        return;
    };
    let (_folder, all) = written();
    // Most options leave the machines as they are.
    let mut known = BTreeSet::new();
    for (name, template, folder) in all {
        let machines: Vec<_> = artifacts(&template)
            .into_iter()
            .filter(|file| file.path.ends_with(".asl.json"))
            .collect();
        let is_system = template.name() != Bootstrap::NAME;
        let mut expected = usize::from(template.name() == "resize-api");
        expected += usize::from(is_system && !name.ends_with(".no-backfill"));
        assert_eq!(machines.len(), expected, "{name}");
        for machine in machines {
            if !known.insert(machine.content) {
                continue;
            }
            let path = folder.join("..").join(machine.path);
            runs_clean(Command::new(&validator).arg("--json-path").arg(path));
        }
    }
}

#[test]
fn the_api_is_valid_openapi() {
    let Some(python) = python("the_api_is_valid_openapi") else {
        return;
    };
    let (_folder, all) = written();
    let systems = all
        .iter()
        .filter(|(_, template, _)| template.name() != Bootstrap::NAME);
    let mut command = Command::new(python);
    command.args(["-m", "openapi_spec_validator"]);
    command.args(systems.map(|(_, _, folder)| folder.join("openapi.json")));
    runs_clean(&mut command);
}

/// Words and lines that readers of YAML are known to disagree about.
const NASTY: &str = "on off yes no y n ~ null 12:30:00 2012-10-17 0o17 017 0x1f 1_000 1e3 .inf +1 = << @ ` ? | > % ! & * [ { } ] , # -";

/// A stack whose outputs hold 150 random texts; the same ones each time, call by call.
fn random_stack() -> Template {
    thread_local!(static RUNNER: RefCell<TestRunner> = RefCell::new(TestRunner::deterministic()));
    let texts = prop_oneof![
        any::<String>(),
        "[ -~\n\t]{0,24}",
        "[yYnNoOfFeEsS0-9:._+-]{1,8}",
        "\\PC{1,12}"
    ];
    let mut stack = iac::cfn::Stack::new("random", "Random texts");
    stack.add("Bucket", iac::resources::s3::Bucket::private(1));
    for number in 0..150 {
        let text = RUNNER
            .with_borrow_mut(|runner| texts.new_tree(runner))
            .expect("a text")
            .current();
        stack.output(
            &format!("Out{number}"),
            &text,
            &iac::cfn::Value::<String>::from(text.as_str()),
        );
    }
    stack.build().expect("a stack")
}

#[test]
fn readers_of_yaml_1_1_and_1_2_read_the_same() {
    let test = "readers_of_yaml_1_1_and_1_2_read_the_same";
    let Some(python) = python(test) else { return };
    let Some(_) = tool(test, "target/tools/node_modules/yaml") else {
        return;
    };
    let (_folder, mut all) = written();
    // A template of a stack with a parameter for each nasty word.
    let mut stack = iac::cfn::Stack::new("nasty", "on");
    stack.add("Bucket", iac::resources::s3::Bucket::private(1));
    for (index, word) in NASTY.split(' ').enumerate() {
        let parameter = iac::cfn::Parameter::text(word)
            .default(word)
            .allowed_values([word, "x: y", "a #b", "l1\nl2\n"]);
        stack.parameter(&format!("P{index}"), parameter);
    }
    all.push((
        "nasty".to_owned(),
        stack.build().expect("a stack"),
        PathBuf::new(),
    ));
    all.extend((0..5).map(|seed| (format!("random {seed}"), random_stack(), PathBuf::new())));

    let in_python = "import json, sys, yaml\njson.dump(yaml.safe_load(sys.stdin), sys.stdout)";
    let in_javascript = format!(
        "const yaml = require({:?});\n\
         const text = require('fs').readFileSync(0, 'utf8');\n\
         const both = ['1.1', '1.2'].map((version) => yaml.parse(text, {{ version }}));\n\
         console.log(JSON.stringify(both));",
        project("target/tools/node_modules/yaml")
    );
    for (name, template, _) in all {
        let yaml = template.to_yaml();
        let python = asks(&python, &["-c", in_python], &yaml);
        let javascript = asks(Path::new("node"), &["-e", &in_javascript], &yaml);
        let rust: Json = serde_yaml::from_str(&yaml).expect("YAML");
        for (reader, read) in [
            ("PyYAML (1.1)", &python),
            ("yaml for JavaScript (1.1)", &javascript[0]),
            ("yaml for JavaScript (1.2)", &javascript[1]),
            ("serde_yaml (1.2)", &rust),
        ] {
            assert_eq!(
                difference("", template.document(), read),
                None,
                "{name}, read by {reader}"
            );
        }
    }
}

/// Where two documents differ first. JavaScript has one kind of number, so 2.0 is 2.
fn difference(place: &str, left: &Json, right: &Json) -> Option<String> {
    let same_keys =
        |left: &serde_json::Map<_, _>, right: &serde_json::Map<_, _>| left.keys().eq(right.keys());
    match (left, right) {
        (Json::Object(left), Json::Object(right)) if same_keys(left, right) => left
            .iter()
            .find_map(|(key, value)| difference(&format!("{place}.{key}"), value, &right[key])),
        (Json::Array(left), Json::Array(right)) if left.len() == right.len() => left
            .iter()
            .zip(right)
            .enumerate()
            .find_map(|(index, (left, right))| {
                difference(&format!("{place}[{index}]"), left, right)
            }),
        (Json::Number(left), Json::Number(right)) if left.as_f64() == right.as_f64() => None,
        (left, right) if left == right => None,
        (left, right) => Some(format!("{place}: {left} is read as {right}")),
    }
}
