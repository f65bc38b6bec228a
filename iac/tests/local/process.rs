//! `iac local` as a process: what it says when it cannot run, and that nothing of it stays.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use iac::local::engine::addresses_of;
use serde_json::json;

use crate::program::{CANARY, Program, Unready, command, group, output, without_port};
use crate::skip::skip;
use crate::system::template;
use crate::{http, picture, tools};

/// Runs `test` with what a system needs, or says what is missing.
pub(crate) fn with_tools(name: &str, test: impl FnOnce(PathBuf, PathBuf)) {
    match (tools::python(), tools::bootstrap()) {
        (Ok(python), Ok(bootstrap)) => test(python, bootstrap),
        (Err(missing), _) | (_, Err(missing)) => skip(name, &missing),
    }
}

/// A photo in a folder that the test removes.
fn photo(content: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("it's a cat.jpg");
    std::fs::write(&path, content).expect("written");
    (folder, path)
}

#[test]
fn a_busy_port_is_named_with_the_way_out() {
    with_tools(
        "a_busy_port_is_named_with_the_way_out",
        |python, bootstrap| {
            let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
            let port = taken.local_addr().expect("an address").port().to_string();
            let (code, errors) =
                output(command(&python, &bootstrap).args(["--engine-port", &port]));
            assert_eq!(code, Some(5), "{errors}");
            assert!(
                errors.contains(&port) && errors.contains("--engine-port"),
                "{errors}"
            );

            let mut busy = std::process::Command::new(env!("CARGO_BIN_EXE_iac"));
            busy.args(["local", "--port", &port, "--generated"])
                .arg(tools::root().join("generated"))
                .arg("--functions")
                .arg(bootstrap.parent().expect("a folder"));
            let (code, errors) = output(&mut busy);
            assert_eq!(code, Some(4), "{errors}");
            assert!(
                errors.contains(&port) && errors.contains("--port"),
                "{errors}"
            );
        },
    );
}

#[test]
fn a_missing_python_is_named_with_the_way_out() {
    with_tools(
        "a_missing_python_is_named_with_the_way_out",
        |_, bootstrap| {
            let (code, errors) = output(&mut command(Path::new("/nowhere/python"), &bootstrap));
            assert_eq!(code, Some(5), "{errors}");
            assert!(
                errors.contains("/nowhere/python") && errors.contains("ministack==1.5.33"),
                "{errors}"
            );

            let (code, errors) = output(&mut command(Path::new("/bin/false"), &bootstrap));
            assert_eq!(code, Some(5), "{errors}");
            assert!(
                errors.contains("/bin/false does not start as Python"),
                "{errors}"
            );
        },
    );
}

/// An executable script in a folder that the test removes.
fn script(text: &str) -> (tempfile::TempDir, PathBuf) {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("python");
    std::fs::write(&path, format!("#!/bin/sh\n{text}\n")).expect("written");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("allowed");
    (folder, path)
}

#[test]
fn a_python_that_hangs_can_be_interrupted() {
    with_tools("a_python_that_hangs_can_be_interrupted", |_, bootstrap| {
        let (_folder, python) = script("exec sleep 600");
        let mut program = Unready::start(command(&python, &bootstrap), "starting");
        let start = Instant::now();
        while program.children().is_empty() && start.elapsed() < Duration::from_secs(5) {
            std::thread::sleep(Duration::from_millis(10));
        }
        let children = program.children();
        assert_eq!(children.len(), 1, "it was started");
        assert_eq!(program.end("INT"), Some(130));
        assert!(start.elapsed() < Duration::from_secs(10), "at once");
        // That of a process that ended, and that nobody has asked about yet, is empty.
        let command_line =
            || std::fs::read(format!("/proc/{}/cmdline", children[0])).unwrap_or_default();
        while !command_line().is_empty() {
            assert!(start.elapsed() < Duration::from_secs(10), "it stays");
            std::thread::sleep(Duration::from_millis(10));
        }
    });
}

/// Another MiniStack under the tested one's number: what the launcher changes in it is not there.
#[test]
fn an_engine_that_cannot_be_changed_says_so() {
    with_tools(
        "an_engine_that_cannot_be_changed_says_so",
        |python, bootstrap| {
            for (modules, functions, cause) in [
                (
                    "ministack ministack.core ministack.core.iam_evaluator",
                    "",
                    "has no attribute 'pin_request_origin'",
                ),
                (
                    "ministack ministack.core ministack.core.iam_evaluator",
                    "pin_request_origin pin_signed_request",
                    "has no attribute '_resolve_condition_key'",
                ),
                (
                    "ministack ministack.core",
                    "",
                    "cannot import name 'iam_evaluator'",
                ),
            ] {
                let prepare = format!(
                    "import sys, types\nfor name in \"{modules}\".split():\n    sys.modules[name] = types.ModuleType(name)\n    parent, _, last = name.rpartition(\".\")\n    parent and setattr(sys.modules[parent], last, sys.modules[name])\nfor function in \"{functions}\".split():\n    setattr(sys.modules[name], function, None)\nexec(sys.argv[1])"
                );
                let (_folder, fake) = script(&format!(
                    "case \"$3\" in *metadata*) echo 1.5.33; exit;; esac\nexec {} -I -c '{prepare}' \"$3\"",
                    python.display()
                ));
                let (code, errors) = output(&mut command(&fake, &bootstrap));
                assert_eq!(code, Some(5), "{errors}");
                assert!(
                    errors.contains("this ministack has no function")
                        && errors.contains(cause)
                        && !errors.contains("Traceback"),
                    "{errors}"
                );
                let log = errors.split("its log is ").nth(1).expect("the log").trim();
                std::fs::remove_file(log).expect("the log stays");
            }
        },
    );
}

#[test]
fn a_bad_executable_is_refused_before_anything_runs() {
    with_tools(
        "a_bad_executable_is_refused_before_anything_runs",
        |python, _| {
            for (path, word) in [
                (
                    Path::new("/nowhere/resize-image"),
                    "cargo build -p lambda --release",
                ),
                (Path::new("/proc"), "not a regular file"),
                (Path::new("/etc/passwd"), "no ELF file"),
            ] {
                let (code, errors) = output(&mut command(&python, path));
                assert_eq!(code, Some(4), "{errors}");
                assert!(errors.contains(word), "{errors}");
            }
        },
    );
}

#[test]
fn an_unknown_stack_is_named_with_the_way_out() {
    with_tools(
        "an_unknown_stack_is_named_with_the_way_out",
        |python, bootstrap| {
            let (code, errors) = output(command(&python, &bootstrap).args(["--stack", "nope"]));
            assert_eq!(code, Some(4), "{errors}");
            assert!(
                errors.contains("nope/template.yaml") && errors.contains("iac synth"),
                "{errors}"
            );
        },
    );
}

#[test]
fn files_are_looked_at_before_anything_runs() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    std::fs::create_dir(path("other")).expect("made");
    for name in ["cat.jpg", "other/cat.jpg"] {
        std::fs::write(path(name), b"a photo").expect("written");
    }
    let two = [path("cat.jpg"), path("other/cat.jpg")];
    let both = format!(
        "{} and {} would both get the key `cat.jpg`",
        two[0].display(),
        two[1].display()
    );
    for (arguments, code, words) in [
        (vec!["--demo", "none.jpg"], 4, "cannot read none.jpg"),
        (vec!["--upload", "none.jpg"], 4, "cannot read none.jpg"),
        (vec!["--upload", "/dev/zero"], 4, "/dev/zero is no file"),
        (vec!["--demo", "/tmp"], 4, "/tmp is no file"),
    ] {
        let mut local = command(Path::new("/nowhere/python"), Path::new("/nowhere/function"));
        let (found, errors) = output(local.args(arguments));
        assert_eq!(found, Some(code), "{errors}");
        assert!(errors.contains(words), "{errors}");
    }
    for second in ["--upload", "--demo"] {
        let mut local = command(Path::new("/nowhere/python"), Path::new("/nowhere/function"));
        local.arg("--upload").arg(&two[0]).arg(second).arg(&two[1]);
        let (code, errors) = output(&mut local);
        assert_eq!(code, Some(2), "{errors}");
        assert!(errors.contains(&both), "{errors}");
    }
}

#[test]
fn an_unknown_parameter_is_refused_before_anything_runs() {
    // Without Python: nothing may be started before.
    for (parameter, words) in [
        ("MaxHeight=2", "gives `MaxHeight` twice"),
        ("Nope=1", "no parameter `Nope`; it has "),
        ("maxwidth=1", "no parameter `maxwidth`"),
        ("MaxWidth", "Key=Value, not `MaxWidth`"),
    ] {
        let mut local = command(Path::new("/nowhere/python"), Path::new("/nowhere/function"));
        let (code, errors) =
            output(local.args(["--parameter", "MaxHeight=1", "--parameter", parameter]));
        assert_eq!(code, Some(2), "{errors}");
        assert!(errors.contains(words), "{errors}");
    }
}

/// Has one request answered, so that the function's process is there too.
fn use_function(program: &mut Program) {
    let body = json!({"bucket": program.source_bucket, "key": "none.jpg"}).to_string();
    let reply = http::send(
        program.port(),
        "POST",
        "/prod/resize",
        &[("content-type", "application/json")],
        body.as_bytes(),
    );
    assert_eq!(reply.status, 200, "{reply:?}");
    let told = program.event("request");
    assert_eq!(
        (told["status"].as_u64(), told["requestId"].as_str()),
        (Some(200), reply.header("x-amzn-requestid"))
    );
    let start = Instant::now();
    while group(program.engine).len() < 2 {
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "the function does not start"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn assert_gone(program: &Program) {
    let start = Instant::now();
    while !group(program.engine).is_empty() {
        assert!(
            start.elapsed() < Duration::from_secs(5),
            "still running: {:?}",
            group(program.engine)
        );
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn every_end_leaves_nothing_behind() {
    with_tools("every_end_leaves_nothing_behind", |python, bootstrap| {
        for (signal, code) in [
            ("INT", Some(0)),
            ("TERM", Some(0)),
            ("HUP", Some(0)),
            ("KILL", None),
        ] {
            let mut program = Program::start(command(&python, &bootstrap));
            use_function(&mut program);
            assert_eq!(program.end(signal), code, "SIG{signal}");
            assert_gone(&program);
            let folder = Path::new(&program.log).parent().expect("a folder");
            assert!(!folder.exists(), "SIG{signal} leaves {}", folder.display());
        }
    });
}

/// A signal that comes while the engine starts or the stack is deployed.
#[test]
fn an_early_interrupt_leaves_nothing_behind() {
    with_tools(
        "an_early_interrupt_leaves_nothing_behind",
        |python, bootstrap| {
            for event in ["starting", "engine-started", "code-uploaded"] {
                let mut program = Unready::start(command(&python, &bootstrap), event);
                // Long enough for Python to start in the first case, and too short for a deployment in the last.
                std::thread::sleep(Duration::from_millis(50));
                let children = program.children();
                assert!(
                    event == "starting" || !children.is_empty(),
                    "the engine runs after {event}"
                );
                assert_eq!(program.end("INT"), Some(130), "after {event}");
                for child in children {
                    assert!(group(child).is_empty(), "after {event}: {child}");
                }
            }
        },
    );
}

#[test]
fn the_persons_environment_stays_out_and_loopback_in() {
    with_tools(
        "the_persons_environment_stays_out_and_loopback_in",
        |python, bootstrap| {
            let mut program = Program::start(command(&python, &bootstrap));
            use_function(&mut program);
            let mine = std::fs::read(format!("/proc/{}/environ", program.id())).expect("readable");
            assert!(
                String::from_utf8_lossy(&mine).contains(CANARY),
                "the test sets the environment"
            );
            let processes = group(program.engine);
            for process in &processes {
                let environment =
                    std::fs::read(format!("/proc/{process}/environ")).expect("readable");
                assert!(
                    !environment.is_empty()
                        && !String::from_utf8_lossy(&environment).contains(CANARY),
                    "process {process}"
                );
            }
            for process in processes.into_iter().chain([program.id()]) {
                for address in addresses_of(process) {
                    assert!(address.ip().is_loopback(), "{process} listens on {address}");
                }
            }
            assert!(
                !addresses_of(program.engine).is_empty() && !addresses_of(program.id()).is_empty(),
                "both listen"
            );
            program.end("INT");
            assert_gone(&program);
        },
    );
}

#[test]
fn two_run_side_by_side() {
    with_tools("two_run_side_by_side", |python, bootstrap| {
        let mut first = Program::start(command(&python, &bootstrap));
        let mut second = Program::start(command(&python, &bootstrap));
        use_function(&mut second);
        assert_eq!(second.end("INT"), Some(0));
        assert_gone(&second);
        use_function(&mut first);
        assert_eq!(first.end("TERM"), Some(0));
        assert_gone(&first);
    });
}

#[test]
fn the_demo_tells_its_story_and_ends() {
    with_tools("the_demo_tells_its_story_and_ends", |python, bootstrap| {
        let (folder, path) = photo(&picture::jpeg(900, 600));
        let out = folder.path().join("out");
        // The demo calls the API itself, so another program on the usual port is not in its way.
        let _taken = TcpListener::bind("127.0.0.1:8080");
        let mut demo = without_port(&python, &bootstrap);
        let output = demo
            .arg("--demo")
            .arg(&path)
            .arg("--demo-out")
            .arg(&out)
            .output();
        let output = output.expect("iac starts");
        let (story, errors) = (
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        );
        assert_eq!(output.status.code(), Some(0), "{story}{errors}");
        for part in [
            "MiniStack",
            "--> s3://",
            "--> POST http://127.0.0.1:",
            "900 x 600",
            "720 x 480",
            "thumbs/it's a cat.jpg",
        ] {
            assert!(story.contains(part), "`{part}` is not in {story}");
        }
        let result = image::open(out.join("it's a cat.jpg")).expect("an image");
        assert_eq!((result.width(), result.height()), (720, 480));
    });
}

/// Names of the files in a folder.
fn files(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder").flatten();
    entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect()
}

#[test]
fn a_failed_demo_says_why_once_and_leaves_nothing() {
    with_tools(
        "a_failed_demo_says_why_once_and_leaves_nothing",
        |python, bootstrap| {
            let (_folder, path) = photo(b"no photo");
            let temporary = tempfile::tempdir().expect("a folder");
            let mut demo = command(&python, &bootstrap);
            let (code, errors) = output(
                demo.env("TMPDIR", temporary.path())
                    .arg("--demo")
                    .arg(&path),
            );
            assert_eq!(code, Some(6), "{errors}");
            assert_eq!(errors.matches("UnsupportedFormat").count(), 1, "{errors}");
            assert!(!errors.contains("caused by"), "{errors}");
            // The function said what is wrong with the photo; the engine has nothing to add.
            assert!(!errors.contains("log"), "{errors}");
            assert_eq!(files(temporary.path()), Vec::<String>::new());
        },
    );
}

#[test]
fn a_failed_deployment_keeps_the_log_alone() {
    with_tools(
        "a_failed_deployment_keeps_the_log_alone",
        |python, bootstrap| {
            let generated = tempfile::tempdir().expect("a folder");
            let stack = generated.path().join("resize-api");
            std::fs::create_dir(&stack).expect("made");
            let broken = template().replace("::StateMachine\n", "::NoSuchThing\n");
            std::fs::write(stack.join("template.yaml"), broken).expect("written");
            let temporary = tempfile::tempdir().expect("a folder");
            let (code, errors) = output(
                command(&python, &bootstrap)
                    .env("TMPDIR", temporary.path())
                    .arg("--generated")
                    .arg(generated.path()),
            );
            assert_eq!(code, Some(5), "{errors}");
            assert_eq!(errors.matches("NoSuchThing").count(), 1, "{errors}");
            let kept = files(temporary.path());
            let [log] = kept.as_slice() else {
                panic!("the log alone stays: {kept:?}");
            };
            let log = temporary.path().join(log);
            assert!(
                errors.contains(&format!("the engine's log is {}", log.display())),
                "{errors}"
            );
            assert!(std::fs::metadata(log).expect("a log").len() < 1_000_000);
        },
    );
}
