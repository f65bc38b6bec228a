//! What belongs to a picture: its size, its colours, how it is cut and turned.
//!
//! An orientation in Exif has no say: the standard puts it in `irot` and `imir`.
//!
//! Sources: ISO/IEC 23008-12, 6.5; ISO/IEC 23000-22 (MIAF), 7.3.6.7 (cut, then turned, then mirrored)

use super::container::{corrupt, unsupported};
use super::fields::{Fields, Part};
use super::{EngineError, Orientation};

pub(super) type Property<'a> = Part<'a>;

/// The properties of a picture.
#[derive(Debug, Default)]
pub(super) struct Properties<'a> {
    /// Width and height in pixels, as the picture is coded.
    pub(super) size: (u32, u32),
    pub(super) crop: Option<Crop>,
    pub(super) orientation: Orientation,
    pub(super) icc: Option<&'a [u8]>,
    /// They come before what the picture itself says.
    pub(super) colors: Option<Colors>,
}

/// What samples mean, in the numbers of ITU-T H.273.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Colors {
    pub(super) primaries: u8,
    pub(super) transfer: u8,
    pub(super) matrix: u8,
    pub(super) full_range: bool,
}

/// The part of a coded picture that is shown, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Crop {
    pub(super) left: u32,
    pub(super) top: u32,
    pub(super) width: u32,
    pub(super) height: u32,
}

impl<'a> Properties<'a> {
    pub(super) fn of(properties: &[(bool, Property<'a>)]) -> Result<Self, EngineError> {
        let mut found = Self::default();
        let (mut size, mut clap, mut angle, mut mirror) = (None, None, 0, None);
        for (essential, Part { kind, mut body }) in properties.iter().copied() {
            match &kind {
                b"ispe" => {
                    body.version()?;
                    size = Some((body.u32()?, body.u32()?));
                }
                b"colr" => found.colr(body)?,
                b"clap" => clap = Some(body),
                b"irot" => angle = body.u8()? & 3,
                b"imir" => mirror = Some(body.u8()? & 1),
                // Stretched pixels are shown as they are, as in every other format.
                b"av1C" | b"pixi" | b"auxC" | b"pasp" => {}
                _ if essential => {
                    let kind = kind.escape_ascii();
                    return Err(unsupported(&format!("needs the property \"{kind}\"")));
                }
                _ => {}
            }
        }
        found.size = size.ok_or_else(|| corrupt("does not say how large its picture is"))?;
        found.orientation = orientation(angle, mirror);
        found.crop = clap.map(|clap| Crop::read(clap, found.size)).transpose()?;
        Ok(found)
    }

    /// The first profile, and the first numbers.
    fn colr(&mut self, mut body: Fields<'a>) -> Result<(), EngineError> {
        match &body.array()? {
            b"prof" | b"rICC" => {
                self.icc.get_or_insert(body.0);
            }
            b"nclx" => {
                let [_, primaries, _, transfer, _, matrix, range] = body.array()?;
                self.colors.get_or_insert(Colors {
                    primaries,
                    transfer,
                    matrix,
                    full_range: range >> 7 == 1,
                });
            }
            _ => {}
        }
        Ok(())
    }
}

/// What an auxiliary picture is for.
pub(super) fn auxiliary<'a>(
    properties: &[(bool, Property<'a>)],
) -> Result<Option<&'a [u8]>, EngineError> {
    let Some((_, part)) = properties.iter().find(|(_, it)| it.kind == *b"auxC") else {
        return Ok(None);
    };
    let mut body = part.body;
    body.version()?;
    Ok(body.0.split(|&byte| byte == 0).next())
}

/// Quarters of a turn, anticlockwise, and then a mirror: 0 exchanges above and below, 1 left and right.
fn orientation(angle: u8, mirror: Option<u8>) -> Orientation {
    match (angle, mirror) {
        (0, Some(1)) | (2, Some(0)) => Orientation::MirroredHorizontally,
        (0 | 2, Some(_)) => Orientation::MirroredVertically,
        (1, Some(0)) | (3, Some(1)) => Orientation::Transposed,
        (1 | 3, Some(_)) => Orientation::Transversed,
        (1, None) => Orientation::Turned270,
        (2, None) => Orientation::Turned180,
        (3, None) => Orientation::Turned90,
        _ => Orientation::Upright,
    }
}

impl Crop {
    /// Size and offset are fractions, and the offset is that of one centre from the other.
    fn read(mut clap: Fields<'_>, (width, height): (u32, u32)) -> Result<Self, EngineError> {
        let mut fraction = || Ok::<_, EngineError>((signed(&mut clap)?, signed(&mut clap)?));
        let sides = [fraction()?, fraction()?];
        let offsets = [fraction()?, fraction()?];
        let (left, width) = along(width, sides[0], offsets[0])?;
        let (top, height) = along(height, sides[1], offsets[1])?;
        Ok(Self {
            left,
            top,
            width,
            height,
        })
    }
}

fn signed(fields: &mut Fields<'_>) -> Result<i64, EngineError> {
    fields.array().map(|bytes| i32::from_be_bytes(bytes).into())
}

/// Where the part begins on one side, and how long it is.
fn along(whole: u32, side: (i64, i64), offset: (i64, i64)) -> Result<(u32, u32), EngineError> {
    let outside = || corrupt("shows a part that is not in its picture");
    if side.1 <= 0 || offset.1 <= 0 || side.0 <= 0 {
        return Err(outside());
    }
    if side.0 % side.1 != 0 {
        return Err(unsupported("shows a part of some pixels only"));
    }
    let length = side.0 / side.1;
    // Twice the start, so that the half of an odd margin is a whole number.
    let numerator = offset.0 * 2 + (i64::from(whole) - length) * offset.1;
    let denominator = offset.1 * 2;
    if numerator % denominator != 0 {
        return Err(unsupported("shows a part of some pixels only"));
    }
    let start = numerator / denominator;
    if start < 0 || start + length > i64::from(whole) {
        return Err(outside());
    }
    let number = |value: i64| u32::try_from(value).map_err(|_| outside());
    Ok((number(start)?, number(length)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_placed_by_its_centre() {
        // As in ISO/IEC 14496-12, 12.1.4.1: the centre of a part without an offset is the picture's.
        for (whole, side, offset, expected) in [
            (10, (10, 1), (0, 1), Some((0, 10))),
            (10, (4, 1), (0, 1), Some((3, 4))),
            (10, (8, 2), (-3, 1), Some((0, 4))),
            (10, (4, 1), (3, 1), Some((6, 4))),
            (11, (4, 1), (1, 2), Some((4, 4))),
            (11, (4, 1), (0, 1), None),
            (10, (7, 2), (0, 1), None),
            (10, (4, 1), (4, 1), None),
            (10, (4, 0), (0, 1), None),
            (10, (11, 1), (0, 1), None),
            (u32::MAX, (i32::MIN.into(), 1), (i32::MIN.into(), 1), None),
            (u32::MAX, (i32::MAX.into(), 1), (i32::MIN.into(), 1), None),
        ] {
            assert_eq!(
                along(whole, side, offset).ok(),
                expected,
                "{side:?} {offset:?}"
            );
        }
    }
}
