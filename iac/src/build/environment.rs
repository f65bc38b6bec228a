//! What of the caller's environment would change the bytes.

/// Whether a variable chooses or configures a compiler.
///
/// Sources: <https://doc.rust-lang.org/cargo/reference/environment-variables.html>,
/// <https://docs.rs/cc/latest/cc/#external-configuration-via-environment-variables>
pub(super) fn changes_bytes(name: &str) -> bool {
    const COMPILERS: [&str; 9] = [
        "AR", "ARFLAGS", "CC", "CFLAGS", "CPPFLAGS", "CXX", "CXXFLAGS", "LDFLAGS", "RANLIB",
    ];
    if name == "CARGO_TARGET_DIR" {
        return false;
    }
    // `CC`, `CC_aarch64-unknown-linux-gnu` and `TARGET_CC`, but not `HOST_CC`: build scripts run here.
    let of_compiler = COMPILERS.iter().any(|compiler| {
        let rest = name
            .strip_prefix("TARGET_")
            .unwrap_or(name)
            .strip_prefix(compiler);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
    });
    let of_cargo = ["CARGO_PROFILE_", "CARGO_TARGET_", "CARGO_BUILD_"]
        .iter()
        .any(|prefix| name.starts_with(prefix) && !name.starts_with("CARGO_BUILD_JOBS"));
    let other = ["CARGO_ENCODED_RUSTFLAGS", "CARGO_INCREMENTAL", "RUSTFLAGS"].contains(&name);
    of_compiler || of_cargo || other
}

#[cfg(test)]
mod tests {
    use super::changes_bytes;

    #[test]
    fn compilers_are_chosen_here() {
        for name in [
            "RUSTFLAGS",
            "CARGO_ENCODED_RUSTFLAGS",
            "CARGO_BUILD_RUSTFLAGS",
            "CARGO_TARGET_AARCH64_UNKNOWN_LINUX_GNU_RUSTFLAGS",
            "CARGO_PROFILE_RELEASE_OPT_LEVEL",
            "CARGO_INCREMENTAL",
            "CFLAGS",
            "CFLAGS_aarch64_unknown_linux_gnu",
            "TARGET_CFLAGS",
            "CC",
        ] {
            assert!(changes_bytes(name), "{name}");
        }
        for name in [
            "PATH",
            "HOME",
            "CARGO_HOME",
            "CARGO_TARGET_DIR",
            "CARGO_BUILD_JOBS",
            "CARGO_NET_OFFLINE",
            "HOST_CC",
            "ARCH",
            "CCACHE_DIR",
        ] {
            assert!(!changes_bytes(name), "{name}");
        }
    }
}
