//! How wide a text is, without a font at hand.
//!
//! A viewer draws with whatever its generic families are. The table is as wide as the widest of the usual ones,
//! `DejaVu` Sans Bold, so that nothing overflows anywhere.

/// Widths of the characters from space to `~`, in hundredths of the font's size.
#[rustfmt::skip]
const SANS: [u8; 95] = [
    35, 46, 53, 84, 70, 101, 88, 31, 46, 46, 53, 84, 38, 42, 38, 37, 70, 70, 70, 70, 70, 70, 70, 70, 70, 70, 40, 40,
    84, 84, 84, 63, 100, 78, 77, 74, 84, 69, 69, 83, 84, 38, 38, 78, 64, 100, 84, 86, 74, 86, 78, 73, 69, 82, 78, 111,
    78, 74, 73, 46, 37, 46, 84, 56, 50, 68, 72, 60, 72, 68, 44, 72, 72, 35, 35, 67, 35, 105, 72, 69, 72, 72, 50, 60,
    48, 72, 66, 93, 65, 66, 59, 72, 37, 72, 84,
];

/// Of every character of a fixed-width font.
const MONOSPACE: f64 = 0.61;

/// A font by its generic family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Font {
    /// `sans-serif`, up to bold.
    Sans,
    /// `monospace`.
    Monospace,
}

/// The most that a text takes, in the unit of the size.
pub(super) fn width(text: &str, font: Font, size: f64) -> f64 {
    let of = |c: char| {
        let known = usize::try_from(u32::from(c).wrapping_sub(32)).ok();
        match (known.and_then(|index| SANS.get(index)), font) {
            (Some(hundredths), Font::Sans) => f64::from(*hundredths) / 100.0,
            (Some(_), Font::Monospace) => MONOSPACE,
            // Of other scripts the widest are as wide as high; combining marks count as well.
            (None, _) => 1.1,
        }
    };
    text.chars().map(of).sum::<f64>() * size
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_as_wide_as_in_a_wide_font() {
        // Measured with DejaVu Sans Bold and DejaVu Sans Mono at 10 px.
        let measured = [("Step Functions", 92.1), ("resize-image", 73.5)];
        for (text, pixels) in measured {
            let width = width(text, Font::Sans, 10.0);
            assert!((width - pixels).abs() < 8.0, "{text}: {width}");
        }
        assert!((width("s3:GetObject", Font::Monospace, 10.0) - 72.2).abs() < 2.0);
        assert!(width("é漢", Font::Sans, 10.0) >= 20.0);
        assert!(width("", Font::Sans, 10.0).abs() < f64::EPSILON);
    }
}
