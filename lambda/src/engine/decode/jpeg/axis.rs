//! One direction of a plane, from decoded samples to those of the result.

/// Where the samples of the result lie among the decoded ones.
///
/// The two grids seldom end together. Decoding at a fraction rounds up: the last sample then stands for
/// less than a whole one. And half of an odd number of pixels is rounded up too: the last chroma sample
/// of the result reaches half a sample beyond the picture. What lies out there has the value of the edge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Axis {
    /// Copies of the first sample to put before it.
    pub(super) before: usize,
    /// Decoded samples.
    pub(super) samples: usize,
    /// Copies of the last sample to put behind it.
    pub(super) after: usize,
    /// Where the result's first sample begins, counted from the first copy.
    pub(super) start: f64,
    /// Decoded samples for each of the result.
    pub(super) scale: f64,
    /// Samples of the result.
    pub(super) target: usize,
}

/// What a direction of a plane becomes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Target {
    /// Samples of the result.
    pub(super) samples: usize,
    /// Whether the last of them is half beyond the picture.
    pub(super) overhangs: bool,
    /// Whether the picture is turned afterwards so that this direction runs the other way. The sample
    /// that is half beyond the picture is the first one then.
    pub(super) reversed: bool,
}

impl Axis {
    /// From `samples`, of which the picture covers `covered`.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "sides of a JPEG have 16 bits"
    )]
    pub(super) fn new(samples: usize, covered: f64, target: Target) -> Self {
        let overhang = if target.overhangs { 0.5 } else { 0.0 };
        let scale = covered / (target.samples as f64 - overhang);
        let beyond = scale * overhang;
        let (before, after) = if target.reversed {
            (beyond.ceil(), 0.0)
        } else {
            (0.0, (covered + beyond - samples as f64).ceil().max(0.0))
        };
        Self {
            before: before as usize,
            samples,
            after: after as usize,
            start: if target.reversed {
                before - beyond
            } else {
                0.0
            },
            scale,
            target: target.samples,
        }
    }

    /// Samples with the copies at both ends.
    pub(super) const fn padded(&self) -> usize {
        self.before + self.samples + self.after
    }

    /// Whether nothing is to be done.
    pub(super) fn is_identity(&self) -> bool {
        self.padded() == self.target && self.is_aligned()
    }

    /// Whether each sample of the result is one that was decoded.
    fn is_aligned(&self) -> bool {
        (self.scale - 1.0).abs() < f64::EPSILON && self.start.fract() == 0.0
    }

    /// Adds a line of samples with the copies at both ends.
    pub(super) fn extend(&self, lines: &mut Vec<u8>, line: &[u8]) {
        let (Some(&first), Some(&last)) = (line.first(), line.last()) else {
            return;
        };
        lines.resize(lines.len() + self.before, first);
        lines.extend_from_slice(line);
        lines.resize(lines.len() + self.after, last);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(samples: usize, covered: f64, target: usize, overhangs: bool, reversed: bool) -> Axis {
        let target = Target {
            samples: target,
            overhangs,
            reversed,
        };
        Axis::new(samples, covered, target)
    }

    #[test]
    fn what_is_covered_becomes_the_result() {
        let whole = axis(251, 250.25, 100, false, false);
        assert_eq!((whole.before, whole.after, whole.padded()), (0, 0, 251));
        assert!((whole.scale - 2.5025).abs() < 1e-12);
        assert_eq!(whole, axis(251, 250.25, 100, false, true));
        assert!(!whole.is_identity());
    }

    #[test]
    fn half_a_sample_beyond_the_picture() {
        // Of 405 rows of pixels 203 rows of chroma, which 1620 rows in 4:2:0 are decoded to at a half.
        let upright = axis(405, 405.0, 203, true, false);
        assert!((upright.scale - 2.0).abs() < 1e-12);
        assert_eq!((upright.before, upright.after), (0, 1));
        let reversed = axis(405, 405.0, 203, true, true);
        assert_eq!((reversed.before, reversed.after), (1, 0));
        assert!(reversed.start.abs() < 1e-12);
        let third = axis(300, 300.0, 203, true, true);
        assert!((third.start - (1.0 - 0.5 * 300.0 / 202.5)).abs() < 1e-12);
    }

    #[test]
    fn chroma_that_fits_is_left_alone() {
        // 33 columns of pixels in 4:2:0: 17 of chroma that cover 16.5.
        let axis = axis(17, 16.5, 17, true, false);
        assert!(axis.is_identity(), "{axis:?}");
        let mut lines = Vec::new();
        axis.extend(&mut lines, &[1; 17]);
        assert_eq!(lines, [1; 17]);
    }

    #[test]
    fn lines_are_continued_by_their_ends() {
        let mut lines = Vec::new();
        axis(3, 3.0, 1, true, false).extend(&mut lines, &[1, 2, 3]);
        axis(3, 3.0, 1, true, true).extend(&mut lines, &[1, 2, 3]);
        assert_eq!(lines, [1, 2, 3, 3, 3, 3, 1, 1, 1, 1, 2, 3]);
    }
}
