//! The folder `generated/`: what is in it, and what should be.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::artifacts::Artifact;
use crate::file_error::FileError;
use crate::project;

/// A folder of generated files.
#[derive(Debug, Clone)]
pub struct Generated {
    folder: PathBuf,
}

/// How a file compares with what the code says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It is what the code says.
    Unchanged,
    /// It was written.
    Written,
    /// It is not there.
    Missing,
    /// It is something else.
    Different,
}

/// A file compared with what the code says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// Its path under the folder, with `/` between folders.
    pub path: String,
    /// How it compares.
    pub status: Status,
    /// The size in bytes that the code says.
    pub bytes: usize,
    /// From what it is to what the code says, as a unified diff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diff: Option<String>,
}

impl Generated {
    /// A folder, or `generated/` of the project around the current folder.
    #[must_use]
    pub fn at(folder: Option<PathBuf>) -> Self {
        Self {
            folder: folder.unwrap_or_else(|| project::path("generated")),
        }
    }

    /// Where a path under the folder is.
    #[must_use]
    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.join(path)
    }

    /// Compares a file and writes nothing.
    ///
    /// # Errors
    /// A file that is there and cannot be read.
    pub fn check(&self, artifact: &Artifact) -> Result<Comparison, FileError> {
        let current = self.read(artifact)?;
        let (status, diff) = match current {
            Some(bytes) if bytes == artifact.content.as_bytes() => (Status::Unchanged, None),
            Some(bytes) => {
                let old = String::from_utf8_lossy(&bytes);
                (Status::Different, Some(unified(artifact, &old)))
            }
            None => (Status::Missing, Some(unified(artifact, ""))),
        };
        Ok(comparison(artifact, status, diff))
    }

    /// Writes a file where it is not what the code says.
    ///
    /// # Errors
    /// A file that cannot be read or written.
    pub fn write(&self, artifact: &Artifact) -> Result<Comparison, FileError> {
        if self.read(artifact)?.as_deref() == Some(artifact.content.as_bytes()) {
            return Ok(comparison(artifact, Status::Unchanged, None));
        }
        replace(&self.path(&artifact.path), &artifact.content)?;
        Ok(comparison(artifact, Status::Written, None))
    }

    /// The files, in the whole folder or in some folders of it, that are not among those expected.
    ///
    /// # Errors
    /// A folder that cannot be read.
    pub fn unexpected(
        &self,
        folders: &[&str],
        expected: &BTreeSet<String>,
    ) -> Result<Vec<String>, FileError> {
        let mut found = Vec::new();
        let mut queue: Vec<PathBuf> = folders
            .iter()
            .map(|folder| self.folder.join(folder))
            .collect();
        if queue.is_empty() {
            queue.push(self.folder.clone());
        }
        while let Some(path) = queue.pop() {
            let failed = |source| FileError::Read {
                path: path.clone(),
                source,
            };
            let entries = match fs::read_dir(&path) {
                Ok(entries) => entries,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(source) => return Err(failed(source)),
            };
            for entry in entries {
                let entry = entry.map_err(failed)?;
                if entry.file_type().map_err(failed)?.is_dir() {
                    queue.push(entry.path());
                    continue;
                }
                let inner = entry.path();
                let relative = inner.strip_prefix(&self.folder).unwrap_or(&inner);
                let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
                found.push(parts.join("/"));
            }
        }
        found.retain(|path| !expected.contains(path));
        // The order in which a file system lists a folder is its own affair.
        found.sort();
        Ok(found)
    }

    fn read(&self, artifact: &Artifact) -> Result<Option<Vec<u8>>, FileError> {
        let path = self.path(&artifact.path);
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(FileError::Read { path, source }),
        }
    }
}

fn comparison(artifact: &Artifact, status: Status, diff: Option<String>) -> Comparison {
    Comparison {
        path: artifact.path.clone(),
        status,
        bytes: artifact.content.len(),
        diff,
    }
}

fn unified(artifact: &Artifact, old: &str) -> String {
    let path = &artifact.path;
    similar::TextDiff::from_lines(old, &artifact.content)
        .unified_diff()
        .context_radius(3)
        .header(
            &format!("generated/{path} (as it is)"),
            &format!("generated/{path} (as the code says)"),
        )
        .to_string()
}

/// Writes beside the file and renames, so that nobody ever reads half a template.
fn replace(path: &Path, content: &str) -> Result<(), FileError> {
    let failed = |source| FileError::Write {
        path: path.to_path_buf(),
        source,
    };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(failed)?;
    }
    let mut temporary = path.as_os_str().to_owned();
    // Of this process: two that write at once must not take each other's.
    temporary.push(format!(".{}.new", std::process::id()));
    let temporary = PathBuf::from(temporary);
    fs::write(&temporary, content)
        .and_then(|()| fs::rename(&temporary, path))
        .map_err(|source| {
            // The first error is the one to tell; what is left of the temporary file is of no use.
            let _ = fs::remove_file(&temporary);
            failed(source)
        })
}
