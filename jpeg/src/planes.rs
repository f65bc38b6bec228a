//! Planes held whole.

use crate::band::{Band, Sink};
use crate::damage::Options;
use crate::decoder::Decoder;
use crate::error::Error;
use crate::scale::Eighths;

/// A whole plane.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plane {
    /// Width in samples.
    pub width: usize,
    /// Rows from top to bottom, without gaps.
    pub samples: Vec<u8>,
}

/// A sink that keeps everything: for small pictures, and for tests.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Planes(pub Vec<Plane>);

impl Planes {
    /// Decodes a picture and keeps its planes.
    ///
    /// # Errors
    ///
    /// As [`Decoder::decode`].
    pub fn of(decoder: &Decoder<'_>, eighths: &[Eighths], options: Options) -> Result<Self, Error> {
        let mut planes = Self::default();
        decoder.decode(eighths, options, &mut planes)?;
        Ok(planes)
    }
}

impl Sink for Planes {
    fn band(&mut self, band: Band<'_>) {
        if self.0.len() <= band.component {
            self.0.resize_with(band.component + 1, Plane::default);
        }
        let plane = &mut self.0[band.component];
        plane.width = band.width;
        for row in band.rows() {
            plane.samples.extend_from_slice(row);
        }
    }
}
