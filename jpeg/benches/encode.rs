//! Where encoding spends its time: `cargo bench -p jpeg --bench encode`.
//!
//! The picture is 720 x 540 pixels of the photo of `docs/`, as planes. `transform` is a picture of noise that
//! is not kept: next to nothing is left to write. `planes` makes planes of pixels.

use std::hint::black_box;

use divan::Bencher;
use jpeg::encode::{Picture, Plane, Planes, Samples, Settings};
use zune_core::bytestream::ZCursor;

const WIDTH: u32 = 720;
const HEIGHT: u32 = 540;

fn main() {
    divan::main();
}

fn pixels() -> Vec<u8> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/raccoon.jpg");
    let photo = std::fs::read(path).expect("a readable photo");
    let mut decoder = zune_jpeg::JpegDecoder::new(ZCursor::new(&photo[..]));
    let pixels = decoder.decode().expect("a picture");
    let (width, _) = decoder.dimensions().expect("a size");
    let rows = pixels.chunks(width * 3).skip(100).take(HEIGHT as usize);
    rows.flat_map(|row| &row[300..300 + 3 * WIDTH as usize])
        .copied()
        .collect()
}

fn encode(bencher: Bencher<'_, '_>, quality: u8, progressive: bool) {
    let planes = Planes::of_rgb(&pixels(), WIDTH, HEIGHT).expect("a valid size");
    let settings = Settings {
        quality,
        progressive,
    };
    bencher.bench(|| black_box(planes.picture()).encode(&settings));
}

#[divan::bench(args = [50, 80, 95])]
fn baseline(bencher: Bencher<'_, '_>, quality: u8) {
    encode(bencher, quality, false);
}

#[divan::bench(args = [50, 80, 95])]
fn progressive(bencher: Bencher<'_, '_>, quality: u8) {
    encode(bencher, quality, true);
}

#[divan::bench]
fn transform(bencher: Bencher<'_, '_>) {
    let noise: Vec<u8> = (0..WIDTH * HEIGHT).map(|i| (i * i % 7) as u8).collect();
    let plane = Plane {
        width: WIDTH,
        height: HEIGHT,
        samples: Samples::Bytes(&noise),
    };
    let settings = Settings {
        quality: 1,
        ..Settings::default()
    };
    bencher.bench(|| black_box(Picture::Gray(plane)).encode(&settings));
}

#[divan::bench]
fn planes(bencher: Bencher<'_, '_>) {
    let pixels = pixels();
    bencher.bench(|| Planes::of_rgb(black_box(&pixels), WIDTH, HEIGHT));
}
