//! Pictures to decode, and the values that they should have.
#![expect(dead_code, reason = "each test program uses a part of this")]
#![expect(
    clippy::missing_panics_doc,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    reason = "a test stops at what it does not expect, and its sizes are small"
)]

use std::path::{Path, PathBuf};

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;

/// A photo of 1024 x 768 pixels.
pub fn photo() -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/raccoon.jpg");
    std::fs::read(path).expect("a photo")
}

/// What another decoder makes of a file.
pub fn by_zune(file: &[u8], space: ColorSpace) -> Option<(usize, usize, Vec<u8>)> {
    let options = DecoderOptions::default().jpeg_set_out_colorspace(space);
    let mut decoder = zune_jpeg::JpegDecoder::new_with_options(ZCursor::new(file), options);
    let pixels = decoder.decode().ok()?;
    let (width, height) = decoder.dimensions()?;
    Some((width, height, pixels))
}

/// Part of the photo as RGB.
pub fn pixels(width: u16, height: u16) -> Vec<u8> {
    let (stride, _, rgb) = by_zune(&photo(), ColorSpace::RGB).expect("a picture");
    let rows = rgb.chunks(stride * 3).skip(150).take(usize::from(height));
    rows.flat_map(|row| &row[900..900 + 3 * usize::from(width)])
        .copied()
        .collect()
}

/// How to encode a picture.
#[derive(Debug, Clone, Copy)]
pub struct Encoding {
    pub sampling: SamplingFactor,
    pub color: ColorType,
    pub scans: Option<u8>,
    pub restart_interval: u16,
    pub optimized: bool,
    pub quality: u8,
}

impl Default for Encoding {
    fn default() -> Self {
        Self {
            sampling: SamplingFactor::F_2_2,
            color: ColorType::Rgb,
            scans: None,
            restart_interval: 0,
            optimized: false,
            quality: 90,
        }
    }
}

impl Encoding {
    pub fn encode(self, width: u16, height: u16) -> Vec<u8> {
        let rgb = pixels(width, height);
        let samples: Vec<u8> = match self.color {
            ColorType::Luma => rgb.chunks(3).map(|pixel| pixel[1]).collect(),
            ColorType::Cmyk | ColorType::CmykAsYcck => rgb
                .chunks(3)
                .flat_map(|pixel| [pixel[0], pixel[1], pixel[2], pixel[0] / 2])
                .collect(),
            _ => rgb,
        };
        let mut file = Vec::new();
        let mut encoder = Encoder::new(&mut file, self.quality);
        encoder.set_sampling_factor(self.sampling);
        if let Some(scans) = self.scans {
            encoder.set_progressive_scans(scans);
        }
        if self.restart_interval > 0 {
            encoder.set_restart_interval(self.restart_interval);
        }
        encoder.set_optimized_huffman_tables(self.optimized);
        let encoded = encoder.encode(&samples, width, height, self.color);
        encoded.expect("an encoded picture");
        file
    }

    /// All that the encoder can write, one thing changed at a time.
    pub fn all() -> Vec<Self> {
        use SamplingFactor::{F_1_1, F_1_2, F_1_4, F_2_1, F_2_2, F_2_4, F_4_1, F_4_2};
        let mut all = Vec::new();
        for sampling in [F_1_1, F_1_2, F_1_4, F_2_1, F_2_2, F_2_4, F_4_1, F_4_2] {
            for scans in [None, Some(4), Some(17)] {
                for restart_interval in [0, 3] {
                    all.push(Self {
                        sampling,
                        scans,
                        restart_interval,
                        // Together with a restart interval the encoder panics.
                        optimized: restart_interval == 0,
                        ..Self::default()
                    });
                }
            }
        }
        for color in [ColorType::Luma, ColorType::Cmyk, ColorType::CmykAsYcck] {
            for scans in [None, Some(8)] {
                for quality in [30, 100] {
                    all.push(Self {
                        color,
                        scans,
                        quality,
                        ..Self::default()
                    });
                }
            }
        }
        all
    }
}

/// The JPEGs among Pillow's test images. None if they are not there.
pub fn corpus() -> Option<Vec<PathBuf>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../target/corpora/pillow-13.0.0/Tests/images");
    let mut found: Vec<_> = std::fs::read_dir(folder)
        .ok()?
        .map(|entry| entry.expect("a readable entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "jpg"))
        .collect();
    found.sort();
    Some(found)
}
