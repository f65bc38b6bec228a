//! The real `thumbnail` process.

mod pictures;

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use image::ImageFormat;
use serde_json::Value;
use tempfile::TempDir;

fn thumbnail<S: AsRef<OsStr>>(folder: &Path, arguments: &[S]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_thumbnail"));
    command.args(arguments).current_dir(folder);
    command
}

fn run<S: AsRef<OsStr>>(folder: &Path, arguments: &[S]) -> Output {
    thumbnail(folder, arguments)
        .output()
        .expect("thumbnail starts")
}

/// The one line of JSON, and the exit code.
#[track_caller]
fn json(output: &Output) -> (Value, Option<i32>) {
    let text = String::from_utf8(output.stdout.clone()).expect("UTF-8");
    assert!(
        text.ends_with('\n') && text.lines().count() == 1,
        "{text:?}"
    );
    assert!(
        output.stderr.is_empty(),
        "{:?}",
        String::from_utf8_lossy(&output.stderr)
    );
    (
        serde_json::from_str(&text).expect("JSON"),
        output.status.code(),
    )
}

fn folder() -> TempDir {
    let folder = TempDir::new().expect("a folder");
    let image = pictures::detailed(1000, 500);
    fs::write(folder.path().join("in.jpg"), pictures::jpeg(&image, false)).expect("written");
    fs::write(
        folder.path().join("in.png"),
        pictures::file(image, ImageFormat::Png),
    )
    .expect("written");
    folder
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .expect("readable")
        .map(|entry| {
            entry
                .expect("readable")
                .file_name()
                .into_string()
                .expect("UTF-8")
        })
        .collect();
    names.sort();
    names
}

#[test]
fn a_result_and_its_description() {
    let folder = folder();
    let (line, code) = json(&run(folder.path(), &["in.jpg", "out.jpg", "--json"]));
    assert_eq!(code, Some(0));
    let keys: Vec<&String> = line.as_object().expect("an object").keys().collect();
    assert_eq!(
        keys,
        [
            "ok",
            "width",
            "height",
            "format",
            "content_type",
            "bytes",
            "source_width",
            "source_height",
            "source_format",
            "source_bytes",
            "animated",
            "share",
            "notes"
        ]
    );
    assert_eq!(line["ok"], true);
    assert_eq!(
        (&line["width"], &line["height"]),
        (&720.into(), &360.into())
    );
    assert_eq!(line["format"], "jpeg");
    assert_eq!(line["source_width"], 1000);
    let written = fs::read(folder.path().join("out.jpg")).expect("written");
    assert_eq!(line["bytes"], written.len());
    assert_eq!(names(folder.path()), ["in.jpg", "in.png", "out.jpg"]);
}

#[test]
fn the_box_is_an_option() {
    let folder = folder();
    let (line, _) = json(&run(
        folder.path(),
        &[
            "--max-width",
            "100",
            "--max-height=30",
            "--json",
            "in.png",
            "o",
        ],
    ));
    assert_eq!((&line["width"], &line["height"]), (&60.into(), &30.into()));
}

#[test]
fn the_most_pixels_are_an_option() {
    let folder = folder();
    for (limit, ok) in [("499999", false), ("500000", true)] {
        for input in ["in.jpg", "in.png"] {
            let (line, _) = json(&run(
                folder.path(),
                &["--json", "--max-pixels", limit, input, "o"],
            ));
            assert_eq!(line["ok"], ok, "{line}");
            if !ok {
                assert_eq!(line["error"], "ImageTooLarge");
            }
        }
    }
}

#[test]
fn text_for_people() {
    let folder = folder();
    let output = run(folder.path(), &["in.png", "out.png"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&output.stdout).contains("720 x 360"));
    let output = run(folder.path(), &["none.png", "out2.png"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    assert!(String::from_utf8_lossy(&output.stderr).contains("ObjectNotFound: none.png"));
}

#[test]
fn a_refusal_leaves_what_was_there() {
    let folder = folder();
    let whole = fs::read(folder.path().join("in.jpg")).expect("written");
    fs::write(folder.path().join("cut.jpg"), &whole[..whole.len() / 4]).expect("written");
    fs::write(folder.path().join("note.txt"), "hello").expect("written");
    fs::write(folder.path().join("empty"), "").expect("written");
    fs::write(folder.path().join("old"), "old").expect("written");
    let before = names(folder.path());
    for (input, error) in [
        ("cut.jpg", "CorruptImage"),
        ("note.txt", "UnsupportedFormat"),
        ("empty", "CorruptImage"),
        ("missing", "ObjectNotFound"),
        (".", "ObjectNotFound"),
        ("in.png/below", "ObjectNotFound"),
    ] {
        for output in ["old", "new"] {
            let (line, code) = json(&run(folder.path(), &[input, output, "--json"]));
            assert_eq!((&line["error"], code), (&error.into(), Some(2)), "{line}");
            assert_eq!(line["ok"], false);
            assert!(
                line["message"]
                    .as_str()
                    .is_some_and(|text| text.contains(input)),
                "{line}"
            );
        }
    }
    assert_eq!(names(folder.path()), before);
    assert_eq!(fs::read(folder.path().join("old")).expect("there"), b"old");
}

#[test]
fn output_that_cannot_be_written() {
    let folder = folder();
    fs::create_dir(folder.path().join("folder")).expect("made");
    for output in ["no/such/folder/out.jpg", "folder", "in.png/out"] {
        let (line, code) = json(&run(folder.path(), &["in.jpg", output, "--json"]));
        assert_eq!(code, Some(2));
        assert_eq!(line["error"], "InvalidRequest", "{line}");
        assert_eq!(line["ok"], false);
        assert!(
            line["message"]
                .as_str()
                .is_some_and(|text| text.contains(output)),
            "{line}"
        );
    }
    assert_eq!(names(folder.path()), ["folder", "in.jpg", "in.png"]);
}

#[test]
#[cfg(unix)]
fn what_is_no_regular_file_is_neither_read_nor_replaced() {
    use std::os::unix::fs::FileTypeExt;

    let folder = folder();
    let made = Command::new("mkfifo")
        .arg(folder.path().join("pipe"))
        .status()
        .expect("mkfifo");
    assert!(made.success());
    let started = Instant::now();
    for arguments in [
        ["pipe", "out", "--json"],
        ["/dev/zero", "out", "--json"],
        ["/dev/null", "out", "--json"],
        ["in.jpg", "pipe", "--json"],
        ["in.jpg", "/dev/full", "--json"],
    ] {
        let (line, code) = json(&run(folder.path(), &arguments));
        assert_eq!(
            (&line["error"], code),
            (&"InvalidRequest".into(), Some(2)),
            "{line}"
        );
    }
    assert!(
        started.elapsed() < Duration::from_secs(5),
        "nothing was waited for"
    );
    assert_eq!(names(folder.path()), ["in.jpg", "in.png", "pipe"]);
    let device = fs::metadata("/dev/full").expect("there").file_type();
    assert!(device.is_char_device());
}

#[test]
#[cfg(unix)]
fn a_replaced_file_keeps_its_permissions_and_a_link_stays_one() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let folder = folder();
    let at = |name| folder.path().join(name);
    fs::write(at("private"), "old").expect("written");
    fs::set_permissions(at("private"), fs::Permissions::from_mode(0o600)).expect("ours");
    symlink("private", at("link")).expect("linked");
    let (line, code) = json(&run(folder.path(), &["in.jpg", "link", "--json"]));
    assert_eq!(code, Some(0), "{line}");
    assert!(
        fs::symlink_metadata(at("link"))
            .expect("there")
            .is_symlink()
    );
    let written = fs::metadata(at("private")).expect("there");
    assert_eq!(line["bytes"], written.len());
    assert_eq!(written.permissions().mode() & 0o777, 0o600);
    assert_eq!(
        names(folder.path()),
        ["in.jpg", "in.png", "link", "private"]
    );
}

#[test]
#[cfg(target_os = "linux")]
fn paths_need_not_be_utf8() {
    use std::os::unix::ffi::OsStrExt;

    let folder = folder();
    let odd = OsStr::from_bytes(b"\xFFout\n\".jpg");
    let json_flag = OsStr::new("--json");
    let (line, code) = json(&run(folder.path(), &[OsStr::new("in.jpg"), odd, json_flag]));
    assert_eq!((&line["ok"], code), (&true.into(), Some(0)));
    assert!(folder.path().join(odd).is_file());
    let (line, code) = json(&run(folder.path(), &[odd, odd, json_flag]));
    assert_eq!((&line["ok"], code), (&true.into(), Some(0)));
    let missing = OsStr::from_bytes(b"\xFE");
    let (line, code) = json(&run(folder.path(), &[missing, odd, json_flag]));
    assert_eq!(
        (&line["error"], code),
        (&"ObjectNotFound".into(), Some(2)),
        "{line}"
    );
    // An argument that is no number in any encoding.
    let arguments = [
        OsStr::new("a"),
        odd,
        json_flag,
        OsStr::new("--max-width"),
        missing,
    ];
    let (line, code) = json(&run(folder.path(), &arguments));
    assert_eq!((&line["error"], code), (&"InvalidRequest".into(), Some(2)));
}

#[test]
#[cfg(target_os = "linux")]
fn the_exit_code_does_not_depend_on_who_listens() {
    let folder = folder();
    let full = || {
        Stdio::from(
            fs::OpenOptions::new()
                .write(true)
                .open("/dev/full")
                .expect("there"),
        )
    };
    for (input, code) in [("in.jpg", 0), ("missing", 2)] {
        for flag in ["--json", "--max-width=9"] {
            let status = thumbnail(folder.path(), &[input, "out", flag])
                .stdout(full())
                .stderr(full())
                .status()
                .expect("thumbnail starts");
            assert_eq!(status.code(), Some(code), "{input} {flag}");
        }
    }
    assert!(folder.path().join("out").is_file());
    let status = thumbnail(folder.path(), &["--nonsense"])
        .stderr(full())
        .status()
        .expect("thumbnail starts");
    assert_eq!(status.code(), Some(2));
}

#[test]
fn in_place() {
    let folder = folder();
    let source = fs::read(folder.path().join("in.jpg")).expect("there");
    fs::hard_link(folder.path().join("in.jpg"), folder.path().join("link")).expect("linked");
    let (line, _) = json(&run(folder.path(), &["in.jpg", "in.jpg", "--json"]));
    assert_eq!(line["ok"], true);
    let written = fs::read(folder.path().join("in.jpg")).expect("there");
    assert_eq!(line["bytes"], written.len());
    // The old file was replaced and not written into: its other name still has it whole.
    assert_eq!(fs::read(folder.path().join("link")).expect("there"), source);
}

#[test]
fn usage_errors_stay_json() {
    let folder = folder();
    for arguments in [
        ["--json"].as_slice(),
        &["--json", "in.jpg"],
        &["in.jpg", "out", "--json", "--max-width", "0"],
        &["in.jpg", "out", "--json", "--max-height", "99999"],
        &["in.jpg", "out", "--json", "--max-pixels", "0"],
        &[
            "in.jpg",
            "out",
            "--json",
            "--max-width=99999999999999999999999",
        ],
        &["in.jpg", "out", "--json", "--max-width", "-1"],
        &["in.jpg", "out", "--json", "--nonsense"],
        &["in.jpg", "out", "--json=yes"],
        &["in.jpg", "out", "more", "--json"],
        &["--max-width", "--json", "in.jpg", "out"],
    ] {
        let (line, code) = json(&run(folder.path(), arguments));
        assert_eq!(
            (&line["error"], code),
            (&"InvalidRequest".into(), Some(2)),
            "{line}"
        );
    }
    assert_eq!(run(folder.path(), &["in.jpg"]).status.code(), Some(2));
}

#[test]
fn help_tells_the_exit_codes() {
    let output = run(Path::new("."), &["--help"]);
    assert_eq!(output.status.code(), Some(0));
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        text.contains("Exit codes:") && text.contains("Examples:"),
        "{text}"
    );
}
