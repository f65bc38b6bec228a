//! What every target here asserts: a source becomes results of the size of the rule, or is refused under a name
//! that blames the source.

use std::panic;

use lambda::FailureName;
use lambda::engine::{Bounds, EngineError, Fit, Format, Limits, Options, Output, Resized, resize};
use libfuzzer_sys::Corpus;

/// Small enough for thousands of files a second.
pub fn limits() -> Limits {
    Limits {
        max_source_bytes: 1 << 20,
        max_pixels: 1 << 20,
        max_result_pixels: 1 << 20,
        max_side: 1 << 14,
        max_decoded_bytes: 8 << 20,
        max_jpeg_scans: 20,
        max_jpeg_block_visits: 1 << 16,
        max_icc_bytes: 1 << 16,
    }
}

/// Decoders that are not ours may panic: the engine catches that, and calls the file corrupt. Whatever
/// panics in our own code or in the standard library is a finding.
pub fn judge_panics() {
    // libFuzzer's, which aborts.
    let abort = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        let file = info.location().map_or("", panic::Location::file);
        if file.contains("/registry/src/") {
            eprintln!("caught: {info}");
        } else {
            abort(info);
        }
    }));
}

/// A file of one format, as it is and with what is missing allowed.
pub fn whole_or_refused(format: Format, file: &[u8]) -> Corpus {
    if Format::of(file) != Some(format) {
        return Corpus::Reject;
    }
    let outputs = [Output {
        bounds: Bounds {
            max_width: 24,
            max_height: 16,
        },
        ..Output::default()
    }];
    let mut options = Options {
        limits: limits(),
        ..Options::default()
    };
    let whole = resized(file, &outputs, &options);
    options.allow_truncated = true;
    let part = resized(file, &outputs, &options);
    if let Ok(whole) = whole {
        // Nothing is made up where nothing is missing.
        assert_eq!(part.expect("what is whole is taken"), whole);
    }
    Corpus::Keep
}

/// Resizes, and looks at what came of it.
pub fn resized(file: &[u8], outputs: &[Output], options: &Options) -> Result<Resized, EngineError> {
    let resized = resize(file, outputs, options);
    match &resized {
        Ok(resized) => {
            assert_eq!(Format::of(file), Some(resized.format));
            assert_eq!(resized.results.len(), outputs.len());
            assert!((0.0..=1.0).contains(&resized.share));
            assert!(options.allow_truncated || resized.share == 1.0);
            for (output, result) in outputs.iter().zip(&resized.results) {
                let size = (result.width, result.height);
                let rule = size_of(output, (resized.width, resized.height));
                assert_eq!(size, rule, "{output:?}");
                assert_eq!(Format::of(&result.bytes), Some(result.format));
                assert!(output.format.is_none_or(|format| format == result.format));
            }
        }
        Err(error) => {
            assert_ne!(
                error.name(),
                FailureName::InternalError,
                "{}",
                error.chain()
            );
            assert!(!error.chain().is_empty());
        }
    }
    resized
}

/// The rule: one ratio for both sides that makes the picture fit in the box or, to cover it, fill it; rounded
/// half up, never enlarged, at least 1.
fn size_of(output: &Output, (width, height): (u32, u32)) -> (u32, u32) {
    let Bounds {
        max_width,
        max_height,
    } = output.bounds;
    let ratios = (
        f64::from(max_width) / f64::from(width),
        f64::from(max_height) / f64::from(height),
    );
    let ratio = match output.fit {
        Fit::Inside => ratios.0.min(ratios.1),
        Fit::Cover => ratios.0.max(ratios.1),
        Fit::Contain => return (max_width, max_height),
        Fit::Fill => return (max_width.min(width), max_height.min(height)),
    };
    let scaled = |side: u32, most: u32| {
        let scaled = (f64::from(side) * ratio.min(1.0) + 0.5).floor() as u32;
        scaled.clamp(1, most)
    };
    (scaled(width, max_width), scaled(height, max_height))
}
