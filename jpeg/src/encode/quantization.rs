//! Quantization tables (T.81, annex K.1), and division by them.

use crate::zigzag::NATURAL;

/// Table K.1, in natural order.
const LUMA: [u8; 64] = [
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56,
    14, 17, 22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113,
    92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
];

/// Table K.2.
const CHROMA: [u8; 64] = [
    17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99,
    47, 66, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
];

/// A table of a quality.
#[derive(Debug, Clone)]
pub(super) struct Quantization {
    /// In natural order.
    values: [u8; 64],
    divisors: Divisors,
}

/// What coefficients, which the transform leaves eight times too large, are divided by, row by row.
///
/// A quotient is the upper half of two products, which processors have for eight numbers at once. It is
/// exact: with `2^s < d <= 2^(s + 1)` and `m` the next number from `2^(16 + s) / d`, the quotient `n / d` is
/// `n * m / 2^(16 + s)`, rounded down, for every `n` below `2^15`.
#[derive(Debug, Clone)]
pub(super) struct Divisors {
    /// Half of the divisor, which is added first.
    half: [[u16; 8]; 8],
    /// `m`
    reciprocal: [[u16; 8]; 8],
    /// `2^(16 - s)`
    scale: [[u16; 8]; 8],
}

impl Quantization {
    /// The tables of luma and chroma of a quality, 1 to 100, on libjpeg's scale.
    pub(super) fn all(quality: u8) -> [Self; 2] {
        [LUMA, CHROMA].map(|table| Self::new(&table, quality))
    }

    fn new(table: &[u8; 64], quality: u8) -> Self {
        let quality = u32::from(quality.clamp(1, 100));
        let percent = if quality < 50 {
            5000 / quality
        } else {
            200 - 2 * quality
        };
        let scaled = |value: u8| ((u32::from(value) * percent + 50) / 100).clamp(1, 255) as u8;
        let values = table.map(scaled);
        Self {
            values,
            divisors: Divisors::new(&values),
        }
    }

    /// The table in zigzag order, as a file has it.
    pub(super) fn zigzag(&self) -> [u8; 64] {
        NATURAL.map(|natural| self.values[usize::from(natural)])
    }

    pub(super) fn divisors(&self) -> &Divisors {
        &self.divisors
    }
}

impl Divisors {
    fn new(values: &[u8; 64]) -> Self {
        let mut divisors = Self {
            half: [[0; 8]; 8],
            reciprocal: [[0; 8]; 8],
            scale: [[0; 8]; 8],
        };
        for (at, &value) in values.iter().enumerate() {
            let (row, column) = (at / 8, at % 8);
            let divisor = u32::from(value) * 8;
            let shift = (divisor - 1).ilog2();
            divisors.half[row][column] = (divisor / 2) as u16;
            divisors.reciprocal[row][column] = (1_u32 << (16 + shift)).div_ceil(divisor) as u16;
            divisors.scale[row][column] = 1 << (16 - shift);
        }
        divisors
    }

    /// Divides a row of coefficients, rounding halves away from zero as libjpeg does.
    #[inline(always)]
    pub(super) fn divide(&self, row: usize, coefficients: [i16; 8]) -> [i16; 8] {
        let (half, reciprocal) = (&self.half[row], &self.reciprocal[row]);
        let scale = &self.scale[row];
        let mut quotients = [0; 8];
        for lane in 0..8 {
            let value = coefficients[lane];
            let size = value.unsigned_abs() + half[lane];
            let quotient = upper(upper(size, reciprocal[lane]), scale[lane]) as i16;
            let sign = value >> 15;
            quotients[lane] = (quotient ^ sign) - sign;
        }
        quotients
    }
}

/// The upper half of a product.
#[inline(always)]
fn upper(a: u16, b: u16) -> u16 {
    ((u32::from(a) * u32::from(b)) >> 16) as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn qualities_scale_the_tables_as_libjpeg_does() {
        let first = |quality| Quantization::all(quality).map(|table| table.zigzag()[..5].to_vec());
        assert_eq!(first(50), [[16, 11, 12, 14, 12], [17, 18, 18, 24, 21]]);
        assert_eq!(first(80), [[6, 4, 5, 6, 5], [7, 7, 7, 10, 8]]);
        assert_eq!(first(100), [[1; 5]; 2]);
        assert_eq!(first(1), [[255; 5]; 2]);
        assert_eq!(first(20), [[40, 28, 30, 35, 30], [43, 45, 45, 60, 53]]);
    }

    #[test]
    fn quotients_are_exact() {
        for divisor in 1..=255_u8 {
            let divisors = Divisors::new(&[divisor; 64]);
            for value in -8400..=8400_i16 {
                let d = i32::from(divisor) * 8;
                let exact = (i32::from(value).abs() + d / 2) / d * i32::from(value.signum());
                let quotients = divisors.divide(3, [value; 8]);
                assert_eq!(quotients.map(i32::from), [exact; 8], "{value} / {d}");
            }
        }
    }
}
