//! Broken, cut and greedy files: an error that says what is wrong, or as much as there is; never a panic.

mod support;

use jpeg::encode::{Picture, Planes, Settings};
use jpeg::{Band, Decoder, Eighths, Error, Limits, Options, Outcome, Sink};
use proptest::prelude::*;
use support::Encoding;

const LENIENT: Options = Options {
    allow_truncated: true,
};

/// Checks that the rows of each plane come in order and without gaps.
#[derive(Default)]
struct Rows {
    next: [usize; 4],
}

impl Sink for Rows {
    fn band(&mut self, band: Band<'_>) {
        assert_eq!(band.first, self.next[band.component]);
        for row in band.rows() {
            assert_eq!(row.len(), band.width);
            self.next[band.component] += 1;
        }
    }
}

/// Decodes, and checks that a decoded picture has all its rows.
fn decode(file: &[u8], n: u8, options: Options) -> Result<Outcome, Error> {
    let size = Eighths::new(n).expect("1 to 8");
    let decoder = Decoder::new(file, &Limits::default())?;
    let mut rows = Rows::default();
    let outcome = decoder.decode(&[size], options, &mut rows)?;
    for index in 0..decoder.header().frame.components.len() {
        let shape = decoder.shape(index, size).expect("a component");
        assert_eq!(rows.next[index], shape.height);
    }
    assert!((0.0..=1.0).contains(&outcome.share), "{}", outcome.share);
    Ok(outcome)
}

fn samples() -> Vec<Vec<u8>> {
    let base = Encoding::default();
    let mut files = Vec::new();
    for scans in [None, Some(4), Some(12)] {
        for restart_interval in [0, 5] {
            let encoding = Encoding {
                scans,
                restart_interval,
                ..base
            };
            files.push(encoding.encode(120, 90));
        }
    }
    files.push(
        Encoding {
            color: jpeg_encoder::ColorType::CmykAsYcck,
            ..base
        }
        .encode(60, 70),
    );
    files.push(
        Encoding {
            color: jpeg_encoder::ColorType::Luma,
            ..base
        }
        .encode(300, 310),
    );
    files
}

/// Offset of a marker.
fn find(file: &[u8], marker: u8) -> usize {
    let pair = file.windows(2).position(|pair| pair == [0xFF, marker]);
    pair.expect("the marker")
}

/// Cuts a file at these lengths, and checks that the share that is there rises to 1 and is not 1 before.
fn cut(file: &[u8], lengths: impl Iterator<Item = usize>) {
    let end = file.len() - 2;
    let mut before = 0.0;
    for length in lengths {
        let cut = &file[..length];
        let share = decode(cut, 2, LENIENT).expect("what is there").share;
        assert!(share >= before, "{length}: {share} after {before}");
        before = share;
        for n in [1, 2, 8] {
            let strict = decode(cut, n, Options::default());
            if length >= end {
                assert_eq!(strict, Ok(Outcome { share: 1.0 }), "{length} of {end}");
                continue;
            }
            assert_eq!(strict, Err(Error::Truncated { share }), "{length} of {end}");
            assert!(share < 1.0, "{length} of {end}: {share}");
        }
        let at_other_size = decode(cut, 8, LENIENT).expect("what is there").share;
        assert_eq!(
            share.to_bits(),
            at_other_size.to_bits(),
            "{length} of {end}"
        );
    }
    assert!(before > 0.9, "{before}");
}

#[test]
fn a_cut_file_says_how_much_is_there() {
    for file in samples() {
        let first = find(&file, 0xDA);
        // Each byte of the last hundred has bits of a block, and of the others it is enough to try some.
        let end = file.len() - 2;
        let lengths = (first + 16..end - 100).step_by(97).chain(end - 100..end);
        cut(&file, lengths);
    }
}

#[test]
fn files_of_several_scans_cut_at_each_byte() {
    let base = Encoding {
        quality: 70,
        ..Encoding::default()
    };
    let mut files = vec![
        // Each component in a scan of its own, and sequential.
        Encoding {
            optimized: true,
            ..base
        }
        .encode(90, 60),
        Encoding {
            scans: Some(6),
            restart_interval: 3,
            ..base
        }
        .encode(60, 40),
    ];
    // With bits that come later.
    let samples: Vec<_> = support::pixels(90, 70);
    let planes = Planes::of_rgb(&samples, 90, 70).expect("a valid size");
    let Picture::YCbCr { luma, .. } = planes.picture() else {
        panic!("a picture in colour");
    };
    for picture in [Picture::Gray(luma), planes.picture()] {
        let settings = Settings {
            progressive: true,
            ..Settings::default()
        };
        files.push(picture.encode(&settings).expect("a valid picture"));
    }
    for file in files {
        let first = find(&file, 0xDA);
        let header = usize::from(file[first + 3]);
        cut(&file, first + 2 + header..=file.len());
    }
}

#[test]
fn a_file_that_ends_within_a_scan_header_has_the_scans_before() {
    let file = Encoding {
        scans: Some(4),
        ..Encoding::default()
    }
    .encode(60, 40);
    let first = find(&file, 0xDA);
    let second = first + 2 + find(&file[first + 2..], 0xDA);
    let share = |length: usize| decode(&file[..length], 2, LENIENT).expect("the first scan");
    for length in second..second + 10 {
        assert_eq!(share(length), share(second), "{length}");
    }
}

#[test]
fn the_end_marker_of_a_whole_picture_may_be_missing() {
    let file = Encoding::default().encode(120, 90);
    assert!(decode(&file[..file.len() - 2], 2, Options::default()).is_ok());
    let progressive = Encoding {
        scans: Some(4),
        ..Encoding::default()
    }
    .encode(120, 90);
    let without_end = &progressive[..progressive.len() - 2];
    assert!(decode(without_end, 2, Options::default()).is_ok());
    // Without its last scan it may have the end marker or not: only with it, it is whole.
    let last = progressive
        .windows(2)
        .rposition(|pair| pair == [0xFF, 0xDA]);
    let without_scan = &progressive[..last.expect("a scan")];
    match decode(without_scan, 2, Options::default()) {
        Err(Error::Truncated { share }) => assert!((0.8..1.0).contains(&share), "{share}"),
        other => panic!("{other:?}"),
    }
    let ended = [without_scan, &[0xFF, 0xD9]].concat();
    assert!(decode(&ended, 2, Options::default()).is_ok());
    let with_garbage = [&file[..], &[0xFF, 0xDA, 0, 1, 2]].concat();
    assert!(decode(&with_garbage, 2, Options::default()).is_ok());
}

#[test]
fn a_component_in_two_sequential_scans_is_refused() {
    let file = Encoding {
        optimized: true,
        ..Encoding::default()
    }
    .encode(60, 40);
    let first = find(&file, 0xDA);
    let second = first + 2 + find(&file[first + 2..], 0xDA);
    assert!(decode(&file, 2, Options::default()).is_ok());
    let twice = [&file[..second], &file[first..]].concat();
    let error = decode(&twice, 2, Options::default()).expect_err("one component too many");
    let what = "a sequential JPEG has a component in two scans";
    assert!(
        matches!(error, Error::Corrupt { what: found, .. } if found == what),
        "{error}"
    );
    let lenient = decode(&twice, 2, LENIENT);
    assert_eq!(lenient, Err(error));
}

#[test]
fn what_is_lost_between_restart_markers_is_gray_and_the_rest_is_not() {
    let encoding = Encoding {
        restart_interval: 8,
        ..Encoding::default()
    };
    let file = encoding.encode(128, 160);
    let start = find(&file, 0xD2);
    let end = find(&file, 0xD3);
    let whole = jpeg::Planes::of(
        &Decoder::new(&file, &Limits::default()).expect("headers"),
        &[],
        LENIENT,
    );
    let whole = whole.expect("a picture");
    // A row of MCUs without data; the same without its marker; and garbage in its place.
    let without = [&file[..start + 2], &file[end..]].concat();
    let without_marker = [&file[..start], &file[end..]].concat();
    let mut garbage = file.clone();
    garbage[start + 2..end].fill(0xFE);
    for (name, broken) in [
        ("data", without),
        ("marker", without_marker),
        ("sense", garbage),
    ] {
        assert!(decode(&broken, 8, Options::default()).is_err(), "{name}");
        let decoder = Decoder::new(&broken, &Limits::default()).expect("headers");
        let planes = jpeg::Planes::of(&decoder, &[], LENIENT).expect("what is there");
        let rows = |planes: &jpeg::Planes, from: usize, to: usize| {
            planes.0[0].samples[from * 128..to * 128].to_vec()
        };
        assert_eq!(rows(&planes, 0, 48), rows(&whole, 0, 48), "{name}");
        assert_eq!(rows(&planes, 64, 160), rows(&whole, 64, 160), "{name}");
        assert_ne!(rows(&planes, 48, 64), rows(&whole, 48, 64), "{name}");
        let share = decode(&broken, 3, LENIENT).expect("what is there").share;
        assert!((0.89..0.95).contains(&share), "{name}: {share}");
    }
}

#[test]
fn limits_hold_before_the_work_is_done() {
    let file = Encoding {
        scans: Some(12),
        ..Encoding::default()
    }
    .encode(120, 90);
    let too_large = |limits: Limits| {
        let decoded = Decoder::new(&file, &limits)
            .and_then(|decoder| jpeg::Planes::of(&decoder, &[Eighths::ALL], Options::default()));
        match decoded {
            Err(Error::TooLarge { what, .. }) => what,
            other => panic!("{other:?}"),
        }
    };
    let limits = Limits::default();
    assert_eq!(
        too_large(Limits {
            max_pixels: 10_799,
            ..limits
        }),
        "pixels"
    );
    assert_eq!(
        too_large(Limits {
            max_scans: 3,
            ..limits
        }),
        "scans"
    );
    assert_eq!(
        too_large(Limits {
            max_segments: 3,
            ..limits
        }),
        "segments"
    );
    assert_eq!(
        too_large(Limits {
            max_block_visits: 999,
            ..limits
        }),
        "block visits"
    );
    let bytes = "bytes of coefficients";
    assert_eq!(
        too_large(Limits {
            max_coefficient_bytes: 9_999,
            ..limits
        }),
        bytes
    );
}

#[test]
fn a_scan_that_comes_a_thousand_times_is_refused() {
    let file = Encoding {
        scans: Some(4),
        ..Encoding::default()
    }
    .encode(120, 90);
    let first = find(&file, 0xDA);
    let second = first + 2 + find(&file[first + 2..], 0xDA);
    let mut bomb = file[..second].to_vec();
    for _ in 0..1000 {
        bomb.extend_from_slice(&file[first..second]);
    }
    bomb.extend_from_slice(&file[second..]);
    let error = Decoder::new(&bomb, &Limits::default()).expect_err("too many scans");
    assert!(
        matches!(error, Error::TooLarge { what: "scans", .. }),
        "{error}"
    );
}

#[test]
fn headers_that_contradict_themselves() {
    let file = Encoding::default().encode(40, 30);
    let frame = find(&file, 0xC0);
    let length = usize::from(file[frame + 3]);
    let twice = [
        &file[..frame],
        &file[frame..frame + 2 + length],
        &file[frame..],
    ]
    .concat();
    let message = |file: &[u8]| {
        decode(file, 2, Options::default())
            .expect_err("corrupt")
            .to_string()
    };
    assert!(message(&twice).contains("two frame headers"));
    let none = [&file[..frame], &file[frame + 2 + length..]].concat();
    assert!(message(&none).contains("no frame header"));
    assert!(message(&file[1..]).contains("no start of image"));
    assert!(message(&file[..frame + 5]).contains("not whole"));
    let mut arithmetic = file.clone();
    arithmetic[frame + 1] = 0xC9;
    assert_eq!(
        message(&arithmetic),
        "arithmetic coding is not supported in a JPEG"
    );
    let mut no_table = file.clone();
    for at in 0..no_table.len() - 1 {
        if no_table[at..at + 2] == [0xFF, 0xDB] {
            no_table[at + 1] = 0xFE;
        }
    }
    assert!(message(&no_table).contains("a table that the file lacks"));
}

#[test]
fn tables_that_are_left_out_are_the_standards() {
    let file = Encoding::default().encode(120, 90);
    let mut without = file.clone();
    for at in 0..without.len() - 1 {
        if without[at..at + 2] == [0xFF, 0xC4] {
            without[at + 1] = 0xFE;
        }
    }
    let planes = |file: &[u8]| {
        let decoder = Decoder::new(file, &Limits::default()).expect("headers");
        jpeg::Planes::of(&decoder, &[], Options::default()).expect("a picture")
    };
    assert_eq!(planes(&file), planes(&without));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn mutated_files_do_not_panic(
        which in 0_usize..8,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
        cut in any::<prop::sample::Index>(),
        n in 1_u8..=8,
    ) {
        let mut file = samples_once()[which].clone();
        for (at, value) in changes {
            let at = at.index(file.len());
            file[at] = value;
        }
        let _ = decode(&file, n, Options::default());
        let _ = decode(&file, n, LENIENT);
        let cut = &file[..cut.index(file.len())];
        let _ = decode(cut, n, Options::default());
        let _ = decode(cut, n, LENIENT);
    }

    #[test]
    fn noise_behind_headers_does_not_panic(
        which in 0_usize..8,
        noise in prop::collection::vec(any::<u8>(), 0..4000),
        n in 1_u8..=8,
    ) {
        let file = &samples_once()[which];
        let start = find(file, 0xDA) + 16;
        let file = [&file[..start], &noise].concat();
        let _ = decode(&file, n, Options::default());
        let _ = decode(&file, n, LENIENT);
    }
}

fn samples_once() -> &'static [Vec<u8>] {
    static SAMPLES: std::sync::OnceLock<Vec<Vec<u8>>> = std::sync::OnceLock::new();
    SAMPLES.get_or_init(samples)
}
