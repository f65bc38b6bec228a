//! A picture between decoding and encoding.

use super::error::EngineError;
use super::orientation::Orientation;
use super::raster::{Layout, Raster};
use super::resize;

/// Pixels, or planes where a file is read and written by planes.
#[derive(Debug, Clone)]
pub(super) enum Picture {
    Raster(Raster),
    YCbCr(YCbCr),
}

/// Luma, and half as much chroma in each direction: what a JPEG is read as and written from.
///
/// A plane's samples lie in the middle of the pixels that they stand for. Where a side is odd, the last
/// column or row of chroma stands for one of pixels and for one that is not there.
#[derive(Debug, Clone)]
pub(super) struct YCbCr {
    /// Gray, of the picture's size.
    pub(super) luma: Raster,
    /// Blue and red difference, of half that size, rounded up.
    pub(super) chroma: [Raster; 2],
}

impl Picture {
    /// Width and height in pixels.
    pub(super) fn size(&self) -> (u32, u32) {
        let raster = match self {
            Self::Raster(raster) => raster,
            Self::YCbCr(planes) => &planes.luma,
        };
        (raster.width, raster.height)
    }

    pub(super) fn layout(&self) -> Layout {
        match self {
            Self::Raster(raster) => raster.layout,
            Self::YCbCr(_) => Layout::Rgb,
        }
    }

    /// The picture in this size.
    pub(super) fn fit(self, size: (u32, u32)) -> Result<Self, EngineError> {
        match self {
            Self::Raster(raster) if (raster.width, raster.height) != size => {
                Ok(Self::Raster(resize::resize(raster, size)?))
            }
            // Planes were resized as they were decoded.
            fitting => Ok(fitting),
        }
    }

    /// The picture, upright.
    pub(super) fn turned(self, orientation: Orientation) -> Self {
        match self {
            Self::Raster(raster) => Self::Raster(orientation.apply(raster)),
            Self::YCbCr(planes) => Self::YCbCr(YCbCr {
                luma: orientation.apply(planes.luma),
                chroma: planes.chroma.map(|plane| orientation.apply(plane)),
            }),
        }
    }
}
