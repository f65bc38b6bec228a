//! `iac local` as a process, with the upload stacks.

use std::path::Path;
use std::process::Command;

use crate::http::send;
use crate::program::{Program, output};
use crate::skip::skip;
use crate::{browser, picture, tools};

/// `iac local` with a stack and the executables of all functions.
fn with_stack(name: &str, stack: &str, test: impl FnOnce(Command)) {
    match (tools::python(), tools::functions()) {
        (Ok(python), Ok(functions)) => {
            let mut local = local(&python, stack);
            local.arg("--functions").arg(functions);
            test(local);
        }
        (Err(missing), _) | (_, Err(missing)) => skip(name, &missing),
    }
}

fn local(python: &Path, stack: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_iac"));
    command
        .current_dir(tools::root())
        .args(["local", "--port", "0", "--stack", stack, "--python"])
        .arg(python);
    command
}

/// Each in the way of its own: a signed URL, a function, straight into the bucket.
#[test]
fn the_demo_works_with_every_stack() {
    for (stack, told, width) in [
        ("upload-events", "the API signs a PUT", 720),
        ("upload-metadata", "\"status\": \"processed\"", 500),
        ("single-bucket", "\"Dimensions\"", 720),
    ] {
        with_stack("the_demo_works_with_every_stack", stack, |mut local| {
            let folder = tempfile::tempdir().expect("a folder");
            let photo = folder.path().join("it's a cät.jpg");
            std::fs::write(&photo, picture::jpeg(900, 600)).expect("written");
            let out = folder.path().join("out");
            let demo = local.arg("--demo").arg(&photo).arg("--demo-out").arg(&out);
            let output = demo.output().expect("iac starts");
            let story = String::from_utf8_lossy(&output.stdout);
            let errors = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(0), "{stack}: {story}{errors}");
            assert!(story.contains(told), "{stack}: {story}");
            let mut results = std::fs::read_dir(&out).expect("a folder");
            let result = results.next().expect("a result").expect("readable").path();
            let picture = image::open(&result).expect("an image");
            assert_eq!((picture.width(), picture.height()), (width, width * 2 / 3));
        });
    }
}

/// The function's own words reach the person, from the queue or from the table.
#[test]
fn a_failed_demo_says_what_the_function_said() {
    for stack in ["upload-events", "single-bucket"] {
        with_stack(
            "a_failed_demo_says_what_the_function_said",
            stack,
            |mut local| {
                let folder = tempfile::tempdir().expect("a folder");
                let photo = folder.path().join("words.jpg");
                std::fs::write(&photo, b"no photo").expect("written");
                let (code, errors) = output(local.arg("--demo").arg(&photo));
                assert_eq!(code, Some(6), "{stack}: {errors}");
                assert!(
                    errors.contains("was not resized: UnsupportedFormat"),
                    "{stack}: {errors}"
                );
            },
        );
    }
}

#[test]
fn the_page_is_served_beside_its_api() {
    with_stack(
        "the_page_is_served_beside_its_api",
        "upload-events",
        |mut local| {
            local.arg("--open");
            let mut program = Program::start(local);
            let page = send(program.port(), "GET", "/", &[], b"");
            assert_eq!(page.status, 200, "{page:?}");
            assert_eq!(
                page.header("content-type"),
                Some("text/html; charset=utf-8")
            );
            assert!(
                page.body.contains("Content-Security-Policy"),
                "{}",
                page.body
            );
            assert_eq!(program.serving["page"], format!("{}/", program.url));
            assert!(program.serving["queue"].is_string(), "{}", program.serving);
            for words in [
                "POST /prod/uploads",
                "GET /prod/results",
                "PUT /prod/uploads/{key}",
            ] {
                let routes = program.serving["routes"].to_string();
                assert!(routes.contains(words), "{routes}");
            }
            // What is printed works when it is pasted.
            let folder = tempfile::tempdir().expect("a folder");
            std::fs::write(folder.path().join("photo.jpg"), picture::jpeg(60, 40))
                .expect("written");
            let call = program.serving["call"].as_str().expect("a command");
            match Command::new("sh")
                .args(["-c", call])
                .current_dir(folder.path())
                .output()
            {
                Ok(output) if output.status.code() != Some(127) => {
                    let answer = String::from_utf8_lossy(&output.stdout);
                    assert!(
                        answer.contains("HTTP/1.1 200") && answer.contains("uploads/photo.jpg"),
                        "{call}: {answer}"
                    );
                }
                _ => skip("a call by curl", "there is no curl"),
            }
            program.end("INT");
        },
    );
}

/// The browser's own CORS, the signed URLs, the bucket, the function and the results, nothing made up.
#[test]
fn the_page_uploads_and_shows_the_results() {
    let test = "the_page_uploads_and_shows_the_results";
    with_stack(test, "upload-events", |mut local| {
        let folder = tempfile::tempdir().expect("a folder");
        let names = ["it's a + cät.jpg", "plain.jpg"];
        let files = names.map(|name| {
            let path = folder.path().join(name);
            std::fs::write(&path, picture::jpeg(900, 600)).expect("written");
            path
        });
        local.arg("--open");
        let mut program = Program::start(local);
        let page = program.serving["page"].as_str().expect("an address");
        let pictures = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join("page")
            .join(test);
        let facts = match browser::drive(page, &pictures, &files, &[]) {
            Ok(facts) => facts,
            Err(missing) => return skip(test, &missing),
        };
        browser::is_sound(&facts);
        assert_eq!(facts["summary"], "2 ready", "{facts:#}");
        for (at, name) in names.iter().enumerate() {
            let image = &facts["images"][at];
            assert_eq!(image["name"], *name);
            assert_eq!(image["original"]["width"], 900, "{image:#}");
            // As the browser decoded it, not as anything says.
            assert_eq!(
                (&image["result"]["width"], &image["result"]["height"]),
                (&720.into(), &480.into()),
                "{image:#}"
            );
        }
        program.end("INT");
    });
}

/// The engine holds the parameter against the pattern as CloudFormation does.
#[test]
fn results_are_kept_from_the_reports_of_the_backfill() {
    let test = "results_are_kept_from_the_reports_of_the_backfill";
    let rule = "Parameter 'OutputPrefix' is not under backfill/, and is one or more folder names";
    for (prefix, words) in [
        ("backfill/", Some(rule)),
        ("backfill/thumbs/", Some(rule)),
        ("thumbs*/", Some(rule)),
        ("backfills/backfill/", None),
    ] {
        with_stack(test, "upload-events", |mut local| {
            let folder = tempfile::tempdir().expect("a folder");
            let photo = folder.path().join("cat.jpg");
            std::fs::write(&photo, picture::jpeg(60, 40)).expect("written");
            local.args(["--parameter", &format!("OutputPrefix={prefix}")]);
            local.arg("--demo").arg(&photo);
            local.arg("--demo-out").arg(folder.path().join("out"));
            let (code, errors) = output(&mut local);
            assert_eq!(code == Some(0), words.is_none(), "{prefix}: {errors}");
            assert!(
                errors.contains(words.unwrap_or_default()),
                "{prefix}: {errors}"
            );
        });
    }
}

#[test]
fn what_cannot_run_is_said_before_anything_does() {
    let nowhere = Path::new("/nowhere/python");
    let folder = tempfile::tempdir().expect("a folder");
    let mut missing = local(nowhere, "upload-metadata");
    let (code, errors) = output(missing.arg("--functions").arg(folder.path()));
    assert_eq!(code, Some(4), "{errors}");
    let build = "`cargo build -p lambda --release --bin resize-image --bin upload-image --bin read-metadata`";
    assert!(
        errors.contains(build) && errors.contains("--functions"),
        "{errors}"
    );
    let (code, errors) = output(local(nowhere, "single-bucket").arg("--open"));
    assert_eq!(code, Some(2), "{errors}");
    assert!(errors.contains("POST /uploads"), "{errors}");
}
