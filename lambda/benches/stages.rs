//! The engine's stages and the whole of it, for each format, on a photograph of 12 megapixels. Without the
//! AWS SDK: `cargo bench -p lambda --no-default-features --features engine`.
//!
//! Times are of the wall clock and of this machine. What is promised is measured by `make bench`.

use std::io::Cursor;
use std::sync::LazyLock;

use divan::Bencher;
use image::{DynamicImage, ImageFormat, RgbImage};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use lambda::Format;
use lambda::engine::{self, Options, Output, stages};

/// The photograph of `docs`, four by four times.
const WIDTH: u16 = 4096;
const HEIGHT: u16 = 3072;

const INPUTS: [&str; 6] = [
    "baseline 4:2:0",
    "baseline 4:4:4",
    "progressive",
    "PNG RGB",
    "PNG RGBA",
    "WebP lossy",
];

static SOURCES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let photo = mosaic();
    let png = |picture: DynamicImage| {
        let mut file = Cursor::new(Vec::new());
        let written = picture.write_to(&mut file, ImageFormat::Png);
        written.expect("a valid picture");
        file.into_inner()
    };
    vec![
        jpeg(&photo, SamplingFactor::F_2_2, false),
        jpeg(&photo, SamplingFactor::F_1_1, false),
        jpeg(&photo, SamplingFactor::F_2_2, true),
        png(DynamicImage::ImageRgb8(photo.clone())),
        png(DynamicImage::ImageRgba8(
            DynamicImage::ImageRgb8(photo.clone()).into_rgba8(),
        )),
        libwebp::encode(
            &photo,
            libwebp::Layout::Rgb,
            photo.dimensions(),
            libwebp::Coding::Lossy { quality: 90.0 },
        )
        .expect("a valid picture"),
    ]
});

fn main() {
    divan::main();
}

fn mosaic() -> RgbImage {
    let mut decoder =
        jpeg_decoder::Decoder::new(include_bytes!("../../docs/raccoon.jpg").as_slice());
    let pixels = decoder.decode().expect("a photograph");
    let info = decoder.info().expect("a photograph");
    let (width, height) = (u32::from(info.width), u32::from(info.height));
    let cell = RgbImage::from_raw(width, height, pixels).expect("three channels");
    RgbImage::from_fn(u32::from(WIDTH), u32::from(HEIGHT), |x, y| {
        *cell.get_pixel(x % width, y % height)
    })
}

fn jpeg(photo: &RgbImage, sampling: SamplingFactor, progressive: bool) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, 90);
    encoder.set_sampling_factor(sampling);
    encoder.set_progressive(progressive);
    encoder
        .encode(photo, WIDTH, HEIGHT, ColorType::Rgb)
        .expect("a valid picture");
    file
}

/// The file of this name and its format.
fn source(name: &str) -> (&'static [u8], Format) {
    let at = INPUTS.iter().position(|input| *input == name);
    let source = SOURCES[at.expect("one of the inputs")].as_slice();
    (source, Format::of(source).expect("one of the formats"))
}

#[divan::bench(args = INPUTS)]
fn decode(bencher: Bencher, name: &str) {
    let (source, format) = source(name);
    bencher.bench(|| stages::decode(source, format, Output::default()));
}

#[divan::bench(args = INPUTS)]
fn encode(bencher: Bencher, name: &str) {
    let (source, format) = source(name);
    let small = stages::decode(source, format, Output::default()).expect("a valid picture");
    bencher
        .with_inputs(|| small.clone())
        .bench_values(|small| stages::encode(small, format));
}

#[divan::bench(args = INPUTS)]
fn whole(bencher: Bencher, name: &str) {
    let (source, _) = source(name);
    bencher.bench(|| engine::resize(source, &[Output::default()], &Options::default()));
}
