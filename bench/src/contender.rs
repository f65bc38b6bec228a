//! The programs that are compared, each in a process of its own.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::{Deserialize, Serialize};

use crate::error::BenchError;

/// Who is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Contender {
    /// Ours.
    Engine,
    /// The one of npm, on libvips.
    Sharp,
    /// The one of Python.
    Pillow,
}

impl Contender {
    /// All, in the order of the table.
    pub const ALL: [Self; 3] = [Self::Engine, Self::Sharp, Self::Pillow];

    /// In the table.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Engine => "engine",
            Self::Sharp => "sharp",
            Self::Pillow => "Pillow",
        }
    }
}

/// What a worker answers.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Sample {
    /// The program's version.
    pub version: String,
    /// What it stands on.
    pub library: String,
    /// CPU milliseconds of each image, of a worker that repeats.
    #[serde(default)]
    pub cpu_ms: Vec<f64>,
    /// The most memory the process had, in KiB, where the system tells.
    pub peak_kib: Option<u64>,
    /// Size of the result in bytes, of a worker that handled one image.
    #[serde(default)]
    pub bytes: u64,
    /// Why there is no result.
    #[serde(default)]
    pub refused: Option<String>,
}

/// Where the programs are.
#[derive(Debug, Clone)]
pub struct Workers {
    ours: PathBuf,
    folder: PathBuf,
    scripts: PathBuf,
}

impl Workers {
    /// The peers as `make bench` installs them in a folder, and this executable.
    ///
    /// # Errors
    ///
    /// The system does not tell where this executable is.
    pub fn new(folder: &Path) -> Result<Self, BenchError> {
        let ours = std::env::current_exe().map_err(|source| BenchError::Start {
            program: "bench worker".to_owned(),
            source,
        })?;
        let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers");
        Ok(Self {
            ours,
            folder: folder.to_owned(),
            scripts,
        })
    }

    /// The program's process before any image.
    ///
    /// # Errors
    ///
    /// The program does not run.
    pub fn idle(&self, who: Contender) -> Result<Sample, BenchError> {
        self.run(who, &["idle".into()])
    }

    /// One image, and where its result goes.
    ///
    /// # Errors
    ///
    /// The program does not run.
    pub fn once(
        &self,
        who: Contender,
        file: &Path,
        out: Option<&Path>,
    ) -> Result<Sample, BenchError> {
        let mut arguments = vec!["once".into(), file.into()];
        arguments.extend(out.map(OsString::from));
        self.run(who, &arguments)
    }

    /// One image again and again.
    ///
    /// # Errors
    ///
    /// The program does not run.
    pub fn repeat(
        &self,
        who: Contender,
        file: &Path,
        seconds: f64,
        least: usize,
    ) -> Result<Sample, BenchError> {
        let numbers = [seconds.to_string().into(), least.to_string().into()];
        let mut arguments = vec!["repeat".into(), file.into()];
        arguments.extend(numbers);
        self.run(who, &arguments)
    }

    fn run(&self, who: Contender, arguments: &[OsString]) -> Result<Sample, BenchError> {
        let mut command = match who {
            Contender::Engine => {
                let mut command = Command::new(&self.ours);
                command.arg("worker");
                command
            }
            Contender::Sharp => {
                let mut command = Command::new("node");
                command.arg(self.scripts.join("sharp.mjs"));
                command.arg(self.folder.join("node/node_modules"));
                command
            }
            Contender::Pillow => {
                let mut command = Command::new(self.folder.join("venv/bin/python"));
                command.arg(self.scripts.join("pillow.py"));
                command
            }
        };
        command.args(arguments);
        let program = format!("{command:?}");
        let output = command.output().map_err(|source| BenchError::Start {
            program: program.clone(),
            source,
        })?;
        if !output.status.success() {
            let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
            let said = if said.is_empty() {
                output.status.to_string()
            } else {
                said
            };
            return Err(BenchError::Failed { program, said });
        }
        serde_json::from_slice(&output.stdout).map_err(|source| BenchError::Answer {
            program,
            said: String::from_utf8_lossy(&output.stdout).into_owned(),
            source,
        })
    }
}
