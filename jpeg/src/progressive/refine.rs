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
        let mut known = *map;
        let mut rest = self.places;
        if *ended == 0 {
            while rest != 0 {
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
                let zeros = without_lowest(rest & !known, symbol.advance() - 1);
                let found = zeros & zeros.wrapping_neg();
                let passed = rest & known & found.wrapping_sub(1);
                let count = passed.count_ones();
                if passed & corner.mask != 0 || count > REFILLED - MOST_BITS {
                    correct(bits, passed, corner, values, one);
                } else {
                    // Whether there are any is a coin toss, on which no processor should bet.
                    bits.skip(count);
                }
                if symbol.mask() != 0 {
                    if zeros == 0 {
                        return Err(Invalid);
                    }
                    known |= found;
                    let place = found.trailing_zeros();
                    let kept = usize::from(corner.places[place as usize]);
                    if let Some(value) = values.get_mut(kept) {
                        *value = if taken == 0 { -one } else { one };
                    }
                }
                // All above what was found; nothing if nothing was.
                rest &= !(found | found.wrapping_sub(1));
            }
            *map = known;
        }
        if *ended > 0 {
            *ended -= 1;
            let passed = rest & known;
            if passed != 0 {
                correct(bits, passed, corner, values, one);
            }
        }
        Ok(())
    }
}

/// The set without so many of its lowest places. Mostly these are less than four, which are chosen without
/// a branch.
#[inline(always)]
fn without_lowest(set: u64, count: u32) -> u64 {
    let without = |set: u64| set & set.wrapping_sub(1);
    let one = without(set);
    let two = without(one);
    let three = without(two);
    let chosen = [set, one, two, three][count as usize & 3];
    if count < 4 {
        return chosen;
    }
    (3..count).fold(three, |set, _| without(set))
}

/// Most bits of a symbol: of its code, and its sign.
const MOST_BITS: u32 = 17;

/// Reads a bit for each of the places, and adds those that are kept.
#[inline(always)]
fn correct(bits: &mut Bits<'_>, places: u64, corner: AnyCorner, values: &mut [i16], one: i16) {
    let count = places.count_ones();
    if count > REFILLED {
        // No window has a bit for each of 63 coefficients.
        for part in [places & LOWER, places & !LOWER] {
            *bits = correct_part(*bits, part, corner, values, one);
        }
        return;
    }
    bits.refill();
    if places & corner.mask != 0 {
        add(bits.window(), places, corner, values, one);
    }
    bits.skip(count);
}

const LOWER: u64 = u64::MAX >> 32;

#[cold]
#[inline(never)]
fn correct_part<'a>(
    mut bits: Bits<'a>,
    places: u64,
    corner: AnyCorner,
    values: &mut [i16],
    one: i16,
) -> Bits<'a> {
    bits.refill();
    add(bits.window(), places, corner, values, one);
    bits.skip(places.count_ones());
    bits
}

/// Adds the bits at the start of a window, one for each of the places, where they are kept.
#[inline(always)]
fn add(window: u64, places: u64, corner: AnyCorner, values: &mut [i16], one: i16) {
    let mut kept = places & corner.mask;
    while kept != 0 {
        let place = kept.trailing_zeros();
        let before = (places & ((1 << place) - 1)).count_ones();
        let index = usize::from(corner.places[place as usize]);
        if window << before >> 63 == 1
            && let Some(value) = values.get_mut(index)
            && *value & one == 0
        {
            *value = value.wrapping_add(if *value < 0 { -one } else { one });
        }
        kept &= kept - 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::Frame;
    use crate::huffman::Kind;
    use crate::limits::Limits;
    use crate::scale::Eighths;
    use crate::segment::{Segment, marker};
    use crate::tables::Codes;

    /// The store of a gray picture of one block, with a map.
    fn store() -> Store {
        let segment = Segment {
            marker: marker::SOF2,
            body: &[8, 0, 8, 0, 8, 1, 1, 0x11, 0],
            at: 0,
            end: 0,
        };
        let frame = Frame::read(&segment, &Limits::default()).expect("a frame");
        let stores = Store::all(&frame, &[Eighths::ALL], &[!1], &Limits::default());
        stores.expect("a small picture").remove(0)
    }

    /// Reads the last bit of the one block. The code 0 is a new coefficient at the next zero, 10 is one
    /// behind fifteen more zeros, and 110 is the end of the block.
    fn refine(store: &mut Store, data: &[u8]) -> Result<(), Invalid> {
        let mut codes = Codes {
            counts: [0; 16],
            symbols: [0; 256],
        };
        codes.counts[..3].copy_from_slice(&[1, 1, 1]);
        codes.symbols[..3].copy_from_slice(&[0x01, 0xF1, 0x00]);
        let band = Band {
            places: !1,
            bit: 0,
            table: &Table::new(&codes, Kind::Refine, 0).expect("a table"),
        };
        band.block(&mut 0, &mut Bits::new(data), store, 0)
    }

    fn set(store: &mut Store, coefficients: &[(usize, i16)]) {
        let mut nobodys = 0;
        let corner = store.corner;
        let (values, map) = store.block(0, &mut nobodys);
        for &(place, value) in coefficients {
            values[usize::from(corner.places[place])] = value;
            *map |= 1 << place;
        }
    }

    fn get(store: &mut Store, place: usize) -> i16 {
        let at = usize::from(store.corner.places[place]);
        store.values(0)[at]
    }

    #[test]
    fn a_new_coefficient_needs_a_zero_to_replace() {
        // Each place has a coefficient already, and each of them has its bit.
        let mut full = store();
        let all: Vec<_> = (1..64).map(|place| (place, 2)).collect();
        set(&mut full, &all);
        assert_eq!(refine(&mut full, &[0b0100_0000; 16]), Err(Invalid));

        // Ten zeros are left, but the new one is to be behind fifteen.
        let mut almost_full = store();
        set(&mut almost_full, &all[..53]);
        assert_eq!(refine(&mut almost_full, &[0b1010_0000; 16]), Err(Invalid));

        // With sixteen the last of them is new: a code and a sign, and 47 bits for those before.
        let mut fitting = store();
        set(&mut fitting, &all[..47]);
        let data = [0b1011_1111, 0xFE, 0xFE, 0xFE, 0xFE, 0xFE, 0xFE];
        assert_eq!(refine(&mut fitting, &data), Ok(()));
        assert_eq!((get(&mut fitting, 63), get(&mut fitting, 62)), (1, 0));
        assert_eq!((get(&mut fitting, 12), get(&mut fitting, 13)), (3, 2));
    }

    #[test]
    fn a_bit_that_is_there_is_not_added_again() {
        // A scan that comes twice would otherwise make 4 of 3.
        let mut store = store();
        set(&mut store, &[(1, 2), (2, -2), (3, 3), (4, -3), (5, 2)]);
        // The end of the block, and a bit for each coefficient.
        assert_eq!(refine(&mut store, &[0b1101_1110, 0]), Ok(()));
        let values = [1, 2, 3, 4, 5].map(|place| get(&mut store, place));
        assert_eq!(values, [3, -3, 3, -3, 2]);
    }
}
