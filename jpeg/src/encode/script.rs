//! Which scans a picture has.

/// A scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scan {
    /// Its components.
    pub(super) components: &'static [usize],
    /// First and last place of the zigzag, both included (Ss, Se).
    pub(super) band: (u8, u8),
    /// Lowest bit of the previous scan of the same band, 0 if there is none (Ah), and of this (Al).
    pub(super) bits: (u8, u8),
}

const fn scan(components: &'static [usize], band: (u8, u8), bits: (u8, u8)) -> Scan {
    Scan {
        components,
        band,
        bits,
    }
}

const GRAY: [Scan; 1] = [scan(&[0], (0, 63), (0, 0))];

const COLOR: [Scan; 1] = [scan(&[0, 1, 2], (0, 63), (0, 0))];

const PROGRESSIVE_GRAY: [Scan; 6] = [
    scan(&[0], (0, 0), (0, 1)),
    scan(&[0], (1, 5), (0, 2)),
    scan(&[0], (6, 63), (0, 2)),
    scan(&[0], (1, 63), (2, 1)),
    scan(&[0], (0, 0), (1, 0)),
    scan(&[0], (1, 63), (1, 0)),
];

/// The order of libjpeg's `jpeg_simple_progression`: a rough picture first, and its last bits, which are half
/// of the file, last.
const PROGRESSIVE_COLOR: [Scan; 10] = [
    scan(&[0, 1, 2], (0, 0), (0, 1)),
    scan(&[0], (1, 5), (0, 2)),
    scan(&[2], (1, 63), (0, 1)),
    scan(&[1], (1, 63), (0, 1)),
    scan(&[0], (6, 63), (0, 2)),
    scan(&[0], (1, 63), (2, 1)),
    scan(&[0, 1, 2], (0, 0), (1, 0)),
    scan(&[2], (1, 63), (1, 0)),
    scan(&[1], (1, 63), (1, 0)),
    scan(&[0], (1, 63), (1, 0)),
];

/// The scans of a picture of one component or three.
pub(super) fn scans(components: usize, progressive: bool) -> &'static [Scan] {
    match (components, progressive) {
        (1, false) => &GRAY,
        (1, true) => &PROGRESSIVE_GRAY,
        (_, false) => &COLOR,
        (_, true) => &PROGRESSIVE_COLOR,
    }
}
