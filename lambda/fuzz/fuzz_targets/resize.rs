//! Any file of any format, into up to three results with any options. The first [`HEAD`] bytes are the options.
#![no_main]

use lambda::engine::{Bounds, Fit, Format, Options, Output};
use lambda_fuzz::{judge_panics, limits, resized};
use libfuzzer_sys::arbitrary::{Arbitrary, Result, Unstructured};
use libfuzzer_sys::{Corpus, fuzz_target};

/// Enough for all that is asked for; a fixed number, so that a file behind it stays whole when they change.
const HEAD: usize = 32;

/// Largest side of a result: what is read is of interest here, and encoding takes longer.
const MAX_SIDE: u32 = 64;

fn output(from: &mut Unstructured<'_>) -> Result<Output> {
    Ok(Output {
        bounds: Bounds {
            max_width: from.int_in_range(1..=MAX_SIDE)?,
            max_height: from.int_in_range(1..=MAX_SIDE)?,
        },
        fit: *from.choose(&[Fit::Inside, Fit::Cover, Fit::Contain, Fit::Fill])?,
        format: Option::<u8>::arbitrary(from)?
            .map(|number| Format::WRITTEN[usize::from(number) % Format::WRITTEN.len()]),
        quality: from.int_in_range(1..=100)?,
        progressive: bool::arbitrary(from)?,
    })
}

fuzz_target!(init: judge_panics(), |input: &[u8]| -> Corpus {
    let Some((head, file)) = input.split_at_checked(HEAD) else {
        return Corpus::Reject;
    };
    let mut head = Unstructured::new(head);
    // What is not there is zero, so that the options never lack a byte.
    let options = Options {
        allow_truncated: bool::arbitrary(&mut head).unwrap_or_default(),
        limits: limits(),
    };
    let count = head.int_in_range(1..=3).unwrap_or(1);
    let outputs: Result<Vec<Output>> = (0..count).map(|_| output(&mut head)).collect();
    let Ok(outputs) = outputs else {
        return Corpus::Reject;
    };
    let _judged = resized(file, &outputs, &options);
    Corpus::Keep
});
