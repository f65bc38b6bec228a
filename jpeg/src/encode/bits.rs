//! The bits of a scan (T.81, F.1.2.3).

use super::code::Code;
use super::tokens::{TABLES, Tokens};
use crate::segment::has_ff;

/// The code of each symbol of each table: its length in the low byte, and the code above. What is behind the
/// tables has no bits, for tokens without a symbol.
type Lookup = [u32; 2048];

/// Writes the tokens of a scan with these codes.
pub(super) fn write(file: &mut Vec<u8>, tokens: &Tokens, codes: &[Option<Code>; TABLES]) {
    let mut lookup: Lookup = [0; 2048];
    for (table, code) in lookup.chunks_mut(256).zip(codes) {
        for (code, length, symbol) in code.iter().flat_map(Code::assigned) {
            table[usize::from(symbol)] = u32::from(code) << 8 | u32::from(length);
        }
    }
    let mut bits: u64 = 0;
    // Bits that are not written yet: the lowest so many, below 32.
    let mut waiting = 0;
    for token in tokens.list() {
        let code = lookup[token.index()];
        let count = token.count();
        bits = bits << (code & 0xFF) | u64::from(code >> 8);
        bits = bits << count | u64::from(token.bits());
        waiting += (code & 0xFF) + count;
        if waiting >= 32 {
            waiting -= 32;
            put(file, (bits >> waiting) as u32);
        }
    }
    // The last byte is filled with ones.
    let last = (bits << (32 - waiting)) as u32 | (u32::MAX >> waiting);
    for byte in last
        .to_be_bytes()
        .into_iter()
        .take(waiting.div_ceil(8) as usize)
    {
        put_byte(file, byte);
    }
}

/// Writes four bytes.
#[inline(always)]
fn put(file: &mut Vec<u8>, word: u32) {
    if has_ff(u64::from(word)) == 0 {
        file.extend_from_slice(&word.to_be_bytes());
    } else {
        word.to_be_bytes()
            .into_iter()
            .for_each(|byte| put_byte(file, byte));
    }
}

/// Writes a byte, with a zero behind it if it would start a marker.
#[inline(always)]
fn put_byte(file: &mut Vec<u8>, byte: u8) {
    file.push(byte);
    if byte == 0xFF {
        file.push(0);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tokens::Token;
    use super::*;

    fn written(tokens: &[(u32, u32)]) -> Vec<u8> {
        let mut all = Tokens::default();
        for &(bits, count) in tokens {
            all.raw(&[Token::raw(bits, count)]);
        }
        let mut file = Vec::new();
        write(&mut file, &all, &[const { None }; TABLES]);
        file
    }

    #[test]
    fn bytes_of_ones_are_stuffed_and_the_last_is_filled() {
        assert_eq!(written(&[]), []);
        assert_eq!(written(&[(0x1234, 16), (0b10, 2)]), [0x12, 0x34, 0xBF]);
        assert_eq!(written(&[(0xFFFF, 16)]), [0xFF, 0, 0xFF, 0]);
        assert_eq!(
            written(&[(0x12FF, 16), (0x3456, 16), (1, 1)]),
            [0x12, 0xFF, 0, 0x34, 0x56, 0xFF, 0]
        );
        assert_eq!(written(&[(0, 16), (0, 16)]), [0; 4]);
        assert_eq!(
            written(&[(0, 15), (0x7FFF, 15), (1, 15)]),
            [0, 1, 0xFF, 0, 0xFC, 0, 0xF]
        );
    }
}
