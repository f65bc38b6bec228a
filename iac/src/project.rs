//! The project around the current folder.

use std::path::{Path, PathBuf};

/// A path of the project that the current folder is in, so that a command works in any of its folders;
/// of the current folder where there is no project around it. Relative where it is below the current
/// folder, as people would write it.
#[must_use]
pub fn path(path: &str) -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    let root = here
        .ancestors()
        .find(|folder| folder.join("iac/Cargo.toml").is_file());
    let path = root.unwrap_or(&here).join(path);
    path.strip_prefix(&here)
        .map(Path::to_path_buf)
        .unwrap_or(path)
}
