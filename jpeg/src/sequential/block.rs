//! One block (T.81, F.2.2).

use super::Coefficients;
use crate::bits::{Bits, extend, low};
use crate::huffman::{END, Table};
use crate::idct::Values;
use crate::zigzag::Corner;

/// No code, or a run beyond the end of the block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Invalid;

/// Reads a block, keeps the coefficients of the `N` x `N` corner and returns whether all but the first
/// are 0, if that is known at once.
///
/// Nothing is asked for each symbol but whether the place in the block is still within bounds. What is
/// rare (a long code, the end of a block without its symbol) leads to a place that is not, where
/// the last look is undone and taken again with care.
#[inline(always)]
pub(super) fn decode<const N: usize>(
    bits: &mut Bits<'_>,
    dc: &Table,
    ac: &Coefficients,
    prediction: &mut i32,
    values: &mut Values,
) -> Result<bool, Invalid> {
    values[..N * N].fill(0);
    bits.refill();
    *prediction = prediction.wrapping_add(difference(bits, dc)?);
    values[0] = *prediction as i16;

    let last = if ac.skips.is_some() {
        Corner::<N>::LAST
    } else {
        63
    };
    // Ever the place of the next coefficient in the zigzag.
    let mut place = 1;
    let mut flat = false;
    loop {
        let mut mark = bits.mark();
        let mut before = place;
        if place <= last {
            // A symbol takes 25 bits at most, and the difference did: two fit.
            loop {
                (mark, before) = (bits.mark(), place);
                place = keep::<N>(bits, ac, place, values);
                if place > last {
                    flat |= before == 1 && place > END;
                    break;
                }
                bits.refill();
                (mark, before) = (bits.mark(), place);
                place = keep::<N>(bits, ac, place, values);
                if place > last {
                    break;
                }
            }
        }
        if place < 64
            && let Some(skips) = &ac.skips
        {
            'block: loop {
                bits.refill();
                for _ in 0..3 {
                    (mark, before) = (bits.mark(), place);
                    let skip = skips.at(bits.window());
                    bits.skip(skip.total());
                    place += skip.advance();
                    if place >= 64 {
                        break 'block;
                    }
                }
            }
        }
        if is_end(place) {
            return Ok(flat && place > END);
        }
        bits.back_to(mark);
        flat = false;
        place = carefully::<N>(bits, ac, before, values)?;
        if is_end(place) {
            return Ok(false);
        }
        bits.refill();
    }
}

/// Whether a block ends at this place, be it that an end was read or that no place is left.
#[inline(always)]
fn is_end(place: u32) -> bool {
    place == 64 || place.wrapping_sub(END + 1) < 63
}

#[inline(always)]
fn difference(bits: &mut Bits<'_>, dc: &Table) -> Result<i32, Invalid> {
    let mut symbol = dc.at(bits.window());
    if symbol.is_unknown() {
        symbol = dc.any_at(bits.window()).ok_or(Invalid)?;
    }
    let (total, size) = (symbol.total(), symbol.size());
    let taken = low(bits.window(), total, size);
    bits.skip(total);
    Ok(extend(taken, size))
}

/// Reads a symbol and keeps its coefficient; returns the next place.
#[inline(always)]
fn keep<const N: usize>(
    bits: &mut Bits<'_>,
    ac: &Coefficients,
    place: u32,
    values: &mut Values,
) -> u32 {
    let window = bits.window();
    let symbol = ac.table.at(window);
    bits.skip(symbol.total());
    let place = place + symbol.advance();
    let value = extend(low(window, symbol.total(), symbol.size()), symbol.size());
    let kept = Corner::<N>::PLACES[usize::from((place - 1) as u8)];
    values[usize::from(kept) & 127] = value as i16;
    place
}

/// The same for any code, and with an eye on the end of the block.
#[cold]
#[inline(never)]
fn carefully<const N: usize>(
    bits: &mut Bits<'_>,
    ac: &Coefficients,
    place: u32,
    values: &mut Values,
) -> Result<u32, Invalid> {
    bits.refill();
    let window = bits.window();
    let symbol = ac.table.any_at(window).ok_or(Invalid)?;
    bits.skip(symbol.total());
    let place = place + symbol.advance();
    if place > 64 && place < END {
        return Err(Invalid);
    }
    let value = extend(low(window, symbol.total(), symbol.size()), symbol.size());
    let kept = Corner::<N>::PLACES[usize::from((place - 1) as u8)];
    values[usize::from(kept) & 127] = value as i16;
    Ok(place)
}
