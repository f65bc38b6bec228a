//! Planes of light or of inks to pixels. Few files have them; they are converted when they are small.

use super::EngineError;
use crate::engine::raster::{Layout, Raster};

/// Red, green and blue.
pub(super) fn of_rgb(planes: &[Raster; 3]) -> Result<Raster, EngineError> {
    joined(planes, |light| light)
}

/// Inks without a profile: what an ink leaves of white, times what black leaves. The file has what they
/// leave, not the amount of ink: Adobe stores it inverted, and every reader takes that for granted.
pub(super) fn of_cmyk(planes: &[Raster; 4]) -> Result<Raster, EngineError> {
    joined(planes, |[cyan, magenta, yellow, black]| {
        [cyan, magenta, yellow].map(|left| product(left, black))
    })
}

/// The same with cyan, magenta and yellow as luma and differences. Those are of the amounts of ink.
pub(super) fn of_ycck(planes: &[Raster; 4]) -> Result<Raster, EngineError> {
    joined(planes, |[luma, blue, red, black]| {
        inks(luma, blue, red).map(|ink| product(255 - ink, black))
    })
}

/// The pixels behind planes of one size.
fn joined<const N: usize>(
    planes: &[Raster; N],
    convert: impl Fn([u8; N]) -> [u8; 3],
) -> Result<Raster, EngineError> {
    let Some(&Raster { width, height, .. }) = planes.first() else {
        return Err(EngineError::corrupt("the JPEG has no components"));
    };
    let samples = planes.each_ref().map(|plane| plane.pixels.as_slice());
    let count = samples.iter().map(|plane| plane.len()).min().unwrap_or(0);
    let pixels = (0..count)
        .flat_map(|i| convert(samples.map(|plane| plane[i])))
        .collect();
    Ok(Raster {
        width,
        height,
        layout: Layout::Rgb,
        pixels,
    })
}

/// Three values from their luma and differences, in 65,536ths.
///
/// Source: <https://www.itu.int/rec/T-REC-T.871-201105-I/en> (clause 7)
fn inks(luma: u8, blue: u8, red: u8) -> [u8; 3] {
    const HALF: i32 = 1 << 15;
    let (blue, red) = (i32::from(blue) - 128, i32::from(red) - 128);
    let differences = [91_881 * red, -22_554 * blue - 46_802 * red, 116_130 * blue];
    differences.map(|difference| {
        let value = i32::from(luma) + ((difference + HALF) >> 16);
        u8::try_from(value.clamp(0, 255)).unwrap_or(u8::MAX)
    })
}

/// `a * b / 255`, rounded.
fn product(a: u8, b: u8) -> u8 {
    let scaled = (u16::from(a) * u16::from(b) + 127) / 255;
    u8::try_from(scaled).unwrap_or(u8::MAX)
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
        let light = of_cmyk(&planes(&stored)).expect("planes");
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
        let light = of_ycck(&planes(&stored)).expect("planes");
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
