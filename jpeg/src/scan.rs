//! Scan headers (T.81, B.2.3).

use std::ops::Range;

use crate::Error;
use crate::frame::{Component, Frame};
use crate::segment::Segment;

/// Blocks in an MCU of an interleaved scan (B.2.3).
const MAX_BLOCKS_IN_MCU: usize = 10;

/// A component in a scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Member {
    /// Index in the frame's components.
    pub(crate) component: usize,
    /// Which Huffman tables.
    pub(crate) dc: usize,
    pub(crate) ac: usize,
}

/// A scan header and where its data are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scan {
    pub(crate) members: Vec<Member>,
    /// First and last place of the zigzag, both included (Ss, Se).
    pub(crate) band: (u8, u8),
    /// Bit position of the previous scan of the same band, 0 if there is none (Ah), and of this (Al).
    pub(crate) bits: (u8, u8),
    /// Offset of the marker.
    pub(crate) at: usize,
    /// The entropy-coded data, or all up to the end of the file if nobody looked for their end.
    pub(crate) data: Range<usize>,
    /// Whether the file ends with these data, as far as anybody looked: what is there may be a part of them.
    pub(crate) breaks_off: bool,
}

impl Scan {
    /// Reads a scan header. The data are taken to reach to `file_end`.
    pub(crate) fn read(
        segment: &Segment<'_>,
        frame: &Frame,
        file_end: usize,
    ) -> Result<Self, Error> {
        let corrupt = |what| Error::corrupt(what, segment.at);
        let broken = || corrupt("the scan header is broken");
        let (&count, rest) = segment.body.split_first().ok_or_else(broken)?;
        if !(1..=4).contains(&count) {
            return Err(broken());
        }
        let (pairs, rest) = rest
            .split_at_checked(2 * usize::from(count))
            .ok_or_else(broken)?;
        let &[first, last, bits, ..] = rest else {
            return Err(broken());
        };
        let mut members: Vec<Member> = Vec::with_capacity(4);
        for &[id, tables] in pairs.as_chunks::<2>().0 {
            let taken = |i: usize| members.iter().any(|member| member.component == i);
            let component = frame
                .components
                .iter()
                .enumerate()
                .position(|(i, component)| component.id == id && !taken(i))
                .ok_or_else(|| corrupt("a scan names a component that the frame does not have"))?;
            let (dc, ac) = (usize::from(tables >> 4), usize::from(tables & 15));
            if dc > 3 || ac > 3 {
                return Err(corrupt("a scan names a Huffman table above 3"));
            }
            members.push(Member { component, dc, ac });
        }
        let scan = Self {
            members,
            band: (first, last),
            bits: (bits >> 4, bits & 15),
            at: segment.at,
            data: segment.end..file_end,
            breaks_off: false,
        };
        if scan.members.len() > 1 && scan.blocks_in_mcu(frame) > MAX_BLOCKS_IN_MCU {
            return Err(corrupt("an MCU has more than 10 blocks"));
        }
        if frame.progressive {
            scan.check_progression()
                .ok_or_else(|| corrupt("a progressive scan's band or bits are out of range"))?;
        }
        Ok(scan)
    }

    /// The rules of T.81, G.1.1.1 that libjpeg-turbo enforces.
    fn check_progression(&self) -> Option<()> {
        let ((first, last), (previous, bit)) = (self.band, self.bits);
        let band = if first == 0 {
            last == 0
        } else {
            first <= last && last < 64 && self.members.len() == 1
        };
        let bits = (previous == 0 || previous == bit + 1) && bit <= 13;
        (band && bits).then_some(())
    }

    /// Blocks of the scan's components that hold samples.
    pub(crate) fn used_blocks(&self, frame: &Frame) -> u64 {
        let members = self.members.iter();
        let blocks = members.map(|member| frame.components[member.component].used_blocks());
        blocks.sum()
    }

    fn blocks_in_mcu(&self, frame: &Frame) -> usize {
        let blocks = |member: &Member| {
            let (h, v) = frame.components[member.component].factors();
            h * v
        };
        self.members.iter().map(blocks).sum()
    }

    /// Whether this scan has several components, so that its MCUs are of the frame's size (A.2.3).
    pub(crate) fn interleaved(&self) -> bool {
        self.members.len() > 1
    }

    /// Number of MCUs: side by side, and one above the other.
    pub(crate) fn mcus(&self, frame: &Frame) -> (usize, usize) {
        match *self.members.as_slice() {
            [member] => frame.components[member.component].blocks,
            _ => frame.mcus,
        }
    }

    /// Blocks of a component in an MCU: side by side, and one above the other.
    pub(crate) fn blocks_of(&self, component: &Component) -> (usize, usize) {
        if self.interleaved() {
            component.factors()
        } else {
            (1, 1)
        }
    }

    /// Number of blocks in the whole scan.
    pub(crate) fn blocks(&self, frame: &Frame) -> u64 {
        let (across, down) = self.mcus(frame);
        let in_mcu = if self.interleaved() {
            self.blocks_in_mcu(frame)
        } else {
            1
        };
        across as u64 * down as u64 * in_mcu as u64
    }
}
