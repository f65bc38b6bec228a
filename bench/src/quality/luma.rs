//! The lightness of a picture.

use std::path::Path;

use jpeg_decoder::{Decoder, PixelFormat};

use crate::error::BenchError;

/// One plane: the Y of BT.601, 0 to 255, row by row. Nothing is gamma-corrected: the programs resize what the
/// file holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Luma {
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// `width * height` of them.
    pub values: Vec<f64>,
}

impl Luma {
    /// Decodes a JPEG, with one decoder for all.
    ///
    /// # Errors
    ///
    /// The file cannot be read, or is no JPEG.
    pub fn of_jpeg(path: &Path) -> Result<Self, BenchError> {
        let file = std::fs::read(path).map_err(|source| BenchError::Read {
            path: path.to_owned(),
            source,
        })?;
        // Asked for Y itself, this decoder mistakes the places of blocks where chroma is subsampled.
        let undecodable = |said: String| BenchError::Decode {
            path: path.to_owned(),
            said,
        };
        let mut decoder = Decoder::new(file.as_slice());
        let pixels = decoder
            .decode()
            .map_err(|error| undecodable(error.to_string()))?;
        let info = decoder
            .info()
            .filter(|info| info.pixel_format == PixelFormat::RGB24)
            .ok_or_else(|| undecodable("it is no JPEG in colour".to_owned()))?;
        Ok(Self {
            width: u32::from(info.width),
            height: u32::from(info.height),
            values: pixels.chunks_exact(3).map(y).collect(),
        })
    }

    /// The rows.
    pub fn rows(&self) -> std::slice::ChunksExact<'_, f64> {
        self.values.chunks_exact(self.width as usize)
    }

    /// Columns become rows.
    #[must_use]
    pub fn transposed(&self) -> Self {
        let (width, height) = (self.width as usize, self.height as usize);
        let at = |x: usize| (0..height).map(move |y| self.values[y * width + x]);
        Self {
            width: self.height,
            height: self.width,
            values: (0..width).flat_map(at).collect(),
        }
    }
}

/// Source: <https://www.w3.org/Graphics/JPEG/jfif3.pdf> (Conversion to and from RGB)
fn y(pixel: &[u8]) -> f64 {
    let weights = [0.299, 0.587, 0.114];
    pixel
        .iter()
        .zip(weights)
        .map(|(&value, weight)| f64::from(value) * weight)
        .sum()
}

/// A picture that a formula gives, for tests.
#[cfg(test)]
pub(super) fn pattern(width: u32, height: u32, value: impl Fn(u32, u32) -> f64) -> Luma {
    let values = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    Luma {
        width,
        height,
        values: values.map(|(x, y)| value(x, y)).collect(),
    }
}
