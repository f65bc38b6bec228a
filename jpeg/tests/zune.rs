//! Full size against another decoder.
//!
//! Both round, once for each of two transforms, so that samples can differ by one; where zune-jpeg's faster
//! transform is less precise, by two.

mod support;

use jpeg::{Color, Decoder, Limits, Options, Planes};
use jpeg_encoder::{ColorType, SamplingFactor};
use support::Encoding;
use zune_core::colorspace::ColorSpace;

const TOLERANCE: u8 = 2;

fn planes(file: &[u8]) -> (Color, Planes) {
    let decoder = Decoder::new(file, &Limits::default()).expect("headers");
    let planes = Planes::of(&decoder, &[], Options::default()).expect("a picture");
    (decoder.header().color, planes)
}

#[test]
fn planes_that_are_not_subsampled() {
    for scans in [None, Some(6)] {
        for (color, space, expected) in [
            (ColorType::Luma, ColorSpace::Luma, Color::Gray),
            (ColorType::Rgb, ColorSpace::YCbCr, Color::YCbCr),
        ] {
            let sampling = SamplingFactor::F_1_1;
            let file = Encoding {
                sampling,
                color,
                scans,
                ..Encoding::default()
            }
            .encode(333, 222);
            let (found, planes) = planes(&file);
            assert_eq!(found, expected);
            let (width, height, theirs) = support::by_zune(&file, space).expect("a picture");
            assert_eq!((width, height), (333, 222));
            let count = planes.0.len();
            for (index, plane) in planes.0.iter().enumerate() {
                let theirs = theirs.iter().skip(index).step_by(count);
                assert_eq!(plane.samples.len(), width * height);
                for (at, (&ours, &theirs)) in plane.samples.iter().zip(theirs).enumerate() {
                    let name = format!("plane {index} of {space:?} at {at}");
                    assert!(
                        ours.abs_diff(theirs) <= TOLERANCE,
                        "{name}: {ours}, {theirs}"
                    );
                }
            }
        }
    }
}

#[test]
fn the_luma_of_a_photo() {
    let file = support::photo();
    let (_, planes) = planes(&file);
    let (width, height, theirs) = support::by_zune(&file, ColorSpace::YCbCr).expect("a picture");
    let plane = &planes.0[0];
    assert_eq!((plane.width, plane.samples.len()), (width, width * height));
    for (at, (&ours, theirs)) in plane.samples.iter().zip(theirs.chunks(3)).enumerate() {
        assert!(
            ours.abs_diff(theirs[0]) <= TOLERANCE,
            "at {at}: {ours}, {}",
            theirs[0]
        );
    }
}
