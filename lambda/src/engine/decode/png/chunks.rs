//! The chunks of a PNG, sorted by use.
//!
//! Source: <https://www.w3.org/TR/png-3/#4Concepts.FormatChunks>

use std::io::{self, BufRead, ErrorKind, Read, Seek, SeekFrom};

use super::EngineError;
use crate::engine::limits::Limits;
use crate::engine::orientation::Orientation;

const SIGNATURE: usize = 8;

/// Most stretches of chunks that make the picture with others between them. There is one, or there are a
/// few; a file can have millions.
const MAX_STRETCHES: usize = 10_000;

/// The chunks of a PNG.
pub(super) struct Chunks<'a> {
    /// A PNG with the critical chunks and the transparency.
    pub(super) picture: Picture<'a>,
    pub(super) orientation: Orientation,
    pub(super) icc: Option<Vec<u8>>,
    /// Whether there is an animation beside the picture.
    pub(super) animated: bool,
}

impl<'a> Chunks<'a> {
    /// Reads up to `IEND` or to where the file breaks off; the decoder then finds what is missing.
    pub(super) fn read(source: &'a [u8], limits: &Limits) -> Result<Self, EngineError> {
        let mut found = Self {
            picture: Picture::default(),
            orientation: Orientation::Upright,
            icc: None,
            animated: false,
        };
        let mut oriented = false;
        // Where a stretch of the picture's chunks begins.
        let mut start = 0;
        let mut at = SIGNATURE.min(source.len());
        while let Some((head, _)) = source[at..].split_first_chunk::<8>() {
            let [l3, l2, l1, l0, kind @ ..] = *head;
            let length = u32::from_be_bytes([l3, l2, l1, l0]) as usize;
            let end = at + (source.len() - at).min(length.saturating_add(12));
            let data = &source[at + 8..(end.saturating_sub(4)).max(at + 8)];
            match &kind {
                b"IHDR" | b"PLTE" | b"tRNS" | b"IDAT" | b"IEND" => {}
                other => {
                    found.picture.add(&source[start..at])?;
                    start = end;
                    match other {
                        b"eXIf" if !oriented => {
                            oriented = true;
                            found.orientation = Orientation::of_exif(data);
                        }
                        b"iCCP" if found.icc.is_none() => {
                            found.icc = profile(data, limits.max_icc_bytes);
                        }
                        b"acTL" => found.animated = true,
                        _ => {}
                    }
                }
            }
            at = end;
            if &kind == b"IEND" {
                break;
            }
        }
        // What is left when fewer than 8 bytes follow, the decoder has to see.
        let end = if source[at..].len() < 8 {
            source.len()
        } else {
            at
        };
        found.picture.add(&source[start..end])?;
        Ok(found)
    }
}

/// The profile in an `iCCP` chunk: a name, a zero, the method 0, and zlib data, inflated no further
/// than `max_bytes`.
///
/// Source: <https://www.w3.org/TR/png-3/#11iCCP>
fn profile(data: &[u8], max_bytes: usize) -> Option<Vec<u8>> {
    let name = data.iter().take(80).position(|&byte| byte == 0)?;
    let compressed = data.get(name + 1..)?.strip_prefix(&[0])?;
    let mut profile = Vec::new();
    let limit = u64::try_from(max_bytes).ok()?.saturating_add(1);
    flate2::read::ZlibDecoder::new(compressed)
        .take(limit)
        .read_to_end(&mut profile)
        .ok()?;
    (profile.len() <= max_bytes).then_some(profile)
}

/// Stretches of a file, read as one.
#[derive(Debug, Default)]
pub(super) struct Picture<'a> {
    stretches: Vec<&'a [u8]>,
    /// Which of them is read, and how much of it is left.
    next: usize,
    current: &'a [u8],
}

impl<'a> Picture<'a> {
    fn add(&mut self, stretch: &'a [u8]) -> Result<(), EngineError> {
        if self.stretches.len() == MAX_STRETCHES {
            return Err(EngineError::TooLarge(format!(
                "the PNG's picture is in more than {MAX_STRETCHES} parts with other chunks between them"
            )));
        }
        if !stretch.is_empty() {
            self.stretches.push(stretch);
        }
        Ok(())
    }
}

impl Read for Picture<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(into)?;
        self.consume(read);
        Ok(read)
    }
}

impl BufRead for Picture<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.current.is_empty()
            && let Some(stretch) = self.stretches.get(self.next)
        {
            self.current = stretch;
            self.next += 1;
        }
        Ok(self.current)
    }

    fn consume(&mut self, amount: usize) {
        self.current = self.current.get(amount..).unwrap_or_default();
    }
}

/// The decoder asks for it and makes no use of it.
impl Seek for Picture<'_> {
    fn seek(&mut self, _: SeekFrom) -> io::Result<u64> {
        Err(ErrorKind::Unsupported.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(kind: [u8; 4], data: &[u8]) -> Vec<u8> {
        let length = u32::try_from(data.len()).expect("short").to_be_bytes();
        [&length[..], &kind, data, b"CRC!"].concat()
    }

    fn read_all(source: &[u8]) -> (Vec<u8>, bool) {
        let mut chunks = Chunks::read(source, &Limits::default()).expect("few chunks");
        let mut bytes = Vec::new();
        chunks.picture.read_to_end(&mut bytes).expect("memory");
        (bytes, chunks.animated)
    }

    #[test]
    fn only_what_makes_the_picture_is_left() {
        let signature = b"\x89PNG\r\n\x1A\n".to_vec();
        let (text, data) = (chunk(*b"tEXt", b"abc"), chunk(*b"IDAT", b"xyz"));
        let end = chunk(*b"IEND", b"");
        let whole = [
            &signature,
            &chunk(*b"IHDR", b"h"),
            &text,
            &chunk(*b"acTL", b"a"),
            &data,
            &data,
            &text,
            &end,
            &text,
        ];
        let whole: Vec<u8> = whole.into_iter().flatten().copied().collect();
        let kept = [&signature[..], &chunk(*b"IHDR", b"h"), &data, &data, &end].concat();
        assert_eq!(read_all(&whole), (kept.clone(), true));
        assert_eq!(read_all(&kept), (kept, false));
        for cut in 8..whole.len() {
            let (found, _) = read_all(&whole[..cut]);
            assert!(found.len() <= cut);
        }
    }

    #[test]
    fn a_picture_in_millions_of_parts_is_refused() {
        let part = [chunk(*b"IDAT", b""), chunk(*b"tEXt", b"")].concat();
        let file = [
            b"\x89PNG\r\n\x1A\n".to_vec(),
            part.repeat(MAX_STRETCHES + 1),
        ]
        .concat();
        let error = Chunks::read(&file, &Limits::default())
            .err()
            .expect("refused");
        assert!(matches!(error, EngineError::TooLarge(_)), "{error}");
    }
}
