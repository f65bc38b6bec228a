//! The quantized coefficients of a component.

use super::dct;
use super::picture::Plane;
use super::quantization::{Divisors, Quantization};
use crate::zigzag::NATURAL;

/// A block in zigzag order.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block {
    pub(super) values: [i16; 64],
    /// The places but the first whose coefficients are not 0, a bit for each.
    pub(super) map: u64,
}

/// All blocks of a component, those that fill MCUs included.
#[derive(Debug)]
pub(super) struct Blocks {
    /// Blocks of an MCU in each direction.
    pub(super) factor: usize,
    /// Blocks that hold samples: side by side, and one above the other.
    pub(super) used: (usize, usize),
    /// Blocks in a row.
    across: usize,
    all: Vec<Block>,
}

/// The place in the zigzag of the coefficient at `8 * row + column`.
const PLACES: [u8; 64] = {
    let mut places = [0; 64];
    let mut place = 0;
    while place < 64 {
        places[NATURAL[place] as usize] = place as u8;
        place += 1;
    }
    places
};

impl Blocks {
    /// Transforms a plane.
    pub(super) fn new(
        plane: &Plane<'_>,
        factor: usize,
        mcus: (usize, usize),
        quantization: &Quantization,
    ) -> Self {
        let (width, height) = (plane.width as usize, plane.height as usize);
        let mut this = Self {
            factor,
            used: (width.div_ceil(8), height.div_ceil(8)),
            across: mcus.0 * factor,
            all: vec![Block::EMPTY; mcus.0 * mcus.1 * factor * factor],
        };
        let mut rows = vec![0; this.used.0 * 8 * 8];
        for y in 0..mcus.1 * factor {
            let mut from = 0;
            if y < this.used.1 {
                extended(plane, y * 8, &mut rows);
                this.transform(y, &rows, quantization.divisors());
                from = this.used.0;
            }
            this.fill_row(y, from);
        }
        this
    }

    /// Number of blocks.
    pub(super) fn count(&self) -> usize {
        self.all.len()
    }

    /// A row of blocks.
    pub(super) fn row(&self, y: usize) -> &[Block] {
        &self.all[y * self.across..(y + 1) * self.across]
    }

    /// The blocks that hold samples, row by row: what a scan of one component has.
    pub(super) fn alone(&self) -> impl Iterator<Item = &Block> {
        let rows = self.all.chunks(self.across).take(self.used.1);
        rows.flat_map(|row| &row[..self.used.0])
    }

    /// Makes a row of blocks of eight rows of samples.
    fn transform(&mut self, y: usize, rows: &[u8], divisors: &Divisors) {
        let (cells, _) = rows.as_chunks::<8>();
        let mut rows = [(); 8].map(|()| [].as_slice());
        for (row, cells) in rows.iter_mut().zip(cells.chunks(self.used.0)) {
            *row = cells;
        }
        let blocks = &mut self.all[y * self.across..][..self.used.0];
        for (x, block) in blocks.iter_mut().enumerate() {
            block.quantize(&dct::forward(&rows.map(|row| &row[x])), divisors);
        }
    }

    /// Fills what a row lacks of its MCUs, from a column on. Nobody sees these blocks, so that they repeat the
    /// mean of the block before them in the order of the scan, which costs the fewest bits.
    fn fill_row(&mut self, y: usize, from: usize) {
        let first = y * self.across;
        for x in from..self.across {
            let before = if x % self.factor > 0 {
                first + x - 1
            } else {
                // The last block of the row above in the same MCU.
                first - self.across + x + self.factor - 1
            };
            self.all[first + x].values[0] = self.all[before].values[0];
        }
    }
}

/// Copies eight rows of a plane from `first` on, with the last column and row repeated as far as the blocks
/// reach.
fn extended(plane: &Plane<'_>, first: usize, rows: &mut [u8]) {
    let (width, height) = (plane.width as usize, plane.height as usize);
    let stride = rows.len() / 8;
    for (y, row) in rows.chunks_exact_mut(stride).enumerate() {
        let from = (first + y).min(height - 1) * width;
        let samples = &plane.samples[from..from + width];
        let (inside, outside) = row.split_at_mut(width);
        inside.copy_from_slice(samples);
        outside.fill(samples[width - 1]);
    }
}

impl Block {
    const EMPTY: Self = Self {
        values: [0; 64],
        map: 0,
    };

    /// Divides coefficients and puts those that are left in order, into a block that was empty.
    #[inline(always)]
    fn quantize(&mut self, coefficients: &dct::Lanes, divisors: &Divisors) {
        let mut rows = [[0; 8]; 8];
        let mut found = 0;
        for (y, row) in rows.iter_mut().enumerate() {
            *row = divisors.divide(y, coefficients[y]);
            found |= u64::from(nonzero(*row)) << (8 * y);
        }
        let natural = rows.as_flattened();
        let mut map = 0;
        while found != 0 {
            let at = found.trailing_zeros() as usize;
            let place = PLACES[at & 63];
            self.values[usize::from(place & 63)] = natural[at & 63];
            map |= 1 << place;
            found &= found - 1;
        }
        self.map = map & !1;
    }
}

/// A bit for each number that is not 0.
#[inline(always)]
fn nonzero(row: [i16; 8]) -> u8 {
    let mut bits = 0;
    for (lane, value) in row.into_iter().enumerate() {
        bits |= u8::from(value != 0) << lane;
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_of_numbers_that_are_not_zero() {
        for bits in 0..=255_u8 {
            let row = [0, 1, 2, 3, 4, 5, 6, 7].map(|i| if bits >> i & 1 == 1 { -256 } else { 0 });
            assert_eq!(nonzero(row), bits);
        }
    }

    #[test]
    fn blocks_beyond_the_picture_repeat_the_mean() {
        let plane = Plane {
            width: 9,
            height: 3,
            samples: &[[200_u8; 8].as_slice(), &[10]].concat().repeat(3),
        };
        let [table, _] = Quantization::all(50);
        let blocks = Blocks::new(&plane, 2, (1, 1), &table);
        assert_eq!((blocks.used, blocks.count()), ((2, 1), 4));
        let means: Vec<_> = blocks.all.iter().map(|block| block.values[0]).collect();
        let dark = (10 - 128) / 2;
        assert_eq!(means, [(200 - 128) / 2, dark, dark, dark]);
        assert!(blocks.all.iter().all(|block| block.map == 0));
    }
}
