//! Transforms of 3, 5, 6 and 7 points, by their matrices.
//!
//! Half of a matrix is enough: to sample i and to its mirror image the even frequencies add the same, and
//! the odd ones the opposite. Eight lanes are side by side whatever the size, so that the compiler makes
//! vectors of them.

use super::{CENTER, Factors, Lanes, Values, coefficient, sample};

/// Bits behind the binary point of the cosines.
const PRECISION: u32 = 13;

/// Bits behind the binary point that rows keep until the columns are done.
const BETWEEN: u32 = 2;

/// The cosines of a number of points, by sample and frequency.
type Cosines = [[i32; 8]; 8];

static COSINES: [Cosines; 9] = {
    let mut tables = [[[0; 8]; 8]; 9];
    let mut points = 1;
    while points <= 8 {
        let mut sample = 0;
        while sample < points {
            let mut frequency = 0;
            while frequency < points {
                let turns = ((2 * sample + 1) * frequency) as f64 / (4 * points) as f64;
                let scale = if frequency == 0 {
                    std::f64::consts::FRAC_1_SQRT_2
                } else {
                    1.0
                };
                let value = scale * cosine(turns) / 2.0 * (1 << PRECISION) as f64;
                let half = if value < 0.0 { -0.5 } else { 0.5 };
                tables[points][sample][frequency] = (value + half) as i32;
                frequency += 1;
            }
            sample += 1;
        }
        points += 1;
    }
    tables
};

/// The cosine of a number of turns, by its series. The one of the library is not for constants.
const fn cosine(turns: f64) -> f64 {
    let angle = (turns - turns as i64 as f64) * std::f64::consts::TAU;
    let (mut sum, mut term) = (0.0, 1.0);
    let mut n = 0;
    while n < 40 {
        sum += term;
        term *= -angle * angle / ((n + 1) * (n + 2)) as f64;
        n += 2;
    }
    sum
}

#[inline(never)]
pub(super) fn block(
    size: usize,
    values: &Values,
    factors: &Factors,
    out: &mut [u8],
    stride: usize,
) {
    let size = size.min(8);
    let cosines = &COSINES[size];
    let mut corner = [[0; 8]; 8];
    for (row, line) in corner.iter_mut().enumerate().take(size) {
        for (column, cell) in line.iter_mut().enumerate().take(size) {
            let at = row * size + column;
            *cell = coefficient(values[at], factors[at]);
        }
    }
    let rounding = 1 << (PRECISION - BETWEEN - 1);
    let between = transform(size, cosines, &corner, rounding, PRECISION - BETWEEN);
    let rounding = (1 << (PRECISION + BETWEEN - 1)) + (CENTER << (PRECISION + BETWEEN));
    let columns = super::transposed(&between);
    let samples = transform(size, cosines, &columns, rounding, PRECISION + BETWEEN);
    for (y, row) in out.chunks_mut(stride).enumerate().take(size) {
        for (cell, line) in row.iter_mut().zip(&samples).take(size) {
            *cell = sample(line[y]);
        }
    }
}

/// Transforms the columns.
fn transform(size: usize, cosines: &Cosines, input: &Lanes, rounding: i32, shift: u32) -> Lanes {
    let mut output = [[0; 8]; 8];
    for (number, cosines) in cosines.iter().enumerate().take(size.div_ceil(2)) {
        let (mut even, mut odd) = ([rounding; 8], [0; 8]);
        for (frequency, (&cosine, line)) in cosines.iter().zip(input).enumerate().take(size) {
            let sum = if frequency % 2 == 0 {
                &mut even
            } else {
                &mut odd
            };
            for (sum, &value) in sum.iter_mut().zip(line) {
                *sum += cosine * value;
            }
        }
        for lane in 0..8 {
            output[size - 1 - number][lane] = (even[lane] - odd[lane]) >> shift;
        }
        for lane in 0..8 {
            output[number][lane] = (even[lane] + odd[lane]) >> shift;
        }
    }
    output
}
