//! Planes of light or of inks to pixels. Few files have them; they are converted when they are small.

use super::EngineError;
use crate::engine::color::Conversion;
use crate::engine::raster::{Layout, Raster, product};

/// Luma and differences.
pub(super) fn of_ycbcr(planes: &[Raster; 3]) -> Result<Raster, EngineError> {
    joined(planes, |[luma, blue, red]| {
        from_differences(luma, blue, red)
    })
}

/// Red, green and blue.
pub(super) fn of_rgb(planes: &[Raster; 3]) -> Result<Raster, EngineError> {
    joined(planes, |light| light)
}

/// Inks as they are stored: what an ink leaves of white. Adobe stores it so, not the amount of ink, and every
/// reader takes that for granted, whether the file says that Adobe wrote it or not.
pub(super) fn of_cmyk(
    planes: &[Raster; 4],
    conversion: Option<&Conversion>,
) -> Result<Raster, EngineError> {
    inks(planes, |left| left, conversion)
}

/// The same with cyan, magenta and yellow as luma and differences. Those are of the amounts of ink.
pub(super) fn of_ycck(
    planes: &[Raster; 4],
    conversion: Option<&Conversion>,
) -> Result<Raster, EngineError> {
    let left = |[luma, blue, red, black]: [u8; 4]| {
        let [cyan, magenta, yellow] = from_differences(luma, blue, red).map(|ink| 255 - ink);
        [cyan, magenta, yellow, black]
    };
    inks(planes, left, conversion)
}

/// The light that inks leave: by the picture's profile, or without one what an ink leaves times what black
/// leaves.
fn inks(
    planes: &[Raster; 4],
    left: impl Fn([u8; 4]) -> [u8; 4],
    conversion: Option<&Conversion>,
) -> Result<Raster, EngineError> {
    if let Some(conversion) = conversion {
        let amounts = interleaved(planes, |stored| left(stored).map(|left| 255 - left))?;
        if let Some(pixels) = conversion.light(&amounts) {
            return raster(&planes[0], pixels);
        }
    }
    joined(planes, |stored| {
        let [cyan, magenta, yellow, black] = left(stored);
        [cyan, magenta, yellow].map(|left| product(left, black))
    })
}

/// The pixels behind planes of one size.
fn joined<const N: usize>(
    planes: &[Raster; N],
    convert: impl Fn([u8; N]) -> [u8; 3],
) -> Result<Raster, EngineError> {
    let pixels = interleaved(planes, convert)?;
    raster(&planes[0], pixels)
}

fn raster(plane: &Raster, pixels: Vec<u8>) -> Result<Raster, EngineError> {
    if pixels.len() != plane.pixels.len() * 3 {
        return Err(EngineError::corrupt("the JPEG's planes differ in size"));
    }
    Ok(Raster {
        width: plane.width,
        height: plane.height,
        layout: Layout::Rgb,
        pixels,
    })
}

/// Each pixel's samples, converted.
fn interleaved<const N: usize, const M: usize>(
    planes: &[Raster; N],
    convert: impl Fn([u8; N]) -> [u8; M],
) -> Result<Vec<u8>, EngineError> {
    let samples = planes.each_ref().map(|plane| plane.pixels.as_slice());
    let count = samples.first().map_or(0, |plane| plane.len());
    if samples.iter().any(|plane| plane.len() != count) {
        return Err(EngineError::corrupt("the JPEG's planes differ in size"));
    }
    let mut pixels = Vec::with_capacity(count * M);
    for i in 0..count {
        pixels.extend_from_slice(&convert(samples.map(|plane| plane[i])));
    }
    Ok(pixels)
}

/// Three values from their luma and differences, in 65,536ths.
///
/// Source: <https://www.itu.int/rec/T-REC-T.871-201105-I/en> (clause 7)
fn from_differences(luma: u8, blue: u8, red: u8) -> [u8; 3] {
    const HALF: i32 = 1 << 15;
    let (blue, red) = (i32::from(blue) - 128, i32::from(red) - 128);
    let differences = [91_881 * red, -22_554 * blue - 46_802 * red, 116_130 * blue];
    differences.map(|difference| {
        let value = i32::from(luma) + ((difference + HALF) >> 16);
        u8::try_from(value.clamp(0, 255)).unwrap_or(u8::MAX)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn planes<const N: usize>(pixels: &[[u8; N]]) -> [Raster; N] {
        std::array::from_fn(|plane| Raster {
            width: u32::try_from(pixels.len()).expect("few"),
            height: 1,
            layout: Layout::Gray,
            pixels: pixels.iter().map(|pixel| pixel[plane]).collect(),
        })
    }

    #[test]
    fn what_the_inks_leave() {
        let stored = [
            [255, 255, 255, 255],
            [0, 255, 255, 255],
            [255, 0, 128, 128],
            [9, 9, 9, 0],
        ];
        let light = of_cmyk(&planes(&stored), None).expect("planes");
        assert_eq!(
            light.pixels,
            [255, 255, 255, 0, 255, 255, 128, 0, 64, 0, 0, 0]
        );
        assert_eq!((light.width, light.height), (4, 1));
    }

    #[test]
    fn inks_as_luma_and_differences() {
        // No ink, black, full cyan, half as much light.
        let stored = [
            [0, 128, 128, 255],
            [0, 128, 128, 0],
            [76, 85, 255, 255],
            [0, 128, 128, 128],
        ];
        let light = of_ycck(&planes(&stored), None).expect("planes");
        assert_eq!(
            light.pixels,
            [255, 255, 255, 0, 0, 0, 1, 255, 255, 128, 128, 128]
        );
    }

    #[test]
    fn light_is_light() {
        let light = of_rgb(&planes(&[[1, 2, 3], [4, 5, 6]])).expect("planes");
        assert_eq!(light.pixels, [1, 2, 3, 4, 5, 6]);
        assert_eq!(light.layout, Layout::Rgb);
    }
}
