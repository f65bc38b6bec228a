//! The engine in a process of its own, for formats whose decoder can end the process it runs in.
//!
//! Whatever such a decoder does, the program that asked goes on and has an error to tell. The worker is the
//! same program, started anew for one file: it is given the file by a pipe, nothing of the program's environment,
//! where a function's credentials are, and neither more memory than its job's
//! [`Limits`](crate::engine::Limits) say nor more time than [`LONGEST`].

mod message;
mod work;

use std::io::{self, Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use crate::engine::{self, EngineError, Format, Options, Output, Resized};
use message::{Job, line};

/// The formats that have a worker. rav1d's functions call each other as those of C do: a panic in one of them
/// is not caught, but ends the process.
const APART: [Format; 1] = [Format::Avif];

/// The longest that a worker works: several times what 100 megapixels take on one processor, and short enough for
/// the function to read an image from a slow S3 before, and to say afterwards what became of it.
pub const LONGEST: Duration = Duration::from_secs(20);

/// Tells a worker that it is one.
const VARIABLE: &str = "RESIZE_WORKER";

/// Resizes as [`engine::resize`] does, and outlives every decoder.
#[derive(Debug, Clone)]
pub struct Resizer {
    program: Option<PathBuf>,
}

impl Resizer {
    /// What `main` begins with. In a worker it does the work, and ends the process.
    pub fn or_work() -> Self {
        if std::env::var_os(VARIABLE).is_some() {
            work::work();
        }
        Self {
            program: std::env::current_exe().ok(),
        }
    }

    /// Makes smaller images of one, which is decoded once for all of them.
    ///
    /// # Errors
    ///
    /// Each [`EngineError`].
    pub fn resize(
        &self,
        source: &[u8],
        outputs: &[Output],
        options: &Options,
    ) -> Result<Resized, EngineError> {
        let apart = Format::of(source).is_some_and(|format| APART.contains(&format));
        if apart {
            self.ask(source, outputs, options)
        } else {
            engine::resize(source, outputs, options)
        }
    }

    fn ask(
        &self,
        source: &[u8],
        outputs: &[Output],
        options: &Options,
    ) -> Result<Resized, EngineError> {
        let job = Job {
            outputs: outputs.to_vec(),
            options: *options,
        };
        let head = line(&job).map_err(EngineError::Worker)?;
        let mut worker = self.start().map_err(EngineError::Worker)?;
        let answer = talk(&mut worker, [&head, source], most_bytes(options));
        let status = worker.wait().map_err(EngineError::Worker)?;
        let answer = answer.map_err(EngineError::Worker)?;
        let answer = answer.ok_or_else(message::too_slow)?;
        message::understood(&answer, status)
    }

    fn start(&self) -> io::Result<Child> {
        let program = self.program.as_ref().ok_or(io::ErrorKind::NotFound)?;
        Command::new(program)
            .env_clear()
            .env(VARIABLE, "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // What there is to say is in the answer.
            .stderr(Stdio::null())
            .spawn()
    }
}

/// More than results have in any format, and what is said of them.
fn most_bytes(options: &Options) -> u64 {
    let files = options.limits.max_result_pixels.saturating_mul(8);
    files.saturating_add(1 << 20)
}

/// All that a worker answers, or nothing if it takes too long.
fn talk(worker: &mut Child, question: [&[u8]; 2], most_bytes: u64) -> io::Result<Option<Vec<u8>>> {
    let (Some(mut to), Some(from)) = (worker.stdin.take(), worker.stdout.take()) else {
        return Err(io::ErrorKind::BrokenPipe.into());
    };
    let (answered, answer) = mpsc::channel();
    thread::scope(|scope| {
        // It may answer, or end, before it has read everything: that is no error of the pipe's.
        scope.spawn(move || question.iter().try_for_each(|part| to.write_all(part)));
        scope.spawn(move || {
            let mut bytes = Vec::new();
            // Nobody waits for it any more when it comes too late.
            drop(answered.send(from.take(most_bytes).read_to_end(&mut bytes).map(|_| bytes)));
        });
        let answer = answer.recv_timeout(LONGEST);
        // It is at its end, or has had its time, or has closed its pipes and is of no more use. Without it the
        // threads end.
        drop(worker.kill());
        answer.ok().transpose()
    })
}
