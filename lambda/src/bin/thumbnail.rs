//! The resize engine on local files: what the function does, without AWS.

use std::fs::{self, Metadata};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use lambda::FailureName;
use lambda::engine::{
    Bounds, DEFAULT_QUALITY, EngineError, Fit, Format, Limits, MAX_RESULT_SIDE, Options, Output,
    Resized, Thumbnail,
};
use lambda::worker::Resizer;
use serde_json::json;

const AFTER_HELP: &str = "\
Exit codes:
  0  OUT holds the resized image
  2  nothing was written: the image was refused, a file could not be read or written, or the
     command line is wrong; the reason is on stderr, or on stdout with --json

With --json, stdout gets exactly one line, and stderr nothing:
  {\"ok\":true,\"width\":720,\"height\":540,\"format\":\"jpeg\",...}
  {\"ok\":false,\"error\":\"CorruptImage\",\"message\":\"...\"}

Examples:
  thumbnail photo.jpg small.jpg
  thumbnail photo.png small.png --max-width 200 --max-height 200
  thumbnail photo.png square.webp --max-width 300 --max-height 300 --fit cover --format webp
  thumbnail --json upload.bin small.bin || echo refused";

/// Fits an image in a box: JPEG, PNG, WebP, GIF, BMP, ICO, QOI, TIFF or AVIF, told by content; metadata goes.
#[derive(Debug, Parser)]
#[command(version, after_help = AFTER_HELP)]
struct Arguments {
    /// The image to resize: a regular file, since a pipe may never end
    #[arg(value_name = "IN")]
    input: PathBuf,
    /// Where the result goes: a new file, or a regular one, which only a whole result replaces
    #[arg(value_name = "OUT")]
    output: PathBuf,
    /// Largest width in pixels
    #[arg(long, value_name = "N", default_value_t = 720, value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_RESULT_SIDE)))]
    max_width: u32,
    /// Largest height in pixels
    #[arg(long, value_name = "N", default_value_t = 720, value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_RESULT_SIDE)))]
    max_height: u32,
    /// Most pixels in a source, width times height
    #[arg(long, value_name = "N", default_value_t = Limits::default().max_pixels, value_parser = clap::value_parser!(u64).range(1..))]
    max_pixels: u64,
    /// How the picture goes into the box
    #[arg(long, value_enum, default_value_t = HowToFit::Inside)]
    fit: HowToFit,
    /// Format of the result [default: as the source; what is only read becomes JPEG, or PNG with alpha]
    #[arg(long, value_enum)]
    format: Option<ResultFormat>,
    /// Quality of a JPEG or a lossy WebP
    #[arg(long, value_name = "N", default_value_t = DEFAULT_QUALITY, value_parser = clap::value_parser!(u8).range(1..=100))]
    quality: u8,
    /// Write a JPEG in several scans, from coarse to fine
    #[arg(long)]
    progressive: bool,
    /// Resize what there is of a picture that breaks off
    #[arg(long)]
    allow_truncated: bool,
    /// Print one line of JSON instead of text
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum HowToFit {
    /// The whole picture, as large as the box allows
    Inside,
    /// The box is full; what sticks out is cut off
    Cover,
    /// The whole picture on a canvas of the box's size
    Contain,
    /// The whole picture, stretched to the box
    Fill,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ResultFormat {
    Jpeg,
    Png,
    Webp,
    Gif,
}

impl Arguments {
    fn output(&self) -> Output {
        Output {
            bounds: Bounds {
                max_width: self.max_width,
                max_height: self.max_height,
            },
            fit: match self.fit {
                HowToFit::Inside => Fit::Inside,
                HowToFit::Cover => Fit::Cover,
                HowToFit::Contain => Fit::Contain,
                HowToFit::Fill => Fit::Fill,
            },
            format: self.format.map(|format| match format {
                ResultFormat::Jpeg => Format::Jpeg,
                ResultFormat::Png => Format::Png,
                ResultFormat::Webp => Format::WebP,
                ResultFormat::Gif => Format::Gif,
            }),
            quality: self.quality,
            progressive: self.progressive,
        }
    }
}

/// What was made of what.
struct Done {
    source: Resized,
    source_bytes: u64,
    result: Thumbnail,
}

/// Why there is no result.
#[derive(Debug, thiserror::Error)]
enum Refusal {
    #[error("{}: {}", path.display(), error.chain())]
    Image { path: PathBuf, error: EngineError },
    #[error("{} cannot be read: {error}", path.display())]
    Read { path: PathBuf, error: io::Error },
    #[error("{} cannot be written: {error}", path.display())]
    Write { path: PathBuf, error: io::Error },
    #[error("{0}")]
    Usage(String),
}

impl Refusal {
    fn name(&self) -> FailureName {
        match self {
            Self::Image { error, .. } => error.name(),
            Self::Read { error, .. } | Self::Write { error, .. } => match error.kind() {
                ErrorKind::PermissionDenied => FailureName::AccessDenied,
                ErrorKind::NotFound | ErrorKind::IsADirectory | ErrorKind::NotADirectory
                    if matches!(self, Self::Read { .. }) =>
                {
                    FailureName::ObjectNotFound
                }
                // Not a regular file, or a path that no file can have: another one must be named.
                ErrorKind::InvalidInput
                | ErrorKind::InvalidFilename
                | ErrorKind::NotFound
                | ErrorKind::IsADirectory
                | ErrorKind::NotADirectory => FailureName::InvalidRequest,
                _ => FailureName::StorageUnavailable,
            },
            Self::Usage(_) => FailureName::InvalidRequest,
        }
    }
}

fn main() -> ExitCode {
    let engine = Resizer::or_work();
    // A decoder's panic is reported as an error; its own message would be a second one.
    std::panic::set_hook(Box::new(|_| {}));
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error),
    };
    let outcome = run(&arguments, &engine);
    report(&arguments, outcome)
}

/// Help and version are no errors; anything else is, and under `--json` stays JSON.
fn usage(error: &clap::Error) -> ExitCode {
    let json = std::env::args_os().any(|argument| {
        // `--json=yes` is wrong, and wants JSON all the same.
        argument == "--json" || argument.as_encoded_bytes().starts_with(b"--json=")
    });
    if error.use_stderr() && json {
        return fail(
            true,
            &Refusal::Usage(error.render().to_string().trim_end().to_owned()),
        );
    }
    // Nobody is left to tell if the terminal is gone.
    drop(error.print());
    ExitCode::from(if error.use_stderr() { 2 } else { 0 })
}

fn run(arguments: &Arguments, engine: &Resizer) -> Result<Done, Refusal> {
    let options = Options {
        limits: Limits {
            max_pixels: arguments.max_pixels,
            max_result_pixels: arguments
                .max_pixels
                .max(Limits::default().max_result_pixels),
            ..Limits::default()
        },
        allow_truncated: arguments.allow_truncated,
    };
    let source = read(&arguments.input, &options.limits).map_err(|error| Refusal::Read {
        path: arguments.input.clone(),
        error,
    })?;
    let refused = |error| Refusal::Image {
        path: arguments.input.clone(),
        error,
    };
    let outputs = [arguments.output()];
    let mut resized = engine
        .resize(&source, &outputs, &options)
        .map_err(refused)?;
    let result = resized.results.remove(0);
    write_whole(&arguments.output, &result.bytes).map_err(|error| Refusal::Write {
        path: arguments.output.clone(),
        error,
    })?;
    Ok(Done {
        source: resized,
        source_bytes: source.len() as u64,
        result,
    })
}

/// Reads one byte more than the limit at most: enough for the engine to refuse the file.
fn read(path: &Path, limits: &Limits) -> io::Result<Vec<u8>> {
    // Before opening it: that alone waits for a writer if it is a pipe.
    regular(&fs::metadata(path)?)?;
    let mut source = Vec::new();
    fs::File::open(path)?
        .take(limits.max_source_bytes.saturating_add(1))
        .read_to_end(&mut source)?;
    Ok(source)
}

/// Refuses what is neither read to an end nor replaced by a rename: devices, pipes, sockets, folders.
fn regular(metadata: &Metadata) -> io::Result<()> {
    if metadata.is_file() {
        Ok(())
    } else if metadata.is_dir() {
        Err(ErrorKind::IsADirectory.into())
    } else {
        Err(io::Error::new(
            ErrorKind::InvalidInput,
            "it is not a regular file",
        ))
    }
}

/// Writes beside the destination and renames, so that a reader sees the old file or the new one.
fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // A link stays one: what it leads to is replaced.
    let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let replaced = match fs::metadata(path) {
        Ok(metadata) => Some(metadata),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    // A rename would replace /dev/null by a picture.
    replaced.as_ref().map_or(Ok(()), regular)?;
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    // A temporary file is the owner's alone; a result is as readable as any new file.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.prefix(".thumbnail-").tempfile_in(folder)?;
    if let Some(replaced) = replaced {
        file.as_file().set_permissions(replaced.permissions())?;
    }
    file.write_all(bytes)?;
    file.persist(path).map_err(|error| error.error)?;
    Ok(())
}

fn report(arguments: &Arguments, outcome: Result<Done, Refusal>) -> ExitCode {
    let Done {
        source,
        source_bytes,
        result,
    } = match outcome {
        Ok(done) => done,
        Err(refusal) => return fail(arguments.json, &refusal),
    };
    if arguments.json {
        say(&json!({
            "ok": true,
            "width": result.width,
            "height": result.height,
            "format": result.format.name(),
            "content_type": result.format.content_type(),
            "bytes": result.bytes.len(),
            "source_width": source.width,
            "source_height": source.height,
            "source_format": source.format.name(),
            "source_bytes": source_bytes,
            "animated": source.animated,
            "share": source.share,
            "notes": source.notes,
        })
        .to_string());
    } else {
        say(&format!(
            "{}: {} {} x {}, {} bytes (was {} {} x {}, {source_bytes} bytes)",
            arguments.output.display(),
            result.format,
            result.width,
            result.height,
            result.bytes.len(),
            source.format,
            source.width,
            source.height,
        ));
        if source.share < 1.0 {
            say(&format!(
                "{:.1} % of the picture were there",
                source.share * 100.0
            ));
        }
        for note in &source.notes {
            say(&format!("note: {note}"));
        }
    }
    ExitCode::SUCCESS
}

fn fail(json: bool, refusal: &Refusal) -> ExitCode {
    let name = refusal.name();
    if json {
        let line = json!({ "ok": false, "error": name.as_str(), "message": refusal.to_string() });
        say(&line.to_string());
    } else if matches!(refusal, Refusal::Usage(_)) {
        complain(&refusal.to_string());
    } else {
        complain(&format!("error: {name}: {refusal}"));
    }
    ExitCode::from(2)
}

/// A line on stdout. The exit code tells what became of OUT, whoever reads this or not.
fn say(line: &str) {
    match writeln!(io::stdout(), "{line}") {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            complain(&format!("stdout cannot be written: {error}"));
        }
        _ => {}
    }
}

/// A line on stderr. `eprintln` would panic where nothing can be written, and change the exit code.
fn complain(line: &str) {
    drop(writeln!(io::stderr(), "{line}"));
}
