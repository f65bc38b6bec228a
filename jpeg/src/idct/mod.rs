//! The inverse cosine transform (T.81, A.3.3) of a block's low-frequency corner.
//!
//! The `N` x `N` coefficients of lowest frequency, transformed by the cosines of `N` points and scaled by
//! `N` / 8, are the block at `N` eighths of its size: each sample is near the mean of the area that
//! it stands for.

mod eight;
mod four;
mod matrix;
mod three;

use crate::scale::Eighths;
use crate::tables::Quantization;
use crate::zigzag::NATURAL;

/// The coefficients of a corner, `N * row + column`, not yet multiplied with the quantization table. What
/// is outside of the corner was written behind it.
pub(crate) type Values = [i16; 128];

/// The quantization table of a corner, in the order of [`Values`].
pub(crate) type Factors = [i32; 64];

/// Rows of a block, whatever is in them.
type Lanes = [[i32; 8]; 8];

/// What is added to a sample to make it positive.
const CENTER: i32 = 128;

/// A picture of 8 bits a sample has no coefficient above. Sums of products stay within 32 bits, whatever
/// the file says.
const LARGEST: i32 = 2047;

/// The part of a quantization table that a corner of so many eighths needs.
pub(crate) fn factors(table: &Quantization, eighths: Eighths) -> Factors {
    let size = eighths.size();
    let mut factors = [0; 64];
    for (&natural, &factor) in NATURAL.iter().zip(table) {
        let (row, column) = (usize::from(natural / 8), usize::from(natural % 8));
        if row < size && column < size {
            factors[row * size + column] = i32::from(factor);
        }
    }
    factors
}

#[inline(always)]
fn coefficient(value: i16, factor: i32) -> i32 {
    (i32::from(value) * factor).clamp(-LARGEST, LARGEST)
}

#[inline(always)]
fn transposed(input: &Lanes) -> Lanes {
    let mut output = [[0; 8]; 8];
    for (row, line) in input.iter().enumerate() {
        for (column, &value) in line.iter().enumerate() {
            output[column][row] = value;
        }
    }
    output
}

#[inline(always)]
fn sample(value: i32) -> u8 {
    value.clamp(0, 255) as u8
}

/// Writes a block's samples to the start of `out`, whose rows are `stride` apart.
#[inline(always)]
pub(crate) fn block<const N: usize>(
    values: &Values,
    factors: &Factors,
    flat: bool,
    out: &mut [u8],
    stride: usize,
) {
    match N {
        1 => out[0] = mean(values, factors),
        2 => quarter(values, factors, out, stride),
        _ if flat => fill::<N>(mean(values, factors), out, stride),
        3 => three::block(values, factors, out, stride),
        4 => four::block(values, factors, out, stride),
        8 => eight::block(values, factors, out, stride),
        _ => matrix::block::<N>(values, factors, out, stride),
    }
}

/// The sample that the first coefficient alone makes.
#[inline(always)]
fn mean(values: &Values, factors: &Factors) -> u8 {
    sample((coefficient(values[0], factors[0]) + 4 + CENTER * 8) >> 3)
}

/// Gives all samples of a block the same value.
#[inline(always)]
fn fill<const N: usize>(value: u8, out: &mut [u8], stride: usize) {
    for row in out.chunks_mut(stride).take(N) {
        row[..N].fill(value);
    }
}

/// Two by two samples: the cosines are all the same.
#[inline(always)]
fn quarter(values: &Values, factors: &Factors, out: &mut [u8], stride: usize) {
    // Values that no picture has may wrap.
    let at = |i: usize| i32::from(values[i]).wrapping_mul(factors[i]);
    let mean = at(0).wrapping_add(4 + CENTER * 8);
    let (left, right) = (mean.wrapping_add(at(1)), mean.wrapping_sub(at(1)));
    let (more, less) = (at(2).wrapping_add(at(3)), at(2).wrapping_sub(at(3)));
    let mut samples = [
        left.wrapping_add(more) >> 3,
        right.wrapping_add(less) >> 3,
        left.wrapping_sub(more) >> 3,
        right.wrapping_sub(less) >> 3,
    ];
    // Most blocks have no sample that is too dark or too bright.
    if samples.iter().fold(0, |all, &one| all | one as u32) > 255 {
        samples = samples.map(|one| one.clamp(0, 255));
    }
    let [a, b, c, d] = samples.map(|one| one as u8);
    let (top, bottom) = out.split_at_mut(stride);
    top[..2].copy_from_slice(&[a, b]);
    bottom[..2].copy_from_slice(&[c, d]);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition, in floating point.
    fn exact(n: usize, values: &Values, factors: &Factors) -> Vec<f64> {
        let basis = |i: usize, u: usize| {
            let scale = if u == 0 { 0.5_f64.sqrt() } else { 1.0 };
            let angle = (2 * i + 1) as f64 * u as f64 * std::f64::consts::PI / (2 * n) as f64;
            scale * angle.cos() / 2.0
        };
        let mut samples = Vec::new();
        for y in 0..n {
            for x in 0..n {
                let mut sum = 128.0;
                for (at, (&value, &factor)) in values.iter().zip(factors).take(n * n).enumerate() {
                    sum +=
                        f64::from(value) * f64::from(factor) * basis(y, at / n) * basis(x, at % n);
                }
                samples.push(sum);
            }
        }
        samples
    }

    fn check<const N: usize>() {
        let mut random = 1_u32;
        let mut next = |range: i32| {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (random >> 8) as i32 % (2 * range + 1) - range
        };
        let (mut sum, mut squares, mut count) = (0.0, 0.0, 0.0);
        for round in 0..2000 {
            let mut values = [0; 128];
            let mut factors = [1; 64];
            for (at, value) in values.iter_mut().take(N * N).enumerate() {
                let range = if at == 0 {
                    900
                } else {
                    [3, 30, 150][round % 3]
                };
                *value = next(range) as i16;
            }
            factors[N * N / 2] = 3;
            let mut out = [0; 8 * 16];
            block::<N>(&values, &factors, false, &mut out, 16);
            for (i, exact) in exact(N, &values, &factors).into_iter().enumerate() {
                let sample = f64::from(out[i / N * 16 + i % N]);
                let error = sample - exact.clamp(0.0, 255.0);
                assert!(error.abs() < 0.75, "{N}: {sample} for {exact}");
                if (0.0..=255.0).contains(&exact) {
                    sum += error;
                    squares += error * error;
                    count += 1.0;
                }
            }
            let next = &out[N..16];
            assert!(
                next.iter().all(|&sample| sample == 0),
                "{N} writes beside the block"
            );
        }
        // Rounding alone has a mean of zero and a mean square of 1/12.
        assert!((sum / count).abs() < 0.005, "{N}: {}", sum / count);
        assert!(squares / count < 0.09, "{N}: {}", squares / count);
    }

    #[test]
    fn all_sizes_round_the_exact_value() {
        // A half rounds up in one and not in the other.
        check::<3>();
        check::<4>();
        check::<5>();
        check::<6>();
        check::<7>();
        check::<8>();
    }

    #[test]
    fn one_and_four_samples_are_exact() {
        for mean in -1100_i16..1100 {
            let mut values = [0; 128];
            values[0] = mean;
            values[..4].copy_from_slice(&[mean, 40, -17, 5]);
            let mut out = [0; 16];
            block::<1>(&values, &[1; 64], false, &mut out, 8);
            let floor = |sum: i16| ((f64::from(sum) / 8.0 + 128.5).floor()).clamp(0.0, 255.0) as u8;
            assert_eq!(out[0], floor(mean));
            block::<2>(&values, &[1; 64], false, &mut out, 8);
            let expected = [mean + 28, mean - 62, mean + 52, mean - 18].map(floor);
            assert_eq!([out[0], out[1], out[8], out[9]], expected);
        }
    }

    #[test]
    fn values_that_no_picture_has_do_not_overflow() {
        for value in [i16::MIN, i16::MAX] {
            for sign in [1, -1] {
                let mut values = [value; 128];
                values
                    .iter_mut()
                    .step_by(2)
                    .for_each(|v| *v = v.saturating_mul(sign));
                let mut out = [0; 64];
                block::<1>(&values, &[65535; 64], false, &mut out, 8);
                block::<2>(&values, &[65535; 64], false, &mut out, 8);
                block::<3>(&values, &[65535; 64], false, &mut out, 8);
                block::<7>(&values, &[65535; 64], false, &mut out, 8);
                block::<8>(&values, &[65535; 64], false, &mut out, 8);
            }
        }
    }

    #[test]
    fn a_flat_block_is_what_its_mean_makes() {
        let mut values = [0; 128];
        values[0] = 333;
        let (mut flat, mut full) = ([0; 64], [0; 64]);
        block::<8>(&values, &[1; 64], true, &mut flat, 8);
        block::<8>(&values, &[1; 64], false, &mut full, 8);
        assert_eq!(flat, full);
    }
}
