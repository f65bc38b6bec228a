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

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use super::error::EngineError;
use super::fit::Placement;
use super::raster::{Layout, Raster};
pub(super) use axis::{Axis, Target};

/// Most rows of the result that are made in one call of the resizer, and how many bytes of decoded rows may
/// wait for that.
const BATCH: usize = 16;
const WAITING: f64 = 1e6;

/// A picture or a plane on its way to its size in the result.
#[derive(Debug)]
pub(super) struct Shrink {
    layout: Layout,
    across: Axis,
    down: Axis,
    /// Rows of the result that are made at once.
    batch: usize,
    /// Decoded rows that came.
    came: usize,
    /// Rows that are held, with copies of their ends, behind some bytes of rows that are not needed any more.
    rows: Vec<u8>,
    passed: usize,
    /// Which of the rows that are kept the first one held is.
    first: usize,
    /// How many rows have to be there for the next batch.
    due: usize,
    /// What the columns leave of a batch.
    columns: Vec<u8>,
    /// The result, as far as it is done.
    pixels: Vec<u8>,
    /// Rows of it.
    done: usize,
    resizer: Resizer,
}

impl Shrink {
    /// For a plane or a picture whose pixels are of this layout.
    pub(super) fn new(layout: Layout, across: Axis, down: Axis) -> Self {
        let stride = across.padded() * layout.channels();
        let batch = (WAITING / (stride as f64 * down.scale)).clamp(1.0, BATCH as f64);
        let mut shrink = Self {
            layout,
            across,
            down,
            batch: batch as usize,
            came: 0,
            rows: Vec::new(),
            passed: 0,
            first: 0,
            due: 0,
            columns: Vec::new(),
            pixels: Vec::new(),
            done: 0,
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
        let result = (self.across.target * self.down.target * self.layout.channels()) as u64;
        let held = self.due.min(self.down.padded()) + self.batch;
        result + (held * self.stride()) as u64 * 2
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
        self.across
            .extend(&mut self.rows, row, self.layout.channels());
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

    /// Bytes of a row that is held.
    fn stride(&self) -> usize {
        self.across.padded() * self.layout.channels()
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
        self.resize_rows(ready)?;
        self.done += ready;
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
        let pixels = pixel_type(self.layout);
        let (width, held) = (self.across.padded() as u32, self.held());
        let rows = &self.rows[self.passed..];
        let source =
            ImageRef::new(width, held as u32, rows, pixels).map_err(EngineError::encode)?;
        self.columns
            .resize(ready * self.across.padded() * self.layout.channels(), 0);
        let mut target = Image::from_slice_u8(width, ready as u32, &mut self.columns, pixels)
            .map_err(EngineError::encode)?;
        let top = self.down.start + self.done as f64 * self.down.scale - self.first as f64;
        let height = span(&self.down, ready, top, held);
        let options = options().crop(0.0, top, f64::from(width), height);
        self.resizer
            .resize(&source, &mut target, &options)
            .map_err(EngineError::encode)
    }

    fn resize_rows(&mut self, ready: usize) -> Result<(), EngineError> {
        if self.across.is_identity() {
            self.pixels.extend_from_slice(&self.columns);
            return Ok(());
        }
        let pixels = pixel_type(self.layout);
        let padded = self.across.padded();
        let height = ready as u32;
        let columns = ImageRef::new(padded as u32, height, &self.columns, pixels)
            .map_err(EngineError::encode)?;
        let start = self.pixels.len();
        let row = self.across.target * self.layout.channels();
        self.pixels.resize(start + ready * row, 0);
        let target = &mut self.pixels[start..];
        let mut target = Image::from_slice_u8(self.across.target as u32, height, target, pixels)
            .map_err(EngineError::encode)?;
        let left = self.across.start;
        let covered = span(&self.across, self.across.target, left, padded);
        let options = options().crop(left, 0.0, covered, f64::from(height));
        self.resizer
            .resize(&columns, &mut target, &options)
            .map_err(EngineError::encode)
    }

    /// The picture or plane in its size. Rows that did not come are `missing`, every byte of them.
    pub(super) fn finish(mut self, missing: u8) -> Result<Raster, EngineError> {
        let all = self.down.skipped + self.down.samples;
        if self.came < all {
            let line = (self.across.skipped + self.across.samples) * self.layout.channels();
            let row = vec![missing; line];
            self.take((self.came..all).map(|_| row.as_slice()))?;
        }
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

#[cfg(test)]
mod tests {
    use super::super::fit::Span;
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
                seen: Span::WHOLE,
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
        let mut plane = Shrink::new(Layout::Gray, across, down);
        let mut most = 0;
        for band in samples.chunks(across.samples * rows) {
            plane
                .take(band.chunks(across.samples))
                .expect("valid sizes");
            most = most.max(plane.rows.len() / across.padded());
        }
        (plane.finish(0).expect("valid sizes").pixels, most)
    }

    fn whole(samples: &[u8], across: Axis, down: Axis) -> Vec<u8> {
        let rows: Vec<&[u8]> = samples.chunks(across.samples).collect();
        let above = std::iter::repeat_n(rows[0], down.before);
        let below = std::iter::repeat_n(rows[rows.len() - 1], down.after);
        let mut padded = Vec::new();
        for row in above.chain(rows.iter().copied()).chain(below) {
            across.extend(&mut padded, row, 1);
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

    fn resized(source: &Raster, size: (u32, u32)) -> Raster {
        let stored = Placement {
            seen: (Span::WHOLE, Span::WHOLE),
            size,
            canvas: size,
        };
        let mut shrink = Shrink::of_picture(source.layout, (source.width, source.height), &stored);
        let row = source.width as usize * source.layout.channels();
        shrink.take(source.pixels.chunks(row)).expect("valid sizes");
        shrink.finish(0).expect("valid sizes")
    }

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
        let small = resized(&source, (9, 9));
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
            let small = resized(&source, (13, 10));
            assert_eq!(small.pixels.len(), 13 * 10 * layout.channels());
            assert!(
                small.pixels.iter().all(|v| v.abs_diff(200) <= 1),
                "{layout:?}"
            );
        }
    }

    #[test]
    fn what_is_not_mixed_keeps_its_colour_whatever_its_alpha() {
        let source = Raster {
            width: 3,
            height: 2,
            layout: Layout::Rgba,
            pixels: (0..24).map(|i| i * 9 % 7).collect(),
        };
        assert_eq!(resized(&source, (3, 2)).pixels, source.pixels);
    }

    #[test]
    fn a_part_is_what_the_whole_shows_there() {
        let (width, height) = (301, 1203);
        let samples = picture(width, height);
        let target = |seen, samples| Target {
            seen,
            samples,
            overhangs: false,
            reversed: false,
        };
        let part = |start: f64, length: f64| Span { start, length };
        let axes = |across, down| {
            (
                Axis::new(width, width as f64, target(across, 60)),
                Axis::new(height, height as f64, target(down, 100)),
            )
        };
        let (across, down) = axes(part(0.2, 0.5), part(0.4, 0.25));
        let whole = whole_of(&samples, width, [(0.2, 0.5), (0.4, 0.25)], (60, 100));
        for rows in [1, 7, 2000] {
            let mut plane = Shrink::new(Layout::Gray, across, down);
            let mut most = 0;
            for band in samples.chunks(width * rows) {
                plane.take(band.chunks(width)).expect("valid sizes");
                most = most.max(plane.rows.len() / across.padded());
            }
            let found = plane.finish(0).expect("valid sizes").pixels;
            let off = found.iter().zip(&whole).map(|(a, b)| a.abs_diff(*b)).max();
            assert!(off <= Some(1), "{rows}: {off:?}");
            assert!(rows > 7 || most < 80, "{most} rows are held");
        }
    }

    /// What the resizer makes of a part of a whole picture.
    fn whole_of(
        samples: &[u8],
        width: usize,
        [(left, across), (top, down)]: [(f64, f64); 2],
        target: (u32, u32),
    ) -> Vec<u8> {
        let height = samples.len() / width;
        let source = ImageRef::new(width as u32, height as u32, samples, PixelType::U8);
        let mut target = Image::new(target.0, target.1, PixelType::U8);
        let (width, height) = (width as f64, height as f64);
        let part = (left * width, top * height, across * width, down * height);
        let options = options().crop(part.0, part.1, part.2, part.3);
        Resizer::new()
            .resize(&source.expect("whole rows"), &mut target, &options)
            .expect("valid sizes");
        target.into_vec()
    }

    #[test]
    fn what_does_not_come_is_missing() {
        let mut shrink = Shrink::of_picture(
            Layout::Gray,
            (8, 64),
            &Placement {
                seen: (Span::WHOLE, Span::WHOLE),
                size: (2, 16),
                canvas: (2, 16),
            },
        );
        shrink
            .take([[200; 8]; 32].iter().map(<[u8; 8]>::as_slice))
            .expect("valid sizes");
        let small = shrink.finish(128).expect("valid sizes");
        assert_eq!((small.pixels[0], small.pixels[31]), (200, 128));
    }
}
