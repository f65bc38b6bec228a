//! The transform of 8 points after Loeffler, Ligtenberg and Moschytz, "Practical fast 1-D DCT algorithms
//! with 11 multiplications" (ICASSP 1989): each direction comes out scaled by the root of 8.

use super::{CENTER, Factors, Lanes, Values, coefficient, sample, transposed};

/// Bits behind the binary point of the constants.
const PRECISION: u32 = 12;

/// Bits behind the binary point that rows keep until the columns are done.
const BETWEEN: u32 = 1;

#[inline(never)]
pub(super) fn block(values: &Values, factors: &Factors, out: &mut [u8], stride: usize) {
    let mut corner = [[0; 8]; 8];
    for (row, line) in corner.iter_mut().enumerate() {
        for (column, cell) in line.iter_mut().enumerate() {
            let at = row * 8 + column;
            *cell = coefficient(values[at], factors[at]);
        }
    }
    let rounding = 1 << (PRECISION - BETWEEN - 1);
    let between = transposed(&transform(&corner, rounding, PRECISION - BETWEEN));
    let point = PRECISION + BETWEEN + 3;
    let rounding = (1 << (point - 1)) + (CENTER << point);
    let samples = transposed(&transform(&between, rounding, point));
    for (row, line) in out.chunks_mut(stride).zip(&samples) {
        for (cell, &value) in row[..8].iter_mut().zip(line) {
            *cell = sample(value);
        }
    }
}

/// Transforms the columns.
#[inline(always)]
fn transform(input: &Lanes, rounding: i32, shift: u32) -> Lanes {
    let mut output = [[0; 8]; 8];
    for lane in 0..8 {
        let f = |frequency: usize| input[frequency][lane];
        let even = even([f(0), f(2), f(4), f(6)], rounding);
        let odd = odd([f(1), f(3), f(5), f(7)]);
        for i in 0..4 {
            output[i][lane] = (even[i] + odd[i]) >> shift;
            output[7 - i][lane] = (even[i] - odd[i]) >> shift;
        }
    }
    output
}

/// What the frequencies 0, 2, 4 and 6 add to the first four samples.
#[inline(always)]
fn even([f0, f2, f4, f6]: [i32; 4], rounding: i32) -> [i32; 4] {
    let turned = (f2 + f6) * 2217;
    let (low, high) = (turned - f6 * 7568, turned + f2 * 3135);
    let sum = ((f0 + f4) << PRECISION) + rounding;
    let difference = ((f0 - f4) << PRECISION) + rounding;
    [sum + high, difference + low, difference - low, sum - high]
}

/// What the frequencies 1, 3, 5 and 7 add to the first four samples; they subtract it from the others.
#[inline(always)]
fn odd([f1, f3, f5, f7]: [i32; 4]) -> [i32; 4] {
    let (z1, z2) = ((f7 + f1) * -3685, (f5 + f3) * -10498);
    let (z3, z4) = (f7 + f3, f5 + f1);
    let z5 = (z3 + z4) * 4816;
    let (z3, z4) = (z5 - z3 * 8035, z5 - z4 * 1598);
    [
        f1 * 6149 + z1 + z4,
        f3 * 12586 + z2 + z3,
        f5 * 8410 + z2 + z4,
        f7 * 1223 + z1 + z3,
    ]
}
