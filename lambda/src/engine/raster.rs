//! Pixels in memory: 8 bits a channel, rows without padding.

use image::DynamicImage;

/// What the channels of a pixel mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Layout {
    Gray,
    GrayAlpha,
    Rgb,
    Rgba,
}

impl Layout {
    pub(crate) const fn channels(self) -> usize {
        match self {
            Self::Gray => 1,
            Self::GrayAlpha => 2,
            Self::Rgb => 3,
            Self::Rgba => 4,
        }
    }

    pub(crate) const fn has_alpha(self) -> bool {
        matches!(self, Self::GrayAlpha | Self::Rgba)
    }

    pub(crate) const fn is_gray(self) -> bool {
        matches!(self, Self::Gray | Self::GrayAlpha)
    }
}

/// A decoded picture; `pixels` has `width * height * channels` bytes, alpha not premultiplied.
#[derive(Debug, Clone)]
pub(crate) struct Raster {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) layout: Layout,
    pub(crate) pixels: Vec<u8>,
}

impl Raster {
    /// Samples of 16 bits become 8 by division with rounding (65,535 is 255), not by dropping bits.
    pub(crate) fn of_dynamic(image: DynamicImage) -> Self {
        let (width, height) = (image.width(), image.height());
        let color = image.color();
        let (layout, pixels) = match (color.has_color(), color.has_alpha()) {
            (false, false) => (Layout::Gray, image.into_luma8().into_raw()),
            (false, true) => (Layout::GrayAlpha, image.into_luma_alpha8().into_raw()),
            (true, false) => (Layout::Rgb, image.into_rgb8().into_raw()),
            (true, true) => (Layout::Rgba, image.into_rgba8().into_raw()),
        };
        Self {
            width,
            height,
            layout,
            pixels,
        }
    }

    /// The same picture in colour, for encoders that know no gray.
    pub(crate) fn into_color(self) -> Self {
        let (layout, pixels) = match self.layout {
            Layout::Rgb | Layout::Rgba => return self,
            Layout::Gray => (
                Layout::Rgb,
                self.pixels.iter().flat_map(|&v| [v; 3]).collect(),
            ),
            Layout::GrayAlpha => (
                Layout::Rgba,
                self.pixels
                    .chunks_exact(2)
                    .flat_map(|p| [p[0], p[0], p[0], p[1]])
                    .collect(),
            ),
        };
        Self {
            layout,
            pixels,
            ..self
        }
    }
}

/// `a * b / 255`, rounded.
#[inline]
pub(crate) fn product(a: u8, b: u8) -> u8 {
    let scaled = u16::from(a) * u16::from(b) + 128;
    ((scaled + (scaled >> 8)) >> 8) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_rounded() {
        for a in 0..=u8::MAX {
            for b in 0..=u8::MAX {
                let exact = (f64::from(a) * f64::from(b) / 255.0).round();
                assert!((f64::from(product(a, b)) - exact).abs() < 0.5, "{a} {b}");
            }
        }
    }
}
