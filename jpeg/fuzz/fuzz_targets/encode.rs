//! `.ci/fuzz 60 jpeg/encode` runs it.
//!
//! The first four bytes say the size, the quality and the kind, and the rest are the samples, which repeat as
//! often as is needed. What is written is read back at the same size, and both kinds of it alike.
#![no_main]

use jpeg::encode::{Picture, Plane, Planes, Samples, Settings};
use jpeg::{Decoder, Eighths, Limits, Options};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let [width, height, quality, kind, rest @ ..] = input else {
        return;
    };
    let samples = |count: u32| -> Vec<u8> {
        let all = rest.iter().copied().chain([*kind]).cycle();
        all.take(count as usize).collect()
    };
    // No side at all is an error, and so is a quality of 0 or above 100.
    let (width, height) = (u32::from(*width), u32::from(*height));
    let settings = |progressive| Settings {
        quality: *quality,
        progressive,
    };
    let encoded = |picture: Picture<'_>| {
        let [baseline, progressive] = [false, true].map(|kind| picture.encode(&settings(kind)));
        baseline.ok().zip(progressive.ok())
    };
    let files = match kind & 3 {
        0 => encoded(Picture::Gray(Plane {
            width,
            height,
            samples: Samples::Bytes(&samples(width * height)),
        })),
        1 => Planes::of_rgb(&samples(width * height * 3), width, height)
            .ok()
            .and_then(|planes| encoded(planes.picture())),
        // Sizes that seldom fit.
        _ => {
            let plane = |width, height| Plane {
                width,
                height,
                samples: Samples::Bytes(rest),
            };
            encoded(Picture::YCbCr {
                luma: plane(width, height),
                chroma: [plane(width / 2, height / 2), plane(width / 2, 1)],
            })
        }
    };
    let valid = width > 0 && height > 0 && (1..=100).contains(quality);
    assert!(files.is_some() || kind & 3 > 1 || !valid);
    if let Some((baseline, progressive)) = files {
        let decoded = |file: &[u8]| {
            let decoder = Decoder::new(file, &Limits::default()).expect("headers");
            let frame = &decoder.header().frame;
            assert_eq!((frame.width, frame.height), (width, height));
            jpeg::Planes::of(&decoder, &[Eighths::ALL], Options::default()).expect("a picture")
        };
        assert_eq!(decoded(&baseline), decoded(&progressive));
    }
});
