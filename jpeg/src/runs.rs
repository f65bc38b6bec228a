//! Several symbols with one look, for coefficients of which only the places are needed.

use crate::huffman::{END, Table, UNKNOWN};

/// Bits that the table is indexed by.
const LOOKUP: u32 = 11;

/// How many bits and places to pass over, and which of the places have a coefficient.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Run {
    map: u32,
    total: u8,
    advance: u8,
}

impl Run {
    #[inline(always)]
    pub(crate) fn total(self) -> u32 {
        u32::from(self.total)
    }

    #[inline(always)]
    pub(crate) fn advance(self) -> u32 {
        u32::from(self.advance)
    }

    /// A bit for each place that is passed, from the first on.
    #[inline(always)]
    pub(crate) fn map(self) -> u64 {
        u64::from(self.map)
    }
}

/// A table for the first scan of a band.
#[derive(Debug, Clone)]
pub(crate) struct Runs(Box<[Run; 1 << LOOKUP]>);

impl Runs {
    pub(crate) fn new(table: &Table) -> Self {
        let mut runs = Box::new([Run::default(); 1 << LOOKUP]);
        for (index, run) in runs.iter_mut().enumerate() {
            *run = Self::entry(table, index as u64);
        }
        Self(runs)
    }

    fn entry(table: &Table, index: u64) -> Run {
        let window = index << (64 - LOOKUP);
        let (mut map, mut total, mut advance) = (0, 0, 0);
        while total < LOOKUP {
            let Some(symbol) = table.of(window << total) else {
                break;
            };
            let size = symbol.mask().count_ones();
            let whole = total + symbol.total() - size <= LOOKUP;
            let next = advance + symbol.advance();
            if !whole || next % END > 32 || (symbol.advance() == END && size > 0) {
                // The end of several blocks has to be read, not passed over.
                break;
            }
            total += symbol.total();
            advance = next;
            if advance >= END {
                break;
            }
            if size > 0 {
                map |= 1 << (advance - 1);
            }
        }
        if total == 0 {
            advance = UNKNOWN;
        }
        Run {
            map,
            total: total as u8,
            advance: advance as u8,
        }
    }

    #[inline(always)]
    pub(crate) fn at(&self, window: u64) -> Run {
        self.0[(window >> (64 - LOOKUP)) as usize]
    }
}
