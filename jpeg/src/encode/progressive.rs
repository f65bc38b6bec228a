//! Progressive scans (T.81, G.1.2).

use super::blocks::{Block, Blocks};
use super::script::Scan;
use super::sequential::{ZEROS, each_block};
use super::tokens::{Table, Token, Tokens};

/// Most blocks that one symbol ends (T.81, G.1.2.2).
const LONGEST: u32 = 0x7FFF;

/// The first coefficients: their upper bits, or one bit more (T.81, G.1.2.1).
pub(super) fn dc(tokens: &mut Tokens, scan: &Scan, components: &[Blocks], mcus: (usize, usize)) {
    let (previous, bit) = scan.bits;
    if previous > 0 {
        let mut bits = Bits::default();
        each_block(components, mcus, |_, block| {
            bits.push(u32::from(block.values[0] >> bit & 1 == 1));
        });
        bits.move_to(tokens);
        return;
    }
    let mut predictions = [0; 3];
    each_block(components, mcus, |index, block| {
        let value = i32::from(block.values[0] >> bit);
        let difference = value - predictions[index];
        predictions[index] = value;
        tokens.number(Table::dc(index), 0, difference);
    });
}

/// The upper bits of a band (T.81, G.1.2.2).
pub(super) fn first(tokens: &mut Tokens, scan: &Scan, component: usize, blocks: &Blocks) {
    let mut ended = Ended::new(Table::ac(component));
    let (first, last) = scan.band;
    for block in blocks.alone() {
        let mut next = u32::from(first);
        for place in places(block, scan.band) {
            let size = size(block, place, scan.bits.1);
            if size == 0 {
                continue;
            }
            ended.write(tokens);
            let mut run = place - next;
            while run > 15 {
                tokens.push(ended.table, ZEROS, 0, 0);
                run -= 16;
            }
            let value = i32::from(size) * i32::from(block.values[place as usize].signum());
            tokens.number(ended.table, run, value);
            next = place + 1;
        }
        if next <= u32::from(last) {
            ended.add(tokens);
        }
    }
    ended.write(tokens);
}

/// One bit more of a band (T.81, G.1.2.3).
pub(super) fn refine(tokens: &mut Tokens, scan: &Scan, component: usize, blocks: &Blocks) {
    let mut ended = Ended::new(Table::ac(component));
    let (first, last) = scan.band;
    let bit = scan.bits.1;
    let mut passed = Bits::default();
    for block in blocks.alone() {
        // Behind the last coefficient that this scan makes 1 or -1 there is nothing but bits of others.
        let last_new = places(block, scan.band)
            .filter(|&place| size(block, place, bit) == 1)
            .last();
        let mut run = 0;
        let mut next = u32::from(first);
        for place in places(block, scan.band) {
            let size = size(block, place, bit);
            if size == 0 {
                continue;
            }
            run += place - next;
            next = place + 1;
            while run > 15 && Some(place) <= last_new {
                ended.write(tokens);
                tokens.push(ended.table, ZEROS, 0, 0);
                passed.move_to(tokens);
                run -= 16;
            }
            if size > 1 {
                passed.push(u32::from(size & 1));
                continue;
            }
            ended.write(tokens);
            let sign = u32::from(block.values[place as usize] > 0);
            tokens.push(ended.table, (run << 4 | 1) as u8, sign, 1);
            passed.move_to(tokens);
            run = 0;
        }
        // The bits behind the last symbol are of those that an end of blocks has.
        if next <= u32::from(last) || run > 0 || !passed.is_empty() {
            passed.move_behind(&mut ended.bits);
            ended.add(tokens);
        }
    }
    ended.write(tokens);
}

/// The places of a block's coefficients in a band that are not 0.
#[inline(always)]
fn places(block: &Block, (first, last): (u8, u8)) -> impl Iterator<Item = u32> {
    let mut left = block.map & u64::MAX >> (63 - last) & u64::MAX << first;
    std::iter::from_fn(move || {
        let place = (left != 0).then(|| left.trailing_zeros());
        left &= left.wrapping_sub(1);
        place
    })
}

/// The upper bits of a coefficient without its sign.
#[inline(always)]
fn size(block: &Block, place: u32, bit: u8) -> u16 {
    block.values[place as usize & 63].unsigned_abs() >> bit
}

/// Blocks of which nothing new comes, until a symbol says how many they are.
struct Ended {
    table: Table,
    blocks: u32,
    /// Bits of coefficients in them that were there before.
    bits: Bits,
}

impl Ended {
    fn new(table: Table) -> Self {
        Self {
            table,
            blocks: 0,
            bits: Bits::default(),
        }
    }

    fn add(&mut self, tokens: &mut Tokens) {
        self.blocks += 1;
        if self.blocks == LONGEST {
            self.write(tokens);
        }
    }

    #[inline(always)]
    fn write(&mut self, tokens: &mut Tokens) {
        if self.blocks == 0 {
            return;
        }
        let size = self.blocks.ilog2();
        let rest = self.blocks - (1 << size);
        tokens.push(self.table, (size << 4) as u8, rest, size);
        self.bits.move_to(tokens);
        self.blocks = 0;
    }
}

/// Bits without symbols.
#[derive(Default)]
struct Bits {
    whole: Vec<Token>,
    last: u32,
    /// Bits of `last`, below 16.
    count: u32,
}

impl Bits {
    fn is_empty(&self) -> bool {
        self.count == 0 && self.whole.is_empty()
    }

    #[inline(always)]
    fn push(&mut self, bit: u32) {
        self.last = self.last << 1 | bit;
        self.count += 1;
        if self.count == 16 {
            self.whole.push(Token::raw(self.last, 16));
            (self.last, self.count) = (0, 0);
        }
    }

    /// Those before the last token.
    fn finish(&mut self) {
        if self.count > 0 {
            self.whole.push(Token::raw(self.last, self.count));
            (self.last, self.count) = (0, 0);
        }
    }

    #[inline(always)]
    fn move_to(&mut self, tokens: &mut Tokens) {
        if !self.is_empty() {
            self.finish();
            tokens.raw(&self.whole);
            self.whole.clear();
        }
    }

    fn move_behind(&mut self, other: &mut Self) {
        if !self.is_empty() {
            self.finish();
            other.finish();
            other.whole.append(&mut self.whole);
        }
    }
}
