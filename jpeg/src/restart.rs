//! Restart intervals (T.81, F.2.2.4 and annex E.2.4): where they end, and how to go on if one is broken.

use crate::Error;
use crate::bits::{self, Bits};
use crate::damage::Damage;
use crate::segment::marker;

/// Counts MCUs of a scan.
#[derive(Debug)]
pub(crate) struct Restarts {
    /// MCUs in an interval. If there are no restart markers, more than a picture has.
    interval: u64,
    /// The MCU before which a marker is to come.
    next: u64,
    /// MCUs before this one are lost.
    lost_until: u64,
}

/// What is wrong at the end of an interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mismatch {
    /// The scan ends.
    End,
    /// Another restart marker.
    Other,
}

impl Restarts {
    /// Of an interval in MCUs, 0 if there are no markers.
    pub(crate) fn new(interval: u32) -> Self {
        let interval = match interval {
            0 => u64::MAX / 4,
            some => u64::from(some),
        };
        Self {
            interval,
            next: interval,
            lost_until: 0,
        }
    }

    /// Whether a restart marker is to come before this MCU.
    pub(crate) fn is_due(&self, mcu: u64) -> bool {
        mcu == self.next
    }

    /// How many MCUs from this one on have the same fate, and whether they are lost.
    pub(crate) fn run(&self, mcu: u64) -> (u64, bool) {
        if mcu < self.lost_until {
            (self.lost_until.min(self.next) - mcu, true)
        } else {
            (self.next - mcu, false)
        }
    }

    /// Gives up the rest of the interval.
    pub(crate) fn lose_interval(&mut self) {
        self.lost_until = self.next;
    }

    /// Goes behind the marker that is due. If it is another, notes what is lost: markers count from 0
    /// to 7, so that one that is up to two ahead tells how many intervals are missing, and one that is up
    /// to two behind was to come before.
    fn pass(&mut self, bits: &mut Bits<'_>) -> Result<(), Mismatch> {
        let number = (self.next / self.interval - 1) as u8;
        self.next += self.interval;
        let mut result = Ok(());
        loop {
            let Some(marker) = bits
                .seek_marker()
                .filter(|&marker| bits::is_restart(marker))
            else {
                self.lost_until = u64::MAX;
                return Err(Mismatch::End);
            };
            match (marker - marker::RST0).wrapping_sub(number) & 7 {
                0 => {
                    bits.pass_marker();
                    return result;
                }
                1 | 2 => {
                    self.lost_until = self.next;
                    return Err(Mismatch::Other);
                }
                3..=5 => {
                    bits.pass_marker();
                    return Err(Mismatch::Other);
                }
                _ => {
                    bits.pass_marker();
                    result = Err(Mismatch::Other);
                }
            }
        }
    }

    /// The same, where what is wrong is an error unless parts of the picture may be missing. `end` is where
    /// the scan's data end in the file.
    pub(crate) fn pass_or_fail(
        &mut self,
        bits: &mut Bits<'_>,
        damage: &Damage,
        end: usize,
    ) -> Result<(), Error> {
        match self.pass(bits) {
            Ok(()) => Ok(()),
            Err(Mismatch::End) => damage.truncated(),
            Err(Mismatch::Other) => {
                let what = "a restart marker is not the one that is due";
                damage.unless_allowed(Error::corrupt(what, end - bits.unread()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is lost at each of the ends of intervals of 10 MCUs.
    fn passed(markers: &[u8]) -> Vec<(Result<(), Mismatch>, bool)> {
        let data: Vec<_> = markers.iter().flat_map(|&m| [1, 0xFF, m]).collect();
        let mut bits = Bits::new(&data);
        let mut restarts = Restarts::new(10);
        let interval = |i: u64| {
            assert!(restarts.is_due(10 * i));
            let result = restarts.pass(&mut bits);
            let (run, lost) = restarts.run(10 * i);
            assert_eq!(run, 10);
            (result, lost)
        };
        (1..=markers.len() as u64).map(interval).collect()
    }

    #[test]
    fn markers_that_match() {
        let markers: Vec<u8> = (0..20).map(|i| 0xD0 + i % 8).collect();
        assert!(passed(&markers).iter().all(|&end| end == (Ok(()), false)));
    }

    #[test]
    fn a_marker_ahead_loses_intervals() {
        use Mismatch::{End, Other};
        assert_eq!(
            passed(&[0xD0, 0xD3, 0xD4, 0xD9, 0xD5]),
            [
                (Ok(()), false),
                (Err(Other), true),
                (Err(Other), true),
                (Ok(()), false),
                (Ok(()), false)
            ]
        );
        assert_eq!(passed(&[0xD9]), [(Err(End), true)]);
    }

    #[test]
    fn a_marker_behind_is_passed() {
        use Mismatch::{End, Other};
        assert_eq!(
            passed(&[0xD0, 0xD0, 0xD1]),
            [(Ok(()), false), (Err(Other), false), (Err(End), true)]
        );
        assert_eq!(passed(&[0xD4]), [(Err(Mismatch::Other), false)]);
    }
}
