//! What is kept of a component until all scans are read.

use crate::Error;
use crate::band::Strip;
use crate::frame::{Component, Frame};
use crate::idct::{self, Factors};
use crate::limits::{self, Limits};
use crate::scale::Eighths;
use crate::zigzag::{self, AnyCorner};

/// The corners of all blocks of a component.
#[derive(Debug)]
pub(super) struct Store {
    pub(super) corner: AnyCorner,
    pub(super) eighths: Eighths,
    /// Blocks in a row, those that fill MCUs included.
    across: usize,
    /// Coefficients of a corner.
    area: usize,
    values: Vec<i16>,
    /// For each block the places of the zigzag whose coefficients are not 0; empty if nobody asks.
    maps: Vec<u64>,
    /// Of the quantization table that was installed at the component's first scan.
    pub(super) factors: Option<Factors>,
}

impl Store {
    /// One for each component, if all of them are within the limit.
    pub(super) fn all(
        frame: &Frame,
        eighths: &[Eighths],
        mapped: &[u64],
        limits: &Limits,
    ) -> Result<Vec<Self>, Error> {
        let parts = || frame.components.iter().zip(eighths).zip(mapped);
        let bytes = parts().map(|((component, eighths), mapped)| {
            let (across, down) = padded(frame, component);
            let map = if *mapped == 0 { 0 } else { 8 };
            (across * down * (2 * eighths.size() * eighths.size() + map)) as u64
        });
        let limit = limits.max_coefficient_bytes;
        limits::check("bytes of coefficients", bytes.sum(), limit)?;
        let store = |((component, eighths), mapped): ((&Component, &Eighths), &u64)| {
            let (across, down) = padded(frame, component);
            let area = eighths.size() * eighths.size();
            let maps = if *mapped == 0 { 0 } else { across * down };
            Self {
                corner: zigzag::corner(eighths.size()),
                eighths: *eighths,
                across,
                area,
                values: vec![0; across * down * area],
                maps: vec![0; maps],
                factors: None,
            }
        };
        Ok(parts().map(store).collect())
    }

    pub(super) fn across(&self) -> usize {
        self.across
    }

    /// The number of the block at a column and a row of blocks.
    #[inline(always)]
    pub(super) fn number(&self, x: usize, y: usize) -> usize {
        y * self.across + x
    }

    /// The corner of a block.
    #[inline(always)]
    pub(super) fn values(&mut self, number: usize) -> &mut [i16] {
        &mut self.values[number * self.area..][..self.area]
    }

    /// The corner of a block and its map, which is nobody's if there are no maps.
    #[inline(always)]
    pub(super) fn block<'s>(
        &'s mut self,
        number: usize,
        nobodys: &'s mut u64,
    ) -> (&'s mut [i16], &'s mut u64) {
        (
            &mut self.values[number * self.area..][..self.area],
            self.maps.get_mut(number).unwrap_or(nobodys),
        )
    }

    /// Transforms a row of blocks into a row of a strip.
    pub(super) fn transform(&self, row: usize, to: usize, strip: &mut Strip) {
        match self.eighths.get() {
            1 => self.transform_to::<1>(row, to, strip),
            2 => self.transform_to::<2>(row, to, strip),
            3 => self.transform_to::<3>(row, to, strip),
            4 => self.transform_to::<4>(row, to, strip),
            5 => self.transform_to::<5>(row, to, strip),
            6 => self.transform_to::<6>(row, to, strip),
            7 => self.transform_to::<7>(row, to, strip),
            _ => self.transform_to::<8>(row, to, strip),
        }
    }

    fn transform_to<const N: usize>(&self, row: usize, to: usize, strip: &mut Strip) {
        let factors = self.factors.as_ref().unwrap_or(&[0; 64]);
        let stride = strip.stride();
        let mut values = [0; 128];
        let first = self.number(0, row) * self.area;
        let corners = self.values[first..].chunks_exact(self.area);
        for (x, corner) in corners.take(self.across).enumerate() {
            values[..N * N].copy_from_slice(&corner[..N * N]);
            let flat = N > 2 && corner[1..].iter().fold(0, |all, &value| all | value) == 0;
            idct::block::<N>(&values, factors, flat, strip.block::<N>(x, to), stride);
        }
    }
}

fn padded(frame: &Frame, component: &Component) -> (usize, usize) {
    let (h, v) = component.factors();
    (frame.mcus.0 * h, frame.mcus.1 * v)
}
