//! AVIF files; the seeds are `seeds/avif`.
//!
//! A panic in rav1d that cannot be caught ends the target, although the function outlives it: it is to be known.
#![no_main]

use lambda::engine::Format;
use lambda_fuzz::{judge_panics, whole_or_refused};
use libfuzzer_sys::{Corpus, fuzz_target};

fuzz_target!(init: judge_panics(), |file: &[u8]| -> Corpus {
    whole_or_refused(Format::Avif, file)
});
