//! The engine against Pillow's own test images: about a thousand real, odd and hostile files.
//!
//! `pillow_corpus.expected.txt` says for each what Pillow 13.0.0 makes of it, which `pillow-says.py` prints, and
//! what the engine does and why, where that is another thing. The images are fetched by
//! `fetch-pillow-corpus.sh`.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

mod pictures;

use image::{DynamicImage, ImageFormat};
use lambda::engine::{Bounds, EngineError, Format, Limits};
use pictures::{Thumbnail, thumbnail};

/// Files in the sdist of Pillow 13.0.0.
const FILES: usize = 1060;

/// How far the mean of a result may be from Pillow's, of 255: two encoders and two resizers.
const NEAR_PILLOW: u8 = 2;
/// How far it may be from what was recorded: processors round differently.
const NEAR_RECORDED: u8 = 1;

/// What becomes of a file.
#[derive(Debug, Clone, PartialEq)]
enum Verdict {
    /// Size and mean colour over white, with the mean alpha if there is any.
    Size(u32, u32, Vec<u8>),
    /// The name of the failure.
    Refused(String),
}

impl Verdict {
    fn of(path: &Path) -> Self {
        let source = fs::read(path).expect("a readable file");
        match thumbnail(&source, Bounds::default(), &Limits::default()) {
            Ok(result) => {
                let image = read(&result);
                let size = (image.width(), image.height());
                assert_eq!(size, (result.width, result.height), "{}", path.display());
                Self::Size(size.0, size.1, mean(&image))
            }
            Err(error) => {
                let what = format!("{}: {}", path.display(), error.chain());
                // A typed error is one thing; an encoder that failed or a decoder that panicked another.
                assert!(!matches!(error, EngineError::Encode(_)), "{what}");
                assert!(!matches!(error, EngineError::Panicked(_)), "{what}");
                Self::Refused(error.name().to_string())
            }
        }
    }

    fn is_near(&self, other: &Self, off: u8) -> bool {
        let (Self::Size(width, height, mean), Self::Size(w, h, theirs)) = (self, other) else {
            return self == other;
        };
        // What has no alpha is as opaque as what has it everywhere.
        let alpha = |mean: &[u8]| mean.get(3).copied().unwrap_or(u8::MAX);
        (width, height) == (w, h)
            && alpha(mean).abs_diff(alpha(theirs)) <= off
            && mean.iter().zip(theirs).all(|(a, b)| a.abs_diff(*b) <= off)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Size(width, height, mean) => {
                let mean: Vec<_> = mean.iter().map(u8::to_string).collect();
                write!(f, "ok {width}x{height} {}", mean.join(","))
            }
            Self::Refused(name) => f.write_str(name),
        }
    }
}

impl FromStr for Verdict {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let Some(rest) = text.strip_prefix("ok ") else {
            return Ok(Self::Refused(text.to_owned()));
        };
        let (size, mean) = rest.split_once(' ').ok_or(())?;
        let (width, height) = size.split_once('x').ok_or(())?;
        let number = |text: &str| text.parse().map_err(drop);
        let mean = mean.split(',').map(|value| value.parse().map_err(drop));
        Ok(Self::Size(
            number(width)?,
            number(height)?,
            mean.collect::<Result<_, _>>()?,
        ))
    }
}

/// A result as others read it.
fn read(result: &Thumbnail) -> DynamicImage {
    let format = match result.format {
        Format::Jpeg => return pictures::read_jpeg(&result.bytes).0,
        Format::Png => ImageFormat::Png,
        Format::WebP => ImageFormat::WebP,
        Format::Gif => ImageFormat::Gif,
        other => panic!("{other} is not written"),
    };
    image::load_from_memory_with_format(&result.bytes, format).expect("a whole result")
}

/// The mean colour over white, and the mean alpha if there is any.
fn mean(image: &DynamicImage) -> Vec<u8> {
    let mut sums = [0_u64; 4];
    let pixels = image.to_rgba8();
    for &image::Rgba([r, g, b, alpha]) in pixels.pixels() {
        let alpha = u64::from(alpha);
        for (sum, color) in sums.iter_mut().zip([r, g, b]) {
            *sum += u64::from(color) * alpha + 255 * (255 - alpha);
        }
        sums[3] += 255 * alpha;
    }
    let all = u64::from(pixels.width()) * u64::from(pixels.height()) * 255;
    let channels = if image.color().has_alpha() { 4 } else { 3 };
    let means = sums[..channels].iter().map(|sum| (sum + all / 2) / all);
    means
        .map(|mean| u8::try_from(mean).expect("a mean of bytes"))
        .collect()
}

/// A line of the list.
struct Expectation {
    pillow: Verdict,
    /// The engine's own verdict, where it is another.
    ours: Option<Verdict>,
}

fn expectations() -> BTreeMap<&'static str, Expectation> {
    let lines = include_str!("pillow_corpus.expected.txt").lines();
    let listed = lines.filter(|line| !line.starts_with('#')).map(|line| {
        let verdict = |text: &str| {
            text.parse::<Verdict>()
                .unwrap_or_else(|()| panic!("{line}"))
        };
        match line.split('\t').collect::<Vec<_>>()[..] {
            [path, pillow] => {
                let pillow = verdict(pillow);
                (path, Expectation { pillow, ours: None })
            }
            [path, pillow, ours, reason] => {
                let (pillow, ours) = (verdict(pillow), verdict(ours));
                assert!(!pillow.is_near(&ours, NEAR_PILLOW), "no difference: {line}");
                assert!(!reason.is_empty(), "no reason: {line}");
                let ours = Some(ours);
                (path, Expectation { pillow, ours })
            }
            _ => panic!("two columns, or four: {line}"),
        }
    });
    listed.collect()
}

fn corpus() -> PathBuf {
    std::env::var_os("PILLOW_IMAGES").map_or_else(
        || {
            Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("../target/corpora/pillow-13.0.0/Tests/images")
        },
        PathBuf::from,
    )
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// Every file's verdict, by its path in the corpus.
fn verdicts(corpus: &Path) -> BTreeMap<String, Verdict> {
    let mut found = Vec::new();
    files(corpus, &mut found);
    let (next, verdicts) = (AtomicUsize::new(0), Mutex::new(BTreeMap::new()));
    let work = || {
        while let Some(path) = found.get(next.fetch_add(1, Ordering::Relaxed)) {
            let name = path.strip_prefix(corpus).expect("inside").to_str();
            let name = name.expect("UTF-8").to_owned();
            let verdict = Verdict::of(path);
            verdicts.lock().expect("unbroken").insert(name, verdict);
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
    verdicts.into_inner().expect("unbroken")
}

#[test]
fn every_file_is_as_pillow_has_it_or_there_is_a_reason() {
    let corpus = corpus();
    if !corpus.is_dir() {
        // Past cargo, which swallows what a passing test prints.
        let line = format!(
            "SKIPPED: no images in {}; run lambda/tests/fetch-pillow-corpus.sh target/corpora\n",
            corpus.display()
        );
        std::io::stderr()
            .write_all(line.as_bytes())
            .expect("stderr");
        assert!(
            std::env::var("CI").as_deref() != Ok("true"),
            "the corpus is missing in CI"
        );
        return;
    }
    let mut expected = expectations();
    let verdicts = verdicts(&corpus);
    assert_eq!(verdicts.len(), FILES, "another version of the corpus");
    let mut wrong = Vec::new();
    for (name, verdict) in verdicts {
        let Some(Expectation { pillow, ours }) = expected.remove(name.as_str()) else {
            wrong.push(format!("{name}\t{verdict}\tis not listed"));
            continue;
        };
        let as_listed = match &ours {
            Some(ours) => verdict.is_near(ours, NEAR_RECORDED),
            None => verdict.is_near(&pillow, NEAR_PILLOW),
        };
        if !as_listed {
            let ours = ours.map_or_else(String::new, |ours| format!(", listed as {ours}"));
            wrong.push(format!("{name}\t{verdict}\tPillow: {pillow}{ours}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let listed: Vec<_> = expected.into_keys().collect();
    assert!(listed.is_empty(), "listed and not there: {listed:?}");
}
