//! The images that `images/make.py` made, and the list of them.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::error::BenchError;

/// An image in the list.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Image {
    /// Its file's name.
    pub name: String,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// Of the file.
    pub bytes: u64,
    sha256: String,
}

/// The images of a folder.
#[derive(Debug)]
pub struct Images {
    folder: PathBuf,
    listed: List,
}

#[derive(Debug, Deserialize)]
struct List {
    images: Vec<Image>,
    photos: Vec<Image>,
}

impl Images {
    /// Reads the list.
    ///
    /// # Errors
    ///
    /// There is none, or it is not one.
    pub fn open(folder: &Path) -> Result<Self, BenchError> {
        let path = folder.join("images.json");
        let text = fs::read(&path).map_err(|source| BenchError::Read {
            path: path.clone(),
            source,
        })?;
        let listed =
            serde_json::from_slice(&text).map_err(|source| BenchError::List { path, source })?;
        Ok(Self {
            folder: folder.to_owned(),
            listed,
        })
    }

    /// An image by its file's name, whose bytes are those of the list.
    ///
    /// # Errors
    ///
    /// There is none, or it was changed.
    pub fn image(&self, name: &str) -> Result<(&Image, PathBuf), BenchError> {
        let path = self.folder.join("images").join(name);
        let image = self.listed.images.iter().find(|image| image.name == name);
        let Some(image) = image else {
            let source = std::io::ErrorKind::NotFound.into();
            return Err(BenchError::Read { path, source });
        };
        self.checked(image, path)
    }

    /// The photographs as they were published, in the order of their names.
    pub fn photos(&self) -> &[Image] {
        &self.listed.photos
    }

    /// A photograph's file, whose bytes are those of the list.
    ///
    /// # Errors
    ///
    /// It is missing, or was changed.
    pub fn photo<'a>(&self, photo: &'a Image) -> Result<(&'a Image, PathBuf), BenchError> {
        let path = self
            .folder
            .join("photos")
            .join(format!("{}.jpg", photo.name));
        self.checked(photo, path)
    }

    fn checked<'a>(
        &self,
        image: &'a Image,
        path: PathBuf,
    ) -> Result<(&'a Image, PathBuf), BenchError> {
        let bytes = fs::read(&path).map_err(|source| BenchError::Read {
            path: path.clone(),
            source,
        })?;
        let mut found = String::new();
        for byte in Sha256::digest(&bytes) {
            // Writing into a string does not fail.
            let _ = write!(found, "{byte:02x}");
        }
        if found == image.sha256 {
            return Ok((image, path));
        }
        Err(BenchError::Changed {
            path,
            found,
            listed: image.sha256.clone(),
            list: self.folder.join("images.json"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_that_changed_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let images = folder.path().join("images");
        fs::create_dir(&images).expect("a folder");
        fs::write(images.join("a.jpg"), "abc").expect("a file");
        fs::write(images.join("b.jpg"), "abd").expect("a file");
        let sum = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let image = |name| {
            format!(r#"{{"name":"{name}","width":1,"height":1,"bytes":3,"sha256":"{sum}"}}"#)
        };
        let list = format!(
            r#"{{"images":[{},{}],"photos":[]}}"#,
            image("a.jpg"),
            image("b.jpg")
        );
        fs::write(folder.path().join("images.json"), list).expect("a file");

        let images = Images::open(folder.path()).expect("a list");
        assert_eq!(images.image("a.jpg").expect("unchanged").0.bytes, 3);
        let changed = images.image("b.jpg").expect_err("changed");
        assert!(matches!(changed, BenchError::Changed { .. }), "{changed}");
        assert!(matches!(
            images.image("c.jpg"),
            Err(BenchError::Read { .. })
        ));
    }
}
