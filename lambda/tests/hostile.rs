//! Files made to harm: each ends in a result or a named error, soon and in little memory.

mod pictures;

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use image::ImageFormat;
use lambda::FailureName;
use lambda::engine::{Bounds, EngineError, Limits};
use pictures::{Thumbnail, thumbnail};
use proptest::prelude::*;

fn attempt(source: &[u8]) -> Result<Thumbnail, EngineError> {
    thumbnail(source, Bounds::default(), &Limits::default())
}

#[track_caller]
fn refused(source: &[u8], name: FailureName) {
    let started = Instant::now();
    match attempt(source) {
        Ok(result) => panic!("accepted as {} x {}", result.width, result.height),
        Err(error) => assert_eq!(error.name(), name, "{}", error.chain()),
    }
    assert!(
        started.elapsed() < Duration::from_secs(5),
        "{:?}",
        started.elapsed()
    );
}

#[test]
fn a_jpeg_that_lacks_data_is_not_gray() {
    let image = pictures::detailed(400, 300);
    for progressive in [false, true] {
        let whole = pictures::jpeg(&image, progressive);
        assert!(attempt(&whole).is_ok());
        for percent in [1, 10, 25, 50, 75, 95, 99] {
            let cut = &whole[..whole.len() * percent / 100];
            refused(cut, FailureName::CorruptImage);
            let ended = [cut, b"\xFF\xD9"].concat();
            // A progressive file that ends between two scans is a coarser picture, not a broken one;
            // these cuts are within scans.
            refused(&ended, FailureName::CorruptImage);
        }
    }
}

#[test]
fn a_jpeg_that_lacks_a_component_is_refused() {
    let image = pictures::detailed(400, 300);
    let mut whole = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut whole, 90);
    // Then each component comes in a scan of its own.
    encoder.set_optimized_huffman_tables(true);
    encoder
        .encode(&image, 400, 300, jpeg_encoder::ColorType::Rgb)
        .expect("a valid size");
    assert!(attempt(&whole).is_ok());
    let scans: Vec<usize> = (0..whole.len() - 1)
        .filter(|&at| whole[at..].starts_with(b"\xFF\xDA"))
        .collect();
    assert_eq!(scans.len(), 3);
    for &end in &scans {
        refused(&whole[..end], FailureName::CorruptImage);
        let ended = [&whole[..end], b"\xFF\xD9"].concat();
        refused(&ended, FailureName::CorruptImage);
    }
}

#[test]
fn a_whole_jpeg_may_lack_its_end_and_drag_garbage() {
    let whole = pictures::jpeg(&pictures::detailed(400, 300), false);
    let expected = attempt(&whole).expect("whole").bytes;
    let end = whole.len() - 2;
    assert_eq!(&whole[end..], b"\xFF\xD9");
    for variant in [
        whole[..end].to_vec(),
        [&whole, b"garbage".as_slice()].concat(),
        [whole.as_slice(), &whole].concat(),
        [&whole[..end], b"\xFF\xFF\xFF\xD9"].concat(),
    ] {
        assert_eq!(attempt(&variant).expect("whole").bytes, expected);
    }
}

#[test]
fn other_formats_that_are_cut_are_refused() {
    let image = pictures::detailed(300, 200);
    for source in [
        pictures::file(image.clone(), ImageFormat::Png),
        pictures::file(image.clone(), ImageFormat::WebP),
        pictures::file(image.clone(), ImageFormat::Gif),
        pictures::lossy_webp(&image),
    ] {
        assert!(attempt(&source).is_ok());
        for percent in [25, 50, 75, 90] {
            refused(
                &source[..source.len() * percent / 100],
                FailureName::CorruptImage,
            );
        }
    }
}

#[test]
fn declared_sizes_are_judged_before_memory() {
    let png = |width: u32, height: u32, interlaced: bool| {
        let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
        header.extend([8, 6, 0, 0, u8::from(interlaced)]);
        [
            b"\x89PNG\r\n\x1A\n".as_slice(),
            &pictures::png_chunk(*b"IHDR", &header),
            &pictures::png_chunk(*b"IDAT", b"\x78\x9C"),
            &pictures::png_chunk(*b"IEND", b""),
        ]
        .concat()
    };
    let gif = |width: u16, height: u16| {
        [
            b"GIF89a".as_slice(),
            &width.to_le_bytes(),
            &height.to_le_bytes(),
            b"\x80\0\0\0\0\0\xFF\xFF\xFF",
            b",\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0;",
        ]
        .concat()
    };
    // A lossless WebP of one colour: its header and a few bits.
    let webp = |width: u32, height: u32| {
        let bits = (width - 1) | (height - 1) << 14;
        let data = [
            b"\x2F".as_slice(),
            &bits.to_le_bytes(),
            &[0x07, 0x10, 0x11, 0x11, 0x88, 0x88, 0x08, 0, 0],
        ]
        .concat();
        pictures::riff(
            *b"RIFF",
            &[b"WEBP".as_slice(), &pictures::riff(*b"VP8L", &data)].concat(),
        )
    };
    let jpeg = {
        let mut file = pictures::jpeg(&pictures::quarters(16, 16), false);
        let frame = file
            .windows(2)
            .position(|pair| pair == [0xFF, 0xC0])
            .expect("a frame");
        file[frame + 5..frame + 9].fill(0xFF);
        file
    };
    refused(
        &png(0x7FFF_FFFF, 0x7FFF_FFFF, false),
        FailureName::ImageTooLarge,
    );
    refused(&png(10_001, 10_000, false), FailureName::ImageTooLarge);
    refused(&png(65_536, 1, false), FailureName::ImageTooLarge);
    // An interlaced one is whole in memory; of another, the result is.
    let little = Limits {
        max_decoded_bytes: 3 << 20,
        ..Limits::default()
    };
    for (interlaced, name) in [
        (true, FailureName::ImageTooLarge),
        (false, FailureName::CorruptImage),
    ] {
        let bounds = Bounds {
            max_width: 100,
            max_height: 100,
        };
        let error = thumbnail(&png(900, 900, interlaced), bounds, &little);
        assert_eq!(error.expect_err("no pixels").name(), name);
    }
    refused(&gif(65_535, 65_535), FailureName::ImageTooLarge);
    refused(&webp(16_383, 16_383), FailureName::ImageTooLarge);
    refused(&jpeg, FailureName::ImageTooLarge);
    refused(&gif(0, 0), FailureName::CorruptImage);
    refused(&gif(0, 5), FailureName::CorruptImage);
    assert!(attempt(&gif(5, 5)).is_ok(), "the file is otherwise valid");
}

#[test]
fn a_webp_picture_larger_than_its_canvas_is_refused_before_it_is_decoded() {
    let small = pictures::lossy_webp(&pictures::quarters(16, 16));
    let mut large = small.clone();
    // Behind the RIFF header, the chunk's head, a frame tag and a start code.
    large[12 + 8 + 6..][..4].fill(0xFF);
    let canvas = |pictures: &[u8], flags| {
        pictures::extended_webp(
            &[b"RIFF....WEBP", pictures].concat(),
            (16, 16),
            flags,
            b"",
            b"",
        )
    };
    refused(&canvas(&large[12..], 0), FailureName::ImageTooLarge);
    // Behind a small one that is not the one the decoder takes.
    let frame = |webp: &[u8]| {
        let head = [0, 0, 0, 0, 0, 0, 15, 0, 0, 15, 0, 0, 0, 0, 0, 0];
        pictures::riff(*b"ANMF", &[&head, &webp[12..]].concat())
    };
    let hidden = [&frame(&small), &large[12..]].concat();
    refused(&canvas(&hidden, 0), FailureName::ImageTooLarge);
    let control = [0_u8; 6];
    let animation = |webp: &[u8]| {
        let frames = [pictures::riff(*b"ANIM", &control), frame(webp)].concat();
        canvas(&frames, 1 << 1)
    };
    refused(&animation(&large), FailureName::ImageTooLarge);
    assert!(attempt(&animation(&small)).is_ok());
    assert!(attempt(&canvas(&small[12..], 0)).is_ok());
    // Frames without an end are walked once.
    let empty = b"ANMF\0\0\0\0".repeat(1 << 20);
    refused(&canvas(&empty, 1 << 1), FailureName::CorruptImage);
}

#[test]
fn too_many_scans_are_refused() {
    let whole = pictures::jpeg(&pictures::detailed(64, 64), true);
    let scan = whole
        .windows(2)
        .rposition(|pair| pair == [0xFF, 0xDA])
        .expect("a scan");
    let end = whole.len() - 2;
    let with =
        |copies: usize| [&whole[..end], &whole[scan..end].repeat(copies), b"\xFF\xD9"].concat();
    refused(&with(100), FailureName::ImageTooLarge);
    refused(&with(5000), FailureName::ImageTooLarge);
    let many = Limits {
        max_jpeg_block_visits: 100,
        ..Limits::default()
    };
    let error = thumbnail(&whole, Bounds::default(), &many).expect_err("more visits than 100");
    assert_eq!(error.name(), FailureName::ImageTooLarge);
}

#[test]
fn many_empty_segments_are_refused() {
    let whole = pictures::jpeg(&pictures::detailed(64, 64), false);
    // No restart interval, again and again.
    let filler = b"\xFF\xDD\0\x04\0\0".repeat(20_000);
    let source = [&whole[..2], &filler, &whole[2..]].concat();
    refused(&source, FailureName::ImageTooLarge);
    let few = [&whole[..2], &filler[..6 * 1000], &whole[2..]].concat();
    assert!(attempt(&few).is_ok());
}

#[test]
fn exif_directories_that_point_at_one_another_are_not_followed() {
    // 2,600 pointers to a directory of 2,600 entries, with itself as the next directory.
    let entries = 2600_u16;
    let second = 8 + 2 + 12 * u32::from(entries) + 4;
    let entry = |tag: u16, value: u32| {
        [
            tag.to_le_bytes().as_slice(),
            &4_u16.to_le_bytes(),
            &1_u32.to_le_bytes(),
            &value.to_le_bytes(),
        ]
        .concat()
    };
    let tiff = [
        b"II*\0\x08\0\0\0".as_slice(),
        &entries.to_le_bytes(),
        &entry(0x8769, second).repeat(usize::from(entries)),
        &8_u32.to_le_bytes(),
        &entries.to_le_bytes(),
        &entry(0x9000, 0).repeat(usize::from(entries)),
        &0_u32.to_le_bytes(),
    ]
    .concat();
    let jpeg = pictures::jpeg(&pictures::quarters(64, 64), false);
    let source = pictures::with_segments(&jpeg, &[(0xE1, [b"Exif\0\0", &*tiff].concat())]);
    let started = Instant::now();
    assert!(attempt(&source).is_ok());
    assert!(
        started.elapsed() < Duration::from_secs(1),
        "{:?}",
        started.elapsed()
    );
}

#[test]
fn compressed_chunks_are_not_inflated() {
    use std::io::Write;
    let zeros = vec![0; 1 << 20];
    let mut bomb = flate2::write::ZlibEncoder::new(b"n\0\0".to_vec(), flate2::Compression::best());
    for _ in 0..256 {
        bomb.write_all(&zeros).expect("in memory");
    }
    let bomb = bomb.finish().expect("in memory");
    let png = pictures::file(pictures::quarters(8, 8), ImageFormat::Png);
    for kind in [b"iCCP", b"zTXt"] {
        let source = pictures::with_chunks(&png, &[pictures::png_chunk(*kind, &bomb)]);
        let started = Instant::now();
        let result = attempt(&source).expect("the picture is fine");
        assert!(result.bytes.len() < 1000);
        assert!(
            started.elapsed() < Duration::from_secs(1),
            "{:?}",
            started.elapsed()
        );
    }
}

#[test]
fn files_that_are_no_images() {
    refused(b"", FailureName::CorruptImage);
    for bytes in [
        b"x".as_slice(),
        b"hello",
        b"<svg/>",
        b"%PDF-1.7",
        b"BM",
        b"\0\0\0\x20ftypheic",
    ] {
        refused(bytes, FailureName::UnsupportedFormat);
    }
    for bytes in [
        b"\xFF\xD8\xFF".as_slice(),
        b"\x89PNG\r\n\x1A\n",
        b"GIF89a",
        b"RIFF\0\0\0\0WEBP",
        b"II*\0",
        b"qoif",
        b"\0\0\x01\0\x01\0\0\0\0\0",
        b"BM____________\x28\0\0\0",
        b"\0\0\0\x20ftypavif",
    ] {
        refused(bytes, FailureName::CorruptImage);
    }
    let limits = Limits {
        max_source_bytes: 3,
        ..Limits::default()
    };
    let error = thumbnail(b"GIF89a", Bounds::default(), &limits).expect_err("too many bytes");
    assert_eq!(error.name(), FailureName::ImageTooLarge);
}

static SAMPLES: LazyLock<[Vec<u8>; 10]> = LazyLock::new(|| {
    let image = pictures::detailed(61, 43);
    [
        pictures::with_segments(&pictures::jpeg(&image, false), &[pictures::exif_segment(6)]),
        pictures::jpeg(&image, true),
        pictures::file(image.clone(), ImageFormat::Png),
        pictures::file(image.clone(), ImageFormat::WebP),
        pictures::file(image.clone(), ImageFormat::Gif),
        pictures::lossy_webp(&image),
        pictures::file(image.clone(), ImageFormat::Bmp),
        pictures::file(image.clone(), ImageFormat::Ico),
        pictures::file(image.clone(), ImageFormat::Qoi),
        pictures::file(image, ImageFormat::Tiff),
    ]
});

/// Small limits, since a changed header may declare any size.
fn small() -> Limits {
    Limits {
        max_pixels: 1_000_000,
        max_decoded_bytes: 8 << 20,
        ..Limits::default()
    }
}

/// Every error but the two that say the engine itself is wrong.
fn is_typed(outcome: &Result<Thumbnail, EngineError>) -> bool {
    match outcome {
        Ok(result) => result.width <= 720 && result.height <= 720 && !result.bytes.is_empty(),
        Err(error) => error.name() != FailureName::InternalError,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn arbitrary_bytes_behind_a_signature(kind in 0usize..9, bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let start = [b"\xFF\xD8\xFF".as_slice(), b"\x89PNG\r\n\x1A\n", b"GIF89a", b"RIFF\xFF\xFF\0\0WEBP",
            b"MM\0*", b"qoif", b"\0\0\x01\0\x01\0\x10\x10\0\0", b"BM____________\x28\0\0\0",
            b"\0\0\0\x10ftypavif\0\0\0\0"][kind];
        let outcome = thumbnail(&[start, &bytes].concat(), Bounds::default(), &small());
        prop_assert!(is_typed(&outcome), "{outcome:?}");
    }

    #[test]
    fn changed_bytes_in_valid_files(
        kind in 0usize..10,
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        cut in proptest::option::of(any::<prop::sample::Index>()),
    ) {
        let mut file = SAMPLES[kind].clone();
        for (at, value) in changes {
            let at = at.index(file.len());
            file[at] = value;
        }
        if let Some(cut) = cut {
            file.truncate(cut.index(file.len()));
        }
        let outcome = thumbnail(&file, Bounds { max_width: 20, max_height: 20 }, &small());
        prop_assert!(is_typed(&outcome), "{outcome:?}");
    }
}
