//! Boxes and the fields in them.
//!
//! Source: ISO/IEC 14496-12, 4.2 (the layout of boxes)

use super::EngineError;

/// A box: what it is, and what is in it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'a> {
    pub(super) kind: [u8; 4],
    pub(super) body: Fields<'a>,
}

/// Bytes that are read from the front.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl<'a> Fields<'a> {
    pub(super) fn bytes(&mut self, count: usize) -> Result<&'a [u8], EngineError> {
        let (taken, rest) = self.0.split_at_checked(count).ok_or_else(breaks_off)?;
        self.0 = rest;
        Ok(taken)
    }

    /// A number of some bytes, at most eight, the largest first; without any it is 0.
    pub(super) fn number(&mut self, bytes: usize) -> Result<u64, EngineError> {
        let bytes = self.bytes(bytes)?.iter();
        Ok(bytes.fold(0, |number, &byte| number << 8 | u64::from(byte)))
    }

    pub(super) fn u8(&mut self) -> Result<u8, EngineError> {
        Ok(self.array::<1>()?[0])
    }

    pub(super) fn u16(&mut self) -> Result<u16, EngineError> {
        self.array().map(u16::from_be_bytes)
    }

    pub(super) fn u32(&mut self) -> Result<u32, EngineError> {
        self.array().map(u32::from_be_bytes)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], EngineError> {
        let (taken, rest) = self.0.split_first_chunk().ok_or_else(breaks_off)?;
        self.0 = rest;
        Ok(*taken)
    }

    /// Two or four bytes: boxes that name items do it in either way.
    pub(super) fn id(&mut self, long: bool) -> Result<u32, EngineError> {
        if long {
            self.u32()
        } else {
            self.u16().map(u32::from)
        }
    }

    /// The version and the flags that many boxes begin with.
    pub(super) fn version(&mut self) -> Result<(u8, u32), EngineError> {
        let [version, f0, f1, f2] = self.array()?;
        Ok((version, u32::from_be_bytes([0, f0, f1, f2])))
    }

    /// The next box, if there is another.
    ///
    /// # Errors
    ///
    /// If it is longer than what it is in.
    pub(super) fn part(&mut self) -> Result<Option<Part<'a>>, EngineError> {
        if self.0.is_empty() {
            return Ok(None);
        }
        let (mut length, kind) = (u64::from(self.u32()?), self.array()?);
        let mut head = 8;
        if length == 1 {
            length = self.number(8)?;
            head = 16;
        }
        let body = if length == 0 {
            self.bytes(self.0.len())?
        } else {
            let body = length.checked_sub(head).ok_or_else(breaks_off)?;
            self.bytes(usize::try_from(body).unwrap_or(usize::MAX))?
        };
        Ok(Some(Part {
            kind,
            body: Fields(body),
        }))
    }

    /// The first box of a kind.
    pub(super) fn find(mut self, kind: [u8; 4]) -> Result<Option<Fields<'a>>, EngineError> {
        while let Some(part) = self.part()? {
            if part.kind == kind {
                return Ok(Some(part.body));
            }
        }
        Ok(None)
    }
}

fn breaks_off() -> EngineError {
    EngineError::corrupt("the AVIF breaks off, or a box in it is longer than what it is in")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_are_as_long_as_they_say() {
        let file = [
            b"\0\0\0\x0Aabcd12".as_slice(),
            b"\0\0\0\x01efgh\0\0\0\0\0\0\0\x113",
            b"\0\0\0\0ijkl456",
        ];
        let file = file.concat();
        for (kind, body) in [(*b"abcd", "12"), (*b"efgh", "3"), (*b"ijkl", "456")] {
            let found = Fields(&file).find(kind).expect("whole").expect("there");
            assert_eq!(found.0, body.as_bytes());
        }
        assert!(Fields(&file).find(*b"none").expect("whole").is_none());
        for broken in [
            b"\0\0\0\x0Aabcd1".as_slice(),
            b"\0\0\0\x07abcd12",
            b"\0\0\0\x01abcd\0\0\0\0\0\0\0\x0F12",
            b"\0\0\0\x01abcd\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF12",
            b"\0\0\0",
        ] {
            assert!(Fields(broken).part().is_err(), "{broken:?}");
        }
    }
}
