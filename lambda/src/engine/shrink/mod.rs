//! Pictures and planes become smaller as their rows arrive.
//!
//! Columns first: each row of the result takes a window of decoded rows, and only those that the next rows
//! of the result need are held. What the columns leave is resized along its rows at once. That is the order
//! in which the resizer works on a whole picture too, with the same rounding in between.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "sides of a picture have at most 24 bits"
)]

mod alpha;
mod axis;
#[cfg(test)]
mod tests;

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use super::error::EngineError;
use super::fit::Placement;
use super::picture::Fine;
use super::raster::{Layout, Raster};
pub(super) use axis::{Axis, Target};

/// Most rows of the result that are made in one call of the resizer, and how many bytes of decoded rows may
/// wait for that.
const BATCH: usize = 16;
const WAITING: f64 = 1e6;

/// How many bytes the columns may leave before their rows are resized. Each time the filter is computed anew,
/// which takes a third of a millisecond.
const COLUMNS: usize = 2 << 20;

/// A picture or a plane on its way to its size in the result.
#[derive(Debug)]
pub(super) struct Shrink {
    layout: Layout,
    /// Whether gray is computed in 256ths, in two bytes: then it is not rounded between the columns and the rows,
    /// nor behind them, which in a soft picture can be seen in its SSIM.
    fine: bool,
    across: Axis,
    down: Axis,
    /// Rows of the result that are made at once.
    batch: usize,
    /// Decoded rows that came.
    came: usize,
    /// A row before it becomes fine.
    line: Vec<u8>,
    /// Rows that are held, with copies of their ends, behind some bytes of rows that are not needed any more.
    rows: Vec<u8>,
    passed: usize,
    /// Which of the rows that are kept the first one held is.
    first: usize,
    /// How many rows have to be there for the next batch.
    due: usize,
    /// Rows of the result whose columns are done.
    done: usize,
    /// What the columns leave of the last of them.
    columns: Vec<u8>,
    /// The result, as far as its rows are done too.
    pixels: Vec<u8>,
    resizer: Resizer,
}

impl Shrink {
    /// For a plane or a picture whose pixels are of this layout.
    pub(super) fn new(layout: Layout, across: Axis, down: Axis) -> Self {
        Self::begin(layout, false, across, down)
    }

    /// For a plane that becomes a [`Fine`].
    pub(super) fn fine(across: Axis, down: Axis) -> Self {
        Self::begin(Layout::Gray, true, across, down)
    }

    fn begin(layout: Layout, fine: bool, across: Axis, down: Axis) -> Self {
        let bytes = if fine { 2 } else { layout.channels() };
        let stride = across.padded() * bytes;
        let batch = (WAITING / (stride as f64 * down.scale)).clamp(1.0, BATCH as f64);
        let mut shrink = Self {
            layout,
            fine,
            across,
            down,
            batch: batch as usize,
            came: 0,
            line: Vec::new(),
            rows: Vec::new(),
            passed: 0,
            first: 0,
            due: 0,
            done: 0,
            columns: Vec::new(),
            pixels: Vec::new(),
            resizer: Resizer::new(),
        };
        shrink.due = shrink.next_due();
        shrink
    }

    /// For a picture that is decoded to `size`.
    pub(super) fn of_picture(
        layout: Layout,
        (width, height): (u32, u32),
        stored: &Placement,
    ) -> Self {
        let axis = |side: u32, seen, samples: u32| {
            let target = Target {
                seen,
                samples: samples as usize,
                overhangs: false,
                reversed: false,
            };
            Axis::new(side as usize, f64::from(side), target)
        };
        Self::new(
            layout,
            axis(width, stored.seen.0, stored.size.0),
            axis(height, stored.seen.1, stored.size.1),
        )
    }

    /// Bytes that this takes at the most: the result, and rows that are held.
    pub(super) fn bytes(&self) -> u64 {
        let result = (self.across.target * self.down.target * self.bytes_of_pixel()) as u64;
        let held = self.due.min(self.down.padded()) + self.batch;
        let columns = COLUMNS.min(self.down.target * self.stride());
        result + (held * self.stride()) as u64 * 2 + columns as u64
    }

    /// Takes the next rows.
    ///
    /// # Errors
    ///
    /// The resizer's, for sizes that it does not take.
    pub(super) fn take<'a>(
        &mut self,
        rows: impl Iterator<Item = &'a [u8]>,
    ) -> Result<(), EngineError> {
        for row in rows {
            let index = self.came;
            self.came += 1;
            if !(self.down.skipped..self.down.skipped + self.down.samples).contains(&index) {
                continue;
            }
            if index == self.down.skipped {
                for _ in 0..self.down.before {
                    self.hold(row)?;
                }
            }
            self.hold(row)?;
            if index + 1 == self.down.skipped + self.down.samples {
                for _ in 0..self.down.after {
                    self.hold(row)?;
                }
            }
        }
        Ok(())
    }

    fn hold(&mut self, row: &[u8]) -> Result<(), EngineError> {
        let start = self.rows.len();
        if self.fine {
            self.line.clear();
            self.across.extend(&mut self.line, row, 1);
            self.rows.resize(start + self.line.len() * 2, 0);
            let (samples, _) = self.rows[start..].as_chunks_mut();
            for (to, &from) in samples.iter_mut().zip(&self.line) {
                *to = (u16::from(from) << 8).to_ne_bytes();
            }
        } else {
            self.across
                .extend(&mut self.rows, row, self.layout.channels());
        }
        if self.blends() {
            alpha::multiply(self.layout, &mut self.rows[start..]);
        }
        // The last row is what several batches have waited for.
        while self.first + self.held() >= self.due {
            self.advance()?;
        }
        Ok(())
    }

    /// Whether pixels with different alpha are mixed.
    fn blends(&self) -> bool {
        self.layout.has_alpha() && !(self.across.is_aligned() && self.down.is_aligned())
    }

    /// Bytes of a pixel as it is computed.
    const fn bytes_of_pixel(&self) -> usize {
        if self.fine { 2 } else { self.layout.channels() }
    }

    /// Bytes of a row that is held.
    fn stride(&self) -> usize {
        self.across.padded() * self.bytes_of_pixel()
    }

    /// Rows that are held.
    fn held(&self) -> usize {
        (self.rows.len() - self.passed) / self.stride()
    }

    /// How many of the rows that are kept the next batch takes to be made.
    fn next_due(&self) -> usize {
        match (self.done + self.batch).min(self.down.target) {
            last if last > self.done => self.down.window(last - 1).1,
            _ => usize::MAX,
        }
    }

    /// Makes the next rows of the result.
    fn advance(&mut self) -> Result<(), EngineError> {
        let ready = self.batch.min(self.down.target - self.done);
        self.resize_columns(ready)?;
        self.done += ready;
        if self.done == self.down.target || self.columns.len() >= COLUMNS {
            self.resize_rows()?;
        }
        let (needed, _) = self.down.window(self.done);
        let passed = needed
            .saturating_sub(self.first)
            .min(self.held().saturating_sub(1));
        self.first += passed;
        self.passed += passed * self.stride();
        // Not each time: what stays has to be moved.
        if self.passed > self.rows.len() / 3 {
            self.rows.drain(..self.passed);
            self.passed = 0;
        }
        self.due = self.next_due();
        Ok(())
    }

    fn resize_columns(&mut self, ready: usize) -> Result<(), EngineError> {
        let pixels = self.pixel_type();
        let (width, held) = (self.across.padded() as u32, self.held());
        let rows = &self.rows[self.passed..];
        let source =
            ImageRef::new(width, held as u32, rows, pixels).map_err(EngineError::encode)?;
        let start = self.columns.len();
        self.columns.resize(start + ready * self.stride(), 0);
        let target = &mut self.columns[start..];
        let mut target = Image::from_slice_u8(width, ready as u32, target, pixels)
            .map_err(EngineError::encode)?;
        let top = self.down.start + self.done as f64 * self.down.scale - self.first as f64;
        let height = span(&self.down, ready, top, held);
        let options = options().crop(0.0, top, f64::from(width), height);
        self.resizer
            .resize(&source, &mut target, &options)
            .map_err(EngineError::encode)
    }

    fn resize_rows(&mut self) -> Result<(), EngineError> {
        let ready = self.columns.len() / self.stride();
        if self.across.is_identity() {
            self.pixels.append(&mut self.columns);
            return Ok(());
        }
        let pixels = self.pixel_type();
        let padded = self.across.padded();
        let height = ready as u32;
        let columns = ImageRef::new(padded as u32, height, &self.columns, pixels)
            .map_err(EngineError::encode)?;
        let start = self.pixels.len();
        let row = self.across.target * self.bytes_of_pixel();
        self.pixels.resize(start + ready * row, 0);
        let target = &mut self.pixels[start..];
        let mut target = Image::from_slice_u8(self.across.target as u32, height, target, pixels)
            .map_err(EngineError::encode)?;
        let left = self.across.start;
        let covered = span(&self.across, self.across.target, left, padded);
        let options = options().crop(left, 0.0, covered, f64::from(height));
        self.resizer
            .resize(&columns, &mut target, &options)
            .map_err(EngineError::encode)?;
        self.columns.clear();
        Ok(())
    }

    /// The picture or plane in its size. Rows that did not come are `missing`, every byte of them.
    pub(super) fn finish(mut self, missing: u8) -> Result<Raster, EngineError> {
        self.complete(missing)?;
        let size = (self.across.target as u32, self.down.target as u32);
        if self.blends() {
            alpha::divide(self.layout, size, &mut self.pixels)?;
        }
        Ok(Raster {
            width: size.0,
            height: size.1,
            layout: self.layout,
            pixels: self.pixels,
        })
    }

    /// The same of a plane that is computed in 256ths.
    pub(super) fn finish_fine(mut self, missing: u8) -> Result<Fine, EngineError> {
        self.complete(missing)?;
        let samples = self.pixels.as_chunks().0.iter();
        Ok(Fine {
            width: self.across.target as u32,
            height: self.down.target as u32,
            samples: samples.map(|&bytes| u16::from_ne_bytes(bytes)).collect(),
        })
    }

    /// Takes what did not come.
    fn complete(&mut self, missing: u8) -> Result<(), EngineError> {
        let all = self.down.skipped + self.down.samples;
        if self.came < all {
            let line = (self.across.skipped + self.across.samples) * self.layout.channels();
            let row = vec![missing; line];
            self.take((self.came..all).map(|_| row.as_slice()))?;
        }
        Ok(())
    }

    fn pixel_type(&self) -> PixelType {
        if self.fine {
            // The resizer checks that the bytes are aligned, as those of any allocation are.
            return PixelType::U16;
        }
        pixel_type(self.layout)
    }
}

/// How many of the samples from `from` on some samples of the result cover; not more than there are,
/// which by rounding it could be.
fn span(axis: &Axis, targets: usize, from: f64, samples: usize) -> f64 {
    (targets as f64 * axis.scale).min(samples as f64 - from)
}

fn options() -> ResizeOptions {
    ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3))
        .use_alpha(false)
}

const fn pixel_type(layout: Layout) -> PixelType {
    match layout {
        Layout::Gray => PixelType::U8,
        Layout::GrayAlpha => PixelType::U8x2,
        Layout::Rgb => PixelType::U8x3,
        Layout::Rgba => PixelType::U8x4,
    }
}
