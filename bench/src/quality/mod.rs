//! How near a small picture is to what it should be: the large one resized in floats.

mod lanczos;
mod luma;
mod psnr;
mod ssim;

use std::path::Path;

use serde::Serialize;

use crate::error::BenchError;
pub use luma::Luma;

/// How near a result is to the reference, and its size.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Quality {
    /// Peak signal to noise of the lightness, in decibels, to the hundredth.
    pub psnr_y: f64,
    /// Structural similarity of the lightness, to the ten-thousandth; 1 is the same.
    pub ssim_y: f64,
    /// Bytes of the file.
    pub bytes: u64,
}

/// The lightness of a photograph, resized in floats to the size that every program gives it.
///
/// # Errors
///
/// The photograph cannot be decoded.
pub fn reference(photo: &Path) -> Result<Luma, BenchError> {
    let full = Luma::of_jpeg(photo)?;
    let (width, height) = lambda::engine::Bounds::default().fit(full.width, full.height);
    Ok(lanczos::resized(&full, width, height))
}

/// How near a result's file is to the reference; nothing if its size is another.
///
/// # Errors
///
/// The result cannot be decoded.
pub fn judge(reference: &Luma, result: &Path, bytes: u64) -> Result<Option<Quality>, BenchError> {
    let decoded = Luma::of_jpeg(result)?;
    if (decoded.width, decoded.height) != (reference.width, reference.height) {
        return Ok(None);
    }
    // As they are printed, so that no verdict hangs on a digit that nobody sees.
    let rounded = |value: f64, unit: f64| (value * unit).round() / unit;
    Ok(Some(Quality {
        psnr_y: rounded(psnr::psnr(reference, &decoded), 1e2),
        ssim_y: rounded(ssim::ssim(reference, &decoded), 1e4),
        bytes,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photograph_is_like_its_own_reference_and_unlike_another_size() {
        let photo = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/raccoon.jpg"));
        let reference = reference(photo).expect("a photograph");
        assert_eq!((reference.width, reference.height), (720, 540));
        assert_eq!(judge(&reference, photo, 1).expect("a photograph"), None);

        let folder = tempfile::tempdir().expect("a folder");
        let small = folder.path().join("small.jpg");
        let source = std::fs::read(photo).expect("a file");
        let (output, options) = Default::default();
        let made = lambda::engine::resize(&source, &[output], &options).expect("a photograph");
        std::fs::write(&small, &made.results[0].bytes).expect("a file");
        let quality = judge(&reference, &small, 1)
            .expect("decodes")
            .expect("one size");
        // Quality 80 of a sharp photograph; any slip in position or scale costs 10 dB.
        assert!((30.0..45.0).contains(&quality.psnr_y), "{quality:?}");
        assert!((0.93..1.0).contains(&quality.ssim_y), "{quality:?}");
    }
}
