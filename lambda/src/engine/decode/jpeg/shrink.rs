//! Planes become smaller as their rows arrive.
//!
//! Columns first: each row of the result takes a window of decoded rows, and only those that the next rows
//! of the result need are held. What the columns leave is as high as the result, and its rows are resized
//! in one go. That is the order in which the resizer works on a whole picture too, with the same rounding
//! in between.
#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "sides of a JPEG have 16 bits"
)]

use ::jpeg::{Band, Sink};
use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeError, ResizeOptions, Resizer};

use super::EngineError;
use super::axis::Axis;
use crate::engine::raster::{Layout, Raster};

/// Rows of the result that are worth a call of the resizer.
const BATCH: usize = 16;

/// Samples to each side of its middle that the filter takes, of the larger of the two grids.
const RADIUS: f64 = 3.0;

/// Planes on their way to their sizes in the result.
#[derive(Debug)]
pub(super) struct Shrinking(pub(super) Vec<Plane>);

impl Sink for Shrinking {
    fn band(&mut self, band: Band<'_>) {
        self.0[band.component].take(band.rows());
    }
}

/// A plane on its way to its size in the result.
#[derive(Debug)]
pub(super) struct Plane {
    across: Axis,
    down: Axis,
    /// Decoded rows, with copies of their ends.
    rows: Vec<u8>,
    /// Which decoded row the first of `rows` is.
    first: usize,
    /// Rows of the result's height and of the decoded width, as far as they are done.
    columns: Vec<u8>,
    resizer: Resizer,
    failed: Option<ResizeError>,
}

impl Plane {
    pub(super) fn new(across: Axis, down: Axis) -> Self {
        Self {
            across,
            down,
            rows: Vec::new(),
            first: 0,
            columns: Vec::with_capacity(across.padded() * down.target),
            resizer: Resizer::new(),
            failed: None,
        }
    }

    /// Bytes that the plane takes at the most, but for the few rows that are held.
    pub(super) fn bytes(across: &Axis, down: &Axis) -> u64 {
        (down.target as u64) * (across.padded() as u64 + across.target as u64)
    }

    /// Takes the next rows.
    fn take<'a>(&mut self, rows: impl Iterator<Item = &'a [u8]>) {
        for row in rows {
            if self.rows.is_empty() && self.first == 0 {
                for _ in 0..self.down.before {
                    self.across.extend(&mut self.rows, row);
                }
            }
            self.across.extend(&mut self.rows, row);
        }
        self.advance();
    }

    /// Resizes the columns as far as the rows that are there allow.
    fn advance(&mut self) {
        let width = self.across.padded();
        let next = self.columns.len() / width;
        let held = self.rows.len() / width;
        let until = self.first + held;
        let ready = (next..self.down.target)
            .take_while(|&row| self.window(row).1 <= until)
            .count();
        let all_there = until == self.down.padded();
        if ready == 0 || (ready < BATCH && !all_there) {
            return;
        }
        let source = ImageRef::new(width as u32, held as u32, &self.rows, PixelType::U8);
        self.columns.resize((next + ready) * width, 0);
        let target = &mut self.columns[next * width..];
        let target = Image::from_slice_u8(width as u32, ready as u32, target, PixelType::U8);
        let (Ok(source), Ok(mut target)) = (source, target) else {
            return;
        };
        let top = self.down.start + next as f64 * self.down.scale - self.first as f64;
        let options = options().crop(0.0, top, width as f64, span(&self.down, ready, top, held));
        if let Err(error) = self.resizer.resize(&source, &mut target, &options) {
            self.failed.get_or_insert(error);
        }
        let (needed, _) = self.window(next + ready);
        let passed = needed
            .saturating_sub(self.first)
            .min(held.saturating_sub(1));
        self.rows.drain(..passed * width);
        self.first += passed;
    }

    /// The decoded rows that a row of the result is made of, and one more at both ends.
    fn window(&self, row: usize) -> (usize, usize) {
        let middle = self.down.start + (row as f64 + 0.5) * self.down.scale;
        let reach = RADIUS * self.down.scale.max(1.0) + 1.0;
        let end = (middle + reach).ceil() as usize;
        (
            (middle - reach).floor().max(0.0) as usize,
            end.min(self.down.padded()),
        )
    }

    /// The plane in its size.
    pub(super) fn finish(mut self) -> Result<Raster, EngineError> {
        let width = self.across.padded();
        let last = self.rows.len().saturating_sub(width)..self.rows.len();
        for _ in 0..self.down.after {
            self.rows.extend_from_within(last.clone());
        }
        self.advance();
        if let Some(error) = self.failed {
            return Err(EngineError::encode(error));
        }
        let (height, small) = (self.down.target as u32, self.across.target as u32);
        let pixels = if self.across.is_identity() {
            self.columns
        } else {
            let columns = ImageRef::new(width as u32, height, &self.columns, PixelType::U8)
                .map_err(EngineError::encode)?;
            let mut target = Image::new(small, height, PixelType::U8);
            let left = self.across.start;
            let covered = span(&self.across, self.across.target, left, width);
            let options = options().crop(left, 0.0, covered, f64::from(height));
            self.resizer
                .resize(&columns, &mut target, &options)
                .map_err(EngineError::encode)?;
            target.into_vec()
        };
        Ok(Raster {
            width: small,
            height,
            layout: Layout::Gray,
            pixels,
        })
    }
}

/// How many of the samples from `from` on some samples of the result cover; not more than there are,
/// which by rounding it could be.
fn span(axis: &Axis, targets: usize, from: f64, samples: usize) -> f64 {
    (targets as f64 * axis.scale).min(samples as f64 - from)
}

fn options() -> ResizeOptions {
    ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3))
}

#[cfg(test)]
mod tests {
    use super::super::axis::Target;
    use super::*;

    /// A picture in which each row and each column differs from the one before.
    fn picture(width: usize, height: usize) -> Vec<u8> {
        (0..width * height)
            .map(|i| {
                let (x, y) = (i % width, i / width);
                (x * x / 3 + y * 31 + x * y % 97) as u8
            })
            .collect()
    }

    fn axes(
        (width, height): (usize, usize),
        covered: (f64, f64),
        target: (usize, usize),
        odd: bool,
        reversed: bool,
    ) -> (Axis, Axis) {
        let axis = |samples, covered, target| {
            let target = Target {
                samples: target,
                overhangs: odd,
                reversed,
            };
            Axis::new(samples, covered, target)
        };
        (
            axis(width, covered.0, target.0),
            axis(height, covered.1, target.1),
        )
    }

    fn in_bands(samples: &[u8], across: Axis, down: Axis, rows: usize) -> (Vec<u8>, usize) {
        let mut plane = Plane::new(across, down);
        let mut most = 0;
        for band in samples.chunks(across.samples * rows) {
            plane.take(band.chunks(across.samples));
            most = most.max(plane.rows.len() / across.padded());
        }
        (plane.finish().expect("valid sizes").pixels, most)
    }

    fn whole(samples: &[u8], across: Axis, down: Axis) -> Vec<u8> {
        let rows: Vec<&[u8]> = samples.chunks(across.samples).collect();
        let above = std::iter::repeat_n(rows[0], down.before);
        let below = std::iter::repeat_n(rows[rows.len() - 1], down.after);
        let mut padded = Vec::new();
        for row in above.chain(rows.iter().copied()).chain(below) {
            across.extend(&mut padded, row);
        }
        let (width, height) = (across.padded(), down.padded());
        let source =
            ImageRef::new(width as u32, height as u32, &padded, PixelType::U8).expect("whole rows");
        let mut target = Image::new(across.target as u32, down.target as u32, PixelType::U8);
        let options = options().crop(
            across.start,
            down.start,
            span(&across, across.target, across.start, width),
            span(&down, down.target, down.start, height),
        );
        Resizer::new()
            .resize(&source, &mut target, &options)
            .expect("valid sizes");
        target.into_vec()
    }

    /// Equal, or off by the rounding of a filter that is computed for another place. Where rows are
    /// enlarged that can be doubled by the columns.
    #[test]
    fn bands_make_what_the_whole_makes() {
        for (size, covered, target) in [
            ((251, 331), (250.25, 330.5), (100, 131)),
            ((100, 1000), (99.125, 1000.0), (37, 300)),
            ((64, 2000), (64.0, 1999.5), (7, 219)),
            ((300, 200), (300.0, 199.25), (300, 150)),
            ((300, 200), (300.0, 200.0), (150, 200)),
            ((90, 90), (89.5, 89.5), (90, 90)),
            ((50, 70), (50.0, 70.0), (100, 139)),
            ((1, 500), (0.125, 500.0), (1, 100)),
            ((500, 1), (500.0, 0.125), (100, 1)),
        ] {
            let samples = picture(size.0, size.1);
            for (odd, reversed) in [(false, false), (true, false), (true, true)] {
                let (across, down) = axes(size, covered, target, odd, reversed);
                let expected = whole(&samples, across, down);
                for rows in [1, 4, 17, 1000] {
                    let (found, _) = in_bands(&samples, across, down, rows);
                    assert_eq!(found.len(), expected.len());
                    let off = found
                        .iter()
                        .zip(&expected)
                        .map(|(a, b)| a.abs_diff(*b))
                        .max();
                    assert!(
                        off <= Some(1 + u8::from(down.scale < 1.0)),
                        "{size:?} to {target:?} by {rows} rows, {odd} {reversed}: {off:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn the_rows_that_are_held_do_not_grow_with_the_height() {
        let held = |height: usize| {
            let target = (40, height * 2 / 5);
            let covered = (100.0, height as f64);
            let (across, down) = axes((100, height), covered, target, false, false);
            in_bands(&picture(100, height), across, down, 4).1
        };
        assert_eq!(held(1000), held(20_000));
        assert!(held(1000) < 70, "{}", held(1000));
    }

    #[test]
    fn a_plane_that_fits_is_not_changed() {
        let samples = picture(33, 70);
        let (across, down) = axes((33, 70), (32.5, 69.5), (33, 70), true, false);
        assert_eq!(in_bands(&samples, across, down, 8).0, samples);
    }
}
