//! The frame header (T.81, B.2.2) and the geometry that follows from it (A.1, A.2).

use crate::Error;
use crate::limits::{self, Limits};
use crate::segment::{Segment, marker};

/// The picture's size, its kind and its components.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Width in pixels, not 0.
    pub width: u32,
    /// Height in pixels, not 0.
    pub height: u32,
    /// Whether the picture comes in scans that refine each other.
    pub progressive: bool,
    /// 1, 3 or 4 components, in the order of the frame header.
    pub components: Vec<Component>,
    /// Number of MCUs of an interleaved scan: side by side, and one above the other.
    pub(crate) mcus: (usize, usize),
}

/// One of the planes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Component {
    /// The number that scans call it by.
    pub id: u8,
    /// Horizontal and vertical sampling factor, 1 to 4.
    pub sampling: (u8, u8),
    /// Width and height of the plane in samples.
    pub size: (u32, u32),
    /// Which of the four quantization tables.
    pub(crate) quantization: u8,
    /// Blocks that hold samples of the plane: side by side, and one above the other. An interleaved
    /// scan has more, to fill its MCUs.
    pub(crate) blocks: (usize, usize),
}

impl Component {
    /// Sampling factors as sizes.
    pub(crate) fn factors(&self) -> (usize, usize) {
        (usize::from(self.sampling.0), usize::from(self.sampling.1))
    }

    /// Number of blocks that hold samples.
    pub(crate) fn used_blocks(&self) -> u64 {
        self.blocks.0 as u64 * self.blocks.1 as u64
    }
}

impl Frame {
    /// Reads a frame header.
    pub(crate) fn read(segment: &Segment<'_>, limits: &Limits) -> Result<Self, Error> {
        supported(segment.marker)?;
        let corrupt = |what| Err(Error::corrupt(what, segment.at));
        let &[precision, y1, y0, x1, x0, count, ref list @ ..] = segment.body else {
            return corrupt("the frame header is too short");
        };
        if precision != 8 {
            return Err(Error::Unsupported {
                what: "a precision other than 8 bits a sample",
            });
        }
        let height = u32::from(u16::from_be_bytes([y1, y0]));
        let width = u32::from(u16::from_be_bytes([x1, x0]));
        if width == 0 || height == 0 {
            // T.81 lets a DNL segment behind the first scan say the height. Nobody reads that.
            return corrupt("the frame header gives no width or no height");
        }
        let pixels = u64::from(width) * u64::from(height);
        limits::check("pixels", pixels, limits.max_pixels)?;
        let (list, _) = list.as_chunks::<3>();
        if !matches!(count, 1 | 3 | 4) {
            return Err(Error::Unsupported {
                what: "a number of components other than 1, 3 and 4",
            });
        }
        if list.len() != usize::from(count) {
            return corrupt("the frame header does not list its components");
        }
        let mut components: Vec<_> = list
            .iter()
            .map(|&[id, factors, quantization]| Component {
                id,
                sampling: (factors >> 4, factors & 15),
                size: (0, 0),
                quantization,
                blocks: (0, 0),
            })
            .collect();
        let valid = |c: &Component| {
            (1..=4).contains(&c.sampling.0) && (1..=4).contains(&c.sampling.1) && c.quantization < 4
        };
        if !components.iter().all(valid) {
            return corrupt("a component's sampling factor or table is out of range");
        }
        let max = |pick: fn(&Component) -> u8| components.iter().map(pick).max().unwrap_or(1);
        let (max_h, max_v) = (max(|c| c.sampling.0), max(|c| c.sampling.1));
        for component in &mut components {
            let side = |whole: u32, factor: u8, max: u8| {
                (whole * u32::from(factor)).div_ceil(u32::from(max))
            };
            component.size = (
                side(width, component.sampling.0, max_h),
                side(height, component.sampling.1, max_v),
            );
            component.blocks = (
                component.size.0.div_ceil(8) as usize,
                component.size.1.div_ceil(8) as usize,
            );
        }
        Ok(Self {
            width,
            height,
            progressive: segment.marker == marker::SOF2,
            components,
            mcus: (
                width.div_ceil(8 * u32::from(max_h)) as usize,
                height.div_ceil(8 * u32::from(max_v)) as usize,
            ),
        })
    }

    /// Largest horizontal and vertical sampling factor.
    pub(crate) fn max_factors(&self) -> (usize, usize) {
        let max = |pick: fn(&Component) -> usize| self.components.iter().map(pick).max();
        (
            max(|c| c.factors().0).unwrap_or(1),
            max(|c| c.factors().1).unwrap_or(1),
        )
    }
}

/// Whether the marker starts a segment that [`Frame::read`] is for.
pub(crate) fn is_frame(marker: u8) -> bool {
    matches!(marker, marker::SOF0..=marker::SOF15) && marker != marker::DHT
}

fn supported(marker: u8) -> Result<(), Error> {
    let what = match marker {
        marker::SOF0..=marker::SOF2 => return Ok(()),
        0xC3 => "lossless coding",
        0xC5..=0xC7 => "hierarchical coding",
        marker::JPG => "an extension (JPG)",
        // 0xCC defines conditions of arithmetic coding and can come before the frame header.
        0xC9 | 0xCA | 0xCC => "arithmetic coding",
        0xCB => "lossless arithmetic coding",
        _ => "hierarchical arithmetic coding",
    };
    Err(Error::Unsupported { what })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(marker: u8, body: &[u8]) -> Result<Frame, Error> {
        let segment = Segment {
            marker,
            body,
            at: 9,
            end: 0,
        };
        Frame::read(&segment, &Limits::default())
    }

    #[test]
    fn planes_of_odd_sizes_and_factors() {
        let body = [8, 0, 33, 0, 17, 3, 1, 0x32, 0, 2, 0x11, 1, 3, 0x21, 1];
        let frame = read(0xC1, &body).expect("a frame");
        let sizes: Vec<_> = frame
            .components
            .iter()
            .map(|c| (c.size, c.blocks))
            .collect();
        assert_eq!(
            sizes,
            [((17, 33), (3, 5)), ((6, 17), (1, 3)), ((12, 17), (2, 3))]
        );
        assert_eq!(frame.mcus, (1, 3));
    }

    #[test]
    fn what_is_not_supported_is_named() {
        let named = |marker, body: &[u8]| read(marker, body).expect_err("no frame").to_string();
        assert_eq!(
            named(0xC9, &[]),
            "arithmetic coding is not supported in a JPEG"
        );
        assert_eq!(
            named(0xC3, &[]),
            "lossless coding is not supported in a JPEG"
        );
        assert_eq!(
            named(0xC1, &[12, 0, 1, 0, 1, 1, 1, 0x11, 0]),
            "a precision other than 8 bits a sample is not supported in a JPEG"
        );
        assert!(named(0xC0, &[8, 0, 1, 0, 1, 2, 1, 0x11, 0, 2, 0x11, 0]).contains("components"));
        assert!(named(0xC0, &[8, 0, 0, 0, 1, 1, 1, 0x11, 0]).contains("height"));
        assert!(named(0xC0, &[8, 0, 1, 0, 1, 1, 1, 0x51, 0]).contains("factor"));
        assert!(named(0xC0, &[8, 0, 1, 0, 1, 3, 1, 0x11, 0]).contains("list"));
        assert!(named(0xC0, &[8, 0, 1]).contains("short"));
        assert!(named(0xC0, &[8, 99, 99, 99, 99, 1, 1, 0x11, 0]).contains("pixels"));
    }
}
