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

/// What some next bits say.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Symbol(u32);

impl Symbol {
    /// A code of `length` bits, followed by `size` bits of a number.
    fn new(length: u32, size: u32, advance: u32) -> Self {
        Self((length + size) | size << 8 | advance << 16)
    }

    /// Bits of the code and the number. Only the low six bits count.
    #[inline(always)]
    pub(crate) fn total(self) -> u32 {
        self.0 & 63
    }

    /// Bits of the number alone.
    #[inline(always)]
    pub(crate) fn size(self) -> u32 {
        self.0 >> 8 & 15
    }

    /// How far to go in the block.
    #[inline(always)]
    pub(crate) fn advance(self) -> u32 {
        self.0 >> 16
    }

    #[inline(always)]
    pub(crate) fn is_unknown(self) -> bool {
        self.0 == UNKNOWN << 16
    }
}

/// What symbols mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The size of a difference.
    Dc,
    /// A run of zeros and the size of a coefficient.
    Ac,
}

impl Kind {
    fn symbol(self, length: u32, symbol: u8) -> Symbol {
        let (run, size) = (u32::from(symbol >> 4), u32::from(symbol & 15));
        match (self, run, size) {
            (Self::Dc, ..) => Symbol::new(length, size, 0),
            (Self::Ac, 15, 0) => Symbol::new(length, 0, 16),
            (Self::Ac, _, 0) => Symbol::new(length, 0, END),
            (Self::Ac, ..) => Symbol::new(length, size, run + 1),
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
            lookup: Box::new([Symbol(UNKNOWN << 16); 1 << LOOKUP]),
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

    #[inline(always)]
    pub(crate) fn advance(self) -> u32 {
        u32::from(self.0 >> 6)
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
            let symbol = table.at(window << total);
            let code = symbol.total() - symbol.size();
            let fits = total + code <= SKIP_LOOKUP && total + symbol.total() <= SKIP_BITS;
            if symbol.is_unknown() || !fits || advance + symbol.advance() % END > 63 {
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
        Skip((total | advance << 6) as u16)
    }

    #[inline(always)]
    pub(crate) fn at(&self, window: u64) -> Skip {
        self.0[(window >> (64 - SKIP_LOOKUP)) as usize]
    }
}
