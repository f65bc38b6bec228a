//! What a run of OBUs says of itself before anything is decoded.
//!
//! Source: <https://aomediacodec.github.io/av1-spec/> (5.3 OBUs, 5.5 the sequence header)

use super::EngineError;
use super::container::corrupt;
use super::properties::Colors;

/// Most coded frames of one picture: its layers, each better than the one before. The standard has no more
/// spatial ones.
const MOST_FRAMES: u32 = 4;

const SEQUENCE_HEADER: u8 = 1;
const FRAME_HEADER: u8 = 3;
const FRAME: u8 = 6;
/// Where no frame has begun, this begins one.
const REDUNDANT_FRAME_HEADER: u8 = 7;

/// What the pictures are like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sequence {
    /// Width and height in pixels, of the largest frame.
    pub(super) size: (u32, u32),
    /// 8, 10 or 12.
    pub(super) bits: u32,
    pub(super) gray: bool,
    /// Whether chroma has half the columns, and half the rows.
    pub(super) halved: (bool, bool),
    pub(super) colors: Colors,
    /// Whether frames may be coded with fewer columns than they are shown in.
    pub(super) narrowed: bool,
    /// Whether noise is to be added to what is decoded.
    pub(super) grain: bool,
    pub(super) frames: u32,
}

impl Sequence {
    /// Reads the only sequence header, and counts the frames.
    pub(super) fn read(mut obus: &[u8]) -> Result<Self, EngineError> {
        let (mut sequence, mut frames) = (None, 0);
        while let Some((kind, payload)) = obu(&mut obus)? {
            match kind {
                // With a second one the first would be no promise.
                SEQUENCE_HEADER if sequence.is_some() => {
                    return Err(corrupt("describes a picture twice"));
                }
                SEQUENCE_HEADER => sequence = Some(Self::header(&mut Bits::new(payload))?),
                FRAME_HEADER | FRAME | REDUNDANT_FRAME_HEADER => frames += 1,
                _ => {}
            }
        }
        if frames == 0 || frames > MOST_FRAMES {
            return Err(corrupt(&format!(
                "codes a picture in {frames} frames: those are 1 to {MOST_FRAMES}"
            )));
        }
        let sequence = sequence.ok_or_else(|| corrupt("does not describe its picture"))?;
        Ok(Self { frames, ..sequence })
    }

    /// Bytes that the decoder takes: each frame in blocks of 128 pixels and, beside it, what is known of every 4x4.
    pub(super) fn memory(&self) -> u64 {
        let aligned = |side: u32| u64::from(side).next_multiple_of(128);
        let luma = aligned(self.size.0) * aligned(self.size.1);
        let chroma = if self.gray {
            0
        } else {
            (luma >> u32::from(self.halved.0) >> u32::from(self.halved.1)) * 2
        };
        let planes = (luma + chroma) * if self.bits > 8 { 2 } else { 1 };
        // What is coded, and what is made of it.
        let pictures = self.frames + u32::from(self.narrowed) + u32::from(self.grain);
        planes * u64::from(pictures) + luma / 2
    }

    fn header(bits: &mut Bits<'_>) -> Result<Self, EngineError> {
        let profile = bits.take(3)?;
        let _still = bits.flag()?;
        let reduced = bits.flag()?;
        if reduced {
            bits.take(5)?;
        } else {
            operating_points(bits)?;
        }
        let (across, down) = (bits.take(4)? + 1, bits.take(4)? + 1);
        let size = (bits.take(across)? + 1, bits.take(down)? + 1);
        if !reduced && bits.flag()? {
            bits.take(7)?;
        }
        bits.take(3)?;
        if !reduced {
            tools(bits)?;
        }
        let narrowed = bits.flag()?;
        bits.take(2)?;
        let found = Self {
            size,
            narrowed,
            ..Self::color(bits, profile)?
        };
        Ok(Self {
            grain: bits.flag()?,
            ..found
        })
    }

    fn color(bits: &mut Bits<'_>, profile: u32) -> Result<Self, EngineError> {
        let high = bits.flag()?;
        let depth = match (high, profile) {
            (false, _) => 8,
            (true, 2) if bits.flag()? => 12,
            (true, _) => 10,
        };
        let gray = profile != 1 && bits.flag()?;
        let mut numbers = [2; 3];
        if bits.flag()? {
            for number in &mut numbers {
                *number = bits.byte()?;
            }
        }
        let [primaries, transfer, matrix] = numbers;
        let (full_range, halved);
        if gray {
            full_range = bits.flag()?;
            halved = (true, true);
        } else if numbers == [1, 13, 0] {
            full_range = true;
            halved = (false, false);
        } else {
            full_range = bits.flag()?;
            halved = match profile {
                0 => (true, true),
                1 => (false, false),
                _ if depth < 12 => (true, false),
                _ => {
                    let across = bits.flag()?;
                    (across, across && bits.flag()?)
                }
            };
            if halved == (true, true) {
                bits.take(2)?;
            }
        }
        if !gray {
            bits.take(1)?;
        }
        Ok(Self {
            size: (0, 0),
            bits: depth,
            gray,
            halved,
            colors: Colors {
                primaries,
                transfer,
                matrix,
                full_range,
            },
            narrowed: false,
            grain: false,
            frames: 0,
        })
    }
}

/// Timing and levels, which are for players.
fn operating_points(bits: &mut Bits<'_>) -> Result<(), EngineError> {
    let mut delay_bits = None;
    if bits.flag()? {
        bits.take(32)?;
        bits.take(32)?;
        if bits.flag()? {
            bits.variable()?;
        }
        if bits.flag()? {
            delay_bits = Some(bits.take(5)? + 1);
            bits.take(32)?;
            bits.take(10)?;
        }
    }
    let display_delay = bits.flag()?;
    for _ in 0..=bits.take(5)? {
        bits.take(12)?;
        if bits.take(5)? > 7 {
            bits.take(1)?;
        }
        if let Some(delay_bits) = delay_bits
            && bits.flag()?
        {
            bits.take(delay_bits)?;
            bits.take(delay_bits)?;
            bits.take(1)?;
        }
        if display_delay && bits.flag()? {
            bits.take(4)?;
        }
    }
    Ok(())
}

/// What the frames of a film may use.
fn tools(bits: &mut Bits<'_>) -> Result<(), EngineError> {
    bits.take(4)?;
    let order_hint = bits.flag()?;
    if order_hint {
        bits.take(2)?;
    }
    // Chosen in each frame, or for all.
    let screen_content = bits.flag()? || bits.flag()?;
    if screen_content && !bits.flag()? {
        bits.take(1)?;
    }
    if order_hint {
        bits.take(3)?;
    }
    Ok(())
}

/// The kind and the payload of the next OBU.
fn obu<'a>(obus: &mut &'a [u8]) -> Result<Option<(u8, &'a [u8])>, EngineError> {
    let broken = || corrupt("has a picture that breaks off");
    let Some((&head, rest)) = obus.split_first() else {
        return Ok(None);
    };
    *obus = rest;
    if head & 4 != 0 {
        *obus = obus.get(1..).ok_or_else(broken)?;
    }
    let length = if head & 2 != 0 {
        let mut length = 0;
        for position in 0..8 {
            let (&byte, rest) = obus.split_first().ok_or_else(broken)?;
            *obus = rest;
            length |= u64::from(byte & 127) << (position * 7);
            if byte < 128 {
                break;
            }
        }
        usize::try_from(length).unwrap_or(usize::MAX)
    } else {
        obus.len()
    };
    let (payload, rest) = obus.split_at_checked(length).ok_or_else(broken)?;
    *obus = rest;
    Ok(Some((head >> 3 & 15, payload)))
}

/// Bits from the highest of each byte.
struct Bits<'a> {
    bytes: &'a [u8],
    position: usize,
}

impl<'a> Bits<'a> {
    const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, position: 0 }
    }

    fn flag(&mut self) -> Result<bool, EngineError> {
        let byte = self.bytes.get(self.position / 8);
        let byte = byte.ok_or_else(|| corrupt("has a picture whose header breaks off"))?;
        let bit = byte >> (7 - self.position % 8) & 1;
        self.position += 1;
        Ok(bit == 1)
    }

    /// A number of at most 32 bits.
    fn take(&mut self, count: u32) -> Result<u32, EngineError> {
        (0..count).try_fold(0, |number, _| Ok(number << 1 | u32::from(self.flag()?)))
    }

    fn byte(&mut self) -> Result<u8, EngineError> {
        (0..8).try_fold(0, |number, _| Ok(number << 1 | u8::from(self.flag()?)))
    }

    /// As many bits as zeros come first.
    fn variable(&mut self) -> Result<(), EngineError> {
        let mut zeros = 0;
        while !self.flag()? {
            zeros += 1;
        }
        if zeros < 32 {
            self.take(zeros)?;
        }
        Ok(())
    }
}
