//! Which scans a decoded size needs.
//!
//! A scan outside of the kept corner can be left out, unless a later one has to know which of its
//! coefficients are 0: a refinement (T.81, G.1.2.3) has a bit for each that is not, so that who reads it
//! must know them all. A scan that the file ends in is not left out either: only who reads it knows how much
//! of it is there.

use crate::scan::Scan;
use crate::zigzag;

/// What to do with the scans.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Plan {
    /// Whether each scan is needed.
    pub(super) scans: Vec<bool>,
    /// By component, the places of the zigzag that need a map of the coefficients that are not 0.
    pub(super) mapped: Vec<u64>,
}

impl Plan {
    /// For components of which so many eighths are kept.
    pub(super) fn new(scans: &[Scan], eighths: &[usize]) -> Self {
        let mut plan = Self {
            scans: vec![true; scans.len()],
            mapped: vec![0; eighths.len()],
        };
        for (scan, needed) in scans.iter().zip(&mut plan.scans).rev() {
            let [member] = scan.members.as_slice() else {
                continue;
            };
            if scan.band.0 == 0 {
                continue;
            }
            let band = band(scan);
            let mapped = &mut plan.mapped[member.component];
            let kept = zigzag::corner(eighths[member.component]).mask;
            *needed = scan.breaks_off || band & (kept | *mapped) != 0;
            if *needed && scan.bits.0 > 0 {
                *mapped |= band;
            }
        }
        plan
    }
}

/// The places of a scan's band, a bit for each.
pub(super) fn band(scan: &Scan) -> u64 {
    let (first, last) = scan.band;
    u64::MAX >> (63 - last) & u64::MAX << first
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::Member;

    fn scan(component: usize, band: (u8, u8), bits: (u8, u8)) -> Scan {
        Scan {
            members: vec![Member {
                component,
                dc: 0,
                ac: 0,
            }],
            band,
            bits,
            at: 0,
            data: 0..0,
            breaks_off: false,
        }
    }

    #[test]
    fn what_libjpeg_writes() {
        let scans = [
            scan(0, (0, 0), (0, 1)),
            scan(0, (1, 5), (0, 2)),
            scan(0, (6, 63), (0, 2)),
            scan(0, (1, 63), (2, 1)),
            scan(0, (0, 0), (1, 0)),
            scan(0, (1, 63), (1, 0)),
        ];
        let needed = |n| Plan::new(&scans, &[n]).scans;
        assert_eq!(needed(1), [true, false, false, false, true, false]);
        assert_eq!(needed(2), [true; 6]);
        assert_eq!(Plan::new(&scans, &[2]).mapped, [!1]);
    }

    #[test]
    fn a_scan_that_breaks_off_is_read_with_all_that_it_needs() {
        let mut scans = [
            scan(0, (0, 0), (0, 0)),
            scan(0, (1, 5), (0, 1)),
            scan(0, (6, 63), (0, 1)),
            scan(1, (1, 63), (0, 0)),
            scan(0, (1, 5), (1, 0)),
            scan(0, (6, 63), (1, 0)),
        ];
        scans[5].breaks_off = true;
        let plan = Plan::new(&scans, &[1, 1]);
        assert_eq!(plan.scans, [true, false, true, false, false, true]);
        assert_eq!(plan.mapped, [!0b11_1111, 0]);
    }

    #[test]
    fn bands_that_stay_apart() {
        let scans = [
            scan(0, (0, 0), (0, 0)),
            scan(0, (1, 5), (0, 1)),
            scan(0, (6, 63), (0, 1)),
            scan(1, (1, 63), (0, 0)),
            scan(0, (6, 63), (1, 0)),
            scan(0, (1, 5), (1, 0)),
        ];
        let plan = Plan::new(&scans, &[2, 1]);
        assert_eq!(plan.scans, [true, true, false, false, false, true]);
        assert_eq!(plan.mapped, [0b11_1110, 0]);
        assert_eq!(Plan::new(&scans, &[8, 8]).mapped, [!1, 0]);
    }
}
