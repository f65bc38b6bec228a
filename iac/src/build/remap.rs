//! What stands in an executable in place of this machine's paths: panics say where they come from.

use std::path::Path;

use super::cargo::{Packages, Rust};

/// Prefixes of paths and what stands in their place. Where several fit, the last one counts.
///
/// Source: <https://doc.rust-lang.org/rustc/remap-source-paths.html>
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Remap(Vec<(String, String)>);

impl Remap {
    /// The checkout, what is built in it, each folder that dependencies are in, and the standard library's
    /// source, which the compiler names by its own folder where that is installed.
    pub(super) fn new(packages: &Packages, rust: &Rust) -> Self {
        let text = |path: &Path| path.to_string_lossy().into_owned();
        let mut pairs = vec![
            (text(&packages.workspace_root), ".".to_owned()),
            (text(&packages.target_directory), "target".to_owned()),
        ];
        let registries = packages.registries.iter();
        pairs.extend(registries.map(|folder| (text(folder), "/registry".to_owned())));
        pairs.push((
            text(&rust.sysroot.join("lib/rustlib/src/rust")),
            format!("/rustc/{}", rust.commit),
        ));
        Self(pairs)
    }

    /// For rustc, as `CARGO_ENCODED_RUSTFLAGS` takes it.
    pub(super) fn rust_flags(&self) -> String {
        let flags = self.0.iter();
        let flags: Vec<_> = flags
            .map(|(from, to)| format!("--remap-path-prefix={from}={to}"))
            .collect();
        flags.join("\u{1f}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_more_particular_comes_later() {
        let packages = Packages {
            workspace_root: "/home/me/my project".into(),
            target_directory: "/home/me/my project/target".into(),
            registries: ["/home/me/.cargo/registry/src/index".into(), "/v".into()].into(),
        };
        let rust = Rust {
            version: "1.95.0".to_owned(),
            commit: "abc".to_owned(),
            sysroot: "/rust".into(),
        };
        let expected = [
            "--remap-path-prefix=/home/me/my project=.",
            "--remap-path-prefix=/home/me/my project/target=target",
            "--remap-path-prefix=/home/me/.cargo/registry/src/index=/registry",
            "--remap-path-prefix=/v=/registry",
            "--remap-path-prefix=/rust/lib/rustlib/src/rust=/rustc/abc",
        ];
        let flags = Remap::new(&packages, &rust).rust_flags();
        assert_eq!(flags.split('\u{1f}').collect::<Vec<_>>(), expected);
    }
}
