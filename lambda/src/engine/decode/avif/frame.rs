//! A picture as AV1 codes it, decoded by rav1d.

use re_rav1d::dav1d::{
    Decoder, Error, Picture, PixelLayout, PlanarImageComponent, Plane, Settings,
};

use super::EngineError;
use super::container::{Item, corrupt};
use super::properties::Colors;
use super::sequence::Sequence;

/// The planes of a picture: one if it is gray, or three.
pub(super) struct Frame {
    planes: Vec<(Plane, usize)>,
    pub(super) size: (usize, usize),
    /// 8, 10 or 12.
    pub(super) bits: u32,
    /// Whether chroma has half the columns, and half the rows.
    pub(super) halved: (bool, bool),
    pub(super) colors: Colors,
}

impl Frame {
    /// Decodes an item that has the size it declares.
    pub(super) fn decode(
        item: &Item<'_>,
        sequence: &Sequence,
        colors: Colors,
    ) -> Result<Self, EngineError> {
        let (width, height) = item.properties.size;
        let mut settings = Settings::new();
        settings.set_n_threads(1);
        settings.set_max_frame_delay(1);
        settings.set_all_layers(false);
        settings.set_frame_size_limit(width.saturating_mul(height));
        let mut decoder = Decoder::with_settings(&settings).map_err(of_rav1d)?;
        match decoder.send_data(item.data.to_vec(), None, None, None) {
            // There is a picture to be taken first.
            Ok(()) | Err(Error::Again) => {}
            Err(error) => return Err(of_rav1d(error)),
        }
        let picture = decoder.get_picture().map_err(of_rav1d)?;
        let halved = match picture.pixel_layout() {
            PixelLayout::I400 | PixelLayout::I420 => (true, true),
            PixelLayout::I422 => (true, false),
            PixelLayout::I444 => (false, false),
        };
        let gray = picture.pixel_layout() == PixelLayout::I400;
        let found = Sequence {
            size: (picture.width(), picture.height()),
            bits: u32::try_from(picture.bit_depth()).unwrap_or(u32::MAX),
            gray,
            halved,
            ..*sequence
        };
        if found != *sequence {
            return Err(corrupt("has a picture that is not as it is described"));
        }
        Ok(Self {
            planes: planes(&picture, gray),
            size: (width as usize, height as usize),
            bits: sequence.bits,
            halved,
            colors,
        })
    }

    pub(super) fn is_gray(&self) -> bool {
        self.planes.len() == 1
    }

    /// Rows of chroma.
    pub(super) fn chroma_height(&self) -> usize {
        self.size.1.div_ceil(1 + usize::from(self.halved.1))
    }

    /// The samples of a row, 0 being luma, as they are coded.
    pub(super) fn read(&self, plane: usize, y: usize, samples: &mut Vec<f32>) {
        let halved = plane > 0 && self.halved.0;
        let width = self.size.0.div_ceil(1 + usize::from(halved));
        let (plane, stride) = &self.planes[plane];
        let row = &plane[y * stride..];
        samples.clear();
        if self.bits == 8 {
            samples.extend(row[..width].iter().map(|&sample| f32::from(sample)));
        } else {
            let row = row[..width * 2].as_chunks().0.iter();
            samples.extend(row.map(|&sample| f32::from(u16::from_ne_bytes(sample))));
        }
    }
}

fn planes(picture: &Picture, gray: bool) -> Vec<(Plane, usize)> {
    let all = [
        PlanarImageComponent::Y,
        PlanarImageComponent::U,
        PlanarImageComponent::V,
    ];
    let there = if gray { &all[..1] } else { &all };
    let plane = |&it| (picture.plane(it), picture.stride(it) as usize);
    there.iter().map(plane).collect()
}

/// An error of the decoder under our names.
fn of_rav1d(error: Error) -> EngineError {
    match error {
        Error::NotEnoughMemory => EngineError::TooLarge(format!("the AVIF is too large: {error}")),
        Error::UnsupportedBitstream => EngineError::Unsupported(format!(
            "the AVIF uses a part of AV1 that is not supported: {error}"
        )),
        Error::Again => corrupt("has no picture where there should be one"),
        cause => EngineError::corrupt_by("the AVIF cannot be decoded", cause),
    }
}
