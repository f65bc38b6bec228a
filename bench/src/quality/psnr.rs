//! Peak signal to noise.

use super::luma::Luma;

/// In decibels; the same picture is infinitely near.
#[expect(
    clippy::cast_precision_loss,
    reason = "a picture has fewer pixels than a float has integers"
)]
pub(super) fn psnr(reference: &Luma, result: &Luma) -> f64 {
    let pairs = reference.values.iter().zip(&result.values);
    let squares: f64 = pairs.map(|(a, b)| (a - b).powi(2)).sum();
    let mean = squares / reference.values.len() as f64;
    10.0 * (255.0 * 255.0 / mean).log10()
}

#[cfg(test)]
mod tests {
    use super::super::luma::pattern;
    use super::*;

    #[test]
    fn it_follows_the_mean_square() {
        let flat = |value| pattern(10, 10, |_, _| value);
        let found = psnr(&flat(100.0), &flat(101.0));
        assert!((found - 48.130_803_608_679).abs() < 1e-9, "{found}");
        // Ten times the error is 20 dB less.
        assert!((found - psnr(&flat(100.0), &flat(110.0)) - 20.0).abs() < 1e-9);
        assert!(psnr(&flat(7.0), &flat(7.0)).is_infinite());
    }

    #[test]
    fn it_is_what_others_say_of_the_same_pictures() {
        let a = pattern(32, 24, |x, y| f64::from((x * 5 + y * 3) % 200 + 20));
        let noise = |x: u32, y: u32| f64::from((x * 11 + y * 17) % 13) - 6.0;
        let b = pattern(32, 24, |x, y| {
            f64::from((x * 5 + y * 3) % 200 + 20) + noise(x, y)
        });
        // From scikit-image 0.26.
        assert!((psnr(&a, &b) - 36.671_139_231_382_92).abs() < 1e-9);
    }
}
