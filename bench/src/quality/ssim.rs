//! Structural similarity, with the window and the constants of the paper.
//!
//! Source: Wang, Bovik, Sheikh, Simoncelli: Image quality assessment, <https://doi.org/10.1109/TIP.2003.819861>

use super::luma::Luma;

/// Pixels on each side of a window's middle: it has 11 by 11.
const RADIUS: i8 = 5;
/// Standard deviation of the window's weights, in pixels.
const SIGMA: f64 = 1.5;
const C1: f64 = 0.01 * 255.0 * 0.01 * 255.0;
const C2: f64 = 0.03 * 255.0 * 0.03 * 255.0;

/// The mean over all windows that lie within the picture; 1 is the same. A picture without room for one
/// window gives no number.
#[expect(
    clippy::cast_precision_loss,
    reason = "a picture has fewer pixels than a float has integers"
)]
pub(super) fn ssim(a: &Luma, b: &Luma) -> f64 {
    let product = |of: fn(f64, f64) -> f64| {
        let pairs = a.values.iter().zip(&b.values);
        let values = pairs.map(|(&a, &b)| of(a, b)).collect();
        mean(&Luma { values, ..*a }).values
    };
    let (mean_a, mean_b) = (product(|a, _| a), product(|_, b| b));
    let (square_a, square_b) = (product(|a, _| a * a), product(|_, b| b * b));
    let both = product(|a, b| a * b);
    let total: f64 = (0..both.len())
        .map(|at| {
            let (a, b) = (mean_a[at], mean_b[at]);
            let variances = square_a[at] - a * a + square_b[at] - b * b;
            let covariance = both[at] - a * b;
            (2.0 * a * b + C1) * (2.0 * covariance + C2) / ((a * a + b * b + C1) * (variances + C2))
        })
        .sum();
    total / both.len() as f64
}

/// The weighted mean of each window.
fn mean(picture: &Luma) -> Luma {
    across(&across(picture).transposed()).transposed()
}

fn across(picture: &Luma) -> Luma {
    let bell: Vec<f64> = (-RADIUS..=RADIUS)
        .map(|at| (-f64::from(at).powi(2) / (2.0 * SIGMA * SIGMA)).exp())
        .collect();
    let sum: f64 = bell.iter().sum();
    let weights: Vec<f64> = bell.into_iter().map(|weight| weight / sum).collect();
    let weighted = |window: &[f64]| window.iter().zip(&weights).map(|(a, b)| a * b).sum();
    let margins = u32::from(RADIUS.unsigned_abs()) * 2;
    Luma {
        width: picture.width.saturating_sub(margins),
        height: picture.height,
        values: picture
            .rows()
            .flat_map(|row| row.windows(weights.len()).map(weighted))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::luma::pattern;
    use super::*;

    #[test]
    fn it_is_what_others_say_of_the_same_pictures() {
        let a = pattern(32, 24, |x, y| f64::from((x * 5 + y * 3) % 200 + 20));
        let noise = |x: u32, y: u32| f64::from((x * 11 + y * 17) % 13) - 6.0;
        let b = pattern(32, 24, |x, y| {
            f64::from((x * 5 + y * 3) % 200 + 20) + noise(x, y)
        });
        // From scikit-image 0.26 with gaussian_weights, sigma 1.5 and use_sample_covariance off.
        let found = ssim(&a, &b);
        assert!((found - 0.938_950_301_465_941_5).abs() < 1e-9, "{found}");
    }

    #[test]
    fn flat_pictures_differ_by_their_lightness_alone() {
        let flat = |value| pattern(20, 15, |_, _| value);
        assert!((ssim(&flat(80.0), &flat(80.0)) - 1.0).abs() < 1e-9);
        let expected = (2.0 * 80.0 * 120.0 + C1) / (80.0 * 80.0 + 120.0 * 120.0 + C1);
        assert!((ssim(&flat(80.0), &flat(120.0)) - expected).abs() < 1e-9);
        assert!(ssim(&pattern(10, 40, |_, _| 1.0), &pattern(10, 40, |_, _| 1.0)).is_nan());
    }
}
