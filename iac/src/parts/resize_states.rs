//! The states that resize an image, for every state machine that does.

use lambda::FailureName;

use crate::asl::{
    Catcher, ErrorName, Fail, JitterStrategy, LambdaInvoke, Machine, Pass, Path, Payload, Retrier,
    StateRef, Transition,
};
use crate::cfn::Handle;
use crate::resources::lambda::Function;
use crate::resources::stepfunctions::StateMachineType;

/// How often and how long something is tried again.
struct Patience {
    interval_seconds: u32,
    max_attempts: u32,
    backoff_rate: f64,
}

/// Adds a state that resizes the image its input names (`{bucket, key}`), tries again what is transient, and
/// ends with the image's own error otherwise. The function may run `timeout_seconds`. The kind of the
/// machine decides for how long is tried again: an Express execution ends after five minutes, whatever
/// it does.
pub fn resize_states(
    machine: &mut Machine,
    function: &Handle<Function>,
    timeout_seconds: u32,
    kind: StateMachineType,
) -> StateRef {
    let failed = machine.state(
        "ImageFailed",
        Fail {
            comment: "Ends with the error's own name and a sentence for people".to_owned(),
            error_path: Path::root().field("error"),
            cause_path: Path::root().field("cause").field("errorMessage"),
        },
    );
    let read = machine.state(
        "ReadFailure",
        Pass {
            comment: "Takes the function's message out of the JSON text that Lambda reports"
                .to_owned(),
            parameters: vec![
                (
                    "error".to_owned(),
                    Payload::Path(Path::root().field("Error")),
                ),
                (
                    "cause".to_owned(),
                    Payload::StringToJson(Path::root().field("Cause")),
                ),
            ],
            transition: Transition::Next(failed),
        },
    );
    machine.state(
        "ResizeImage",
        LambdaInvoke {
            comment: "Resizes the image; what it returns is the output of the execution".to_owned(),
            function: function.arn(),
            timeout_seconds: timeout_seconds + 30,
            retry: retry(kind),
            catch: vec![Catcher {
                error_equals: FailureName::ALL.map(ErrorName::from).to_vec(),
                // In place of the input, which need not be an object.
                result_path: Path::root(),
                next: read,
            }],
            transition: Transition::End,
        },
    )
}

fn retry(kind: StateMachineType) -> Vec<Retrier> {
    let transient = FailureName::ALL
        .into_iter()
        .filter(|name| name.is_transient());
    let errors = ErrorName::LAMBDA_TRANSIENT
        .into_iter()
        .chain(transient.map(ErrorName::from));
    match kind {
        StateMachineType::Standard => vec![retrier(
            errors.collect(),
            &Patience {
                interval_seconds: 2,
                max_attempts: 6,
                backoff_rate: 2.0,
            },
        )],
        // A throttled call returns at once, so that many fit in five minutes: the function has few
        // executions at once, and shares them with whoever else calls it. The others may take long to
        // fail.
        StateMachineType::Express => {
            let (throttled, others) =
                errors.partition(|error| *error == ErrorName::LambdaTooManyRequests);
            vec![
                retrier(
                    throttled,
                    &Patience {
                        interval_seconds: 2,
                        max_attempts: 9,
                        backoff_rate: 1.5,
                    },
                ),
                retrier(
                    others,
                    &Patience {
                        interval_seconds: 2,
                        max_attempts: 3,
                        backoff_rate: 2.0,
                    },
                ),
            ]
        }
    }
}

fn retrier(error_equals: Vec<ErrorName>, patience: &Patience) -> Retrier {
    Retrier {
        error_equals,
        interval_seconds: patience.interval_seconds,
        max_attempts: patience.max_attempts,
        backoff_rate: patience.backoff_rate,
        jitter_strategy: JitterStrategy::Full,
    }
}
