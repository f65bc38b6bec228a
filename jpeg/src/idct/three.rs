//! The transform of 3 points. Scaled by the root of 8, like that of 4.

use super::{CENTER, Factors, Values, coefficient, sample};

/// Bits behind the binary point of the cosines.
const PRECISION: u32 = 12;

/// Bits behind the binary point that columns keep until the rows are done.
const BETWEEN: u32 = 2;

/// Root of 2, times the cosine of 1/12 of a turn, and of 1/6.
const LONG: i32 = 5017;
const SHORT: i32 = 2896;

#[inline(always)]
pub(super) fn block(values: &Values, factors: &Factors, out: &mut [u8], stride: usize) {
    let at = |i: usize| coefficient(values[i], factors[i]);
    let rounding = 1 << (PRECISION - BETWEEN - 1);
    let mut columns = [[0; 3]; 3];
    for (i, column) in columns.iter_mut().enumerate() {
        *column = transform(at(i), at(i + 3), at(i + 6), rounding, PRECISION - BETWEEN);
    }
    let point = PRECISION + BETWEEN + 3;
    let rounding = (1 << (point - 1)) + (CENTER << point);
    for (y, row) in out.chunks_mut(stride).enumerate().take(3) {
        let [a, b, c] = columns;
        let line = transform(a[y], b[y], c[y], rounding, point);
        row[..3].copy_from_slice(&[sample(line[0]), sample(line[1]), sample(line[2])]);
    }
}

#[inline(always)]
fn transform(f0: i32, f1: i32, f2: i32, rounding: i32, shift: u32) -> [i32; 3] {
    let mean = (f0 << PRECISION) + rounding;
    let (odd, even) = (f1 * LONG, f2 * SHORT);
    [
        (mean + even + odd) >> shift,
        (mean - 2 * even) >> shift,
        (mean + even - odd) >> shift,
    ]
}
