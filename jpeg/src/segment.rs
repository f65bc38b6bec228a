//! Marker segments (T.81, B.1.1).

use crate::Error;

/// Markers by their names in T.81, table B.1.
pub(crate) mod marker {
    pub(crate) const TEM: u8 = 0x01;
    pub(crate) const SOF0: u8 = 0xC0;
    pub(crate) const SOF2: u8 = 0xC2;
    pub(crate) const DHT: u8 = 0xC4;
    pub(crate) const JPG: u8 = 0xC8;
    pub(crate) const SOF15: u8 = 0xCF;
    pub(crate) const RST0: u8 = 0xD0;
    pub(crate) const RST7: u8 = 0xD7;
    pub(crate) const SOI: u8 = 0xD8;
    pub(crate) const EOI: u8 = 0xD9;
    pub(crate) const SOS: u8 = 0xDA;
    pub(crate) const DQT: u8 = 0xDB;
    pub(crate) const DRI: u8 = 0xDD;
    pub(crate) const APP0: u8 = 0xE0;
    pub(crate) const APP1: u8 = 0xE1;
    pub(crate) const APP2: u8 = 0xE2;
    pub(crate) const APP14: u8 = 0xEE;
}

/// A marker with its parameters.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Segment<'a> {
    pub(crate) marker: u8,
    /// What follows the length field; empty for a marker without one.
    pub(crate) body: &'a [u8],
    /// Offset of the marker's second byte.
    pub(crate) at: usize,
    /// Offset behind the segment.
    pub(crate) end: usize,
}

/// The segment that starts at or behind `from`; `None` where the file ends. Bytes between segments are
/// skipped, as every decoder does.
///
/// # Errors
///
/// [`Error::Corrupt`] if the file ends within the segment.
pub(crate) fn next(file: &[u8], from: usize) -> Result<Option<Segment<'_>>, Error> {
    let Some((marker, at)) = next_marker(file, from) else {
        return Ok(None);
    };
    let start = at + 1;
    if matches!(marker, marker::TEM | marker::RST0..=marker::EOI) {
        return Ok(Some(Segment {
            marker,
            body: &[],
            at,
            end: start,
        }));
    }
    let whole = file.get(start..).and_then(|rest| {
        let length = usize::from(u16::from_be_bytes(*rest.first_chunk()?));
        rest.get(2..length)
    });
    let Some(body) = whole else {
        return Err(Error::corrupt("a segment is not whole", at));
    };
    Ok(Some(Segment {
        marker,
        body,
        at,
        end: start + 2 + body.len(),
    }))
}

/// The next marker and the offset of its second byte.
fn next_marker(file: &[u8], from: usize) -> Option<(u8, usize)> {
    let mut at = from;
    loop {
        at += file.get(at..)?.iter().position(|&byte| byte == 0xFF)? + 1;
        match *file.get(at)? {
            0x00 | 0xFF => {}
            marker => return Some((marker, at)),
        }
    }
}

/// Where the entropy-coded data that starts at `from` ends: at a marker other than a restart, before
/// its fill bytes, or with the file.
pub(crate) fn entropy_end(file: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(offset) = file.get(at..).and_then(find_ff) {
        at += offset;
        let padding = file[at..].iter().take_while(|&&byte| byte == 0xFF).count();
        match file.get(at + padding) {
            Some(0x00 | marker::RST0..=marker::RST7) => at += padding + 1,
            Some(_) | None => return at,
        }
    }
    file.len()
}

/// The first byte 0xFF. Thirty-two bytes a step: data of a scan have one in two hundred.
fn find_ff(bytes: &[u8]) -> Option<usize> {
    let (chunks, _) = bytes.as_chunks::<32>();
    let clean = chunks
        .iter()
        .take_while(|chunk| {
            let words = chunk.as_chunks::<8>().0.iter();
            words.fold(0, |found, word| found | has_ff(u64::from_ne_bytes(*word))) == 0
        })
        .count();
    let skipped = clean * 32;
    let within = bytes[skipped..].iter().position(|&byte| byte == 0xFF)?;
    Some(skipped + within)
}

/// Nonzero if one of eight bytes is 0xFF.
#[inline(always)]
pub(crate) fn has_ff(word: u64) -> u64 {
    const LOW: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    // A byte of the complement is zero where the byte is 0xFF.
    (!word).wrapping_sub(LOW) & word & HIGH
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_position_of_ff_is_found() {
        for length in 0..100 {
            for position in 0..length {
                let mut bytes = vec![0xFE; length];
                bytes[position] = 0xFF;
                assert_eq!(find_ff(&bytes), Some(position));
            }
            assert_eq!(find_ff(&vec![0x7F; length]), None);
        }
    }

    #[test]
    fn a_scan_ends_before_the_fill_bytes_of_a_marker() {
        let file = [1, 0xFF, 0, 2, 0xFF, 0xD3, 3, 0xFF, 0xFF, 0xD9];
        assert_eq!(entropy_end(&file, 0), 7);
        assert_eq!(entropy_end(&file[..7], 0), 7);
        assert_eq!(entropy_end(&file[..8], 0), 7);
    }

    #[test]
    fn garbage_between_segments_is_skipped() {
        let file = [0, 1, 0xFF, 0, 0xFF, 0xFF, 0xDD, 0, 4, 0, 9, 7];
        let segment = next(&file, 0).expect("a whole segment").expect("a segment");
        assert_eq!((segment.marker, segment.body), (marker::DRI, &[0, 9][..]));
        assert_eq!((segment.at, segment.end), (6, 11));
        assert!(next(&file, 11).expect("the end").is_none());
        assert!(next(&file[..10], 0).is_err());
        assert!(next(&[0xFF, 0xDD, 0, 1], 0).is_err());
    }
}
