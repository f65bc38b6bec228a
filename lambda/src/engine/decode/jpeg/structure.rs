//! The segments of a JPEG, read without decoding: what the limits, the orientation and the profile
//! need, and where the scans end.
//!
//! Source: <https://www.w3.org/Graphics/JPEG/itu-t81.pdf> (annex B)

use super::{EngineError, Limits};

/// Bits that no Huffman code consists of: annex C forbids a code of ones only. Behind the data of a
/// scan they are the padding that annex F.1.2.3 asks for; where data is missing the decoder meets
/// them as a code and fails, whereas the zeros it would make up itself decode to gray.
const ONES: [u8; 64] = {
    let mut bytes = [0; 64];
    let mut i = 0;
    while i < bytes.len() {
        bytes[i] = if i % 2 == 0 { 0xFF } else { 0x00 };
        i += 1;
    }
    bytes
};

/// Segments in a file, of which a photo with a large profile and previews has some hundreds. 64 MB hold
/// sixteen million empty ones, each of which would be noted.
const MAX_SEGMENTS: usize = 10_000;

const END_OF_IMAGE: [u8; 2] = [0xFF, 0xD9];

/// What a JPEG consists of.
#[derive(Debug, Default)]
pub(super) struct Structure<'a> {
    pub(super) width: u16,
    pub(super) height: u16,
    pub(super) progressive: bool,
    /// Sampling factors (horizontal, vertical) of each component, 1 to 4.
    pub(super) components: Vec<(u8, u8)>,
    /// The first APP1 block that starts with `Exif\0\0`. Where a file has two, the second is often the
    /// orientation of a thumbnail or of an earlier version.
    pub(super) exif: Option<&'a [u8]>,
    pub(super) icc: Option<Vec<u8>>,
    /// Offsets behind the entropy-coded data of each scan.
    pub(super) scan_ends: Vec<usize>,
    /// The segments the decoder needs, as (start, end) offsets, scans included.
    kept: Vec<(usize, usize)>,
}

impl<'a> Structure<'a> {
    /// Reads all segments up to the end of the image or of the file, whichever is first.
    pub(super) fn read(source: &'a [u8], limits: &Limits) -> Result<Self, EngineError> {
        let mut found = Self::default();
        let mut profile = IccChunks::default();
        let mut position = 2;
        let mut ended = false;
        let mut segments = 0;
        while let Some((marker, start)) = next_marker(source, position) {
            match marker {
                // End of image. What follows (a second picture, an archive, garbage) is not ours.
                0xD9 => {
                    ended = true;
                    break;
                }
                // Markers without a body.
                0x01 | 0xD0..=0xD8 => {
                    position = start;
                    continue;
                }
                _ => {}
            }
            let Some((body, end)) = body(source, start) else {
                return Err(EngineError::corrupt(format!(
                    "the JPEG breaks off in the segment FF{marker:02X} at byte {start}"
                )));
            };
            position = end;
            segments += 1;
            if segments > MAX_SEGMENTS {
                return Err(EngineError::TooLarge(format!(
                    "the JPEG has more than {MAX_SEGMENTS} segments"
                )));
            }
            match marker {
                0xC0..=0xC2 => found.frame(marker, body)?,
                0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => {
                    return Err(EngineError::Unsupported(format!(
                        "a JPEG of the kind SOF{} (lossless, hierarchical or arithmetic) is not \
                         supported",
                        marker - 0xC0
                    )));
                }
                0xDA => {
                    position = entropy_end(source, end);
                    found.scan_ends.push(position);
                    if found.scan_ends.len() > limits.max_jpeg_scans {
                        return Err(EngineError::TooLarge(format!(
                            "the JPEG has more than {} scans",
                            limits.max_jpeg_scans
                        )));
                    }
                }
                0xE1 if found.exif.is_none() && body.starts_with(b"Exif\0\0") => {
                    found.exif = Some(body);
                }
                0xE2 => profile.add(body),
                _ => {}
            }
            // JFIF and Adobe segments decide on the colour model; the other application segments and
            // comments are only copied around.
            if !matches!(marker, 0xE1..=0xED | 0xEF | 0xFE) {
                found.kept.push((start - 2, position));
            }
        }
        if found.components.is_empty() {
            return Err(EngineError::corrupt("the JPEG has no frame header"));
        }
        if found.scan_ends.is_empty() {
            return Err(EngineError::corrupt(
                "the JPEG has headers and no picture data",
            ));
        }
        if found.progressive && !ended {
            // A baseline picture shows by itself whether it is whole. Of a progressive one the last
            // scans only sharpen it, so nobody can tell that they are missing.
            return Err(EngineError::corrupt(
                "the progressive JPEG breaks off before its end",
            ));
        }
        found.icc = profile.join(limits.max_icc_bytes);
        Ok(found)
    }

    /// A JPEG with the same picture and nothing else, in which a scan that lacks data is an error. An
    /// end of image that is missing behind a whole picture is made up.
    pub(super) fn for_decoder(&self, source: &[u8]) -> Vec<u8> {
        let bytes: usize = self.kept.iter().map(|(start, end)| end - start).sum();
        let mut copy = Vec::with_capacity(bytes + ONES.len() * self.scan_ends.len() + 4);
        copy.extend_from_slice(&source[..2]);
        for &(start, end) in &self.kept {
            copy.extend_from_slice(&source[start..end]);
            if self.scan_ends.contains(&end) {
                copy.extend_from_slice(&ONES);
            }
        }
        copy.extend_from_slice(&END_OF_IMAGE);
        copy
    }

    /// Number of 8x8 blocks in all components.
    pub(super) fn blocks(&self) -> u64 {
        let max = |pick: fn(&(u8, u8)) -> u8| self.components.iter().map(pick).max().unwrap_or(1);
        let (max_h, max_v) = (max(|c| c.0), max(|c| c.1));
        let units_x = u64::from(self.width).div_ceil(u64::from(max_h) * 8);
        let units_y = u64::from(self.height).div_ceil(u64::from(max_v) * 8);
        let per_unit: u64 = self
            .components
            .iter()
            .map(|&(h, v)| u64::from(h) * u64::from(v))
            .sum();
        units_x * units_y * per_unit
    }

    fn frame(&mut self, marker: u8, body: &[u8]) -> Result<(), EngineError> {
        let broken = || EngineError::corrupt("the JPEG's frame header is broken");
        if !self.components.is_empty() {
            return Err(EngineError::corrupt("the JPEG has two frame headers"));
        }
        let &[precision, y1, y0, x1, x0, count, ref components @ ..] = body else {
            return Err(broken());
        };
        if precision != 8 {
            return Err(EngineError::Unsupported(format!(
                "a JPEG of {precision} bits a sample is not supported"
            )));
        }
        self.progressive = marker == 0xC2;
        self.height = u16::from_be_bytes([y1, y0]);
        self.width = u16::from_be_bytes([x1, x0]);
        self.components = components
            .chunks_exact(3)
            .take(usize::from(count))
            .map(|component| (component[1] >> 4, component[1] & 15))
            .collect();
        let valid = |&(h, v): &(u8, u8)| (1..=4).contains(&h) && (1..=4).contains(&v);
        if self.components.len() != usize::from(count) || !self.components.iter().all(valid) {
            return Err(broken());
        }
        if !matches!(count, 1 | 3 | 4) {
            return Err(EngineError::Unsupported(format!(
                "a JPEG of {count} components is not supported"
            )));
        }
        Ok(())
    }
}

/// The next marker and the offset behind it. Bytes between segments are skipped, as every decoder
/// does.
fn next_marker(source: &[u8], from: usize) -> Option<(u8, usize)> {
    let mut position = from;
    loop {
        position += source
            .get(position..)?
            .iter()
            .position(|&byte| byte == 0xFF)?
            + 1;
        match *source.get(position)? {
            0x00 | 0xFF => {}
            marker => return Some((marker, position + 1)),
        }
    }
}

/// The body of the segment whose length field is at `start`, and the offset behind it.
fn body(source: &[u8], start: usize) -> Option<(&[u8], usize)> {
    let length = u16::from_be_bytes([*source.get(start)?, *source.get(start + 1)?]);
    let end = start + usize::from(length);
    Some((source.get(start + 2..end)?, end))
}

/// Where the entropy-coded data that starts at `from` ends: at a marker other than a restart, before
/// its fill bytes, or with the file.
fn entropy_end(source: &[u8], from: usize) -> usize {
    let mut position = from;
    while let Some(offset) = source[position..].iter().position(|&byte| byte == 0xFF) {
        let at = position + offset;
        let fill = source[at..]
            .iter()
            .take_while(|&&byte| byte == 0xFF)
            .count();
        match source.get(at + fill) {
            Some(0x00 | 0xD0..=0xD7) => position = at + fill + 1,
            Some(_) | None => return at,
        }
    }
    source.len()
}

/// The chunks of an ICC profile; each has a number, and all of them must be there.
///
/// Source: <https://www.color.org/specification/ICC.1-2022-05.pdf> (annex B.4)
#[derive(Default)]
struct IccChunks<'a> {
    chunks: std::collections::BTreeMap<u8, &'a [u8]>,
    total: u8,
}

impl<'a> IccChunks<'a> {
    fn add(&mut self, body: &'a [u8]) {
        if let Some([number, total, data @ ..]) = body.strip_prefix(b"ICC_PROFILE\0") {
            self.total = *total;
            self.chunks.entry(*number).or_insert(data);
        }
    }

    fn join(self, max_bytes: usize) -> Option<Vec<u8>> {
        let whole = self.total > 0 && self.chunks.keys().copied().eq(1..=self.total);
        let bytes: usize = self.chunks.values().map(|chunk| chunk.len()).sum();
        (whole && bytes <= max_bytes)
            .then(|| self.chunks.into_values().flatten().copied().collect())
    }
}
