//! The size rule, and what of a picture is seen in which size.

use serde::{Deserialize, Serialize};

use super::orientation::Orientation;
pub use crate::fit::Fit;

/// The box a result must fit in, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
    /// The size a picture gets: its own if it fits, else both sides by the one ratio that makes it
    /// fit, rounded half up, at least 1. Pillow's `thumbnail` and sharp's `inside` agree on this rule.
    pub fn fit(self, width: u32, height: u32) -> (u32, u32) {
        let (max_width, max_height) = self.sides();
        if width <= max_width && height <= max_height {
            return (width, height);
        }
        let ratio = ratio(max_width, width).min(ratio(max_height, height));
        (
            scaled(width, ratio).min(max_width),
            scaled(height, ratio).min(max_height),
        )
    }

    fn sides(self) -> (u32, u32) {
        (self.max_width.max(1), self.max_height.max(1))
    }
}

/// What of a picture is seen, and in which size; upright.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Placement {
    /// The columns and the rows that are seen.
    pub(super) seen: (Span, Span),
    /// Width and height that they get.
    pub(super) size: (u32, u32),
    /// Width and height of the result.
    pub(super) canvas: (u32, u32),
}

/// A part of a direction, as fractions of the whole.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Span {
    pub(super) start: f64,
    pub(super) length: f64,
}

impl Span {
    pub(super) const WHOLE: Self = Self {
        start: 0.0,
        length: 1.0,
    };

    /// The middle `part` of `side` pixels. A part that is not resized begins with a whole pixel.
    fn middle(part: f64, side: f64, resized: bool) -> Self {
        let part = part.min(side);
        let start = (side - part) / 2.0;
        Self {
            start: if resized { start } else { start.floor() } / side,
            length: part / side,
        }
    }

    /// The same in a direction that runs the other way.
    fn reversed(self) -> Self {
        Self {
            start: (1.0 - self.start - self.length).max(0.0),
            ..self
        }
    }
}

impl Placement {
    /// Where a picture of this size goes.
    pub(super) fn new(fit: Fit, bounds: Bounds, (width, height): (u32, u32)) -> Self {
        let whole = |size| Self {
            seen: (Span::WHOLE, Span::WHOLE),
            size,
            canvas: size,
        };
        let (max_width, max_height) = bounds.sides();
        match fit {
            Fit::Inside => whole(bounds.fit(width, height)),
            Fit::Contain => Self {
                canvas: (max_width, max_height),
                ..whole(bounds.fit(width, height))
            },
            Fit::Fill => whole((max_width.min(width), max_height.min(height))),
            Fit::Cover => {
                let scale = ratio(max_width, width)
                    .max(ratio(max_height, height))
                    .min(1.0);
                let size = (
                    scaled(width, scale).min(max_width),
                    scaled(height, scale).min(max_height),
                );
                let seen = |result: u32, side: u32| {
                    Span::middle(f64::from(result) / scale, f64::from(side), scale < 1.0)
                };
                Self {
                    seen: (seen(size.0, width), seen(size.1, height)),
                    ..whole(size)
                }
            }
        }
    }

    /// The same for the picture as it is stored, in which width and height may have changed places and
    /// directions run the other way.
    pub(super) fn stored(self, orientation: Orientation) -> Self {
        let (across, down) = orientation.turn(self.seen);
        let (left, up) = orientation.reverses();
        let run = |span: Span, reversed| if reversed { span.reversed() } else { span };
        Self {
            seen: (run(across, left), run(down, up)),
            size: orientation.turn(self.size),
            canvas: orientation.turn(self.canvas),
        }
    }
}

fn ratio(of: u32, to: u32) -> f64 {
    f64::from(of) / f64::from(to)
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

    #[test]
    fn a_box_is_covered_from_the_middle() {
        let cover = |w, h, max_width, max_height| {
            let bounds = Bounds {
                max_width,
                max_height,
            };
            Placement::new(Fit::Cover, bounds, (w, h))
        };
        let square = cover(4000, 3000, 300, 300);
        assert_eq!((square.size, square.canvas), ((300, 300), (300, 300)));
        assert_eq!(square.seen.1, Span::WHOLE);
        assert!((square.seen.0.start - 0.125).abs() < 1e-12);
        assert!((square.seen.0.length - 0.75).abs() < 1e-12);
        // Smaller than the box in one direction: cut, and not enlarged.
        let band = cover(1000, 100, 300, 300);
        assert_eq!(band.size, (300, 100));
        assert!((band.seen.0.length - 0.3).abs() < 1e-12);
        assert_eq!(cover(50, 40, 300, 300).size, (50, 40));
        assert_eq!(cover(1, 65_535, 16, 16).size, (1, 16));
        // Without resizing no pixel is halved.
        let cut = cover(51, 40, 30, 40);
        assert!((cut.seen.0.start * 51.0 - 10.0).abs() < 1e-9, "{cut:?}");
        let turned = cut.stored(Orientation::Turned90);
        assert_eq!(turned.size, (40, 30));
        assert!(
            (turned.seen.1.start * 51.0 - 11.0).abs() < 1e-9,
            "{turned:?}"
        );
    }

    #[test]
    fn the_other_fits() {
        let bounds = Bounds {
            max_width: 300,
            max_height: 200,
        };
        let place = |fit, size| {
            let placement = Placement::new(fit, bounds, size);
            assert_eq!(placement.seen, (Span::WHOLE, Span::WHOLE));
            (placement.size, placement.canvas)
        };
        assert_eq!(place(Fit::Inside, (900, 900)), ((200, 200), (200, 200)));
        assert_eq!(place(Fit::Contain, (900, 900)), ((200, 200), (300, 200)));
        assert_eq!(place(Fit::Contain, (30, 20)), ((30, 20), (300, 200)));
        assert_eq!(place(Fit::Fill, (900, 900)), ((300, 200), (300, 200)));
        assert_eq!(place(Fit::Fill, (30, 900)), ((30, 200), (30, 200)));
    }

    proptest! {
        #[test]
        fn no_fit_leaves_the_box_or_the_picture(
            w in 1u32..=65_535, h in 1u32..=65_535, max_width in 1u32..5000, max_height in 1u32..5000,
        ) {
            let bounds = Bounds { max_width, max_height };
            for fit in [Fit::Inside, Fit::Cover, Fit::Contain, Fit::Fill] {
                let Placement { seen, size, canvas } = Placement::new(fit, bounds, (w, h));
                prop_assert!((1..=max_width.min(w)).contains(&size.0), "{fit:?} {size:?}");
                prop_assert!((1..=max_height.min(h)).contains(&size.1), "{fit:?} {size:?}");
                prop_assert!(canvas.0 >= size.0 && canvas.1 >= size.1);
                for span in [seen.0, seen.1] {
                    prop_assert!(span.start >= 0.0 && span.length > 0.0);
                    prop_assert!(span.start + span.length <= 1.0 + 1e-12, "{fit:?} {span:?}");
                }
                // Only `Fill` changes the shape of what is seen.
                if fit == Fit::Cover {
                    let across = f64::from(size.0) / (seen.0.length * f64::from(w));
                    let down = f64::from(size.1) / (seen.1.length * f64::from(h));
                    let off = (across - down).abs() / across.max(down);
                    prop_assert!(off <= 0.5 / f64::from(size.0.min(size.1)) + 1e-9, "{size:?} {off}");
                }
            }
        }

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
