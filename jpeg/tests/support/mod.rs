//! Pictures to decode, and the values that they should have.
#![allow(
    dead_code,
    clippy::allow_attributes,
    reason = "each test crate uses its own part of this module"
)]

use std::path::Path;

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;

/// A photo of 1024 x 768 pixels.
pub(crate) fn photo() -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/raccoon.jpg");
    std::fs::read(path).expect("a photo")
}

/// What another decoder makes of a file.
pub(crate) fn by_zune(file: &[u8], space: ColorSpace) -> Option<(usize, usize, Vec<u8>)> {
    let options = DecoderOptions::default().jpeg_set_out_colorspace(space);
    let mut decoder = zune_jpeg::JpegDecoder::new_with_options(ZCursor::new(file), options);
    let pixels = decoder.decode().ok()?;
    let (width, height) = decoder.dimensions()?;
    Some((width, height, pixels))
}

/// Part of the photo as RGB.
pub(crate) fn pixels(width: u16, height: u16) -> Vec<u8> {
    let (stride, _, rgb) = by_zune(&photo(), ColorSpace::RGB).expect("a picture");
    let rows = rgb.chunks(stride * 3).skip(150).take(usize::from(height));
    rows.flat_map(|row| &row[900..900 + 3 * usize::from(width)])
        .copied()
        .collect()
}

/// How to encode a picture.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Encoding {
    pub(crate) sampling: SamplingFactor,
    pub(crate) color: ColorType,
    pub(crate) scans: Option<u8>,
    pub(crate) restart_interval: u16,
    pub(crate) optimized: bool,
    pub(crate) quality: u8,
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
    pub(crate) fn encode(self, width: u16, height: u16) -> Vec<u8> {
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
        encoder
            .encode(&samples, width, height, self.color)
            .expect("an encoded picture");
        file
    }
}
