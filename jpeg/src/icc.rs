//! The ICC profile, which comes in chunks.
//!
//! Source: <https://www.color.org/specification/ICC.1-2022-05.pdf> (annex B.4)

use std::collections::BTreeMap;

/// The chunks of a profile; each has a number, and all of them must be there.
#[derive(Debug, Default)]
pub(crate) struct Chunks<'a> {
    chunks: BTreeMap<u8, &'a [u8]>,
    total: u8,
}

impl<'a> Chunks<'a> {
    pub(crate) fn note(&mut self, body: &'a [u8]) {
        if let Some([number, total, data @ ..]) = body.strip_prefix(b"ICC_PROFILE\0") {
            self.total = *total;
            self.chunks.entry(*number).or_insert(data);
        }
    }

    /// The profile, if it is whole and not larger than `max_bytes`.
    pub(crate) fn join(self, max_bytes: usize) -> Option<Vec<u8>> {
        let whole = self.total > 0 && self.chunks.keys().copied().eq(1..=self.total);
        let bytes: usize = self.chunks.values().map(|chunk| chunk.len()).sum();
        (whole && bytes <= max_bytes)
            .then(|| self.chunks.into_values().flatten().copied().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(chunks: &[&[u8]], max_bytes: usize) -> Option<Vec<u8>> {
        let bodies: Vec<_> = chunks
            .iter()
            .map(|chunk| [b"ICC_PROFILE\0", *chunk].concat())
            .collect();
        let mut found = Chunks::default();
        for body in &bodies {
            found.note(body);
        }
        found.join(max_bytes)
    }

    #[test]
    fn chunks_are_joined_in_the_order_of_their_numbers() {
        let chunks: [&[u8]; 2] = [&[2, 2, 7, 8], &[1, 2, 5, 6]];
        assert_eq!(joined(&chunks, 4), Some(vec![5, 6, 7, 8]));
        assert_eq!(joined(&chunks, 3), None);
        assert_eq!(joined(&chunks[..1], 4), None);
        assert_eq!(joined(&[], 4), None);
    }
}
