//! The transform of 4 points. Scaled by the root of 8, its even half has no multiplication; both directions
//! together are scaled by 8.

use super::{CENTER, Factors, Values, coefficient, sample};

/// Bits behind the binary point of the cosines.
const PRECISION: u32 = 12;

/// Bits behind the binary point that rows keep until the columns are done.
const BETWEEN: u32 = 2;

/// Root of 2, times the cosines of 1/16 and 3/16 of a turn.
const LONG: i32 = 5352;
const SHORT: i32 = 2217;

#[inline(always)]
pub(super) fn block(values: &Values, factors: &Factors, out: &mut [u8], stride: usize) {
    let mut corner = [[0; 4]; 4];
    for (row, line) in corner.iter_mut().enumerate() {
        for (column, cell) in line.iter_mut().enumerate() {
            let at = row * 4 + column;
            *cell = coefficient(values[at], factors[at]);
        }
    }
    let rounding = 1 << (PRECISION - BETWEEN - 1);
    let between = transposed(&transform(&corner, rounding, PRECISION - BETWEEN));
    let point = PRECISION + BETWEEN + 3;
    let rounding = (1 << (point - 1)) + (CENTER << point);
    let samples = transposed(&transform(&between, rounding, point));
    for (row, line) in out.chunks_mut(stride).zip(&samples) {
        let [a, b, c, d] = *line;
        row[..4].copy_from_slice(&[sample(a), sample(b), sample(c), sample(d)]);
    }
}

/// Transforms the columns.
#[inline(always)]
fn transform(input: &[[i32; 4]; 4], rounding: i32, shift: u32) -> [[i32; 4]; 4] {
    let mut output = [[0; 4]; 4];
    for lane in 0..4 {
        let (f0, f1, f2, f3) = (
            input[0][lane],
            input[1][lane],
            input[2][lane],
            input[3][lane],
        );
        let outer = ((f0 + f2) << PRECISION) + rounding;
        let inner = ((f0 - f2) << PRECISION) + rounding;
        let (long, short) = (f1 * LONG + f3 * SHORT, f1 * SHORT - f3 * LONG);
        output[0][lane] = (outer + long) >> shift;
        output[1][lane] = (inner + short) >> shift;
        output[2][lane] = (inner - short) >> shift;
        output[3][lane] = (outer - long) >> shift;
    }
    output
}

#[inline(always)]
fn transposed(input: &[[i32; 4]; 4]) -> [[i32; 4]; 4] {
    let mut output = [[0; 4]; 4];
    for row in 0..4 {
        for column in 0..4 {
            output[column][row] = input[row][column];
        }
    }
    output
}
