//! The MCUs of a row, up to its end or a restart marker.

use super::Channel;
use super::block;
use crate::bits::Bits;
use crate::huffman::Invalid;
use crate::idct;

/// Where decoding stopped, and why.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stop {
    /// Number of the MCU in its row.
    pub(super) mcu: usize,
    /// Whether the data are at their end. Otherwise they are not a picture.
    pub(super) at_end: bool,
}

/// Decodes the MCUs with these numbers into the strips.
pub(super) fn decode(
    bits: &mut Bits<'_>,
    channels: &mut [Channel<'_>],
    from: usize,
    to: usize,
) -> Result<(), Stop> {
    let size = |channel: &Channel<'_>| channel.eighths.size();
    let Some((first, others)) = channels.split_first() else {
        return Ok(());
    };
    let other = others.first().map_or(size(first), size);
    let same = others.iter().all(|channel| size(channel) == other);
    match (size(first), other) {
        (1, 1) if same => all::<1, 1>(bits, channels, from, to),
        (1, 2) if same => all::<1, 2>(bits, channels, from, to),
        (2, 2) if same => all::<2, 2>(bits, channels, from, to),
        (2, 4) if same => all::<2, 4>(bits, channels, from, to),
        (3, 3) if same => all::<3, 3>(bits, channels, from, to),
        (4, 4) if same => all::<4, 4>(bits, channels, from, to),
        _ => mixed(bits, channels, from, to),
    }
}

/// The first component at `F` eighths and the others at `O`: the reader of bits stays in registers.
#[inline(never)]
fn all<const F: usize, const O: usize>(
    bits: &mut Bits<'_>,
    channels: &mut [Channel<'_>],
    from: usize,
    to: usize,
) -> Result<(), Stop> {
    let mut reader = *bits;
    let mut values = [0; 128];
    let Some((first, others)) = channels.split_first_mut() else {
        return Ok(());
    };
    for mcu in from..to {
        let mut result = part::<F>(&mut reader, first, &mut values, mcu);
        for channel in &mut *others {
            result = result.and_then(|()| part::<O>(&mut reader, channel, &mut values, mcu));
        }
        if result.is_err() || reader.overrun() {
            *bits = reader;
            return Err(stop(bits, mcu));
        }
    }
    *bits = reader;
    Ok(())
}

/// Any mixture of sizes.
#[inline(never)]
fn mixed(
    bits: &mut Bits<'_>,
    channels: &mut [Channel<'_>],
    from: usize,
    to: usize,
) -> Result<(), Stop> {
    let mut values = [0; 128];
    for mcu in from..to {
        for channel in &mut *channels {
            let result = match channel.eighths.get() {
                1 => part::<1>(bits, channel, &mut values, mcu),
                2 => part::<2>(bits, channel, &mut values, mcu),
                3 => part::<3>(bits, channel, &mut values, mcu),
                4 => part::<4>(bits, channel, &mut values, mcu),
                5 => part::<5>(bits, channel, &mut values, mcu),
                6 => part::<6>(bits, channel, &mut values, mcu),
                7 => part::<7>(bits, channel, &mut values, mcu),
                _ => part::<8>(bits, channel, &mut values, mcu),
            };
            if result.is_err() || bits.overrun() {
                return Err(stop(bits, mcu));
            }
        }
    }
    Ok(())
}

fn stop(bits: &Bits<'_>, mcu: usize) -> Stop {
    Stop {
        mcu,
        at_end: bits.at_end(),
    }
}

/// The blocks of one component in an MCU.
#[inline(always)]
fn part<const N: usize>(
    bits: &mut Bits<'_>,
    channel: &mut Channel<'_>,
    values: &mut idct::Values,
    mcu: usize,
) -> Result<(), Invalid> {
    let (across, down) = channel.blocks;
    for y in 0..down {
        for x in mcu * across..(mcu + 1) * across {
            let flat = block::decode::<N>(
                bits,
                channel.dc,
                channel.ac,
                &mut channel.prediction,
                values,
            )?;
            let stride = channel.strip.stride();
            let out = channel.strip.block::<N>(x, y);
            idct::block::<N>(values, &channel.factors, flat, out, stride);
        }
    }
    Ok(())
}
