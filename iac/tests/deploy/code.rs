//! Zips to deploy. Where nothing calls them, the functions in them are no more than a head.

use std::io::Write as _;
use std::path::Path;

use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const FUNCTIONS: [&str; 4] = [
    "resize-image",
    "presign-upload",
    "upload-image",
    "read-metadata",
];

/// A folder as `iac build` leaves it.
pub(crate) struct Code(TempDir);

impl Code {
    /// All functions for arm64. Another version is other bytes.
    pub(crate) fn of_version(version: u8) -> Self {
        let code = Self(TempDir::new().expect("a folder"));
        code.build(version);
        code
    }

    /// Builds all functions anew.
    pub(crate) fn build(&self, version: u8) {
        for name in FUNCTIONS {
            self.write("arm64", name, &program(183, version));
        }
    }

    /// A zip with an executable for a processor.
    pub(crate) fn write(&self, processor: &str, name: &str, executable: &[u8]) {
        let folder = self.0.path().join(processor);
        std::fs::create_dir_all(&folder).expect("made");
        let file = std::fs::File::create(folder.join(format!("{name}.zip"))).expect("a file");
        let mut zip = ZipWriter::new(file);
        let options = SimpleFileOptions::default().unix_permissions(0o755);
        zip.start_file("bootstrap", options).expect("begun");
        zip.write_all(executable).expect("written");
        zip.finish().expect("ended");
    }

    /// The bytes of a zip.
    pub(crate) fn zip(&self, name: &str) -> Vec<u8> {
        let path = self.0.path().join("arm64").join(format!("{name}.zip"));
        std::fs::read(path).expect("a zip")
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }
}

/// The head of a program for a machine, as ELF numbers it, and a byte that says which version it is.
pub(crate) fn program(machine: u8, version: u8) -> Vec<u8> {
    let mut head = vec![0; 100];
    head[..6].copy_from_slice(b"\x7fELF\x02\x01");
    (head[16], head[18], head[24], head[99]) = (3, machine, 1, version);
    head
}
