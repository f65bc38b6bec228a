//! The size rule.

use super::orientation::Orientation;

/// The box a result must fit in, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bounds {
    /// Largest width; at least 1.
    pub max_width: u32,
    /// Largest height; at least 1.
    pub max_height: u32,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            max_width: 720,
            max_height: 720,
        }
    }
}

impl Bounds {
    /// The stored size of a result from the stored size of its source: the box stands upright.
    pub(super) fn fit_stored(
        self,
        orientation: Orientation,
        (width, height): (u32, u32),
    ) -> (u32, u32) {
        let (width, height) = orientation.turn((width, height));
        orientation.turn(self.fit(width, height))
    }

    /// The size a picture gets: its own if it fits, else both sides by the one ratio that makes it
    /// fit, rounded half up, at least 1. Pillow's `thumbnail` and sharp's `inside` agree on this rule.
    pub fn fit(self, width: u32, height: u32) -> (u32, u32) {
        let (max_width, max_height) = (self.max_width.max(1), self.max_height.max(1));
        if width <= max_width && height <= max_height {
            return (width, height);
        }
        let ratio = (f64::from(max_width) / f64::from(width))
            .min(f64::from(max_height) / f64::from(height));
        (
            scaled(width, ratio).min(max_width),
            scaled(height, ratio).min(max_height),
        )
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a ratio below 1 keeps the product between 0 and the u32 it came from"
)]
fn scaled(side: u32, ratio: f64) -> u32 {
    ((f64::from(side) * ratio + 0.5).floor() as u32).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_sizes() {
        let fit = |w, h| Bounds::default().fit(w, h);
        assert_eq!(fit(4032, 3024), (720, 540));
        assert_eq!(fit(3024, 4032), (540, 720));
        assert_eq!(fit(720, 720), (720, 720));
        assert_eq!(fit(721, 720), (720, 719));
        assert_eq!(fit(100, 50), (100, 50));
        assert_eq!(fit(65_535, 1), (720, 1));
        assert_eq!(fit(1, 65_535), (1, 720));
        // 1441 x 3 halves to 1.499: down; 1440 x 3 to 1.5: up.
        assert_eq!(fit(1441, 3), (720, 1));
        assert_eq!(fit(1440, 3), (720, 2));
    }

    proptest! {
        #[test]
        fn fits_and_is_never_enlarged(
            w in 1u32..=65_535, h in 1u32..=65_535, max_width in 1u32..5000, max_height in 1u32..5000,
        ) {
            let bounds = Bounds { max_width, max_height };
            let (out_w, out_h) = bounds.fit(w, h);
            prop_assert!((1..=max_width.min(w)).contains(&out_w));
            prop_assert!((1..=max_height.min(h)).contains(&out_h));
            // One side touches the box unless the picture was small enough already.
            prop_assert!((out_w, out_h) == (w, h) || out_w == max_width || out_h == max_height);
            // The other side is off by at most half a pixel.
            let ratio = (f64::from(max_width) / f64::from(w)).min(f64::from(max_height) / f64::from(h)).min(1.0);
            prop_assert!((f64::from(out_w) - f64::from(w) * ratio).abs() <= 0.5 + 1e-6 || out_w == 1);
            prop_assert!((f64::from(out_h) - f64::from(h) * ratio).abs() <= 0.5 + 1e-6 || out_h == 1);
        }

        #[test]
        fn turning_the_picture_turns_the_size(w in 1u32..=65_535, h in 1u32..=65_535) {
            let (a, b) = Bounds { max_width: 640, max_height: 480 }.fit(w, h);
            prop_assert_eq!(Bounds { max_width: 480, max_height: 640 }.fit(h, w), (b, a));
        }
    }
}
