//! A file and its headers, ready to decode.

use crate::band::{Shape, Sink};
use crate::damage::{Options, Outcome};
use crate::header::Header;
use crate::limits::Limits;
use crate::scale::Eighths;
use crate::{Error, progressive, sequential};

/// Decodes a file, whole in memory, as often as asked.
#[derive(Debug, Clone)]
pub struct Decoder<'a> {
    file: &'a [u8],
    header: Header<'a>,
    limits: Limits,
}

impl<'a> Decoder<'a> {
    /// Reads the headers.
    ///
    /// # Errors
    ///
    /// As [`Header::read`].
    pub fn new(file: &'a [u8], limits: &Limits) -> Result<Self, Error> {
        Ok(Self {
            file,
            header: Header::read(file, limits)?,
            limits: *limits,
        })
    }

    /// What the file says about itself.
    pub fn header(&self) -> &Header<'a> {
        &self.header
    }

    /// The plane of a component, at its size or at fewer eighths of it; `None` if there is no such component.
    pub fn shape(&self, component: usize, eighths: Eighths) -> Option<Shape> {
        let frame = &self.header.frame;
        let (max_h, max_v) = frame.max_factors();
        let component = frame.components.get(component)?;
        let covered = |whole: u32, factor: usize, max: usize| {
            f64::from(whole) * (factor * eighths.size()) as f64 / (max * 8) as f64
        };
        let (h, v) = component.factors();
        Some(Shape {
            width: eighths.of(component.size.0) as usize,
            height: eighths.of(component.size.1) as usize,
            covered: (
                covered(frame.width, h, max_h),
                covered(frame.height, v, max_v),
            ),
        })
    }

    /// Decodes the planes in the file's own colour space: each component at the number of eighths that
    /// `eighths` has for it, and at the last of them if it has fewer (at its size if it has none).
    ///
    /// # Errors
    ///
    /// [`Error::Truncated`] and [`Error::Corrupt`] unless `options` allow it, after some rows were given to
    /// the sink; [`Error::Corrupt`] for tables that are not there or not valid; [`Error::TooLarge`] for a
    /// progressive picture whose coefficients take too much memory.
    pub fn decode(
        &self,
        eighths: &[Eighths],
        options: Options,
        sink: &mut impl Sink,
    ) -> Result<Outcome, Error> {
        let last = eighths.last().copied().unwrap_or(Eighths::ALL);
        let components = 0..self.header.frame.components.len();
        let eighths: Vec<_> = components
            .map(|i| eighths.get(i).copied().unwrap_or(last))
            .collect();
        if self.header.frame.progressive {
            let coefficients =
                progressive::read(self.file, &self.header, &eighths, options, &self.limits)?;
            coefficients.emit(&self.header, sink);
            return Ok(coefficients.outcome());
        }
        sequential::decode(self.file, &self.header, &eighths, options, sink)
    }
}
