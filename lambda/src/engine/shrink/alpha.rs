//! Alpha premultiplied while pixels are mixed, so that what is transparent lends no colour to its
//! neighbours.

use fast_image_resize::MulDiv;
use fast_image_resize::images::Image;

use super::{EngineError, Layout, pixel_type};
use crate::engine::raster::product;

/// Multiplies the colours of some pixels by their alpha.
pub(super) fn multiply(layout: Layout, pixels: &mut [u8]) {
    match layout {
        Layout::Rgba => {
            let pixels = pixels.as_chunks_mut::<4>().0;
            // Most pictures with alpha are opaque all over, and that is seen at a glance.
            if pixels.iter().fold(u8::MAX, |all, pixel| all & pixel[3]) == u8::MAX {
                return;
            }
            for pixel in pixels {
                let alpha = pixel[3];
                for color in &mut pixel[..3] {
                    *color = product(*color, alpha);
                }
            }
        }
        Layout::GrayAlpha => {
            for pixel in pixels.as_chunks_mut::<2>().0 {
                pixel[0] = product(pixel[0], pixel[1]);
            }
        }
        Layout::Gray | Layout::Rgb => {}
    }
}

/// Divides the colours of a picture by their alpha.
pub(super) fn divide(
    layout: Layout,
    (width, height): (u32, u32),
    pixels: &mut [u8],
) -> Result<(), EngineError> {
    let mut view = Image::from_slice_u8(width, height, pixels, pixel_type(layout))
        .map_err(EngineError::encode)?;
    MulDiv::new()
        .divide_alpha_inplace(&mut view)
        .map_err(EngineError::encode)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_opaque_or_gone() {
        let mut row = [9, 8, 7, 255, 9, 8, 7, 0, 100, 200, 50, 128];
        multiply(Layout::Rgba, &mut row);
        assert_eq!(row, [9, 8, 7, 255, 0, 0, 0, 0, 50, 100, 25, 128]);
        let mut gray = [200, 255, 200, 128];
        multiply(Layout::GrayAlpha, &mut gray);
        assert_eq!(gray, [200, 255, 100, 128]);
        divide(Layout::GrayAlpha, (2, 1), &mut gray).expect("whole pixels");
        assert_eq!((gray[0], gray[2].abs_diff(200) <= 1), (200, true));
    }
}
