//! The bits of entropy-coded data (T.81, F.2.2.5).

use crate::segment::{has_ff, marker};

/// Bits that are there after [`Bits::refill`].
pub(crate) const REFILLED: u32 = 56;

/// Reads bits, first the most significant of a byte, and stops at a marker. Behind the end it gives
/// zeros and counts them, so that a loop need not ask before each symbol whether it may.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bits<'a> {
    /// Bytes that are not in `window` yet.
    rest: &'a [u8],
    /// The next bits, at the top. Below the first `count` are zeros or bits of `rest`, which the next
    /// refill puts there again.
    window: u64,
    count: u32,
    /// How many of the bits that were put into the window were not in the data. They are its last.
    missing: u32,
}

impl<'a> Bits<'a> {
    pub(crate) fn new(data: &'a [u8]) -> Self {
        Self {
            rest: data,
            window: 0,
            count: 0,
            missing: 0,
        }
    }

    /// Makes at least [`REFILLED`] bits available.
    #[inline(always)]
    pub(crate) fn refill(&mut self) {
        if let Some(chunk) = self.rest.first_chunk::<8>() {
            let word = u64::from_be_bytes(*chunk);
            if has_ff(word) == 0 {
                // Bytes of which not all bits fit are read again the next time.
                self.window |= word >> self.count;
                self.rest = &self.rest[((63 - self.count) >> 3) as usize..];
                self.count |= REFILLED;
                return;
            }
        }
        *self = self.refilled_by_bytes();
    }

    /// By value, so that the reader of a loop need not be in memory.
    #[cold]
    #[inline(never)]
    fn refilled_by_bytes(mut self) -> Self {
        self.window &= !(u64::MAX >> self.count);
        while self.count < REFILLED {
            let byte = match *self.rest {
                [0xFF, 0x00, ref rest @ ..] => {
                    self.rest = rest;
                    0xFF
                }
                // Fill bytes, before a marker or, by mistake, before data.
                [0xFF, 0xFF, ..] => {
                    self.rest = &self.rest[1..];
                    continue;
                }
                [0xFF, ..] | [] => {
                    self.missing += 8;
                    0
                }
                [byte, ref rest @ ..] => {
                    self.rest = rest;
                    byte
                }
            };
            self.window |= u64::from(byte) << (56 - self.count);
            self.count += 8;
        }
        self
    }

    /// The next 64 bits, of which as many are valid as the last refill left.
    #[inline(always)]
    pub(crate) fn window(&self) -> u64 {
        self.window
    }

    /// Passes over bits, less than 64.
    #[inline(always)]
    pub(crate) fn skip(&mut self, bits: u32) {
        self.window = self.window.wrapping_shl(bits);
        self.count = self.count.wrapping_sub(bits & 63);
    }

    /// The next bits as a number; at most 31.
    #[inline(always)]
    pub(crate) fn take(&mut self, bits: u32) -> u32 {
        let taken = low(self.window, bits, (1 << bits) - 1);
        self.skip(bits);
        taken
    }

    /// Goes to where the window is `window`, `bits` bits further. There was no refill since.
    #[inline(always)]
    pub(crate) fn go_to(&mut self, window: u64, bits: u32) {
        self.window = window;
        self.count = self.count.wrapping_sub(bits);
    }

    /// Whether bits were read that are not in the data.
    #[inline(always)]
    pub(crate) fn overrun(&self) -> bool {
        self.missing > self.count
    }

    /// Whether bits were put into the window that are not in the data, and no restart marker follows.
    pub(crate) fn at_end(&self) -> bool {
        let restart = matches!(*self.rest, [_, marker, ..] if is_restart(marker));
        self.missing > 0 && !restart
    }

    /// How many bytes were not looked at.
    pub(crate) fn unread(&self) -> usize {
        self.rest.len()
    }

    /// Goes to the next marker, and returns it if there is one.
    pub(crate) fn seek_marker(&mut self) -> Option<u8> {
        (self.window, self.count, self.missing) = (0, 0, 0);
        loop {
            match *self.rest {
                [0xFF, marker, ..] if !matches!(marker, 0x00 | 0xFF) => return Some(marker),
                [_, ref rest @ ..] => self.rest = rest,
                [] => return None,
            }
        }
    }

    /// Goes behind the marker that the reader is at.
    pub(crate) fn pass_marker(&mut self) {
        self.rest = self.rest.get(2..).unwrap_or_default();
    }
}

/// Whether a marker separates the data of one scan.
pub(crate) fn is_restart(marker: u8) -> bool {
    matches!(marker, marker::RST0..=marker::RST7)
}

/// The last of the first `total` bits of a window, as many as `mask` has ones.
#[inline(always)]
pub(crate) fn low(window: u64, total: u32, mask: u32) -> u32 {
    window.rotate_left(total) as u32 & mask
}

/// The number that bits stand for, as many as `mask` has ones (T.81, F.2.2.1, figure F.12).
#[inline(always)]
pub(crate) fn extend(bits: u32, mask: u32) -> i32 {
    // If the first bit is 0, the number is negative.
    let offset = if bits <= mask >> 1 { mask } else { 0 };
    bits as i32 - offset as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_a_size() {
        assert_eq!(extend(0, 0), 0);
        assert_eq!([extend(0, 1), extend(1, 1)], [-1, 1]);
        assert_eq!([0, 1, 2, 3].map(|bits| extend(bits, 3)), [-3, -2, 2, 3]);
        assert_eq!([extend(0, 32767), extend(32767, 32767)], [-32767, 32767]);
    }

    #[test]
    fn stuffed_zeros_and_fill_bytes_are_no_data() {
        let data = [
            0x12, 0xFF, 0x00, 0x34, 0xFF, 0xFF, 0x00, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0xFF, 0xD9, 1,
        ];
        let plain: [u8; 13] = [0x12, 0xFF, 0x34, 0xFF, 1, 2, 3, 4, 5, 6, 7, 8, 9];
        for step in 1..=31 {
            let mut bits = Bits::new(&data);
            let mut read = Vec::new();
            while read.len() + step <= plain.len() * 8 {
                bits.refill();
                let taken = bits.take(step as u32);
                read.extend((0..step).rev().map(|bit| taken >> bit & 1));
            }
            assert!(!bits.overrun(), "{step}");
            let expected = plain
                .iter()
                .flat_map(|byte| (0..8).rev().map(move |b| u32::from(byte >> b) & 1));
            assert!(expected.take(read.len()).eq(read.iter().copied()), "{step}");
            let left = plain.len() * 8 - read.len();
            bits.refill();
            bits.skip(left as u32);
            assert!(!bits.overrun(), "{step}");
            bits.refill();
            bits.skip(1);
            assert!(bits.overrun(), "{step}");
            assert_eq!(bits.seek_marker(), Some(0xD9));
            bits.pass_marker();
            assert_eq!((bits.unread(), bits.seek_marker()), (1, None));
        }
    }
}
