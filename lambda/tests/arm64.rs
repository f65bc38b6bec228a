//! The zip of `resize-image` for arm64, as `make build` leaves it: unpacked as Lambda does, and asked over the
//! Runtime API. On other processors QEMU runs it, with the libraries of arm64.

mod support;

use std::io::{Cursor, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use image::{DynamicImage, ImageFormat, RgbImage};
use lambda::FailureName;
use lambda::engine::{Format, Options, Output, resize};
use serde_json::json;
use support::tls::Endpoint;
use support::{Behaviour, Lambda, photo, refused};

/// The libraries of arm64, where Debian's `libc6-arm64-cross` has them.
const LIBRARIES: &str = "/usr/aarch64-linux-gnu";

/// What runs the zip, and the folder it is unpacked in.
struct Arm64 {
    folder: tempfile::TempDir,
    qemu: Option<PathBuf>,
}

impl Arm64 {
    /// Unpacks the zip, or tells what is missing.
    fn new() -> Result<Self, String> {
        let zip =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/lambda/arm64/resize-image.zip");
        let zip = std::fs::read(&zip)
            .map_err(|error| format!("{}: {error}; `make build` makes it", zip.display()))?;
        let folder = tempfile::tempdir().expect("a folder");
        let bootstrap = folder.path().join("bootstrap");
        std::fs::write(&bootstrap, unpacked(&zip)).expect("written");
        std::fs::set_permissions(&bootstrap, PermissionsExt::from_mode(0o755)).expect("its own");
        let qemu = if cfg!(target_arch = "aarch64") {
            None
        } else {
            if !Path::new(LIBRARIES)
                .join("lib/ld-linux-aarch64.so.1")
                .is_file()
            {
                return Err(format!(
                    "{LIBRARIES} has no libraries: install libc6-arm64-cross"
                ));
            }
            Some(program("qemu-aarch64").ok_or("there is no qemu-aarch64: install qemu-user")?)
        };
        Ok(Self { folder, qemu })
    }

    fn command(&self) -> Command {
        let bootstrap = self.folder.path().join("bootstrap");
        match &self.qemu {
            None => Command::new(bootstrap),
            Some(qemu) => {
                let mut command = Command::new(qemu);
                command.args(["-L", LIBRARIES]).arg(bootstrap);
                command
            }
        }
    }

    fn start(&self, variables: &[(&str, Option<&str>)]) -> Lambda {
        Lambda::resize_image(self.command(), &Arc::default(), variables)
    }
}

/// The only file in a zip. Its name and its mode are what `iac build` is tested for.
fn unpacked(zip: &[u8]) -> Vec<u8> {
    let length = |at: usize| usize::from(u16::from_le_bytes([zip[at], zip[at + 1]]));
    assert!(zip.starts_with(b"PK\x03\x04"), "a zip");
    let content = 30 + length(26) + length(28);
    assert_eq!(&zip[30..30 + length(26)], b"bootstrap");
    let mut file = Vec::new();
    flate2::read::DeflateDecoder::new(&zip[content..])
        .read_to_end(&mut file)
        .expect("deflated");
    file
}

fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let mut places = std::env::split_paths(&path).map(|folder| folder.join(name));
    places.find(|place| place.is_file())
}

/// Runs `test`, or says why it cannot.
fn with_arm64(name: &str, test: impl FnOnce(&Arm64)) {
    match Arm64::new() {
        Ok(arm64) => test(&arm64),
        Err(missing) => {
            assert!(
                std::env::var_os("CI").is_none(),
                "{name} cannot run, and in CI it must: {missing}"
            );
            // Past the test harness, which keeps what a passing test prints.
            let _ = writeln!(std::io::stderr(), "SKIPPED: {name}: {missing}");
        }
    }
}

/// The same picture in every format that is taken.
fn pictures() -> Vec<(&'static str, Vec<u8>)> {
    let picture = RgbImage::from_fn(900, 700, |x, y| {
        image::Rgb([x, y, x ^ y].map(|value| u8::try_from(value & 0xFF).expect("masked")))
    });
    let webp = libwebp::encode(
        &picture,
        libwebp::Layout::Rgb,
        (900, 700),
        libwebp::Coding::Lossy { quality: 80.0 },
    )
    .expect("encoded");
    let picture = DynamicImage::from(picture);
    let encoded = |format| {
        let mut file = Cursor::new(Vec::new());
        picture.write_to(&mut file, format).expect("encoded");
        file.into_inner()
    };
    let raccoon = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/raccoon.jpg");
    vec![
        ("raccoon.jpg", std::fs::read(raccoon).expect("a photo")),
        ("a.png", encoded(ImageFormat::Png)),
        ("a.gif", encoded(ImageFormat::Gif)),
        ("lossless.webp", encoded(ImageFormat::WebP)),
        ("a.webp", webp),
    ]
}

/// By how much the values of two JPEGs of one size differ in the mean, of 255.
fn mean_difference(one: &[u8], other: &[u8]) -> f64 {
    let [one, other] = [one, other].map(|file| {
        jpeg_decoder::Decoder::new(file)
            .decode()
            .expect("a whole JPEG")
    });
    assert_eq!(one.len(), other.len());
    let pairs = one.iter().zip(&other);
    let sum: u32 = pairs
        .map(|(one, other)| u32::from(one.abs_diff(*other)))
        .sum();
    let count = u32::try_from(one.len()).expect("a small picture");
    f64::from(sum) / f64::from(count)
}

#[test]
fn photos_are_resized_as_on_this_machine() {
    with_arm64("resize-image for arm64", |arm64| {
        let lambda = arm64.start(&[]);
        for (key, source) in pictures() {
            let here = resize(&source, &[Output::default()], &Options::default()).expect(key);
            let here = &here.results[0];
            lambda.has(key, Behaviour::Object(source));
            let outcome = lambda.resize(key);
            assert!(outcome.succeeded, "{key}: {:?}", outcome.body);
            assert_eq!(outcome.body["width"], here.width, "{key}");
            assert_eq!(outcome.body["height"], here.height, "{key}");
            let put = lambda.puts().pop().expect("a result");
            assert_eq!(put.path, format!("resized/thumbs/{key}").into_bytes());
            if here.format == Format::Jpeg {
                // Decoding and encoding have instructions of each processor, which round in their own way.
                let difference = mean_difference(&put.body, &here.bytes);
                assert!(difference < 1.0, "{key}: values are {difference} off");
            } else {
                assert!(put.body == here.bytes, "{key}: other bytes than here");
            }
        }
    });
}

/// In QEMU the function cannot start itself once more, so its worker is asked by itself.
#[test]
fn its_worker_decodes_avif() {
    with_arm64("the worker of resize-image for arm64", |arm64| {
        let source = include_bytes!("../fuzz/seeds/avif/pillow-hopper");
        let here = resize(source, &[Output::default()], &Options::default()).expect("valid");
        let here = &here.results[0];
        let mut worker = arm64
            .command()
            .env("RESIZE_WORKER", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let job = json!({ "outputs": [Output::default()], "options": Options::default() });
        let question = [format!("{job}\n").as_bytes(), source].concat();
        let mut input = worker.stdin.take().expect("piped");
        input.write_all(&question).expect("read");
        drop(input);
        let output = worker.wait_with_output().expect("it ends");
        assert!(output.status.success(), "{}", output.status);
        let end = output.stdout.iter().position(|&byte| byte == b'\n');
        let (head, file) = output.stdout.split_at(end.expect("a line") + 1);
        let answer: serde_json::Value = serde_json::from_slice(head).expect("JSON");
        assert_eq!(answer["Done"]["lengths"], json!([file.len()]), "{answer}");
        assert_eq!(answer["Done"]["resized"]["format"], "image/avif");
        let difference = mean_difference(file, &here.bytes);
        assert!(difference < 1.0, "values are {difference} off");
    });
}

#[test]
fn a_broken_photo_ends_in_its_error_and_the_next_is_resized() {
    with_arm64("a broken photo on arm64", |arm64| {
        let mut lambda = arm64.start(&[]);
        lambda.has(
            "cut.jpg",
            Behaviour::Object(photo(300, 200)[..2000].to_vec()),
        );
        refused(
            &lambda.resize("cut.jpg"),
            FailureName::CorruptImage,
            &["cut.jpg"],
        );
        lambda.has("a.jpg", Behaviour::Object(photo(300, 200)));
        assert!(lambda.resize("a.jpg").succeeded);
        assert!(lambda.alive());
    });
}

#[test]
fn it_speaks_tls() {
    with_arm64("TLS on arm64", |arm64| {
        let endpoint = Endpoint::new();
        let url = endpoint.url();
        let lambda = arm64.start(&[
            ("AWS_ENDPOINT_URL", Some(&url)),
            ("AWS_CA_BUNDLE", Some(endpoint.roots())),
        ]);
        endpoint.serve(&lambda);
        lambda.has("a.jpg", Behaviour::Object(photo(300, 200)));
        let outcome = lambda.resize("a.jpg");
        assert!(outcome.succeeded, "{:?}", outcome.body);
        assert_eq!(lambda.puts().len(), 1);
    });
}

#[test]
fn it_is_the_executable_of_amazon_linux_2023() {
    with_arm64("what resize-image for arm64 needs", |arm64| {
        let bootstrap = std::fs::read(arm64.folder.path().join("bootstrap")).expect("unpacked");
        let text = String::from_utf8_lossy(&bootstrap);
        let minors = text.split("GLIBC_2.").skip(1).map(|rest| {
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            digits.parse::<u32>().expect("a version")
        });
        let needed = minors.max().expect("it needs glibc");
        assert!(
            needed <= 34,
            "it needs glibc 2.{needed}, and Lambda has 2.34"
        );
        for private in [
            std::env::var_os("HOME"),
            std::env::current_dir().ok().map(Into::into),
        ] {
            let private = private.unwrap_or_default();
            let private = private.to_str().filter(|path| path.len() > 1);
            assert!(
                private.is_none_or(|path| !text.contains(path)),
                "{private:?}"
            );
        }
    });
}
