//! EXIF orientation: found leniently, as cameras write it, and applied to the pixels, because the
//! result carries no EXIF.

use super::picture::Fine;
use super::raster::Raster;
use super::tags::Tags;

/// Source: <https://www.cipa.jp/std/documents/e/DC-008-Translation-2019-E.pdf> (4.6.4)
const ORIENTATION: u16 = 0x0112;

/// How a stored picture must be turned to stand upright; the eight values of EXIF tag 0x0112.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Orientation {
    /// 1: as stored.
    #[default]
    Upright,
    /// 2: mirrored left to right.
    MirroredHorizontally,
    /// 3: upside down.
    Turned180,
    /// 4: mirrored top to bottom.
    MirroredVertically,
    /// 5: mirrored along the main diagonal.
    Transposed,
    /// 6: to be turned clockwise by 90 degrees.
    Turned90,
    /// 7: mirrored along the other diagonal.
    Transversed,
    /// 8: to be turned clockwise by 270 degrees.
    Turned270,
}

impl Orientation {
    /// The orientation of an EXIF block: a TIFF structure, with or without the `Exif\0\0` that JPEG
    /// puts before it and some WebP writers copy. Upright if there is none that makes sense: a broken
    /// EXIF block is no reason to refuse a picture.
    pub fn of_exif(block: &[u8]) -> Self {
        let tiff = block.strip_prefix(b"Exif\0\0").unwrap_or(block);
        Tags::of(tiff)
            .and_then(|tags| tags.only(ORIENTATION))
            .map_or(Self::Upright, Self::of_number)
    }

    /// The orientation with an EXIF number; upright for a number that has no meaning.
    pub const fn of_number(number: u32) -> Self {
        match number {
            2 => Self::MirroredHorizontally,
            3 => Self::Turned180,
            4 => Self::MirroredVertically,
            5 => Self::Transposed,
            6 => Self::Turned90,
            7 => Self::Transversed,
            8 => Self::Turned270,
            _ => Self::Upright,
        }
    }

    /// Whether width and height change places.
    pub const fn swaps_sides(self) -> bool {
        matches!(
            self,
            Self::Transposed | Self::Turned90 | Self::Transversed | Self::Turned270
        )
    }

    /// Whether what is stored from left to right, and from top to bottom, runs the other way in the
    /// upright picture, in whichever direction that is.
    pub(super) const fn reverses(self) -> (bool, bool) {
        match self {
            Self::Upright | Self::Transposed => (false, false),
            Self::MirroredHorizontally | Self::Turned270 => (true, false),
            Self::MirroredVertically | Self::Turned90 => (false, true),
            Self::Turned180 | Self::Transversed => (true, true),
        }
    }

    /// Width and height as they are stored from those of the upright picture, or the other way.
    pub(super) fn turn<T>(self, (width, height): (T, T)) -> (T, T) {
        if self.swaps_sides() {
            (height, width)
        } else {
            (width, height)
        }
    }

    /// The picture, upright.
    pub(super) fn apply(self, stored: Raster) -> Raster {
        let (width, height) = self.turn((stored.width, stored.height));
        let size = (stored.width, stored.height);
        Raster {
            width,
            height,
            layout: stored.layout,
            pixels: self.turned(stored.pixels, size, stored.layout.channels()),
        }
    }

    /// The plane, upright.
    pub(super) fn apply_fine(self, stored: Fine) -> Fine {
        let (width, height) = self.turn((stored.width, stored.height));
        Fine {
            width,
            height,
            samples: self.turned(stored.samples, (stored.width, stored.height), 1),
        }
    }

    /// Pixels of some samples each.
    fn turned<T: Copy>(
        self,
        stored: Vec<T>,
        (width, height): (u32, u32),
        channels: usize,
    ) -> Vec<T> {
        if self == Self::Upright {
            return stored;
        }
        let (width, height) = (width as usize, height as usize);
        let (out_width, out_height) = self.turn((width, height));
        let mut pixels = Vec::with_capacity(stored.len());
        for y in 0..out_height {
            for x in 0..out_width {
                let (from_x, from_y) = match self {
                    Self::Upright => (x, y),
                    Self::MirroredHorizontally => (width - 1 - x, y),
                    Self::Turned180 => (width - 1 - x, height - 1 - y),
                    Self::MirroredVertically => (x, height - 1 - y),
                    Self::Transposed => (y, x),
                    Self::Turned90 => (y, height - 1 - x),
                    Self::Transversed => (width - 1 - y, height - 1 - x),
                    Self::Turned270 => (width - 1 - y, x),
                };
                let start = (from_y * width + from_x) * channels;
                pixels.extend_from_slice(&stored[start..start + channels]);
            }
        }
        pixels
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::raster::Layout;

    /// The letters of a 3x2 picture that stands upright as `abc/def`, as a camera with this
    /// orientation stores them (EXIF 2.32, 4.6.4, the table of rows and columns).
    const STORED: [(u32, u32, &[u8]); 8] = [
        (1, 3, b"abcdef"),
        (2, 3, b"cbafed"),
        (3, 3, b"fedcba"),
        (4, 3, b"defabc"),
        (5, 2, b"adbecf"),
        (6, 2, b"cfbead"),
        (7, 2, b"fcebda"),
        (8, 2, b"daebfc"),
    ];

    #[test]
    fn all_eight_come_out_upright() {
        for (number, width, stored) in STORED {
            let raster = Raster {
                width,
                height: 6 / width,
                layout: Layout::Gray,
                pixels: stored.to_vec(),
            };
            let upright = Orientation::of_number(number).apply(raster);
            assert_eq!(
                (upright.width, upright.height),
                (3, 2),
                "orientation {number}"
            );
            assert_eq!(upright.pixels, b"abcdef", "orientation {number}");
        }
    }

    #[test]
    fn what_is_reversed_runs_from_its_end() {
        for number in 1..=8 {
            let orientation = Orientation::of_number(number);
            let upright = orientation.apply(Raster {
                width: 3,
                height: 2,
                layout: Layout::Gray,
                pixels: (0..6).collect(),
            });
            // Where the stored picture's upper left corner is, in its own directions.
            let at = upright.pixels.iter().position(|&pixel| pixel == 0);
            let at = at.expect("nothing is lost");
            let width = upright.width as usize;
            let (x, y) = orientation.turn((at % width, at / width));
            assert_eq!(
                orientation.reverses(),
                (x > 0, y > 0),
                "orientation {number}"
            );
        }
    }

    fn block(field_type: u16, little: bool) -> Vec<u8> {
        let mut tiff = Vec::new();
        let short = |v: u16| {
            if little {
                v.to_le_bytes()
            } else {
                v.to_be_bytes()
            }
        };
        let long = |v: u32| {
            if little {
                v.to_le_bytes()
            } else {
                v.to_be_bytes()
            }
        };
        tiff.extend_from_slice(if little { b"II" } else { b"MM" });
        tiff.extend(short(42));
        tiff.extend(long(8));
        tiff.extend(short(1));
        tiff.extend(short(0x0112));
        tiff.extend(short(field_type));
        tiff.extend(long(1));
        if field_type == 3 {
            tiff.extend(short(6));
            tiff.extend(short(0));
        } else {
            tiff.extend(long(6));
        }
        tiff.extend(long(0));
        tiff
    }

    #[test]
    fn short_and_long_both_byte_orders_and_the_jpeg_prefix() {
        for little in [true, false] {
            for field_type in [3, 4] {
                let tiff = block(field_type, little);
                assert_eq!(Orientation::of_exif(&tiff), Orientation::Turned90);
                let prefixed = [b"Exif\0\0".as_slice(), &tiff].concat();
                assert_eq!(Orientation::of_exif(&prefixed), Orientation::Turned90);
            }
        }
    }

    #[test]
    fn nonsense_is_upright() {
        for bytes in [
            b"".as_slice(),
            b"II",
            b"Exif\0\0",
            &[0xFF; 64],
            &block(3, true)[..14],
            &block(3, true)[..21],
            &block(2, true),
            b"II*\0\xFF\xFF\xFF\xFF",
        ] {
            assert_eq!(Orientation::of_exif(bytes), Orientation::Upright);
        }
        assert_eq!(Orientation::of_number(0), Orientation::Upright);
        assert_eq!(Orientation::of_number(9), Orientation::Upright);
    }
}
