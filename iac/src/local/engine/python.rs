//! The Python that runs `MiniStack`.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;

use super::{EngineError, MINISTACK_VERSION};

/// Python tells a package's version in a tenth of a second.
const LIMIT: Duration = Duration::from_secs(20);

const VERSION_SCRIPT: &str = "
import importlib.metadata as metadata
try:
    print(metadata.version('ministack'))
except metadata.PackageNotFoundError:
    print('none')
";

/// Makes sure that the interpreter at `path` has the tested `MiniStack`, and gives its absolute path.
/// Symbolic links stay: a virtual environment's `python` is one, and finds its packages by its own place.
pub(super) async fn find(path: &Path) -> Result<PathBuf, EngineError> {
    let python = std::path::absolute(path).map_err(EngineError::Directory)?;
    let answer = Command::new(&python)
        .args(["-I", "-c", VERSION_SCRIPT])
        .env_clear()
        .stdin(Stdio::null())
        // Whatever it is that --python names may never end: an interruption and the limit end it.
        .kill_on_drop(true)
        .output();
    let output = tokio::time::timeout(LIMIT, answer)
        .await
        .map_err(|_| EngineError::PythonHangs {
            path: path.to_owned(),
            seconds: LIMIT.as_secs(),
        })?
        .map_err(|source| match source.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => {
                EngineError::NoPython(path.to_owned())
            }
            _ => EngineError::Python {
                path: path.to_owned(),
                source,
            },
        })?;
    if !output.status.success() {
        let source =
            std::io::Error::other(String::from_utf8_lossy(&output.stderr).trim().to_owned());
        return Err(EngineError::Python {
            path: path.to_owned(),
            source,
        });
    }
    match String::from_utf8_lossy(&output.stdout).trim() {
        MINISTACK_VERSION => Ok(python),
        "none" => Err(EngineError::NoMiniStack(path.to_owned())),
        other => Err(EngineError::WrongVersion {
            path: path.to_owned(),
            found: other.to_owned(),
        }),
    }
}
