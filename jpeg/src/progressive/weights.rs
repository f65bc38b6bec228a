//! How much of a picture each scan is.
//!
//! A coefficient of which all bits came counts as one, and each bit that is missing at its lower end halves
//! that: so much less precise it is.

use crate::header::Header;
use crate::scan::Scan;

/// What a coefficient counts as. Scans leave out 13 bits at most (T.81, G.1.1.1).
const ONE: u64 = 1 << 13;

/// What scans bring.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Weights {
    pub(super) scans: Vec<u64>,
    /// Of the whole picture. If the file has an end, that is what its scans bring; if it has not, nobody
    /// knows what more they would have brought, and the picture is whole with all bits of all
    /// coefficients. The same is so for a component without any scan that says its mean.
    pub(super) total: u64,
}

impl Weights {
    pub(super) fn new(header: &Header<'_>) -> Self {
        let components = &header.frame.components;
        let mut known = vec![[0; 64]; components.len()];
        let weight = |scan: &Scan| {
            let (first, last) = scan.band;
            let mut sum = 0;
            for member in &scan.members {
                let blocks = components[member.component].used_blocks();
                for state in &mut known[member.component][usize::from(first)..=usize::from(last)] {
                    let now = (ONE >> scan.bits.1).max(*state);
                    sum += blocks * (now - *state);
                    *state = now;
                }
            }
            sum
        };
        let scans = header.scans.iter().map(weight).collect();
        let total = components.iter().zip(&known).map(|(component, known)| {
            let each: u64 = if header.breaks_off_at.is_some() || known[0] == 0 {
                64 * ONE
            } else {
                known.iter().sum()
            };
            component.used_blocks() * each
        });
        Self {
            scans,
            total: total.sum(),
        }
    }
}
