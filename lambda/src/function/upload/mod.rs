//! `upload-image`: puts an image that comes in the body of a request into the source bucket.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::account::Account;
use super::api::{Answer, Endpoint, Refusal, Request};
use super::storage::{Put, Storage, StorageError, When};
use super::upload_key::{check_filename, new_key};
use super::variables::{ConfigError, Variables};
use crate::environment::{MAX_UPLOAD_BYTES, SOURCE_BUCKET, UPLOAD_PREFIX};
use crate::metadata::image_id;
use crate::upload::{self, ImageAccepted, ImageUpload};
use crate::{ApiErrorName, Format};

/// Base64 as people send it: with padding or without.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The function, set up once and asked many times.
#[derive(Debug)]
pub struct UploadImage {
    storage: Storage,
    source_bucket: String,
    upload_prefix: String,
    max_bytes: u64,
}

/// An image that came with a request.
struct Image {
    filename: String,
    /// What the client says it is.
    format: Format,
    bytes: Vec<u8>,
}

impl Endpoint for UploadImage {
    fn from_env(variables: &Variables) -> Result<Self, ConfigError> {
        let account = Account::from_env(variables)?;
        let bytes = 1..=upload::MAX_UPLOAD_BYTES;
        let max_bytes = variables.number(MAX_UPLOAD_BYTES, &bytes, "bytes")?;
        Ok(Self {
            storage: Storage::new(&account, variables)?,
            source_bucket: variables.required(SOURCE_BUCKET)?,
            upload_prefix: variables.prefix(UPLOAD_PREFIX)?,
            max_bytes: max_bytes.min(upload::MAX_BODY_IMAGE_BYTES),
        })
    }

    async fn answer(&self, request: &Request) -> Result<Answer, Refusal> {
        match (request.method.as_str(), request.resource.as_str()) {
            ("POST", "/images") => self.take(request).await,
            (method, resource) => Err(Refusal::no_such_resource(method, resource)),
        }
    }
}

impl UploadImage {
    async fn take(&self, request: &Request) -> Result<Answer, Refusal> {
        let image = read(request)?;
        self.check(&image)?;
        let key = new_key(&self.upload_prefix, &image.filename, image.format);
        let put = Put {
            bucket: &self.source_bucket,
            key: &key,
            content_type: image.format.content_type(),
            cache_control: None,
            metadata: [].into(),
            when: When::Absent,
        };
        match self.storage.put(put, image.bytes).await {
            // The key is new, so what is there came with an attempt of this call whose answer was lost.
            Ok(()) | Err(StorageError::Changed { .. }) => {}
            Err(error) => return Err(error.into()),
        }
        let accepted = ImageAccepted {
            id: image_id(&key),
            bucket: self.source_bucket.clone(),
            key,
            status: "accepted".to_owned(),
        };
        let mut answer = Answer::json(202, &accepted, &accepted.key);
        // Relative to the resource that was asked, whatever the stage is called.
        let location = ("Location", format!("images/{}", accepted.id));
        answer.headers.push(location);
        Ok(answer)
    }

    fn check(&self, image: &Image) -> Result<(), Refusal> {
        check_filename(&image.filename)?;
        if image.bytes.is_empty() {
            return Err(Refusal::invalid("there is no image: send its bytes"));
        }
        if image.bytes.len() as u64 > self.max_bytes {
            return Err(Refusal::new(
                ApiErrorName::ImageTooLarge,
                format!(
                    "the image has {} bytes; at most {} are taken here: send a smaller one",
                    image.bytes.len(),
                    self.max_bytes
                ),
            ));
        }
        match Format::of(&image.bytes) {
            Some(format) if format == image.format => Ok(()),
            Some(format) => Err(Refusal::new(
                ApiErrorName::UnsupportedFormat,
                format!(
                    "the image is said to be a {} and starts like a {format}",
                    image.format
                ),
            )),
            None => Err(Refusal::new(
                ApiErrorName::UnsupportedFormat,
                "the file does not start like a JPEG, PNG, WebP, GIF, BMP, ICO, QOI, TIFF or AVIF",
            )),
        }
    }
}

/// The image in a request: its body, or inside of a JSON body.
fn read(request: &Request) -> Result<Image, Refusal> {
    let content_type = request.header("content-type").unwrap_or_default();
    if let Some(format) = Format::of_content_type(content_type) {
        let filename = match request.query("filename")? {
            Some(filename) => Some(filename),
            None => request.header("x-filename").filter(|name| !name.is_empty()),
        };
        return Ok(Image {
            filename: filename.unwrap_or("image").to_owned(),
            format,
            bytes: request.body()?,
        });
    }
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    if media_type.eq_ignore_ascii_case("application/json") {
        let ImageUpload {
            filename,
            content_type,
            data,
        } = request.json()?;
        let bytes = BASE64
            .decode(data)
            .map_err(|error| Refusal::invalid(format!("data: it is not base64: {error}")))?;
        return Ok(Image {
            filename,
            format: content_type,
            bytes,
        });
    }
    Err(Refusal::new(
        ApiErrorName::UnsupportedFormat,
        format!(
            "Content-Type is {content_type:?}; send the image itself as image/jpeg, image/png, image/webp or \
             image/gif, or application/json with filename, contentType and data"
        ),
    ))
}
