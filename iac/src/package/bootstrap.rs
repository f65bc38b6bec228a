//! The executable that becomes `bootstrap`.

use std::fmt;
use std::io::ErrorKind;
use std::path::Path;

use super::PackageError;
use crate::resources::lambda::Architecture;

impl Architecture {
    /// The machine this program runs on, if Lambda has it too.
    pub fn of_this_machine() -> Option<Self> {
        match std::env::consts::ARCH {
            "aarch64" => Some(Self::Arm64),
            "x86_64" => Some(Self::X86_64),
            _ => None,
        }
    }
}

impl fmt::Display for Architecture {
    /// CloudFormation's name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Arm64 => "arm64",
            Self::X86_64 => "x86_64",
        })
    }
}

pub(super) fn read(path: &Path) -> Result<Vec<u8>, PackageError> {
    let failed = |source: std::io::Error| match source.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => PackageError::Missing(path.to_owned()),
        _ => PackageError::Read {
            path: path.to_owned(),
            source,
        },
    };
    if !std::fs::metadata(path).map_err(failed)?.is_file() {
        return Err(PackageError::NotAFile(path.to_owned()));
    }
    std::fs::read(path).map_err(failed)
}

/// Reads the ELF header: magic, 64 bits, little endian, a program and not a library of functions, and
/// the machine.
///
/// Source: <https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html>
pub(super) fn check(path: &Path, executable: &[u8]) -> Result<Architecture, PackageError> {
    let refuse = |problem| PackageError::NotExecutable {
        path: path.to_owned(),
        problem,
    };
    let Some(header) = executable
        .first_chunk::<64>()
        .filter(|header| header.starts_with(b"\x7fELF"))
    else {
        return Err(refuse(
            "it is no ELF file (a script, or a program of another system)",
        ));
    };
    if (header[4], header[5]) != (2, 1) {
        return Err(refuse("it is not a 64-bit little-endian ELF file"));
    }
    // 2: fixed address, 3: position independent. 1 is an object file, 4 a core dump.
    if !matches!(u16::from_le_bytes([header[16], header[17]]), 2 | 3) {
        return Err(refuse("it is an ELF file but no program"));
    }
    // A shared library has the type of a position-independent program, but no entry point.
    if header[24..32] == [0; 8] {
        return Err(refuse("it is a shared library: it has no entry point"));
    }
    match u16::from_le_bytes([header[18], header[19]]) {
        62 => Ok(Architecture::X86_64),
        183 => Ok(Architecture::Arm64),
        _ => Err(refuse("Lambda has no machine of its architecture")),
    }
}

/// The newest glibc that an executable names, as the number behind `2.`.
pub(super) fn glibc_minor(executable: &[u8]) -> Option<u32> {
    const NAME: &[u8] = b"GLIBC_2.";
    let minor = |text: &[u8]| {
        let digits = text.iter().take_while(|byte| byte.is_ascii_digit());
        digits.fold(0_u32, |minor, digit| {
            minor
                .saturating_mul(10)
                .saturating_add(u32::from(digit - b'0'))
        })
    };
    let names = executable.windows(NAME.len()).enumerate();
    let names = names.filter(|(_, window)| *window == NAME);
    names
        .map(|(at, _)| minor(&executable[at + NAME.len()..]))
        .max()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::{Package, PackageError};
    use super::{check, glibc_minor};
    use crate::resources::lambda::Architecture;

    fn header(class: u8, kind: u8, machine: u8, entry: u8) -> Vec<u8> {
        let mut header = vec![0; 64];
        header[..6].copy_from_slice(&[0x7f, b'E', b'L', b'F', class, 1]);
        (header[16], header[18], header[24]) = (kind, machine, entry);
        header
    }

    #[test]
    fn tells_the_architecture() {
        for (machine, expected) in [(62, Architecture::X86_64), (183, Architecture::Arm64)] {
            assert_eq!(
                check(Path::new("x"), &header(2, 3, machine, 1)).expect("a program"),
                expected
            );
        }
    }

    #[test]
    fn tells_the_newest_glibc() {
        assert_eq!(glibc_minor(b""), None);
        assert_eq!(glibc_minor(b"GLIBC_2."), Some(0));
        let text = b"x\0GLIBC_2.17\0GLIBC_2.34\0GLIBC_2.4\0GLIBC_PRIVATE\0GLIBC_2.2.5\0";
        assert_eq!(glibc_minor(text), Some(34));
    }

    #[test]
    fn refuses_what_is_no_program() {
        for bytes in [
            b"#!/bin/sh\n".to_vec(),
            b"\x7fELF".to_vec(),
            Vec::new(),
            header(1, 2, 62, 1),
            header(2, 1, 62, 1),
            header(2, 3, 62, 0),
            header(2, 3, 8, 1),
        ] {
            assert!(check(Path::new("x"), &bytes).is_err(), "{bytes:?}");
        }
    }

    #[test]
    fn a_missing_file_says_how_to_build_it() {
        let error = Package::from_executable(Path::new("/nowhere/resize-image"), None)
            .expect_err("missing");
        assert!(
            error
                .to_string()
                .contains("cargo build -p lambda --release"),
            "{error}"
        );
    }

    #[test]
    fn refuses_a_directory_and_another_architecture() {
        let error = Package::from_executable(Path::new("/"), None).expect_err("a directory");
        assert!(matches!(error, PackageError::NotAFile(_)));
        let file = tempfile::NamedTempFile::new().expect("a file");
        std::fs::write(file.path(), header(2, 3, 183, 1)).expect("written");
        let error =
            Package::from_executable(file.path(), Some(Architecture::X86_64)).expect_err("refused");
        assert!(
            error
                .to_string()
                .contains("runs on arm64, but x86_64 is needed"),
            "{error}"
        );
    }
}
