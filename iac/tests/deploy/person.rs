//! A person at a terminal: yes, no, Ctrl-C, and what moves on the screen.

use aws_sdk_cloudformation::types::ResourceSignalStatus;

use crate::code::Code;
use crate::engine::{Engine, with_engine};
use crate::photos;
use crate::terminal::{CTRL_C, Terminal};

const YES_OR_NO: &str = "[y/N]";
const WHAT_NOW: &str = "and Enter (Ctrl-C again detaches):";

/// `iac deploy` with code, in a terminal, at its question.
fn deploy(engine: &Engine, code: &Code, arguments: &[&str]) -> Terminal {
    let code = code.path().to_str().expect("text");
    let mut all = vec!["deploy", "--code", code];
    all.extend(arguments);
    let mut terminal = Terminal::start(engine.iac(&all));
    terminal.shows(YES_OR_NO);
    terminal
}

/// `iac attach` to an operation that waits at its gate.
fn attach(engine: &Engine) -> Terminal {
    let mut terminal = Terminal::start(engine.iac(&["attach", "photos"]));
    terminal.until(
        |screen| {
            screen
                .lines()
                .any(|line| line.contains("Gate") && line.contains("E_IN_PROGRESS"))
        },
        "Gate",
    );
    terminal
}

#[test]
fn no_leaves_nothing_and_yes_deploys() {
    with_engine("no_leaves_nothing_and_yes_deploys", |engine| {
        let code = Code::of_version(1);
        for answer in ["n\r", "\r", "maybe\r"] {
            let mut terminal = deploy(engine, &code, &["resize-api"]);
            terminal.types(answer);
            let (exit, seen) = terminal.ends();
            assert_eq!(exit, Some(8), "{answer:?}: {seen}");
            assert_eq!(engine.stacks(), [], "{answer:?} leaves nothing");
        }
        let mut terminal = deploy(engine, &code, &["resize-api"]);
        assert!(
            terminal.all().contains("SourceBucket"),
            "the plan is before the question: {}",
            terminal.all()
        );
        terminal.types("y\r");
        let (exit, seen) = terminal.ends();
        assert_eq!(exit, Some(0), "{seen}");
        assert_eq!(
            engine.status("resize-api").as_deref(),
            Some("CREATE_COMPLETE")
        );
        assert!(
            seen.contains("CREATE_COMPLETE") && seen.contains("iac resize photo.jpg"),
            "{seen}"
        );
    });
}

#[test]
fn ctrl_c_at_the_question_leaves_nothing() {
    with_engine("ctrl_c_at_the_question", |engine| {
        let code = Code::of_version(1);
        let mut terminal = deploy(engine, &code, &["resize-api"]);
        terminal.types(CTRL_C);
        let (exit, seen) = terminal.ends();
        assert_eq!(exit, Some(130), "{seen}");
        assert!(seen.contains("nothing was changed"), "{seen}");
        assert_eq!(engine.stacks(), []);
    });
}

#[test]
fn one_line_a_resource_moves_and_what_is_done_stays() {
    with_engine("one_line_a_resource", |engine| {
        engine.begin("photos", &photos::waiting());
        let mut terminal = attach(engine);
        let waits = "creation of photos: ";
        // The time so far goes on, in place: seconds of the gate's own line and of the last one.
        terminal.shows("  3 s  creation of photos: ");
        for moving in ["  Gate ", waits] {
            assert_eq!(
                terminal.all().matches(moving).count(),
                1,
                "{moving} is there once: {}",
                terminal.all()
            );
        }
        assert!(
            terminal
                .screen()
                .lines()
                .any(|line| line.contains("Photos") && line.contains("CREATE_COMPLETE")),
            "{}",
            terminal.screen()
        );
        engine.signal("photos", "Gate", ResourceSignalStatus::Success);
        let (exit, seen) = terminal.ends();
        assert_eq!(exit, Some(0), "{seen}");
        assert!(!seen.contains(waits), "what moved is gone: {seen}");
        for done in ["Photos", "Failed", "Gate", "Last"] {
            let lines: Vec<_> = seen
                .lines()
                .filter(|line| line.contains(&format!("  {done} ")))
                .collect();
            assert!(
                lines.len() == 1 && lines[0].contains("CREATE_COMPLETE"),
                "{done}: {lines:?} of {seen}"
            );
        }
        assert!(seen.contains("photos is created after "), "{seen}");
    });
}

#[test]
fn ctrl_c_asks_and_the_operation_goes_on() {
    with_engine("ctrl_c_asks", |engine| {
        engine.begin("photos", &photos::waiting());
        let mut terminal = attach(engine);
        terminal.types(CTRL_C);
        terminal.shows(WHAT_NOW);
        assert!(
            terminal
                .screen()
                .contains("the stack photos is deleted, with everything"),
            "{}",
            terminal.screen()
        );
        // What is no answer is asked again, and nothing moves meanwhile.
        terminal.types("yes\r");
        terminal.until(|screen| screen.matches(WHAT_NOW).count() == 2, "again");
        terminal.types("g\r");
        terminal.shows("creation of photos: ");
        terminal.types(CTRL_C);
        terminal.until(|screen| screen.matches(WHAT_NOW).count() == 3, "again");
        terminal.types("d\r");
        let (exit, seen) = terminal.ends();
        assert_eq!(exit, Some(130), "{seen}");
        assert!(seen.contains("iac attach photos"), "{seen}");
        assert_eq!(
            engine.status("photos").as_deref(),
            Some("CREATE_IN_PROGRESS")
        );

        // Twice is as good as an answer.
        let mut terminal = attach(engine);
        terminal.types(CTRL_C);
        terminal.shows(WHAT_NOW);
        terminal.types(CTRL_C);
        let (exit, seen) = terminal.ends();
        assert_eq!(exit, Some(130), "{seen}");
        assert!(seen.contains("iac attach photos"), "{seen}");
        assert_eq!(
            engine.status("photos").as_deref(),
            Some("CREATE_IN_PROGRESS")
        );
        engine.signal("photos", "Gate", ResourceSignalStatus::Success);
    });
}

#[test]
fn ctrl_c_cancels_an_update_that_is_then_undone() {
    with_engine("ctrl_c_cancels", |engine| {
        assert_eq!(engine.deploy("photos", &photos::plain()), "CREATE_COMPLETE");
        engine.begin("photos", &photos::waiting());
        let mut terminal = attach(engine);
        terminal.types(CTRL_C);
        terminal.shows("c  cancel it: what it did so far is undone");
        terminal.types("c\r");
        terminal.shows("it is cancelled");
        // The engine looks before the next resource.
        engine.signal("photos", "Gate", ResourceSignalStatus::Success);
        let (exit, seen) = terminal.ends();
        assert_eq!(exit, Some(6), "{seen}");
        let says = "The update of photos was cancelled and was rolled back after ";
        assert!(seen.contains(says), "{seen}");
        assert_eq!(
            engine.status("photos").as_deref(),
            Some("UPDATE_ROLLBACK_COMPLETE")
        );
    });
}

#[test]
fn a_stack_is_deleted_when_its_name_is_typed() {
    with_engine("a_stack_is_deleted", |engine| {
        assert_eq!(engine.deploy("photos", &photos::plain()), "CREATE_COMPLETE");
        for answer in ["y\r", "photo\r"] {
            let mut terminal = Terminal::start(engine.iac(&["destroy", "photos"]));
            terminal.shows("Type its name to say yes:");
            terminal.types(answer);
            let (exit, seen) = terminal.ends();
            assert_eq!(exit, Some(8), "{answer:?}: {seen}");
            assert_eq!(engine.status("photos").as_deref(), Some("CREATE_COMPLETE"));
        }
        let mut terminal = Terminal::start(engine.iac(&["destroy", "photos"]));
        terminal.shows("Type its name to say yes:");
        terminal.types("photos\r");
        let (exit, seen) = terminal.ends();
        assert_eq!(exit, Some(0), "{seen}");
        assert_eq!(engine.stacks(), []);
    });
}
