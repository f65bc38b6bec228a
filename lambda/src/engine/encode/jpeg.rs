//! JPEG with half as much chroma in each direction, from pixels or from planes.

use jpeg_encoder::{
    ChromaSubsamplingMethod, ColorType, Encoder, ImageBuffer, JpegColorType, SamplingFactor,
};

use super::{EngineError, Output};
use crate::engine::picture::{Picture, YCbCr};
use crate::engine::raster::{Layout, Raster};

pub(super) fn encode(picture: &Picture, output: &Output) -> Result<Vec<u8>, EngineError> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, output.quality);
    encoder.set_progressive(output.progressive);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder.set_optimized_huffman_tables(true);
    let (width, height) = picture.size();
    let side = |pixels: u32| u16::try_from(pixels).map_err(EngineError::encode);
    let (width, height) = (side(width)?, side(height)?);
    match picture {
        Picture::YCbCr(planes) => encoder.encode_image(Planes {
            picture: planes,
            width,
            height,
        }),
        Picture::Raster(raster) => {
            // Otherwise it takes the chroma of one pixel in four, which moves colours by half a pixel.
            encoder.set_chroma_subsampling_method(ChromaSubsamplingMethod::Average);
            encoder.encode(&raster.pixels, width, height, color(raster.layout)?)
        }
    }
    .map_err(EngineError::encode)?;
    Ok(file)
}

fn color(layout: Layout) -> Result<ColorType, EngineError> {
    match layout {
        Layout::Gray => Ok(ColorType::Luma),
        Layout::Rgb => Ok(ColorType::Rgb),
        Layout::GrayAlpha | Layout::Rgba => {
            Err(EngineError::encode("a JPEG cannot be transparent"))
        }
    }
}

/// Planes as the encoder asks for them: row by row, with as much chroma as luma. Of that it takes each
/// second sample of each second row, so that what is repeated here comes out as it was.
struct Planes<'p> {
    picture: &'p YCbCr,
    width: u16,
    height: u16,
}

impl ImageBuffer for Planes<'_> {
    fn get_jpeg_color_type(&self) -> JpegColorType {
        JpegColorType::Ycbcr
    }

    fn width(&self) -> u16 {
        self.width
    }

    fn height(&self) -> u16 {
        self.height
    }

    fn fill_buffers(&self, y: u16, [luma, blue, red, _]: &mut [Vec<u8>; 4]) {
        let y = usize::from(y);
        luma.extend_from_slice(row(&self.picture.luma, y));
        for (buffer, plane) in [blue, red].into_iter().zip(&self.picture.chroma) {
            let start = buffer.len();
            buffer.extend(row(plane, y / 2).iter().flat_map(|&sample| [sample; 2]));
            buffer.truncate(start + usize::from(self.width));
        }
    }
}

fn row(plane: &Raster, y: usize) -> &[u8] {
    let width = plane.width as usize;
    &plane.pixels[y * width..(y + 1) * width]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Blocks of their own value, which a JPEG keeps all but exactly.
    fn plane(width: u32, height: u32, seed: u32) -> Raster {
        let at = |i: u32| ((i % width / 8 + i / width / 8 * 3) * 37 + seed * 50) % 200 + 20;
        Raster {
            width,
            height,
            layout: Layout::Gray,
            pixels: (0..width * height)
                .map(|i| u8::try_from(at(i)).expect("below 220"))
                .collect(),
        }
    }

    #[test]
    fn planes_are_written_as_they_are() {
        for (width, height) in [(64_u32, 48_u32), (63, 47), (33, 17), (1, 1), (9, 2)] {
            let (half_width, half_height) = (width.div_ceil(2), height.div_ceil(2));
            let planes = YCbCr {
                luma: plane(width, height, 0),
                chroma: [1, 2].map(|seed| plane(half_width, half_height, seed)),
            };
            let file =
                encode(&Picture::YCbCr(planes.clone()), &Output::default()).expect("a valid size");
            let decoder = ::jpeg::Decoder::new(&file, &::jpeg::Limits::default()).expect("ours");
            let sizes = [::jpeg::Eighths::ALL];
            let found = ::jpeg::Planes::of(&decoder, &sizes, ::jpeg::Options::default());
            let found = found.expect("a whole JPEG").0;
            let [blue, red] = &planes.chroma;
            for (found, written) in found.iter().zip([&planes.luma, blue, red]) {
                assert_eq!(found.width, written.width as usize);
                let pairs = found.samples.iter().zip(&written.pixels);
                let off = pairs.map(|(a, b)| a.abs_diff(*b)).max();
                assert_eq!(found.samples.len(), written.pixels.len());
                assert!(off <= Some(5), "{width} x {height}: {off:?}");
            }
        }
    }

    #[test]
    fn what_is_transparent_is_no_jpeg() {
        let raster = Raster {
            layout: Layout::GrayAlpha,
            ..plane(2, 1, 0)
        };
        assert!(encode(&Picture::Raster(raster), &Output::default()).is_err());
    }
}
