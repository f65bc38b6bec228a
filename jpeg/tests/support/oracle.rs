//! libjpeg, as a C program that the tests build (`oracle.c`).
#![allow(
    dead_code,
    clippy::allow_attributes,
    reason = "each test crate uses its own part of this module"
)]
#![expect(clippy::cast_sign_loss, reason = "numbers of blocks")]

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// A component as libjpeg sees it.
#[derive(Debug, PartialEq)]
pub(crate) struct Component {
    pub(crate) blocks: (usize, usize),
    pub(crate) warned: bool,
    pub(crate) factors: Vec<f64>,
    pub(crate) coefficients: Vec<i16>,
}

pub(crate) struct Oracle {
    program: PathBuf,
    _folder: tempfile::TempDir,
}

impl Oracle {
    /// Builds the program. Without libjpeg's header there is none.
    fn build() -> Option<Self> {
        let folder = tempfile::tempdir().expect("a folder");
        let program = folder.path().join("oracle");
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/oracle.c");
        let built = Command::new("cc")
            .args(["-O1", source, "-ljpeg", "-o"])
            .arg(&program)
            .output();
        match built {
            Ok(output) if output.status.success() => Some(Self {
                program,
                _folder: folder,
            }),
            Ok(output) => {
                let message = String::from_utf8_lossy(&output.stderr);
                assert!(message.contains("jpeglib.h"), "{message}");
                None
            }
            Err(_) => None,
        }
    }

    /// None if libjpeg refuses the file.
    pub(crate) fn run(&self, arguments: &[&str], file: &[u8]) -> Option<Vec<u8>> {
        let mut child = Command::new(&self.program)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the oracle");
        let mut stdin = child.stdin.take().expect("a pipe");
        let file = file.to_vec();
        let writer = std::thread::spawn(move || {
            // It need not read all.
            let _ = stdin.write_all(&file);
        });
        let output = child.wait_with_output().expect("the oracle's output");
        writer.join().expect("the writer");
        output.status.success().then_some(output.stdout)
    }

    pub(crate) fn coefficients(&self, file: &[u8]) -> Option<Vec<Component>> {
        let bytes = self.run(&["coefficients"], file)?;
        let mut numbers = bytes
            .as_chunks::<2>()
            .0
            .iter()
            .map(|b| i16::from_ne_bytes(*b));
        let mut components = Vec::new();
        while let Some(across) = numbers.next() {
            let mut next = || numbers.next().expect("a number");
            let (down, warnings, _) = (next(), next(), next());
            let blocks = (usize::from(across as u16), usize::from(down as u16));
            components.push(Component {
                blocks,
                warned: warnings != 0,
                factors: (0..64).map(|_| f64::from(next() as u16)).collect(),
                coefficients: (0..blocks.0 * blocks.1 * 64).map(|_| next()).collect(),
            });
        }
        Some(components)
    }
}

/// The program, or a line that says why there is none.
pub(crate) fn oracle() -> Option<Oracle> {
    let oracle = Oracle::build();
    if oracle.is_none() {
        println!(
            "SKIPPED: comparison with libjpeg: there is no jpeglib.h (libjpeg-dev has it) or no cc"
        );
    }
    oracle
}
