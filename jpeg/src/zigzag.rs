//! The order of coefficients in a block (T.81, A.3.6), and which of them a decoded size needs.

/// Row and column of the coefficient at each place of the zigzag, as `8 * row + column`.
pub(crate) const NATURAL: [u8; 64] = {
    let mut order = [0; 64];
    let (mut row, mut column) = (0, 0);
    let mut place = 0;
    while place < 64 {
        order[place] = row * 8 + column;
        let rising = (row + column) % 2 == 0;
        match (rising, row, column) {
            (true, _, 7) => row += 1,
            (true, 0, _) | (false, 7, _) => column += 1,
            (true, ..) => (row, column) = (row - 1, column + 1),
            (false, _, 0) => row += 1,
            (false, ..) => (row, column) = (row + 1, column - 1),
        }
        place += 1;
    }
    order
};

/// The low-frequency corner of `N` rows and columns.
pub(crate) struct Corner<const N: usize>;

impl<const N: usize> Corner<N> {
    /// Where the coefficient at a place of the zigzag is kept: `N * row + column` in the corner, and
    /// [`DUMP`] outside of it. Longer than a block, so that an index of 8 bits is always inside.
    pub(crate) const PLACES: [u8; 256] = {
        let mut places = [DUMP; 256];
        let mut place = 0;
        while place < 64 {
            let (row, column) = (NATURAL[place] / 8, NATURAL[place] % 8);
            if (row as usize) < N && (column as usize) < N {
                places[place] = row * N as u8 + column;
            }
            place += 1;
        }
        places
    };

    /// The places of the zigzag that the corner has, a bit for each.
    pub(crate) const MASK: u64 = {
        let mut mask = 0;
        let mut place = 0;
        while place < 64 {
            if Self::PLACES[place] != DUMP {
                mask |= 1 << place;
            }
            place += 1;
        }
        mask
    };

    /// The last place of the zigzag that the corner has.
    pub(crate) const LAST: u32 = Self::MASK.ilog2();
}

/// A corner of a size that is not known when this is compiled.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AnyCorner {
    /// [`Corner::PLACES`]
    pub(crate) places: &'static [u8; 256],
    /// [`Corner::MASK`]
    pub(crate) mask: u64,
}

/// The corner of 1 to 8 rows and columns.
pub(crate) fn corner(size: usize) -> AnyCorner {
    const fn of<const N: usize>() -> AnyCorner {
        AnyCorner {
            places: &Corner::<N>::PLACES,
            mask: Corner::<N>::MASK,
        }
    }
    match size {
        1 => of::<1>(),
        2 => of::<2>(),
        3 => of::<3>(),
        4 => of::<4>(),
        5 => of::<5>(),
        6 => of::<6>(),
        7 => of::<7>(),
        _ => of::<8>(),
    }
}

/// Where coefficients outside of a corner go.
pub(crate) const DUMP: u8 = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_zigzag_is_the_standards() {
        assert_eq!(NATURAL[..10], [0, 1, 8, 16, 9, 2, 3, 10, 17, 24]);
        assert_eq!(NATURAL[28..36], [7, 14, 21, 28, 35, 42, 49, 56]);
        assert_eq!(NATURAL[60..], [47, 55, 62, 63]);
    }

    #[test]
    fn corners() {
        assert_eq!(Corner::<1>::LAST, 0);
        assert_eq!(Corner::<2>::MASK, 0b10111);
        assert_eq!(Corner::<2>::PLACES[..6], [0, 1, 2, DUMP, 3, DUMP]);
        assert_eq!((Corner::<3>::LAST, Corner::<4>::LAST), (12, 24));
        assert_eq!(Corner::<8>::MASK, u64::MAX);
    }
}
