//! Broken, cut and greedy files: an error that says what is wrong, or as much as there is; never a panic.

mod support;

use libwebp::{Coded, Coding, Decoded, Error, Layout, Options, decode, encode, header};
use proptest::prelude::*;
use support::{LOSSLESS, LOSSY, fading, photo, samples};

const LENIENT: Options = Options {
    allow_truncated: true,
};
const FULL: (u32, u32) = (u32::MAX, u32::MAX);

fn strict(file: &[u8]) -> Result<Decoded, Error> {
    decode(file, FULL, Options::default())
}

#[test]
fn a_file_that_is_cut_at_any_byte_says_how_much_is_there() {
    for (which, file) in samples((48, 70)).into_iter().enumerate() {
        let whole = strict(&file).expect("whole");
        assert!((whole.share - 1.0).abs() < f64::EPSILON);
        let mut most = 0.0_f64;
        for length in 0..file.len() {
            let cut = &file[..length];
            let share = match strict(cut) {
                Err(Error::Truncated { share }) => share,
                // The last bytes may be padding, or bits that nothing needs.
                Ok(decoded) => {
                    assert!(
                        length + 4 >= file.len(),
                        "{which}: {length} of {}",
                        file.len()
                    );
                    assert_eq!(decoded.pixels, whole.pixels);
                    continue;
                }
                Err(error) => panic!("{which}: {length} of {}: {error}", file.len()),
            };
            assert!(
                share < 1.0 && share >= most,
                "{which}: {length}: {share} after {most}"
            );
            most = share;
            let Ok(decoded) = decode(cut, FULL, LENIENT) else {
                assert!(
                    share == 0.0,
                    "{which}: {length}: nothing in spite of {share}"
                );
                continue;
            };
            assert!((decoded.share - share).abs() < f64::EPSILON);
            let stride = whole.pixels.len() / 70;
            let rows = decoded.pixels.chunks_exact(stride);
            let missing = rows.clone().rev();
            let blank = if decoded.layout == Layout::Rgba {
                0
            } else {
                128
            };
            let missing = missing.take_while(|row| row.iter().all(|&value| value == blank));
            let there = 70 - missing.count();
            assert!((f64::from(u32::try_from(there).expect("few")) / 70.0 - share).abs() < 1e-9);
            let decoded = rows.take(there).flatten();
            assert!(decoded.eq(whole.pixels.chunks_exact(stride).take(there).flatten()));
        }
        assert!(most > 0.5, "{which}: {most}");
    }
}

#[test]
fn a_cut_file_that_is_scaled_has_gray_at_its_end() {
    let size = (48, 200);
    let file = encode(&photo(size), Layout::Rgb, size, LOSSY).expect("a valid picture");
    let cut = &file[..file.len() / 2];
    let decoded = decode(cut, (12, 50), LENIENT).expect("what is there");
    assert_eq!((decoded.width, decoded.height), (12, 50));
    assert!(
        decoded.share > 0.2 && decoded.share < 0.8,
        "{}",
        decoded.share
    );
    assert!(decoded.pixels[48 * 36..].iter().all(|&value| value == 128));
    let whole = decode(&file, (12, 50), Options::default()).expect("whole");
    assert_eq!(decoded.pixels[..36 * 10], whole.pixels[..36 * 10]);
}

#[test]
fn the_header_is_read_from_the_first_bytes() {
    for file in samples((48, 70)) {
        let whole = header(&file).expect("whole");
        assert_eq!((whole.width, whole.height), (48, 70));
        for length in 0..file.len() {
            match header(&file[..length]) {
                Ok(found) => assert_eq!(found, whole),
                Err(error) => {
                    assert_eq!(error, Error::Truncated { share: 0.0 });
                    assert!(length < file.len() / 2);
                }
            }
        }
    }
}

#[test]
fn what_is_no_picture_is_named() {
    let corrupt = |file: &[u8]| matches!(strict(file), Err(Error::Corrupt { .. }));
    assert_eq!(strict(b""), Err(Error::Truncated { share: 0.0 }));
    assert!(corrupt(
        b"RIFF\x40\0\0\0WAVEfmt \0\0\0\0\0\0\0\0\0\0\0\0\0\0"
    ));
    assert!(corrupt(&[0x5A; 200]));
    for file in samples((48, 70)) {
        let picture = file
            .windows(4)
            .rposition(|kind| kind == b"VP8 " || kind == b"VP8L");
        let picture = picture.expect("a picture");
        let mut broken = file.clone();
        broken[picture + 8] ^= 0xFF;
        assert!(corrupt(&broken));
    }
    let mut extended = b"RIFF\xF0\0\0\0WEBPVP8X\x0A\0\0\0\x02\0\0\0\x2F\0\0\x45\0\0".to_vec();
    extended.extend([0; 240 - 22]);
    let found = header(&extended).expect("an animation");
    assert_eq!(
        (found.width, found.height, found.coded),
        (48, 70, Coded::Animated)
    );
    let error = strict(&extended).expect_err("an animation");
    assert_eq!(error.to_string(), "an animation is not supported in a WebP");
}

#[test]
fn a_canvas_is_no_larger_than_a_picture() {
    // 24 x 5,242,881 pixels with a picture on it that breaks off, behind two bytes for the fuzzer.
    let file = &include_bytes!("../fuzz/seeds/canvas")[2..];
    let refused = libwebp::header(file);
    assert!(matches!(refused, Err(Error::Corrupt { .. })), "{refused:?}");
    assert!(strict(file).is_err());
    let options = Options {
        allow_truncated: true,
    };
    assert!(libwebp::decode(file, (10, 10), options).is_err());
}

#[test]
fn memory_is_known_before_it_is_taken() {
    let memory = |pixels: &[u8], layout, coding, size| {
        let file = encode(pixels, layout, (200, 100), coding).expect("a valid picture");
        header(&file).expect("headers").memory(size)
    };
    let size = (200, 100);
    let pixels = 200 * 100;
    let rows = 200 * 256;
    assert_eq!(
        memory(&photo(size), Layout::Rgb, LOSSY, FULL),
        pixels * 3 + rows
    );
    assert_eq!(
        memory(&photo(size), Layout::Rgb, LOSSY, (20, 10)),
        20 * 10 * 3 + rows
    );
    assert_eq!(
        memory(&photo(size), Layout::Rgb, LOSSLESS, (20, 10)),
        20 * 10 * 3 + pixels * 4 + rows
    );
    assert_eq!(
        memory(&fading(size), Layout::Rgba, LOSSY, (20, 10)),
        pixels * 9 + rows
    );
}

#[test]
fn pictures_that_cannot_be_written_are_refused() {
    let unwritable = |bytes: usize, size, coding| {
        let pixels = vec![0; bytes];
        match encode(&pixels, Layout::Rgb, size, coding) {
            Err(Error::Unwritable { what }) => what,
            other => panic!("{other:?}"),
        }
    };
    assert!(unwritable(0, (0, 7), LOSSY).contains("0 pixels"));
    assert!(unwritable(16_384 * 3, (16_384, 1), LOSSY).contains("16,383"));
    assert!(unwritable(11, (2, 2), LOSSY).contains("bytes"));
    assert!(unwritable(13, (2, 2), LOSSLESS).contains("bytes"));
    for quality in [-1.0, 100.5, f32::NAN, f32::INFINITY] {
        assert!(unwritable(12, (2, 2), Coding::Lossy { quality }).contains("0 to 100"));
    }
    let line = vec![9; 16_383 * 3];
    assert!(encode(&line, Layout::Rgb, (16_383, 1), LOSSY).is_ok());
}

#[test]
fn the_same_pixels_give_the_same_bytes_in_any_thread() {
    let threads: Vec<_> = (0..4)
        .map(|_| std::thread::spawn(|| samples((120, 90))))
        .collect();
    let expected = samples((120, 90));
    for thread in threads {
        assert!(thread.join().expect("no panic") == expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn mutated_files_do_not_panic(
        which in 0_usize..4,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        cut in any::<prop::sample::Index>(),
        size in (0_u32..80, 0_u32..80),
    ) {
        let mut file = samples_once()[which].clone();
        for (at, value) in changes {
            let at = at.index(file.len());
            file[at] = value;
        }
        let cut = &file[..cut.index(file.len())];
        for file in [&file, cut] {
            // A changed header may declare any size.
            if header(file).is_ok_and(|header| header.memory(size) > 64 << 20) {
                continue;
            }
            for options in [Options::default(), LENIENT] {
                if let Ok(decoded) = decode(file, size, options) {
                    prop_assert!((0.0..=1.0).contains(&decoded.share));
                    let bytes = decoded.width * decoded.height * u32::from(decoded.layout.channels());
                    prop_assert_eq!(decoded.pixels.len(), bytes as usize);
                }
            }
        }
    }

    #[test]
    fn any_picture_survives_losslessly(
        size in (1_u32..40, 1_u32..40),
        seed in prop::collection::vec(any::<u8>(), 1..200),
        scaled in (0_u32..50, 0_u32..50),
    ) {
        let bytes = size.0 * size.1 * 3;
        let pixels: Vec<u8> = seed.iter().copied().cycle().take(bytes as usize).collect();
        let file = encode(&pixels, Layout::Rgb, size, LOSSLESS).expect("a valid picture");
        prop_assert_eq!(strict(&file).expect("whole").pixels, pixels.clone());
        let lossy = encode(&pixels, Layout::Rgb, size, LOSSY).expect("a valid picture");
        let decoded = decode(&lossy, scaled, Options::default()).expect("whole");
        prop_assert!(decoded.width <= size.0 && decoded.height <= size.1);
    }
}

fn samples_once() -> &'static [Vec<u8>] {
    static SAMPLES: std::sync::OnceLock<Vec<Vec<u8>>> = std::sync::OnceLock::new();
    SAMPLES.get_or_init(|| samples((48, 70)))
}
