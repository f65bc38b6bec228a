//! One block (T.81, F.2.2).

use super::Coefficients;
use crate::bits::{Bits, extend, low};
use crate::huffman::{END, Invalid, State, Symbol, Table};
use crate::idct::Values;
use crate::zigzag::Corner;

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
    let mut place = 1;
    let mut flat = false;
    loop {
        let mut window = bits.window();
        let mut state = State::at(place);
        // What to go back to.
        let mut before = (window, state);
        if !state.is_behind(last) {
            // The first symbol follows the difference without a refill, the others by two: of 25 bits
            // at most all of them.
            loop {
                before = (window, state);
                (window, state) = keep::<N>(ac, window, state, values);
                if state.is_behind(last) {
                    flat = before.1.place() == 1;
                    break;
                }
                bits.go_to(window, state.taken());
                bits.refill();
                (window, state) = (bits.window(), State::at(state.place()));
                before = (window, state);
                (window, state) = keep::<N>(ac, window, state, values);
                if state.is_behind(last) {
                    break;
                }
            }
        }
        if !state.is_behind(63)
            && let Some(skips) = &ac.skips
        {
            'block: loop {
                bits.go_to(window, state.taken());
                bits.refill();
                (window, state) = (bits.window(), State::at(state.place()));
                before = (window, state);
                for _ in 0..3 {
                    let skip = skips.at(window);
                    window = window.wrapping_shl(skip.total());
                    state = state.after(skip.step());
                    if state.is_behind(63) {
                        break 'block;
                    }
                }
            }
        }
        if is_end(state.place()) {
            bits.go_to(window, state.taken());
            return Ok(flat && state.place() == END + 1);
        }
        bits.go_to(before.0, before.1.taken());
        (*bits, place) = carefully::<N>(*bits, ac, before.1.place(), values)?;
        if is_end(place) {
            return Ok(false);
        }
    }
}

/// Whether a block ends at this place, be it that an end was read or that no place is left.
#[inline(always)]
fn is_end(place: u32) -> bool {
    place == 64 || place.wrapping_sub(END + 1) < 63
}

#[inline(always)]
fn difference(bits: &mut Bits<'_>, dc: &Table) -> Result<i32, Invalid> {
    let window = bits.window();
    let mut symbol = dc.at(window);
    if symbol.is_unknown() {
        symbol = dc.any_at(window).ok_or(Invalid)?;
        bits.skip(symbol.total());
        bits.refill();
    } else {
        bits.skip(symbol.total());
    }
    Ok(number(window, symbol))
}

#[inline(always)]
fn number(window: u64, symbol: Symbol) -> i32 {
    extend(low(window, symbol.total(), symbol.mask()), symbol.mask())
}

/// Reads a symbol and keeps its coefficient.
#[inline(always)]
fn keep<const N: usize>(
    ac: &Coefficients,
    window: u64,
    state: State,
    values: &mut Values,
) -> (u64, State) {
    let symbol = ac.table.at(window);
    let state = state.after(symbol.step());
    let kept = Corner::<N>::PLACES[usize::from((state.place() - 1) as u8)];
    values[usize::from(kept) & 127] = number(window, symbol) as i16;
    (window.wrapping_shl(symbol.total()), state)
}

/// The same for any code, and with an eye on the end of the block.
#[cold]
#[inline(never)]
fn carefully<'a, const N: usize>(
    mut bits: Bits<'a>,
    ac: &Coefficients,
    place: u32,
    values: &mut Values,
) -> Result<(Bits<'a>, u32), Invalid> {
    bits.refill();
    let window = bits.window();
    let symbol = ac.table.any_at(window).ok_or(Invalid)?;
    bits.skip(symbol.total());
    bits.refill();
    let place = place + symbol.advance();
    if place > 64 && place < END {
        return Err(Invalid);
    }
    let kept = Corner::<N>::PLACES[usize::from((place - 1) as u8)];
    values[usize::from(kept) & 127] = number(window, symbol) as i16;
    Ok((bits, place))
}
