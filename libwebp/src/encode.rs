//! From pixels to a file.

use std::ffi::c_int;
use std::{ptr, slice};

use libwebp_sys::{
    WebPConfig, WebPEncode, WebPEncodingError, WebPMemoryWrite, WebPMemoryWriter,
    WebPMemoryWriterClear, WebPPicture, WebPPictureFree, WebPPictureImportRGB,
    WebPPictureImportRGBA,
};

use crate::{Error, Layout, MAX_SIDE};

/// How to store the pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Coding {
    /// Nearly as they are.
    Lossy {
        /// 0 to 100: the larger the nearer, and the larger the file.
        quality: f32,
    },
    /// Exactly as they are, but for the colour of what is fully transparent.
    Lossless {
        /// 0 to 100: the larger the slower, and the smaller the file.
        effort: f32,
    },
}

/// Encodes a picture of `width * height` pixels, row by row without padding. The same pixels give the same bytes.
///
/// Lossy files keep half the chroma in each direction and get an alpha plane only if a pixel is not opaque.
/// libwebp's other settings are its own: method 4 of 6.
///
/// # Errors
///
/// [`Error::Unwritable`] and [`Error::OutOfMemory`].
pub fn encode(
    pixels: &[u8],
    layout: Layout,
    (width, height): (u32, u32),
    coding: Coding,
) -> Result<Vec<u8>, Error> {
    let unwritable = |what| Error::Unwritable { what };
    if width == 0 || height == 0 {
        return Err(unwritable("a side has 0 pixels"));
    }
    if width > MAX_SIDE || height > MAX_SIDE {
        return Err(unwritable("a side has more than 16,383 pixels"));
    }
    if pixels.len() as u64 != layout.bytes((width, height)) {
        return Err(unwritable("there are not as many bytes as its size says"));
    }
    let (lossless, quality) = match coding {
        Coding::Lossy { quality } => (0, quality),
        Coding::Lossless { effort } => (1, effort),
    };
    if !(0.0..=100.0).contains(&quality) {
        return Err(unwritable("its quality or effort is not 0 to 100"));
    }
    let mut config = WebPConfig::new().map_err(|()| unwritable(BINDING))?;
    config.lossless = lossless;
    config.quality = quality;
    config.thread_level = 0;
    let mut work = Work::new()?;
    // The planes of a lossy picture are made from the pixels at once, without a copy of them.
    work.picture.use_argb = lossless;
    let side = |pixels| c_int::try_from(pixels).map_err(|_| unwritable("a side is too long"));
    work.picture.width = side(width)?;
    work.picture.height = side(height)?;
    work.import(pixels, layout)?;
    work.encode(&config)
}

const BINDING: &str = "the binding is not of libwebp's version";

/// What libwebp allocates for a picture and for its file; freed when dropped.
struct Work {
    picture: WebPPicture,
    writer: WebPMemoryWriter,
}

impl Work {
    fn new() -> Result<Self, Error> {
        Ok(Self {
            picture: WebPPicture::new().map_err(|()| Error::Unwritable { what: BINDING })?,
            // As `WebPMemoryWriterInit` leaves it.
            writer: WebPMemoryWriter {
                mem: ptr::null_mut(),
                size: 0,
                max_size: 0,
                pad: [0],
            },
        })
    }

    /// Copies the pixels. There are `width * height` of them, as the caller has checked.
    #[expect(unsafe_code, reason = "calls libwebp")]
    fn import(&mut self, pixels: &[u8], layout: Layout) -> Result<(), Error> {
        let width = self.picture.width;
        let stride = width * c_int::from(layout.channels());
        let rows = usize::try_from(i64::from(stride) * i64::from(self.picture.height));
        assert_eq!(rows.ok(), Some(pixels.len()), "whole rows");
        let import = match layout {
            Layout::Rgb => WebPPictureImportRGB,
            Layout::Rgba => WebPPictureImportRGBA,
        };
        // SAFETY: `picture` was initialised by libwebp, and `pixels` has as many rows of `stride` bytes as it has. They
        // are read and not kept.
        let done = unsafe { import(&raw mut self.picture, pixels.as_ptr(), stride) };
        if done == 0 {
            return Err(of_code(self.picture.error_code));
        }
        Ok(())
    }

    #[expect(unsafe_code, reason = "calls libwebp")]
    fn encode(mut self, config: &WebPConfig) -> Result<Vec<u8>, Error> {
        self.picture.writer = Some(WebPMemoryWrite);
        self.picture.custom_ptr = (&raw mut self.writer).cast();
        // SAFETY: both were initialised by libwebp, and the picture has its pixels. What it writes to is `writer`,
        // which neither moves nor is used otherwise during the call.
        let done = unsafe { WebPEncode(config, &raw mut self.picture) };
        self.picture.custom_ptr = ptr::null_mut();
        if done == 0 {
            return Err(of_code(self.picture.error_code));
        }
        if self.writer.mem.is_null() {
            return Err(of_code(WebPEncodingError::VP8_ENC_ERROR_BAD_WRITE));
        }
        // SAFETY: `mem` is not null and holds `size` bytes that libwebp has written; nothing changes or frees them
        // before `self` is dropped.
        let file = unsafe { slice::from_raw_parts(self.writer.mem, self.writer.size) };
        Ok(file.to_vec())
    }
}

impl Drop for Work {
    #[expect(unsafe_code, reason = "calls libwebp")]
    fn drop(&mut self) {
        // SAFETY: `picture` was initialised by libwebp, which frees what it has allocated for it and nothing else.
        unsafe { WebPPictureFree(&raw mut self.picture) };
        // SAFETY: `writer` is empty or libwebp's own, and not used any more.
        unsafe { WebPMemoryWriterClear(&raw mut self.writer) };
    }
}

fn of_code(code: WebPEncodingError) -> Error {
    match code {
        WebPEncodingError::VP8_ENC_ERROR_OUT_OF_MEMORY
        | WebPEncodingError::VP8_ENC_ERROR_BITSTREAM_OUT_OF_MEMORY => Error::OutOfMemory {
            what: "the encoder",
        },
        WebPEncodingError::VP8_ENC_ERROR_PARTITION0_OVERFLOW
        | WebPEncodingError::VP8_ENC_ERROR_PARTITION_OVERFLOW
        | WebPEncodingError::VP8_ENC_ERROR_FILE_TOO_BIG => Error::Unwritable {
            what: "its file would be larger than the format allows",
        },
        _ => Error::Unwritable {
            what: "libwebp refuses it",
        },
    }
}
