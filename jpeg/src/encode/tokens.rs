//! The symbols of a scan, before it is known which codes they get.

use super::code::Code;

/// Tables of a scan: two for the first coefficients and two for the others, of luma and of chroma.
pub(super) const TABLES: usize = 4;

/// A symbol of a table, and bits behind it that are written as they are.
///
/// From the lowest bit on: 16 for what is written as it is, 8 for the symbol, 3 for the table, and 5 for
/// how many are written as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token(u32);

impl Token {
    /// Bits alone; at most 16.
    #[inline(always)]
    pub(super) fn raw(bits: u32, count: u32) -> Self {
        Self(bits | (TABLES as u32) << 24 | count << 27)
    }

    #[inline(always)]
    fn new(table: Table, symbol: u8, bits: u32, count: u32) -> Self {
        Self(bits | u32::from(symbol) << 16 | (table as u32) << 24 | count << 27)
    }

    /// Symbol and table, as an index below 2048.
    #[inline(always)]
    pub(super) fn index(self) -> usize {
        (self.0 >> 16 & 0x7FF) as usize
    }

    /// What is written as it is.
    #[inline(always)]
    pub(super) fn bits(self) -> u32 {
        self.0 & 0xFFFF
    }

    /// How many bits that are.
    #[inline(always)]
    pub(super) fn count(self) -> u32 {
        self.0 >> 27
    }
}

/// A Huffman table by its number in [`Tokens`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    LumaDc,
    ChromaDc,
    LumaAc,
    ChromaAc,
}

impl Table {
    /// Of the first coefficients of a component.
    pub(super) fn dc(component: usize) -> Self {
        if component == 0 {
            Self::LumaDc
        } else {
            Self::ChromaDc
        }
    }

    /// Of the other coefficients of a component.
    pub(super) fn ac(component: usize) -> Self {
        if component == 0 {
            Self::LumaAc
        } else {
            Self::ChromaAc
        }
    }
}

/// What a scan consists of.
#[derive(Debug)]
pub(super) struct Tokens {
    list: Vec<Token>,
    counts: [[u32; 256]; TABLES],
}

impl Default for Tokens {
    fn default() -> Self {
        Self {
            list: Vec::new(),
            counts: [[0; 256]; TABLES],
        }
    }
}

impl Tokens {
    /// Forgets all, but keeps its memory.
    pub(super) fn clear(&mut self) {
        self.list.clear();
        self.counts = [[0; 256]; TABLES];
    }

    pub(super) fn list(&self) -> &[Token] {
        &self.list
    }

    /// A symbol, with so many bits behind it.
    #[inline(always)]
    pub(super) fn push(&mut self, table: Table, symbol: u8, bits: u32, count: u32) {
        self.counts[table as usize][usize::from(symbol)] += 1;
        self.list.push(Token::new(table, symbol, bits, count));
    }

    /// A number behind the symbol that says its size and, in the upper half, `run` (T.81, F.1.2.1 and
    /// F.1.2.2).
    #[inline(always)]
    pub(super) fn number(&mut self, table: Table, run: u32, number: i32) {
        let size = u32::BITS - number.unsigned_abs().leading_zeros();
        // Of a negative number the bits of the number below.
        let bits = (number + (number >> 31)) as u32 & ((1 << size) - 1);
        self.push(table, (run << 4 | size) as u8, bits, size);
    }

    /// Bits without a symbol.
    pub(super) fn raw(&mut self, tokens: &[Token]) {
        self.list.extend_from_slice(tokens);
    }

    /// The codes that fit best; none for a table of which no symbol was used.
    pub(super) fn codes(&self) -> [Option<Code>; TABLES] {
        self.counts.each_ref().map(Code::new)
    }
}
