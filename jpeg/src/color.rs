//! What the components mean. T.81 leaves it to the application; the rules are those of libjpeg-turbo,
//! on which all programs agree.

use crate::Error;
use crate::segment::{Segment, marker};

/// The colour space of the stored planes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Color {
    /// Luma alone.
    Gray,
    /// Luma and two differences, full range, as in JFIF (T.871).
    YCbCr,
    /// Red, green and blue.
    Rgb,
    /// Inks. If the file has an Adobe marker, 255 is no ink.
    Cmyk,
    /// Black, and cyan, magenta and yellow as `YCbCr`. If the file has an Adobe marker, 255 is no ink.
    Ycck,
}

/// The markers that the colour space depends on.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Signs {
    jfif: bool,
    /// The transform that the Adobe marker names.
    pub(crate) adobe: Option<u8>,
}

impl Signs {
    pub(crate) fn note(&mut self, segment: &Segment<'_>) {
        match (segment.marker, segment.body) {
            (marker::APP0, [b'J', b'F', b'I', b'F', 0, rest @ ..]) if rest.len() >= 9 => {
                self.jfif = true;
            }
            (
                marker::APP14,
                [
                    b'A',
                    b'd',
                    b'o',
                    b'b',
                    b'e',
                    _,
                    _,
                    _,
                    _,
                    _,
                    _,
                    transform,
                    ..,
                ],
            ) => self.adobe = Some(*transform),
            _ => {}
        }
    }

    /// The colour space of components with these ids.
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`] for a number of components that no colour space has.
    pub(crate) fn color(self, ids: &[u8]) -> Result<Color, Error> {
        Ok(match (ids, self.adobe) {
            ([_], _) => Color::Gray,
            ([_, _, _], _) if self.jfif => Color::YCbCr,
            ([_, _, _], Some(0)) | ([b'R', b'G', b'B'], None) => Color::Rgb,
            ([_, _, _], _) => Color::YCbCr,
            ([_, _, _, _], None | Some(0)) => Color::Cmyk,
            ([_, _, _, _], Some(_)) => Color::Ycck,
            _ => {
                return Err(Error::Unsupported {
                    what: "a number of components other than 1, 3 and 4",
                });
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn color(jfif: bool, adobe: Option<u8>, ids: &[u8]) -> Color {
        Signs { jfif, adobe }.color(ids).expect("a colour space")
    }

    #[test]
    fn the_rules_are_libjpeg_turbos() {
        assert_eq!(color(false, Some(0), &[7]), Color::Gray);
        assert_eq!(color(true, Some(0), b"RGB"), Color::YCbCr);
        assert_eq!(color(false, Some(0), &[1, 2, 3]), Color::Rgb);
        assert_eq!(color(false, Some(1), b"RGB"), Color::YCbCr);
        assert_eq!(color(false, Some(9), &[1, 2, 3]), Color::YCbCr);
        assert_eq!(color(false, None, &[1, 2, 3]), Color::YCbCr);
        assert_eq!(color(false, None, b"RGB"), Color::Rgb);
        assert_eq!(color(false, None, &[0, 1, 2]), Color::YCbCr);
        assert_eq!(color(true, None, &[1, 2, 3, 4]), Color::Cmyk);
        assert_eq!(color(false, Some(0), &[1, 2, 3, 4]), Color::Cmyk);
        assert_eq!(color(false, Some(2), &[1, 2, 3, 4]), Color::Ycck);
        assert_eq!(color(false, Some(1), &[1, 2, 3, 4]), Color::Ycck);
        assert!(Signs::default().color(&[1, 2]).is_err());
    }
}
