//! From a file to pixels, scaled on the way.

use std::ffi::c_int;
use std::ptr;

use libwebp_sys::{
    VP8StatusCode, WEBP_CSP_MODE, WebPDecoderConfig, WebPIDecode, WebPIDecodedArea, WebPIDelete,
    WebPIUpdate, WebPRGBABuffer,
};

use crate::{Coded, Error, Header, Layout, header};

/// Gray, for rows that are not there.
const MISSING: u8 = 128;

/// How strictly to decode.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Options {
    /// Take a file that breaks off: the rows that are missing are gray, or transparent where there is alpha.
    pub allow_truncated: bool,
}

/// A decoded picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Decoded {
    /// `width * height` pixels, row by row.
    pub pixels: Vec<u8>,
    /// What the bytes of a pixel are: [`Layout::Rgba`] if the header says that there is alpha.
    pub layout: Layout,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// How many of the rows were in the file, 0 to 1; less than 1 only with [`Options::allow_truncated`].
    pub share: f64,
}

/// Decodes a picture, an opaque one at `size` if that is smaller than its own: see
/// [`Header::decoded_size`]. Smaller, each pixel is the mean of those that it covers.
///
/// Bytes behind the picture are ignored, and so is all metadata.
///
/// # Errors
///
/// Each [`Error`] but [`Error::Unwritable`]. [`Error::Unsupported`] is an animation: a frame of one has to be
/// taken out of it before.
pub fn decode(file: &[u8], size: (u32, u32), options: Options) -> Result<Decoded, Error> {
    let header = header(file)?;
    if header.coded == Coded::Animated {
        return Err(Error::Unsupported {
            what: "an animation",
        });
    }
    let (width, height) = header.decoded_size(size);
    let layout = header.layout();
    let mut pixels = allocate(layout.bytes((width, height)))?;
    let (status, rows) = run(file, &header, (width, height), &mut pixels)?;
    let share = match status {
        VP8StatusCode::VP8_STATUS_OK => 1.0,
        VP8StatusCode::VP8_STATUS_SUSPENDED | VP8StatusCode::VP8_STATUS_NOT_ENOUGH_DATA => {
            let share = f64::from(rows) / f64::from(height);
            if !options.allow_truncated {
                return Err(Error::Truncated { share });
            }
            blank(&mut pixels, layout, width, rows);
            share
        }
        failure => return Err(of_status(failure)),
    };
    Ok(Decoded {
        pixels,
        layout,
        width,
        height,
        share,
    })
}

/// Zeros, or an error where `vec!` would abort the process.
fn allocate(bytes: u64) -> Result<Vec<u8>, Error> {
    let lacking = |_| Error::OutOfMemory { what: "the pixels" };
    let bytes = usize::try_from(bytes).map_err(|_| Error::OutOfMemory { what: "the pixels" })?;
    let mut pixels = Vec::new();
    pixels.try_reserve_exact(bytes).map_err(lacking)?;
    pixels.resize(bytes, 0);
    Ok(pixels)
}

/// Makes the rows from `first` on gray or transparent.
fn blank(pixels: &mut [u8], layout: Layout, width: u32, first: u32) {
    let decoded = usize::try_from(layout.bytes((width, first))).unwrap_or(usize::MAX);
    let missing = pixels.get_mut(decoded..).unwrap_or_default();
    missing.fill(match layout {
        Layout::Rgb => MISSING,
        Layout::Rgba => 0,
    });
}

/// Runs libwebp's incremental decoder over the whole file: unlike the other one it tells data that are missing from
/// data that are wrong, and says how many rows of the result it has written.
#[expect(unsafe_code, reason = "calls libwebp")]
fn run(
    file: &[u8],
    header: &Header,
    (width, height): (u32, u32),
    pixels: &mut [u8],
) -> Result<(VP8StatusCode, u32), Error> {
    let layout = header.layout();
    let unfit = |_| Error::Corrupt {
        what: "it is larger than a WebP can be",
    };
    let mut config = WebPDecoderConfig::new().map_err(|()| Error::Unsupported {
        what: "the interface of the binding",
    })?;
    if (width, height) != (header.width, header.height) {
        config.options.use_scaling = 1;
        config.options.scaled_width = c_int::try_from(width).map_err(unfit)?;
        config.options.scaled_height = c_int::try_from(height).map_err(unfit)?;
    }
    config.options.use_threads = 0;
    config.output.colorspace = match layout {
        Layout::Rgb => WEBP_CSP_MODE::MODE_RGB,
        Layout::Rgba => WEBP_CSP_MODE::MODE_RGBA,
    };
    config.output.is_external_memory = 1;
    config.output.u.RGBA = WebPRGBABuffer {
        rgba: pixels.as_mut_ptr(),
        stride: c_int::try_from(layout.stride(width)).map_err(unfit)?,
        size: pixels.len(),
    };
    // SAFETY: no data are given yet, and `config` was initialised by libwebp. The decoder keeps a pointer to it, and so
    // to `pixels`: both outlive the decoder, which is deleted below, and nothing else uses them until then.
    let decoder = unsafe { WebPIDecode(ptr::null(), 0, &raw mut config) };
    if decoder.is_null() {
        return Err(Error::OutOfMemory {
            what: "the decoder",
        });
    }
    // SAFETY: the decoder is alive. The pointer and the length are those of one slice, which it only reads, and which
    // outlives it. Before it writes a pixel it compares the size that the stream declares with the length of
    // `pixels` and fails if they are too few.
    let status = unsafe { WebPIUpdate(decoder, file.as_ptr(), file.len()) };
    let mut rows = 0;
    // SAFETY: the decoder is alive, null stands for what is not asked for, and the answer is not used.
    unsafe {
        WebPIDecodedArea(
            decoder,
            ptr::null_mut(),
            ptr::null_mut(),
            ptr::null_mut(),
            &raw mut rows,
        );
    }
    // SAFETY: the decoder is alive, and not used any more. `config` and `pixels` are not its to free.
    unsafe { WebPIDelete(decoder) };
    Ok((status, u32::try_from(rows).unwrap_or(0).min(height)))
}

/// A failure that is not about missing data.
fn of_status(status: VP8StatusCode) -> Error {
    match status {
        VP8StatusCode::VP8_STATUS_OUT_OF_MEMORY => Error::OutOfMemory {
            what: "the decoder",
        },
        VP8StatusCode::VP8_STATUS_UNSUPPORTED_FEATURE => Error::Unsupported {
            what: "a part of the picture",
        },
        // What a row or its alpha makes impossible.
        VP8StatusCode::VP8_STATUS_USER_ABORT => Error::Corrupt {
            what: "a row or its alpha cannot be decoded",
        },
        _ => Error::Corrupt {
            what: "its picture contradicts itself or the format",
        },
    }
}
