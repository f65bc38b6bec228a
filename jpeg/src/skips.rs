//! Several symbols with one look, for coefficients that nobody needs.

use crate::huffman::{END, PLACE, Table, UNKNOWN};

/// Bits that the table of skipped symbols is indexed by.
const SKIP_LOOKUP: u32 = 13;

/// Most bits that one look into the table of skipped symbols passes over, so that three of them follow
/// one refill.
const SKIP_BITS: u32 = 18;

/// How many bits and places to pass over: all the symbols whose codes are in the next bits.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Skip(u16);

impl Skip {
    #[inline(always)]
    pub(crate) fn total(self) -> u32 {
        u32::from(self.0 & 63)
    }

    /// What to add to a [`State`].
    #[inline(always)]
    pub(crate) fn step(self) -> u16 {
        self.0
    }
}

/// A table for coefficients that nobody needs.
#[derive(Debug, Clone)]
pub(crate) struct Skips(Box<[Skip; 1 << SKIP_LOOKUP]>);

impl Skips {
    pub(crate) fn new(table: &Table) -> Self {
        let mut skips = Box::new([Skip(0); 1 << SKIP_LOOKUP]);
        for (index, skip) in skips.iter_mut().enumerate() {
            *skip = Self::entry(table, index as u64);
        }
        Self(skips)
    }

    fn entry(table: &Table, index: u64) -> Skip {
        let window = index << (64 - SKIP_LOOKUP);
        let (mut total, mut advance) = (0, 0);
        while total < SKIP_LOOKUP {
            let Some(symbol) = table.of(window << total) else {
                break;
            };
            let code = symbol.total() - symbol.mask().count_ones();
            let fits = total + code <= SKIP_LOOKUP && total + symbol.total() <= SKIP_BITS;
            if !fits || advance + symbol.advance() % END > 63 {
                break;
            }
            total += symbol.total();
            advance += symbol.advance();
            if advance >= END {
                break;
            }
        }
        if total == 0 {
            advance = UNKNOWN;
        }
        Skip((total | advance << PLACE) as u16)
    }

    #[inline(always)]
    pub(crate) fn at(&self, window: u64) -> Skip {
        self.0[(window >> (64 - SKIP_LOOKUP)) as usize]
    }
}
