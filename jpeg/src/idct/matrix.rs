//! Transforms of 5, 6 and 7 points, by their matrices.
//!
//! Half of a matrix is enough: to sample i and to its mirror image the even frequencies add the same, and
//! the odd ones the opposite.

use super::{CENTER, Factors, Values, coefficient, sample};

/// Bits behind the binary point of the cosines.
const PRECISION: u32 = 13;

/// Bits behind the binary point that rows keep until the columns are done.
const BETWEEN: u32 = 2;

/// The cosines, by number of points, sample and frequency.
static COSINES: [[[i32; 8]; 8]; 9] = {
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
pub(super) fn block<const N: usize>(
    values: &Values,
    factors: &Factors,
    out: &mut [u8],
    stride: usize,
) {
    let mut corner = [[0; N]; N];
    for (row, line) in corner.iter_mut().enumerate() {
        for (column, cell) in line.iter_mut().enumerate() {
            let at = row * N + column;
            *cell = coefficient(values[at], factors[at]);
        }
    }
    let rounding = 1 << (PRECISION - BETWEEN - 1);
    let between = transform(&corner, rounding, PRECISION - BETWEEN);
    let mut columns = [[0; N]; N];
    for row in 0..N {
        for column in 0..N {
            columns[column][row] = between[row][column];
        }
    }
    let rounding = (1 << (PRECISION + BETWEEN - 1)) + (CENTER << (PRECISION + BETWEEN));
    let samples = transform(&columns, rounding, PRECISION + BETWEEN);
    for (y, row) in out.chunks_mut(stride).enumerate().take(N) {
        for (cell, line) in row[..N].iter_mut().zip(&samples) {
            *cell = sample(line[y]);
        }
    }
}

/// Transforms the columns.
#[inline(always)]
fn transform<const N: usize>(input: &[[i32; N]; N], rounding: i32, shift: u32) -> [[i32; N]; N] {
    let cosines = &COSINES[N];
    let mut output = [[0; N]; N];
    for number in 0..N.div_ceil(2) {
        let (mut even, mut odd) = ([rounding; N], [0; N]);
        for (frequency, line) in input.iter().enumerate() {
            let cosine = cosines[number][frequency];
            let sum = if frequency % 2 == 0 {
                &mut even
            } else {
                &mut odd
            };
            for (sum, &value) in sum.iter_mut().zip(line) {
                *sum += cosine * value;
            }
        }
        for lane in 0..N {
            output[N - 1 - number][lane] = (even[lane] - odd[lane]) >> shift;
        }
        for lane in 0..N {
            output[number][lane] = (even[lane] + odd[lane]) >> shift;
        }
    }
    output
}
