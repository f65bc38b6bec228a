//! `iac resize`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use lambda::fit::MAX_RESULT_SIDE;
use lambda::{Fit, Format, ResizeRequest};

use super::Outcome;
use crate::aws::resize::{Options, resize};
use crate::aws::{AwsError, Connection, Interrupt, block_on};
use crate::output::OutputFormat;
use crate::report::Reporter;

/// Send a photo through a deployed stack, and tell how long each step takes.
///
/// It goes into the bucket of originals under a key of its own. Where the stack has an API that starts
/// executions, that is asked, and the execution followed; elsewhere the upload is enough. The original and
/// the result stay in their buckets.
#[derive(Debug, Clone, Args)]
#[command(after_help = EXAMPLES)]
pub struct ResizeArgs {
    /// Photo: a JPEG, PNG, WebP, GIF, BMP, ICO, QOI, TIFF or AVIF
    pub file: PathBuf,
    /// Deployed stack
    #[arg(long, default_value = "resize-api")]
    pub stack: String,
    /// File of the result [default: beside the photo, as NAME.resized.jpg]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Where the API is, stage included, such as an address of `iac local` [default: the stack's `ApiUrl`]
    #[arg(long, value_name = "URL")]
    pub api: Option<String>,
    /// What to ask of the API
    #[command(flatten)]
    pub image: ImageArgs,
    /// Seconds after which a result is waited for no longer
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    pub limit: u64,
    /// Where the stack is
    #[command(flatten)]
    pub connection: Connection,
    /// `text` for people; `json` for one object a line, each with an `event`: uploaded, started, resized,
    /// downloaded, finished
    #[arg(long, value_enum, default_value_t)]
    pub format: OutputFormat,
}

/// What to ask of an API that takes requests; what is not given is the stack's to say.
#[derive(Debug, Clone, Args)]
pub struct ImageArgs {
    /// Width of the box in pixels [default: free, or the stack's]
    #[arg(long, value_name = "PIXELS", value_parser = clap::value_parser!(u32).range(1..=MAX_RESULT_SIDE.into()))]
    pub width: Option<u32>,
    /// Height of the box in pixels [default: free, or the stack's]
    #[arg(long, value_name = "PIXELS", value_parser = clap::value_parser!(u32).range(1..=MAX_RESULT_SIDE.into()))]
    pub height: Option<u32>,
    /// How the picture goes into the box: inside, cover, contain or fill
    #[arg(long, value_name = "HOW", value_parser = fit)]
    pub fit: Option<Fit>,
    /// Format of the result: jpeg, png, webp or gif [default: the photo's]
    #[arg(long, value_name = "NAME", value_parser = image_format)]
    pub image_format: Option<Format>,
    /// Quality of a JPEG or of a lossy WebP, 1 to 100
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=100))]
    pub quality: Option<u8>,
    /// Write a JPEG from coarse to fine
    #[arg(long)]
    pub progressive: bool,
    /// Key of the result, which starts with the stack's prefix of results
    #[arg(long, value_name = "KEY")]
    pub output_key: Option<String>,
    /// Resize what there is of a photo that breaks off
    #[arg(long)]
    pub allow_truncated: bool,
}

impl ImageArgs {
    /// The same as a request, which names no photo yet.
    fn request(&self) -> ResizeRequest {
        ResizeRequest {
            width: self.width,
            height: self.height,
            fit: self.fit,
            format: self.image_format,
            quality: self.quality,
            progressive: self.progressive.then_some(true),
            output_key: self.output_key.clone(),
            allow_truncated: self.allow_truncated,
            ..ResizeRequest::new("", "")
        }
    }
}

fn fit(name: &str) -> Result<Fit, String> {
    serde_json::from_value(name.into()).map_err(|error| error.to_string())
}

fn image_format(name: &str) -> Result<Format, String> {
    let format = Format::WRITTEN.into_iter().find(|it| it.name() == name);
    format.ok_or_else(|| {
        format!(
            "results are {}",
            Format::WRITTEN.map(Format::name).join(", ")
        )
    })
}

const EXAMPLES: &str = "\
Examples:
  iac resize photo.jpg                                through the stack resize-api
  iac resize photo.jpg --width 300 --height 300 --fit cover --image-format webp --out small.webp
  iac resize photo.jpg --stack upload-events --out small.jpg

Exit codes: 0 resized, 2 wrong usage, 4 the photo cannot be read or the result not written,
5 AWS or the API refuses or does not answer, or there is no such stack, 6 it was not resized, or not in
time, 130 interrupted: what was begun goes on

Whoever runs this needs cloudformation:DescribeStacks and ListStackResources, lambda:GetFunctionConfiguration,
s3:PutObject on the originals, s3:GetObject on the results (and s3:ListBucket to wait for them),
states:DescribeExecution; execute-api:Invoke or apigateway:GET of the key, where the API wants them";

/// Sends a photo through a stack.
///
/// # Errors
/// See [`AwsError`]; its `exit_code` is the process's.
pub fn run(args: &ResizeArgs) -> Result<Outcome, AwsError> {
    let options = Options {
        file: args.file.clone(),
        stack: args.stack.clone(),
        out: args.out.clone(),
        api: args.api.clone(),
        request: args.image.request(),
        limit: Duration::from_secs(args.limit),
    };
    let reporter = Reporter::new(args.format);
    block_on(async {
        let mut interrupt = Interrupt::new()?;
        let step = Box::pin(resize(&args.connection, &options, reporter));
        let meanwhile = || "what was begun goes on in AWS".to_owned();
        interrupt.or(step, meanwhile).await?;
        Ok(Outcome::Done)
    })
}
