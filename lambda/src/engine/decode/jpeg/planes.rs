//! The planes of a JPEG on their way to one result.

use ::jpeg::{Band, Decoder, Eighths, Shape, Sink};

use super::{EngineError, Orientation, Raster};
use crate::engine::fit::{Placement, Span};
use crate::engine::picture::YCbCr;
use crate::engine::raster::Layout;
use crate::engine::shrink::{Axis, Shrink, Target};

/// What stands in for rows that do not come: gray.
const MISSING: u8 = 128;

/// The planes of one result.
#[derive(Debug)]
pub(super) struct Planes {
    stored: Placement,
    /// Whether planes are what is written: luma in 256ths, and chroma of half the result's size in each
    /// direction.
    written: bool,
    on_their_way: Vec<Shrink>,
}

/// Planes in the sizes of a result.
#[derive(Debug)]
pub(super) enum Finished {
    /// To be made pixels of, all of one size.
    Planes(Vec<Raster>),
    /// To be written as they are.
    Written(YCbCr),
}

/// The planes of all results, which take the same rows.
pub(super) struct All<'p> {
    results: &'p mut [Planes],
    failed: Option<EngineError>,
}

impl<'p> All<'p> {
    pub(super) fn new(results: &'p mut [Planes]) -> Self {
        Self {
            results,
            failed: None,
        }
    }

    /// The first failure, which a decoder cannot be told of.
    pub(super) fn done(self) -> Result<(), EngineError> {
        self.failed.map_or(Ok(()), Err)
    }
}

impl Sink for All<'_> {
    fn band(&mut self, band: Band<'_>) {
        if self.failed.is_some() {
            return;
        }
        for result in self.results.iter_mut() {
            if let Some(plane) = result.on_their_way.get_mut(band.component)
                && let Err(error) = plane.take(band.rows())
            {
                self.failed = Some(error);
            }
        }
    }
}

impl Planes {
    pub(super) fn new(stored: Placement, written: bool) -> Self {
        Self {
            stored,
            written,
            on_their_way: Vec::new(),
        }
    }

    /// Makes room for the planes as they will be decoded.
    pub(super) fn begin(
        &mut self,
        decoder: &Decoder<'_>,
        eighths: &[Eighths],
        orientation: Orientation,
    ) -> Result<(), EngineError> {
        for (index, &size) in eighths.iter().enumerate() {
            let shape = decoder
                .shape(index, size)
                .ok_or_else(|| EngineError::corrupt("the JPEG lacks a component"))?;
            let (across, down) = self.axes(index, shape, orientation);
            let shrink = if self.written && index == 0 {
                Shrink::fine(across, down)
            } else {
                Shrink::new(Layout::Gray, across, down)
            };
            self.on_their_way.push(shrink);
        }
        Ok(())
    }

    /// Bytes that the planes take at the most, but for the few rows that are held.
    pub(super) fn bytes(&self) -> u64 {
        self.on_their_way.iter().map(Shrink::bytes).sum()
    }

    /// The planes in their sizes.
    pub(super) fn finish(self) -> Result<Finished, EngineError> {
        let mut planes = self.on_their_way.into_iter();
        if !self.written {
            let planes = planes.map(|plane| plane.finish(MISSING));
            return Ok(Finished::Planes(planes.collect::<Result<_, _>>()?));
        }
        let lacking = || EngineError::corrupt("the JPEG lacks a component");
        let luma = planes.next().ok_or_else(lacking)?.finish_fine(MISSING)?;
        let mut chroma = planes.map(|plane| plane.finish(MISSING));
        let chroma = match (chroma.next(), chroma.next()) {
            (None, _) => None,
            (Some(blue), Some(red)) => Some([blue?, red?]),
            (Some(_), None) => return Err(lacking()),
        };
        Ok(Finished::Written(YCbCr { luma, chroma }))
    }

    const fn is_half(&self, component: usize) -> bool {
        self.written && component > 0
    }

    /// The size of a plane in the result.
    fn size(&self, component: usize) -> (u32, u32) {
        let (width, height) = self.stored.size;
        if self.is_half(component) {
            (width.div_ceil(2), height.div_ceil(2))
        } else {
            (width, height)
        }
    }

    fn axes(&self, component: usize, shape: Shape, orientation: Orientation) -> (Axis, Axis) {
        let (width, height) = self.size(component);
        let (across, down) = orientation.reverses();
        let target = |seen, whole: u32, plane: u32, reversed| Target {
            seen,
            samples: plane as usize,
            overhangs: self.is_half(component) && whole % 2 == 1,
            reversed,
        };
        let Placement { seen, size, .. } = self.stored;
        (
            Axis::new(
                shape.width,
                shape.covered.0,
                target(seen.0, size.0, width, across),
            ),
            Axis::new(
                shape.height,
                shape.covered.1,
                target(seen.1, size.1, height, down),
            ),
        )
    }

    /// At how many eighths a plane is decoded for this result, to have `percent` of its size.
    fn eighths(&self, component: usize, (width, height): (u32, u32), percent: u64) -> Eighths {
        let (across, down) = self.stored.seen;
        let seen = (part(width, across), part(height, down));
        Eighths::for_target(seen, self.size(component), percent)
    }
}

/// Decoded samples for a hundred of the result, in each direction, from what is best to what is least.
const PERCENTS: [u64; 3] = [200, 170, Eighths::OVERSAMPLING];

/// Most samples to decode for more than the least. With a result of 720 x 720, photos of up to 5 megapixels
/// have the best, which costs them less than the least costs one of 24.
const AFFORDABLE: u64 = 2_450_000;

/// At how many eighths each plane is decoded for all results.
pub(super) fn eighths(decoder: &Decoder<'_>, results: &[Planes]) -> Vec<Eighths> {
    let components = &decoder.header().frame.components;
    let at = |percent| -> Vec<Eighths> {
        let planes = components.iter().enumerate();
        planes
            .map(|(index, component)| {
                let sizes = results
                    .iter()
                    .map(|result| result.eighths(index, component.size, percent));
                sizes.max().unwrap_or(Eighths::ALL)
            })
            .collect()
    };
    let samples = |eighths: &[Eighths]| -> u64 {
        let planes = components.iter().zip(eighths);
        planes
            .map(|(component, eighths)| {
                let (width, height) = component.size;
                u64::from(eighths.of(width)) * u64::from(eighths.of(height))
            })
            .sum()
    };
    let [better @ .., least] = PERCENTS;
    let affordable = better
        .map(at)
        .into_iter()
        .find(|eighths| samples(eighths) <= AFFORDABLE);
    affordable.unwrap_or_else(|| at(least))
}

/// How much of a side is seen.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a part of what has 16 bits"
)]
fn part(side: u32, seen: Span) -> u32 {
    ((f64::from(side) * seen.length).ceil() as u32).clamp(1, side)
}
