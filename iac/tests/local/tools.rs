//! What the tests of `iac local` need: where things are.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The root of the checkout.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Python with MiniStack: `IAC_LOCAL_PYTHON`, or the one that the Makefile makes.
pub(crate) fn python() -> Result<PathBuf, String> {
    let path = std::env::var_os("IAC_LOCAL_PYTHON")
        .map_or_else(|| root().join(".venv/bin/python"), PathBuf::from);
    let has_engine = Command::new(&path)
        .args(["-I", "-c", "import ministack"])
        .output()
        .is_ok_and(|output| output.status.success());
    if has_engine {
        Ok(path)
    } else {
        Err(format!(
            "{} has no ministack; `make .venv/engine` installs it",
            path.display()
        ))
    }
}

/// The folder of all functions' executables: `IAC_FUNCTIONS`, or the build that was made last.
pub(crate) fn functions() -> Result<PathBuf, String> {
    let names = [
        "presign-upload",
        "read-metadata",
        "resize-image",
        "upload-image",
    ];
    let built = |folder: &PathBuf| {
        let times = names.map(|name| std::fs::metadata(folder.join(name)).ok()?.modified().ok());
        times.into_iter().min().flatten()
    };
    let given = std::env::var_os("IAC_FUNCTIONS").map(PathBuf::from);
    let folders = match given {
        Some(folder) => vec![folder],
        None => ["debug", "release"]
            .map(|profile| root().join("target").join(profile))
            .to_vec(),
    };
    let found = folders.into_iter().filter(|folder| built(folder).is_some());
    found.max_by_key(built).ok_or_else(|| {
        format!(
            "the functions are not built; `cargo build -p lambda --bins` builds {}",
            names.join(", ")
        )
    })
}

/// The real function that every stack has: `RESIZE_IMAGE_BOOTSTRAP`, or the build that was made last.
pub(crate) fn bootstrap() -> Result<PathBuf, String> {
    match std::env::var_os("RESIZE_IMAGE_BOOTSTRAP") {
        Some(path) => Ok(path.into()),
        None => functions().map(|folder| folder.join("resize-image")),
    }
}
