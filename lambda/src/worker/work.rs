//! What a worker does.

use std::io::{self, Read as _, Write as _};
use std::mem;
use std::process;

use super::message::{Answer, Job, line};
use crate::causes::panic_text;
use crate::engine;

/// Does the job on standard input and ends the process. Without an answer, the one who asked sees how it ended.
pub(super) fn work() -> ! {
    std::panic::set_hook(Box::new(|panic| {
        let text = panic_text(panic.payload()).to_owned();
        // Some panics end the process: this is the last that is heard of it.
        drop(say(&Answer::Panicked(text), &[]));
    }));
    process::exit(i32::from(answer().is_err()))
}

fn answer() -> io::Result<()> {
    let mut question = Vec::new();
    io::stdin().read_to_end(&mut question)?;
    let (job, source) = Job::read(&question)?;
    restrict(&job, source.len() as u64)?;
    match engine::resize(source, &job.outputs, &job.options) {
        Ok(mut resized) => {
            let files = resized.results.iter_mut();
            let files: Vec<_> = files.map(|it| mem::take(&mut it.bytes)).collect();
            let lengths = files.iter().map(Vec::len).collect();
            say(&Answer::Done { resized, lengths }, &files)
        }
        Err(error) => say(&Answer::Refused(error.into()), &[]),
    }
}

fn say(answer: &Answer, files: &[Vec<u8>]) -> io::Result<()> {
    let mut to = io::stdout().lock();
    to.write_all(&line(answer)?)?;
    files.iter().try_for_each(|file| to.write_all(file))?;
    to.flush()
}

/// Takes no more memory and no more time than the job may, and writes no core file, in which the picture would be.
///
/// Source: <https://man7.org/linux/man-pages/man2/setrlimit.2.html>
#[cfg(target_os = "linux")]
fn restrict(job: &Job, source_bytes: u64) -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    use super::LONGEST;
    use crate::engine::Output;

    /// For the program, its stack, and what decoders have in tables.
    const OWN_BYTES: u64 = 128 << 20;
    /// For a pixel of a result, from its canvas to its file.
    const RESULT_BYTES: u64 = 12;

    let at_most = |resource, value: u64| {
        // What it was started under stays.
        let maximum = getrlimit(resource).maximum.unwrap_or(u64::MAX);
        let value = Some(value.min(maximum));
        let limit = Rlimit {
            current: value,
            maximum: value,
        };
        setrlimit(resource, limit)
    };
    // Half as much again is what a decoded picture may peak at.
    let limits = &job.options.limits;
    let decoded = limits.max_decoded_bytes.saturating_mul(3) / 2;
    let pixels =
        |output: &Output| u64::from(output.bounds.max_width) * u64::from(output.bounds.max_height);
    let results = job.outputs.iter().map(pixels).fold(0, u64::saturating_add);
    let results = results.min(limits.max_result_pixels);
    let all = decoded
        .saturating_add(results.saturating_mul(RESULT_BYTES))
        .saturating_add(source_bytes.saturating_mul(2))
        .saturating_add(OWN_BYTES);
    at_most(Resource::Core, 0)?;
    // Should nobody be left who ends it.
    at_most(Resource::Cpu, LONGEST.as_secs())?;
    at_most(Resource::As, all)?;
    Ok(())
}

/// Only Linux counts a process's memory as the limit does.
#[cfg(not(target_os = "linux"))]
fn restrict(_: &Job, _: u64) -> io::Result<()> {
    Ok(())
}
