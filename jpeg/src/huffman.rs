//! Huffman codes (T.81, annex C) as tables that are indexed by the next bits.

use crate::Error;
use crate::tables::Codes;

/// Bits that the table of single symbols is indexed by.
const LOOKUP: u32 = 10;

/// What a block's place becomes at the end of a block: more than any place can be otherwise, and the
/// place in the low bits.
pub(crate) const END: u32 = 128;

/// Added to the place where the table does not know. No place and no end of a block is that large.
pub(crate) const UNKNOWN: u32 = 192;

/// Where a [`State`] has its place.
pub(crate) const PLACE: u32 = 6;

/// How far a loop has come: the bits it has taken since the last refill in the low six bits, and the
/// place in the block above. The entries of tables are such sums too, so that one addition does for both.
#[derive(Debug, Clone, Copy)]
pub(crate) struct State(u32);

impl State {
    #[inline(always)]
    pub(crate) fn at(place: u32) -> Self {
        Self(place << PLACE)
    }

    /// Place of the next coefficient in the zigzag.
    #[inline(always)]
    pub(crate) fn place(self) -> u32 {
        self.0 >> PLACE
    }

    /// Bits taken since the last refill.
    #[inline(always)]
    pub(crate) fn taken(self) -> u32 {
        self.0 & 63
    }

    #[inline(always)]
    pub(crate) fn is_behind(self, place: u32) -> bool {
        self.0 >= (place + 1) << PLACE
    }

    #[inline(always)]
    pub(crate) fn after(self, step: u16) -> Self {
        Self(self.0 + u32::from(step))
    }
}

/// What some next bits say: a code, and the bits of a number behind it.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Symbol(u32);

impl Symbol {
    const UNKNOWN: Self = Self(UNKNOWN << PLACE);

    /// A code of `length` bits, followed by `size` bits of a number.
    fn new(length: u32, size: u32, advance: u32) -> Self {
        let mask = (1 << size) - 1;
        Self((length + size) | advance << PLACE | mask << 16)
    }

    /// What to add to a [`State`].
    #[inline(always)]
    pub(crate) fn step(self) -> u16 {
        self.0 as u16
    }

    /// Bits of the code and the number.
    #[inline(always)]
    pub(crate) fn total(self) -> u32 {
        self.0 & 63
    }

    /// How far to go in the block.
    pub(crate) fn advance(self) -> u32 {
        u32::from(self.step()) >> PLACE
    }

    /// As many ones as the number has bits.
    #[inline(always)]
    pub(crate) fn mask(self) -> u32 {
        self.0 >> 16
    }

    #[inline(always)]
    pub(crate) fn is_unknown(self) -> bool {
        self.0 == Self::UNKNOWN.0
    }
}

/// No code, or a run beyond the end of the block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Invalid;

/// What symbols mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The size of a difference.
    Dc,
    /// A run of zeros and the size of a coefficient.
    Ac,
    /// The same, or how many blocks end: the first scan of a progressive band.
    First,
    /// The same, but a coefficient is 1 or -1: the other scans of a progressive band.
    Refine,
}

impl Kind {
    fn symbol(self, length: u32, symbol: u8) -> Symbol {
        let (run, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
        match (self, run, size) {
            (Self::Dc, ..) => Symbol::new(length, size, 0),
            (_, 15, 0) => Symbol::new(length, 0, 16),
            (Self::Ac, _, 0) => Symbol::new(length, 0, END),
            (_, _, 0) => Symbol::new(length, run, END),
            (Self::Ac | Self::First, ..) => Symbol::new(length, size, run + 1),
            (Self::Refine, ..) => Symbol::new(length, 1, run + 1),
        }
    }
}

/// A Huffman table to decode with.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    kind: Kind,
    lookup: Box<[Symbol; 1 << LOOKUP]>,
    /// For each length the first 16 bits that are above its codes.
    above: [u32; 17],
    /// What to add to a code of each length for the index of its symbol.
    offset: [i32; 17],
    symbols: [u8; 256],
}

impl Table {
    /// Derives the codes (T.81, C.2).
    ///
    /// # Errors
    ///
    /// [`Error::Corrupt`] if there are more codes than fit, or one consists of ones only, or the size of a
    /// difference is above 15.
    pub(crate) fn new(codes: &Codes, kind: Kind, at: usize) -> Result<Self, Error> {
        let mut table = Self {
            kind,
            lookup: Box::new([Symbol::UNKNOWN; 1 << LOOKUP]),
            above: [0; 17],
            offset: [0; 17],
            symbols: codes.symbols,
        };
        let mut code = 0_u32;
        let mut index = 0;
        for length in 1..=16_u32 {
            let count = u32::from(codes.counts[length as usize - 1]);
            table.offset[length as usize] = index as i32 - code as i32;
            for (code, &symbol) in (code..code + count).zip(&codes.symbols[index..]) {
                if kind == Kind::Dc && symbol > 15 {
                    return Err(Error::corrupt("a size of a difference is above 15", at));
                }
                if length <= LOOKUP {
                    let shift = LOOKUP - length;
                    let first = (code << shift) as usize;
                    let same = table.lookup.iter_mut().skip(first).take(1 << shift);
                    same.for_each(|entry| *entry = kind.symbol(length, symbol));
                }
            }
            index += count as usize;
            code += count;
            if count > 0 && code >= 1 << length {
                return Err(Error::corrupt("a Huffman table has too many codes", at));
            }
            table.above[length as usize] = code << (16 - length);
            code <<= 1;
        }
        Ok(table)
    }

    /// The symbol at the start of a window, unless its code is long.
    #[inline(always)]
    pub(crate) fn at(&self, window: u64) -> Symbol {
        self.lookup[(window >> (64 - LOOKUP)) as usize]
    }

    /// The symbol at the start of a window; `None` if there is no such code.
    #[inline(always)]
    pub(crate) fn of(&self, window: u64) -> Option<Symbol> {
        let symbol = self.at(window);
        if symbol.is_unknown() {
            self.any_at(window)
        } else {
            Some(symbol)
        }
    }

    /// The symbol at the start of a window, whatever its code; `None` if there is no such code.
    #[cold]
    #[inline(never)]
    pub(crate) fn any_at(&self, window: u64) -> Option<Symbol> {
        let next = (window >> 48) as u32;
        let length = (1..=16).find(|&length| next < self.above[length])?;
        let code = (next >> (16 - length)) as i32;
        let index = usize::try_from(code + self.offset[length]).ok()?;
        Some(self.kind.symbol(length as u32, *self.symbols.get(index)?))
    }
}
