//! What is written around the picture data (T.81, annex B; JFIF: T.871, clause 10).

use super::code::Code;
use super::quantization::Quantization;
use super::script::Scan;
use super::tokens::TABLES;
use crate::segment::marker;

/// Blocks of a component in an MCU, in each direction.
pub(super) fn factor(components: usize, index: usize) -> usize {
    if components > 1 && index == 0 { 2 } else { 1 }
}

fn segment(file: &mut Vec<u8>, marker: u8, body: &[u8]) {
    file.extend([0xFF, marker]);
    file.extend((body.len() as u16 + 2).to_be_bytes());
    file.extend(body);
}

/// The start of a file, and JFIF 1.01 with pixels that are as wide as high.
pub(super) fn start(file: &mut Vec<u8>) {
    file.extend([0xFF, marker::SOI]);
    segment(file, marker::APP0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
}

/// All quantization tables.
pub(super) fn quantization(file: &mut Vec<u8>, tables: &[Quantization]) {
    let mut body = Vec::with_capacity(130);
    for (number, table) in (0..).zip(tables) {
        body.push(number);
        body.extend(table.zigzag());
    }
    segment(file, marker::DQT, &body);
}

/// The frame header.
pub(super) fn frame(
    file: &mut Vec<u8>,
    (width, height): (u32, u32),
    components: usize,
    progressive: bool,
) {
    let mut body = vec![8];
    body.extend((height as u16).to_be_bytes());
    body.extend((width as u16).to_be_bytes());
    body.push(components as u8);
    for index in 0..components {
        let factor = factor(components, index) as u8;
        body.extend([index as u8 + 1, factor << 4 | factor, u8::from(index > 0)]);
    }
    let marker = if progressive {
        marker::SOF2
    } else {
        marker::SOF0
    };
    segment(file, marker, &body);
}

/// The Huffman tables that a scan needs.
pub(super) fn codes(file: &mut Vec<u8>, codes: &[Option<Code>; TABLES]) {
    let mut body = Vec::new();
    for (kind, code) in [0x00, 0x01, 0x10, 0x11].into_iter().zip(codes) {
        if let Some(code) = code {
            body.push(kind);
            body.extend(code.lengths);
            body.extend(&code.symbols);
        }
    }
    if !body.is_empty() {
        segment(file, marker::DHT, &body);
    }
}

/// A scan header.
pub(super) fn scan(file: &mut Vec<u8>, scan: &Scan) {
    let mut body = vec![scan.components.len() as u8];
    for &index in scan.components {
        let table = u8::from(index > 0);
        body.push(index as u8 + 1);
        // Tables that the scan does not use are 0.
        let dc = if scan.band.0 == 0 && scan.bits.0 == 0 {
            table
        } else {
            0
        };
        let ac = if scan.band.1 > 0 { table } else { 0 };
        body.push(dc << 4 | ac);
    }
    body.extend([scan.band.0, scan.band.1, scan.bits.0 << 4 | scan.bits.1]);
    segment(file, marker::SOS, &body);
}

/// The end of a file.
pub(super) fn end(file: &mut Vec<u8>) {
    file.extend([0xFF, marker::EOI]);
}
