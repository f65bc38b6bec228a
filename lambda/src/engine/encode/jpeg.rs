//! JPEG with half as much chroma in each direction, from pixels or from planes.

use ::jpeg::encode::{self, Plane, Planes, Samples, Settings};

use super::{EngineError, Output};
use crate::engine::picture::Picture;
use crate::engine::raster::{Layout, Raster};

pub(super) fn encode(picture: &Picture, output: &Output) -> Result<Vec<u8>, EngineError> {
    let settings = Settings {
        quality: output.quality,
        progressive: output.progressive,
    };
    let file = match picture {
        Picture::YCbCr(planes) => {
            let quarters: Vec<u16> = planes.luma.samples.iter().map(|&v| quarters(v)).collect();
            let luma = Plane {
                width: planes.luma.width,
                height: planes.luma.height,
                samples: Samples::Quarters(&quarters),
            };
            let picture = match &planes.chroma {
                None => encode::Picture::Gray(luma),
                Some([blue, red]) => encode::Picture::YCbCr {
                    luma,
                    chroma: [plane(blue), plane(red)],
                },
            };
            picture.encode(&settings)
        }
        Picture::Raster(raster) => match raster.layout {
            Layout::Gray => encode::Picture::Gray(plane(raster)).encode(&settings),
            Layout::Rgb => Planes::of_rgb(&raster.pixels, raster.width, raster.height)
                .and_then(|planes| planes.picture().encode(&settings)),
            Layout::GrayAlpha | Layout::Rgba => {
                return Err(EngineError::encode("a JPEG cannot be transparent"));
            }
        },
    };
    file.map_err(EngineError::encode)
}

fn plane(raster: &Raster) -> Plane<'_> {
    Plane {
        width: raster.width,
        height: raster.height,
        samples: Samples::Bytes(&raster.pixels),
    }
}

/// 256ths in quarters, rounded.
fn quarters(sample: u16) -> u16 {
    (sample.saturating_add(32)) >> 6
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::picture::{Fine, YCbCr};

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
            let luma = plane(width, height, 0);
            let chroma = [1, 2].map(|seed| plane(half_width, half_height, seed));
            let planes = YCbCr {
                luma: Fine {
                    width,
                    height,
                    samples: luma.pixels.iter().map(|&v| u16::from(v) << 8).collect(),
                },
                chroma: Some(chroma.clone()),
            };
            let file = encode(&Picture::YCbCr(planes), &Output::default()).expect("a valid size");
            let decoder = ::jpeg::Decoder::new(&file, &::jpeg::Limits::default()).expect("ours");
            let sizes = [::jpeg::Eighths::ALL];
            let found = ::jpeg::Planes::of(&decoder, &sizes, ::jpeg::Options::default());
            let found = found.expect("a whole JPEG").0;
            let [blue, red] = &chroma;
            for (found, written) in found.iter().zip([&luma, blue, red]) {
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
