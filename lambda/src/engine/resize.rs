//! Lanczos3 with alpha premultiplied, so that what is transparent lends no colour to its neighbours.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, MulDiv, PixelType, ResizeAlg, ResizeOptions, Resizer};

use super::error::EngineError;
use super::raster::{Layout, Raster};

/// The picture in another size.
pub(super) fn resize(
    mut source: Raster,
    (width, height): (u32, u32),
) -> Result<Raster, EngineError> {
    let layout = source.layout;
    let pixel_type = match layout {
        Layout::Gray => PixelType::U8,
        Layout::GrayAlpha => PixelType::U8x2,
        Layout::Rgb => PixelType::U8x3,
        Layout::Rgba => PixelType::U8x4,
    };
    let alpha = MulDiv::new();
    if layout.has_alpha() {
        // In place: the resizer's own way keeps a second copy of the source.
        let mut view =
            Image::from_slice_u8(source.width, source.height, &mut source.pixels, pixel_type)
                .map_err(EngineError::encode)?;
        alpha
            .multiply_alpha_inplace(&mut view)
            .map_err(EngineError::encode)?;
    }
    let view = ImageRef::new(source.width, source.height, &source.pixels, pixel_type)
        .map_err(EngineError::encode)?;
    let mut target = Image::new(width, height, pixel_type);
    let options = ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3))
        .use_alpha(false);
    Resizer::new()
        .resize(&view, &mut target, &options)
        .map_err(EngineError::encode)?;
    if layout.has_alpha() {
        alpha
            .divide_alpha_inplace(&mut target)
            .map_err(EngineError::encode)?;
    }
    Ok(Raster {
        width,
        height,
        layout,
        pixels: target.into_vec(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transparent_pixels_lend_no_colour() {
        // Opaque red beside green that nobody sees.
        let pixels = (0..64 * 64).flat_map(|i| {
            if i % 64 < 32 {
                [255, 0, 0, 255]
            } else {
                [0, 255, 0, 0]
            }
        });
        let source = Raster {
            width: 64,
            height: 64,
            layout: Layout::Rgba,
            pixels: pixels.collect(),
        };
        let small = resize(source, (9, 9)).expect("valid sizes");
        for pixel in small.pixels.chunks_exact(4).filter(|pixel| pixel[3] > 0) {
            assert!(pixel[0] >= 250 && pixel[1] <= 5, "a fringe: {pixel:?}");
        }
        assert!(small.pixels.chunks_exact(4).any(|pixel| pixel[3] == 255));
        assert!(small.pixels.chunks_exact(4).any(|pixel| pixel[3] == 0));
    }

    #[test]
    fn a_flat_picture_stays_flat() {
        for layout in [Layout::Gray, Layout::GrayAlpha, Layout::Rgb, Layout::Rgba] {
            let pixels = vec![200; 50 * 40 * layout.channels()];
            let source = Raster {
                width: 50,
                height: 40,
                layout,
                pixels,
            };
            let small = resize(source, (13, 10)).expect("valid sizes");
            assert_eq!(small.pixels.len(), 13 * 10 * layout.channels());
            assert!(
                small.pixels.iter().all(|v| v.abs_diff(200) <= 1),
                "{layout:?}"
            );
        }
    }
}
