//! The canvas of an animation, with its first frame on it.

use super::container::Frame;
use crate::engine::error::EngineError;
use crate::engine::raster::{Layout, Raster};

/// Where a frame stands; what it does not cover is transparent.
#[derive(Debug)]
pub(super) struct Canvas {
    /// Width and height in pixels.
    pub(super) size: (u32, u32),
    offset: (u32, u32),
    frame: (u32, u32),
}

impl Canvas {
    /// Refuses a frame that hangs over.
    pub(super) fn around(frame: &Frame<'_>, size: (u32, u32)) -> Result<Self, EngineError> {
        let ends = |offset: u32, side: u32| offset.saturating_add(side);
        if ends(frame.offset.0, frame.size.0) > size.0
            || ends(frame.offset.1, frame.size.1) > size.1
        {
            return Err(EngineError::corrupt(format!(
                "a frame of {} x {} pixels at {}, {} does not fit in the animation's {} x {}",
                frame.size.0, frame.size.1, frame.offset.0, frame.offset.1, size.0, size.1
            )));
        }
        Ok(Self {
            size,
            offset: frame.offset,
            frame: frame.size,
        })
    }

    /// Whether the frame is as large as the canvas.
    pub(super) fn is_covered(&self) -> bool {
        self.frame == self.size
    }

    /// Bytes of its pixels.
    pub(super) fn bytes(&self) -> u64 {
        u64::from(self.size.0) * u64::from(self.size.1) * 4
    }

    /// The whole picture. A first frame is blended with nothing: its own transparency stays.
    pub(super) fn compose(&self, frame: &Raster) -> Raster {
        let stride = self.size.0 as usize * 4;
        let mut pixels = vec![0; stride * self.size.1 as usize];
        let rows = pixels
            .chunks_exact_mut(stride)
            .skip(self.offset.1 as usize)
            .zip(
                frame
                    .pixels
                    .chunks_exact(frame.width as usize * frame.layout.channels()),
            );
        for (row, source) in rows {
            let row = row.as_chunks_mut::<4>().0.iter_mut();
            let row = row.skip(self.offset.0 as usize);
            for (pixel, source) in row.zip(source.chunks_exact(frame.layout.channels())) {
                // Opaque, where the frame does not say.
                pixel[3] = 255;
                for (channel, value) in pixel.iter_mut().zip(source) {
                    *channel = *value;
                }
            }
        }
        Raster {
            width: self.size.0,
            height: self.size.1,
            layout: Layout::Rgba,
            pixels,
        }
    }
}
