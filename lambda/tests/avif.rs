//! AVIF: what it can be coded in, how it is turned and cut, and what is refused.
//!
//! The pictures are the seeds of the fuzz target: `pictures::quarters` of 96x64, but where it says otherwise.

mod pictures;

use image::DynamicImage;
use lambda::FailureName;
use lambda::engine::{Bounds, EngineError, Format, Limits, Options, Output, resize};
use pictures::{BLUE, GRAY, GREEN, RED, Thumbnail, thumbnail};
use proptest::prelude::*;

macro_rules! seed {
    ($name:literal) => {
        include_bytes!(concat!("../fuzz/seeds/avif/", $name)).as_slice()
    };
}

fn attempt(source: &[u8]) -> Result<Thumbnail, EngineError> {
    thumbnail(source, Bounds::default(), &Limits::default())
}

fn resized(source: &[u8]) -> Thumbnail {
    attempt(source).expect("a valid AVIF")
}

#[track_caller]
fn refused(source: &[u8], name: FailureName, part: &str) {
    let error = attempt(source).expect_err(part);
    assert_eq!(error.name(), name, "{}", error.chain());
    assert!(error.chain().contains(part), "{}", error.chain());
}

fn pixels(result: &Thumbnail) -> DynamicImage {
    if result.format == Format::Jpeg {
        pictures::read_jpeg(&result.bytes).0
    } else {
        image::load_from_memory(&result.bytes).expect("a whole image")
    }
}

/// The colours in the middle of four quarters.
#[track_caller]
fn quarters_are(result: &Thumbnail, expected: [[u8; 3]; 4]) {
    let image = pixels(result).to_rgb8();
    let places = [(1, 1), (3, 1), (1, 3), (3, 3)];
    for ((x, y), color) in places.into_iter().zip(expected) {
        let (width, height) = image.dimensions();
        let pixel = image.get_pixel(width * x / 4, height * y / 4).0;
        let off = pixel.iter().zip(color).map(|(a, b)| a.abs_diff(b)).max();
        assert!(off <= Some(8), "{x}/4, {y}/4: {pixel:?} is not {color:?}");
    }
}

#[test]
fn every_depth_sampling_range_and_matrix() {
    for (name, source) in [
        ("8 bits, 4:2:0, BT.601", seed!("420")),
        ("8 bits, 4:2:2, BT.601", seed!("422")),
        ("8 bits, 4:4:4, BT.601", seed!("444")),
        ("8 bits, 4:4:4, BT.709", seed!("709")),
        ("8 bits, 4:4:4, identity", seed!("identity")),
        ("limited range", seed!("420-limited")),
        ("10 bits, 4:2:0", seed!("420-10-bit")),
        ("12 bits, 4:2:2, BT.2020", seed!("422-12-bit")),
        ("12 bits, 4:4:4, identity", seed!("444-12-bit-identity")),
    ] {
        let result = resized(source);
        assert_eq!(result.format, Format::Jpeg, "{name}");
        assert_eq!((result.source_width, result.source_height), (96, 64));
        assert!(!result.animated && result.notes.is_empty(), "{name}");
        quarters_are(&result, [RED, GREEN, BLUE, GRAY]);
    }
}

#[test]
fn chroma_is_where_luma_is() {
    // Between red and green, and at the ends of an odd picture.
    let source = image::imageops::resize(
        &pictures::quarters(96, 64),
        33,
        21,
        image::imageops::FilterType::Nearest,
    );
    let found = pixels(&resized(seed!("odd"))).to_rgb8();
    assert_eq!(found.dimensions(), (33, 21));
    for (x, y) in [
        (0, 0),
        (32, 0),
        (0, 20),
        (32, 20),
        (13, 4),
        (20, 4),
        (4, 7),
        (4, 13),
    ] {
        let (found, source) = (found.get_pixel(x, y).0, source.get_pixel(x, y).0);
        let off = found.iter().zip(source).map(|(a, b)| a.abs_diff(b)).max();
        assert!(off <= Some(20), "{x}, {y}: {found:?} is not {source:?}");
    }
}

#[test]
fn gray_stays_gray() {
    let result = resized(seed!("gray"));
    let image = pixels(&result);
    assert_eq!(image.color(), image::ColorType::L8);
    // BT.601's luma of the four.
    let lumas = [82, 152, 37, 128].map(|luma| [luma; 3]);
    quarters_are(&result, lumas);
}

#[test]
fn alpha_stays_alpha() {
    for source in [seed!("alpha"), seed!("alpha-premultiplied")] {
        let result = resized(source);
        assert_eq!(result.format, Format::Png);
        let image = pixels(&result).to_rgba8();
        for (x, y, color) in [
            (20, 20, RED),
            (70, 20, GREEN),
            (20, 50, BLUE),
            (70, 50, GRAY),
        ] {
            let [red, green, blue, alpha] = image.get_pixel(x, y).0;
            // From nothing at the top to opaque.
            let expected = u8::try_from(y * 4 + 2).expect("a byte");
            assert!(alpha.abs_diff(expected) <= 3, "{x}, {y}: {alpha}");
            let off = [red, green, blue].into_iter().zip(color);
            let off = off.map(|(a, b)| a.abs_diff(b)).max();
            assert!(off <= Some(12), "{x}, {y}: {red} {green} {blue}");
        }
    }
}

#[test]
fn colours_are_in_srgb() {
    let image = pixels(&resized(seed!("p3"))).to_rgb8();
    // By the primaries of Display P3 and IEC 61966-2-1.
    let off = image.get_pixel(16, 16).0.iter().zip([215_u8, 93, 30]);
    let off = off.map(|(a, b)| a.abs_diff(b)).max();
    assert!(off <= Some(3), "{:?}", image.get_pixel(16, 16));
}

#[test]
fn of_a_sequence_the_picture_that_stands_for_it() {
    let result = resized(seed!("sequence"));
    assert!(result.animated);
    quarters_are(&result, [RED, GREEN, BLUE, GRAY]);
}

/// A box.
fn part(kind: [u8; 4], body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 8).expect("small");
    [&length.to_be_bytes(), kind.as_slice(), body].concat()
}

/// The ways to say the same in the boxes.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each goes with each")]
struct Dialect {
    /// Numbers of items in four bytes.
    wide_items: bool,
    /// Numbers of properties in two bytes.
    wide_properties: bool,
    /// The data is in `meta` itself.
    within: bool,
    /// Offsets count from another one, in eight bytes.
    from_base: bool,
    /// The data is in two parts.
    parts: bool,
    /// No length: to the end.
    to_end: bool,
}

impl Dialect {
    /// A number of an item, or of items.
    fn number(self, number: u16) -> Vec<u8> {
        if self.wide_items {
            u32::from(number).to_be_bytes().to_vec()
        } else {
            number.to_be_bytes().to_vec()
        }
    }

    /// Where the data is, which starts here.
    fn iloc(self, offset: usize, length: usize) -> Vec<u8> {
        let version = match (self.wide_items, self.within) {
            (true, _) => 2,
            (_, true) => 1,
            _ => 0,
        };
        let base = if self.from_base { offset } else { 0 };
        let extents = match (self.parts, self.to_end) {
            (true, _) => vec![(0, length / 3), (length / 3, length - length / 3)],
            (_, true) => vec![(0, 0)],
            _ => vec![(0, length)],
        };
        let mut body = vec![
            version,
            0,
            0,
            0,
            0x44,
            if self.from_base { 0x80 } else { 0 },
        ];
        body.extend(self.number(1));
        body.extend(self.number(1));
        if version > 0 {
            body.extend([0, u8::from(self.within)]);
        }
        body.extend([0, 0]);
        if self.from_base {
            body.extend(u64::try_from(base).expect("small").to_be_bytes());
        }
        body.extend(u16::try_from(extents.len()).expect("few").to_be_bytes());
        for (start, length) in extents {
            for number in [offset - base + start, length] {
                body.extend(u32::try_from(number).expect("small").to_be_bytes());
            }
        }
        part(*b"iloc", &body)
    }

    /// A file with one picture: the properties of the item, each one essential, its kind, and its data.
    fn file(self, properties: &[Vec<u8>], kind: [u8; 4], data: &[u8]) -> Vec<u8> {
        let wide = u8::from(self.wide_items);
        let count = u8::try_from(properties.len()).expect("few");
        let mut ipma = vec![wide, 0, 0, u8::from(self.wide_properties), 0, 0, 0, 1];
        ipma.extend(self.number(1));
        ipma.push(count);
        for index in 1..=count {
            let essential = if self.wide_properties {
                vec![1 << 7, index]
            } else {
                vec![1 << 7 | index]
            };
            ipma.extend(essential);
        }
        let iprp = [part(*b"ipco", &properties.concat()), part(*b"ipma", &ipma)].concat();
        let infe = [
            &[2 + wide, 0, 0, 0],
            &*self.number(1),
            &[0, 0],
            &kind,
            b"\0",
        ]
        .concat();
        let iinf = [&[wide, 0, 0, 0], &*self.number(1), &part(*b"infe", &infe)].concat();
        let meta = |offset: usize| {
            let mut boxes = vec![
                vec![0; 4],
                part(*b"pitm", &[&[wide, 0, 0, 0], &*self.number(1)].concat()),
                self.iloc(offset, data.len()),
                part(*b"iinf", &iinf),
                part(*b"iprp", &iprp),
            ];
            if self.within {
                boxes.push(part(*b"idat", data));
            }
            part(*b"meta", &boxes.concat())
        };
        let ftyp = part(*b"ftyp", b"avif\0\0\0\0avifmif1");
        if self.within {
            return [ftyp, meta(0)].concat();
        }
        let offset = ftyp.len() + meta(0).len() + 8;
        [ftyp, meta(offset), part(*b"mdat", data)].concat()
    }
}

/// A file with one picture, in the usual words.
fn file(properties: &[Vec<u8>], kind: [u8; 4], data: &[u8]) -> Vec<u8> {
    Dialect::default().file(properties, kind, data)
}

/// What is coded in a file with one picture, which is its last box.
fn coded(file: &[u8]) -> &[u8] {
    let at = file.windows(4).position(|it| it == b"mdat").expect("data");
    &file[at + 4..]
}

fn ispe(width: u32, height: u32) -> Vec<u8> {
    let body = [[0; 4], width.to_be_bytes(), height.to_be_bytes()].concat();
    part(*b"ispe", &body)
}

fn nclx(primaries: u8, transfer: u8, matrix: u8) -> Vec<u8> {
    let numbers = [0, primaries, 0, transfer, 0, matrix, 1 << 7];
    part(*b"colr", &[b"nclx".as_slice(), &numbers].concat())
}

/// The quarters with more properties.
fn quarters(properties: &[Vec<u8>]) -> Vec<u8> {
    let properties = [&[ispe(96, 64), nclx(1, 13, 6)], properties].concat();
    file(&properties, *b"av01", coded(seed!("420")))
}

#[test]
fn the_same_in_other_words() {
    let data = coded(seed!("420"));
    let half = [48_i32, 1, 64, 1, 24, 1, 0, 1].map(i32::to_be_bytes);
    let properties = [ispe(96, 64), nclx(1, 13, 6), part(*b"clap", &half.concat())];
    for number in 0..64_u8 {
        let is = |bit: u8| number >> bit & 1 == 1;
        let dialect = Dialect {
            wide_items: is(0),
            wide_properties: is(1),
            within: is(2),
            from_base: is(3),
            parts: is(4),
            to_end: is(5),
        };
        let source = dialect.file(&properties, *b"av01", data);
        let result = attempt(&source).unwrap_or_else(|error| panic!("{dialect:?}: {error}"));
        assert_eq!((result.width, result.height), (48, 64), "{dialect:?}");
        quarters_are(&result, [GREEN, GREEN, GRAY, GRAY]);
        // A file ends where it has to, or with what is needed.
        refused(&source[..source.len() - 1], FailureName::CorruptImage, "");
    }
}

#[test]
fn turned_and_then_mirrored() {
    // Upper row and lower row.
    let stored = [RED, GREEN, BLUE, GRAY];
    let anticlockwise = |[a, b, c, d]: [[u8; 3]; 4]| [b, d, a, c];
    for angle in 0..4_u8 {
        let turned = (0..angle).fold(stored, |it, _| anticlockwise(it));
        let [a, b, c, d] = turned;
        for (mirror, expected) in [
            (None, turned),
            (Some(0), [c, d, a, b]),
            (Some(1), [b, a, d, c]),
        ] {
            let mut properties = vec![part(*b"irot", &[angle])];
            // In the order of the standard, whatever that in the file is.
            properties.splice(0..0, mirror.map(|axis: u8| part(*b"imir", &[axis])));
            let result = resized(&quarters(&properties));
            let size = if angle % 2 == 1 { (64, 96) } else { (96, 64) };
            assert_eq!((result.width, result.height), size);
            assert_eq!((result.source_width, result.source_height), size);
            quarters_are(&result, expected);
        }
    }
    // As another program writes it, which was told by EXIF.
    quarters_are(&resized(seed!("turned")), [BLUE, RED, GRAY, GREEN]);
    quarters_are(&resized(seed!("mirrored")), [RED, BLUE, GREEN, GRAY]);
}

#[test]
fn cut_before_it_is_turned() {
    let clap = |numbers: [i32; 8]| part(*b"clap", &numbers.map(i32::to_be_bytes).concat());
    // The right half: 24 to the right of the middle.
    let half = clap([48, 1, 64, 1, 24, 1, 0, 1]);
    let result = resized(&quarters(std::slice::from_ref(&half)));
    assert_eq!((result.source_width, result.source_height), (48, 64));
    quarters_are(&result, [GREEN, GREEN, GRAY, GRAY]);
    let result = resized(&quarters(&[half, part(*b"irot", &[1])]));
    assert_eq!((result.width, result.height), (64, 48));
    quarters_are(&result, [GREEN, GRAY, GREEN, GRAY]);
    let outside = quarters(&[clap([48, 1, 64, 1, 25, 1, 0, 1])]);
    refused(&outside, FailureName::CorruptImage, "not in its picture");
    let between = quarters(&[clap([47, 1, 64, 1, 0, 1, 0, 1])]);
    refused(&between, FailureName::UnsupportedFormat, "some pixels only");
}

#[test]
fn what_is_not_supported_is_named() {
    let data = coded(seed!("420"));
    let unsupported = FailureName::UnsupportedFormat;
    refused(&file(&[ispe(96, 64)], *b"grid", data), unsupported, "grid");
    refused(&file(&[ispe(96, 64)], *b"hvc1", data), unsupported, "hvc1");
    refused(seed!("pq"), unsupported, "PQ");
    for (numbers, part) in [
        ((9, 18, 9), "HLG"),
        ((1, 8, 6), "curve 8"),
        ((1, 13, 8), "matrix 8"),
        ((1, 13, 0), "matrix 0"),
    ] {
        let (primaries, transfer, matrix) = numbers;
        let properties = [ispe(96, 64), nclx(primaries, transfer, matrix)];
        refused(&file(&properties, *b"av01", data), unsupported, part);
    }
    let needed = quarters(&[part(*b"abcd", b"")]);
    refused(&needed, unsupported, "abcd");
}

#[test]
fn sizes_are_judged_before_anything_is_decoded() {
    let data = coded(seed!("420"));
    let sized = |width, height| file(&[ispe(width, height)], *b"av01", data);
    refused(
        &sized(60_000, 60_000),
        FailureName::ImageTooLarge,
        "60000 x 60000",
    );
    refused(&sized(70_000, 1), FailureName::ImageTooLarge, "70000 x 1");
    refused(&sized(0, 64), FailureName::CorruptImage, "nothing in it");
    for (width, height) in [(95, 64), (96, 65), (9000, 9000)] {
        refused(
            &sized(width, height),
            FailureName::CorruptImage,
            "codes 96 x 64",
        );
    }
    // What is coded is broken, which shows only when it is decoded.
    let mut broken = seed!("420").to_vec();
    let from = broken.len() - 100;
    broken[from..].fill(0xFF);
    refused(&broken, FailureName::CorruptImage, "cannot be decoded");
    let limits = Limits {
        max_decoded_bytes: 10_000,
        ..Limits::default()
    };
    let error = thumbnail(&broken, Bounds::default(), &limits).expect_err("too large");
    assert_eq!(error.name(), FailureName::ImageTooLarge);
}

#[test]
fn a_picture_is_not_coded_again_and_again() {
    let data = coded(seed!("420"));
    // The temporal unit's, the sequence's and the frame's OBU.
    let at = |mut obus: &[u8]| {
        let mut starts = vec![0];
        while !obus.is_empty() {
            let length = usize::from(obus[1] & 127);
            let more = obus[1] >> 7 == 1;
            let length = length + if more { usize::from(obus[2]) << 7 } else { 0 };
            obus = &obus[2 + usize::from(more) + length..];
            starts.push(data.len() - obus.len());
        }
        starts
    };
    let starts = at(data);
    let [.., header, frame, _] = starts[..] else {
        panic!("{starts:?}");
    };
    let repeated = |part: &[u8], times| [data, &part.repeat(times)].concat();
    let frames = file(&[ispe(96, 64)], *b"av01", &repeated(&data[frame..], 4));
    refused(&frames, FailureName::CorruptImage, "5 frames");
    // What is a repetition of a header may be the first of its frame.
    let redundant = repeated(&[7 << 3 | 2, 0], 4);
    let frames = file(&[ispe(96, 64)], *b"av01", &redundant);
    refused(&frames, FailureName::CorruptImage, "5 frames");
    let headers = file(
        &[ispe(96, 64)],
        *b"av01",
        &repeated(&data[header..frame], 1),
    );
    refused(&headers, FailureName::CorruptImage, "twice");
}

#[test]
fn what_is_cut_is_refused_whatever_is_allowed() {
    for source in [seed!("420"), seed!("alpha"), seed!("444-12-bit-identity")] {
        assert!(attempt(source).is_ok());
        for length in 1..source.len() {
            for allow_truncated in [false, true] {
                let options = Options {
                    allow_truncated,
                    ..Options::default()
                };
                let error = resize(&source[..length], &[Output::default()], &options);
                let error = error.expect_err("a part is missing");
                let expected = match length {
                    ..12 => FailureName::UnsupportedFormat,
                    _ => FailureName::CorruptImage,
                };
                assert_eq!(error.name(), expected, "{length}: {}", error.chain());
            }
        }
    }
}

const SEEDS: [&[u8]; 8] = [
    seed!("420"),
    seed!("422-12-bit"),
    seed!("444"),
    seed!("gray"),
    seed!("alpha-premultiplied"),
    seed!("sequence"),
    seed!("mirrored"),
    seed!("pillow-hopper"),
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    /// Half of the changes are in what is coded. The decoder ends the process if it panics, and the file that did it
    /// is kept beside what is built.
    #[test]
    fn changed_bytes(
        seed in 0..SEEDS.len(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), any::<bool>()), 1..8),
    ) {
        let mut source = SEEDS[seed].to_vec();
        let coded = source.windows(4).position(|it| it == b"mdat").expect("data");
        for (at, value, in_coded) in changes {
            let from = if in_coded { coded } else { 0 };
            let at = from + at.index(source.len() - from);
            source[at] = value;
        }
        let kept = concat!(env!("CARGO_TARGET_TMPDIR"), "/changed.avif");
        std::fs::write(kept, &source).expect("written");
        let limits = Limits {
            max_pixels: 1_000_000,
            max_decoded_bytes: 16 << 20,
            ..Limits::default()
        };
        if let Err(error) = thumbnail(&source, Bounds { max_width: 20, max_height: 20 }, &limits) {
            prop_assert!(error.name() != FailureName::InternalError, "{}", error.chain());
            prop_assert!(!matches!(error, EngineError::Panicked(_)), "{}", error.chain());
        }
    }
}
