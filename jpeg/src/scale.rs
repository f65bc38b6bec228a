//! How much smaller to decode.

/// A number of eighths, 1 to 8: what becomes of each 8 rows and columns of a plane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Eighths(u8);

impl Eighths {
    /// The stored size.
    pub const ALL: Self = Self(8);

    /// Decoded samples for a hundred samples of the result, in each direction: a compromise. The SSIM of a
    /// thumbnail's luma is below that of one made of all eight eighths by 0.0017 at 140, 0.001 at 160 and
    /// 0.0004 at 196, all of two eighths, and by 0.0003 at 170 of three (the mean of 13 pictures; sharp ones
    /// lose up to four times as much, soft ones a tenth). Three eighths take 1.7 times as long as two.
    pub const OVERSAMPLING: u64 = 135;

    /// `None` unless `count` is 1 to 8.
    pub const fn new(count: u8) -> Option<Self> {
        match count {
            1..=8 => Some(Self(count)),
            _ => None,
        }
    }

    /// The smallest number of eighths at which a plane of the size `stored` has at least
    /// [`OVERSAMPLING`](Self::OVERSAMPLING) percent of the width and the height of `target`; all eight
    /// if there is none.
    ///
    /// Asked for each plane with that plane's size in the result, it answers for planes of their own
    /// resolutions: chroma of half the width decodes at four eighths where luma does at two, if the result
    /// has as much chroma as luma.
    pub fn for_target(stored: (u32, u32), target: (u32, u32)) -> Self {
        let enough = |eighths: Self, stored: u32, target: u32| {
            u64::from(eighths.of(stored)) * 100 >= u64::from(target) * Self::OVERSAMPLING
        };
        (1..8)
            .map(Self)
            .find(|&n| enough(n, stored.0, target.0) && enough(n, stored.1, target.1))
            .unwrap_or(Self::ALL)
    }

    /// How many.
    pub const fn get(self) -> u8 {
        self.0
    }

    /// The decoded number of rows or columns for a stored one, rounded up.
    pub const fn of(self, stored: u32) -> u32 {
        // A side has 16 bits.
        (stored * self.0 as u32).div_ceil(8)
    }

    pub(crate) fn size(self) -> usize {
        usize::from(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_size_with_enough_detail() {
        let eighths = |stored, target| Eighths::for_target(stored, target).get();
        assert_eq!(eighths((4032, 3024), (720, 540)), 2);
        assert_eq!(eighths((3887, 2915), (720, 540)), 2);
        assert_eq!(eighths((3880, 2910), (720, 540)), 3);
        assert_eq!(eighths((2016, 1512), (720, 540)), 4);
        assert_eq!(eighths((800, 600), (720, 540)), 8);
        assert_eq!(eighths((10_000, 100), (720, 100)), 8);
        assert_eq!(eighths((65_535, 65_535), (1, 1)), 1);
        assert_eq!(Eighths::new(0), None);
        assert_eq!(Eighths::new(9), None);
    }
}
