//! The real Velocity in a Java process, one line a case.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

/// Where Debian's packages `velocity libjsonpath-java libjson-smart-java libcommons-lang-java` put the jars.
const JARS: [&str; 8] = [
    "velocity.jar",
    "commons-lang.jar",
    "commons-collections3.jar",
    "json-path.jar",
    "json-smart.jar",
    "accessors-smart.jar",
    "asm.jar",
    "slf4j-api.jar",
];

/// A template and what it is filled in with.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) template: String,
    pub(crate) body: String,
}

/// Values of `$context` in every case.
pub(crate) const CONTEXT: [(&str, &str); 3] = [
    ("requestId", "7f3c-1"),
    ("stage", "prod"),
    ("identity.sourceIp", "127.0.0.1"),
];

/// Values of `$input.params` in every case.
pub(crate) fn parameters() -> BTreeMap<String, String> {
    let value = "it's a/\u{e9}%20\\ \"$x\" #if.jpg".to_owned();
    BTreeMap::from([("key".to_owned(), value)])
}

/// Renders all cases in one Java process.
///
/// `Err` says what is missing to run it.
pub(crate) fn render(cases: &[Case]) -> Result<Vec<Result<String, String>>, String> {
    let directory = std::env::var_os("VELOCITY_JARS")
        .map_or_else(|| PathBuf::from("/usr/share/java"), PathBuf::from);
    let jars = JARS.map(|jar| directory.join(jar));
    if let Some(missing) = jars.iter().find(|jar| !jar.exists()) {
        return Err(format!("{} is missing", missing.display()));
    }
    let class_path = jars
        .iter()
        .map(|jar| jar.display().to_string())
        .collect::<Vec<_>>()
        .join(":");
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/velocity/Render.java");
    let mut java = Command::new("java")
        .args(["-Dfile.encoding=UTF-8", "-cp", &class_path])
        .arg(source)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|error| format!("`java` does not start: {error}"))?;
    let mut input = java.stdin.take().expect("piped");
    let lines: Vec<String> = cases.iter().map(line).collect();
    let writer = std::thread::spawn(move || {
        for line in lines {
            writeln!(input, "{line}").expect("Java reads");
        }
    });
    let answers: Vec<_> = BufReader::new(java.stdout.take().expect("piped"))
        .lines()
        .map(|line| answer(&line.expect("text")))
        .collect();
    writer.join().expect("written");
    let status = java.wait().expect("ended");
    assert!(
        status.success() && answers.len() == cases.len(),
        "Velocity answered {} of {} cases",
        answers.len(),
        cases.len()
    );
    Ok(answers)
}

fn line(case: &Case) -> String {
    let context: serde_json::Map<_, _> = CONTEXT
        .iter()
        .map(|(k, v)| ((*k).to_owned(), json!(v)))
        .collect();
    let line = json!({"template": case.template, "body": case.body, "context": context, "stageVariables": {"size": "720"}, "parameters": parameters()});
    ascii(&line.to_string())
}

/// The same JSON in printable ASCII: json-smart drops a raw U+007F.
fn ascii(json: &str) -> String {
    let mut ascii = String::with_capacity(json.len());
    for character in json.chars() {
        if character < '\u{7f}' {
            ascii.push(character);
        } else {
            ascii.extend(
                character
                    .encode_utf16(&mut [0; 2])
                    .iter()
                    .map(|unit| format!("\\u{unit:04x}")),
            );
        }
    }
    ascii
}

fn answer(line: &str) -> Result<String, String> {
    let value: Value = serde_json::from_str(line).expect("JSON from Java");
    match value["output"].as_str() {
        Some(output) => Ok(output.to_owned()),
        None => Err(value["error"].to_string()),
    }
}
