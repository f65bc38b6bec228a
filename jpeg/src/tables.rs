//! The tables that segments install: quantization (T.81, B.2.4.1), Huffman (B.2.4.2) and the restart
//! interval (B.2.4.4).

use crate::Error;
use crate::segment::{self, Segment, marker};

/// A quantization table in zigzag order.
pub(crate) type Quantization = [u16; 64];

/// A Huffman table as the file gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Codes {
    /// How many codes there are of 1 to 16 bits.
    pub(crate) counts: [u8; 16],
    /// What the codes stand for, from the shortest to the longest.
    pub(crate) symbols: [u8; 256],
}

/// What is installed at one point of the file.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tables {
    pub(crate) quantization: [Option<Box<Quantization>>; 4],
    pub(crate) dc: [Option<Box<Codes>>; 4],
    pub(crate) ac: [Option<Box<Codes>>; 4],
    /// MCUs between restart markers; 0 if there are none.
    pub(crate) restart_interval: u32,
}

impl Tables {
    /// Takes up a segment; ignores one that installs nothing.
    pub(crate) fn note(&mut self, segment: &Segment<'_>) -> Result<(), Error> {
        let corrupt = |what| Error::corrupt(what, segment.at);
        match segment.marker {
            marker::DQT => self
                .quantization(segment.body)
                .ok_or_else(|| corrupt("a quantization table is broken")),
            marker::DHT => self
                .codes(segment.body)
                .ok_or_else(|| corrupt("a Huffman table is broken")),
            marker::DRI => {
                let interval = segment.body.try_into();
                let interval = interval.map_err(|_| corrupt("the restart interval is broken"))?;
                self.restart_interval = u32::from(u16::from_be_bytes(interval));
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Takes up the segments from `at` to the one whose marker is at `until`.
    pub(crate) fn note_until(&mut self, file: &[u8], at: usize, until: usize) -> Result<(), Error> {
        let mut at = at;
        while let Some(segment) = segment::next(file, at)? {
            if segment.at >= until {
                break;
            }
            self.note(&segment)?;
            at = segment.end;
        }
        Ok(())
    }

    fn quantization(&mut self, mut body: &[u8]) -> Option<()> {
        while let Some((&kind, rest)) = body.split_first() {
            let mut table = [0; 64];
            body = if kind >> 4 == 0 {
                let (values, rest) = rest.split_first_chunk::<64>()?;
                table = values.map(u16::from);
                rest
            } else {
                let (values, rest) = rest.split_first_chunk::<128>()?;
                for (entry, value) in table.iter_mut().zip(values.as_chunks::<2>().0) {
                    *entry = u16::from_be_bytes(*value);
                }
                rest
            };
            *self.quantization.get_mut(usize::from(kind & 15))? = Some(Box::new(table));
        }
        Some(())
    }

    fn codes(&mut self, mut body: &[u8]) -> Option<()> {
        while let Some((&kind, rest)) = body.split_first() {
            let (counts, rest) = rest.split_first_chunk::<16>()?;
            let total = counts.iter().copied().map(usize::from).sum();
            let mut symbols = [0; 256];
            symbols
                .get_mut(..total)?
                .copy_from_slice(rest.get(..total)?);
            body = &rest[total..];
            let class = match kind >> 4 {
                0 => &mut self.dc,
                1 => &mut self.ac,
                _ => return None,
            };
            *class.get_mut(usize::from(kind & 15))? = Some(Box::new(Codes {
                counts: *counts,
                symbols,
            }));
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(tables: &mut Tables, marker: u8, body: &[u8]) -> Result<(), Error> {
        tables.note(&Segment {
            marker,
            body,
            at: 0,
            end: 0,
        })
    }

    #[test]
    fn two_tables_in_a_segment() {
        let mut tables = Tables::default();
        let wide = [0x13].into_iter().chain((0..128).map(|i| i % 2));
        let body: Vec<_> = [0].into_iter().chain(1..=64).chain(wide).collect();
        note(&mut tables, marker::DQT, &body).expect("two tables");
        assert_eq!(tables.quantization[0].as_ref().expect("a table")[63], 64);
        assert_eq!(tables.quantization[3].as_ref().expect("a table")[5], 1);
        assert!(note(&mut tables, marker::DQT, &body[..64]).is_err());
        assert!(note(&mut tables, marker::DQT, &[4; 65]).is_err());
    }

    #[test]
    fn codes_are_bounded() {
        let mut tables = Tables::default();
        let mut body = vec![0x12, 1];
        body.extend([0; 15]);
        body.push(7);
        note(&mut tables, marker::DHT, &body).expect("a table");
        assert_eq!(tables.ac[2].as_ref().expect("a table").symbols[0], 7);
        body.pop();
        assert!(note(&mut tables, marker::DHT, &body).is_err());
        assert!(note(&mut tables, marker::DHT, &[0xFF; 400]).is_err());
        assert!(note(&mut tables, marker::DHT, &[0; 9]).is_err());
        assert!(note(&mut tables, marker::DRI, &[1]).is_err());
    }
}
