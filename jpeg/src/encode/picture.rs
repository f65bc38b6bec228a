//! What is encoded.

use super::error::Error;

/// A plane of samples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plane<'a> {
    /// Width in samples.
    pub width: u32,
    /// Height in samples.
    pub height: u32,
    /// The rows from top to bottom, without gaps.
    pub samples: &'a [u8],
}

/// A picture in planes, full range as in JFIF (T.871).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Picture<'a> {
    /// Luma alone.
    Gray(Plane<'a>),
    /// Luma, and half as much chroma in each direction (4:2:0).
    YCbCr {
        /// Luma, of the picture's size.
        luma: Plane<'a>,
        /// Blue and red difference, of half that size, rounded up. Where a side is odd, the last samples stand
        /// for pixels of which half are not there.
        chroma: [Plane<'a>; 2],
    },
}

impl<'a> Picture<'a> {
    /// Width and height in pixels.
    pub(super) fn size(&self) -> (u32, u32) {
        let (Self::Gray(luma) | Self::YCbCr { luma, .. }) = self;
        (luma.width, luma.height)
    }

    /// One plane, or three.
    pub(super) fn planes(&self) -> Vec<Plane<'a>> {
        match *self {
            Self::Gray(luma) => vec![luma],
            Self::YCbCr {
                luma,
                chroma: [blue, red],
            } => vec![luma, blue, red],
        }
    }

    /// Number of MCUs: side by side, and one above the other (T.81, A.2).
    pub(super) fn mcus(&self) -> (usize, usize) {
        let side = match self {
            Self::Gray(_) => 8,
            Self::YCbCr { .. } => 16,
        };
        let (width, height) = self.size();
        (
            width.div_ceil(side) as usize,
            height.div_ceil(side) as usize,
        )
    }

    /// Whether sizes are such as a JPEG can have, and agree.
    pub(super) fn check(&self) -> Result<(), Error> {
        let (width, height) = self.size();
        check_size(width, height)?;
        let half = (width.div_ceil(2), height.div_ceil(2));
        match self {
            Self::Gray(luma) => luma.check("luma"),
            Self::YCbCr { luma, chroma } => {
                luma.check("luma")?;
                for plane in chroma {
                    let found = (plane.width, plane.height);
                    if found != half {
                        return Err(Error::Chroma {
                            found,
                            expected: half,
                        });
                    }
                    plane.check("a plane of chroma")?;
                }
                Ok(())
            }
        }
    }
}

impl Plane<'_> {
    fn check(&self, what: &'static str) -> Result<(), Error> {
        check_samples(what, self.samples, (self.width, self.height), 1)
    }
}

/// Whether a JPEG can be of this size.
pub(super) fn check_size(width: u32, height: u32) -> Result<(), Error> {
    let sides = 1..=u32::from(u16::MAX);
    if sides.contains(&width) && sides.contains(&height) {
        Ok(())
    } else {
        Err(Error::Size { width, height })
    }
}

/// Whether there are as many samples as a size takes.
pub(super) fn check_samples(
    what: &'static str,
    samples: &[u8],
    (width, height): (u32, u32),
    channels: u64,
) -> Result<(), Error> {
    let expected = u64::from(width) * u64::from(height) * channels;
    let found = samples.len();
    if found as u64 == expected {
        return Ok(());
    }
    Err(Error::Samples {
        what,
        found,
        expected,
    })
}
