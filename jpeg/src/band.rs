//! Decoded rows, and where they go.

use crate::frame::Component;
use crate::scale::Eighths;

/// Some rows of a plane.
#[derive(Debug, Clone, Copy)]
pub struct Band<'a> {
    /// Index of the plane in the frame's components.
    pub component: usize,
    /// Which row of the plane the first one is.
    pub first: usize,
    /// Width of the plane in samples.
    pub width: usize,
    /// From the start of a row to that of the next, in samples.
    pub stride: usize,
    /// The rows. Behind the last there may be less than a stride.
    pub samples: &'a [u8],
}

impl<'a> Band<'a> {
    /// The rows from top to bottom, each [`width`](Self::width) samples.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &'a [u8]> {
        let width = self.width;
        self.samples
            .chunks(self.stride)
            .map(move |row| &row[..width])
    }
}

/// Takes rows as they are decoded.
///
/// Those of one plane come from top to bottom, each once. Planes alternate after each row of MCUs, or one
/// follows the other, as the file has them.
pub trait Sink {
    /// Takes the next rows of a plane.
    fn band(&mut self, band: Band<'_>);
}

/// The shape of a decoded plane.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shape {
    /// Width in samples.
    pub width: usize,
    /// Height in samples.
    pub height: usize,
    /// How many of the columns and rows the picture covers: of 1001 columns a quarter is 251, of which
    /// the picture covers 250.25. The right and bottom edges of all planes are there.
    pub covered: (f64, f64),
}

/// Rows of blocks before they become a [`Band`].
#[derive(Debug)]
pub(crate) struct Strip {
    component: usize,
    /// Width and height of the plane.
    plane: (usize, usize),
    stride: usize,
    /// Rows and columns of a block.
    block: usize,
    samples: Vec<u8>,
    /// Rows of the plane above this strip.
    above: usize,
}

impl Strip {
    /// Room for so many blocks beside and above each other.
    pub(crate) fn new(
        index: usize,
        component: &Component,
        eighths: Eighths,
        blocks: (usize, usize),
    ) -> Self {
        let block = eighths.size();
        let (width, height) = component.size;
        Self {
            component: index,
            plane: (eighths.of(width) as usize, eighths.of(height) as usize),
            stride: blocks.0 * block,
            block,
            samples: vec![0; blocks.0 * blocks.1 * block * block],
            above: 0,
        }
    }

    pub(crate) fn stride(&self) -> usize {
        self.stride
    }

    /// The samples from the first of a block on.
    #[inline(always)]
    pub(crate) fn block<const N: usize>(&mut self, x: usize, y: usize) -> &mut [u8] {
        &mut self.samples[(y * self.stride + x) * N..]
    }

    /// Makes blocks gray, from one column of blocks to another.
    pub(crate) fn blank(&mut self, from: usize, to: usize) {
        for row in self.samples.chunks_mut(self.stride) {
            row[from * self.block..to * self.block].fill(128);
        }
    }

    /// Hands the rows on and goes to the next strip.
    pub(crate) fn emit(&mut self, sink: &mut impl Sink) {
        let rows = self.samples.len() / self.stride;
        let left = self.plane.1.saturating_sub(self.above).min(rows);
        if left > 0 {
            sink.band(Band {
                component: self.component,
                first: self.above,
                width: self.plane.0,
                stride: self.stride,
                samples: &self.samples[..left * self.stride],
            });
        }
        self.above += rows;
    }
}
