//! Where decoding spends its time: `cargo bench -p jpeg`.
//!
//! The picture is the photo of `docs/`, four by four times; `JPEG=file` takes another one. The stages apart:
//! `entropy` is one eighth, where there is no transform to speak of, and `transform` a picture with next to
//! nothing to decode.

use std::hint::black_box;

use divan::Bencher;
use jpeg::{Band, Decoder, Eighths, Header, Limits, Options, Sink};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;

fn main() {
    divan::main();
}

struct Nowhere;

impl Sink for Nowhere {
    fn band(&mut self, band: Band<'_>) {
        black_box(band.samples);
    }
}

/// The photo repeated, or the file that the environment names.
fn file(progressive: bool) -> Vec<u8> {
    if let Some(path) = std::env::var_os("JPEG") {
        return std::fs::read(path).expect("a readable file");
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/raccoon.jpg");
    let photo = std::fs::read(path).expect("a readable photo");
    let options = DecoderOptions::default().jpeg_set_out_colorspace(ColorSpace::YCbCr);
    let mut decoder = zune_jpeg::JpegDecoder::new_with_options(ZCursor::new(&photo[..]), options);
    let pixels = decoder.decode().expect("a picture");
    let (width, height) = decoder.dimensions().expect("a size");
    let rows: Vec<u8> = pixels
        .chunks(width * 3)
        .flat_map(|row| row.repeat(4))
        .collect();
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, 88);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder.set_optimized_huffman_tables(true);
    encoder.set_progressive(progressive);
    let side = |side: usize| u16::try_from(side * 4).expect("a small photo");
    encoder
        .encode(&rows.repeat(4), side(width), side(height), ColorType::Ycbcr)
        .expect("an encoded picture");
    file
}

fn decode(bencher: Bencher<'_, '_>, progressive: bool, eighths: u8) {
    let file = file(progressive);
    let size = Eighths::new(eighths).expect("1 to 8");
    bencher.bench(|| {
        let decoder = Decoder::new(&file, &Limits::default()).expect("headers");
        decoder.decode(&[size], Options::default(), &mut Nowhere)
    });
}

#[divan::bench(args = [false, true])]
fn header(bencher: Bencher<'_, '_>, progressive: bool) {
    let file = file(progressive);
    bencher.bench(|| Header::read(black_box(&file), &Limits::default()));
}

#[divan::bench(args = [2, 3, 4, 8])]
fn baseline(bencher: Bencher<'_, '_>, eighths: u8) {
    decode(bencher, false, eighths);
}

#[divan::bench(args = [2, 3, 4, 8])]
fn progressive(bencher: Bencher<'_, '_>, eighths: u8) {
    decode(bencher, true, eighths);
}

/// The entropy decoder; of a progressive picture the scans of the first coefficients.
#[divan::bench(args = [false, true])]
fn entropy(bencher: Bencher<'_, '_>, progressive: bool) {
    decode(bencher, progressive, 1);
}

/// A picture whose blocks are all but empty: what is left is the transform.
#[divan::bench(args = [1, 2, 3, 4, 5, 6, 7, 8])]
fn transform(bencher: Bencher<'_, '_>, eighths: u8) {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, 50);
    encoder.set_sampling_factor(SamplingFactor::F_1_1);
    let ramp = [0, 20, 40, 60, 80, 100, 120, 140];
    encoder
        .encode(&ramp.repeat(128 * 1024), 1024, 1024, ColorType::Luma)
        .expect("an encoded picture");
    let size = Eighths::new(eighths).expect("1 to 8");
    bencher.bench(|| {
        let decoder = Decoder::new(&file, &Limits::default()).expect("headers");
        decoder.decode(&[size], Options::default(), &mut Nowhere)
    });
}
