//! Numbers among the tags of a TIFF structure, which EXIF is too.
//!
//! They are read here and not by a library: libraries follow the pointers to further directories, and 64 KB
//! of pointers to one another are gigabytes of entries.
//!
//! Source: <https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf> (section 2)

/// The directory of a TIFF structure that describes the picture itself.
pub(super) struct Tags<'a> {
    bytes: &'a [u8],
    little: bool,
    /// Entries of 12 bytes; fewer than announced if the block breaks off.
    entries: &'a [[u8; 12]],
}

impl<'a> Tags<'a> {
    pub(super) fn of(bytes: &'a [u8]) -> Option<Self> {
        let little = match bytes.get(..4)? {
            b"II*\0" => true,
            b"MM\0*" => false,
            _ => return None,
        };
        let mut tags = Self {
            bytes,
            little,
            entries: &[],
        };
        let start = usize::try_from(tags.long(4)?).ok()?;
        let count = tags.short(start)?;
        let (entries, _) = bytes.get(start + 2..)?.as_chunks();
        tags.entries = &entries[..entries.len().min(usize::from(count))];
        Some(tags)
    }

    /// The number of a tag that has one.
    pub(super) fn only(&self, tag: u16) -> Option<u32> {
        self.number(tag).filter(|(count, _)| *count == 1)?.1
    }

    /// The first number of a tag that has one or more.
    pub(super) fn first(&self, tag: u16) -> Option<u32> {
        self.number(tag)?.1
    }

    /// How many numbers a tag has, and the first.
    fn number(&self, tag: u16) -> Option<(u32, Option<u32>)> {
        let mut entries = self.entries.iter();
        let entry = entries.find(|entry| self.u16([entry[0], entry[1]]) == tag)?;
        let [_, _, t0, t1, c0, c1, c2, c3, value @ ..] = *entry;
        let count = self.u32([c0, c1, c2, c3]);
        // BYTE and LONG where the standard has SHORT: some writers do that.
        let bytes = match self.u16([t0, t1]) {
            1 => 1,
            3 => 2,
            4 => 4,
            _ => return None,
        };
        let value = if u64::from(count) * bytes <= 4 {
            &value
        } else {
            // What does not fit is elsewhere.
            let start = usize::try_from(self.u32(value)).ok()?;
            self.bytes.get(start..)?
        };
        let number = match (bytes, value) {
            _ if count == 0 => None,
            (1, [v0, ..]) => Some(u32::from(*v0)),
            (2, [v0, v1, ..]) => Some(u32::from(self.u16([*v0, *v1]))),
            (4, [v0, v1, v2, v3, ..]) => Some(self.u32([*v0, *v1, *v2, *v3])),
            _ => None,
        };
        Some((count, number))
    }

    fn short(&self, at: usize) -> Option<u16> {
        let bytes = self.bytes.get(at..)?.first_chunk()?;
        Some(self.u16(*bytes))
    }

    fn long(&self, at: usize) -> Option<u32> {
        let bytes = self.bytes.get(at..)?.first_chunk()?;
        Some(self.u32(*bytes))
    }

    fn u16(&self, bytes: [u8; 2]) -> u16 {
        if self.little {
            u16::from_le_bytes(bytes)
        } else {
            u16::from_be_bytes(bytes)
        }
    }

    fn u32(&self, bytes: [u8; 4]) -> u32 {
        if self.little {
            u32::from_le_bytes(bytes)
        } else {
            u32::from_be_bytes(bytes)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_in_the_entry_or_elsewhere() {
        let mut tiff = b"MM\0*\0\0\0\x08\0\x04".to_vec();
        for (tag, kind, count, value) in [
            (1_u16, 3_u16, 1_u32, [0, 7, 0, 0]),
            (2, 3, 3, [0, 0, 0, 58]),
            (3, 4, 1, [0, 1, 0, 0]),
            (4, 3, 3, [0, 0, 255, 255]),
        ] {
            tiff.extend(tag.to_be_bytes());
            tiff.extend(kind.to_be_bytes());
            tiff.extend(count.to_be_bytes());
            tiff.extend(value);
        }
        assert_eq!(tiff.len(), 58);
        tiff.extend([0, 8, 0, 9, 0, 10]);
        let tags = Tags::of(&tiff).expect("a directory");
        let first = [1, 2, 3, 4, 5].map(|tag| tags.first(tag));
        assert_eq!(first, [Some(7), Some(8), Some(65_536), None, None]);
        let only = [1, 2, 3, 4, 5].map(|tag| tags.only(tag));
        assert_eq!(only, [Some(7), None, Some(65_536), None, None]);
        for cut in 0..tiff.len() {
            if let Some(tags) = Tags::of(&tiff[..cut]) {
                assert!(tags.first(2).is_none_or(|number| number == 8));
            }
        }
    }
}
