//! Rows of a PNG in bytes.

use png::{BitDepth, ColorType};

use super::EngineError;
use crate::engine::raster::Layout;

/// Makes rows of 8 bits a sample.
#[derive(Debug)]
pub(super) struct Row {
    layout: Layout,
    /// Where rows of 16 bits a sample are converted to.
    narrow: Option<Vec<u8>>,
}

impl Row {
    /// For what the decoder gives.
    pub(super) fn new((color, depth): (ColorType, BitDepth)) -> Result<Self, EngineError> {
        let layout = match color {
            ColorType::Grayscale => Layout::Gray,
            ColorType::GrayscaleAlpha => Layout::GrayAlpha,
            ColorType::Rgb => Layout::Rgb,
            ColorType::Rgba => Layout::Rgba,
            ColorType::Indexed => return Err(EngineError::corrupt("the PNG lacks its palette")),
        };
        Ok(Self {
            layout,
            narrow: (depth == BitDepth::Sixteen).then(Vec::new),
        })
    }

    pub(super) const fn layout(&self) -> Layout {
        self.layout
    }

    /// A row in bytes: 16 bits become 8 by division with rounding (65,535 is 255), not by dropping bits.
    pub(super) fn in_bytes<'a>(&'a mut self, row: &'a [u8]) -> &'a [u8] {
        let Some(narrow) = &mut self.narrow else {
            return row;
        };
        narrow.clear();
        narrow.extend(row.as_chunks().0.iter().map(|&sample| rounded(sample)));
        narrow
    }
}

#[expect(clippy::cast_possible_truncation, reason = "at most 255")]
fn rounded(sample: [u8; 2]) -> u8 {
    ((u32::from(u16::from_be_bytes(sample)) + 128) / 257) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixteen_bits_are_rounded() {
        for sample in 0..=u16::MAX {
            let exact = (f64::from(sample) / 257.0).round();
            let found = f64::from(rounded(sample.to_be_bytes()));
            assert!((found - exact).abs() < 0.5, "{sample}");
        }
    }
}
