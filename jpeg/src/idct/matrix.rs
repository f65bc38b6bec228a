//! Transforms of 3 to 8 points.
//!
//! Half of a transform's matrix is enough: of sample i and its mirror image the even frequencies add the
//! same, and the odd ones the opposite. Lanes are side by side, so that the compiler makes vectors of them.

use super::{CENTER, Factors, Values, coefficient, sample};

/// Bits behind the binary point of the cosines.
const PRECISION: u32 = 13;

/// Bits behind the binary point that rows keep until the columns are done.
const BETWEEN: u32 = 2;

struct Cosines<const N: usize>;

impl<const N: usize> Cosines<N> {
    /// By sample and frequency.
    const TABLE: [[i32; N]; N] = {
        let mut table = [[0; N]; N];
        let mut sample = 0;
        while sample < N {
            let mut frequency = 0;
            while frequency < N {
                let scale = if frequency == 0 {
                    std::f64::consts::FRAC_1_SQRT_2
                } else {
                    1.0
                };
                let turn = ((2 * sample + 1) * frequency) as f64 / (4 * N) as f64;
                let value = scale * cosine(turn) / 2.0 * (1 << PRECISION) as f64;
                table[sample][frequency] = (value + if value < 0.0 { -0.5 } else { 0.5 }) as i32;
                frequency += 1;
            }
            sample += 1;
        }
        table
    };
}

/// The cosine of a number of turns, by its series. The one of the library is not for constants.
const fn cosine(turns: f64) -> f64 {
    let whole = turns as i64;
    let angle = (turns - whole as f64) * std::f64::consts::TAU;
    let (mut sum, mut term) = (0.0, 1.0);
    let mut n = 0;
    while n < 60 {
        sum += term;
        term *= -angle * angle / ((n + 1) * (n + 2)) as f64;
        n += 2;
    }
    sum
}

#[inline(always)]
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
    let rounding = (1 << (PRECISION + BETWEEN - 1)) + (CENTER << (PRECISION + BETWEEN));
    let samples = transform(&transposed(&between), rounding, PRECISION + BETWEEN);
    for (line, row) in transposed(&samples).iter().zip(out.chunks_mut(stride)) {
        let row = &mut row[..N];
        for (cell, &value) in row.iter_mut().zip(line) {
            *cell = sample(value);
        }
    }
}

/// Transforms the columns.
#[inline(always)]
fn transform<const N: usize>(input: &[[i32; N]; N], rounding: i32, shift: u32) -> [[i32; N]; N] {
    let mut output = [[0; N]; N];
    for sample in 0..N.div_ceil(2) {
        let (mut even, mut odd) = ([rounding; N], [0; N]);
        for frequency in 0..N {
            let cosine = Cosines::<N>::TABLE[sample][frequency];
            let sum = if frequency % 2 == 0 {
                &mut even
            } else {
                &mut odd
            };
            for lane in 0..N {
                sum[lane] += cosine * input[frequency][lane];
            }
        }
        for lane in 0..N {
            output[N - 1 - sample][lane] = (even[lane] - odd[lane]) >> shift;
        }
        for lane in 0..N {
            output[sample][lane] = (even[lane] + odd[lane]) >> shift;
        }
    }
    output
}

#[inline(always)]
fn transposed<const N: usize>(input: &[[i32; N]; N]) -> [[i32; N]; N] {
    let mut output = [[0; N]; N];
    for (row, line) in input.iter().enumerate() {
        for (column, &value) in line.iter().enumerate() {
            output[column][row] = value;
        }
    }
    output
}
