//! The first scan of a band (T.81, G.1.2.1 and G.1.2.2).

use super::store::Store;
use crate::bits::{Bits, extend, low};
use crate::huffman::{END, Invalid, Table};
use crate::runs::Runs;

/// Reads the first bits of a DC coefficient.
#[inline(always)]
pub(super) fn dc(
    bits: &mut Bits<'_>,
    table: &Table,
    prediction: &mut i32,
    bit: u8,
) -> Result<i16, Invalid> {
    bits.refill();
    let window = bits.window();
    let symbol = table.of(window).ok_or(Invalid)?;
    bits.skip(symbol.total());
    let difference = extend(low(window, symbol.total(), symbol.mask()), symbol.mask());
    *prediction = prediction.wrapping_add(difference);
    Ok((*prediction << bit) as i16)
}

/// A band of a component.
#[derive(Debug)]
pub(super) struct Band<'t> {
    pub(super) first: u32,
    pub(super) last: u32,
    pub(super) bit: u8,
    pub(super) table: &'t Table,
    /// Several symbols at a time, for coefficients of which only the map is kept.
    pub(super) runs: Option<&'t Runs>,
}

impl Band<'_> {
    /// Reads the first bits of the AC coefficients of a block. `ended` counts the blocks that have none.
    #[inline(always)]
    pub(super) fn block(
        &self,
        ended: &mut u32,
        bits: &mut Bits<'_>,
        store: &mut Store,
        number: usize,
    ) -> Result<(), Invalid> {
        if *ended > 0 {
            *ended -= 1;
            return Ok(());
        }
        let corner = store.corner;
        let mut nobodys = 0;
        let (values, map) = store.block(number, &mut nobodys);
        let mut known = *map;
        let kept_last = corner.mask.ilog2();
        let mut place = self.first;
        while place <= self.last {
            bits.refill();
            let window = bits.window();
            if place > kept_last
                && let Some(runs) = self.runs
            {
                let run = runs.at(window);
                let next = place + run.advance();
                if next <= self.last + 1 {
                    known |= run.map() << place;
                    bits.skip(run.total());
                    place = next;
                    continue;
                }
                if next.wrapping_sub(END) <= self.last {
                    known |= run.map() << place;
                    bits.skip(run.total());
                    break;
                }
            }
            let symbol = self.table.of(window).ok_or(Invalid)?;
            bits.skip(symbol.total());
            let mask = symbol.mask();
            let taken = low(window, symbol.total(), mask);
            if symbol.advance() == END {
                // The bits behind the code make a number of blocks, with a one in front. This is the
                // first of them.
                *ended = mask + taken;
                break;
            }
            place += symbol.advance();
            if place > self.last + 1 {
                return Err(Invalid);
            }
            if mask != 0 {
                let at = place - 1;
                known |= 1 << at;
                let kept = usize::from(corner.places[at as usize]);
                if let Some(value) = values.get_mut(kept) {
                    *value = (extend(taken, mask) << self.bit) as i16;
                }
            }
        }
        *map = known;
        Ok(())
    }
}
