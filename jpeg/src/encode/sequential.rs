//! A baseline scan (T.81, F.1.2).

use super::blocks::{Block, Blocks};
use super::tokens::{Table, Tokens};

/// Sixteen zeros.
pub(super) const ZEROS: u8 = 0xF0;

/// No more coefficients.
const END: u8 = 0;

/// Goes over the MCUs of all components.
pub(super) fn scan(tokens: &mut Tokens, components: &[Blocks], mcus: (usize, usize)) {
    let mut predictions = [0; 3];
    each_block(components, mcus, |index, block| {
        let value = i32::from(block.values[0]);
        let difference = value - predictions[index];
        predictions[index] = value;
        tokens.number(Table::dc(index), 0, difference);
        others(tokens, Table::ac(index), block);
    });
}

/// Visits the blocks of an interleaved scan in its order (T.81, A.2.3).
#[inline(always)]
pub(super) fn each_block(
    components: &[Blocks],
    (across, down): (usize, usize),
    mut visit: impl FnMut(usize, &Block),
) {
    for y in 0..down {
        for x in 0..across {
            for (index, blocks) in components.iter().enumerate() {
                let factor = blocks.factor;
                for y in y * factor..(y + 1) * factor {
                    for block in &blocks.row(y)[x * factor..(x + 1) * factor] {
                        visit(index, block);
                    }
                }
            }
        }
    }
}

/// The coefficients but the first.
#[inline(always)]
fn others(tokens: &mut Tokens, table: Table, block: &Block) {
    let mut left = block.map;
    let mut next = 1;
    while left != 0 {
        let place = left.trailing_zeros();
        let mut run = place - next;
        while run > 15 {
            tokens.push(table, ZEROS, 0, 0);
            run -= 16;
        }
        let value = block.values[place as usize & 63];
        tokens.number(table, run, i32::from(value));
        next = place + 1;
        left &= left - 1;
    }
    if next < 64 {
        tokens.push(table, END, 0, 0);
    }
}
