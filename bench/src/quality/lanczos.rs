//! Lanczos3 in floats, antialiased: each pixel of the small picture is a weighted mean of all it stands for.

use std::f64::consts::PI;

use super::luma::Luma;

/// Lobes on each side.
const LOBES: f64 = 3.0;

/// The picture in another size.
pub(super) fn resized(picture: &Luma, width: u32, height: u32) -> Luma {
    across(&across(picture, width).transposed(), height).transposed()
}

/// The picture in another width.
fn across(picture: &Luma, width: u32) -> Luma {
    let kernels: Vec<Kernel> = kernels(picture.width, width);
    let values = picture
        .rows()
        .flat_map(|row| kernels.iter().map(|kernel| kernel.of(row)))
        .collect();
    Luma {
        width,
        height: picture.height,
        values,
    }
}

/// What one pixel is made of.
struct Kernel {
    first: usize,
    weights: Vec<f64>,
}

impl Kernel {
    fn of(&self, row: &[f64]) -> f64 {
        let pixels = &row[self.first..][..self.weights.len()];
        pixels.iter().zip(&self.weights).map(|(a, b)| a * b).sum()
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "positions in a row lie between 0 and the row's length"
)]
fn kernels(from: u32, to: u32) -> Vec<Kernel> {
    let scale = f64::from(from) / f64::from(to);
    // An enlargement is no mean: the kernel keeps its own width.
    let stretch = scale.max(1.0);
    let one = |index: u32| {
        let center = (f64::from(index) + 0.5) * scale;
        let first = (center - LOBES * stretch + 0.5).max(0.0) as u32;
        let end = ((center + LOBES * stretch + 0.5) as u32).min(from);
        let weight = |at: u32| lanczos((f64::from(at) + 0.5 - center) / stretch);
        let weights: Vec<f64> = (first..end).map(weight).collect();
        let sum: f64 = weights.iter().sum();
        Kernel {
            first: first as usize,
            weights: weights.into_iter().map(|weight| weight / sum).collect(),
        }
    };
    (0..to).map(one).collect()
}

fn lanczos(x: f64) -> f64 {
    if x.abs() >= LOBES {
        0.0
    } else {
        sinc(x) * sinc(x / LOBES)
    }
}

fn sinc(x: f64) -> f64 {
    if x == 0.0 {
        1.0
    } else {
        (PI * x).sin() / (PI * x)
    }
}

#[cfg(test)]
mod tests {
    use super::super::luma::pattern;
    use super::*;

    #[test]
    fn it_is_what_others_make_of_the_same_picture() {
        let picture = pattern(50, 37, |x, y| f64::from((x * 7 + y * 13 + x * y) % 256));
        let small = resized(&picture, 20, 15);
        // From NumPy in double precision; Pillow's `resize` of mode F differs by less than 0.00002.
        for ((x, y), expected) in [
            ((0, 0), 15.496_136_699_812),
            ((10, 7), 98.572_452_723_859),
            ((19, 14), 139.157_073_895_885),
            ((17, 3), 146.268_796_530_110),
        ] {
            let found = small.values[y * 20 + x];
            assert!((found - expected).abs() < 1e-9, "{found} at {x}, {y}");
        }
    }

    #[test]
    fn what_is_flat_stays_flat_and_what_rises_evenly_stays_where_it_is() {
        let flat = resized(&pattern(301, 77, |_, _| 93.0), 100, 31);
        assert!(flat.values.iter().all(|value| (value - 93.0).abs() < 1e-9));

        let ramp = resized(&pattern(400, 8, |x, _| f64::from(x)), 100, 2);
        for (at, value) in ramp.values[..100].iter().enumerate().skip(5).take(90) {
            let at = f64::from(u32::try_from(at).expect("small"));
            assert!((value - (at * 4.0 + 1.5)).abs() < 1e-9, "{value} at {at}");
        }
    }

    #[test]
    fn the_same_size_is_the_same_picture() {
        let picture = pattern(31, 17, |x, y| f64::from((x * 31 + y * 57) % 251));
        let same = resized(&picture, 31, 17);
        let pairs = same.values.iter().zip(&picture.values);
        assert!(pairs.into_iter().all(|(a, b)| (a - b).abs() < 1e-9));
    }
}
