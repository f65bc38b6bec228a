//! The planes of a JPEG on their way to one result.

use ::jpeg::{Band, Decoder, Eighths, Shape, Sink};

use super::{EngineError, Orientation, Raster};
use crate::engine::fit::{Placement, Span};
use crate::engine::raster::Layout;
use crate::engine::shrink::{Axis, Shrink, Target};

/// What stands in for rows that do not come: gray.
const MISSING: u8 = 128;

/// The planes of one result.
#[derive(Debug)]
pub(super) struct Planes {
    stored: Placement,
    /// Whether chroma has half the result's size in each direction.
    pub(super) half: bool,
    on_their_way: Vec<Shrink>,
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
    pub(super) fn new(stored: Placement, half: bool) -> Self {
        Self {
            stored,
            half,
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
            self.on_their_way
                .push(Shrink::new(Layout::Gray, across, down));
        }
        Ok(())
    }

    /// Bytes that the planes take at the most, but for the few rows that are held.
    pub(super) fn bytes(&self) -> u64 {
        self.on_their_way.iter().map(Shrink::bytes).sum()
    }

    /// The planes in their sizes.
    pub(super) fn finish(self) -> Result<Vec<Raster>, EngineError> {
        let planes = self.on_their_way.into_iter();
        planes.map(|plane| plane.finish(MISSING)).collect()
    }

    const fn is_half(&self, component: usize) -> bool {
        self.half && component > 0
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

    /// At how many eighths a plane is decoded for this result.
    fn eighths(&self, component: usize, (width, height): (u32, u32)) -> Eighths {
        let (across, down) = self.stored.seen;
        let seen = (part(width, across), part(height, down));
        Eighths::for_target(seen, self.size(component))
    }
}

/// At how many eighths each plane is decoded for all results.
pub(super) fn eighths(decoder: &Decoder<'_>, results: &[Planes]) -> Vec<Eighths> {
    let components = decoder.header().frame.components.iter().enumerate();
    components
        .map(|(index, component)| {
            let sizes = results
                .iter()
                .map(|result| result.eighths(index, component.size));
            sizes.max().unwrap_or(Eighths::ALL)
        })
        .collect()
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
