//! The forward cosine transform (T.81, A.3.3) of 8 points after Loeffler, Ligtenberg and Moschytz, "Practical
//! fast 1-D DCT algorithms with 11 multiplications" (ICASSP 1989): first of the rows, then of the
//! columns, with the precision of libjpeg's `jfdctint.c`, so that its coefficients are the same bits.
//!
//! Sums of samples fit in 16 bits throughout; only products are wider. Processors multiply eight
//! such numbers at a time.

/// Rows of a block, or columns.
pub(super) type Lanes = [[i16; 8]; 8];

/// Bits behind the binary point of the constants.
const PRECISION: u32 = 13;

/// Bits behind the binary point that rows keep until the columns are done.
const BETWEEN: u32 = 2;

/// What the sums of a pass, its frequencies 0 and 4, are multiplied or divided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pass {
    Rows,
    Columns,
}

/// The coefficients of samples that were made signed, eight times too large, in natural order.
#[inline(never)]
pub(super) fn forward(samples: &[&[u8; 8]; 8]) -> Lanes {
    let mut signed = [[0; 8]; 8];
    for (to, from) in signed.iter_mut().zip(samples) {
        for (to, &from) in to.iter_mut().zip(*from) {
            *to = i16::from(from) - 128;
        }
    }
    let rows = transform(&transposed(&signed), Pass::Rows);
    transform(&transposed(&rows), Pass::Columns)
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

/// Transforms the columns of its input.
#[inline(always)]
fn transform(input: &Lanes, pass: Pass) -> Lanes {
    let mut output = [[0; 8]; 8];
    for lane in 0..8 {
        let x = |i: usize| input[i][lane];
        let sums = [x(0) + x(7), x(1) + x(6), x(2) + x(5), x(3) + x(4)];
        let differences = [x(0) - x(7), x(1) - x(6), x(2) - x(5), x(3) - x(4)];
        let even = even(sums, pass);
        let odd = odd(differences, pass);
        for i in 0..4 {
            output[2 * i][lane] = even[i];
            output[2 * i + 1][lane] = odd[i];
        }
    }
    output
}

/// The frequencies 0, 2, 4 and 6.
#[inline(always)]
fn even([s0, s1, s2, s3]: [i16; 4], pass: Pass) -> [i16; 4] {
    let (outer, inner) = (s0 + s3, s1 + s2);
    let (far, near) = (s0 - s3, s1 - s2);
    let turned = times(far + near, 4433);
    [
        whole(outer + inner, pass),
        rounded(turned + times(far, 6270), pass),
        whole(outer - inner, pass),
        rounded(turned - times(near, 15137), pass),
    ]
}

/// The frequencies 1, 3, 5 and 7.
#[inline(always)]
fn odd([d0, d1, d2, d3]: [i16; 4], pass: Pass) -> [i16; 4] {
    let (z1, z2) = (times(d3 + d0, -7373), times(d2 + d1, -20995));
    let (z3, z4) = (d3 + d1, d2 + d0);
    let z5 = times(z3 + z4, 9633);
    let (z3, z4) = (z5 + times(z3, -16069), z5 + times(z4, -3196));
    [
        rounded(times(d0, 12299) + z1 + z4, pass),
        rounded(times(d1, 25172) + z2 + z3, pass),
        rounded(times(d2, 16819) + z2 + z4, pass),
        rounded(times(d3, 2446) + z1 + z3, pass),
    ]
}

#[inline(always)]
fn times(value: i16, constant: i16) -> i32 {
    i32::from(value) * i32::from(constant)
}

/// A sum that has no bits behind the point but those of the pass before.
#[inline(always)]
fn whole(sum: i16, pass: Pass) -> i16 {
    match pass {
        Pass::Rows => sum << BETWEEN,
        // In 32 bits: the half of a step does not fit on top of the largest sum.
        Pass::Columns => ((i32::from(sum) + (1 << (BETWEEN - 1))) >> BETWEEN) as i16,
    }
}

#[inline(always)]
fn rounded(value: i32, pass: Pass) -> i16 {
    let bits = match pass {
        Pass::Rows => PRECISION - BETWEEN,
        Pass::Columns => PRECISION + BETWEEN,
    };
    ((value + (1 << (bits - 1))) >> bits) as i16
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition, in floating point.
    fn exact(samples: &[[u8; 8]; 8], v: usize, u: usize) -> f64 {
        let basis = |i: usize, u: usize| {
            let scale = if u == 0 { 0.5_f64.sqrt() } else { 1.0 };
            scale * ((2 * i + 1) as f64 * u as f64 * std::f64::consts::PI / 16.0).cos() / 2.0
        };
        let mut sum = 0.0;
        for (y, row) in samples.iter().enumerate() {
            for (x, &sample) in row.iter().enumerate() {
                sum += (f64::from(sample) - 128.0) * basis(y, v) * basis(x, u);
            }
        }
        sum
    }

    fn check(samples: &[[u8; 8]; 8]) -> f64 {
        let coefficients = forward(&samples.each_ref());
        let mut squares = 0.0;
        for (v, row) in coefficients.iter().enumerate() {
            for (u, &found) in row.iter().enumerate() {
                let error = f64::from(found) / 8.0 - exact(samples, v, u);
                assert!(error.abs() < 0.3, "{v}, {u}: {found} is off by {error}");
                squares += error * error;
            }
        }
        squares / 64.0
    }

    #[test]
    fn coefficients_are_the_definitions() {
        let mut random = 1_u32;
        let mut next = || {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (random >> 24) as u8
        };
        let mut squares = 0.0;
        for round in 0..1000 {
            let contrast = [1, 8, 64, 255][round % 4];
            let samples = [(); 8].map(|()| [(); 8].map(|()| next() & contrast));
            squares += check(&samples) / 1000.0;
        }
        // Rounding to eighths alone has a mean square of 1/768.
        assert!(squares < 0.004, "{squares}");
    }

    #[test]
    fn the_largest_sums_fit() {
        // Each sign of each product of cosines, and all that is black or white.
        for v in 0..8 {
            for u in 0..8 {
                for [dark, bright] in [[0, 255], [255, 0]] {
                    let sign = |i: usize, u: usize| ((2 * i + 1) * u + 8) % 32 < 16;
                    let at = |y, x| {
                        if sign(y, v) == sign(x, u) {
                            bright
                        } else {
                            dark
                        }
                    };
                    let samples = [0, 1, 2, 3, 4, 5, 6, 7]
                        .map(|y| [0, 1, 2, 3, 4, 5, 6, 7].map(|x| at(y, x)));
                    check(&samples);
                }
            }
        }
        check(&[[0; 8]; 8]);
        check(&[[255; 8]; 8]);
    }
}
