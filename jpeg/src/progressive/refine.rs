//! A further bit of a band (T.81, G.1.2.3).

use super::store::Store;
use crate::bits::{Bits, REFILLED, low};
use crate::huffman::{END, Invalid, Table};
use crate::zigzag::AnyCorner;

/// Reads a bit of a DC coefficient.
#[inline(always)]
pub(super) fn dc(bits: &mut Bits<'_>, value: &mut i16, bit: u8) {
    bits.refill();
    *value |= (bits.take(1) << bit) as i16;
}

/// A band of a component.
#[derive(Debug)]
pub(super) struct Band<'t> {
    pub(super) first: u32,
    pub(super) last: u32,
    /// The places of the band, a bit for each.
    pub(super) places: u64,
    pub(super) bit: u8,
    pub(super) table: &'t Table,
}

impl Band<'_> {
    /// Reads a bit of the AC coefficients of a block that are not 0, and those that become 1 or -1. `ended`
    /// counts the blocks of which none do.
    #[inline(always)]
    pub(super) fn block(
        &self,
        ended: &mut u32,
        bits: &mut Bits<'_>,
        store: &mut Store,
        number: usize,
    ) -> Result<(), Invalid> {
        let corner = store.corner;
        let one = 1 << self.bit;
        let mut nobodys = 0;
        let (values, map) = store.block(number, &mut nobodys);
        let mut place = self.first;
        if *ended == 0 {
            while place <= self.last {
                bits.refill();
                let window = bits.window();
                let symbol = self.table.of(window).ok_or(Invalid)?;
                bits.skip(symbol.total());
                let taken = low(window, symbol.total(), symbol.mask());
                if symbol.advance() == END {
                    *ended = symbol.mask() + taken + 1;
                    break;
                }
                // So many coefficients that are 0 and stay so; between them are bits for the others.
                let rest = self.places & u64::MAX << place;
                let mut zeros = rest & !*map;
                for _ in 1..symbol.advance() {
                    zeros &= zeros.wrapping_sub(1);
                }
                let below = (zeros & zeros.wrapping_neg()).wrapping_sub(1);
                correct(bits, rest & *map & below, corner, values, one);
                let at = zeros.trailing_zeros();
                if symbol.mask() != 0 {
                    if zeros == 0 {
                        return Err(Invalid);
                    }
                    *map |= 1 << at;
                    let kept = usize::from(corner.places[at as usize]);
                    if let Some(value) = values.get_mut(kept) {
                        *value = if taken == 0 { -one } else { one };
                    }
                }
                place = at + 1;
            }
        }
        if *ended > 0 {
            *ended -= 1;
            if place <= self.last {
                let rest = self.places & u64::MAX << place;
                correct(bits, rest & *map, corner, values, one);
            }
        }
        Ok(())
    }
}

/// Reads a bit for each of the places, and adds those that are kept.
#[inline(always)]
fn correct(
    bits: &mut Bits<'_>,
    places: u64,
    corner: AnyCorner,
    values: &mut [i16],
    one: i16,
) {
    const HALF: u64 = (1 << REFILLED) - 1;
    if places == 0 {
        return;
    }
    for part in [places & HALF, places & !HALF] {
        if part == 0 {
            continue;
        }
        bits.refill();
        let window = bits.window();
        let mut kept = part & corner.mask;
        while kept != 0 {
            let place = kept.trailing_zeros();
            let before = (part & ((1 << place) - 1)).count_ones();
            let index = usize::from(corner.places[place as usize]);
            if window << before >> 63 == 1
                && let Some(value) = values.get_mut(index)
                && *value & one == 0
            {
                *value = value.wrapping_add(if *value < 0 { -one } else { one });
            }
            kept &= kept - 1;
        }
        bits.skip(part.count_ones());
    }
}
