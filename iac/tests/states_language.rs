//! What the States Language model writes and what it refuses.

#[path = "states_language/distributed_map.rs"]
mod distributed_map;

use iac::asl::{
    Catcher, Definition, ErrorName, Fail, JitterStrategy, LambdaInvoke, Machine, Pass, Path,
    Payload, Retrier, StateRef, Transition,
};
use iac::cfn::{Arn, Value};
use iac::resources::lambda::Function;
use lambda::FailureName;

fn function() -> Value<Arn<Function>> {
    // An imported value stands for a function of another stack.
    Value::imported("function")
}

fn fail(machine: &mut Machine) -> StateRef {
    machine.state(
        "Failed",
        Fail {
            comment: String::new(),
            error_path: Path::root().field("Error"),
            cause_path: Path::root().field("Cause"),
        },
    )
}

fn pass(next: Transition) -> Pass {
    Pass {
        comment: String::new(),
        parameters: vec![("whole".to_owned(), Payload::Path(Path::root()))],
        transition: next,
    }
}

fn retrier(error_equals: Vec<ErrorName>) -> Retrier {
    Retrier {
        error_equals,
        interval_seconds: 1,
        max_attempts: 3,
        backoff_rate: 2.0,
        jitter_strategy: JitterStrategy::Full,
    }
}

/// A machine of one task with this Retry, and a Catch of these errors.
fn task(retry: Vec<Retrier>, catch: Vec<Vec<ErrorName>>) -> Result<Definition, String> {
    let mut machine = Machine::new("A test");
    let failed = fail(&mut machine);
    let always = vec![FailureName::CorruptImage.into()];
    let catch = if catch.is_empty() {
        vec![always]
    } else {
        catch
    };
    let task = machine.state(
        "Task",
        LambdaInvoke {
            comment: String::new(),
            function: function(),
            timeout_seconds: 5,
            retry,
            catch: catch
                .into_iter()
                .map(|error_equals| Catcher {
                    error_equals,
                    result_path: Path::root().field("error"),
                    next: failed.clone(),
                })
                .collect(),
            transition: Transition::End,
        },
    );
    finish(machine, &task)
}

fn finish(machine: Machine, start: &StateRef) -> Result<Definition, String> {
    machine.start_at(start).map_err(|problems| {
        problems
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n")
    })
}

fn refused(result: Result<Definition, String>, expected: &str) {
    let problems = result.expect_err("the model takes what it should refuse");
    assert_eq!(problems, expected);
}

#[test]
fn states_stand_in_the_order_in_which_an_execution_comes_to_them() {
    let definition = task(
        vec![retrier(ErrorName::LAMBDA_TRANSIENT.to_vec())],
        Vec::new(),
    );
    let definition = definition.expect("a machine that holds together");
    let states = definition.document()["States"].as_object().unwrap();
    assert_eq!(states.keys().collect::<Vec<_>>(), ["Task", "Failed"]);
    assert_eq!(definition.document()["StartAt"], "Task");
}

#[test]
fn a_start_of_another_machine_is_refused() {
    let mut other = Machine::new("Another");
    let foreign = other.declare("Foreign");
    let mut machine = Machine::new("A test");
    fail(&mut machine);
    refused(
        finish(machine, &foreign),
        "`Foreign` is where the machine starts, and no state of it: start at one that `Machine::state` returned\n\
         `Failed` is never reached: lead to it or leave it out",
    );
}

#[test]
fn a_state_of_the_same_name_of_another_machine_is_refused() {
    let mut other = Machine::new("Another");
    let foreign = other.state("Failed", pass(Transition::End));
    let mut machine = Machine::new("A test");
    fail(&mut machine);
    let start = machine.state("Start", pass(Transition::Next(foreign)));
    let problems = finish(machine, &start).expect_err("a state of another machine");
    assert!(
        problems.starts_with("`Start` leads to `Failed`, which is no state of this machine"),
        "{problems}"
    );
}

#[test]
fn a_state_that_is_declared_and_not_defined_is_refused() {
    let mut machine = Machine::new("A test");
    let later = machine.declare("Later");
    let start = machine.state("Start", pass(Transition::Next(later)));
    refused(
        finish(machine, &start),
        "`Later` is declared and never defined: define it with `Machine::state`\n\
         `Start` leads to `Later`, which is no state of this machine\n\
         `Start` is a dead end: no end of the machine can be reached from it",
    );
}

#[test]
fn an_unreachable_state_is_refused() {
    let mut machine = Machine::new("A test");
    let start = fail(&mut machine);
    machine.state("Alone", pass(Transition::End));
    refused(
        finish(machine, &start),
        "`Alone` is never reached: lead to it or leave it out",
    );
}

#[test]
fn a_loop_without_an_end_is_refused_and_one_with_an_end_is_not() {
    let mut machine = Machine::new("A test");
    let back = machine.declare("Back");
    let start = machine.state("Start", pass(Transition::Next(back)));
    machine.state("Back", pass(Transition::Next(start.clone())));
    refused(
        finish(machine, &start),
        "`Back` is a dead end: no end of the machine can be reached from it\n\
         `Start` is a dead end: no end of the machine can be reached from it",
    );

    let mut machine = Machine::new("A test");
    let failed = fail(&mut machine);
    let again = machine.declare("Again");
    let back = machine.state("Back", pass(Transition::Next(again)));
    let start = machine.state(
        "Again",
        LambdaInvoke {
            comment: String::new(),
            function: function(),
            timeout_seconds: 5,
            retry: Vec::new(),
            catch: vec![Catcher {
                error_equals: vec![ErrorName::All],
                result_path: Path::root().field("error"),
                next: failed,
            }],
            transition: Transition::Next(back),
        },
    );
    finish(machine, &start).expect("a loop that an error ends");
}

#[test]
fn a_name_for_two_states_or_for_none_is_refused() {
    let mut machine = Machine::new("A test");
    let start = fail(&mut machine);
    machine.state("Failed", pass(Transition::End));
    refused(
        finish(machine, &start),
        "`Failed` is a state twice: give one of the two another name",
    );

    let mut machine = Machine::new("A test");
    let start = machine.state(&"x".repeat(81), pass(Transition::End));
    let problems = finish(machine, &start).expect_err("a name of 81 characters");
    assert!(
        problems.ends_with(
            "is no name for a state: use 1 to 80 characters, none of them a control character"
        ),
        "{problems}"
    );
}

#[test]
fn a_catch_all_that_is_not_alone_and_last_is_refused() {
    let corrupt = ErrorName::from(FailureName::CorruptImage);
    let expected =
        "`Task` has a Catch with States.ALL beside or before others: it stands alone and last";
    refused(
        task(Vec::new(), vec![vec![ErrorName::All], vec![corrupt]]),
        expected,
    );
    refused(
        task(Vec::new(), vec![vec![corrupt, ErrorName::All]]),
        expected,
    );
    let expected =
        "`Task` has a Retry with States.ALL beside or before others: it stands alone and last";
    refused(
        task(
            vec![retrier(vec![ErrorName::All]), retrier(vec![corrupt])],
            Vec::new(),
        ),
        expected,
    );
    task(Vec::new(), vec![vec![corrupt], vec![ErrorName::All]]).expect("a catch-all at the end");
}

#[test]
fn errors_matched_twice_or_not_at_all_are_refused() {
    let corrupt = ErrorName::from(FailureName::CorruptImage);
    refused(
        task(Vec::new(), vec![vec![corrupt], vec![corrupt]]),
        "`Task` has a Catch that matches CorruptImage twice: only the first counts",
    );
    refused(
        task(vec![retrier(Vec::new())], Vec::new()),
        "`Task` has a Retry that matches no error: name one",
    );
}

#[test]
fn a_backoff_below_one_and_a_pause_of_nothing_are_refused() {
    for (rate, text) in [(0.5, "0.5"), (f64::NAN, "NaN"), (f64::INFINITY, "inf")] {
        let retrier = Retrier {
            backoff_rate: rate,
            ..retrier(vec![ErrorName::All])
        };
        refused(
            task(vec![retrier], Vec::new()),
            &format!("`Task` retries with a backoff rate of {text}: it is at least 1"),
        );
    }
    let retrier = Retrier {
        interval_seconds: 0,
        ..retrier(vec![ErrorName::All])
    };
    refused(
        task(vec![retrier], Vec::new()),
        "`Task` retries 3 times after 0 s: the pause is 1 to 99999999 s and the count at most 99999999",
    );
}

#[test]
fn paths_are_written_so_that_any_name_can_be_reached() {
    assert_eq!(Path::root().field("a").field("b_2").as_str(), "$.a.b_2");
    assert_eq!(Path::root().field("it's").as_str(), r"$['it\'s']");
    let payload = Payload::StringToJson(Path::root().field("Cause"));
    assert_eq!(payload.expression(), "States.StringToJson($.Cause)");
}
