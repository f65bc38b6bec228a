//! The zip's bytes.

use std::io::{Cursor, Write as _};

use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// A zip with one executable file `bootstrap`, which is what the runtime `provided.al2023` starts.
/// Time, mode and compression are fixed, so that the same executable gives the same bytes.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-provided.html>
pub(super) fn zip(executable: &[u8]) -> Result<Vec<u8>, ZipError> {
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(6))
        .last_modified_time(DateTime::default())
        .unix_permissions(0o755);
    let mut writer = ZipWriter::new(Cursor::new(Vec::with_capacity(executable.len() / 2)));
    writer.start_file("bootstrap", options)?;
    writer.write_all(executable)?;
    Ok(writer.finish()?.into_inner())
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read as _};

    use super::zip;

    #[test]
    fn holds_one_executable_file_of_1980() {
        let bytes = zip(b"\x7fELF and so on").expect("written");
        let mut archive = zip::ZipArchive::new(Cursor::new(&bytes)).expect("a zip");
        assert_eq!(archive.len(), 1);
        let mut file = archive.by_index(0).expect("a file");
        assert_eq!(
            (file.name(), file.unix_mode()),
            ("bootstrap", Some(0o100_755))
        );
        assert_eq!(
            file.last_modified().map(|time| time.to_string()).as_deref(),
            Some("1980-01-01 00:00:00")
        );
        let mut content = Vec::new();
        file.read_to_end(&mut content).expect("read");
        assert_eq!(content, b"\x7fELF and so on");
    }

    #[test]
    fn is_the_same_every_time() {
        assert_eq!(zip(b"abc").expect("written"), zip(b"abc").expect("written"));
    }
}
