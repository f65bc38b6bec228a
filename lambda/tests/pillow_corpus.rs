//! The engine against Pillow's own test images: about a thousand real, odd and hostile files.
//!
//! `pillow_corpus.expected.txt` says for each JPEG, PNG, WebP and GIF what Pillow 13.0.0 does with it, and why
//! the engine differs where it does. The images are fetched by `fetch-pillow-corpus.sh`.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

mod pictures;

use lambda::engine::{Bounds, EngineError, Format, Limits};
use pictures::thumbnail;

/// Files in the sdist of Pillow 13.0.0.
const FILES: usize = 1060;

fn corpus() -> PathBuf {
    std::env::var_os("PILLOW_IMAGES").map_or_else(
        || {
            Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("../target/corpora/pillow-13.0.0/Tests/images")
        },
        PathBuf::from,
    )
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// `ok WxH` or the name of the failure.
fn verdict(path: &Path) -> String {
    let source = fs::read(path).expect("a readable file");
    match thumbnail(&source, Bounds::default(), &Limits::default()) {
        Ok(result) => {
            assert!(
                Format::of(&result.bytes) == Some(result.format),
                "{}",
                path.display()
            );
            format!("ok {}x{}", result.width, result.height)
        }
        Err(error) => {
            // A typed error is one thing; an encoder that failed another.
            assert!(
                !matches!(error, EngineError::Encode(_)),
                "{}: {}",
                path.display(),
                error.chain()
            );
            let how = if matches!(error, EngineError::Panicked(_)) {
                " by panic"
            } else {
                ""
            };
            format!("{}{how}", error.name())
        }
    }
}

/// Path, then verdict, by tabs; a third column is the reason for differing from Pillow.
fn expectations() -> BTreeMap<&'static str, &'static str> {
    include_str!("pillow_corpus.expected.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let mut columns = line.split('\t');
            (
                columns.next().expect("a path"),
                columns.next().expect("a verdict"),
            )
        })
        .collect()
}

#[test]
fn verdicts_and_sizes_are_pillows() {
    let corpus = corpus();
    if !corpus.is_dir() {
        // Past cargo, which swallows what a passing test prints.
        let line = format!(
            "SKIPPED: no images in {}; run lambda/tests/fetch-pillow-corpus.sh target/corpora\n",
            corpus.display()
        );
        std::io::stderr()
            .write_all(line.as_bytes())
            .expect("stderr");
        assert!(
            std::env::var("CI").as_deref() != Ok("true"),
            "the corpus is missing in CI"
        );
        return;
    }
    let mut found = Vec::new();
    files(&corpus, &mut found);
    assert_eq!(found.len(), FILES, "another version of the corpus");
    let mut expected = expectations();
    let mut wrong = Vec::new();
    for path in found {
        let name = path
            .strip_prefix(&corpus)
            .expect("inside")
            .to_str()
            .expect("UTF-8")
            .to_owned();
        // What is not listed is in a format that is not taken.
        let expected = expected
            .remove(name.as_str())
            .unwrap_or("UnsupportedFormat");
        let verdict = verdict(&path);
        if verdict != expected {
            wrong.push(format!("{name}: {verdict} instead of {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(expected.is_empty(), "listed and not there: {expected:?}");
}
