//! One direction of a picture or a plane, from decoded samples to those of the result.

use crate::engine::fit::Span;

/// Samples to each side of its middle that the filter takes, of the larger of the two grids.
const RADIUS: f64 = 3.0;

/// Where the samples of the result lie among the decoded ones.
///
/// The two grids seldom end together. Decoding at a fraction rounds up: the last sample then stands for
/// less than a whole one. And half of an odd number of pixels is rounded up too: the last chroma sample
/// of the result reaches half a sample beyond the picture. What lies out there has the value of the edge.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::engine) struct Axis {
    /// Decoded samples that nothing of the result is made of, at the start.
    pub(super) skipped: usize,
    /// Copies of the first sample to put before it.
    pub(super) before: usize,
    /// Decoded samples that are kept.
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
pub(in crate::engine) struct Target {
    /// What of it is seen.
    pub(in crate::engine) seen: Span,
    /// Samples of the result.
    pub(in crate::engine) samples: usize,
    /// Whether the last of them is half beyond the picture.
    pub(in crate::engine) overhangs: bool,
    /// Whether the picture is turned afterwards so that this direction runs the other way. The sample
    /// that is half beyond the picture is the first one then.
    pub(in crate::engine) reversed: bool,
}

impl Axis {
    /// From `samples`, of which the picture covers `covered`.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "sides of a picture have at most 24 bits"
    )]
    pub(in crate::engine) fn new(samples: usize, covered: f64, target: Target) -> Self {
        let overhang = if target.overhangs { 0.5 } else { 0.0 };
        let begin = target.seen.start * covered;
        let length = target.seen.length * covered;
        let scale = length / (target.samples as f64 - overhang);
        let beyond = scale * overhang;
        let (first, last) = if target.reversed {
            (begin - beyond, begin + length)
        } else {
            (begin, begin + length + beyond)
        };
        let before = (-first).ceil().max(0.0);
        let after = (last - samples as f64).ceil().max(0.0);
        let reach = reach(scale);
        let skipped = (first - reach).floor().max(0.0);
        let end = ((last + reach).ceil() as usize).min(samples);
        Self {
            skipped: skipped as usize,
            before: before as usize,
            samples: end - skipped as usize,
            after: after as usize,
            start: first - skipped + before,
            scale,
            target: target.samples,
        }
    }

    /// Samples that are kept, with the copies at both ends.
    pub(super) const fn padded(&self) -> usize {
        self.before + self.samples + self.after
    }

    /// Whether nothing is to be done.
    pub(super) fn is_identity(&self) -> bool {
        self.padded() == self.target && self.is_aligned()
    }

    /// Whether each sample of the result is one that was decoded.
    pub(super) fn is_aligned(&self) -> bool {
        (self.scale - 1.0).abs() < f64::EPSILON && self.start.fract() == 0.0
    }

    /// The kept samples that one of the result is made of, and one more at both ends.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "as above"
    )]
    pub(super) fn window(&self, index: usize) -> (usize, usize) {
        let middle = self.start + (index as f64 + 0.5) * self.scale;
        let reach = reach(self.scale);
        let end = (middle + reach).ceil() as usize;
        (
            (middle - reach).floor().max(0.0) as usize,
            end.min(self.padded()),
        )
    }

    /// Adds what is kept of a line of samples, with the copies at both ends.
    pub(super) fn extend(&self, lines: &mut Vec<u8>, line: &[u8], channels: usize) {
        let kept = &line[self.skipped * channels..(self.skipped + self.samples) * channels];
        for _ in 0..self.before {
            lines.extend_from_slice(&kept[..channels]);
        }
        lines.extend_from_slice(kept);
        for _ in 0..self.after {
            lines.extend_from_slice(&kept[kept.len() - channels..]);
        }
    }
}

fn reach(scale: f64) -> f64 {
    RADIUS * scale.max(1.0) + 1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(samples: usize, covered: f64, target: usize, overhangs: bool, reversed: bool) -> Axis {
        let target = Target {
            seen: Span::WHOLE,
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
        axis.extend(&mut lines, &[1; 17], 1);
        assert_eq!(lines, [1; 17]);
    }

    #[test]
    fn lines_are_continued_by_their_ends() {
        let mut lines = Vec::new();
        axis(3, 3.0, 1, true, false).extend(&mut lines, &[1, 2, 3], 1);
        axis(3, 3.0, 1, true, true).extend(&mut lines, &[1, 2, 3], 1);
        assert_eq!(lines, [1, 2, 3, 3, 3, 3, 1, 1, 1, 1, 2, 3]);
        let mut pairs = Vec::new();
        axis(2, 2.0, 1, true, false).extend(&mut pairs, &[1, 2, 3, 4], 2);
        assert_eq!(pairs, [1, 2, 3, 4, 3, 4, 3, 4]);
    }

    #[test]
    fn what_is_cut_off_is_not_kept_but_for_what_the_filter_sees() {
        let target = Target {
            seen: Span {
                start: 0.4,
                length: 0.2,
            },
            samples: 100,
            overhangs: false,
            reversed: false,
        };
        let axis = Axis::new(1000, 1000.0, target);
        assert!((axis.scale - 2.0).abs() < 1e-12);
        // 400 to 600, and twice three samples of the result and one more to each side.
        assert_eq!((axis.skipped, axis.samples), (393, 214));
        assert!((axis.start - 7.0).abs() < 1e-9);
        assert_eq!((axis.before, axis.after), (0, 0));
        let line: Vec<u8> = (0..1000_u32).map(|i| (i % 251) as u8).collect();
        let mut kept = Vec::new();
        axis.extend(&mut kept, &line, 1);
        assert_eq!(kept, line[393..607]);
    }
}
