//! A picture between decoding and encoding, in the size of its result.

use super::orientation::Orientation;
use super::raster::{Layout, Raster};

/// Pixels, or planes where a file is read and written by planes.
#[derive(Debug, Clone)]
pub(super) enum Picture {
    Raster(Raster),
    YCbCr(YCbCr),
}

/// Luma, and half as much chroma in each direction: what a JPEG is read as and written from. Gray has no
/// chroma.
///
/// A plane's samples lie in the middle of the pixels that they stand for. Where a side is odd, the last
/// column or row of chroma stands for one of pixels and for one that is not there.
#[derive(Debug, Clone)]
pub(super) struct YCbCr {
    pub(super) luma: Fine,
    /// Blue and red difference, of half that size, rounded up.
    pub(super) chroma: Option<[Raster; 2]>,
}

/// A plane that was computed and is not rounded to bytes before its coefficients are.
#[derive(Debug, Clone)]
pub(super) struct Fine {
    pub(super) width: u32,
    pub(super) height: u32,
    /// `width * height` samples in 256ths: 0 to 65,535.
    pub(super) samples: Vec<u16>,
}

impl Picture {
    /// Width and height in pixels.
    pub(super) fn size(&self) -> (u32, u32) {
        match self {
            Self::Raster(raster) => (raster.width, raster.height),
            Self::YCbCr(planes) => (planes.luma.width, planes.luma.height),
        }
    }

    pub(super) fn has_alpha(&self) -> bool {
        matches!(self, Self::Raster(raster) if raster.layout.has_alpha())
    }

    /// The picture, upright.
    pub(super) fn turned(self, orientation: Orientation) -> Self {
        match self {
            Self::Raster(raster) => Self::Raster(orientation.apply(raster)),
            Self::YCbCr(planes) => Self::YCbCr(YCbCr {
                luma: orientation.apply_fine(planes.luma),
                chroma: planes
                    .chroma
                    .map(|planes| planes.map(|plane| orientation.apply(plane))),
            }),
        }
    }
}

/// White, for what a JPEG shows where there is nothing.
const WHITE: u8 = u8::MAX;

impl Raster {
    /// The picture in the middle of a larger one: transparent around it, or white if it is to be `opaque`.
    pub(super) fn on_canvas(self, (width, height): (u32, u32), opaque: bool) -> Self {
        if (self.width, self.height) == (width, height) {
            return self;
        }
        let picture = if opaque { self } else { self.with_alpha() };
        let channels = picture.layout.channels();
        let blank = if picture.layout.has_alpha() { 0 } else { WHITE };
        let (row, stride) = (picture.width as usize * channels, width as usize * channels);
        let left = (width - picture.width) as usize / 2 * channels;
        let top = (height - picture.height) as usize / 2;
        let mut pixels = vec![blank; stride * height as usize];
        let lines = pixels.chunks_exact_mut(stride).skip(top);
        for (line, source) in lines.zip(picture.pixels.chunks_exact(row)) {
            line[left..left + row].copy_from_slice(source);
        }
        Self {
            width,
            height,
            pixels,
            ..picture
        }
    }

    /// The picture with what is transparent in white.
    pub(super) fn flattened(self) -> Self {
        let layout = match self.layout {
            Layout::Gray | Layout::Rgb => return self,
            Layout::GrayAlpha => Layout::Gray,
            Layout::Rgba => Layout::Rgb,
        };
        let colors = layout.channels();
        let pixels = self.pixels.chunks_exact(colors + 1).flat_map(|pixel| {
            let alpha = pixel[colors];
            pixel[..colors]
                .iter()
                .map(move |&color| over_white(color, alpha))
        });
        Self {
            pixels: pixels.collect(),
            layout,
            ..self
        }
    }

    fn with_alpha(self) -> Self {
        let layout = match self.layout {
            Layout::GrayAlpha | Layout::Rgba => return self,
            Layout::Gray => Layout::GrayAlpha,
            Layout::Rgb => Layout::Rgba,
        };
        let pixels = self
            .pixels
            .chunks_exact(self.layout.channels())
            .flat_map(|pixel| pixel.iter().copied().chain([u8::MAX]));
        Self {
            pixels: pixels.collect(),
            layout,
            ..self
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "a mean of two bytes")]
fn over_white(color: u8, alpha: u8) -> u8 {
    let (color, alpha) = (u32::from(color), u32::from(alpha));
    ((color * alpha + u32::from(WHITE) * (255 - alpha) + 127) / 255) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raster(layout: Layout, width: u32, pixels: &[u8]) -> Raster {
        Raster {
            width,
            height: 1,
            layout,
            pixels: pixels.to_vec(),
        }
    }

    #[test]
    fn a_canvas_is_transparent_or_white() {
        let source = raster(Layout::Gray, 2, &[7, 8]);
        let clear = source.clone().on_canvas((4, 3), false);
        assert_eq!(clear.layout, Layout::GrayAlpha);
        assert_eq!(
            clear.pixels,
            [[0; 8], [0, 0, 7, 255, 8, 255, 0, 0], [0; 8]].concat()
        );
        let white = source.on_canvas((5, 2), true);
        assert_eq!(white.pixels, [[255, 7, 8, 255, 255], [255; 5]].concat());
    }

    #[test]
    fn what_is_transparent_becomes_white() {
        let pixels = [10, 20, 30, 255, 10, 20, 30, 0, 0, 100, 255, 51];
        let flat = raster(Layout::Rgba, 3, &pixels).flattened();
        assert_eq!(flat.pixels, [10, 20, 30, 255, 255, 255, 204, 224, 255]);
        let gray = raster(Layout::GrayAlpha, 1, &[0, 128]).flattened();
        assert_eq!((gray.layout, gray.pixels), (Layout::Gray, vec![127]));
    }
}
