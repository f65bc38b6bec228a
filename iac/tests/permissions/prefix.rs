//! What a person may write where it becomes part of a permission.

use iac::resources::s3::Prefix;
use regex::Regex;

use crate::read::template;

const PREFIXES: [&str; 4] = ["thumbs/", "a/b-c/", "2026/(small)/", "it's/"];

const OTHERS: [&str; 12] = [
    "*/",
    "a*/",
    "?/",
    "${aws:username}/",
    "a\\/",
    "/",
    "a//",
    "a",
    "",
    "a/\n",
    "é/",
    "a b/",
];

#[test]
fn a_prefix_cannot_widen_the_permission_it_stands_in() {
    for stack in ["resize-api", "upload-events", "upload-metadata"] {
        let parameter = &template(stack)["Parameters"]["OutputPrefix"];
        assert_eq!(parameter["Default"], "thumbs/");
        let pattern = parameter["AllowedPattern"].as_str().unwrap();
        // The reports of the backfill are there. Java looks ahead, and this crate does not: that an engine
        // does is shown where one runs.
        let pattern = pattern.strip_prefix("(?!backfill/)").expect(pattern);
        // CloudFormation matches the whole value.
        let pattern = Regex::new(&format!("^(?:{pattern})$")).expect("a regular expression");
        for prefix in PREFIXES {
            assert!(pattern.is_match(prefix), "{prefix} is refused");
        }
        for prefix in OTHERS {
            assert!(!pattern.is_match(prefix), "{prefix:?} is let through");
        }
    }
}

#[test]
fn neither_can_one_in_the_code() {
    for prefix in PREFIXES {
        assert_eq!(Prefix::new(prefix).expect(prefix).as_str(), prefix);
    }
    for prefix in OTHERS {
        Prefix::new(prefix).expect_err(prefix);
    }
}

#[test]
fn an_origin_of_a_parameter_cannot_end_the_quotes_it_stands_in() {
    let template = template("upload-events");
    let parameter = &template["Parameters"]["AllowedOrigins"];
    let pattern = parameter["AllowedPattern"].as_str().unwrap();
    let pattern = Regex::new(&format!("^(?:{pattern})$")).expect("a regular expression");
    for origin in parameter["Default"].as_str().unwrap().split(',') {
        assert!(pattern.is_match(origin), "{origin} is refused");
    }
    for other in [
        "*",
        "",
        "https://a'b",
        "https://a/",
        "null",
        "https://a,b",
        "https://A",
    ] {
        assert!(!pattern.is_match(other), "{other} is let through");
    }
}
