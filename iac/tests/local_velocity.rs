//! The template renderer against the real Apache Velocity 1.7, byte for byte.
#![cfg(feature = "local")]

use std::collections::BTreeMap;

use iac::local::vtl::{Message, Template};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::Value;

#[path = "local/skip.rs"]
mod skipping;
#[path = "velocity/mod.rs"]
mod velocity;

use velocity::Case;

/// The request template of the resize API.
const START: &str = r#"{"stateMachineArn": "arn:aws:states:us-east-1:000000000000:stateMachine:resize", "input": "$util.escapeJavaScript($input.body).replaceAll("\\'","'")"}"#;

const TEMPLATES: [&str; 14] = [
    START,
    // The answer of the upload APIs.
    r#"{"key": "uploads/$util.escapeJavaScript($input.params('key')).replaceAll("\\'","'")", "none": "$input.params("none")"}"#,
    // One backslash: what breaks on an apostrophe, and must break here in the same way.
    r#"{"input": "$util.escapeJavaScript($input.body).replaceAll("\'","'")"}"#,
    r#"$util.escapeJavaScript($input.body).replaceAll('\\/', '/').replaceAll("\\'", "\\\\'")"#,
    "$input.body",
    "$input.body.",
    "$input.body $input.body\n\t$input.body\\n",
    "a \\ b \\\\ c \\\" 'd' \"e\" {}[]()|$input.body|\u{e9}\u{1f600}",
    r#"$util.escapeJavaScript('literal $x #y "z" \t')"#,
    r#"$util.escapeJavaScript("two \ back \\ slashes 'q'")"#,
    "{\"id\":\"$context.requestId\",\"ip\":\"$context.identity.sourceIp\",\"s\":\"$context.stage.\",\"v\":\"$stageVariables.size\"}",
    "$util.escapeJavaScript( $context.requestId ).replaceAll( \"-\" , '' )",
    "$util.escapeJavaScript($util.escapeJavaScript($input.body))",
    "\r\n$input.body\r\n",
];

/// Templates that read the body as JSON; Java's writer escapes more, so their output is compared as JSON.
const JSON_TEMPLATES: [&str; 6] = [
    r#"{"error":"StartExecutionRefused","message":$input.json('$.message')}"#,
    "{\"all\":$input.json('$')}",
    "{\"a\":$input.json('$.list[0]'),\"b\":$input.json( '$.message' )}",
    "[$input.json('$.list[0].deep'),$input.json('$.startDate')]",
    "[$input.json('$.missing'),\"$input.path('$.missing')\"]",
    "\"$input.path('$.list[0].n')$input.path('$.flag')\"",
];

const JSON_BODIES: [&str; 5] = [
    r#"{"message":"it's \"x\" é😀 </a>","list":[{"deep":{"k":[1,2.5,true]},"n":17}],"flag":true,"startDate":1763682891.421}"#,
    r#"{"message":"","list":[{"deep":[],"n":-1}],"flag":false,"startDate":0.0001}"#,
    r#"{"message":"a\nb\u0001","list":[{"deep":{},"n":"$foo #set"}],"flag":"x","startDate":1e21}"#,
    r#"{"message":"x","message":"y","list":[{"deep":{"a":1,"a":2},"n":9007199254740993}],"flag":true,"startDate":12345678}"#,
    r#"{"message":7,"list":[{"deep":"d","n":1}],"flag":1,"startDate":100}"#,
];

fn bodies() -> Vec<String> {
    let mut bodies: Vec<String> = [
        r#"{"bucket":"photos-1","key":"cat.jpg"}"#,
        r#"{"bucket":"photos-1","key":"it's \"a\" \\ cat.jpg"}"#,
        "",
        " ",
        "not json",
        "'",
        "''",
        "\\'",
        "\\\\'",
        "\\",
        "\"",
        "\n",
        "\r\n",
        "\t\u{8}\u{c}\u{b}\u{0}\u{1}\u{1f}\u{7f}\u{80}\u{9f}\u{a0}\u{ff}\u{100}\u{fff}\u{1000}",
        "$",
        "#",
        "$foo",
        "${foo}",
        "$!foo",
        "$input.body",
        "$1 \\$1 \\1",
        "##",
        "#* x *#",
        "#set($x = 1)",
        "#if(true)a#end",
        "\u{2028}\u{2029}\u{feff}\u{fffd}\u{ffff}",
        "😀 👩\u{200d}👩\u{200d}👧 \u{10ffff}",
        "</script><!-- -->",
        r#"{"a":1,"a":2}"#,
        r#"{"n":1e400,"m":1.10,"k":-0}"#,
        r#"{"key":"a/b/../c","bucket":"ÅÄÖ \u0041 \ud83d\ude00"}"#,
        r#"{"key":"x","name":"injected","input":"{}"}"#,
        r#"["a",null,true]"#,
        "\"text\"",
        "@@ %2F + & = ; < >",
    ]
    .map(str::to_owned)
    .to_vec();
    bodies.push(format!(
        r#"{{"key":"{}"}}"#,
        "it's a / \u{e9} \u{1f600} ".repeat(12_000)
    ));
    bodies.push("'\\'\\\\'/".repeat(20_000));
    bodies
}

/// Bodies from a fixed seed: text of awkward characters, and JSON objects of it.
fn generated() -> Vec<String> {
    let awkward = prop::sample::select(vec![
        '\'',
        '"',
        '\\',
        '/',
        '$',
        '#',
        '{',
        '}',
        '!',
        '\n',
        '\r',
        '\t',
        '\u{0}',
        '\u{7f}',
        '\u{85}',
        '\u{2028}',
        '\u{fff}',
        '\u{1000}',
        '\u{1f600}',
        'a',
        'n',
        'u',
        '0',
        ' ',
        '(',
        ')',
        '[',
        ']',
        '.',
        ',',
        ':',
        '*',
    ]);
    let text = prop::collection::vec(prop_oneof![4 => awkward, 1 => any::<char>()], 0..40)
        .prop_map(|characters| characters.into_iter().collect::<String>());
    let object = prop::collection::btree_map(text.clone(), text.clone(), 0..4)
        .prop_map(|fields| serde_json::to_string(&fields).expect("a map of text"));
    let strategy = prop_oneof![text, object];
    let mut runner = TestRunner::new_with_rng(
        Config::default(),
        TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]),
    );
    (0..600)
        .map(|_| strategy.new_tree(&mut runner).expect("a body").current())
        .collect()
}

fn ours(case: &Case) -> String {
    let context = velocity::CONTEXT
        .iter()
        .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
        .collect();
    let stage_variables = BTreeMap::from([("size".to_owned(), "720".to_owned())]);
    let template = Template::parse(&case.template)
        .unwrap_or_else(|error| panic!("{}: {error}", case.template));
    template
        .render(&Message {
            body: &case.body,
            context: &context,
            stage_variables: &stage_variables,
            parameters: &velocity::parameters(),
        })
        .unwrap_or_else(|error| panic!("{case:?}: {error}"))
}

/// Real Velocity's answers, or `None` with a visible line where there is no Java. CI must have it.
fn theirs(cases: &[Case]) -> Option<Vec<Result<String, String>>> {
    match velocity::render(cases) {
        Ok(answers) => Some(answers),
        Err(missing) => {
            skipping::skip("comparison with Apache Velocity", &missing);
            None
        }
    }
}

#[test]
fn renders_text_as_velocity_does() {
    let bodies: Vec<String> = bodies().into_iter().chain(generated()).collect();
    let cases: Vec<Case> = TEMPLATES
        .iter()
        .flat_map(|template| {
            bodies.iter().map(|body| Case {
                template: (*template).to_owned(),
                body: body.clone(),
            })
        })
        .collect();
    let Some(theirs) = theirs(&cases) else { return };
    for (case, expected) in cases.iter().zip(theirs) {
        assert_eq!(Ok(ours(case)), expected, "{case:?}");
    }
}

#[test]
fn renders_json_as_velocity_does() {
    let cases: Vec<Case> = JSON_TEMPLATES
        .iter()
        .flat_map(|template| {
            JSON_BODIES.iter().map(|body| Case {
                template: (*template).to_owned(),
                body: (*body).to_owned(),
            })
        })
        .collect();
    let Some(theirs) = theirs(&cases) else { return };
    for (case, expected) in cases.iter().zip(theirs) {
        let expected = expected.unwrap_or_else(|error| panic!("{case:?}: {error}"));
        let (ours, theirs) = (ours(case), expected);
        // Equal as JSON and, once both are written by the same writer, in every number's spelling.
        let parse = |text: &str| {
            serde_json::from_str::<Value>(text)
                .unwrap_or_else(|error| panic!("{case:?}: {text}: {error}"))
        };
        assert_eq!(parse(&ours), parse(&theirs), "{case:?}");
        assert_eq!(numbers(&ours), numbers(&theirs), "{case:?}");
    }
}

/// The words outside of strings.
fn numbers(json: &str) -> Vec<String> {
    let mut words = String::new();
    let mut characters = json.chars();
    let mut inside = false;
    while let Some(character) = characters.next() {
        match character {
            '\\' if inside => drop(characters.next()),
            '"' => inside = !inside,
            other if !inside => words.push(other),
            _ => {}
        }
    }
    words
        .split(|c: char| !(c.is_alphanumeric() || "+-.".contains(c)))
        .map(str::to_owned)
        .collect()
}

/// Whatever a client sends arrives as the execution's input, character for character.
#[test]
fn the_input_of_the_execution_is_the_body() {
    for body in bodies()
        .into_iter()
        .chain(generated())
        .chain(JSON_BODIES.map(str::to_owned))
    {
        let rendered = ours(&Case {
            template: START.to_owned(),
            body: body.clone(),
        });
        let request: Value = serde_json::from_str(&rendered)
            .unwrap_or_else(|error| panic!("{body:?} gives {rendered:?}: {error}"));
        let expected = if body.is_empty() { "{}" } else { &body };
        assert_eq!(request["input"].as_str(), Some(expected));
        assert_eq!(
            request.as_object().map(serde_json::Map::len),
            Some(2),
            "{body:?} adds a field"
        );
    }
}
