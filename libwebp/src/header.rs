//! What a file says about itself before anything is decoded.

use std::ffi::c_int;

use libwebp_sys::{VP8StatusCode, WebPBitstreamFeatures, WebPGetFeatures};

use crate::{Error, Layout, MAX_SIDE};

/// How the pixels are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Coded {
    /// `VP8 `: nearly as they were.
    Lossy,
    /// `VP8L`: exactly as they were.
    Lossless,
    /// An animation, whose frames may be of both kinds.
    Animated,
}

/// A file's header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// Width in pixels; of an animation, its canvas.
    pub width: u32,
    /// Height in pixels; of an animation, its canvas.
    pub height: u32,
    /// Whether the picture says that it has alpha: what it is decoded as depends on nothing else.
    pub has_alpha: bool,
    /// How the pixels are stored.
    pub coded: Coded,
}

impl Header {
    /// What the picture is decoded as.
    pub const fn layout(&self) -> Layout {
        if self.has_alpha {
            Layout::Rgba
        } else {
            Layout::Rgb
        }
    }

    /// The size that [`decode`](crate::decode) gives for one that is asked for, in pixels: no side is larger
    /// than the file's, and a picture with alpha stays as it is.
    ///
    /// libwebp scales colours without weighing them by alpha, so what is transparent would lend its colour to
    /// what is not.
    pub fn decoded_size(&self, (width, height): (u32, u32)) -> (u32, u32) {
        let stored = (self.width, self.height);
        if self.has_alpha {
            return stored;
        }
        (width.clamp(1, stored.0), height.clamp(1, stored.1))
    }

    /// The most bytes that decoding at a size takes: the pixels, and what libwebp holds beside them.
    ///
    /// Not in it are the code tables of a lossless picture or of alpha. They follow from the file's bytes and
    /// not from its size in pixels, and an ordinary file has some hundred kilobytes of them.
    pub fn memory(&self, size: (u32, u32)) -> u64 {
        let (width, height) = (u64::from(self.width), u64::from(self.height));
        let output = self.layout().bytes(self.decoded_size(size));
        let beside = match (self.coded, self.has_alpha) {
            // A pixel is four bytes there until it is copied out.
            (Coded::Lossless, _) => width * height * 4,
            // The plane of alpha, and the lossless picture that it is stored as.
            (_, true) => width * height * 5,
            (_, false) => 0,
        };
        // Rows of macroblocks or of lossless pixels, and sums of the scaler.
        output + beside + width * ROWS_BESIDE
    }
}

/// Bytes for each column of the picture, above what its rows take: 32 rows of lossy planes or 17 of lossless
/// pixels, and the accumulators of the scaler.
const ROWS_BESIDE: u64 = 256;

/// Reads the header, without decoding and without allocating.
///
/// # Errors
///
/// [`Error::Truncated`] if the file ends before the picture's own header, and [`Error::Corrupt`].
pub fn header(file: &[u8]) -> Result<Header, Error> {
    let (status, features) = features(file);
    match status {
        VP8StatusCode::VP8_STATUS_OK => {}
        VP8StatusCode::VP8_STATUS_NOT_ENOUGH_DATA | VP8StatusCode::VP8_STATUS_SUSPENDED => {
            return Err(Error::Truncated { share: 0.0 });
        }
        VP8StatusCode::VP8_STATUS_UNSUPPORTED_FEATURE => {
            return Err(Error::Unsupported {
                what: "a part of the header",
            });
        }
        _ => {
            return Err(Error::Corrupt {
                what: "its header contradicts itself or the format",
            });
        }
    }
    let coded = match (features.has_animation != 0, features.format) {
        (true, _) => Coded::Animated,
        (false, 1) => Coded::Lossy,
        (false, 2) => Coded::Lossless,
        // The extended header is there and the picture's is not.
        (false, _) => return Err(Error::Truncated { share: 0.0 }),
    };
    let side = |pixels: c_int| {
        u32::try_from(pixels)
            .ok()
            .filter(|&pixels| pixels > 0)
            .ok_or(Error::Corrupt {
                what: "it has no pixels",
            })
    };
    let (width, height) = (side(features.width)?, side(features.height)?);
    // A canvas is of 24 bits a side. libwebp compares it with the picture on it, but not if that breaks off.
    if coded != Coded::Animated && (width > MAX_SIDE || height > MAX_SIDE) {
        return Err(Error::Corrupt {
            what: "its canvas is larger than any picture",
        });
    }
    Ok(Header {
        width,
        height,
        has_alpha: features.has_alpha != 0,
        coded,
    })
}

#[expect(unsafe_code, reason = "calls libwebp")]
fn features(file: &[u8]) -> (VP8StatusCode, WebPBitstreamFeatures) {
    let mut features = WebPBitstreamFeatures {
        width: 0,
        height: 0,
        has_alpha: 0,
        has_animation: 0,
        format: 0,
        pad: [0; 5],
    };
    // SAFETY: the pointer and the length are those of one slice, which is read only; `features` is of the layout
    // that the version number in the call stands for, and neither is kept.
    let status = unsafe { WebPGetFeatures(file.as_ptr(), file.len(), &raw mut features) };
    (status, features)
}
